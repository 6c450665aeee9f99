"""The transcript: a conversation of any length, with an answer that is still being written at its end."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from time import perf_counter, thread_time

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from playground.ui.transcript.buttons import FlatButton
from playground.ui.transcript.entry import Entry
from playground.ui.transcript.formats import Formats
from playground.ui.transcript.item import Item
from playground.ui.transcript.message import Icons, Message
from playground.ui.transcript.style import TranscriptStyle
from playground.ui.transcript.view import View

TICK_MS = 66
_BUDGET = 0.006
_COST_TIMES = 6


class Transcript(QWidget):
    """Messages by key. ``feed`` only puts text aside; one tick, at most every 66 ms, draws what came in.

    Signals carry the message's key: ``action_requested(key, action_id)``, ``sibling_requested(key, step)``;
    ``link_activated(url)`` is sent for http, https and mailto alone, and nothing is opened here.
    """

    action_requested = Signal(str, str)
    sibling_requested = Signal(str, int)
    link_activated = Signal(str)

    def __init__(
        self,
        style: TranscriptStyle | None = None,
        *,
        icons: Icons | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._index: dict[str, int] = {}
        self._fed: deque[tuple[str, str]] = deque()
        self._new = 0
        self._unsettled = False
        self._not_before = 0.0
        formats = Formats(style or TranscriptStyle.light())
        self._view = View(formats, icons, self._wire, self)
        self._view.setAccessibleName("Conversation")
        self.setFocusProxy(self._view)
        self.setAccessibleName("Transcript")
        self._pill = FlatButton("Jump to latest", formats, self)
        self._pill.set_framed(True)
        self._pill.hide()
        self._pill.clicked.connect(self._view.follow)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)
        self._view.followed.connect(self._on_followed)
        self._view.work_found.connect(self._wake)

    # ---- what is shown

    def set_entries(self, entries: list[Entry]) -> None:
        """Show another conversation, from its end."""
        self._fed.clear()
        self._new = 0
        self._index = {entry.key: at for at, entry in enumerate(entries)}
        self._view.set_items([Item(entry) for entry in entries])
        self._show_pill()
        self._wake()

    def append(self, entry: Entry) -> None:
        """Add a message at the end. Raises ``ValueError`` when its key is already there."""
        if entry.key in self._index:
            raise ValueError(f"there is a message {entry.key!r} already")
        self._index[entry.key] = len(self._view.items)
        if not self._view.following:
            self._new += 1
        self._view.append(Item(entry))
        self._unsettled = True
        self._show_pill()
        self._wake()

    def replace(self, key: str, entry: Entry) -> None:
        """Show another entry in a message's place; text that was fed and is alike is not drawn again."""
        at = self._index[key]
        self._take_fed()
        item = self._view.items[at]
        if entry.key != key:
            del self._index[key]
            self._index[entry.key] = at
        same = item.text() == entry.text and item.entry.markdown == entry.markdown
        ended = item.entry.streaming and not entry.streaming
        if same and ended and item.widget is not None:
            item.widget.body.finish()
        self._view.refresh(at, entry, text=not same)
        self._wake()

    def remove_from(self, key: str) -> None:
        """Take away a message and all after it."""
        at = self._index[key]
        self._view.cut(at)
        self._index = {known: place for known, place in self._index.items() if place < at}
        self._fed = deque(part for part in self._fed if part[0] in self._index)
        self._new = min(self._new, len(self._view.items))
        self._unsettled = True
        self._show_pill()
        self._wake()

    def feed(self, key: str, text: str) -> None:
        """Add text to a message; it is drawn at the next tick. Raises ``KeyError`` for an unknown key."""
        if key not in self._index:
            raise KeyError(key)
        self._fed.append((key, text))
        if not self._timer.isActive():
            self._timer.start(max(round((self._not_before - perf_counter()) * 1000), 0))

    def finish(self, key: str) -> None:
        """Say that a message's text is whole."""
        self._take_fed()
        at = self._index[key]
        item = self._view.items[at]
        entry = replace(item.entry, streaming=False, text=item.text())
        if item.widget is not None:
            item.widget.body.finish()
        self._view.refresh(at, entry, text=False)
        self._wake()

    def scroll_to(self, key: str) -> None:
        """Bring a message to the top of the viewport."""
        self._view.show_item(self._index[key])

    def scroll_to_end(self) -> None:
        """Go to the latest message and follow it."""
        self._view.follow()

    def entry(self, key: str) -> Entry:
        """A message as it is now, with all the text that was fed."""
        self._take_fed()
        item = self._view.items[self._index[key]]
        return replace(item.entry, text=item.text())

    def keys(self) -> list[str]:
        """The messages' keys, in order."""
        return [item.entry.key for item in self._view.items]

    @property
    def following(self) -> bool:
        """Whether it stays at the end as text comes in."""
        return self._view.following

    @property
    def idle(self) -> bool:
        """Whether everything that was given is drawn."""
        return not self._timer.isActive()

    def set_style(self, style: TranscriptStyle) -> None:
        """Draw in another style: what is built at once, the rest when it comes into sight."""
        if style == self._view.formats.style:
            return
        formats = Formats(style)
        self._pill.set_formats(formats)
        self._view.set_formats(formats)
        self._place_pill()
        self._wake()

    # ---- the tick

    def _wake(self) -> None:
        if not self._timer.isActive() or self._timer.remainingTime() > 0:
            self._timer.start(0)

    def _take_fed(self) -> set[int]:
        """Hand what was fed to its messages; the indexes of those that grew."""
        grown: dict[str, list[str]] = {}
        while self._fed:
            key, text = self._fed.popleft()
            grown.setdefault(key, []).append(text)
        for key, parts in grown.items():
            item = self._view.items[self._index[key]]
            text = "".join(parts)
            item.add(text)
            if item.widget is not None:
                item.widget.body.feed(text)
        return {self._index[key] for key in grown}

    def _tick(self) -> None:
        began = thread_time()
        deadline = began + _BUDGET
        grown = self._take_fed()
        changed: set[int] = set()
        for at in grown:
            self._view.guess_height(at)
        restless = False
        for at, widget in reversed(self._view.built()):
            body = widget.body
            if body.restless and (thread_time() < deadline or not changed):
                body.work(deadline)
                changed.add(at)
            restless = restless or body.restless
        if changed or grown or self._unsettled:
            self._unsettled = False
            self._view.settle(changed)
        if not restless:
            restless = self._view.build_nearby(deadline)
        pause = max(TICK_MS, round(_COST_TIMES * (thread_time() - began) * 1000))
        self._not_before = perf_counter() + pause / 1000
        if restless or self._fed:
            self._timer.start(pause)

    # ---- wiring

    def _wire(self, message: Message) -> None:
        message.action_clicked.connect(lambda action: self.action_requested.emit(message.entry.key, action))
        message.sibling_clicked.connect(lambda step: self.sibling_requested.emit(message.entry.key, step))
        message.body.link_clicked.connect(self.link_activated)
        message.body.dragged_to.connect(self._view.scroll_towards)
        message.body.cut_opened.connect(self._wake)

    def _on_followed(self, following: bool) -> None:
        if following:
            self._new = 0
        self._show_pill()

    def _show_pill(self) -> None:
        self._pill.setText(f"↓ Jump to latest ({self._new} new)" if self._new else "↓ Jump to latest")
        self._pill.setAccessibleName(self._pill.text().removeprefix("↓ "))
        self._pill.setVisible(not self._view.following and bool(self._view.items))
        self._place_pill()

    def _place_pill(self) -> None:
        size = self._pill.sizeHint()
        bottom = self.height() - size.height() - round(self._view.formats.style.space * 1.5)
        self._pill.setGeometry((self.width() - size.width()) // 2, bottom, size.width(), size.height())
        self._pill.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._view.setGeometry(self.rect())
        self._place_pill()
