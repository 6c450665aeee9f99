"""Where a message is written: a field that grows, what is attached to it, and one button to send or stop."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from playground.ui.composer_input import ComposerInput, is_too_much
from playground.ui.icons import icon
from playground.ui.plain_label import PlainLabel
from playground.ui.theme.sheet import set_property

MOST_LINES = 10
LEAST_LINES = 2


class Composer(QWidget):
    """Holds what is being written. Its owner empties it, once what was sent is safe elsewhere.

    ``send_key`` is ``enter`` (Shift+Enter breaks the line) or ``ctrl+enter``; Ctrl+Enter sends in both.
    """

    send_requested = Signal(str)
    stop_requested = Signal()
    cancelled = Signal()
    text_changed = Signal()
    files_offered = Signal(list)
    image_offered = Signal(QImage)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._busy = False
        self._held = ""
        self._blocked = ""
        self.input = ComposerInput()
        self.input.setProperty("bare", True)
        self.input.setAccessibleName("Message")
        self.input.setPlaceholderText("Write a message")
        self.note = PlainLabel(wrap=True)
        self.note.setProperty("small", True)
        self.note.setProperty("muted", True)
        self.note.setContentsMargins(4, 0, 0, 0)
        self.note.hide()
        self.hint = PlainLabel()
        self.hint.setProperty("small", True)
        self.hint.setProperty("faint", True)
        self.tools = QHBoxLayout()
        self.tools.setSpacing(4)
        self.button = QToolButton()
        self.button.setProperty("kind", "primary")
        self.button.setIconSize(QSize(18, 18))
        self.button.clicked.connect(self._on_button)
        self._held_chip = QPushButton()
        self._held_chip.setAccessibleName("Remove the pasted text")
        self._held_chip.setToolTip("Take the pasted text out again")
        self._held_chip.setIcon(icon("close", "muted"))
        self._held_chip.clicked.connect(lambda: self._hold(""))
        self._held_chip.hide()
        self._lay_out()
        self._connect()
        self.set_send_key("enter")
        self._refresh()
        self._grow()

    def text(self) -> str:
        """All that is written, with pasted text that is held beside the field after it."""
        typed = self.input.plain()
        return f"{typed}\n\n{self._held}" if typed and self._held else typed or self._held

    def set_text(self, text: str, note: str = "") -> None:
        """Replace what is written; ``note`` stands above the field until the next call."""
        self._held = text if is_too_much(text) else ""
        self.input.setPlainText("" if self._held else text)
        cursor = self.input.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.input.setTextCursor(cursor)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._show_held()
        if note:
            self.focus_input()

    def submit(self) -> None:
        """Send, as the button does; nothing happens while busy, blocked or empty."""
        if not self._busy and not self._blocked and self.text().strip():
            self.send_requested.emit(self.text())

    def set_busy(self, busy: bool) -> None:
        """While busy the button stops instead of sending; one can go on writing."""
        self._busy = busy
        self._refresh()

    def is_busy(self) -> bool:
        """Whether the button stops."""
        return self._busy

    def set_blocked(self, reason: str) -> None:
        """Keep from sending and say why; an empty reason allows it again."""
        self._blocked = reason
        self._refresh()

    def set_send_key(self, key: str) -> None:
        """``enter`` or ``ctrl+enter``."""
        self.input.enter_sends = key != "ctrl+enter"
        self.hint.setText(
            "Enter sends, Shift+Enter breaks the line" if self.input.enter_sends else "Ctrl+Enter sends"
        )

    def set_placeholder(self, text: str) -> None:
        """What the empty field says."""
        self.input.setPlaceholderText(text)

    def set_takes_files(self, takes: bool) -> None:
        """Offer dropped and pasted files and pictures by ``files_offered`` and ``image_offered``."""
        self.input.takes_files = takes

    def add_tool(self, widget: QWidget) -> None:
        """Put a button at the left of the bottom line."""
        self.tools.addWidget(widget)

    def focus_input(self) -> None:
        """Ready to type."""
        self.input.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        """A new font has new line heights."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._grow()

    def _on_button(self) -> None:
        if self._busy:
            self.stop_requested.emit()
        else:
            self.submit()

    def _on_text(self) -> None:
        self._refresh()
        self.text_changed.emit()

    def _on_too_much(self, text: str) -> None:
        self._hold(f"{self._held}\n\n{text}" if self._held else text)

    def _hold(self, text: str) -> None:
        self._held = text
        self._show_held()
        self._on_text()

    def _show_held(self) -> None:
        size = f"{len(self._held):,} characters, {self._held.count(chr(10)) + 1:,} lines"
        self._held_chip.setText(f"Pasted text: {size}")
        self._held_chip.setVisible(bool(self._held))
        self._refresh()

    def _refresh(self) -> None:
        word = "Stop" if self._busy else "Send"
        self.button.setIcon(icon("stop" if self._busy else "send", "accent_text"))
        self.button.setAccessibleName(word)
        self.button.setToolTip(self._blocked if self._blocked and not self._busy else word)
        empty = not self._held and self.input.document().isEmpty()
        self.button.setEnabled(self._busy or not (empty or self._blocked))

    def _grow(self) -> None:
        """As high as the text, within limits; a plain document counts its height in lines."""
        lines = round(self.input.document().size().height())
        shown = min(max(lines, LEAST_LINES), MOST_LINES)
        margin = round(2 * self.input.document().documentMargin()) + 2 * self.input.frameWidth()
        height = shown * self.input.fontMetrics().lineSpacing() + margin
        if height != self.input.height():
            self.input.setFixedHeight(height)
        policy = Qt.ScrollBarPolicy
        self.input.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if lines > MOST_LINES else policy.ScrollBarAlwaysOff
        )

    def _connect(self) -> None:
        self.input.textChanged.connect(self._on_text)
        self.input.document().documentLayout().documentSizeChanged.connect(lambda _: self._grow())
        self.input.send_requested.connect(self.submit)
        self.input.cancel_requested.connect(self.cancelled)
        self.input.too_much_pasted.connect(self._on_too_much)
        self.input.files_offered.connect(self.files_offered)
        self.input.image_offered.connect(self.image_offered)
        self.input.focus_changed.connect(lambda has: set_property(self._frame, "active", has))

    def _lay_out(self) -> None:
        self._frame = QFrame()
        self._frame.setObjectName("composer")
        bottom = QHBoxLayout()
        bottom.setSpacing(8)
        bottom.addLayout(self.tools)
        bottom.addWidget(self._held_chip)
        bottom.addStretch(1)
        bottom.addWidget(self.hint)
        bottom.addWidget(self.button)
        column = QVBoxLayout(self._frame)
        column.setContentsMargins(12, 10, 8, 8)
        column.setSpacing(4)
        column.addWidget(self.note)
        column.addWidget(self.input)
        column.addLayout(bottom)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 8, 16, 0)
        outer.addWidget(self._frame)
