"""Finds conversations by what was said in them; any text is a safe question."""

import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from playground.store.database import Database
from playground.store.text import safe

MOST_CHARACTERS = 400
MOST_WORDS = 16
SNIPPET_WORDS = 16
SNIPPET_CHARACTERS = 120
_OPEN, _CLOSE = "\x02", "\x03"
_MARK = re.compile("[\x02\x03]")
# Scripts without spaces between words: the index holds whole runs of them, so these are sought as they stand.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)

_FROM_INDEX = (
    "SELECT t.conversation_id, t.id, c.title, t.role, t.created_at, "
    f"snippet(turn_index, 0, char(2), char(3), '…', {SNIPPET_WORDS}) "
    "FROM turn_index JOIN turns t ON t.seq = turn_index.rowid "
    "JOIN conversations c ON c.id = t.conversation_id "
    "WHERE turn_index MATCH ? AND c.trashed_at IS NULL ORDER BY turn_index.rowid DESC LIMIT ?"
)
_FROM_TITLES = (
    "SELECT c.id, NULL, c.title, '', c.created_at, highlight(title_index, 0, char(2), char(3)) "
    "FROM title_index JOIN conversations c ON c.seq = title_index.rowid "
    "WHERE title_index MATCH ? AND c.trashed_at IS NULL ORDER BY c.touched DESC LIMIT ?"
)
_FROM_TEXTS = (
    "SELECT t.conversation_id, t.id, c.title, t.role, t.created_at, t.text "
    "FROM turns t JOIN conversations c ON c.id = t.conversation_id "
    "WHERE instr(t.text, ?) AND t.state <> 'streaming' AND c.trashed_at IS NULL ORDER BY t.seq DESC LIMIT ?"
)
_FROM_TITLE_TEXTS = (
    "SELECT id, NULL, title, '', created_at, title FROM conversations "
    "WHERE instr(title, ?) AND trashed_at IS NULL ORDER BY touched DESC LIMIT ?"
)


@dataclass(frozen=True)
class Hit:
    """One place where the words stand; a hit in a title has no turn.

    ``marks`` are the ``(start, end)`` of the found words in ``snippet``, which is plain text.
    """

    conversation_id: str
    turn_id: str | None
    title: str
    role: str
    created_at: float
    snippet: str
    marks: tuple[tuple[int, int], ...]

    def marked(self, before: str = "[", after: str = "]") -> str:
        """The snippet with the found words set between two marks."""
        text = self.snippet
        for start, end in reversed(self.marks):
            text = f"{text[:start]}{before}{text[start:end]}{after}{text[end:]}"
        return text


class Search:
    """Questions to the index of titles and turns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def search(self, text: str, limit: int = 50) -> list[Hit]:
        """Where all these words stand: titles first, then turns, the newest first; nothing from the trash.

        The last word may be the beginning of one; words between quotation marks must follow each other.
        """
        asked = text[:MOST_CHARACTERS].strip()
        if not asked or limit <= 0:
            return []
        words = match_expression(asked)
        literal = not words or _UNSPACED.search(asked) is not None

        def work(connection: sqlite3.Connection) -> list[Hit]:
            if literal:
                return _look(connection, (_FROM_TITLE_TEXTS, _FROM_TEXTS), safe(asked), limit, asked)
            return _look(connection, (_FROM_TITLES, _FROM_INDEX), words, limit, None)

        return await self._database.read(work)


def match_expression(text: str) -> str:
    """An FTS5 expression for what a person typed, every word quoted; empty when there is no word in it."""
    phrases = [phrase for phrase in _phrases(text) if any(_is_word(each) for each in phrase)]
    if not phrases:
        return ""
    quoted = ['"' + safe(phrase).replace('"', '""') + '"' for phrase in phrases[:MOST_WORDS]]
    if len(phrases) <= MOST_WORDS and not text.endswith('"'):
        quoted[-1] += " *"
    return " AND ".join(quoted)


def _phrases(text: str) -> Iterator[str]:
    for index, part in enumerate(text.split('"')):
        if index % 2:
            yield part
        else:
            yield from part.split()


def _is_word(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LN" or category == "Co"


def _look(
    connection: sqlite3.Connection, queries: tuple[str, ...], asked: str, limit: int, literal: str | None
) -> list[Hit]:
    hits: list[Hit] = []
    for query in queries:
        for row in connection.execute(query, (asked, limit - len(hits))):
            home, turn, title, role, created_at, found = row
            snippet, marks = _unmarked(found) if literal is None else _around(found, literal)
            hits.append(Hit(home, turn, title, role, created_at, snippet, marks))
        if len(hits) >= limit:
            break
    return hits


def _unmarked(found: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Take the marks out. A text that holds such control characters itself has no marks, but is shown."""
    starts: list[int] = []
    ends: list[int] = []
    for removed, mark in enumerate(_MARK.finditer(found)):
        (starts if mark[0] == _OPEN else ends).append(mark.start() - removed)
    marks = tuple(zip(starts, ends, strict=False))
    sound = len(starts) == len(ends) and all(start < end for start, end in marks)
    return _MARK.sub("", found), marks if sound else ()


def _around(text: str, asked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The part of a text around what was asked for."""
    at = max(text.find(asked), 0)
    start = max(at - SNIPPET_CHARACTERS // 3, 0)
    end = min(max(start + SNIPPET_CHARACTERS, at + len(asked)), len(text))
    head, tail = "…" if start else "", "…" if end < len(text) else ""
    begin = at - start + len(head)
    return head + text[start:end] + tail, ((begin, begin + len(asked)),)
