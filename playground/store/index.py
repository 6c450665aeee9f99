"""Builds the search index anew: it can be lost without loss, for the texts are kept beside it."""

import sqlite3
from functools import cache

INDEXES = ("turn_index", "title_index")


def blames_index(error: BaseException | None) -> bool:
    """Whether SQLite failed because of what the index says of itself, and not because of the file."""
    if not isinstance(error, sqlite3.DatabaseError):
        return False
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_CORRUPT_VTAB:
        return True
    # A lost format number is an error without a code of its own; without any settings nothing can be built.
    return any(words in str(error) for words in ("invalid fts5 file format", "vtable constructor failed"))


def ensure_index(connection: sqlite3.Connection) -> None:
    """Build the index anew if it cannot be opened, for then no turn could be written either."""
    try:
        for index in INDEXES:
            connection.execute(f"SELECT rowid FROM {index} WHERE {index} MATCH 'a'").fetchone()
    except sqlite3.DatabaseError as error:
        if not blames_index(error):
            raise
        connection.execute("BEGIN IMMEDIATE")
        try:
            rebuild_index(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def rebuild_index(connection: sqlite3.Connection) -> None:
    """Make the index anew from the texts. To be called inside a transaction.

    The tables beneath it are first given what an empty index has: FTS5 itself refuses to mend the worst.
    """
    for index in INDEXES:
        for part, rows in _empty_index().items():
            connection.execute(f"DELETE FROM {index}_{part}")
            for row in rows:
                connection.execute(f"INSERT INTO {index}_{part} VALUES ({', '.join('?' * len(row))})", row)
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")


@cache
def _empty_index() -> dict[str, list[tuple[int | str | bytes, ...]]]:
    """What this version of SQLite keeps beneath an index with nothing in it."""
    model = sqlite3.connect(":memory:")
    try:
        model.execute("CREATE VIRTUAL TABLE model USING fts5 (text, content = '')")
        parts = ("config", "data", "docsize", "idx")
        return {part: model.execute(f"SELECT * FROM model_{part}").fetchall() for part in parts}
    finally:
        model.close()
