"""Makes a connection to a database the way this room wants it."""

import sqlite3
import time
from pathlib import Path

from playground.store.text import plain

BUSY_SECONDS = 5.0
LARGEST_LOG = 16 * 1024 * 1024  # bytes that the write-ahead log keeps after a checkpoint


def connect(path: Path | str, *, uri: bool = False) -> sqlite3.Connection:
    """A connection without implicit transactions, usable in this thread. Raises ``sqlite3.Error``."""
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, uri=uri)
    connection.text_factory = plain
    for pragma in (
        "foreign_keys = ON",
        "cell_size_check = ON",
        "temp_store = MEMORY",  # so that no temporary file lies about
        "secure_delete = FAST",
        "fullfsync = ON",  # macOS: a sync that means it
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def use_log(connection: sqlite3.Connection) -> None:
    """Turn write-ahead logging on; another process that does so at this moment is waited for."""
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            # SQLite does not ask its busy handler while the mode is being changed.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
    connection.execute(f"PRAGMA journal_size_limit = {LARGEST_LOG}")
    connection.execute("PRAGMA synchronous = FULL")
