"""Where bytes are kept: under names of our own, never under a name that a client sent."""

import asyncio
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

FOLDERS = ("files", "parts", "temporary")
CHUNK = 1024 * 1024


class Contents:
    """Three folders (0700) of content files (0600) beside the database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.temporary = folder / "temporary"

    def open(self) -> None:
        """Make the folders, and empty the temporary one of what a killed process left."""
        for name in FOLDERS:
            path = self._folder / name
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.chmod(0o700)
        for left in self.temporary.iterdir():
            left.unlink()

    def file(self, identifier: str) -> Path:
        """The content of a file; ``identifier`` is one that the service made."""
        return self._folder / "files" / identifier

    def part(self, name: str) -> Path:
        """The content of an upload part, by its content name."""
        return self._folder / "parts" / name

    def new_temporary(self) -> Path:
        """A path in the temporary folder that nobody uses."""
        return self.temporary / secrets.token_hex(16)

    async def remove(self, paths: Iterable[Path]) -> None:
        """Delete content files; one that is gone already is no error."""
        await asyncio.to_thread(_unlink, tuple(paths))

    def sweep(self, folder: str, known: set[str]) -> None:
        """Delete what a crash left in a folder between writing a file and recording it."""
        _unlink(path for path in (self._folder / folder).iterdir() if path.name not in known)


def create(path: Path) -> int:
    """A new private file (0600 whatever the umask), as a descriptor open for writing."""
    return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)


async def adopt(temporary: Path, final: Path) -> None:
    """Move a finished temporary file to the place where it stays."""
    await asyncio.to_thread(temporary.rename, final)


def _unlink(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
