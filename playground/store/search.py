"""Finds conversations by what was said in them; any text is a safe question."""

import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from playground.store.database import Database
from playground.store.snippets import Marks, literal_pattern, snippet, words_pattern
from playground.store.text import safe

MOST_CHARACTERS = 400
MOST_WORDS = 16
MOST_TEXT = 100_000  # characters of a turn that are looked through for a snippet
MOST_TITLE = 400
# Scripts without spaces between words: the index holds whole runs of them, so these are sought as they stand.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_TURNS = f"SELECT t.conversation_id, t.id, c.title, t.role, t.created_at, substr(t.text, 1, {MOST_TEXT}) "
_TITLES = f"SELECT c.id, NULL, c.title, '', c.created_at, substr(c.title, 1, {MOST_TITLE}) "
_TURNS_IN_INDEX = _TURNS + (
    "FROM turn_index JOIN turns t ON t.seq = turn_index.rowid "
    "JOIN conversations c ON c.id = t.conversation_id "
    "WHERE turn_index MATCH ? AND c.trashed_at IS NULL ORDER BY turn_index.rowid DESC LIMIT ?"
)
_TITLES_IN_INDEX = _TITLES + (
    "FROM title_index JOIN conversations c ON c.seq = title_index.rowid "
    "WHERE title_index MATCH ? AND c.trashed_at IS NULL ORDER BY c.touched DESC LIMIT ?"
)
_TURNS_AS_THEY_STAND = _TURNS + (
    "FROM turns t JOIN conversations c ON c.id = t.conversation_id "
    "WHERE instr(t.text, ?) AND t.state <> 'streaming' AND c.trashed_at IS NULL ORDER BY t.seq DESC LIMIT ?"
)
_TITLES_AS_THEY_STAND = _TITLES + (
    "FROM conversations c WHERE instr(c.title, ?) AND c.trashed_at IS NULL ORDER BY c.touched DESC LIMIT ?"
)


@dataclass(frozen=True)
class Hit:
    """One place where the words stand; a hit in a title has no turn.

    ``marks`` are the ``(start, end)`` of the found words in ``snippet``, which is plain text on one line.
    """

    conversation_id: str
    turn_id: str | None
    title: str
    role: str
    created_at: float
    snippet: str
    marks: Marks

    def marked(self, before: str = "[", after: str = "]") -> str:
        """The snippet with the found words set between two marks."""
        text = self.snippet
        for start, end in reversed(self.marks):
            text = f"{text[:start]}{before}{text[start:end]}{after}{text[end:]}"
        return text


@dataclass(frozen=True)
class _Question:
    """What is asked of the database, and how to find the words again in what it answers."""

    value: str
    titles: str
    turns: str
    pattern: re.Pattern[str]


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
        question = _question(asked)

        def work(connection: sqlite3.Connection) -> list[Hit]:
            hits: list[Hit] = []
            for query in (question.titles, question.turns):
                for row in connection.execute(query, (question.value, limit - len(hits))):
                    hits.append(_hit(row, question.pattern))
            return hits

        return await self._database.read(work)


def match_expression(text: str) -> str:
    """An FTS5 expression for what a person typed, every word quoted; empty when there is no word in it."""
    phrases = phrases_of(text)
    if not phrases:
        return ""
    quoted = ['"' + safe(phrase).replace('"', '""') + '"' for phrase in phrases]
    return " AND ".join(quoted) + (" *" if _is_open(text) else "")


def phrases_of(text: str) -> list[str]:
    """The words, and what stands between quotation marks as one; nothing that the index takes for empty."""
    found: Iterator[str] = (phrase for phrase in _split(text) if any(map(_is_of_word, phrase)))
    return [phrase for phrase, _ in zip(found, range(MOST_WORDS), strict=False)]


def _question(asked: str) -> _Question:
    expression = match_expression(asked)
    if not expression or _UNSPACED.search(asked):
        return _Question(safe(asked), _TITLES_AS_THEY_STAND, _TURNS_AS_THEY_STAND, literal_pattern(asked))
    pattern = words_pattern(phrases_of(asked), open_end=_is_open(asked))
    return _Question(expression, _TITLES_IN_INDEX, _TURNS_IN_INDEX, pattern)


def _split(text: str) -> Iterator[str]:
    for index, part in enumerate(text.split('"')):
        if index % 2:
            yield part
        else:
            yield from part.split()


def _is_open(text: str) -> bool:
    """Whether the last word may still grow: not once it is closed by a quotation mark."""
    return not text.endswith('"')


def _is_of_word(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LN" or category == "Co"


def _hit(row: tuple[str, str | None, str, str, float, str], pattern: re.Pattern[str]) -> Hit:
    home, turn, title, role, created_at, found = row
    piece, marks = snippet(found, pattern, length=MOST_TITLE) if turn is None else snippet(found, pattern)
    return Hit(home, turn, title, role, created_at, piece, marks)
