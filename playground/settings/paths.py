"""Where things are kept on this machine, also when there is no home or it cannot be written."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

OVERRIDE = "PLAYGROUND_HOME"


@dataclass(frozen=True)
class Folders:
    """The folders of one profile. ``notice`` is for the user, when they are not where they should be."""

    config: Path
    data: Path
    cache: Path
    logs: Path
    notice: str = ""

    @property
    def settings_file(self) -> Path:
        """Connections and preferences."""
        return self.config / "settings.json"

    @property
    def database(self) -> Path:
        """History."""
        return self.data / "history.sqlite3"

    def make(self) -> None:
        """Create what is missing, for this user alone. Raises ``OSError``."""
        for folder in (self.config, self.data, self.cache, self.logs):
            make_private(folder)


def make_private(folder: Path) -> None:
    """Create a folder that nobody else can enter (0700 whatever the umask). Raises ``OSError``."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.name == "posix" and folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


def folders(environ: Mapping[str, str] | None = None) -> Folders:
    """The folders to use, existing and writable; falls back to a temporary place and says so in ``notice``.

    ``PLAYGROUND_HOME`` puts everything beneath one folder.
    """
    environ = os.environ if environ is None else environ
    chosen = environ.get(OVERRIDE, "")
    wanted = _beneath(_expanded(chosen)) if chosen else _usual()
    reason = _unusable(wanted)
    if not reason:
        return wanted
    spare = Path(tempfile.mkdtemp(prefix="playground-"))
    notice = (
        f"The folder {wanted.config} cannot be used ({reason}). Settings and history are in {spare} for now "
        f"and may be gone when the computer restarts. Set {OVERRIDE} to a folder that can be written."
    )
    temporary = _beneath(spare, notice)
    temporary.make()
    return temporary


def _expanded(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:  # "~" without a home
        return Path(text)


def _beneath(root: Path, notice: str = "") -> Folders:
    root = root if root.is_absolute() else Path.cwd() / root
    return Folders(root, root / "data", root / "cache", root / "logs", notice)


def _usual() -> Folders:
    name = "playground"
    return Folders(
        platformdirs.user_config_path(name, appauthor=False),
        platformdirs.user_data_path(name, appauthor=False),
        platformdirs.user_cache_path(name, appauthor=False),
        platformdirs.user_log_path(name, appauthor=False),
    )


def _unusable(wanted: Folders) -> str:
    """Why these folders cannot be used, or nothing. Permissions do not tell: a file is written."""
    if not wanted.config.is_absolute() or wanted.config.parts[:1] == ("~",):
        return "there is no home folder"
    try:
        wanted.make()
        for folder in (wanted.config, wanted.data):
            with tempfile.TemporaryFile(dir=folder):
                pass
    except (OSError, ValueError) as error:
        return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
    return ""
