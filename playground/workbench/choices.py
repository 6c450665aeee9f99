"""The user's settings while the program runs: read at once, written soon, and heard by whoever shows them."""

import asyncio
from collections.abc import Callable
from typing import Any

from playground.settings.file import Settings, SettingsFile
from playground.settings.preferences import Preferences
from playground.settings.profiles import ConnectionProfile
from playground.tasks import TaskScope

Listener = Callable[[], None]
WRITE_AFTER_SECONDS = 0.3


class Listeners:
    """Functions to call when something changed; each can be taken back."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def add(self, listener: Listener) -> Callable[[], None]:
        """Call this from now on; the returned function ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def call(self) -> None:
        """Tell everybody."""
        for listener in list(self._listeners):
            listener()


class Choices:
    """Holds the settings, replaces them when something changes, and writes them off the GUI thread."""

    def __init__(self, file: SettingsFile, settings: Settings, tasks: TaskScope) -> None:
        self._file = file
        self._settings = settings
        self._written = settings
        self._tasks = tasks
        self.changed = Listeners()

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self._settings

    @property
    def preferences(self) -> Preferences:
        """Theme, zoom, what was in front."""
        return self._settings.preferences

    def prefer(self, **changes: Any) -> None:
        """Change preferences by name."""
        if any(getattr(self.preferences, name) != value for name, value in changes.items()):
            self._replace(self._settings.with_preferences(**changes))

    def save_profile(self, profile: ConnectionProfile) -> None:
        """Add a connection or replace the one with its id."""
        self._replace(self._settings.with_profile(profile))

    def remove_profile(self, profile_id: str) -> None:
        """Forget a connection; its secrets are the caller's to delete."""
        self._replace(self._settings.without_profile(profile_id))

    async def flush(self) -> None:
        """Write now what is not yet on disk. Raises ``SettingsNotSaved``."""
        while self._written is not self._settings:
            settings = self._settings
            await self._file.write(settings)
            self._written = settings

    def _replace(self, settings: Settings) -> None:
        self._settings = settings
        self._tasks.start(self._write_soon(), key="write settings")
        self.changed.call()

    async def _write_soon(self) -> None:
        await asyncio.sleep(WRITE_AFTER_SECONDS)
        await self.flush()
