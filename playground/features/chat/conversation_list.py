"""The rows of the conversation pane: uniform, painted by hand, and fetched as they come into view."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole
PADDING = 10


@dataclass(frozen=True)
class Row:
    """One line of the pane: a conversation, or a place in one that a search has found."""

    conversation_id: str
    title: str
    detail: str = ""
    turn_id: str = ""
    pinned: bool = False
    running: bool = False


class ConversationListModel(QAbstractListModel):
    """Rows in order, newest first; the pane puts them in."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []

    @property
    def rows(self) -> list[Row]:
        """What is listed."""
        return self._rows

    def set_rows(self, rows: list[Row]) -> None:
        """Replace everything, quietly when nothing has changed."""
        if rows == self._rows:
            return
        if [row.conversation_id + row.turn_id for row in rows] == [
            row.conversation_id + row.turn_id for row in self._rows
        ]:
            self._rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def append_rows(self, rows: list[Row]) -> None:
        """Add older ones at the end."""
        if rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows = [*self._rows, *rows]
            self.endInsertRows()

    def row_of(self, conversation_id: str) -> int:
        """Where a conversation stands, or -1."""
        ids = [row.conversation_id for row in self._rows]
        return ids.index(conversation_id) if conversation_id in ids else -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Title as text, the title in full for screen readers, and the row itself for the delegate."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = ", answering" if row.running else ""
            return f"{row.title}, {row.detail}{state}" if row.detail else f"{row.title}{state}"
        return row if role == ROW else None


class ConversationDelegate(QStyledItemDelegate):
    """Paints a title, and below it one line of detail."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Every row is as high as every other."""
        return QSize(0, int(option.fontMetrics.height() * 2.1) + 2 * PADDING - 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row in the colours of the palette."""
        row = index.data(ROW)
        if not isinstance(row, Row):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette: QPalette = option.palette
        area = option.rect.adjusted(4, 1, -4, -1)
        self._background(painter, option, area, palette)
        inner = area.adjusted(PADDING, PADDING - 4, -PADDING, -(PADDING - 4))
        half = inner.height() // 2
        title_font = QFont(option.font)
        title_font.setWeight(QFont.Weight.Medium)
        painter.setFont(title_font)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        mark = "● " if row.running else "★ " if row.pinned else ""
        self._line(painter, mark + row.title, QRect(inner.left(), inner.top(), inner.width(), half))
        small = QFont(option.font)
        small.setPointSizeF(max(7.0, small.pointSizeF() * 0.87))
        painter.setFont(small)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        self._line(painter, row.detail, QRect(inner.left(), inner.top() + half, inner.width(), half))
        painter.restore()

    def _background(
        self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, palette: QPalette
    ) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if not (selected or hovered):
            return
        colour = QColor(palette.color(QPalette.ColorRole.Highlight if selected else QPalette.ColorRole.Text))
        colour.setAlphaF(0.16 if selected else 0.06)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(area, 6, 6)
        if selected and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(palette.color(QPalette.ColorRole.Highlight))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area, 6, 6)

    def _line(self, painter: QPainter, text: str, area: QRect) -> None:
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(area, flags, shown)
