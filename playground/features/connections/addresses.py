"""What an address says: which service it belongs to, and the deployment and version that stand in it."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from playground.settings.profiles import Kind

AZURE_HOSTS = (
    ".openai.azure.com",
    ".openai.azure.us",
    ".openai.azure.cn",
    ".cognitiveservices.azure.com",
    ".cognitiveservices.azure.us",
    ".cognitiveservices.azure.cn",
    ".services.ai.azure.com",
    ".api.cognitive.microsoft.com",
    ".azure-api.net",
)
PORTALS = (
    "portal.azure.com",
    "oai.azure.com",
    "ai.azure.com",
    "ml.azure.com",
    "portal.azure.us",
    "ai.azure.us",
)
_ELSEWHERE = (
    "learn.microsoft.com",
    "docs.microsoft.com",
    "github.com",
    "login.microsoftonline.com",
    "aka.ms",
)
_SCOPES = ("cognitiveservices.azure.com", "ai.azure.com/.default", "management.azure.com")

_ACCOUNT = re.compile(r"/accounts/([A-Za-z0-9][A-Za-z0-9-]{1,62})", re.IGNORECASE)
_DEPLOYMENT = re.compile(r"/deployments/([^/?#&]+)", re.IGNORECASE)
_OPERATION = re.compile(
    r"/(chat/completions|completions|embeddings|images/generations|audio/speech|audio/transcriptions|"
    r"audio/translations|files|batches|uploads|models|responses)\b.*$",
    re.IGNORECASE,
)
_CAPABILITY = {
    "chat/completions": "chat",
    "completions": "completions",
    "embeddings": "embeddings",
    "images/generations": "images",
    "audio/speech": "speech",
    "audio/transcriptions": "transcription",
    "audio/translations": "transcription",
}
_KEY_PARAMETERS = ("api-key", "api_key", "apikey", "key", "subscription-key")

PORTAL_NOTE = (
    "A portal page names the resource, not its address; the usual address of that name was filled in."
)
GUESSED_V1 = "An OpenAI-compatible address usually ends in /v1, so that was added."
DROPPED_USER = "A user name or password in the address was left out."
KEY_IN_ADDRESS = "The address carried a key; it was moved to the key field."


@dataclass(frozen=True)
class Address:
    """What one address says. ``score`` tells how much it says: the best of several is taken."""

    score: int
    endpoint: str = ""
    kind: Kind | None = None
    deployment: str = ""
    capability: str = ""
    api_version: str = ""
    key: str = ""
    notes: tuple[str, ...] = ()


def read_address(text: str, *, azure: bool = False) -> Address | None:
    """Understand one http(s) address; None when it is none, or one that no connection can have.

    ``azure`` says that the text around it speaks of Azure, for gateways whose names do not.
    """
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower()
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host or host in _ELSEWHERE:
        return None
    if any(f"{host}{parts.path}".startswith(scope) for scope in _SCOPES):
        return None
    if host in PORTALS:
        return _portal(text)
    shown = f"[{host}]" if ":" in host else host
    root = f"{parts.scheme.lower()}://{shown}" + (f":{port}" if port else "")
    return _service(parts, host, root, azure)


def resource_endpoint(name: str) -> str:
    """The usual address of a resource of this name."""
    return f"https://{name.lower()}.openai.azure.com"


def is_azure_host(host: str) -> bool:
    """Whether a host name belongs to Azure's own domains."""
    return host.lower().endswith(AZURE_HOSTS)


def _portal(text: str) -> Address | None:
    plain = text
    for _ in range(3):  # resource ids are encoded once in a path, twice in a fragment
        plain = unquote(plain)
    account = _ACCOUNT.search(plain)
    if not account:
        return None
    rest = plain[account.end() :]
    deployment = _DEPLOYMENT.match(rest)
    return Address(
        score=4,
        endpoint=resource_endpoint(account[1]),
        kind="azure",
        deployment=_clean(deployment[1]) if deployment else "",
        notes=(PORTAL_NOTE,),
    )


def _service(parts: SplitResult, host: str, root: str, azure: bool) -> Address:
    path = parts.path
    deployment = _DEPLOYMENT.search(path)
    operation = _OPERATION.search(path)
    query = dict(parse_qsl(parts.query, keep_blank_values=True, max_num_fields=50)) if parts.query else {}
    version = next((v.strip() for n, v in query.items() if n.lower() == "api-version"), "")
    key = next((v for n, v in query.items() if n.lower() in _KEY_PARAMETERS), "")
    notes = [DROPPED_USER] if "@" in parts.netloc else []
    notes += [KEY_IN_ADDRESS] if key else []
    capability = _CAPABILITY.get(operation[1].lower(), "") if operation else ""
    speaks_azure = is_azure_host(host) or bool(version) or deployment is not None or azure
    if speaks_azure:
        return Address(
            score=3 + 2 * bool(deployment) + is_azure_host(host),
            endpoint=root + _azure_prefix(path, host),
            kind="azure",
            deployment=_clean(unquote(deployment[1])) if deployment else "",
            capability=capability,
            api_version=version if len(version) <= 40 else "",
            key=key,
            notes=tuple(notes),
        )
    base = (path[: operation.start()] if operation else path).rstrip("/")
    if not base:
        base = "/v1"
        notes.append(GUESSED_V1)
    return Address(
        score=2 if "/v1" in base else 1,
        endpoint=root + base,
        kind="openai",
        capability=capability,
        key=key,
        notes=tuple(notes),
    )


def _azure_prefix(path: str, host: str) -> str:
    """What a gateway puts before ``/openai``; Azure's own hosts have nothing there."""
    if is_azure_host(host) and not host.endswith(".azure-api.net"):
        return ""
    prefix = re.split(r"/openai(?:/|$)|/deployments/", path, maxsplit=1, flags=re.IGNORECASE)[0]
    return _OPERATION.sub("", prefix).rstrip("/")


def _clean(name: str) -> str:
    name = name.strip().strip("{}<>")
    return name if 0 < len(name) <= 128 and name.isprintable() else ""
