"""The events of a stream, each with the time of its arrival; twenty thousand of them cost no more than ten."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSplitter, QTableView, QVBoxLayout, QWidget

from playground.ui.json_view import JsonView
from playground.ui.plain_label import PlainLabel
from playground.ui.plain_text import one_line

if TYPE_CHECKING:
    from playground.api.exchange import Exchange, StreamEvent

Index = QModelIndex | QPersistentModelIndex
SHOWN_CHARACTERS = 240


class EventListModel(QAbstractListModel):
    """Looks at the events of an exchange; ``grow`` takes in what has come since."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._events: list[StreamEvent] = []
        self._count = 0

    def show_events(self, events: "list[StreamEvent]") -> None:
        """Look at another list."""
        self.beginResetModel()
        self._events, self._count = events, len(events)
        self.endResetModel()

    def is_on(self, events: "list[StreamEvent]") -> bool:
        """Whether it looks at this list."""
        return self._events is events

    def grow(self) -> bool:
        """Show what has been added; whether anything was."""
        count = len(self._events)
        if count <= self._count:
            return False
        self.beginInsertRows(QModelIndex(), self._count, count - 1)
        self._count = count
        self.endInsertRows()
        return True

    def event_at(self, position: int) -> "StreamEvent | None":
        """The event of a row."""
        return self._events[position] if 0 <= position < self._count else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        """Part of the model."""
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Offset and beginning of the data on one line."""
        event = self.event_at(index.row()) if index.isValid() else None
        if event is None or role != Qt.ItemDataRole.DisplayRole:
            return None
        return f"{event.offset_seconds:9.3f} s   {one_line(event.data, SHOWN_CHARACTERS)}"


class EventsTab(QWidget):
    """The list at the left, the chosen event at the right. New events scroll only a list that is at its end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._exchange: Exchange | None = None
        self.events = EventListModel(self)
        self.list = QTableView()  # a list view lays out every row anew with each that is added
        self.list.setModel(self.events)
        self.list.setAccessibleName("Events of the stream")
        self.list.setProperty("bare", True)
        self.list.setProperty("code", True)
        self.list.setShowGrid(False)
        self.list.setWordWrap(False)
        self.list.setTabKeyNavigation(False)
        self.list.setCornerButtonEnabled(False)
        self.list.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.horizontalHeader().hide()
        self.list.horizontalHeader().setStretchLastSection(True)
        self.list.verticalHeader().hide()
        self.list.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.count = PlainLabel("No events")
        self.count.setProperty("muted", True)
        self.count.setProperty("small", True)
        self.count.setContentsMargins(12, 6, 12, 0)
        self.detail = JsonView("Event")
        left, right = QWidget(), QWidget()
        for side, widgets in ((left, (self.count, self.list)), (right, (self.detail,))):
            column = QVBoxLayout(side)
            column.setContentsMargins(*((0, 0, 0, 0) if side is left else (8, 6, 8, 6)))
            column.setSpacing(4)
            for widget in widgets:
                column.addWidget(widget)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setSizes([520, 380])
        splitter.setChildrenCollapsible(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(splitter)

    def show_exchange(self, exchange: "Exchange") -> None:
        """Show its events, or take in new ones."""
        self.list.verticalHeader().setDefaultSectionSize(self.list.fontMetrics().height() + 6)
        if not self.events.is_on(exchange.events):
            self.detail.set_text("")
            self.events.show_events(exchange.events)
        else:
            bar = self.list.verticalScrollBar()
            at_end = bar.value() >= bar.maximum() - 2
            if self.events.grow() and at_end:
                self.list.scrollToBottom()
        left_out = exchange.events_left_out
        text = (
            f"{len(exchange.events):,} events"
            if exchange.events
            else "No events: the answer came in one piece"
        )
        self.count.setText(f"{text}; {left_out:,} more were not kept" if left_out else text)

    def _on_current(self, current: QModelIndex) -> None:
        event = self.events.event_at(current.row()) if current.isValid() else None
        if event is not None:
            self.detail.set_text(event.data)
