"""What a client has to know about the service it speaks to: address, credential, way there, patience."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol
from urllib.parse import quote, urlsplit

Kind = Literal["azure", "openai", "embedded"]

DEFAULT_API_VERSION = "2025-01-01-preview"


@dataclass(frozen=True)
class ApiKey:
    """A key: the ``api-key`` header on Azure, a bearer token elsewhere. It is in no ``repr``."""

    key: str = field(repr=False)


@dataclass(frozen=True)
class BearerToken:
    """A token that somebody else obtained; it is sent until it expires."""

    token: str = field(repr=False)


class TokenProvider(Protocol):
    """Asked for a bearer token before each request; it holds on to the token itself while that is fresh."""

    async def __call__(self) -> str: ...


Credential = ApiKey | BearerToken | TokenProvider


@dataclass(frozen=True)
class Connection:
    """A service and how to reach it.

    ``kind`` "azure" and "embedded" put ``/openai/deployments/{name}`` and ``api-version`` into addresses;
    "openai" is any compatible base URL, taken as it is, with the deployment as ``model`` in the body.
    ``proxy`` is "system", "none" or an address, perhaps with user and password. Times are in seconds.
    """

    name: str
    kind: Kind
    endpoint: str
    credential: Credential | None = None
    api_version: str = DEFAULT_API_VERSION
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    proxy: str | None = field(default="system", repr=False)
    ca_file: str | None = None
    connect_timeout: float = 10.0
    progress_timeout: float = 120.0
    """Longest silence: no byte sent or received, or, in a stream, no data event."""
    max_retries: int = 2
    longest_wait: float = 60.0
    """A service that asks for a longer wait than this is not asked again."""

    @property
    def host(self) -> str:
        """The host of the endpoint, empty when it is no address. Raises nothing."""
        try:
            return urlsplit(self.endpoint.strip()).hostname or ""
        except ValueError:
            return ""

    @property
    def protected(self) -> bool:
        """Whether a credential may be sent: encrypted, or never leaving this computer."""
        return self.endpoint.strip().lower().startswith("https://") or is_loopback(self.host)

    def url(self, path: str, parameters: Mapping[str, str]) -> str:
        """The address of an operation, without its query; ``path`` is a template after ``/openai``."""
        base = self.endpoint.strip().rstrip("/")
        if self.kind == "openai":
            path = path.removeprefix("/deployments/{deployment}")
        elif not base.endswith("/openai"):
            base += "/openai"
        for name, value in parameters.items():
            path = path.replace("{" + name + "}", quote(value, safe=""))
        return base + path


def is_loopback(host: str) -> bool:
    """Whether a host is this computer by its very name; names are not looked up."""
    host = host.lower().rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0]).is_loopback
    except ValueError:
        return False
