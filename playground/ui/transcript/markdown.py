"""Markdown source into leaves, in one go; ``growth`` does the same for text that is still arriving."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from markdown_it.token import Token

from playground.ui.transcript.inline import PARSER
from playground.ui.transcript.leaf import (
    Cuts,
    Leaf,
    code_leaves,
    overlong,
    plain_leaves,
    table_leaves,
)

_TASK = re.compile(r"\[([ xX])\](?=\s|$)\s?")
_SIGNS = "•◦▪"
BULLETS = -1
# Signs that would split a block or stand for an object in a text document, and halves of a character.
_UNFIT = re.compile("[\x00\ud800-\udfff\ufdd0\ufdd1\ufffc]")


def fit(text: str) -> str:
    """Text that a document can hold: one kind of line end, no NUL, no lone surrogate, no frame sign."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = text.replace("\u2029", "\u2028")
    return _UNFIT.sub("\ufffd", text) if "\x00" in text or not text.isascii() else text


def parse_blocks(source: str, references: Mapping[str, Any]) -> tuple[list[Token], dict[str, Any]]:
    """The block tokens of fit text, and the link references known after it."""
    known = dict(references)
    tokens: list[Token] = []
    if source.strip(" \t\n"):
        PARSER.block.parse(source, PARSER, {"references": known}, tokens)
    return tokens, known


def leaves_of(text: str, cuts: Cuts | None = None) -> tuple[list[Leaf], dict[str, Any]]:
    """The leaves of a whole text and its link references: what every way of feeding it must end in."""
    source = fit(text)
    if source and not source.endswith("\n"):
        source += "\n"
    tokens, references = parse_blocks(source, {})
    return flatten(tokens, cuts or Cuts()), references


def flatten(tokens: list[Token], cuts: Cuts, number: int | None = None) -> list[Leaf]:
    """Block tokens into leaves. ``number`` goes on with a list whose first items were taken before; it is
    ``BULLETS`` when they had none."""
    return _Flattening(cuts, number).run(tokens)


class _Flattening:
    """One walk over block tokens, knowing the lists and quotes it is inside of."""

    def __init__(self, cuts: Cuts, number: int | None) -> None:
        self._cuts = cuts
        self._number = number
        self._leaves: list[Leaf] = []
        self._path = ""
        self._marker = ""
        self._first = False
        self._lists: list[int | None] = []

    def run(self, tokens: list[Token]) -> list[Leaf]:
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if token.type == "table_open":
                at = self._table(tokens, at)
                continue
            step = getattr(self, f"_on_{token.type}", None)
            if step is not None:
                step(token, tokens[at + 1] if at + 1 < len(tokens) else token)
            at += 1
        return self._leaves

    def _take_marker(self) -> tuple[str, bool]:
        """The marker that waits for a leaf, and whether that leaf is set off."""
        marker, self._marker = self._marker, ""
        return marker, not marker or self._first

    def _flush_marker(self) -> None:
        if self._marker:
            marker, first = self._take_marker()
            self._leaves.append(Leaf("text", path=self._path, marker=marker, first=first))

    def _on_bullet_list_open(self, token: Token, following: Token) -> None:
        self._flush_marker()
        self._lists.append(None)
        self._first = self._number is None or token.level > 0
        self._number = None

    def _on_ordered_list_open(self, token: Token, following: Token) -> None:
        self._flush_marker()
        start = int(token.attrGet("start") or 1) if token.attrGet("start") != 0 else 0
        self._first = self._number is None or token.level > 0
        if self._number is not None and token.level == 0:
            start = self._number
        self._number = None
        self._lists.append(start)

    def _on_bullet_list_close(self, token: Token, following: Token) -> None:
        self._lists.pop()

    _on_ordered_list_close = _on_bullet_list_close

    def _on_list_item_open(self, token: Token, following: Token) -> None:
        number = self._lists[-1]
        if number is None:
            self._marker = _SIGNS[min(self._path.count("l"), len(_SIGNS) - 1)]
        else:
            self._marker = f"{number}{token.markup}"
            self._lists[-1] = number + 1
        self._path += "l"

    def _on_list_item_close(self, token: Token, following: Token) -> None:
        self._flush_marker()
        self._first = False
        self._path = self._path[:-1]

    def _on_blockquote_open(self, token: Token, following: Token) -> None:
        self._flush_marker()
        self._path += "q"

    def _on_blockquote_close(self, token: Token, following: Token) -> None:
        self._path = self._path[:-1]

    def _on_paragraph_open(self, token: Token, following: Token) -> None:
        text = following.content
        marker, first = self._take_marker()
        if marker and (task := _TASK.match(text)):
            marker = "☐" if task.group(1) == " " else "☑"
            text = text[task.end() :]
        if overlong(text):
            self._leaves += plain_leaves(text, self._path, marker, self._cuts)
        else:
            self._leaves.append(Leaf("text", text, self._path, marker, first=first))

    def _on_heading_open(self, token: Token, following: Token) -> None:
        text, (marker, first) = following.content, self._take_marker()
        if overlong(text):
            self._leaves += plain_leaves(text, self._path, marker, self._cuts)
        else:
            self._leaves.append(Leaf("heading", text, self._path, marker, int(token.tag[1:]), first))

    def _on_fence(self, token: Token, following: Token) -> None:
        self._flush_marker()
        lines = token.content.split("\n")
        if lines[-1] == "":
            lines.pop()
        self._leaves += code_leaves(lines, language(token.info), self._path, self._cuts)

    _on_code_block = _on_fence

    def _on_hr(self, token: Token, following: Token) -> None:
        self._flush_marker()
        self._leaves.append(Leaf("rule", path=self._path))

    def _table(self, tokens: list[Token], at: int) -> int:
        self._flush_marker()
        header, rows, aligns, end = table_parts(tokens, at)
        self._leaves += table_leaves(header, rows, aligns, self._path, self._cuts)
        return end


def language(info: str) -> str:
    """The language a fence names, or nothing."""
    words = info.split()
    return words[0].strip("{}.")[:24] if words else ""


def table_parts(
    tokens: list[Token], at: int
) -> tuple[tuple[str, ...], list[tuple[str, ...]], tuple[str, ...], int]:
    """Header cells, rows, alignments (``left``, ``center``, ``right`` or nothing), and the index after it."""
    header: list[str] = []
    aligns: list[str] = []
    rows: list[tuple[str, ...]] = []
    cells: list[str] = []
    while tokens[at].type != "table_close":
        token = tokens[at]
        if token.type == "th_open":
            header.append(tokens[at + 1].content)
            aligns.append(str(token.attrGet("style") or "").removeprefix("text-align:"))
        elif token.type == "td_open":
            cells.append(tokens[at + 1].content)
        elif token.type == "tr_close" and cells:
            rows.append(tuple(cells))
            cells = []
        at += 1
    return tuple(header), rows, tuple(aligns), at + 1
