"""The connections of this user: which there are, which is in use, and the client that speaks through it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from playground.settings.profiles import EMBEDDED_ID, ConnectionProfile
from playground.settings.resolved import Resolved, resolve
from playground.settings.secrets import Secrets
from playground.workbench.choices import Choices, Listeners

if TYPE_CHECKING:
    from playground.api.client import AzureOpenAI
    from playground.api.connection import Connection, Credential
    from playground.api.exchange import Exchange


class Embedded(Protocol):
    """A running embedded service: where it is, and the key that it accepts."""

    url: str
    key: str


StartEmbedded = Callable[[], Awaitable[Embedded]]


class Connections:
    """Profiles, the current one, and one client for each connection that has been used.

    A client is built when first asked for; changing a profile or its secret drops its client. The embedded
    service is started the first time somebody speaks to it.
    """

    def __init__(
        self,
        choices: Choices,
        secrets: Secrets,
        start_embedded: StartEmbedded,
        on_exchange: "Callable[[Exchange], None]",
    ) -> None:
        self._choices = choices
        self.secrets = secrets
        self._start_embedded = start_embedded
        self._on_exchange = on_exchange
        self._clients: dict[str, AzureOpenAI] = {}
        self._opening = asyncio.Lock()
        self._retired: list[AzureOpenAI] = []
        self.changed = Listeners()

    @property
    def profiles(self) -> list[ConnectionProfile]:
        """This computer first, then the saved ones, then what the environment offers."""
        return self._choices.settings.profiles()

    @property
    def current(self) -> ConnectionProfile:
        """The connection in use; this computer when the remembered one is gone."""
        wanted = self._choices.preferences.last_connection or EMBEDDED_ID
        profiles = self.profiles
        return next((profile for profile in profiles if profile.id == wanted), profiles[0])

    def select(self, profile_id: str) -> None:
        """Use another connection from now on."""
        if profile_id != self.current.id:
            self._choices.prefer(last_connection=profile_id)
            self.changed.call()

    def save(self, profile: ConnectionProfile) -> None:
        """Add or change a connection."""
        self._drop(profile.id)
        self._choices.save_profile(profile)
        self.changed.call()

    def secret_changed(self, profile_id: str) -> None:
        """A key was set or deleted: the next request looks it up again."""
        self._drop(profile_id)

    def remove(self, profile_id: str) -> None:
        """Forget a connection."""
        self._drop(profile_id)
        self._choices.remove_profile(profile_id)
        self.changed.call()

    def deployment(self, page_id: str, capability: str) -> str:
        """The deployment that a tab uses on the current connection; empty when none is known."""
        names = [entry.name for entry in self.current.deployments_for(capability)]
        chosen = self._choices.preferences.deployments.get(f"{self.current.id}/{page_id}", "")
        return chosen if chosen in names else next(iter(names), "")

    def choose_deployment(self, page_id: str, name: str) -> None:
        """Remember which deployment a tab uses on the current connection."""
        chosen = {**self._choices.preferences.deployments, f"{self.current.id}/{page_id}": name}
        self._choices.prefer(deployments=chosen)
        self.changed.call()

    async def client(self, profile: ConnectionProfile | None = None) -> "AzureOpenAI":
        """The client of a connection (by default the current one), built when first needed."""
        profile = profile or self.current
        async with self._opening:
            if profile.id not in self._clients:
                self._clients[profile.id] = await self._open(profile)
            return self._clients[profile.id]

    async def connection_of(self, profile: ConnectionProfile) -> "Connection":
        """A profile with its secrets looked up, as the client takes it."""
        if profile.kind == "embedded":
            from playground.api.connection import ApiKey, Connection

            service = await self._start_embedded()
            return Connection(
                name=profile.name, kind="embedded", endpoint=service.url, credential=ApiKey(service.key)
            )
        return connection_from(profile, await resolve(profile, self.secrets))

    async def close(self) -> None:
        """End every client."""
        clients = [*self._clients.values(), *self._retired]
        self._clients.clear()
        self._retired.clear()
        for client in clients:
            with suppress(OSError):
                await client.close()

    async def _open(self, profile: ConnectionProfile) -> "AzureOpenAI":
        # Importing the client and making its TLS context take too long for a frame.
        client_class = await asyncio.to_thread(_client_class)
        return client_class(await self.connection_of(profile), on_exchange=self._on_exchange)

    def _drop(self, profile_id: str) -> None:
        if (client := self._clients.pop(profile_id, None)) is not None:
            self._retired.append(client)  # a request may still be running through it


def _client_class() -> "type[AzureOpenAI]":
    from playground.api.client import AzureOpenAI

    return AzureOpenAI


def connection_from(profile: ConnectionProfile, resolved: Resolved) -> "Connection":
    """A connection of the client's, from a profile and the secrets that belong to it."""
    from playground.api.connection import Connection

    manual = resolved.proxy.url.get_secret_value()
    return Connection(
        name=profile.name,
        kind="openai" if profile.kind == "openai" else "azure",
        endpoint=profile.endpoint,
        credential=_credential(profile, resolved),
        api_version=profile.api_version,
        headers={name: value.get_secret_value() for name, value in resolved.headers.items()},
        proxy=manual if resolved.proxy.mode == "manual" else resolved.proxy.mode,
        ca_file=profile.ca_file or None,
        connect_timeout=profile.connect_timeout,
        progress_timeout=profile.progress_timeout,
        max_retries=profile.max_retries,
    )


def _credential(profile: ConnectionProfile, resolved: Resolved) -> "Credential | None":
    from playground.api.connection import ApiKey, BearerToken

    if profile.kind == "entra" and not profile.key_reference:
        from playground.api.entra import entra_credential

        return entra_credential()
    if resolved.key is None:
        return None
    secret = resolved.key.get_secret_value()
    return ApiKey(secret) if profile.kind == "azure" else BearerToken(secret)
