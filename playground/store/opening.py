"""Opens a history whatever state its file is in: checks, migrates, moves aside, or falls back to reading."""

import contextlib
import logging
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playground.store.aside import copy_aside, copy_privately, move_aside
from playground.store.backups import Backup, Backups
from playground.store.connect import connect, use_log
from playground.store.errors import FileErrors, is_damage
from playground.store.examine import (
    NewerSchema,
    Unsound,
    check_schema,
    examine,
    examine_untouched,
    mend_indexes,
)
from playground.store.files import create_private, family, make_private, sync_folder, turnstile, wal_of
from playground.store.index import ensure_index
from playground.store.migrate import latest, migrate, version_of
from playground.store.presence import Presence
from playground.store.wal import LogState, judge

log = logging.getLogger(__name__)

Outcome = Literal[
    "ready", "created", "migrated", "missing", "recovered", "log-damaged", "newer", "read-only", "temporary"
]
_TITLES: dict[Outcome, str] = {
    "missing": "The history file is missing",
    "recovered": "The history file was damaged",
    "log-damaged": "The history was cut short",
    "newer": "The history is of a newer version",
    "read-only": "The history cannot be changed",
    "temporary": "The history cannot be opened",
}


@dataclass(frozen=True)
class Opening:
    """What was found on opening. ``notice`` is for the user, empty when all is well.

    ``kept`` is the folder with the damaged original; ``backup`` the newest copy, for ``Database.restore``.
    """

    outcome: Outcome
    notice: str = ""
    kept: Path | None = None
    backup: Backup | None = None

    @property
    def title(self) -> str:
        """A few words to put above the notice."""
        return _TITLES.get(self.outcome, "")

    @property
    def writable(self) -> bool:
        """Whether changes are possible at all; those of a temporary history are not kept."""
        return self.outcome not in ("newer", "read-only")


@dataclass
class Opened:
    """An open connection, and what must be given back when it is closed."""

    connection: sqlite3.Connection
    opening: Opening
    presence: Presence | None = None
    scratch: "tempfile.TemporaryDirectory[str] | None" = field(default=None, repr=False)

    def close(self) -> None:
        """Close the connection; what this process left growing is marked as incomplete."""
        with contextlib.suppress(sqlite3.Error):
            if self.presence is not None:
                settle_abandoned(self.connection, self.presence.others())
        self.connection.close()
        if self.presence is not None:
            self.presence.leave()
        if self.scratch is not None:
            self.scratch.cleanup()


def open_history(path: Path, clock: Callable[[], float] = time.time) -> Opened:
    """Open for writing, else a copy for reading, else an empty one in memory. Never raises for a bad file."""
    try:
        return _open_to_write(path, clock)
    except (*FileErrors, OSError, Unsound, NewerSchema) as error:
        log.warning("the history cannot be written: %s", error)
        reason = error
    try:
        return _open_to_read(path, reason)
    except (*FileErrors, OSError, Unsound) as error:
        log.warning("the history cannot be read: %s", error)
    connection = connect(":memory:")
    migrate(connection)
    text = (
        f"The history in {path.parent} cannot be opened ({_why(reason)}). What you do now will not be kept."
    )
    return Opened(connection, Opening("temporary", text))


def settle_abandoned(connection: sqlite3.Connection, alive: set[str]) -> int:
    """Mark the turns that a process which is gone was writing as incomplete; how many."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        marks = ", ".join("?" * len(alive))
        changed = connection.execute(
            "UPDATE turns SET state = 'incomplete', writer = NULL WHERE state = 'streaming' "
            f"AND (writer IS NULL OR writer NOT IN ({marks}))",
            list(alive),
        ).rowcount
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return changed


def _open_to_write(path: Path, clock: Callable[[], float]) -> Opened:
    make_private(path.parent)
    presence = Presence(path.parent / "writers")
    presence.enter()  # also the proof that this folder can be written
    try:
        with turnstile(path.parent / "opening.lock"):
            others = presence.others()
            backups = Backups(path.parent / "backups", clock)
            if not others:
                backups.sweep()
            alive = others | {presence.token}
            connection, opening = _sound_or_new(path, backups, others, alive, clock)
    except BaseException:
        presence.leave()
        raise
    return Opened(connection, opening, presence)


def _sound_or_new(
    path: Path, backups: Backups, others: set[str], alive: set[str], clock: Callable[[], float]
) -> tuple[sqlite3.Connection, Opening]:
    newest = next(iter(backups.all()), None)
    offer = f" A backup of {newest.date} can be brought back." if newest else ""
    try:
        kept = None if others else _keep_what_sqlite_would_lose(path, newest, clock)
        existed = path.exists()
        connection, outcome = _open_sound(path, backups, alive)
    except Unsound as flaw:
        if others:
            raise  # another window still uses it; moving the file away would divide them
        log.warning("the history is moved aside: %s", flaw)
        kept = move_aside(family(path), clock)
        connection, _ = _open_sound(path, backups, alive)
        text = f"It was moved, unchanged, to {kept}, and a new history was begun.{offer}"
        return connection, Opening("recovered", text, kept, newest)
    if kept is not None:
        text = f"What was written last may be missing. The files as they were are kept in {kept}.{offer}"
        return connection, Opening("log-damaged", text, kept, newest)
    if not existed and newest is not None:
        text = f"{path} is not there any more, so a new history was begun.{offer}"
        return connection, Opening("missing", text, None, newest)
    return connection, Opening(outcome)


def _keep_what_sqlite_would_lose(
    path: Path, newest: Backup | None, clock: Callable[[], float]
) -> Path | None:
    """Look at the files themselves: SQLite drops a bad log without a word, and takes an empty file for new.

    The folder with what is kept of a log with a loss, else None. Raises ``Unsound`` when the file is the loss.
    """
    wal = wal_of(path)
    strange = [each for each in family(path)[1:] if os.path.lexists(each) and not each.is_file()]
    if strange:
        place = move_aside(strange, clock)
        return place if wal in strange else None
    if os.path.lexists(path) and not path.is_file():
        raise Unsound("it is not a file")
    left = wal.exists() and wal.stat().st_size > 0
    if left and not path.exists():
        raise Unsound("only the log is left")
    if path.exists() and path.stat().st_size == 0 and (left or newest is not None):
        raise Unsound("the file is empty")
    state = judge(wal) if left else LogState.SOUND
    if state is LogState.TORN:
        with contextlib.suppress(OSError):
            copy_aside(path, clock)
    return copy_aside(path, clock) if state is LogState.DAMAGED else None


def _open_sound(path: Path, backups: Backups, alive: set[str]) -> tuple[sqlite3.Connection, Outcome]:
    """Open a file that holds up to examination, or a new one. Raises ``Unsound`` and what SQLite raises."""
    create_private(path)
    examined = examine_untouched(path)
    connection = connect(path)
    try:
        version = version_of(connection) if examined else examine(connection)
        use_log(connection)
        outcome: Outcome = "ready"
        if version < latest():
            outcome = "migrated" if version else "created"
            if version:
                backups.make(connection, "schema")
            migrate(connection)
            sync_folder(path.parent)
        check_schema(connection)
        mend_indexes(connection)
        ensure_index(connection)
        settle_abandoned(connection, alive)
    except BaseException as error:
        connection.close()
        if is_damage(error):
            raise Unsound(str(error)) from error
        raise
    return connection, outcome


def _open_to_read(path: Path, reason: Exception) -> Opened:
    """Open a private copy: SQLite cannot read a database with a log from a folder that it cannot write."""
    if not path.is_file() or path.stat().st_size == 0:
        raise Unsound("there is nothing to read")
    scratch = tempfile.TemporaryDirectory(prefix="playground-history-")
    newer = isinstance(reason, NewerSchema)
    try:
        copy_privately([path, wal_of(path)], Path(scratch.name))
        connection = connect(Path(scratch.name) / path.name)
        try:
            if not newer:
                if examine(connection) < latest():
                    migrate(connection)
                    check_schema(connection)
                ensure_index(connection)
            connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
    except BaseException as error:
        scratch.cleanup()
        if isinstance(error, NewerSchema):
            raise Unsound(str(error)) from error
        raise
    text = f"The history in {path.parent} can be read but not changed: {_why(reason)}."
    if newer:
        text = "It was written by a newer version of this program, so it can be read but not changed here."
    return Opened(connection, Opening("newer" if newer else "read-only", text), None, scratch)


def _why(error: Exception) -> str:
    if isinstance(error, OSError):
        return (error.strerror or type(error).__name__).lower()
    return str(error)
