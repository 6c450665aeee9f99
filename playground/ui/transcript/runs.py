"""The two blocks that grow long line by line, fences and tables, read without looking back."""

from __future__ import annotations

import re

from playground.ui.transcript.leaf import (
    CODE_LINE,
    CODE_LINES,
    TABLE_CHUNK,
    TABLE_ROWS,
    Cuts,
    Grid,
    Leaf,
    Listing,
    code_cut,
    code_line,
    column_widths,
    table_cut,
)
from playground.ui.transcript.markdown import language, parse_blocks, table_parts

_OPENING = re.compile(r"(`{3,}|~{3,})([^\n]*)\n")


class OpenFence:
    """A fence that is being written: each complete line is final at once."""

    def __init__(self, fence: str, info: str, cuts: Cuts) -> None:
        self.closed = False
        self.frozen = 0
        self._info = info
        self._cuts = cuts
        self._listing = Listing()
        self._order, self._whole = -1, True
        sign = re.escape(fence[0])
        self._end = re.compile(rf"^ {{0,3}}{sign}{{{len(fence)},}}[ \t]*$", re.MULTILINE)
        self._maybe_end = re.compile(rf"^ {{0,3}}{sign}*[ \t]*$")

    @classmethod
    def enter(cls, source: str, cuts: Cuts) -> tuple[OpenFence, str] | None:
        """The reader of a fence that opens ``source``, and what follows the opening; or none."""
        opening = _OPENING.match(source)
        if opening is None or ("|" in opening.group() and source.find("\n", opening.end()) < 0):
            return None  # with a bar in it, the line may yet turn out to be the head of a table
        return cls(opening.group(1), language(opening.group(2).strip()), cuts), source[opening.end() :]

    def take(self, source: str) -> tuple[list[Leaf], str]:
        """Final leaves of the complete lines, and the rest."""
        end = source.rfind("\n") + 1
        if not end:
            return [], source
        closing = self._end.search(source, 0, end)
        body = source[: closing.start()] if closing else source[:end]
        leaves = self._add(body.split("\n")[:-1])
        if closing is None:
            self.frozen += len(leaves)
            return leaves, source[end:]
        return leaves + self.close(), source[closing.end() + 1 :]

    def close(self) -> list[Leaf]:
        """The last leaves, when the fence or the text has ended."""
        self.closed = True
        if not self._listing.lines:
            return code_line("", True, self._info, "", True, self._listing)
        return self._cut()

    def provisional(self, partial: str) -> list[Leaf]:
        """How the line that is being written looks for now."""
        if not self._whole and len(self._listing.lines) >= CODE_LINES:
            return self._cut()
        if self._listing.lines and (not partial or self._maybe_end.match(partial)):
            return self._cut()
        if self._maybe_end.match(partial):
            partial = ""
        first = not self._listing.lines
        return code_line(partial, first, self._info, "", False, self._listing) + self._cut()

    def _add(self, lines: list[str]) -> list[Leaf]:
        leaves: list[Leaf] = []
        for line in lines:
            self._listing.lines.append(line)
            count = len(self._listing.lines)
            if self._order < 0 and (count > CODE_LINES or len(line) > CODE_LINE):
                self._order, self._whole = self._cuts.take()
            if self._whole or count <= CODE_LINES:
                leaves += code_line(line, count == 1, self._info, "", self._whole, self._listing)
        return leaves

    def _cut(self) -> list[Leaf]:
        if self._order < 0 or self._whole:
            return []
        return [code_cut(len(self._listing.lines), "", self._order)]


class OpenTable:
    """A table that is being written: full stretches of rows are final, the last one is shown for now."""

    def __init__(self, head: str, cuts: Cuts) -> None:
        self.closed = False
        self.frozen = 0
        self._head = head
        self._cuts = cuts
        tokens, _ = parse_blocks(head, {})
        self._header, _, self._aligns, _ = table_parts(tokens, 0)
        self._rows: list[tuple[str, ...]] = []
        self._given = 0
        self._widths: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())
        self._order, self._whole = -1, True

    @classmethod
    def enter(cls, source: str, cuts: Cuts) -> tuple[OpenTable, str]:
        """The reader of a table that opens ``source``, and what follows its head."""
        end = source.index("\n", source.index("\n") + 1) + 1
        return cls(source[:end], cuts), source[end:]

    def take(self, source: str) -> tuple[list[Leaf], str]:
        """Final stretches among the complete lines, and the rest."""
        end = source.rfind("\n") + 1
        if not end:
            return [], source
        lines = source[:end].split("\n")[:-1]
        rows, used = self._read(source[:end])
        self._rows += rows
        if self._order < 0 and len(self._rows) > TABLE_ROWS:
            self._order, self._whole = self._cuts.take()
        leaves = []
        while len(self._shown()) >= self._given + TABLE_CHUNK:
            leaves.append(self._stretch(self._shown()[self._given : self._given + TABLE_CHUNK]))
            self._given += TABLE_CHUNK
        if used < len(lines):
            rest = "".join(line + "\n" for line in lines[used:])
            return leaves + self.close(), rest + source[end:]
        return leaves, source[end:]

    def close(self) -> list[Leaf]:
        """The last stretch, when the table or the text has ended."""
        self.closed = True
        return self._open_part(self._shown()[self._given :])

    def provisional(self, partial: str) -> list[Leaf]:
        """The stretch that is not full, with the row that is being written."""
        rows = self._shown()[self._given :]
        if self._whole and partial.strip() and "|" in partial:
            rows = rows + self._read(partial)[0]
        return self._open_part(rows)

    def _open_part(self, rows: list[tuple[str, ...]]) -> list[Leaf]:
        leaves = [self._stretch(rows)] if rows or not self._given else []
        if not self._whole:
            leaves.append(table_cut(len(self._rows), "", self._order))
        return leaves

    def _shown(self) -> list[tuple[str, ...]]:
        return self._rows if self._whole else self._rows[:TABLE_ROWS]

    def _stretch(self, rows: list[tuple[str, ...]]) -> Leaf:
        if not self._given:
            self._widths = column_widths(self._header, rows)
        header = () if self._given else self._header
        return Leaf(
            "table", first=not self._given, grid=Grid(header, tuple(rows), self._aligns, *self._widths)
        )

    def _read(self, source: str) -> tuple[list[tuple[str, ...]], int]:
        """The rows that ``source`` goes on with, and how many of its lines they take."""
        tokens, _ = parse_blocks(self._head + source, {})
        if not tokens or tokens[0].type != "table_open" or tokens[0].map is None:
            return [], 0
        _, rows, _, _ = table_parts(tokens, 0)
        return rows, tokens[0].map[1] - 2
