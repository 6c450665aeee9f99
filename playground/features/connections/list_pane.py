"""The list of connections at the left: a colour, a name, and what kind it is."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from playground.features.connections.fields import colour_dot
from playground.settings.profiles import ConnectionProfile
from playground.ui.icons import icon

KIND_WORDS = {
    "azure": "Azure OpenAI, key",
    "entra": "Azure OpenAI, Entra ID",
    "openai": "OpenAI-compatible",
    "embedded": "Built in",
}
QUIET = 175  # of 255; keeps 4.5:1 on the ground of the list in both themes
_KIND = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


class _TwoLines(QStyledItemDelegate):
    """A name, and the kind beneath it in a quieter voice."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines and air."""
        return QSize(120, option.fontMetrics.height() * 2 + 18)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The style draws background, icon and focus; the two lines are drawn here."""
        self.initStyleOption(option, index)
        name, option.text = option.text, ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        left = option.rect.left() + option.decorationSize.width() + 20
        line = option.fontMetrics.height()
        box = QRect(left, option.rect.top() + 8, option.rect.right() - left - 8, line)
        painter.save()
        painter.setFont(option.font)
        painter.setPen(option.palette.text().color())
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(
            box, Qt.AlignmentFlag.AlignVCenter, option.fontMetrics.elidedText(name, elide, box.width())
        )
        box.translate(0, line + 2)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        quiet = option.palette.text().color()
        quiet.setAlpha(255 if selected else QUIET)
        painter.setPen(quiet)
        kind = option.fontMetrics.elidedText(str(index.data(_KIND)), elide, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, kind)
        painter.restore()


class ListPane(QWidget):
    """Which connections there are, and which one is being looked at."""

    chosen = Signal(str)
    new_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        heading = QLabel("Connections")
        heading.setProperty("heading", True)
        self.new_button = QPushButton("New")
        self.new_button.setIcon(icon("plus", "accent"))
        self.new_button.setAccessibleName("New connection")
        self.new_button.clicked.connect(self.new_requested)
        self.list = QListWidget()
        self.list.setAccessibleName("Connections")
        self.list.setItemDelegate(_TwoLines(self.list))
        self.list.setIconSize(QSize(12, 12))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._on_current)
        head = QHBoxLayout()
        head.addWidget(heading, 1)
        head.addWidget(self.new_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 12, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.list, 1)

    def show_profiles(self, profiles: list[ConnectionProfile], shown_id: str, current_id: str) -> None:
        """Show these connections; the row of ``shown_id`` is selected without a signal."""
        self.list.blockSignals(True)
        while self.list.count() > len(profiles):
            self.list.takeItem(self.list.count() - 1)
        for row, profile in enumerate(profiles):
            item = self.list.item(row)
            if item is None:
                item = QListWidgetItem()
                self.list.addItem(item)
            kind = ("In use · " if profile.id == current_id else "") + KIND_WORDS[profile.kind]
            item.setText(profile.name or "Without a name")
            item.setIcon(colour_dot(profile.colour_hex))
            item.setData(Qt.ItemDataRole.UserRole, profile.id)
            item.setData(_KIND, kind)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{profile.name}, {kind}")
            if profile.id == shown_id:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self.list.viewport().update()

    def _on_current(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(str(item.data(Qt.ItemDataRole.UserRole)))
