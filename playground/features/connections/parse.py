"""Understand whatever was pasted: portal pages, request URLs, curl commands, code, variables, hosts, keys."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from playground.features.connections.addresses import (
    PORTAL_NOTE,
    Address,
    is_azure_host,
    read_address,
    resource_endpoint,
)
from playground.settings.profiles import Kind

LONGEST = 50_000
NOTHING_FOUND = "Nothing was recognised: paste an address, a curl command, code, or KEY=value lines."
NAME_GUESSED = (
    "A single word was taken as the name of a resource; the usual address of that name was filled in."
)
TOKEN_NOTE = "A bearer token was found; tokens expire, usually within about an hour."
VARIABLE_NOTE = "The key is a variable in what was pasted, so it will be read from the environment."
PLACEHOLDER_NOTE = "The key is a placeholder in what was pasted; enter the real one."
TOO_LONG = "Only the beginning was read, because it is very long."


@dataclass(frozen=True)
class Pasted:
    """What was understood; empty members were not in the text. Notes never repeat any of the pasted text."""

    endpoint: str = ""
    deployment: str = ""
    capability: str = ""
    api_version: str = ""
    key: SecretStr | None = None
    key_reference: str = ""
    kind: Kind | None = None
    headers: tuple[tuple[str, SecretStr], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing at all was recognised."""
        return not (
            self.endpoint
            or self.deployment
            or self.api_version
            or self.key
            or self.key_reference
            or self.headers
        )


_URL = re.compile(r"""https?://[^\s"'`<>\\|^]+""", re.IGNORECASE)
_PROXY_OPTION = re.compile(r"""(?:-x|--proxy|-Proxy|proxy["']?\s*[:=])\s*["']?$""", re.IGNORECASE)
_VALUE = r""""[^"\n]{0,5000}"|'[^'\n]{0,5000}'|[^\s"',;&)}]{1,5000}(?:[ \t]+[A-Za-z0-9._~+/=-]{20,5000})?"""
_ASSIGNMENT = re.compile(
    r"""(?P<name>[A-Za-z_$][\w.:-]{0,79})["']?\]?[ \t]*(?:=>|:=|=|:(?!//))[ \t]*""" + f"(?P<value>{_VALUE})"
)
_SETX = re.compile(r"""^\s*setx\s+(?P<name>\w+)\s+"?(?P<value>[^"\s]+)""", re.IGNORECASE | re.MULTILINE)
_CREDENTIAL = re.compile(r"""(?:AzureKeyCredential|ApiKeyCredential)\(\s*["']([^"'\n]{8,})["']""")
_CODE = re.compile(r"os\.(?:environ(?:\.get)?[\[(]|getenv\()\s*[\"'](\w+)[\"']|process\.env[.\[]+[\"']?(\w+)")
_VARIABLE = re.compile(r"\$\{?(?:env:)?([A-Za-z_]\w*)\}?|%([A-Za-z_]\w*)%|\{\{(\w+)\}\}", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"^[<{\[]|your|xxxx|\*\*\*|\.\.\.|…|^key$|placeholder|redacted", re.IGNORECASE)
_JWT = re.compile(r"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*")
_BARE_KEY = re.compile(r"\b(?:[0-9a-f]{32}|[0-9A-F]{32}|[A-Za-z0-9]{84}|sk-[\w-]{16,200})(?![\w-])")
_LIKE_KEY = re.compile(r"[A-Za-z0-9]{32}|sk-[\w-]{16}|eyJ[\w-]{10}")  # not shown, whatever it is
_VERSION = re.compile(r"\b20\d\d-\d\d-\d\d(?:-preview)?\b|^preview$|^latest$")
_WORD = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?")
_PORT_AND_PATH = r"(?::\d{1,5})?(?:/\S*)?"
_HOST = re.compile(
    rf"(?:[\w-]{{1,63}}\.)+[A-Za-z][\w-]{{1,62}}{_PORT_AND_PATH}|localhost{_PORT_AND_PATH}"
    rf"|\d{{1,3}}(?:\.\d{{1,3}}){{3}}{_PORT_AND_PATH}|[\w-]{{1,63}}:\d{{2,5}}(?:/\S*)?"
)
_AZURE_WORDS = re.compile(r"azure|api-version|api_version|\bapi-key\s*:", re.IGNORECASE)

# Spelled in lower case without punctuation, as many programs name them.
_ENDPOINTS = re.compile(
    r"(?:azureopenai|openai|azure|api|aoai)*(?:endpoint|baseurl|apibase|base|targeturi|url|host)"
)
_KEYS = re.compile(r"(?:azureopenai|openai|azure|aoai)*(?:apikey|key1?|subscriptionkey|adtoken|accesstoken)")
_VERSIONS = re.compile(r"(?:azureopenai|openai|azure|aoai)*(?:api)?version")
_DEPLOYMENTS = re.compile(r"(?:azureopenai|openai|azure|aoai)*(?:chat)?(?:deployment(?:name|id)?|engine)")
_RESOURCES = re.compile(r"(?:azureopenai|openai|azure|aoai)*resource(?:name)?")


def parse_anything(text: str) -> Pasted:
    """Find endpoint, deployment, api-version and key in any text. Never raises; no key is in the notes."""
    reading = _Reading(text)
    reading.assignments()
    reading.addresses()
    reading.credentials()
    if not reading.endpoint:
        reading.single_thing()
    return reading.result()


class _Reading:
    """The state of one reading; the first thing that says something about a member wins."""

    def __init__(self, text: str) -> None:
        self.notes: list[str] = [TOO_LONG] if len(text) > LONGEST else []
        self.text = _joined(text[:LONGEST])
        self.azure = bool(_AZURE_WORDS.search(self.text))
        self.endpoint = self.deployment = self.capability = self.version = self.model = ""
        self.key = self.reference = self.resource = ""
        self.kind: Kind | None = None
        self.headers: dict[str, str] = {}

    def assignments(self) -> None:
        """``NAME=value`` in all its costumes: variables, keyword arguments, JSON members, headers."""
        for name, value in _pairs(self.text):
            plain = re.sub(r"[^a-z0-9]", "", name.lower().removeprefix("$env:"))
            if plain == "ocpapimsubscriptionkey" and not _PLACEHOLDER.search(value):
                self.headers.setdefault("Ocp-Apim-Subscription-Key", value)
            elif plain in ("authorization", "bearer"):
                self._take_bearer(value)
            elif _KEYS.fullmatch(plain):
                self._take_key(value)
            elif _VERSIONS.fullmatch(plain) and _VERSION.fullmatch(value):
                self.version = self.version or value
            elif _DEPLOYMENTS.fullmatch(plain) and _usable(value):
                self.deployment = self.deployment or value
            elif plain == "model" and _usable(value):
                self.model = self.model or value
            elif _RESOURCES.fullmatch(plain) and _WORD.fullmatch(value):
                self.resource = self.resource or value
            elif _ENDPOINTS.fullmatch(plain) and "://" not in value and _HOST.fullmatch(value):
                self._take_address(read_address(_with_scheme(value), azure=self.azure))

    def addresses(self) -> None:
        """The address that says most; one that is merely a proxy does not count."""
        found: list[Address] = []
        for match in list(_URL.finditer(self.text))[:200]:
            before = self.text[max(0, match.start() - 20) : match.start()]
            if _PROXY_OPTION.search(before):
                continue
            address = read_address(match[0].rstrip(".,;:)]}&"), azure=self.azure)
            if address:
                found.append(address)
        if found:
            self._take_address(max(found, key=lambda address: address.score))
        if not self.endpoint and self.resource:
            self.endpoint, self.kind = resource_endpoint(self.resource), "azure"

    def credentials(self) -> None:
        """Keys that stand alone, as on the portal's page "Keys and Endpoint"."""
        if token := _JWT.search(self.text):
            self._take_bearer(token[0])
        if credential := _CREDENTIAL.search(self.text):
            self._take_key(credential[1])
        apart = _URL.sub(" ", self.text)
        for value in self.headers.values():
            apart = apart.replace(value, " ")
        if not self.key and (bare := _BARE_KEY.search(apart)):
            self._take_key(bare[0])

    def single_thing(self) -> None:
        """A host, a resource's id or its name, or a version, with nothing around it."""
        lone = self.text.strip().strip("\"'`<>,;")
        account = re.search(r"/accounts/([A-Za-z0-9-]{2,64})", unquote(lone), re.IGNORECASE)
        if account:
            self.endpoint, self.kind = resource_endpoint(account[1]), "azure"
            self.notes.append(PORTAL_NOTE)
        elif self.key or self.reference or self.deployment:
            return
        elif _VERSION.fullmatch(lone):
            self.version = lone
        elif _HOST.fullmatch(lone):
            self._take_address(read_address(_with_scheme(lone), azure=self.azure))
        elif _LIKE_KEY.match(lone):
            self._take_key(lone)
        elif _WORD.fullmatch(lone) and len(lone) >= 2:
            self.endpoint, self.kind = resource_endpoint(lone), "azure"
            self.notes.append(NAME_GUESSED)

    def result(self) -> Pasted:
        """Everything that was found."""
        named_by_model = self.kind == "openai" or "AzureOpenAI" in self.text
        if named_by_model and not self.deployment:
            self.deployment = self.model  # the SDK's word for a deployment
        pasted = Pasted(
            endpoint=self.endpoint,
            deployment=self.deployment,
            capability=self.capability,
            api_version=self.version if self.kind != "openai" else "",
            key=SecretStr(self.key) if self.key else None,
            key_reference=self.reference if not self.key else "",
            kind=self.kind,
            headers=tuple((name, SecretStr(value)) for name, value in self.headers.items()),
            notes=tuple(dict.fromkeys(self.notes)),
        )
        return Pasted(notes=(*pasted.notes, NOTHING_FOUND)) if pasted.empty else pasted

    def _take_address(self, address: Address | None) -> None:
        if address is None or self.endpoint or _LIKE_KEY.search(urlsplit(address.endpoint).netloc):
            return  # nobody's host is named like a key: it was pasted into the address by mistake
        self.endpoint = address.endpoint
        self.kind = self.kind if self.kind == "entra" and address.kind == "azure" else address.kind
        self.deployment = address.deployment if _usable(address.deployment) else self.deployment
        self.capability = address.capability
        self.version = address.api_version if _VERSION.fullmatch(address.api_version) else self.version
        self.notes += address.notes
        if address.key:
            self._take_key(address.key)

    def _take_bearer(self, value: str) -> None:
        value = re.sub(r"^bearer\s+", "", value, flags=re.IGNORECASE).strip()
        if _JWT.fullmatch(value):
            if not self.key:
                self.key, self.notes = value, [*self.notes, TOKEN_NOTE]
            if self.kind in (None, "azure"):
                self.kind = "entra"
            return
        self._take_key(value)

    def _take_key(self, value: str) -> None:
        if self.key:
            return
        code = _CODE.search(value)
        variable = _VARIABLE.fullmatch(value)
        name = next(filter(None, (code or variable).groups()), "") if (code or variable) else ""  # type: ignore[union-attr]
        if name:
            self.reference = self.reference or f"${{{name}}}"
            self.notes.append(VARIABLE_NOTE)
        elif _PLACEHOLDER.search(value):
            self.notes.append(PLACEHOLDER_NOTE)
        elif len(value) >= 8 and value.isascii() and value.isprintable() and " " not in value:
            self.key = value


def _joined(text: str) -> str:
    """One logical line per command: continuations of each shell joined, escapes of cmd undone."""
    text = text.replace("\r\n", "\n").replace("\x00", "").replace("&amp;", "&")
    text = re.sub(r"[ \t]*[\\^`][ \t]*\n", " ", text)
    return text.replace("^&", "&").replace('^"', '"').replace('\\"', '"').replace("^%", "%")


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for match in _SETX.finditer(text):
        yield match["name"], match["value"]
    for match in _ASSIGNMENT.finditer(text):
        value = match["value"]
        if value[0] in "\"'":
            value = value[1:-1]
        elif value.startswith(("os.", "process.")):
            value = text[match.start("value") : match.start("value") + 120]
        yield match["name"], value.strip().rstrip(",;")


def _usable(value: str) -> bool:
    return (
        0 < len(value) <= 128
        and value.isprintable()
        and not _PLACEHOLDER.search(value)
        and not _VARIABLE.search(value)
        and not _LIKE_KEY.search(value)
        and not value.startswith(("os.", "process."))
    )


def _with_scheme(host: str) -> str:
    name = host.split("/")[0].rpartition(":")[0] or host.split("/")[0]
    local = (
        name == "localhost"
        or name.replace(".", "").isdigit()
        or ("." not in name and not is_azure_host(name))
    )
    return f"{'http' if local else 'https'}://{host}"
