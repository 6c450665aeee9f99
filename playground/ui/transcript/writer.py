"""Leaves into a text document, one small edit at a time, so that a long message never holds the window up."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from time import thread_time
from typing import Any

from PySide6.QtGui import QTextCursor, QTextDocument, QTextTable

from playground.ui.transcript.formats import Formats
from playground.ui.transcript.growth import Swap
from playground.ui.transcript.highlight import Colouring, Runs, colourable
from playground.ui.transcript.inline import Span, spans
from playground.ui.transcript.leaf import Grid, Leaf

_KEEP = QTextCursor.MoveMode.KeepAnchor
_LEAVES_AN_EDIT = 10
_LINES_AN_EDIT = 6


class Writer:
    """Owns the contents of one document: ``shown`` are its leaves; block 0 is a thin one before them all.

    Positions are kept per leaf, in the document's own units (UTF-16).
    """

    def __init__(self, document: QTextDocument, formats: Formats, references: Mapping[str, Any]) -> None:
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(0)
        self.document = document
        self.shown: list[Leaf] = []
        self.changed_from: int | None = None
        self.painted_to: int | None = None
        self.references = references
        self._width = 600.0
        self._formats = formats
        self._starts: list[int] = []
        self._runs: list[tuple[Span, ...]] = []
        self._queue: deque[Swap] = deque()
        self._coloured = 0
        self._colouring: tuple[int, Colouring] | None = None
        self._lines: Iterator[tuple[int, Runs]] | None = None
        self._cursor = QTextCursor(document)
        document.setDefaultFont(formats.font(formats.style.body))
        self._cursor.setBlockFormat(formats.thin())
        self._cursor.setBlockCharFormat(formats.thin_char())

    def start_of(self, at: int) -> int:
        """The document position where a leaf begins."""
        return self._starts[at]

    def set_width(self, width: float) -> None:
        """Fit the tables to a width in pixels: how much of it they take depends on it."""
        if width != self._width:
            self._width = width
            self._edit(self._fit_tables)

    def _fit_tables(self) -> None:
        for at, leaf in enumerate(self.shown):
            if leaf.grid is not None:
                self._cursor.setPosition(self._starts[at])
                before = self.shown[at - 1] if at else None
                self._cursor.currentTable().setFormat(
                    self._formats.table(before, leaf, leaf.grid, self._width)
                )

    def queue(self, swaps: list[Swap]) -> None:
        """Take changes to be made by ``work``."""
        self._queue.extend(swaps)

    @property
    def pending(self) -> bool:
        """Whether ``work`` has something to write; colours do not count."""
        return bool(self._queue)

    def work(self, deadline: float) -> None:
        """Make changes until the thread's CPU clock passes ``deadline`` (``time.thread_time`` seconds)."""
        while self._queue:
            self._edit(self._write_some)
            if thread_time() >= deadline:
                return

    def colour(self, settled: int, deadline: float) -> bool:
        """Colour closed code among the first ``settled`` leaves; true while some is left or awaited."""
        while thread_time() < deadline:
            if self._lines is not None:
                self._edit(self._colour_some)
                continue
            if self._colouring is None and not self._next_code(settled):
                return False
            if self._colouring is not None:
                first, colouring = self._colouring
                if not colouring.ready:
                    return True
                self._lines = enumerate(colouring.lines(), first)
        return True

    def _edit(self, change: Callable[[], None]) -> None:
        self._cursor.beginEditBlock()
        try:
            change()
        finally:
            self._cursor.endEditBlock()

    def _write_some(self) -> None:
        for _ in range(_LEAVES_AN_EDIT):
            if not self._queue:
                return
            at, drop, leaves = self._queue.popleft()
            table = False
            self._touch(at)
            if drop and leaves and _alike(self.shown[at], leaves[0]):
                (self._lengthen if leaves[0].kind == "table" else self._rewrite)(at, leaves[0])
                table = leaves[0].kind == "table"
                at, drop, leaves = at + 1, drop - 1, leaves[1:]
            elif drop:
                self._remove(at, drop)
                drop = 0
            elif leaves:
                self._insert(at, leaves[0])
                table = leaves[0].kind == "table"
                at, leaves = at + 1, leaves[1:]
            if drop or leaves:
                self._queue.appendleft(Swap(at, drop, leaves))
            if table:
                return

    def _touch(self, at: int) -> None:
        """Note that leaves change from index ``at`` on: what was coloured there is to be coloured again."""
        self.changed_from = at if self.changed_from is None else min(self.changed_from, at)
        if at < self._coloured:
            while 0 < at < len(self.shown) and self.shown[at].kind == "code" and not self.shown[at].first:
                at -= 1
            self._coloured = at
            self._colouring = self._lines = None

    def _stain(self, position: int) -> None:
        """Note that what is painted holds only up to a position of the document."""
        self.painted_to = position if self.painted_to is None else min(self.painted_to, position)

    def _end(self, at: int) -> int:
        """The position after the last character of the leaf before index ``at``."""
        if at < len(self._starts):
            return self._starts[at] - 1
        return self.document.characterCount() - 1

    def _shift(self, at: int, delta: int) -> None:
        if delta:
            self._starts[at:] = [start + delta for start in self._starts[at:]]

    def _remove(self, at: int, count: int) -> None:
        begin, end = self._end(at), self._end(at + count)
        self._stain(begin)
        cursor = self._cursor
        cursor.setPosition(begin)
        kept, kept_char = cursor.blockFormat(), cursor.blockCharFormat()
        cursor.setPosition(end, _KEEP)
        cursor.removeSelectedText()
        cursor.setBlockFormat(kept)
        cursor.setBlockCharFormat(kept_char)
        del self.shown[at : at + count], self._starts[at : at + count], self._runs[at : at + count]
        self._shift(at, begin - end)
        self._fit_gap(at)

    def _insert(self, at: int, leaf: Leaf) -> None:
        cursor = self._cursor
        begin = self._end(at)
        self._stain(begin)
        size = self.document.characterCount()
        cursor.setPosition(begin)
        before = self.shown[at - 1] if at else None
        runs: tuple[Span, ...] = ()
        if leaf.kind == "table" and leaf.grid is not None:
            self._insert_table(before, leaf, leaf.grid)
        else:
            cursor.insertBlock(
                self._formats.block(before, leaf), self._formats.char(leaf.kind, leaf.level, 0)
            )
            if leaf.marker:
                cursor.insertText(f"{leaf.marker}\t", self._formats.marker(leaf))
            runs = self._spans(leaf)
            self._write(leaf, runs)
        self.shown.insert(at, leaf)
        self._starts.insert(at, begin + 1)
        self._runs.insert(at, runs)
        self._shift(at + 1, self.document.characterCount() - size)
        self._fit_gap(at + 1)

    def _insert_table(self, before: Leaf | None, leaf: Leaf, grid: Grid) -> None:
        formats, cursor = self._formats, self._cursor
        head = 1 if grid.header else 0
        table_format = formats.table(before, leaf, grid, self._width)
        table = cursor.insertTable(len(grid.rows) + head or 1, max(len(grid.weights), 1), table_format)
        for number, row in enumerate(((grid.header,) if head else ()) + grid.rows):
            for column, source in enumerate(row[: len(grid.weights)]):
                self._write_cell(table, number, column, leaf, source)
        cursor.setPosition(table.lastPosition() + 1)
        cursor.setBlockFormat(formats.thin(leaf))
        cursor.setBlockCharFormat(formats.thin_char())

    def _write_cell(self, table: QTextTable, row: int, column: int, leaf: Leaf, source: str) -> None:
        grid = leaf.grid
        assert grid is not None
        head = row == 0 and bool(grid.header)
        cell = table.cellAt(row, column)
        cell.setFormat(self._formats.cell(head=head))
        at = cell.firstCursorPosition()
        at.setPosition(cell.lastCursorPosition().position(), _KEEP)
        if at.hasSelection():
            at.removeSelectedText()
        at.setBlockFormat(self._formats.cell_block(grid.aligns[column]))
        for run in spans(source, self.references):
            at.insertText(run.text, self._formats.span(leaf, run, head=head))

    def _lengthen(self, at: int, leaf: Leaf) -> None:
        """Give a table more rows; the last row that it has may change too."""
        old, grid, cursor = self.shown[at].grid, leaf.grid, self._cursor
        assert old is not None
        assert grid is not None
        size = self.document.characterCount()
        cursor.setPosition(self._starts[at])
        table = cursor.currentTable()
        head = 1 if grid.header else 0
        self._stain(table.cellAt(len(old.rows) - 1 + head, 0).firstPosition())
        if len(grid.rows) > len(old.rows):
            table.appendRows(len(grid.rows) - len(old.rows))
        for number in range(len(old.rows) - 1, len(grid.rows)):
            before = old.rows[number] if number < len(old.rows) else None
            for column, source in enumerate(grid.rows[number][: len(grid.weights)]):
                if before is None or before[column] != source:
                    self._write_cell(table, number + head, column, leaf, source)
        self.shown[at] = leaf
        self._shift(at + 1, self.document.characterCount() - size)

    def _rewrite(self, at: int, leaf: Leaf) -> None:
        """Give a leaf new text in place; what begins alike is not touched."""
        runs, old = self._spans(leaf), self._runs[at]
        same = 0
        while same < min(len(runs), len(old)) and runs[same] == old[same]:
            same += 1
        kept = sum(_units(run.text) for run in old[:same])
        rest = runs[same:]
        if (
            rest
            and same < len(old)
            and rest[0][1:] == old[same][1:]
            and rest[0].text.startswith(old[same].text)
        ):
            kept += _units(old[same].text)
            rest = (rest[0]._replace(text=rest[0].text[len(old[same].text) :]), *rest[1:])
        cursor = self._cursor
        size = self.document.characterCount()
        marker = _units(leaf.marker) + 1 if leaf.marker else 0
        cursor.setPosition(self._starts[at] + marker + kept)
        self._stain(cursor.position())
        cursor.setPosition(self._end(at + 1), _KEEP)
        if cursor.hasSelection():
            cursor.removeSelectedText()
        self._write(leaf, rest)
        self.shown[at], self._runs[at] = leaf, runs
        self._shift(at + 1, self.document.characterCount() - size)

    def _write(self, leaf: Leaf, runs: tuple[Span, ...]) -> None:
        for run in runs:
            self._cursor.insertText(run.text, self._formats.span(leaf, run))

    def _spans(self, leaf: Leaf) -> tuple[Span, ...]:
        if leaf.kind in ("text", "heading"):
            return spans(leaf.text, self.references)
        return (Span(leaf.text),) if leaf.text and leaf.kind != "cut" else ()

    def _fit_gap(self, at: int) -> None:
        """The distance above a leaf whose neighbour has changed."""
        if at >= len(self.shown) or self.shown[at].kind == "table":
            return
        self._cursor.setPosition(self._starts[at])
        wanted = self._formats.gap(self.shown[at - 1] if at else None, self.shown[at])
        block_format = self._cursor.blockFormat()
        if block_format.topMargin() != wanted:
            block_format.setTopMargin(wanted)
            self._cursor.setBlockFormat(block_format)

    def _next_code(self, settled: int) -> bool:
        """Find the next closed code block; false when there is none yet."""
        if self._queue:
            return False
        at, leaves = self._coloured, self.shown
        settled = min(settled, len(leaves))
        while at < settled and leaves[at].kind != "code":
            at += 1
        self._coloured = at
        if at >= settled:
            return False
        end = at + 1
        while end < settled and leaves[end].kind == "code" and not leaves[end].first:
            end += 1
        self._coloured = end
        lines = [leaf.text for leaf in leaves[at:end]]
        self._colouring = (
            (at, Colouring(leaves[at].info, lines)) if colourable(leaves[at].info, lines) else None
        )
        return True

    def _colour_some(self) -> None:
        assert self._lines is not None
        for _ in range(_LINES_AN_EDIT):
            found = next(self._lines, None)
            if found is None or found[0] >= self._coloured:
                self._lines = self._colouring = None
                return
            at, runs = found
            self._stain(self._starts[at])
            text = self.shown[at].text
            for offset, length, kind in runs:
                start = self._starts[at] + _units(text[:offset])
                self._cursor.setPosition(start)
                self._cursor.setPosition(start + _units(text[offset : offset + length]), _KEEP)
                self._cursor.setCharFormat(self._formats.token(kind))


def _alike(old: Leaf, new: Leaf) -> bool:
    """Whether one leaf can become the other by a change of its text, or more rows, alone."""
    if old.grid is not None and new.grid is not None:
        return old.grid.grows_to(new.grid) and old.path == new.path
    return (old.kind, old.path, old.marker, old.level, old.first, old.info, old.order) == (
        new.kind,
        new.path,
        new.marker,
        new.level,
        new.first,
        new.info,
        new.order,
    )


def _units(text: str) -> int:
    """Length in the document's units: characters beyond the first plane count twice."""
    if text.isascii():
        return len(text)
    return len(text) + sum(char > "\uffff" for char in text)
