"""Markdown that is still arriving: keeps what can no longer change, and reads only the open end again.

Appending lines can change only the last top-level block of a text, so every block before it is *frozen*. The
open block is cut down further where that is exact: items of a list but the last, lines of a fence, rows of a
table. What is left is parsed again as it grows, and compared leaf by leaf with what is shown.
"""

from __future__ import annotations

from collections import deque
from time import perf_counter
from typing import Any, NamedTuple

from markdown_it.token import Token

from playground.ui.transcript.leaf import Cuts, Leaf, overlong, plain_leaves
from playground.ui.transcript.markdown import BULLETS, fit, flatten, parse_blocks
from playground.ui.transcript.runs import OpenFence, OpenTable

_MOST_AT_ONCE = 8192
_DEAR_SECONDS = 0.004
# An open block longer than this is taken as ended, so that reading it again stays cheap; no honest answer has one.
_OPEN_MOST = 131_072
_OPEN_LINES_MOST = 3000


class Swap(NamedTuple):
    """A change of the shown leaves: from index ``at``, ``drop`` of them give way to ``leaves``."""

    at: int
    drop: int
    leaves: list[Leaf]


class Growth:
    """The leaves of a growing text: ``feed`` takes text, ``advance`` reads some and says what changed."""

    def __init__(self, shown: frozenset[int] = frozenset()) -> None:
        self.references: dict[str, Any] = {}
        self.leaves: list[Leaf] = []
        self.settled = 0
        self._frozen = 0
        self._incoming: deque[str] = deque()
        self._half_end = ""
        self._tail = ""
        self._number: int | None = None
        self._run: OpenFence | OpenTable | None = None
        self._cuts = Cuts(shown)
        self._ending = False
        self._ended = False
        self._scanned = 0
        self._wait_for = 0
        self._references_until = 0
        self._retracing = False
        self._alone = False

    def retrace(self, leaves: list[Leaf]) -> None:
        """Take these as shown already, so that reading the text again changes only what differs."""
        self.leaves = list(leaves)
        self._retracing = True

    @property
    def pending(self) -> bool:
        """Whether ``advance`` has something to do."""
        return bool(self._incoming) or (self._ending and not self._ended)

    def feed(self, text: str) -> None:
        """Take more text, in any split."""
        text = self._half_end + text
        self._half_end = "\r" if text.endswith("\r") else ""
        text = fit(text[:-1] if self._half_end else text)
        for at in range(0, len(text), _MOST_AT_ONCE):
            self._incoming.append(text[at : at + _MOST_AT_ONCE])

    def finish(self) -> None:
        """Say that no more text comes."""
        if self._half_end:
            self._half_end = ""
            self._incoming.append("\n")
        self._ending = True

    def advance(self) -> list[Swap]:
        """Read the next stretch of what was fed, and give the changes in the order they are to be made."""
        size = 0
        while self._incoming and size < _MOST_AT_ONCE:
            piece = self._incoming.popleft()
            self._tail += piece
            size += len(piece)
        last = self._ending and not self._incoming
        if last and self._tail and not self._tail.endswith("\n"):
            self._tail += "\n"
        fresh = self._absorb()
        if last:
            fresh += self._close()
            shown: list[Leaf] = []
            self._ended = True
        elif fresh or not self._wait_for or len(self._tail) >= self._wait_for:
            shown = self._provisional()
        else:
            shown = self.leaves[self._frozen :]
        swaps = self._differences(fresh, shown)
        if last:
            swaps += self._relinked()
        return swaps

    def _differences(self, fresh: list[Leaf], shown: list[Leaf]) -> list[Swap]:
        old = self.leaves[self._frozen :]
        if self._retracing and self._incoming and old[: len(fresh)] == fresh:
            self._frozen += len(fresh)
            return []
        self._retracing = False
        new = fresh + shown
        same = 0
        while same < len(old) and same < len(new) and old[same] == new[same]:
            same += 1
        at = self._frozen + same
        self.leaves[self._frozen :] = new
        self._frozen += len(fresh)
        run = self._run
        self.settled = self._frozen - run.frozen if isinstance(run, OpenFence) else self._frozen
        return [Swap(at, len(old) - same, new[same:])] if new[same:] or len(old) > same else []

    def _relinked(self) -> list[Swap]:
        """Leaves that were shown before a link reference that they may name was read."""
        until = self._references_until
        return [
            Swap(at, 1, [leaf])
            for at, leaf in enumerate(self.leaves[:until])
            if "[" in leaf.text
            or (leaf.grid and any("[" in cell for row in leaf.grid.rows for cell in row))
            or (leaf.grid and any("[" in cell for cell in leaf.grid.header))
        ]

    def _absorb(self) -> list[Leaf]:
        """Freeze all that the complete lines allow."""
        fresh: list[Leaf] = []
        while True:
            if self._run is None:
                if not self._absorb_blocks(fresh):
                    return fresh
                continue
            leaves, self._tail = self._run.take(self._tail)
            fresh += leaves
            if not self._run.closed:
                return fresh
            self._leave_run()

    def _leave_run(self) -> None:
        self._run = None
        self._scanned = 0

    def _absorb_blocks(self, fresh: list[Leaf]) -> bool:
        """Freeze closed blocks; true when an open fence or table was entered, with more to take."""
        end = self._tail.rfind("\n") + 1
        if end <= self._scanned or end < self._wait_for:
            return False
        if self._alone and self._tail.count("\n") < _OPEN_LINES_MOST / 2 and end < _OPEN_MOST / 2:
            return False
        source = self._tail[:end]
        began = perf_counter()
        tokens, known = parse_blocks(source, self.references)
        cost = perf_counter() - began
        blocks = [at for at, token in enumerate(tokens) if token.level == 0 and token.nesting >= 0]
        if not blocks:
            self._scanned = end
            return False
        lines = source.split("\n")
        index, start, number = self._cut_point(tokens, blocks, lines)
        if index == 0 and (len(lines) > _OPEN_LINES_MOST or (end > _OPEN_MOST and len(lines) > 1000)):
            index, start, number = len(tokens), len(lines) - 1, None
        self._freeze(tokens[:index], known, start, fresh)
        if start:
            self._number = number
            self._tail = "\n".join(lines[start:]) + self._tail[end:]
            self._scanned = end - sum(len(line) + 1 for line in lines[:start])
            self._wait_for = 0
        else:
            self._scanned = end
            self._wait_for = int(end * (1 + cost)) if cost > _DEAR_SECONDS else 0
        opened = tokens[blocks[-1]]
        at_start = index < len(tokens) and opened.map is not None and opened.map[0] == start
        return at_start and self._enter_run(opened)

    def _cut_point(
        self, tokens: list[Token], blocks: list[int], lines: list[str]
    ) -> tuple[int, int, int | None]:
        """Where the open part begins: its first token and line, and the number its list goes on with."""
        index = blocks[-1]
        kept = None if index else self._number
        opened = tokens[index]
        assert opened.map is not None
        start = opened.map[0]
        before = tokens[blocks[-2]].map if len(blocks) > 1 else [0, 0]
        assert before is not None
        # Lines between blocks that are not blank define links; the next line may still go on with that.
        if any(line.strip() for line in lines[before[1] : start]):
            return (index, before[1], None) if before[1] else (0, 0, self._number)
        if opened.type not in ("bullet_list_open", "ordered_list_open"):
            return index, start, kept
        items = [
            at
            for at in range(index, len(tokens))
            if tokens[at].type == "list_item_open" and tokens[at].level == 1
        ]
        number = BULLETS
        if opened.type == "ordered_list_open":
            first = opened.attrGet("start")
            number = 1 if first is None else int(first)
            if index == 0 and self._number is not None:
                number = self._number
        item_map = tokens[items[-1]].map
        assert item_map is not None
        # Read by itself, an item with a bar in it could be taken for the head of a table.
        if len(items) < 2 or "|" in lines[item_map[0]]:
            return index, start, kept
        return items[-1], item_map[0], number + len(items) - 1 if number >= 0 else number

    def _freeze(self, tokens: list[Token], known: dict[str, Any], start: int, fresh: list[Leaf]) -> None:
        if not tokens:
            return
        fresh += flatten(tokens, self._cuts, self._number)
        added = {label: ref for label, ref in known.items() if label not in self.references}
        settled = {label: ref for label, ref in added.items() if ref["map"][1] <= start}
        if settled:
            self.references.update(settled)
            self._references_until = self._frozen + len(fresh)

    def _enter_run(self, opened: Token) -> bool:
        """Hand an open fence or table at the start of the open part to its own reader."""
        if opened.type == "fence" and self._number is None:
            fence = OpenFence.enter(self._tail, self._cuts)
            if fence is not None:
                self._run, self._tail = fence
        elif opened.type == "table_open":
            self._run, self._tail = OpenTable.enter(self._tail, self._cuts)
        return self._run is not None

    def _provisional(self) -> list[Leaf]:
        """What the open part looks like for now."""
        if self._run is not None:
            return self._run.provisional(self._tail)
        began = perf_counter()
        tokens, _ = parse_blocks(self._tail, self.references)
        leaves = flatten(tokens, self._cuts.copy(), self._number)
        # With one block open that has no parts of its own to freeze, the complete lines need no reading by themselves.
        blocks = [token.type for token in tokens if token.level == 0 and token.nesting >= 0]
        self._alone = blocks in (["paragraph_open"], ["blockquote_open"])
        cost = perf_counter() - began
        self._wait_for = int(len(self._tail) * (1 + cost)) if cost > _DEAR_SECONDS else 0
        return leaves

    def _close(self) -> list[Leaf]:
        if self._run is not None:
            leaves = self._run.close()
            self._leave_run()
            return leaves
        tokens, known = parse_blocks(self._tail, self.references)
        leaves = flatten(tokens, self._cuts, self._number)
        if len(known) > len(self.references):
            self.references.update(known)
            self._references_until = len(self.leaves) + len(leaves) + self._frozen
        return leaves


class Letters(Growth):
    """Text that is shown letter by letter, one leaf a line; the same acts as for Markdown."""

    def _absorb(self) -> list[Leaf]:
        end = self._tail.rfind("\n") + 1
        lines, self._tail = self._tail[:end].split("\n")[:-1], self._tail[end:]
        return [leaf for line in lines for leaf in self._line(line, self._cuts)]

    def _provisional(self) -> list[Leaf]:
        return self._line(self._tail, self._cuts.copy()) if self._tail else []

    def _close(self) -> list[Leaf]:
        return []

    @staticmethod
    def _line(line: str, cuts: Cuts) -> list[Leaf]:
        return plain_leaves(line, "", "", cuts) if overlong(line) else [Leaf("line", line, first=False)]
