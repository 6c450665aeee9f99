"""A list of rows in two lines, painted, so that ten thousand of them cost as little as ten."""

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from playground.ui.colours import colour
from playground.ui.icons import icon
from playground.ui.list_model import ROW_ROLE, Index, Row, RowListModel
from playground.ui.plain_text import one_line

PAD = 10


class RowListView(QListView):
    """Shows a ``RowListModel``. Signals carry keys; what they lead to is the owner's business."""

    chosen = Signal(str)
    """A row was clicked, or Enter was pressed on it."""
    current_changed = Signal(str)
    menu_requested = Signal(str, QPoint)
    delete_requested = Signal(str)

    def __init__(self, name: str, *, two_lines: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = RowListModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(RowDelegate(two_lines, self))
        self.setAccessibleName(name)
        self.setProperty("bare", True)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu)
        self.clicked.connect(lambda index: self.chosen.emit(_key(index)))

    def current_key(self) -> str:
        """The key of the current row, or nothing."""
        return _key(self.currentIndex())

    def select(self, key: str | None) -> None:
        """Make a row the current one without choosing it; None leaves no row selected."""
        position = -1 if key is None else self.rows.position(key)
        if position < 0:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
            return
        self.selectionModel().setCurrentIndex(
            self.rows.index(position), QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        self.scrollTo(self.rows.index(position))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses, Delete wishes the row away, the menu key opens its menu."""
        key = self.current_key()
        if key and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(key)
        elif key and event.key() == Qt.Key.Key_Delete:
            self.delete_requested.emit(key)
        elif key and event.key() == Qt.Key.Key_Menu:
            self._on_menu(self.visualRect(self.currentIndex()).center())
        else:
            super().keyPressEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Part of the view."""
        super().currentChanged(current, previous)
        self.current_changed.emit(_key(current))

    def _on_menu(self, point: QPoint) -> None:
        index = self.indexAt(point)
        if index.isValid():
            self.menu_requested.emit(_key(index), self.viewport().mapToGlobal(point))


class RowDelegate(QStyledItemDelegate):
    """Paints a ``Row``: icon, title, second line, mark at the right; a ring where the focus is."""

    def __init__(self, two_lines: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._two_lines = two_lines

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The same height for every row."""
        line = QFontMetrics(_font(option)).height()
        second = QFontMetrics(_small(option)).height() + 2 if self._two_lines else 0
        return QSize(120, line + second + 2 * 7)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        row = index.data(ROW_ROLE)
        if not isinstance(row, Row):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        self._ground(painter, rect, state, option)
        inner = rect.adjusted(PAD + 4, 7, -PAD - 4, -7)
        if row.icon:
            side = round(QFontMetrics(_font(option)).height() * 1.15)
            mark = QRect(inner.left(), inner.center().y() - side // 2, side, side)
            icon(row.icon, row.tone or "muted").paint(painter, mark)
            inner.setLeft(mark.right() + PAD)
        self._words(painter, inner, row, option)
        painter.restore()

    def _ground(
        self, painter: QPainter, rect: QRect, state: QStyle.StateFlag, option: QStyleOptionViewItem
    ) -> None:
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        box = rect.adjusted(4, 1, -4, -1)
        if selected or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent_soft" if selected else "hover"))
            painter.drawRoundedRect(box, 6, 6)
        if focused:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(colour("focus")))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)

    def _words(self, painter: QPainter, room: QRect, row: Row, option: QStyleOptionViewItem) -> None:
        normal, small = _font(option), _small(option)
        metrics, small_metrics = QFontMetrics(normal), QFontMetrics(small)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        first = QRect(room.left(), room.top(), room.width(), metrics.height())
        if row.badge:
            painter.setFont(small)
            painter.setPen(colour(row.tone or "muted"))
            badge = small_metrics.elidedText(row.badge, Qt.TextElideMode.ElideRight, room.width() // 2)
            painter.drawText(first, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, badge)
            first.setWidth(first.width() - small_metrics.horizontalAdvance(badge) - PAD)
        painter.setFont(normal)
        painter.setPen(colour("text"))
        title = metrics.elidedText(one_line(row.title), Qt.TextElideMode.ElideRight, first.width())
        painter.drawText(first, left, title)
        if self._two_lines and row.subtitle:
            second = QRect(room.left(), first.bottom() + 3, room.width(), small_metrics.height())
            painter.setFont(small)
            painter.setPen(colour("muted"))
            text = small_metrics.elidedText(one_line(row.subtitle), Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(second, left, text)


def _key(index: Index) -> str:
    row = index.data(ROW_ROLE) if index.isValid() else None
    return row.key if isinstance(row, Row) else ""


def _font(option: QStyleOptionViewItem) -> QFont:
    return QFont(option.font)


def _small(option: QStyleOptionViewItem) -> QFont:
    font = _font(option)
    font.setPixelSize(max(9, round(font.pixelSize() * 0.92)) if font.pixelSize() > 0 else 12)
    return font
