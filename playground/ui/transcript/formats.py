"""Leaves into Qt's block, character and table formats; every distance inside a message is decided here."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextOption,
    QTextTableCellFormat,
    QTextTableFormat,
)

from playground.ui.transcript.inline import BOLD, CODE, ITALIC, LINK, MUTED, STRIKE, Span
from playground.ui.transcript.leaf import Grid, Leaf
from playground.ui.transcript.style import TranscriptStyle

_USER = int(QTextFormat.Property.UserProperty.value)
KIND, PATH, FIRST, INFO, TASK, ORDER = (_USER + at for at in range(1, 7))
_MIN_HEIGHT = int(QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
_FIXED_HEIGHT = int(QTextBlockFormat.LineHeightTypes.FixedHeight.value)
_LIGATURES = QFont.Tag("calt")
_ALIGNS = {"center": Qt.AlignmentFlag.AlignHCenter, "right": Qt.AlignmentFlag.AlignRight}


class Formats:
    """The looks of one style. Formats are made once and shared by every message drawn with it."""

    def __init__(self, style: TranscriptStyle) -> None:
        self.style = style
        unit = style.space
        self.list_step = round(unit * 3.25)
        self.quote_step = round(unit * 2.5)
        self.code_pad = round(unit * 1.75)
        self.code_head = round(unit * 4.25)
        self.code_foot = round(unit * 1.5)
        self.char = cache(self._char)
        self.token = cache(self._token)

    def font(self, size: float, *, mono: bool = False, weight: int = 400) -> QFont:
        """A font of the style; ``size`` in logical pixels."""
        font = QFont()
        font.setFamilies(list(self.style.mono if mono else self.style.sans))
        font.setPixelSize(max(round(size), 1))
        font.setWeight(QFont.Weight(weight))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        if mono:
            font.setStyleHint(QFont.StyleHint.Monospace)
            font.setFixedPitch(True)
            font.setFeature(
                _LIGATURES, 0
            )  # code is shown as it is written: no arrow for a hyphen and a bracket
        return font

    def indent(self, path: str) -> int:
        """Pixels that the lists and quotes around a leaf take from the left."""
        return sum(self.list_step if part == "l" else self.quote_step for part in path)

    def gap(self, before: Leaf | None, leaf: Leaf) -> float:
        """Empty pixels above a leaf, from its neighbours alone."""
        unit = self.style.space
        room = 0.0
        if before is not None:
            room = self._distance(before, leaf, unit)
            if before.kind == "code" and (leaf.kind != "code" or leaf.first):
                room += self.code_foot
        if leaf.kind == "code" and leaf.first:
            room += self.code_head
        return round(room)

    def _distance(self, before: Leaf, leaf: Leaf, unit: float) -> float:
        if leaf.kind == "heading":
            return unit * (3 if leaf.level <= 2 else 2.5)
        if leaf.kind == before.kind and not leaf.first and not leaf.marker:
            return 0
        if leaf.kind == "cut":
            return unit * 0.75
        if leaf.marker and "l" in before.path and not (leaf.first and len(leaf.path) <= len(before.path)):
            return unit * 0.5
        if before.kind == "heading":
            return unit
        return unit * 1.5

    def block(self, before: Leaf | None, leaf: Leaf) -> QTextBlockFormat:
        """The paragraph format of a leaf that follows another."""
        style = self.style
        made = QTextBlockFormat()
        made.setTopMargin(self.gap(before, leaf))
        left = self.indent(leaf.path)
        if leaf.kind == "code":
            left += self.code_pad
            made.setRightMargin(self.code_pad)
            made.setLineHeight(round(style.code_line_height), _MIN_HEIGHT)
        elif leaf.kind == "heading":
            made.setLineHeight(round(style.headings[leaf.level - 1] * 1.35), _MIN_HEIGHT)
            made.setHeadingLevel(leaf.level)
        elif leaf.kind == "rule":
            made.setLineHeight(round(style.space * 2), _FIXED_HEIGHT)
        elif leaf.kind == "cut":  # a button lies on it
            made.setLineHeight(round(style.space * 3.5), _FIXED_HEIGHT)
        else:
            made.setLineHeight(round(style.line_height), _MIN_HEIGHT)
        made.setLeftMargin(left)
        if leaf.marker:
            made.setTextIndent(-self.list_step)
            made.setTabPositions([QTextOption.Tab(self.list_step, QTextOption.TabType.LeftTab)])
        made.setProperty(KIND, leaf.kind)
        made.setProperty(PATH, leaf.path)
        made.setProperty(FIRST, leaf.first)
        if leaf.info:
            made.setProperty(INFO, leaf.info)
        if leaf.marker in ("☐", "☑"):
            made.setProperty(TASK, leaf.marker)
        if leaf.order >= 0:
            made.setProperty(ORDER, leaf.order)
        return made

    def thin(self, leaf: Leaf | None = None) -> QTextBlockFormat:
        """The all but invisible block that Qt wants before and after a table."""
        made = QTextBlockFormat()
        made.setLineHeight(1, _FIXED_HEIGHT)
        if leaf is not None:
            made.setProperty(PATH, leaf.path)
        return made

    def thin_char(self) -> QTextCharFormat:
        """The character format of a thin block."""
        made = QTextCharFormat()
        made.setFont(
            self.font(1), QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesSpecifiedOnly
        )
        return made

    def span(self, leaf: Leaf, run: Span, *, head: bool = False) -> QTextCharFormat:
        """The character format of a run inside a leaf; ``head`` for a table's header cells."""
        shared = self.char(leaf.kind, leaf.level, run.flags | (BOLD if head else 0))
        if not run.href:
            return shared
        made = QTextCharFormat(shared)
        made.setAnchor(True)
        made.setAnchorHref(run.href)
        return made

    def marker(self, leaf: Leaf) -> QTextCharFormat:
        """The character format of a bullet, number or check box; the box itself is painted."""
        made = QTextCharFormat(self.char("text", 0, 0))
        made.setForeground(QColor(0, 0, 0, 0) if leaf.marker in ("☐", "☑") else QColor(self.style.muted))
        return made

    def _char(self, kind: str, level: int, flags: int) -> QTextCharFormat:
        style = self.style
        size, weight, colour = style.body, 400, style.text
        if kind == "heading":
            size, weight = style.headings[level - 1], 650
        elif kind == "code":
            size, colour = style.code, style.code_text
        elif kind == "table":
            size = style.body - style.space / 8
        if flags & BOLD:
            weight = 650
        mono = kind == "code" or bool(flags & CODE)
        if flags & CODE:
            size = round(size * 0.9)
        made = QTextCharFormat()
        font = self.font(
            size, mono=mono, weight=600 if weight > 400 and not mono else (700 if weight > 400 else 400)
        )
        font.setItalic(bool(flags & ITALIC))
        font.setStrikeOut(bool(flags & STRIKE))
        made.setFont(font, QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesSpecifiedOnly)
        if flags & LINK:
            colour = style.link
            made.setFontUnderline(True)
            made.setUnderlineColor(QColor(style.link))
        elif flags & MUTED:
            colour = style.muted
        made.setForeground(QColor(colour))
        if flags & CODE:
            made.setBackground(QColor(style.inline_code))
        return made

    def _token(self, kind: str) -> QTextCharFormat:
        made = QTextCharFormat(self.char("code", 0, 0))
        made.setForeground(QColor(getattr(self.style, kind)))
        if kind == "comment":
            made.setFontItalic(True)
        return made

    def table(self, before: Leaf | None, leaf: Leaf, grid: Grid, width: float) -> QTextTableFormat:
        """A table's format: as wide as its text wants, at most as wide as the column."""
        made = QTextTableFormat()
        room = max(width - self.indent(leaf.path), 1)
        columns = self._columns(grid, room)
        total = sum(columns)
        made.setWidth(QTextLength(QTextLength.Type.PercentageLength, min(100.0, 100.0 * total / room)))
        made.setColumnWidthConstraints(
            [QTextLength(QTextLength.Type.PercentageLength, 100.0 * column / total) for column in columns]
        )
        made.setBorder(0)
        made.setCellPadding(0)
        made.setCellSpacing(0)
        made.setBorderCollapse(True)
        made.setHeaderRowCount(1 if grid.header else 0)
        made.setLeftMargin(self.indent(leaf.path))
        made.setTopMargin(self.gap(before, leaf))
        return made

    def _columns(self, grid: Grid, room: float) -> list[float]:
        """Widths of columns in pixels: what their text wants, or their longest word and a share of the rest."""
        letter, air = self.style.body * 0.6, self.style.space * 3
        wanted = [weight * letter + air for weight in grid.weights]
        if sum(wanted) <= room:
            return wanted
        least = [min(word * letter + air, want) for word, want in zip(grid.words, wanted, strict=True)]
        left = room - sum(least)
        if left <= 0:
            return least
        more = sum(wanted) - sum(least)
        return [low + left * (want - low) / more for low, want in zip(least, wanted, strict=True)]

    def cell(self, *, head: bool) -> QTextTableCellFormat:
        """A cell's format: air, and a line below."""
        made = QTextTableCellFormat()
        unit = self.style.space
        made.setLeftPadding(unit)
        made.setRightPadding(unit)
        made.setTopPadding(unit * 0.75)
        made.setBottomPadding(unit * 0.75)
        made.setBottomBorder(1)
        made.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        made.setBottomBorderBrush(QBrush(QColor(self.style.quote if head else self.style.line)))
        if head:
            made.setBackground(QColor(self.style.code_background))
        return made

    def cell_block(self, align: str) -> QTextBlockFormat:
        """The paragraph format inside a cell."""
        made = QTextBlockFormat()
        if align in _ALIGNS:
            made.setAlignment(_ALIGNS[align])
        return made
