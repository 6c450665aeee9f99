"""Brings rows back from a backup or from a damaged file, without touching what is here."""

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playground.store.aside import copy_privately
from playground.store.connect import connect
from playground.store.errors import FileErrors
from playground.store.files import wal_of
from playground.store.text import safe

MOST_FAILURES = 2000  # queries that may hit damage before a table is given up
_CONVERSATION = (
    "id",
    "title",
    "settings_json",
    "created_at",
    "updated_at",
    "touched",
    "pinned",
    "trashed_at",
)
_TURN = (
    "id", "conversation_id", "parent_id", "role", "body_json", "text", "state", "meta_json", "selected",
    "created_at",
)  # fmt: skip
Row = dict[str, Any]


@dataclass(frozen=True)
class Restored:
    """How many rows came back."""

    conversations: int
    turns: int


def restore(connection: sqlite3.Connection, sources: list[Path]) -> Restored:
    """Add what these databases hold and this one lacks, each read from a private copy.

    A source that cannot be read gives what it can. To be called inside a transaction. What comes back stands
    below what is here.
    """
    conversations = turns = 0
    for source in sources:
        with tempfile.TemporaryDirectory(prefix="playground-history-") as folder:
            copy_privately([source, wal_of(source)], Path(folder))
            with (
                contextlib.suppress(*FileErrors),
                contextlib.closing(connect(Path(folder) / source.name)) as old,
            ):
                conversations += _bring_conversations(old, connection)
                turns += _bring_turns(old, connection)
                _bring_drafts(old, connection)
    return Restored(conversations, turns)


def _bring_conversations(old: sqlite3.Connection, new: sqlite3.Connection) -> int:
    rows = list(readable_rows(old, "conversations", _CONVERSATION))
    floor: int = new.execute("SELECT coalesce(min(touched), 1) FROM conversations").fetchone()[0]
    ceiling = max((row["touched"] for row in rows), default=0)
    count = 0
    for row in rows:
        count += _insert(new, "conversations", row | {"touched": row["touched"] - ceiling + floor - 1})
    return count


def _bring_turns(old: sqlite3.Connection, new: sqlite3.Connection) -> int:
    count = 0
    last: dict[str, str] = {}
    for row in readable_rows(old, "turns", _TURN):
        home, parent = row["conversation_id"], row["parent_id"]
        if not _has(new, "conversations", home):
            _insert(new, "conversations", _nameless(home, row["created_at"]))
        if parent is not None and not _has(new, "turns", parent):
            row["parent_id"] = last.get(home)  # the gap is closed: better a shorter thread than a lost end
        if row["state"] == "streaming":
            row["state"] = "incomplete"
        count += _insert(new, "turns", row)
        last[home] = row["id"]
    return count


def _bring_drafts(old: sqlite3.Connection, new: sqlite3.Connection) -> None:
    with contextlib.suppress(*FileErrors):
        for key, json, saved_at in old.execute("SELECT key, json, saved_at FROM drafts"):
            new.execute("INSERT OR IGNORE INTO drafts VALUES (?, ?, ?)", (safe(key), safe(json), saved_at))


def _nameless(identity: str, created_at: float) -> Row:
    values = (identity, "", "{}", created_at, created_at, 0, 0, None)
    return dict(zip(_CONVERSATION, values, strict=True))


def _has(connection: sqlite3.Connection, table: str, identity: str) -> bool:
    return connection.execute(f"SELECT 1 FROM {table} WHERE id = ?", (safe(identity),)).fetchone() is not None


def _insert(connection: sqlite3.Connection, table: str, row: Row) -> int:
    """Add a row unless its id is there; 1 or 0. A row that the schema refuses was damaged and is left out."""
    columns, marks = ", ".join(row), ", ".join("?" * len(row))
    values = [safe(value) if isinstance(value, str) else value for value in row.values()]
    try:
        return connection.execute(
            f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})", values
        ).rowcount
    except sqlite3.IntegrityError:
        return 0


def readable_rows(connection: sqlite3.Connection, table: str, columns: tuple[str, ...]) -> Iterator[Row]:
    """Every row that can be read, in order of ``seq``, going around damaged pages by halving the range."""
    query = f"SELECT {', '.join(columns)} FROM {table} WHERE seq BETWEEN ? AND ? ORDER BY seq"
    ranges = [(1, _highest(connection, table))]
    failures = 0
    while ranges and failures < MOST_FAILURES:
        low, high = ranges.pop()
        try:
            rows = connection.execute(query, (low, high)).fetchall()
        except FileErrors:
            failures += 1
            if low < high:
                middle = (low + high) // 2
                ranges += [(middle + 1, high), (low, middle)]
            continue
        yield from (dict(zip(columns, row, strict=True)) for row in rows if _is_whole(row))


def _highest(connection: sqlite3.Connection, table: str) -> int:
    for query in (f"SELECT max(seq) FROM {table}", f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'"):
        with contextlib.suppress(*FileErrors):
            row = connection.execute(query).fetchone()
            if row is not None and isinstance(row[0], int):
                return max(1, row[0])
    return 1


def _is_whole(row: tuple[Any, ...]) -> bool:
    return isinstance(row[0], str) and bool(row[0])
