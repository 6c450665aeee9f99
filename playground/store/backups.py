"""Copies of the history: one a day and one before each change of schema, numbered, for clocks mislead."""

import contextlib
import os
import re
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playground.store.connect import connect
from playground.store.files import create_private, make_private, sync_folder

KEPT = {"daily": 7, "schema": 3}
PAGES_AT_ONCE = 2048
_NAME = re.compile(r"history-(\d{6,})-(daily|schema)-(\d{8})\.sqlite3")


class BackupStopped(Exception):
    """The backup was given up because the program ends."""


@dataclass(frozen=True, order=True)
class Backup:
    """One copy; a higher number is a newer one. ``day`` is what the clock said, as in 20261003."""

    number: int
    kind: str
    day: str
    path: Path

    @property
    def date(self) -> str:
        """The day for people: 2026-10-03."""
        return f"{self.day[:4]}-{self.day[4:6]}-{self.day[6:]}"


class Backups:
    """The folder of backups beside a database."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self.folder = folder
        self._clock = clock

    def all(self) -> list[Backup]:
        """Every backup, newest first."""
        found = []
        with contextlib.suppress(OSError):
            for path in self.folder.iterdir():
                if (name := _NAME.fullmatch(path.name)) and path.is_file():
                    found.append(Backup(int(name[1]), name[2], name[3], path))
        return sorted(found, reverse=True)

    def due(self) -> bool:
        """Whether the newest daily backup is of another day than today, be that earlier or later."""
        newest = next((each for each in self.all() if each.kind == "daily"), None)
        return newest is None or newest.day != self._day()

    def make(
        self, source: sqlite3.Connection, kind: str, stopping: Callable[[], bool] = lambda: False
    ) -> Backup:
        """Copy the database through SQLite's own backup, then drop what is too old.

        The copy gets its name when it is whole and on disk. Raises ``OSError``, ``sqlite3.Error`` and
        ``BackupStopped``.
        """
        make_private(self.folder)
        number = max((each.number for each in self.all()), default=0) + 1
        path = self.folder / f"history-{number:06d}-{kind}-{self._day()}.sqlite3"
        part = path.with_suffix(f".{os.getpid()}.part")
        create_private(part)
        try:
            copy(source, part, stopping)
            part.replace(path)
            sync_folder(self.folder)
        finally:
            part.unlink(missing_ok=True)
        self._drop_old()
        return Backup(number, kind, self._day(), path)

    def sweep(self) -> None:
        """Remove what killed processes left half made. Only while nobody else uses the history."""
        with contextlib.suppress(OSError):
            for path in self.folder.glob("*.part*"):
                path.unlink(missing_ok=True)

    def _drop_old(self) -> None:
        for kind, count in KEPT.items():
            for old in [each for each in self.all() if each.kind == kind][count:]:
                with contextlib.suppress(OSError):
                    old.path.unlink()

    def _day(self) -> str:
        return time.strftime("%Y%m%d", time.localtime(self._clock()))


def copy(source: sqlite3.Connection, path: Path, stopping: Callable[[], bool] = lambda: False) -> None:
    """Copy a database into an empty file, as one file without a log beside it, synced.

    The read transaction holds the state of one moment, so that writers cannot make the copy begin again.
    """

    def check(_status: int, _remaining: int, _total: int) -> None:
        if stopping():
            raise BackupStopped

    target = connect(path)
    own_transaction = not source.in_transaction
    try:
        if own_transaction:
            source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        source.backup(target, pages=PAGES_AT_ONCE, progress=check)
        target.execute("PRAGMA journal_mode = DELETE")
    finally:
        if own_transaction and source.in_transaction:
            source.execute("ROLLBACK")
        target.close()
    with path.open("rb+") as file:
        os.fsync(file.fileno())
