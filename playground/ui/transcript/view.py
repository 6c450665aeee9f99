"""The scrolling part: builds the messages around the viewport, and keeps what is read in its place."""

from __future__ import annotations

from collections.abc import Callable
from time import thread_time

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPalette, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QWidget

from playground.ui.transcript.entry import Entry
from playground.ui.transcript.formats import Formats
from playground.ui.transcript.heights import Heights
from playground.ui.transcript.item import Item
from playground.ui.transcript.message import Icons, Message

MARGIN_SCREENS = 1.0
KEPT_SCREENS = 3.0
MOST_BUILT = 40
FIRST_WORK = 0.006
_KEY_STEP = 48


class View(QAbstractScrollArea):
    """Places messages at the sums of their heights. While it *follows*, it stays at the end; else the first
    message whose top is in sight keeps its place when heights above it turn out other than was guessed."""

    followed = Signal(bool)
    work_found = Signal()

    def __init__(
        self, formats: Formats, icons: Icons | None, wire: Callable[[Message], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.items: list[Item] = []
        self.following = True
        self.formats = formats
        self._icons = icons
        self._wire = wire
        self._heights = Heights()
        self._built: set[int] = set()
        self._moving = False
        self._width = 0
        self._last_value = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().setSingleStep(_KEY_STEP // 2)
        self.verticalScrollBar().valueChanged.connect(self._on_value)
        # Whatever the window's style sheet says of text areas, a message's text lies on what the message paints.
        self.setStyleSheet("#transcriptBody { background: transparent; border: none; padding: 0; }")
        self._colour()

    def _colour(self) -> None:
        palette = self.viewport().palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(self.formats.style.background))
        palette.setColor(QPalette.ColorRole.Base, QColor(self.formats.style.background))
        self.viewport().setPalette(palette)
        self.viewport().setAutoFillBackground(True)
        bar = self.verticalScrollBar().palette()
        for role, colour in (
            (QPalette.ColorRole.Window, self.formats.style.background),
            (QPalette.ColorRole.Base, self.formats.style.background),
            (QPalette.ColorRole.Button, self.formats.style.neutral_ground),
            (QPalette.ColorRole.ButtonText, self.formats.style.muted),
        ):
            bar.setColor(role, QColor(colour))
        self.verticalScrollBar().setPalette(bar)

    # ---- the list

    def set_items(self, items: list[Item]) -> None:
        """Show another conversation, from its end."""
        for at in list(self._built):
            self._drop(at)
        self.items = items
        self._heights.reset([self._guess(item) for item in items])
        self._set_following(True)
        self.settle()

    def append(self, item: Item) -> None:
        """Add a message at the end. It is put in its place by the next ``settle``."""
        self.items.append(item)
        self._heights.append(self._guess(item))

    def cut(self, count: int) -> None:
        """Keep the first ``count`` messages, until the next ``settle`` as they are."""
        for at in [at for at in self._built if at >= count]:
            self._drop(at)
        del self.items[count:]
        self._heights.cut(count)

    def refresh(self, at: int, entry: Entry, *, text: bool) -> None:
        """Show other facts, and another text when ``text``, of a message."""
        item = self.items[at]
        item.entry = entry
        if text:
            item.parts, item.size, item.lines = [entry.text], len(entry.text), entry.text.count("\n")
        if item.widget is not None:
            item.widget.set_entry(entry)
            if text:
                item.widget.body.set_text(entry.text, finished=not entry.streaming)
                item.widget.body.work(thread_time() + FIRST_WORK)
        elif text:
            self._heights[at] = self._guess(item)
        self.settle({at})

    def set_formats(self, formats: Formats) -> None:
        """Draw what is built in another style; guess the rest anew."""
        self.formats = formats
        self._colour()
        for at in self._built:
            widget = self.items[at].widget
            if widget is not None:
                widget.set_formats(formats)
                widget.body.work(thread_time() + FIRST_WORK)
        self._guess_again()
        self.settle(set(self._built))

    def built(self) -> list[tuple[int, Message]]:
        """The messages that have a widget, by index, in order."""
        found = ((at, self.items[at].widget) for at in sorted(self._built))
        return [(at, widget) for at, widget in found if widget is not None]

    # ---- heights

    def _guess(self, item: Item) -> int:
        style = self.formats.style
        width = min(style.column, max(self.viewport().width() - 6 * style.space, 80))
        lines = item.size / max(width / (style.body * 0.5), 1) + item.lines * 0.7 + 1
        chrome = style.space * (11 if item.entry.role.lower() == "user" else 8.5)
        return round(chrome + min(lines, 3000) * style.line_height)

    def guess_height(self, at: int) -> None:
        """Guess the height of an unbuilt message that has grown."""
        if self.items[at].widget is None:
            self._heights[at] = self._guess(self.items[at])

    def _guess_again(self) -> None:
        self._heights.reset(
            [self._heights[at] if item.widget else self._guess(item) for at, item in enumerate(self.items)]
        )

    def _anchor(self) -> tuple[int, int]:
        """The message that is to keep its place, and how far its top is below the viewport's."""
        value = self._last_value
        at = self._heights.at(value)
        if at < 0:
            return -1, 0
        top = self._heights.top(at)
        below = top + self._heights[at]
        if top < value and below < value + self.viewport().height() and at + 1 < len(self.items):
            return at + 1, below - value
        return at, top - value

    # ---- placing

    def settle(self, changed: set[int] | None = None) -> None:
        """Measure changed messages, build what is in sight, and put everything in its place."""
        anchor = self._anchor()
        width = self.viewport().width()
        for at in sorted(changed or ()):
            self._measure(at, width)
        for _ in range(6):
            self._put_bar(anchor)
            if not self._build_in_sight(width):
                break
        self._trim()
        self._place()

    def _measure(self, at: int, width: int) -> None:
        widget = self.items[at].widget
        if widget is None:
            return
        height = widget.lay_out(width)
        if widget.body.pending and not self.items[at].entry.streaming:
            height = max(height, self._heights[at])
        self._heights[at] = height

    def _put_bar(self, anchor: tuple[int, int]) -> None:
        bar, page = self.verticalScrollBar(), self.viewport().height()
        most = max(self._heights.total + self._foot() - page, 0)
        value = most if self.following else self._heights.top(anchor[0]) - anchor[1] if anchor[0] >= 0 else 0
        self._moving = True
        bar.setRange(0, most)
        bar.setPageStep(page)
        bar.setValue(value)
        self._moving = False
        self._last_value = bar.value()

    def _foot(self) -> int:
        return round(self.formats.style.space * 2)

    def _reach(self, screens: float) -> tuple[int, int]:
        value, page = self.verticalScrollBar().value(), self.viewport().height()
        away = round(page * screens)
        return self._heights.at(max(value - away, 0)), self._heights.at(value + page + away)

    def _build_in_sight(self, width: int) -> bool:
        first, last = self._reach(0)
        missing = [at for at in range(max(first, 0), last + 1) if self.items[at].widget is None]
        for at in missing:
            self._build(at, width)
        return bool(missing)

    def build_nearby(self, deadline: float) -> bool:
        """Build messages just out of sight while time is left; true when there are more of them."""
        first, last = self._reach(MARGIN_SCREENS)
        for at in range(max(first, 0), last + 1):
            if self.items[at].widget is None:
                if thread_time() >= deadline:
                    return True
                self._build(at, self.viewport().width())
                self.settle()
        return False

    def _build(self, at: int, width: int) -> None:
        item = self.items[at]
        widget = Message(item.entry, self.formats, self._icons, self.viewport())
        item.widget = widget
        self._wire(widget)
        self._built.add(at)
        widget.body.feed(item.text())
        if not item.entry.streaming:
            widget.body.finish()
        widget.lay_out(width)
        widget.body.work(thread_time() + FIRST_WORK)
        self._measure(at, width)
        widget.show()
        self.work_found.emit()

    def _drop(self, at: int) -> None:
        self._built.discard(at)
        widget = self.items[at].widget
        self.items[at].widget = None
        if widget is not None:
            widget.hide()
            widget.deleteLater()

    def _trim(self) -> None:
        if len(self._built) <= MOST_BUILT // 2:
            return
        first, last = self._reach(KEPT_SCREENS)
        focus = QApplication.focusWidget()
        for at in [at for at in self._built if not first <= at <= last]:
            widget = self.items[at].widget
            if widget is not None and not _in_use(widget, focus):
                self._drop(at)

    def _place(self) -> None:
        width, value = self.viewport().width(), self.verticalScrollBar().value()
        last = len(self.items) - 1
        built = self.built()
        if built and self._heights.top(built[0][0]) - value > built[0][1].y():
            built.reverse()  # a message can be copied to its new place only while nothing there waits for paint
        for at, widget in built:
            y, height = self._heights.top(at) - value, self._heights[at]
            if widget.geometry().getRect() != (0, y, width, height):
                widget.setGeometry(0, y, width, height)
            if widget.pinned != (at == last):
                widget.pinned = at == last
                widget.update()
        for _, widget in built:
            widget.place_parts()

    # ---- scrolling

    def _on_value(self, value: int) -> None:
        if self._moving:
            return
        self._last_value = value
        self._set_following(value >= self.verticalScrollBar().maximum() - 2)
        self.settle()
        self.work_found.emit()

    def _set_following(self, following: bool) -> None:
        if following != self.following:
            self.following = following
            self.followed.emit(following)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Nothing: messages are put in their places by ``settle``."""

    def show_item(self, at: int) -> None:
        """Bring the top of a message to the top of the viewport."""
        self._set_following(False)
        above = round(self.formats.style.space)
        self._last_value = max(self._heights.top(at) - above, 0)
        self._put_bar((at, above))
        self.settle()
        bar = self.verticalScrollBar()
        self._set_following(bar.value() >= bar.maximum())
        self.work_found.emit()

    def follow(self) -> None:
        """Go to the end and stay there."""
        self._set_following(True)
        self.settle()
        self.work_found.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        page = max(self.viewport().height() - _KEY_STEP, _KEY_STEP)
        steps = {
            Qt.Key.Key_Up: bar.value() - _KEY_STEP,
            Qt.Key.Key_Down: bar.value() + _KEY_STEP,
            Qt.Key.Key_PageUp: bar.value() - page,
            Qt.Key.Key_PageDown: bar.value() + page,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: bar.maximum(),
        }
        if event.key() in steps:
            bar.setValue(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.angleDelta().y() > 0 and self.verticalScrollBar().value() > 0:
            self._set_following(False)
        super().wheelEvent(event)

    def scroll_towards(self, where: QPoint) -> None:
        """Scroll a little when a selection is dragged out of sight; ``where`` is on the screen."""
        y = self.viewport().mapFromGlobal(where).y()
        over = min(y, 0) + max(y - self.viewport().height(), 0)
        if over:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + max(min(over, 60), -60))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != self._width:
            self._width = event.size().width()
            self._guess_again()
            self.settle(set(self._built))
        else:
            self.settle()
        self.work_found.emit()

    def focusNextPrevChild(self, following: bool) -> bool:
        """Tab goes through the messages in their order, building the next one when it is out of sight."""
        stops = [(at, stop) for at, widget in self.built() for stop in widget.stops() if stop.isEnabled()]
        focus = QApplication.focusWidget()
        here = next((n for n, (_, stop) in enumerate(stops) if stop is focus), None)
        if here is None:
            if not stops or focus is not self or not following:
                return super().focusNextPrevChild(following)
            first = max(self._heights.at(self.verticalScrollBar().value()), 0)
            there = next((n for n, (at, _) in enumerate(stops) if at >= first), 0)
        else:
            there = here + (1 if following else -1)
        if not 0 <= there < len(stops):
            return self._leave(following)
        stop = stops[there][1]
        stop.setFocus(Qt.FocusReason.TabFocusReason if following else Qt.FocusReason.BacktabFocusReason)
        self._show_stop(stop)
        return True

    def _leave(self, following: bool) -> bool:
        if following:
            return focus_after(self.parentWidget() or self)
        self.setFocus(Qt.FocusReason.BacktabFocusReason)
        return True

    def _show_stop(self, stop: QWidget) -> None:
        top = stop.mapTo(self.viewport(), QPoint(0, 0)).y()
        height, page = min(stop.height(), 60), self.viewport().height()
        bar = self.verticalScrollBar()
        if top < 0 and stop.height() <= page:
            bar.setValue(bar.value() + top - _KEY_STEP)
        elif top + height > page:
            bar.setValue(bar.value() + top + height - page + _KEY_STEP)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            return True
        return super().viewportEvent(event)


def _in_use(widget: Message, focus: QWidget | None) -> bool:
    """Whether dropping a message would take away the focus or a selection."""
    return widget.body.textCursor().hasSelection() or (focus is not None and widget.isAncestorOf(focus))


def focus_after(edge: QWidget) -> bool:
    """Give the focus to what comes after a widget and all that is in it; false when there is nothing."""
    after = edge.nextInFocusChain()
    while after is not None and after is not edge:
        takes = after.isEnabled() and after.focusPolicy() & Qt.FocusPolicy.TabFocus
        if takes and not edge.isAncestorOf(after) and after.isVisibleTo(edge.window()):
            after.setFocus(Qt.FocusReason.TabFocusReason)
            return True
        after = after.nextInFocusChain()
    return False
