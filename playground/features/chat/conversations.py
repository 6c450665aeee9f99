"""The pane at the left: conversations, newest first, and a search through everything that was said."""

import asyncio
from datetime import datetime

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from playground.store.conversations import Conversation
from playground.store.search import Hit
from playground.tasks import TaskScope
from playground.ui.dialogs import ask_text
from playground.ui.icons import icon
from playground.ui.list_model import Row
from playground.ui.list_view import RowListView
from playground.ui.plain_text import one_line
from playground.workbench.workbench import History, Notices

PAGE = 100
HITS = 100
LONGEST_TITLE = 200
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
        self._last: Conversation | None = None
        self._query = ""
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
        self.list = RowListView("Conversations")
        self.list.chosen.connect(self._on_chosen)
        self.list.menu_requested.connect(self._on_menu)
        self.list.delete_requested.connect(lambda key: self._tasks.start(self._trash(key)))
        self.list.rows.more_requested.connect(lambda: self._tasks.start(self._fetch_more(), key="more"))
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
        return self.list.rows.rowCount()

    def focus_search(self) -> None:
        """Put the caret into the search."""
        self.search_field.setFocus()
        self.search_field.selectAll()

    def mark(self, conversation_id: str | None) -> None:
        """Show which conversation is in front."""
        self._current = conversation_id
        if not self._query:
            self.list.select(conversation_id)

    def mark_running(self, conversation_ids: set[str]) -> None:
        """Show which conversations are being answered."""
        if conversation_ids != self._running:
            self._running = conversation_ids
            self._tasks.start(self.refresh(), key="pane")

    async def refresh(self, current: str | None = None) -> None:
        """Read the list anew; ``current`` is the conversation in front from now on."""
        self._current = current or self._current
        if self._query:
            return
        conversations = await self._history.conversations.list(max(PAGE, self.count()))
        self._last = conversations[-1] if conversations else None
        self.list.rows.set_rows([self._row(each) for each in conversations], more=len(conversations) >= PAGE)
        self.mark(self._current)

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
        self.list.rows.set_rows([hit_row(hit) for hit in hits])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 renames the conversation that is selected."""
        if self.list.current_key() and event.key() == Qt.Key.Key_F2:
            self._tasks.start(self._rename(self.list.current_key()))
        else:
            super().keyPressEvent(event)

    def _row(self, conversation: Conversation) -> Row:
        running = conversation.id in self._running
        return Row(
            conversation.id,
            one_line(conversation.title or "New conversation", LONGEST_TITLE),
            when(conversation.updated_at),
            icon="pin" if conversation.pinned else "",
            badge="answering" if running else "",
            tone="info" if running else "",
            data=(conversation.id, ""),
        )

    def _on_chosen(self, key: str) -> None:
        if (row := self.list.rows.row(key)) is not None:
            self.chosen.emit(*row.data)

    def _on_search(self, text: str) -> None:
        self._tasks.start(self._search_soon(text), key="search")

    async def _search_soon(self, text: str) -> None:
        await asyncio.sleep(TYPING_PAUSE_SECONDS)
        await self.search(text)

    async def _fetch_more(self) -> None:
        if self._last is None or self._query:
            return
        older = await self._history.conversations.list(PAGE, before=self._last)
        self._last = older[-1] if older else self._last
        self.list.rows.append([self._row(each) for each in older], more=len(older) >= PAGE)

    def _on_menu(self, key: str, position: QPoint) -> None:
        row = self.list.rows.row(key)
        if row is None or self._query:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Rename…").triggered.connect(lambda: self._tasks.start(self._rename(key)))
        pinned = row.icon == "pin"
        pin = menu.addAction("Unpin" if pinned else "Pin")
        pin.triggered.connect(lambda: self._tasks.start(self._pin(key, not pinned)))
        menu.addSeparator()
        menu.addAction("Delete").triggered.connect(lambda: self._tasks.start(self._trash(key)))
        menu.popup(position)

    async def _rename(self, conversation_id: str) -> None:
        conversation = await self._history.conversations.get(conversation_id)
        title = await ask_text(self, "Rename conversation", "Title", conversation.title, action="Rename")
        if title and title.strip():
            await self._history.conversations.rename(conversation_id, title.strip())
            await self.refresh()

    async def _pin(self, conversation_id: str, pinned: bool) -> None:
        await self._history.conversations.pin(conversation_id, pinned)
        await self.refresh()

    async def _trash(self, key: str) -> None:
        row = self.list.rows.row(key)
        if row is None:
            return
        conversation_id = row.data[0]
        await self._history.conversations.trash(conversation_id)
        self.gone.emit(conversation_id)
        await self.refresh()

        def undo() -> None:
            self._tasks.start(self._restore(conversation_id))

        self._notices.say(f"“{one_line(row.title, 40)}” was deleted", undo)

    async def _restore(self, conversation_id: str) -> None:
        await self._history.conversations.restore(conversation_id)
        await self.refresh()


def hit_row(hit: Hit) -> Row:
    """A place that a search has found, as a row."""
    turn = hit.turn_id or ""
    key = f"{hit.conversation_id}/{turn}"
    title = one_line(hit.title or "Untitled", LONGEST_TITLE)
    return Row(key, title, one_line(hit.snippet, LONGEST_TITLE), data=(hit.conversation_id, turn))


def when(seconds: float) -> str:
    """A moment as people say it: the time today, the day otherwise."""
    moment = datetime.fromtimestamp(seconds)
    if moment.date() == datetime.now().date():
        return f"Today, {moment:%H:%M}"
    return f"{moment.day} {moment:%B %Y}"
