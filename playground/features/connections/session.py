"""What can be done with connections: edit, keep their secrets, delete and take back, examine. No Qt."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import SecretStr

from playground.features.connections.doctor import OpenClient, examine
from playground.features.connections.parse import Pasted
from playground.features.connections.steps import Step, failed
from playground.settings.profiles import (
    COLOURS,
    ENVIRONMENT_ID,
    ConnectionProfile,
    DeploymentEntry,
    HeaderEntry,
    Kind,
    environment_profile,
    is_sensitive_header,
)
from playground.settings.secrets import SecretsStatus, variable_of
from playground.workbench.connections import Connections

if TYPE_CHECKING:
    from playground.api.client import AzureOpenAI
    from playground.api.connection import Connection


@dataclass(frozen=True)
class Removed:
    """A deleted connection with its secrets, in memory only, for as long as it can be taken back."""

    profile: ConnectionProfile
    secrets: dict[str, SecretStr] = field(default_factory=dict, repr=False)
    was_current: bool = False


class ConnectionsSession:
    """The connections of this user, as the page needs them."""

    def __init__(
        self,
        connections: Connections,
        written: Callable[[], Awaitable[None]],
        open_client: OpenClient | None = None,
    ) -> None:
        self._connections = connections
        self.written = written  # returns once every change is on disk; raises SettingsNotSaved
        self._open_client = open_client or _open_client

    @property
    def profiles(self) -> list[ConnectionProfile]:
        """This computer first, then the saved ones, then the environment's."""
        return self._connections.profiles

    @property
    def current_id(self) -> str:
        """Which connection the other tabs use."""
        return self._connections.current.id

    @property
    def secrets_status(self) -> SecretsStatus:
        """Where a key that is entered now would be kept."""
        return self._connections.secrets.status

    def watch(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call this when connections change, whoever changed them; the returned function ends it."""
        return self._connections.changed.add(listener)

    def profile(self, profile_id: str) -> ConnectionProfile | None:
        """One connection, or None when it is gone."""
        return next((p for p in self.profiles if p.id == profile_id), None)

    def from_environment(self, profile: ConnectionProfile) -> bool:
        """Whether address and key come from variables that are set now, and so cannot be edited here."""
        return profile.id == ENVIRONMENT_ID and environment_profile() is not None

    def add(self) -> ConnectionProfile:
        """A new, empty connection with a name and a colour that are not taken."""
        names = {profile.name for profile in self.profiles}
        colours = [profile.colour for profile in self.profiles]
        name = "New connection"
        number = 2
        while name in names:
            name, number = f"New connection {number}", number + 1
        profile = ConnectionProfile(name=name, colour=min(COLOURS, key=colours.count))
        self._connections.save(profile)
        return profile

    def save(self, profile: ConnectionProfile) -> None:
        """Keep a changed connection; a no-op when nothing changed."""
        if self.profile(profile.id) != profile:
            self._connections.save(profile)

    def use(self, profile_id: str) -> None:
        """Let the other tabs use this connection."""
        self._connections.select(profile_id)

    async def apply(self, profile: ConnectionProfile, pasted: Pasted) -> ConnectionProfile:
        """The profile with what was pasted filled in; a key goes to the keyring at once. Saves it."""
        changed = filled(profile, pasted)
        for name, value in pasted.headers:
            changed = await self.set_header(changed, name, value.get_secret_value())
        if pasted.key is not None:
            changed = await self.set_key(changed, pasted.key.get_secret_value())
        self.save(changed)
        return changed

    async def set_key(self, profile: ConnectionProfile, text: str) -> ConnectionProfile:
        """Keep a key or token; ``${NAME}`` is kept as a reference. Does not save the profile."""
        text = text.strip()
        if not text:
            return profile
        if variable_of(text):
            return profile.model_copy(update={"key_reference": text})
        await self._connections.secrets.set(profile.own_key_reference, SecretStr(text))
        self._connections.secret_changed(profile.id)
        return profile.model_copy(update={"key_reference": profile.own_key_reference})

    async def forget_key(self, profile: ConnectionProfile) -> ConnectionProfile:
        """Delete the key from the keyring. Does not save the profile."""
        await self._connections.secrets.delete(profile.own_key_reference)
        self._connections.secret_changed(profile.id)
        return profile.model_copy(update={"key_reference": ""})

    async def has_key(self, profile: ConnectionProfile) -> bool:
        """Whether the key that the profile refers to can be found."""
        return (
            bool(profile.key_reference)
            and await self._connections.secrets.get(profile.key_reference) is not None
        )

    async def set_header(self, profile: ConnectionProfile, name: str, value: str) -> ConnectionProfile:
        """Set an extra header; a sensitive one goes to the keyring. Does not save the profile."""
        entry = HeaderEntry(name=name, value=value)
        if is_sensitive_header(name):
            entry = HeaderEntry(name=name, reference=profile.own_header_reference(name))
            await self._connections.secrets.set(entry.reference, SecretStr(value))
            self._connections.secret_changed(profile.id)
        rest = [header for header in profile.headers if header.name.lower() != name.lower()]
        return profile.model_copy(update={"headers": [*rest, entry]})

    async def remove_header(self, profile: ConnectionProfile, name: str) -> ConnectionProfile:
        """Take an extra header away, and its secret with it. Does not save the profile."""
        for header in profile.headers:
            if header.name == name and header.reference:
                await self._connections.secrets.delete(header.reference)
        return profile.model_copy(update={"headers": [h for h in profile.headers if h.name != name]})

    async def set_proxy_password(self, profile: ConnectionProfile, text: str) -> ConnectionProfile:
        """Keep the proxy's password; an empty one is forgotten. Does not save the profile."""
        reference = profile.own_proxy_reference if text else ""
        if text:
            await self._connections.secrets.set(reference, SecretStr(text))
        else:
            await self._connections.secrets.delete(profile.own_proxy_reference)
        self._connections.secret_changed(profile.id)
        return profile.model_copy(update={"proxy": profile.proxy.model_copy(update={"reference": reference})})

    async def remove(self, profile: ConnectionProfile) -> Removed:
        """Delete a connection and its secrets; what is returned can bring it back."""
        was_current = profile.id == self.current_id
        self._connections.remove(profile.id)
        held: dict[str, SecretStr] = {}
        for reference in profile.references():
            secret = await self._connections.secrets.get(reference)
            if secret is not None:
                held[reference] = secret
                await self._connections.secrets.delete(reference)
        return Removed(profile, held, was_current)

    async def restore(self, removed: Removed) -> None:
        """Bring a deleted connection back, secrets and all."""
        for reference, secret in removed.secrets.items():
            await self._connections.secrets.set(reference, secret)
        self._connections.save(removed.profile)
        if removed.was_current:
            self._connections.select(removed.profile.id)

    async def examine(self, profile: ConnectionProfile) -> AsyncGenerator[Step]:
        """The doctor's steps for a connection as it is now; never raises but for cancellation."""
        try:
            connection = await self._connections.connection_of(profile)
        except (
            Exception
        ) as error:  # an engine that does not start, or a sign-in library that is not installed
            where = "network" if profile.built_in else "key"
            yield failed(where, f"The connection could not be prepared: {error}", "See the log for details.")
            return
        name = variable_of(profile.key_reference)
        if name and not await self.has_key(profile):
            yield failed("key", f"The variable {name} is not set.", "Set it before the program is started.")
            return
        async with aclosing(examine(connection, profile.deployments, self._open_client)) as steps:
            async for step in steps:
                yield step


def filled(profile: ConnectionProfile, pasted: Pasted) -> ConnectionProfile:
    """The profile with what was pasted, but for secrets, filled in; members that were not pasted stay."""
    kind: Kind | None = pasted.kind
    changes: dict[str, object] = {
        "endpoint": pasted.endpoint,
        "api_version": pasted.api_version,
        "key_reference": pasted.key_reference,
        "kind": kind,
    }
    if profile.name.startswith("New connection") and pasted.endpoint:
        changes["name"] = name_for(pasted.endpoint)
    changed = profile.model_copy(update={name: value for name, value in changes.items() if value})
    if pasted.deployment:
        changed = changed.model_copy(update={"deployments": _with_deployment(changed.deployments, pasted)})
    return changed


def name_for(endpoint: str) -> str:
    """A short name out of an address: the resource's, or the host's."""
    host = endpoint.partition("://")[2].partition("/")[0]
    first = host.split(".")[0]
    return first if first and not first[0].isdigit() and not first.startswith("[") else host


def _with_deployment(entries: list[DeploymentEntry], pasted: Pasted) -> list[DeploymentEntry]:
    wanted = [pasted.capability] if pasted.capability else []
    known = next((entry for entry in entries if entry.name == pasted.deployment), None)
    if known is None:
        return [*entries, DeploymentEntry(name=pasted.deployment, capabilities=wanted)]
    merged = [*known.capabilities, *(c for c in wanted if known.capabilities and c not in known.capabilities)]
    better = known.model_copy(update={"capabilities": merged})
    return [better if entry is known else entry for entry in entries]


def _open_client(connection: "Connection") -> "AzureOpenAI":
    from playground.api.client import AzureOpenAI

    return AzureOpenAI(connection)
