"""Which processes have the history open, so that only rows of one that is gone are taken for abandoned."""

import contextlib
import uuid
from pathlib import Path

from playground.store.files import Lock, create_private, make_private


class Presence:
    """This process among those that write: a locked file for each, found unlocked when its owner is dead."""

    def __init__(self, folder: Path) -> None:
        self.token = uuid.uuid4().hex
        self._folder = folder
        self._lock = Lock(folder / self.token)

    def enter(self) -> None:
        """Be seen from now on. Raises ``OSError``, also when the folder cannot be written."""
        make_private(self._folder)
        create_private(self._folder / self.token)
        self._lock.take()

    def leave(self) -> None:
        """Be seen no longer."""
        self._lock.release()
        with contextlib.suppress(OSError):
            (self._folder / self.token).unlink()

    def others(self) -> set[str]:
        """The tokens of other processes that are alive; files of dead ones are removed."""
        alive = set()
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                if path.name != self.token and self._is_alive(path):
                    alive.add(path.name)
        return alive

    def _is_alive(self, path: Path) -> bool:
        lock = Lock(path)
        try:
            if not lock.take():
                return True
            lock.release()
            path.unlink()
        except OSError:
            return True  # what cannot be judged is left in peace
        return False
