"""What survives a restart: one SQLite file behind one thread, so that the serving loop never waits."""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")

MIGRATIONS = (
    """
    CREATE TABLE files (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        bytes INTEGER NOT NULL,
        filename TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        purpose TEXT NOT NULL,
        status TEXT NOT NULL,
        status_details TEXT,
        deleted INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE uploads (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        bytes INTEGER NOT NULL,
        filename TEXT NOT NULL,
        mime_type TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        purpose TEXT NOT NULL,
        status TEXT NOT NULL,
        file_id TEXT
    ) STRICT;
    CREATE TABLE parts (
        id TEXT PRIMARY KEY,
        upload_id TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        content TEXT NOT NULL
    ) STRICT;
    CREATE INDEX parts_by_upload ON parts (upload_id);
    CREATE TABLE batches (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        status TEXT NOT NULL,
        input_file_id TEXT NOT NULL,
        total INTEGER NOT NULL DEFAULT 0,
        completed INTEGER NOT NULL DEFAULT 0,
        failed INTEGER NOT NULL DEFAULT 0,
        document TEXT NOT NULL
    ) STRICT;
    CREATE TABLE results (
        batch_id TEXT NOT NULL,
        line INTEGER NOT NULL,
        failed INTEGER NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (batch_id, line)
    ) STRICT, WITHOUT ROWID;
    """,
)


class StateInUseError(RuntimeError):
    """Another service already works on this folder."""


class State:
    """The database ``state.sqlite3``; ``run`` executes a function in a transaction on its one thread.

    The lock is exclusive for the life of the process: two services on one folder would run each batch twice.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "state.sqlite3"
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="state")
        self._connection: sqlite3.Connection | None = None

    async def open(self) -> None:
        """Open and migrate; raises ``StateInUseError`` when another process holds the folder."""
        await self._on_thread(self._open)

    async def close(self) -> None:
        """Close the database and end its thread."""
        await self._on_thread(self._close)
        self._thread.shutdown()

    async def run(self, function: Callable[[sqlite3.Connection], Result]) -> Result:
        """The result of ``function(connection)``; all that it wrote is kept, or nothing if it raises."""
        return await self._on_thread(lambda: self._transact(function))

    async def _on_thread(self, function: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function)

    def _open(self) -> None:
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        self._path.chmod(0o600)
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=0.5, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        try:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("COMMIT")
            _migrate(connection)
        except sqlite3.OperationalError as error:
            connection.close()
            raise StateInUseError(f"{self._path} cannot be opened: {error}") from error
        self._connection = connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _transact(self, function: Callable[[sqlite3.Connection], Result]) -> Result:
        if self._connection is None:
            raise RuntimeError("the state is not open")
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            result = function(self._connection)
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
        return result


def _migrate(connection: sqlite3.Connection) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    for number, script in enumerate(MIGRATIONS[version:], version + 1):
        connection.executescript(f"BEGIN; {script} PRAGMA user_version={number}; COMMIT;")
