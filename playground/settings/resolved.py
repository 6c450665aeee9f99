"""From a profile and the secrets it refers to, everything that a client needs, in memory only."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import SecretStr

from playground.settings.profiles import ConnectionProfile, ProxySettings
from playground.settings.secrets import Secrets


@dataclass(frozen=True)
class ResolvedProxy:
    """``url`` is empty unless ``mode`` is ``manual``; it holds the password, therefore it is a secret."""

    mode: str
    url: SecretStr


@dataclass(frozen=True)
class Resolved:
    """The secrets of one connection, looked up. ``missing`` names the references that led nowhere."""

    key: SecretStr | None
    headers: dict[str, SecretStr]
    proxy: ResolvedProxy
    missing: tuple[str, ...] = ()


async def resolve(profile: ConnectionProfile, secrets: Secrets) -> Resolved:
    """Look up the key, the sensitive headers and the proxy's password of a connection."""
    missing: list[str] = []

    async def look_up(reference: str) -> SecretStr | None:
        found = await secrets.get(reference) if reference else None
        if reference and found is None:
            missing.append(reference)
        return found

    key = await look_up(profile.key_reference)
    headers: dict[str, SecretStr] = {}
    for header in profile.headers:
        value = await look_up(header.reference) if header.reference else SecretStr(header.value)
        if header.name.strip() and value is not None:
            headers[header.name.strip()] = value
    manual = profile.proxy.mode == "manual"
    password = await look_up(profile.proxy.reference) if manual else None
    url = proxy_url(profile.proxy, password) if manual else SecretStr("")
    mode = "none" if profile.kind == "embedded" else profile.proxy.mode
    return Resolved(key, headers, ResolvedProxy(mode, url), tuple(missing))


def proxy_url(proxy: ProxySettings, password: SecretStr | None) -> SecretStr:
    """The proxy's address with user and password in it, each percent-encoded."""
    address = proxy.url if "://" in proxy.url else f"http://{proxy.url}"
    if not proxy.user:
        return SecretStr(address)
    parts = urlsplit(address)
    secret = f":{quote(password.get_secret_value(), safe='')}" if password else ""
    host = parts.netloc.rpartition("@")[2]
    return SecretStr(urlunsplit(parts._replace(netloc=f"{quote(proxy.user, safe='')}{secret}@{host}")))
