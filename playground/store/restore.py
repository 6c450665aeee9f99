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
HEADER, PAGE = 100, 4096  # bytes of the file's header and of a page as this program makes them
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


def restore(connection: sqlite3.Connection, backup: Path, damaged: Path | None) -> Restored:
    """Add what a backup holds and this database lacks, then what a damaged original still gives.

    Both are read from private copies. To be called inside a transaction. What comes back stands below what is
    here. Raises ``sqlite3.Error`` and ``OSError`` when it cannot be written here.
    """
    found = [_bring_all(connection, backup)]
    if damaged is not None and damaged.is_file():
        found.append(_bring_all(connection, damaged))
        found += [_bring_all(connection, damaged, backup, length) for length in (HEADER, PAGE)]
    return Restored(sum(each.conversations for each in found), sum(each.turns for each in found))


def _bring_all(
    connection: sqlite3.Connection, source: Path, whole: Path | None = None, length: int = 0
) -> Restored:
    with tempfile.TemporaryDirectory(prefix="playground-history-") as folder:
        copy_privately([source, wal_of(source)], Path(folder))
        copy = Path(folder) / source.name
        if whole is not None:
            _graft(copy, whole, length)
        try:
            old = connect(copy)
        except FileErrors:
            return Restored(0, 0)
        with contextlib.closing(old):
            conversations = _bring_conversations(old, connection)
            turns = _bring_turns(old, connection)
            _bring_drafts(old, connection)
    return Restored(conversations, turns)


def _graft(copy: Path, whole: Path, length: int) -> None:
    """Give a copy the beginning of a sound file: without its header or first page SQLite reads nothing at all.

    A backup has its pages in the same places. The sizes in the header are cleared, so that the file's own count.
    """
    beginning = bytearray(whole.read_bytes()[:length])
    if len(beginning) < length:
        return
    beginning[18:20] = b"\x01\x01"  # no log: what is in it was tried before
    beginning[28:40] = bytes(12)
    with copy.open("r+b") as file:
        file.write(beginning)


def _bring_conversations(old: sqlite3.Connection, new: sqlite3.Connection) -> int:
    rows = [
        row for row in readable_rows(old, "conversations", _CONVERSATION) if isinstance(row["touched"], int)
    ]
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
    rows = []
    with contextlib.suppress(*FileErrors):
        rows = old.execute("SELECT key, json, saved_at FROM drafts").fetchall()
    for key, json, saved_at in rows:
        if isinstance(key, str) and isinstance(json, str) and isinstance(saved_at, float):
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
