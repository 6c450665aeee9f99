"""A selection as plain text: what reaches the clipboard is what was read, with nothing hidden in it."""

from __future__ import annotations

import re

from PySide6.QtGui import QTextCursor

from playground.ui.transcript.formats import FIRST, KIND

# Signs that reorder or hide what is pasted elsewhere, such as in a terminal.
_HIDDEN = re.compile("[\x00\u202a-\u202e\u2066-\u2069\ufffc]")


def clean(text: str) -> str:
    """Text fit for the clipboard: line ends as usual, no NUL, nothing that reverses the order of letters."""
    return _HIDDEN.sub("", text.replace("\u2029", "\n").replace("\u2028", "\n"))


def selected_text(cursor: QTextCursor) -> str:
    """The selection as it reads: cells of a row by tabs, pieces of an overlong paragraph joined again."""
    document = cursor.document()
    begin, end = cursor.selectionStart(), cursor.selectionEnd()
    block = document.findBlock(begin)
    parts: list[str] = []
    while block.isValid() and block.position() <= end:
        start = block.position()
        text = block.text()
        units = text if text.isascii() else None
        low, high = max(begin - start, 0), min(end - start, block.length() - 1)
        shown = units[low:high] if units is not None else _slice(text, low, high)
        parts.append(_separator(cursor, block.position(), bool(parts)) + shown.replace("\t", " "))
        block = block.next()
    return clean("".join(parts)).strip("\n")


def _slice(text: str, low: int, high: int) -> str:
    return text.encode("utf-16-le")[low * 2 : high * 2].decode("utf-16-le", "replace")


def _separator(cursor: QTextCursor, position: int, following: bool) -> str:
    if not following:
        return ""
    at = QTextCursor(cursor)
    at.setPosition(position)
    table = at.currentTable()
    if table is not None:
        return "\t" if table.cellAt(at).column() else "\n"
    block_format = at.blockFormat()
    kind = block_format.property(KIND)
    if kind is None or (kind == "plain" and not block_format.property(FIRST)):
        return ""
    return "\n"
