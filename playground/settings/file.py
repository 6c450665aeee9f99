"""The settings file: read whatever is there, never lose what cannot be read, write all or nothing."""

import asyncio
import contextlib
import hashlib
import json
import os
import stat
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from playground.settings.paths import make_private
from playground.settings.preferences import Preferences
from playground.settings.profiles import (
    EMBEDDED_ID,
    ENVIRONMENT_ID,
    ConnectionProfile,
    embedded_profile,
    environment_profile,
)
from playground.settings.salvage import salvage_settings

VERSION = 1
LARGEST_FILE = 8 * 1024 * 1024
_FROM_ENVIRONMENT = ("kind", "endpoint", "api_version", "key_reference")


class SettingsNotSaved(OSError):
    """The settings could not be written; what was on disk before is still there."""


@dataclass(frozen=True)
class Notice:
    """Something about the settings that the user should hear of."""

    title: str
    text: str


class Settings(BaseModel):
    """Everything in the settings file. Change it by the ``with_…`` methods, which return a new one."""

    model_config = ConfigDict(extra="allow", frozen=True)

    version: int = VERSION
    connections: list[ConnectionProfile] = Field(default_factory=list)
    preferences: Preferences = Field(default_factory=Preferences)

    def profiles(self, environ: Mapping[str, str] | None = None) -> list[ConnectionProfile]:
        """All connections to choose from: this computer first, the saved ones, then the environment's."""
        saved = {profile.id: profile for profile in self.connections}
        offered = environment_profile(environ)
        embedded = saved.pop(EMBEDDED_ID, None) or embedded_profile()
        kept = saved.get(ENVIRONMENT_ID)
        if offered is not None and kept is not None:
            now = {name: getattr(offered, name) for name in _FROM_ENVIRONMENT}
            saved[ENVIRONMENT_ID] = kept.model_copy(update=now)
        elif offered is not None:
            saved[ENVIRONMENT_ID] = offered
        return [embedded, *saved.values()]

    def profile(self, profile_id: str, environ: Mapping[str, str] | None = None) -> ConnectionProfile | None:
        """One connection by its id, or None."""
        return next((p for p in self.profiles(environ) if p.id == profile_id), None)

    def with_profile(self, profile: ConnectionProfile) -> "Settings":
        """With this connection in the place of the one of the same id, or at the end."""
        known = any(p.id == profile.id for p in self.connections)
        changed = [profile if p.id == profile.id else p for p in self.connections]
        return self.model_copy(update={"connections": changed if known else [*changed, profile]})

    def without_profile(self, profile_id: str) -> "Settings":
        """Without this connection."""
        return self.model_copy(update={"connections": [p for p in self.connections if p.id != profile_id]})

    def with_preferences(self, **changes: object) -> "Settings":
        """With these preferences. Raises ``ValidationError`` for a value that is not allowed."""
        checked = Preferences.model_validate({**self.preferences.model_dump(), **changes})
        return self.model_copy(update={"preferences": checked})


class SettingsFile:
    """One settings file. Loading never raises and leaves its remarks in ``notices``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notices: list[Notice] = []
        self._order = threading.Lock()
        self._asked = 0
        self._written = 0

    def load(self) -> Settings:
        """What the file says as far as it can be understood; a bad one is kept under another name."""
        self.notices = []
        try:
            raw = self._read()
        except FileNotFoundError:
            return Settings()
        except OSError as error:
            return self._start_afresh(f"it could not be read: {error.strerror or type(error).__name__}")
        if isinstance(raw, str):
            return self._start_afresh(raw)
        try:
            document = json.loads(raw.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            return self._start_afresh("it is empty" if not raw.strip() else "it is damaged")
        if not isinstance(document, dict):
            return self._start_afresh("it does not hold settings")
        return self._understand(document, raw)

    def save(self, settings: Settings) -> None:
        """Write the file, all or nothing, readable by this user alone. Raises ``SettingsNotSaved``."""
        self._asked += 1
        self._replace(self._asked, _serialized(settings))

    async def write(self, settings: Settings) -> None:
        """On a worker thread; an older call never overtakes a newer one. Raises ``SettingsNotSaved``."""
        self._asked += 1
        await asyncio.to_thread(self._replace, self._asked, _serialized(settings))

    def _read(self) -> bytes | str:
        """The bytes of the file, or the reason why they are not worth reading."""
        status = self.path.stat()
        if not stat.S_ISREG(status.st_mode):
            return "it is not a file"
        if status.st_size > LARGEST_FILE:
            return f"it is far too large ({status.st_size // 1_000_000} MB)"
        with self.path.open("rb") as file:
            return file.read(LARGEST_FILE)

    def _understand(self, document: dict[str, Any], raw: bytes) -> Settings:
        version = document.get("version")
        newer = isinstance(version, int) and not isinstance(version, bool) and version > VERSION
        found, problems = salvage_settings(document)
        if newer:
            kept = self._keep_copy(raw)
            text = f"What this version understands is used. The file as it was is kept as {kept}."
            self.notices.append(Notice("The settings were written by a newer version", text))
        if problems:
            kept = self._keep_copy(raw)
            text = f"Defaults are used for: {', '.join(problems)}. The file as it was is kept as {kept}."
            self.notices.append(Notice("Part of the settings could not be used", text))
        extra = {name: value for name, value in document.items() if name not in Settings.model_fields}
        # Validated already, entry by entry; constructing again would copy every entry once more.
        return Settings.model_construct(
            version=VERSION, connections=found.connections, preferences=found.preferences, **extra
        )

    def _start_afresh(self, reason: str) -> Settings:
        kept = self._free_name(time.strftime("%Y%m%d-%H%M%S"))
        try:
            self.path.rename(kept)
            text = f"The settings file was set aside because {reason}. It is kept as {kept.name}; "
        except OSError:
            text = (
                f"The settings file {self.path} could not be used because {reason}; it was left where it is. "
            )
        text += "this start uses defaults. Keys in the keyring are untouched."
        self.notices.append(Notice("Starting with fresh settings", text))
        return Settings()

    def _keep_copy(self, raw: bytes) -> str:
        """Copy it under a name made of its content, so that the next start does not make another copy."""
        kept = self._kept_name(hashlib.sha256(raw).hexdigest()[:10])
        if not kept.exists():
            with contextlib.suppress(OSError):
                _write_atomically(kept, raw)
        return kept.name if kept.exists() else f"{self.path.name} (a copy could not be made)"

    def _kept_name(self, mark: str) -> Path:
        return self.path.with_name(f"{self.path.stem}.kept-{mark}{self.path.suffix}")

    def _free_name(self, mark: str) -> Path:
        for number in range(1, 1000):
            suffix = "" if number == 1 else f"-{number}"
            name = self._kept_name(f"{mark}{suffix}")
            if not os.path.lexists(name):
                return name
        return name

    def _replace(self, number: int, content: bytes) -> None:
        with self._order:
            if number < self._written:
                return
            try:
                make_private(self.path.parent)
                _write_atomically(self.path, content)
            except OSError as error:
                raise SettingsNotSaved(error.errno, error.strerror or str(error), str(self.path)) from error
            self._written = number


def _serialized(settings: Settings) -> bytes:
    document = {**settings.model_dump(), "version": VERSION}
    return (json.dumps(document, indent=2) + "\n").encode("ascii")


def _write_atomically(path: Path, content: bytes) -> None:
    """A temporary file beside it, flushed, then renamed over it; a symbolic link stays one."""
    target = Path(os.path.realpath(path))
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)  # created 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    if os.name == "posix":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
