"""Looks whether a database is sound and ours, and mends what can be mended without any loss."""

import contextlib
import logging
import sqlite3
from functools import cache
from pathlib import Path

from playground.store.connect import connect
from playground.store.errors import FileErrors, is_damage, primary_code
from playground.store.migrate import APPLICATION_ID, latest, migrate, version_of

log = logging.getLogger(__name__)

VERSION_LIMIT = 1000  # a higher version is no newer program but a damaged header
THOROUGH_BYTES = 32 * 1024 * 1024  # up to here every index is compared with its table: some tens of ms


class Unsound(Exception):
    """The file is there, but it is no history that can be used."""


class NewerSchema(Exception):
    """The file was written by a newer version of the program."""


def examine_untouched(path: Path) -> bool:
    """Look at a file through a connection that cannot write, so that a damaged one stays as it is.

    An ordinary connection writes a left log into the file when it is closed. Whether it could be examined so:
    not when a new one is empty, or when a change must be rolled back first. Raises ``Unsound``, ``NewerSchema``
    and what SQLite raises.
    """
    if path.stat().st_size == 0:
        return False
    try:
        with contextlib.closing(connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            examine(connection)
    except FileErrors as error:
        if primary_code(error) == sqlite3.SQLITE_READONLY:
            return False
        if is_damage(error):
            raise Unsound(str(error)) from error
        raise
    return True


def examine(connection: sqlite3.Connection) -> int:
    """The version of a database that is sound and ours. Raises ``Unsound``, ``NewerSchema``."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = version_of(connection)
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if tables or version or application:
        if application != APPLICATION_ID or not 0 < version < VERSION_LIMIT:
            raise Unsound("it is a database of something else")
        if (verdict := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise Unsound(verdict.splitlines()[-1])
    if version > latest():
        raise NewerSchema(f"version {version}, this program knows {latest()}")
    if version == latest():
        check_schema(connection)
        connection.execute("SELECT count(*) FROM turns WHERE state = 'streaming'").fetchone()
    return version


@cache
def _expected_schema() -> frozenset[tuple[str, str]]:
    model = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(model)
        return frozenset(_schema(model))
    finally:
        model.close()


def _schema(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    rows = connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
    # What FTS5 makes beneath an index is its own affair and may change with its version.
    return [row for row in rows if not row[0].startswith(("turn_index_", "title_index_", "sqlite_"))]


def check_schema(connection: sqlite3.Connection) -> None:
    if wrong := _expected_schema() ^ frozenset(_schema(connection)):
        raise Unsound(f"its schema is not ours: {sorted({name for name, _ in wrong})}")


def mend_indexes(connection: sqlite3.Connection) -> None:
    """Compare the indexes with their tables and build them anew when they differ. Raises ``Unsound``.

    A quick check does not see this. In a large history it would take seconds, so there only the list of
    conversations is compared, and the rest is mended when it fails (``Database.run``).
    """
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    size = pages * connection.execute("PRAGMA page_size").fetchone()[0]
    check = "PRAGMA integrity_check(1)" if size <= THOROUGH_BYTES else "PRAGMA integrity_check(conversations)"
    if connection.execute(check).fetchone()[0] == "ok":
        return
    log.warning("the indexes of the history are damaged and built anew")
    try:
        connection.execute("REINDEX")
    except sqlite3.IntegrityError as error:
        raise Unsound(str(error)) from error
    if (verdict := connection.execute(check).fetchone()[0]) != "ok":
        raise Unsound(verdict.splitlines()[-1])
