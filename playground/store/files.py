"""Files that nobody else may read, and locks that die with their process."""

import contextlib
import errno
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

WAIT_SECONDS = 30.0
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP}  # a file system without locks: as if alone


def make_private(folder: Path) -> None:
    """Create a folder that nobody else can enter (0700 whatever the umask). Raises ``OSError``."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _restrict(folder)


def create_private(path: Path) -> None:
    """Create an empty file that nobody else can read, unless it is there. Raises ``OSError``.

    An existing file is not opened: closing it would drop the locks that SQLite holds on it in this process.
    """
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    _restrict(path)


def _restrict(path: Path) -> None:
    mode = path.stat().st_mode & 0o7777
    if os.name == "posix" and mode & 0o077:
        with contextlib.suppress(PermissionError):  # some file systems have one mode for everything
            path.chmod(mode & ~0o077)


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def family(path: Path) -> list[Path]:
    """A database and the files that SQLite keeps beside it, whether or not they exist."""
    return [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))]


def wal_of(path: Path) -> Path:
    """The write-ahead log of a database."""
    return path.with_name(path.name + "-wal")


class Lock:
    """A file held locked by this process; the system lets go of it however the process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def take(self, seconds: float = 0.0) -> bool:
        """Whether the lock could be had within so many seconds. Raises ``OSError``."""
        create_private(self._path)
        self._file = self._path.open("r+b")
        give_up = time.monotonic() + seconds
        while not _lock(self._file):
            if time.monotonic() >= give_up:
                self.release()
                return False
            time.sleep(0.02)
        return True

    def release(self) -> None:
        """Let go; the file stays."""
        if self._file is not None:
            self._file.close()
            self._file = None


@contextlib.contextmanager
def turnstile(path: Path) -> Iterator[None]:
    """One process at a time; after ``WAIT_SECONDS`` in front of a stuck one, go on without."""
    lock = Lock(path)
    lock.take(WAIT_SECONDS)
    try:
        yield
    finally:
        lock.release()


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(file: IO[bytes]) -> bool:
        # flock, not lockf: a lock of this kind is also seen by another handle of the same process.
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
        return True
