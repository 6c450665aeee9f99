"""The pieces a message is made of: what Markdown becomes before it is drawn, as comparable values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "heading", "code", "table", "rule", "plain", "line", "cut"]

CODE_LINES = 1000
CODE_LINE = 2000
TABLE_ROWS = 300
TABLE_CHUNK = 8
TEXT_LENGTH = 24_000
WORD_LENGTH = 2000
PIECE = 2000

_LONG_WORD = re.compile(rf"\S{{{WORD_LENGTH + 1}}}")


@dataclass(slots=True)
class Listing:
    """The whole of one code block, kept for copying when only its beginning is shown."""

    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Grid:
    """A stretch of a table: cells are Markdown, ``weights`` and ``words`` the longest cells and words by column."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    aligns: tuple[str, ...]
    weights: tuple[int, ...]
    words: tuple[int, ...]

    def grows_to(self, other: Grid) -> bool:
        """Whether the other is this with more in or after the last row."""
        kept = len(self.rows) - 1
        if (
            kept < 0
            or self.rows == other.rows
            or self.rows[:kept] != other.rows[:kept]
            or len(other.rows) <= kept
        ):
            return False
        mine = (self.header, self.aligns, self.weights, self.words)
        return mine == (other.header, other.aligns, other.weights, other.words)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One paragraph, heading, line of code, stretch of a table or rule, with the lists and quotes around it.

    ``path`` spells the containers from the outside in (``l`` a list item, ``q`` a quote); ``marker`` is the
    bullet or number, on the first leaf of an item alone. ``first`` marks where a code block, table, long text or
    list begins. ``order`` says which of the message's overlong parts a cut belongs to.
    """

    kind: Kind
    text: str = ""
    path: str = ""
    marker: str = ""
    level: int = 0
    first: bool = True
    info: str = ""
    grid: Grid | None = None
    order: int = -1
    listing: Listing | None = field(default=None, compare=False)


@dataclass(slots=True)
class Cuts:
    """Counts the overlong parts of a message, and says which of them the reader asked to see whole."""

    shown: frozenset[int] = frozenset()
    seen: int = 0

    def take(self) -> tuple[int, bool]:
        """The number of the next overlong part, and whether it is shown whole."""
        order = self.seen
        self.seen += 1
        return order, order in self.shown

    def copy(self) -> Cuts:
        """A count to try something with."""
        return Cuts(self.shown, self.seen)


def overlong(text: str) -> bool:
    """Whether a paragraph is too long, or has too long a word, to be laid out in one go."""
    if len(text) <= WORD_LENGTH:
        return False
    return len(text) > TEXT_LENGTH or _LONG_WORD.search(text) is not None


def plain_leaves(text: str, path: str, marker: str, cuts: Cuts) -> list[Leaf]:
    """An overlong paragraph: its beginning and a way to see the rest, or all of it in pieces."""
    order, whole = cuts.take()
    shown = text if whole else text[:PIECE]
    pieces = [shown[at : at + PIECE] for at in range(0, len(shown), PIECE)]
    leaves = [Leaf("plain", pieces[0], path, marker)]
    leaves += [Leaf("plain", piece, path, first=False) for piece in pieces[1:]]
    if not whole:
        leaves.append(Leaf("cut", f"Show all {len(text):,} characters", path, order=order))
    return leaves


def code_too_long(lines: list[str]) -> bool:
    """Whether a code block is shown only in part."""
    return len(lines) > CODE_LINES or any(len(line) > CODE_LINE for line in lines)


def code_leaves(lines: list[str], info: str, path: str, cuts: Cuts) -> list[Leaf]:
    """A code block, one leaf a line, so that a growing one is only appended to."""
    listing = Listing(lines)
    long = code_too_long(lines)
    order, whole = cuts.take() if long else (-1, True)
    leaves: list[Leaf] = []
    for line in lines if whole else lines[:CODE_LINES]:
        leaves += code_line(line, not leaves, info, path, whole, listing)
    if not leaves:
        leaves = code_line("", True, info, path, True, listing)
    if not whole:
        leaves.append(code_cut(len(lines), path, order))
    return leaves


def code_line(
    line: str, first: bool, info: str, path: str, whole: bool, listing: Listing | None = None
) -> list[Leaf]:
    """One line of code; a very long one is cut, or shown in pieces when the whole was asked for."""
    if len(line) <= CODE_LINE:
        return [Leaf("code", line, path, first=first, info=info, listing=listing if first else None)]
    pieces = [line[at : at + CODE_LINE] for at in range(0, len(line), CODE_LINE)]
    if not whole:
        pieces = [pieces[0] + " …"]
    return [
        Leaf(
            "code",
            piece,
            path,
            first=first and not at,
            info=info,
            listing=listing if first and not at else None,
        )
        for at, piece in enumerate(pieces)
    ]


def code_cut(count: int, path: str, order: int) -> Leaf:
    """The way to the rest of a long code block."""
    return Leaf("cut", f"Show all {count:,} lines" if count > 1 else "Show the whole line", path, order=order)


def table_leaves(
    header: tuple[str, ...], rows: list[tuple[str, ...]], aligns: tuple[str, ...], path: str, cuts: Cuts
) -> list[Leaf]:
    """A table in stretches of a few rows; the columns' widths follow from the first stretch alone, so the
    stretches line up and the earlier ones never change while a table grows."""
    whole, order = True, -1
    if len(rows) > TABLE_ROWS:
        order, whole = cuts.take()
    shown = rows if whole else rows[:TABLE_ROWS]
    weights, words = column_widths(header, rows[:TABLE_CHUNK])
    leaves = []
    for at in range(0, max(len(shown), 1), TABLE_CHUNK):
        part = tuple(shown[at : at + TABLE_CHUNK])
        grid = Grid(header if at == 0 else (), part, aligns, weights, words)
        leaves.append(Leaf("table", path=path, first=at == 0, grid=grid))
    if not whole:
        leaves.append(table_cut(len(rows), path, order))
    return leaves


def table_cut(count: int, path: str, order: int) -> Leaf:
    """The way to the rest of a long table."""
    return Leaf("cut", f"Show all {count:,} rows", path, order=order)


def column_widths(
    header: tuple[str, ...], rows: list[tuple[str, ...]]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """For each column the length of its longest cell and of its longest word, within bounds."""
    cells, words = [4] * len(header), [4] * len(header)
    for row in (header, *rows):
        for at, cell in enumerate(row[: len(cells)]):
            cells[at] = max(cells[at], min(len(cell), 60))
            words[at] = max(words[at], *(min(len(word), 24) for word in re.split(r"[\s/-]", cell)))
    return tuple(cells), tuple(words)
