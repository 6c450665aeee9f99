"""The dock that shows what went over the wire; it follows the newest request until another one is chosen."""

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from playground.tasks import TaskScope
from playground.ui.dialogs import choose_save
from playground.ui.icons import icon
from playground.ui.list_model import Row
from playground.ui.list_view import RowListView
from playground.ui.plain_label import PlainLabel
from playground.ui.throttle import Throttle
from playground.workbench.exchanges import KEPT, Exchanges
from playground.workbench.inspector import facts
from playground.workbench.inspector.events_tab import EventsTab
from playground.workbench.inspector.message_tab import MessageTab
from playground.workbench.inspector.summary_tab import SummaryTab

if TYPE_CHECKING:
    from playground.api.exchange import Exchange

REFRESH_MS = 120
RUNNING_MS = 250
COPIES = (("curl", "as_curl"), ("Python", "as_python"), ("HTTP", "as_http"))


class Inspector(QWidget):
    """Shows the exchanges of ``Exchanges``. Costs nothing while it is hidden."""

    def __init__(self, exchanges: Exchanges, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._exchanges = exchanges
        self._by_key: dict[str, Exchange] = {}
        self._built = False
        self._stale = True
        self._tasks = TaskScope(self._on_error, "inspector")
        self._refresh_soon = Throttle(self._refresh, REFRESH_MS, self)
        self._running = QTimer(self)
        self._running.setInterval(RUNNING_MS)
        self._running.timeout.connect(self._on_running)
        exchanges.listen(self._on_exchange)

    def current(self) -> "Exchange | None":
        """The exchange that is shown."""
        return self._by_key.get(self.list.current_key()) if self._built else None

    def show_exchange(self, exchange: "Exchange") -> None:
        """Bring one into view, if it is still kept."""
        self._build()
        self._refresh()
        self.list.select(str(exchange.id))

    def showEvent(self, event: QShowEvent) -> None:
        """Built when first seen, brought up to date whenever it is seen."""
        super().showEvent(event)
        self._build()
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self._running.stop()

    def _on_exchange(self, exchange: "Exchange") -> None:
        self._stale = True
        if self.isVisible():
            self._refresh_soon.request()

    def _refresh(self) -> None:
        """Bring the list in line with what is kept, newest first, and show what is current."""
        if self._stale:
            self._stale = False
            following = self._is_following()
            recent = list(self._exchanges.recent)
            self._by_key = {str(each.id): each for each in recent}
            self._update_rows(recent)
            rows = self.list.rows.rows()
            if rows and (following or self.current() is None):
                self.list.select(rows[0].key)
        self._show_current()

    def _is_following(self) -> bool:
        rows = self.list.rows.rows()
        return not rows or self.list.current_key() in ("", rows[0].key)

    def _update_rows(self, recent: "list[Exchange]") -> None:
        """Touch only the rows that differ: a reset would lose the place in the list."""
        known = {row.key for row in self.list.rows.rows()}
        for key in known - set(self._by_key):
            self.list.rows.remove(key)
        if len(set(self._by_key) - known) > KEPT // 2:
            self.list.rows.set_rows(_row(each) for each in reversed(recent))
            return
        for exchange in recent:
            row = _row(exchange)
            if self.list.rows.row(row.key) != row:
                self.list.rows.put(row)

    def _show_current(self) -> None:
        exchange = self.current()
        self._stack.setCurrentIndex(1 if exchange is not None else 0)
        for button in (self.copy_button, self.har_button):
            button.setEnabled(exchange is not None)
        if exchange is None:
            self._running.stop()
            return
        self._show_tab(exchange)
        self.tabs.setTabText(3, f"Events ({len(exchange.events):,})" if exchange.events else "Events")
        if exchange.state == "running" and self.isVisible():
            self._running.start()
        else:
            self._running.stop()

    def _show_tab(self, exchange: "Exchange") -> None:
        """Only the tab in front is filled; another one when it comes to the front."""
        front = self.tabs.currentWidget()
        if front is self.summary:
            self.summary.show_exchange(exchange)
        elif front is self.request:
            note = _size_note(exchange.request_size, exchange.request_body)
            self.request.show_message(exchange.request_headers, exchange.request_body, note)
        elif front is self.response:
            note = _size_note(exchange.response_size, exchange.response_body)
            if exchange.events and not exchange.response_body:
                note = "A stream: see Events"
            self.response.show_message(exchange.response_headers, exchange.response_body, note)
        else:
            self.events.show_exchange(exchange)

    def _on_running(self) -> None:
        exchange = self.current()
        if exchange is not None:
            self.list.rows.put(_row(exchange))
        self._show_current()

    def _on_copy(self, word: str, function: str) -> None:
        from playground.api import export

        exchange = self.current()
        if exchange is not None:
            QGuiApplication.clipboard().setText(getattr(export, function)(exchange))
            self.say(f"Copied as {word}, without the key")

    def _on_har(self) -> None:
        self._tasks.start(self._save_har(), key="har")

    async def _save_har(self) -> None:
        from playground.api.export import as_har

        path = await choose_save(
            self, "Export all requests", "requests.har", filters=["HTTP archive (*.har)"]
        )
        if path is None:
            return
        recent = list(self._exchanges.recent)

        def write() -> None:
            archive = as_har(recent)
            text = archive if isinstance(archive, str) else json.dumps(archive, indent=1)
            path.write_text(text, encoding="utf-8")

        await asyncio.to_thread(write)
        self.say(f"{len(recent)} requests written to {path.name}")

    def say(self, text: str) -> None:
        """Mention something beside the buttons."""
        self._said.setText(text)

    def _on_error(self, error: BaseException) -> None:
        from playground.workbench.describe import describe

        problem = describe(error)
        self.say(f"{problem.title}: {problem.what}")

    def _build(self) -> None:
        if self._built:
            return
        self._built = True
        self.list = RowListView("Requests")
        self.list.current_changed.connect(lambda _: self._show_current())
        self.summary = SummaryTab()
        self.request = MessageTab("Request")
        self.response = MessageTab("Response")
        self.events = EventsTab()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName("Parts of the request")
        for widget, title in (
            (self.summary, "Summary"),
            (self.request, "Request"),
            (self.response, "Response"),
            (self.events, "Events"),
        ):
            self.tabs.addTab(widget, title)
        self.tabs.currentChanged.connect(lambda _: self._show_current())
        self._stack = QStackedWidget()
        empty = PlainLabel(
            "Requests appear here as they are made, with everything that was sent and received."
        )
        empty.setProperty("muted", True)
        empty.setContentsMargins(16, 16, 16, 16)
        self._stack.addWidget(empty)
        self._stack.addWidget(self.tabs)
        splitter = QSplitter()
        splitter.addWidget(self.list)
        splitter.addWidget(self._stack)
        splitter.setSizes([280, 900])
        splitter.setStretchFactor(1, 1)
        splitter.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._build_buttons())
        column.addWidget(splitter, 1)

    def _build_buttons(self) -> QHBoxLayout:
        self.menu = QMenu(self)
        for word, function in COPIES:
            self.menu.addAction(f"Copy as {word}", self._copier(word, function))
        self.copy_button = QPushButton("Copy as…")
        self.copy_button.setProperty("kind", "ghost")
        self.copy_button.setIcon(icon("copy"))
        self.copy_button.clicked.connect(self._on_menu)
        self.har_button = QPushButton("Export HAR")
        self.har_button.setProperty("kind", "ghost")
        self.har_button.setIcon(icon("export"))
        self.har_button.clicked.connect(self._on_har)
        self._said = PlainLabel(elide=True)
        self._said.setProperty("muted", True)
        self._said.setProperty("small", True)
        heading = PlainLabel("Inspector")
        heading.setProperty("heading", True)
        line = QHBoxLayout()
        line.setContentsMargins(16, 4, 8, 4)
        line.setSpacing(8)
        line.addWidget(heading)
        line.addWidget(self._said, 1)
        line.addWidget(self.copy_button)
        line.addWidget(self.har_button)
        return line

    def _copier(self, word: str, function: str) -> Callable[[], None]:
        return lambda: self._on_copy(word, function)

    def _on_menu(self) -> None:
        # popup, not exec: a nested loop would hold up every coroutine.
        self.menu.popup(self.copy_button.mapToGlobal(self.copy_button.rect().bottomLeft()))


def _row(exchange: "Exchange") -> Row:
    return Row(
        key=str(exchange.id),
        title=facts.title(exchange),
        subtitle=facts.subtitle(exchange),
        icon=facts.ICONS.get(exchange.state, "info"),
        tone=facts.TONES.get(exchange.state, ""),
    )


def _size_note(count: int, body: bytes | None) -> str:
    if not body and not count:
        return ""
    kept = len(body or b"")
    return f"{facts.size(count or kept)}" + (f", {facts.size(kept)} kept" if count > kept else "")
