"""The user's own documents: passages in an index, found by words (BM25), by likeness of vectors, or by both."""

import asyncio
import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from playground import resources
from playground.service.engines.simulated.embeddings import vectors
from playground.service.grounding_text import TEXT_FILES, Chunk, match_query, passages, query_words

HANDBOOK = "handbook"
CANDIDATES = 30
MAX_FILE = 8 * 1024 * 1024
VECTOR_LENGTH = 256
THRESHOLDS = {1: 0.0, 2: 0.55, 3: 0.9, 4: 1.4, 5: 2.0}
"""What a passage has to score, of at most 4, at each strictness."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS indexes (name TEXT PRIMARY KEY, version TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY, index_name TEXT NOT NULL, filepath TEXT NOT NULL, title TEXT NOT NULL,
    chunk INTEGER NOT NULL, content TEXT NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS passages_by_index ON passages (index_name);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(title, content, tokenize='porter unicode61');
"""

Result = TypeVar("Result")


class UnknownIndexError(LookupError):
    """No index of this name."""


@dataclass(frozen=True)
class Query:
    """What to look for. ``kind`` is the API's query type; ``only`` keeps a passage by its (title, file path)."""

    index: str
    texts: tuple[str, ...]
    kind: str = "simple"
    strictness: int = 3
    top: int = 5
    only: Callable[[str, str], bool] | None = None


@dataclass(frozen=True)
class Hit:
    """A passage that was found; ``reason`` tells why it is not used: ``score``, ``rerank``, or None if it is."""

    title: str
    filepath: str
    chunk: int
    content: str
    query: str
    search_score: float
    rerank_score: float
    reason: str | None = None


class Documents:
    """The indexes of one service, in ``documents.sqlite3``; each call opens the file on a thread of its own."""

    def __init__(self, data: Path) -> None:
        self._path = data / "documents.sqlite3"

    async def search(self, query: Query) -> list[Hit]:
        """The passages found, best first, each marked as used or not; raises ``UnknownIndexError``."""
        return await asyncio.to_thread(self._run, lambda db: _search(db, query))

    async def indexes(self) -> list[str]:
        """The names of all indexes."""
        return await asyncio.to_thread(self._run, _names)

    async def ingest(self, index: str, folder: Path) -> int:
        """Make the text files under a folder the whole content of an index; returns the number of passages.

        Files that are no text, or larger than 8 MB, are left out. Raises ``NotADirectoryError``.
        """
        return await asyncio.to_thread(self._run, lambda db: _ingest(db, index, list(_read(folder)), "own"))

    def _run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path.touch(0o600)
        with closing(sqlite3.connect(self._path, timeout=10)) as db:
            db.executescript(_SCHEMA)
            _refresh_handbook(db)
            with db:
                return work(db)


def _refresh_handbook(db: sqlite3.Connection) -> None:
    chunks = list(_read(resources.path("documents")))
    version = hashlib.sha256(repr(chunks).encode()).hexdigest()
    found = db.execute("SELECT version FROM indexes WHERE name = ?", (HANDBOOK,)).fetchone()
    if found is None or found[0] not in {version, "own"}:
        with db:
            db.execute("BEGIN IMMEDIATE")
            _ingest(db, HANDBOOK, chunks, version)


def _names(db: sqlite3.Connection) -> list[str]:
    return [row[0] for row in db.execute("SELECT name FROM indexes ORDER BY name")]


def _read(folder: Path) -> Iterator[Chunk]:
    if not folder.is_dir():
        raise NotADirectoryError(folder)
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in TEXT_FILES or not path.is_file() or path.stat().st_size > MAX_FILE:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        yield from passages(text, path.relative_to(folder).as_posix())


def _ingest(db: sqlite3.Connection, index: str, chunks: Sequence[Chunk], version: str) -> int:
    old = "SELECT id FROM passages WHERE index_name = ?"
    db.execute(f"DELETE FROM words WHERE rowid IN ({old})", (index,))
    db.execute("DELETE FROM passages WHERE index_name = ?", (index,))
    db.execute("INSERT OR REPLACE INTO indexes VALUES (?, ?)", (index, version))
    rows = vectors([f"{chunk.title} {chunk.content}" for chunk in chunks], VECTOR_LENGTH)
    for chunk, row in zip(chunks, rows, strict=True):
        cursor = db.execute(
            "INSERT INTO passages (index_name, filepath, title, chunk, content, vector) VALUES (?, ?, ?, ?, ?, ?)",
            (index, chunk.filepath, chunk.title, chunk.number, chunk.content, row.astype("<f4").tobytes()),
        )
        db.execute(
            "INSERT INTO words (rowid, title, content) VALUES (?, ?, ?)",
            (cursor.lastrowid, chunk.title, chunk.content),
        )
    return len(chunks)


def _search(db: sqlite3.Connection, query: Query) -> list[Hit]:
    if db.execute("SELECT 1 FROM indexes WHERE name = ?", (query.index,)).fetchone() is None:
        raise UnknownIndexError(query.index)
    best: dict[tuple[str, int], Hit] = {}
    for text in query.texts:
        for hit in _candidates(db, query, text):
            known = best.get((hit.filepath, hit.chunk))
            if known is None or hit.rerank_score > known.rerank_score:
                best[hit.filepath, hit.chunk] = hit
    ranked = sorted(best.values(), key=lambda hit: (-hit.rerank_score, hit.filepath, hit.chunk))
    return list(_judged(ranked, query))


def _judged(ranked: Sequence[Hit], query: Query) -> Iterator[Hit]:
    used = 0
    for hit in ranked:
        if hit.rerank_score < THRESHOLDS[query.strictness]:
            yield replace(hit, reason="score")
        elif used >= query.top:
            yield replace(hit, reason="rerank")
        else:
            used += 1
            yield hit


def _candidates(db: sqlite3.Connection, query: Query, text: str) -> Iterator[Hit]:
    """Passages for one query text, with both scores; which of them count depends on the kind of query."""
    import numpy as np

    by_words = {} if query.kind == "vector" else _by_words(db, query.index, text)
    wanted = vectors([text], VECTOR_LENGTH)[0]
    likeness: dict[int, float] = {}
    contents: dict[int, tuple[str, str, int, str]] = {}
    for number, path, title, chunk, content, blob in db.execute(
        "SELECT id, filepath, title, chunk, content, vector FROM passages WHERE index_name = ?",
        (query.index,),
    ):
        if query.only is None or query.only(title, path):
            likeness[number] = float(np.frombuffer(blob, "<f4") @ wanted)
            contents[number] = (path, title, chunk, content)
    if query.kind in {"simple", "semantic"}:
        chosen = [number for number in by_words if number in contents]
    else:
        chosen = sorted(likeness, key=lambda number: -likeness[number] - by_words.get(number, 0.0) / 20)
    words = query_words(text)
    for number in chosen[:CANDIDATES]:
        path, title, chunk, content = contents[number]
        rerank = _rerank(words, f"{title} {content}", likeness[number])
        score = likeness[number] if query.kind == "vector" else by_words.get(number, 0.0)
        yield Hit(title, path, chunk, content, text, round(score, 4), round(rerank, 4))


def _by_words(db: sqlite3.Connection, index: str, text: str) -> dict[int, float]:
    """BM25 by passage, best first."""
    match = match_query(text)
    if not match:
        return {}
    found = db.execute(
        "SELECT p.id, -bm25(words, 2.0, 1.0) AS score FROM words JOIN passages p ON p.id = words.rowid "
        "WHERE words MATCH ? AND p.index_name = ? ORDER BY score DESC LIMIT ?",
        (match, index, CANDIDATES),
    )
    return {number: max(score, 0.0) for number, score in found}


def _rerank(words: set[str], text: str, likeness: float) -> float:
    """0 to 4: how many of the query's words the passage has, and how alike their vectors are."""
    if not words:
        return 4 * max(0.0, likeness)
    found = {word[:5] for word in re.findall(r"[^\W_]+", text.lower())}
    coverage = sum(word[:5] in found for word in words) / len(words)
    return min(4.0, 2.4 * coverage + 2.4 * max(0.0, likeness))
