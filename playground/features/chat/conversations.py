"""The pane at the left: conversations, newest first, and a search through everything that was said."""

import asyncio
from datetime import datetime

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListView, QMenu, QPushButton, QVBoxLayout, QWidget

from playground.features.chat.conversation_list import ConversationDelegate, ConversationListModel, Row
from playground.store.conversations import Conversation
from playground.tasks import TaskScope
from playground.ui.dialogs import ask_text
from playground.ui.icons import icon
from playground.workbench.workbench import History, Notices

PAGE = 100
HITS = 100
TYPING_PAUSE_SECONDS = 0.15


class ConversationPane(QWidget):
    """Lists, searches, renames, pins and puts away; what is put away can be taken back."""

    chosen = Signal(str, str)  # conversation id, turn id or ""
    new_requested = Signal()
    gone = Signal(str)

    def __init__(self, history: History, tasks: TaskScope, notices: Notices) -> None:
        super().__init__()
        self._history = history
        self._tasks = tasks
        self._notices = notices
        self._running: set[str] = set()
        self._current: str | None = None
        self._more = True
        self._last: Conversation | None = None
        self._query = ""
        self._model = ConversationListModel()
        self.search_field = QLineEdit()
        self.search_field.setPlaceholderText("Search conversations")
        self.search_field.setAccessibleName("Search conversations")
        self.search_field.setClearButtonEnabled(True)
        self.search_field.textChanged.connect(self._on_search)
        self.new_button = QPushButton("New")
        self.new_button.setIcon(icon("plus"))
        self.new_button.setAccessibleName("New conversation")
        self.new_button.setToolTip("New conversation (Ctrl+N)")
        self.new_button.clicked.connect(self.new_requested)
        self.list = self._make_list()
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.search_field, 1)
        top.addWidget(self.new_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 12, 4, 8)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.list, 1)
        self.setMinimumWidth(200)

    def count(self) -> int:
        """How many rows are listed."""
        return self._model.rowCount()

    def focus_search(self) -> None:
        """Put the caret into the search."""
        self.search_field.setFocus()
        self.search_field.selectAll()

    def mark(self, conversation_id: str | None) -> None:
        """Show which conversation is in front."""
        self._current = conversation_id
        row = self._model.row_of(conversation_id) if conversation_id else -1
        if row >= 0 and not self._query:
            self.list.setCurrentIndex(self._model.index(row))
        elif conversation_id is None:
            self.list.clearSelection()
            self.list.setCurrentIndex(QModelIndex())

    def mark_running(self, conversation_ids: set[str]) -> None:
        """Show which conversations are being answered."""
        if conversation_ids != self._running:
            self._running = conversation_ids
            self._tasks.start(self.refresh(self._current), key="pane")

    async def refresh(self, current: str | None = None) -> None:
        """Read the list anew."""
        if self._query:
            return
        conversations = await self._history.conversations.list(max(PAGE, self.count()))
        self._more = len(conversations) >= PAGE
        self._last = conversations[-1] if conversations else None
        self._model.set_rows([self._row(each) for each in conversations])
        self.mark(current or self._current)

    async def search(self, text: str) -> None:
        """List the places where this was said; an empty text lists the conversations again."""
        self._query = text.strip()
        if self.search_field.text() != text:
            self.search_field.blockSignals(True)
            self.search_field.setText(text)
            self.search_field.blockSignals(False)
        if not self._query:
            await self.refresh()
            return
        hits = await self._history.search.search(self._query, HITS)
        self._model.set_rows(
            [
                Row(hit.conversation_id, hit.title or "Untitled", hit.snippet, hit.turn_id or "")
                for hit in hits
            ]
        )

    def _make_list(self) -> QListView:
        view = QListView()
        view.setModel(self._model)
        view.setItemDelegate(ConversationDelegate(view))
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setAccessibleName("Conversations")
        view.setFrameShape(QListView.Shape.NoFrame)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._on_menu)
        view.clicked.connect(self._on_chosen)
        view.activated.connect(self._on_chosen)
        view.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        return view

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete puts the conversation away, F2 renames it."""
        row = self._row_at(self.list.currentIndex())
        if row is not None and event.key() == Qt.Key.Key_Delete:
            self._tasks.start(self._trash(row))
        elif row is not None and event.key() == Qt.Key.Key_F2:
            self._tasks.start(self._rename(row))
        else:
            super().keyPressEvent(event)

    def _row(self, conversation: Conversation) -> Row:
        return Row(
            conversation.id,
            conversation.title or "New conversation",
            when(conversation.updated_at),
            pinned=conversation.pinned,
            running=conversation.id in self._running,
        )

    def _row_at(self, index: QModelIndex) -> Row | None:
        return self._model.rows[index.row()] if index.isValid() else None

    def _on_chosen(self, index: QModelIndex) -> None:
        if (row := self._row_at(index)) is not None:
            self.chosen.emit(row.conversation_id, row.turn_id)

    def _on_search(self, text: str) -> None:
        self._tasks.start(self._search_soon(text), key="search")

    async def _search_soon(self, text: str) -> None:
        await asyncio.sleep(TYPING_PAUSE_SECONDS)
        await self.search(text)

    def _on_scrolled(self, value: int) -> None:
        if self._more and not self._query and value >= self.list.verticalScrollBar().maximum() - 5:
            self._tasks.start(self._fetch_more(), key="more")

    async def _fetch_more(self) -> None:
        if self._last is None:
            return
        older = await self._history.conversations.list(PAGE, before=self._last)
        self._more = len(older) >= PAGE
        self._last = older[-1] if older else self._last
        known = {row.conversation_id for row in self._model.rows}
        self._model.append_rows([self._row(each) for each in older if each.id not in known])

    def _on_menu(self, position: QPoint) -> None:
        row = self._row_at(self.list.indexAt(position))
        if row is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Rename…").triggered.connect(lambda: self._tasks.start(self._rename(row)))
        pin = "Unpin" if row.pinned else "Pin"
        menu.addAction(pin).triggered.connect(lambda: self._tasks.start(self._pin(row)))
        menu.addSeparator()
        menu.addAction("Delete").triggered.connect(lambda: self._tasks.start(self._trash(row)))
        menu.popup(self.list.viewport().mapToGlobal(position))

    async def _rename(self, row: Row) -> None:
        title = await ask_text(self, "Rename conversation", "Title", row.title)
        if title and title.strip():
            await self._history.conversations.rename(row.conversation_id, title.strip())
            await self.refresh()

    async def _pin(self, row: Row) -> None:
        await self._history.conversations.pin(row.conversation_id, not row.pinned)
        await self.refresh()

    async def _trash(self, row: Row) -> None:
        await self._history.conversations.trash(row.conversation_id)
        self.gone.emit(row.conversation_id)
        await self.refresh()
        self._notices.say(
            f"“{row.title}” was deleted", lambda: self._tasks.start(self._restore(row.conversation_id))
        )

    async def _restore(self, conversation_id: str) -> None:
        await self._history.conversations.restore(conversation_id)
        await self.refresh()


def when(seconds: float) -> str:
    """A moment as people say it: the time today, the day otherwise."""
    moment = datetime.fromtimestamp(seconds)
    if moment.date() == datetime.now().date():
        return f"Today, {moment:%H:%M}"
    return f"{moment.day} {moment:%B %Y}"
