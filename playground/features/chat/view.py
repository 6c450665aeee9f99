"""The Chat tab: conversations at the left, the transcript in the middle, the composer below it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from playground.features.chat.conversations import ConversationPane
from playground.features.chat.drafts import DraftKeeper
from playground.features.chat.entries import entry_of
from playground.features.chat.session import ChatSession
from playground.features.chat.setup_pane import SetupPane
from playground.features.chat.updates import TurnAdded, TurnGrew, TurnSettled, Update
from playground.features.chat.welcome import welcome
from playground.tasks import TaskScope
from playground.ui.composer import Composer
from playground.ui.dialogs import open_link
from playground.ui.icons import icon
from playground.ui.transcript import Transcript
from playground.workbench.page import PageWidget
from playground.workbench.workbench import Workbench

PAGE_ID = "chat"
PANE_WIDTH = 260


class ChatView(PageWidget):
    """Shows one conversation; others may go on answering behind it."""

    def __init__(self, bench: Workbench, tasks: TaskScope) -> None:
        super().__init__()
        self._bench = bench
        self._tasks = tasks
        self.session: ChatSession | None = None
        self._running: dict[str, tuple[ChatSession, asyncio.Task[None]]] = {}
        self._shown: list[str] = []
        self._editing: str | None = None
        self.transcript = Transcript(icons=icon)
        self.composer = Composer()
        self.setup_pane = SetupPane()
        self.pane = ConversationPane(bench.history, tasks, bench.notices)
        self._drafts = DraftKeeper(bench.history.drafts, tasks)
        self._middle = QStackedWidget()
        self._middle.addWidget(welcome(bench, self._on_example))
        self._middle.addWidget(self.transcript)
        self._lay_out()
        self._connect()
        self._tasks.start(self._begin(), key="begin")

    def parameters(self) -> QWidget:
        """System message and parameters of the conversation in front."""
        return self.setup_pane

    def page_actions(self) -> list[QAction]:
        """What can be done in this tab."""
        return self.actions()

    def activate(self) -> None:
        """Ready to type."""
        self.composer.focus_input()

    async def close_page(self) -> None:
        """Write the draft down before the window goes."""
        await self._drafts.flush()
        await self._keep_setup()

    async def open_conversation(self, conversation_id: str, turn_id: str | None = None) -> None:
        """Show a conversation; with a turn, bring that turn into view."""
        await self._leave()
        running = self._running.get(conversation_id)
        history = self._bench.history.conversations
        self.session = (
            running[0]
            if running
            else await ChatSession.open(history, self._bench.connections.client, conversation_id)
        )
        if turn_id is not None:
            await self.session.reveal(turn_id)
        self.setup_pane.show_setup(self.session.setup)
        self.pane.mark(conversation_id)
        self._show_all()
        await self._drafts.switch(conversation_id, self.composer)
        if turn_id is not None:
            self.transcript.scroll_to(turn_id)

    async def new_conversation(self) -> None:
        """An empty sheet with the same setup; it is kept from the first message on."""
        await self._leave()
        self.session = None
        self.pane.mark(None)
        self._show_all()
        await self._drafts.switch(None, self.composer)
        self.composer.focus_input()

    async def ask(self, text: str) -> None:
        """Send a message in the conversation in front and stay until it is answered."""
        session = await self._session()
        deployment = self._bench.connections.deployment(PAGE_ID, "chat")
        editing = self._editing  # until the new version is kept, so that a refused one can be sent again
        if editing is not None and editing in session.tree:
            await self._run(session, session.edit(editing, text, deployment))
        else:
            await self._run(session, session.send(text, deployment))

    async def regenerate(self, turn_id: str) -> None:
        """Ask again for an answer in front; the new one stands beside the old one."""
        assert self.session is not None
        session = self.session
        await session.keep_setup(self.setup_pane.setup())
        deployment = self._bench.connections.deployment(PAGE_ID, "chat")
        await self._run(session, session.regenerate(turn_id, deployment))

    def stop(self) -> None:
        """End the answer that is being written in front; what has arrived stays."""
        if self.session is not None and (running := self._running.get(self.session.conversation.id)):
            running[1].cancel()

    async def _begin(self) -> None:
        await self.pane.refresh()
        if self.session is None:
            await self._drafts.begin(self.composer)

    async def _session(self) -> ChatSession:
        """The conversation in front, begun now if it is still an empty sheet, with the setup as shown."""
        setup = self.setup_pane.setup()
        if self.session is None:
            history = self._bench.history.conversations
            self.session = await ChatSession.begin(history, self._bench.connections.client, setup)
            await self._drafts.adopt(self.session.conversation.id)
        await self.session.keep_setup(setup)
        return self.session

    async def _run(self, session: ChatSession, updates: AsyncGenerator[Update, None]) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running[session.conversation.id] = (session, task)
        self._show_busy()
        try:
            async with aclosing(updates) as stream:
                async for update in stream:
                    self._show(session, update)
        finally:
            self._running.pop(session.conversation.id, None)
            self._show_busy()
            if session is self.session:
                self._show_path(refresh=True)

    def _show(self, session: ChatSession, update: Update) -> None:
        if isinstance(update, TurnAdded) and update.turn.role == "user":
            if session is self.session:
                self._editing = None
            self._drafts.sent(session.conversation.id, self.composer if session is self.session else None)
            self._tasks.start(self.pane.refresh(session.conversation.id), key="pane")
        if session is not self.session:
            return
        match update:
            case TurnGrew(turn_id, delta):
                if turn_id in self._shown:
                    self.transcript.feed(turn_id, delta)
            case TurnAdded():
                self._show_path()
            case TurnSettled(turn) if turn.id in self._shown:
                self.transcript.finish(turn.id)
                self.transcript.replace(turn.id, entry_of(turn, session.tree))

    def _show_path(self, refresh: bool = False) -> None:
        """Bring the transcript in line with the path in view, touching only what differs."""
        if self.session is None:
            return
        path = self.session.path()
        keys = [turn.id for turn in path]
        same = 0
        while same < min(len(keys), len(self._shown)) and keys[same] == self._shown[same]:
            same += 1
        if same < len(self._shown):
            self.transcript.remove_from(self._shown[same])
        for turn in path[same:]:
            self.transcript.append(entry_of(turn, self.session.tree))
        if refresh:
            for turn in path[max(0, same - 2) : same]:
                self.transcript.replace(turn.id, entry_of(turn, self.session.tree))
        self._shown = keys
        self._middle.setCurrentIndex(1 if keys else 0)

    def _show_all(self) -> None:
        """Show another conversation from the start."""
        session = self.session
        path = session.path() if session else []
        self._shown = [turn.id for turn in path]
        self.transcript.set_entries([entry_of(turn, session.tree) for turn in path] if session else [])
        self._middle.setCurrentIndex(1 if path else 0)
        self._show_busy()

    def _show_busy(self) -> None:
        current = self.session.conversation.id if self.session else None
        self.composer.set_busy(current in self._running)
        self.pane.mark_running(set(self._running))

    async def _leave(self) -> None:
        self._editing = None
        await self._keep_setup()
        await self._drafts.flush()

    async def _keep_setup(self) -> None:
        if self.session is not None:
            await self.session.keep_setup(self.setup_pane.setup())

    def _on_send(self, text: str) -> None:
        if text.strip() and not self.composer.is_busy():
            self._tasks.start(self.ask(text))

    def _on_example(self, text: str) -> None:
        self._on_send(text)

    def _on_action(self, turn_id: str, action: str) -> None:
        session = self.session
        if session is None or turn_id not in session.tree:
            return
        turn = session.tree[turn_id]
        if action == "copy":
            QGuiApplication.clipboard().setText(turn.text)
            self._bench.notices.say("Copied")
        elif action == "edit":
            self._editing = turn_id
            self.composer.set_text(
                turn.text, note="Editing an earlier message. The old branch stays. Esc ends."
            )
        elif action == "regenerate" and not self.composer.is_busy():
            self._tasks.start(self.regenerate(turn_id))

    def _on_sibling(self, turn_id: str, step: int) -> None:
        if self.session is not None and not self.composer.is_busy():
            self._tasks.start(self._switch(self.session, turn_id, step), key="switch")

    async def _switch(self, session: ChatSession, turn_id: str, step: int) -> None:
        await session.switch(turn_id, step)
        if session is self.session:
            self._show_path()

    def _on_cancel_edit(self) -> None:
        if self._editing is not None:
            self._editing = None
            self.composer.set_text("")

    def _connect(self) -> None:
        self.composer.send_requested.connect(self._on_send)
        self.composer.stop_requested.connect(self.stop)
        self.composer.cancelled.connect(self._on_cancel_edit)
        self.composer.text_changed.connect(lambda: self._drafts.changed(self.composer.text()))
        self.transcript.action_requested.connect(self._on_action)
        self.transcript.sibling_requested.connect(self._on_sibling)
        self.transcript.link_activated.connect(
            lambda address: self._tasks.start(open_link(self, address), key="link")
        )
        self.setup_pane.changed.connect(lambda: self._tasks.start(self._keep_setup_soon(), key="setup"))
        self.pane.chosen.connect(
            lambda conversation, turn: self._tasks.start(
                self.open_conversation(conversation, turn or None), key="open"
            )
        )
        self.pane.new_requested.connect(lambda: self._tasks.start(self.new_conversation(), key="open"))
        self.pane.gone.connect(self._on_gone)
        self._bench.theme.changed.connect(self._on_theme)
        self._on_theme()
        self._command("New conversation", "Ctrl+N", self.pane.new_requested.emit)
        self._command("Search conversations", "Ctrl+K", self.pane.focus_search)
        self._command("Stop the answer", "Ctrl+.", self.stop)
        self._command("Write a message", "Ctrl+L", self.composer.focus_input)

    async def _keep_setup_soon(self) -> None:
        await asyncio.sleep(0.4)
        await self._keep_setup()

    def _on_gone(self, conversation_id: str) -> None:
        if self.session is not None and self.session.conversation.id == conversation_id:
            self.stop()
            self._tasks.start(self.new_conversation(), key="open")

    def _on_theme(self) -> None:
        self.transcript.set_style(self._bench.theme.transcript_style())
        self.composer.set_send_key(self._bench.choices.preferences.send_key)

    def _command(self, text: str, keys: str, run: object) -> None:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(run)
        self.addAction(action)

    def _lay_out(self) -> None:
        work = QWidget()
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(0)
        column.addWidget(self._middle, 1)
        column.addWidget(self.composer)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.pane)
        splitter.addWidget(work)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([PANE_WIDTH, 900])
        splitter.setChildrenCollapsible(False)
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(splitter)
