"""The way to an endpoint: its host and port, and the proxy in between if there is one."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit


class UnusableAddressError(ValueError):
    """The address cannot be asked at all; the arguments are a sentence and advice."""


@dataclass(frozen=True)
class Proxy:
    """A proxy that requests go through. The password is in no ``repr``."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def tunnels(self) -> bool:
        """Whether it speaks HTTP, so that the way through it can be examined step by step."""
        return self.scheme == "http"


@dataclass(frozen=True)
class Route:
    """Where requests go, and through what."""

    host: str
    port: int
    encrypted: bool
    proxy: Proxy | None = None

    @property
    def first_hop(self) -> tuple[str, int]:
        """What a connection is opened to."""
        return (self.proxy.host, self.proxy.port) if self.proxy else (self.host, self.port)


def route_to(endpoint: str, proxy: str | None) -> Route:
    """The way there, through the proxy at this address or directly. Raises ``UnusableAddressError``."""
    text = endpoint.strip()
    if not text:
        raise UnusableAddressError(
            "There is no endpoint.", "Paste the address of the resource into the box above."
        )
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise UnusableAddressError(
            "The endpoint is not a valid address.", "It should look like https://NAME.openai.azure.com."
        ) from None
    if parts.scheme not in ("http", "https") or not host:
        raise UnusableAddressError(
            "The endpoint does not start with https:// and a host name.",
            "It should look like https://NAME.openai.azure.com.",
        )
    if any(mark in host for mark in "<>{}") or " " in text:
        raise UnusableAddressError(
            "The endpoint still has a placeholder or a space in it.", "Put the resource's own name there."
        )
    encrypted = parts.scheme == "https"
    return Route(host, port or (443 if encrypted else 80), encrypted, _read_proxy(proxy) if proxy else None)


def _read_proxy(address: str) -> Proxy:
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host:
        raise UnusableAddressError(
            "The proxy's address is not valid.", "It should look like http://proxy.example.com:8080."
        )
    default = {"https": 443, "socks5": 1080, "socks5h": 1080}.get(parts.scheme, 80)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Proxy(parts.scheme.lower(), host, port or default, user, password)
