"""Brings a database to the newest schema: numbered SQL files, all of them or none."""

import sqlite3
from functools import cache
from importlib.resources import files

APPLICATION_ID = 0x504C4159  # "PLAY"


@cache
def migrations() -> tuple[tuple[str, ...], ...]:
    """The statements of each migration; the first brings an empty database to version 1."""
    folder = files(__package__) / "migrations"
    scripts = sorted(
        (each for each in folder.iterdir() if each.name.endswith(".sql")), key=lambda each: each.name
    )
    return tuple(tuple(_statements(script.read_text(encoding="utf-8"))) for script in scripts)


def latest() -> int:
    """The version that this program writes."""
    return len(migrations())


def version_of(connection: sqlite3.Connection) -> int:
    """The version of a database; 0 when it is new."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def migrate(connection: sqlite3.Connection, to: int | None = None) -> None:
    """Run what is missing in one transaction: a kill leaves the old schema or the new, nothing between."""
    target = latest() if to is None else to
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number in range(version_of(connection), target):
            for statement in migrations()[number]:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {max(target, version_of(connection))}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _statements(script: str) -> list[str]:
    """Split at the ends of statements; a trigger has semicolons inside, which SQLite itself can tell."""
    found, current = [], ""
    for line in script.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            found.append(current.strip())
            current = ""
    return found
