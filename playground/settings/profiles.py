"""How a connection is written down: everything but its secrets, which are only referred to."""

import os
import re
import uuid
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

DEFAULT_API_VERSION = "2025-01-01-preview"
EMBEDDED_ID = "embedded"
ENVIRONMENT_ID = "environment"

Kind = Literal["azure", "openai", "entra", "embedded"]
KINDS: tuple[Kind, ...] = ("azure", "entra", "openai", "embedded")
CAPABILITIES = ("chat", "completions", "embeddings", "images", "speech", "transcription")

# Names are stored, not values: a colour has to keep its contrast in both themes.
COLOURS: dict[str, str] = {
    "blue": "#3b82f6",
    "teal": "#14968c",
    "green": "#3f9142",
    "amber": "#c27c0e",
    "red": "#d64545",
    "pink": "#c2478f",
    "violet": "#8257e5",
    "grey": "#7a828e",
}

_SENSITIVE_HEADER = re.compile(r"key|token|secret|auth|cookie|password|credential|signature", re.IGNORECASE)


class _Entry(BaseModel):
    """Part of the settings file: members that this version does not know are kept as they came."""

    model_config = ConfigDict(extra="allow", protected_namespaces=())


class DeploymentEntry(_Entry):
    """One deployment by its own name (which is not the model's), and what it can do."""

    name: str
    capabilities: list[str] = Field(default_factory=list)
    model: str = ""


class HeaderEntry(_Entry):
    """One extra request header; a sensitive one has no value here but a reference to a secret."""

    name: str
    value: str = ""
    reference: str = ""


class ProxySettings(_Entry):
    """Which way requests go: as the system says, directly, or through the proxy named here."""

    mode: Literal["system", "none", "manual"] = "system"
    url: str = ""
    user: str = ""
    reference: str = ""


Seconds = Annotated[float, Field(ge=0.1, le=86_400, allow_inf_nan=False)]


class ConnectionProfile(_Entry):
    """A place that answers the API, how to reach it, and where its credential is kept.

    ``key_reference`` is empty (no key), ``${NAME}`` (an environment variable), or a name in the keyring. For
    kind ``entra`` an empty one means signing in with azure-identity, and any other refers to a pasted token.
    """

    id: str = Field(default_factory=lambda: uuid.uuid4().hex, min_length=1)
    name: str = "New connection"
    kind: Kind = "azure"
    endpoint: str = ""
    api_version: str = DEFAULT_API_VERSION
    colour: str = "blue"
    deployments: list[DeploymentEntry] = Field(default_factory=list)
    headers: list[HeaderEntry] = Field(default_factory=list)
    proxy: ProxySettings = Field(default_factory=ProxySettings)
    ca_file: str = ""
    key_reference: str = ""
    connect_timeout: Seconds = 10.0
    progress_timeout: Seconds = 120.0
    max_retries: Annotated[int, Field(ge=0, le=20)] = 2

    @property
    def built_in(self) -> bool:
        """Whether the program itself answers; such a profile cannot be deleted."""
        return self.kind == "embedded"

    @property
    def colour_hex(self) -> str:
        """The colour as ``#rrggbb``; an unknown name is grey."""
        return COLOURS.get(self.colour, COLOURS["grey"])

    @property
    def own_key_reference(self) -> str:
        """Under which name the keyring holds this connection's own key or token."""
        return f"connection/{self.id}"

    def own_header_reference(self, header: str) -> str:
        """Under which name the keyring holds the value of a sensitive header."""
        return f"connection/{self.id}/header/{header.lower()}"

    @property
    def own_proxy_reference(self) -> str:
        """Under which name the keyring holds the proxy's password."""
        return f"connection/{self.id}/proxy"

    def references(self) -> list[str]:
        """Every keyring name that belongs to this connection alone."""
        mine = [self.key_reference, self.proxy.reference, *(header.reference for header in self.headers)]
        own = self.own_key_reference
        return [name for name in mine if name == own or name.startswith(f"{own}/")]

    def deployments_for(self, capability: str) -> list[DeploymentEntry]:
        """Deployments that are said to be able to do this; one without any tag may do anything."""
        return [d for d in self.deployments if not d.capabilities or capability in d.capabilities]


def is_sensitive_header(name: str) -> bool:
    """Whether a header of this name is likely to carry a secret and belongs in the keyring."""
    return bool(_SENSITIVE_HEADER.search(name))


def embedded_profile() -> ConnectionProfile:
    """The connection that is always there: the service that the program brings along."""
    return ConnectionProfile(
        id=EMBEDDED_ID,
        name="This computer",
        kind="embedded",
        colour="teal",
        proxy=ProxySettings(mode="none"),
        deployments=[DeploymentEntry(name=name, capabilities=[name]) for name in CAPABILITIES],
    )


def environment_profile(environ: Mapping[str, str] | None = None) -> ConnectionProfile | None:
    """A ready connection from the variables that the official SDK reads; None when there is no endpoint."""
    environ = os.environ if environ is None else environ
    endpoint = environ.get("AZURE_OPENAI_ENDPOINT", "").strip()
    if not endpoint:
        return None
    token = not environ.get("AZURE_OPENAI_API_KEY") and bool(environ.get("AZURE_OPENAI_AD_TOKEN"))
    return ConnectionProfile(
        id=ENVIRONMENT_ID,
        name="From environment",
        kind="entra" if token else "azure",
        endpoint=endpoint,
        api_version=environ.get("OPENAI_API_VERSION", "").strip() or DEFAULT_API_VERSION,
        colour="green",
        key_reference="${AZURE_OPENAI_AD_TOKEN}" if token else "${AZURE_OPENAI_API_KEY}",
    )
