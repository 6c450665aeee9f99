"""The text field of the composer: plain paste, an input method's text left alone, sends by key."""

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QImage, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
HELD_FROM = 100_000
"""From so many characters on, pasted text is held beside the field: laying it out would stop the window."""
LONGEST_LINE = 10_000
"""The same for one line of so many characters, which Qt lays out as a whole at each key."""


class ComposerInput(QPlainTextEdit):
    """Typed text. Signals are wishes; the composer decides."""

    send_requested = Signal()
    cancel_requested = Signal()
    too_much_pasted = Signal(str)
    files_offered = Signal(list)
    image_offered = Signal(QImage)
    focus_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.enter_sends = True
        self.takes_files = False
        self._composing = False
        self.setTabChangesFocus(True)

    def plain(self) -> str:
        """The text as typed; ``toPlainText`` would turn no-break spaces into spaces."""
        return self.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")

    def is_composing(self) -> bool:
        """Whether an input method has text in the works."""
        return self._composing

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Note whether Enter belongs to the input method."""
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter sends or breaks the line, as set; Shift or Alt with it always breaks the line."""
        if event.key() in ENTER_KEYS:
            if not self._composing:  # else it ends the composition, and nothing else
                self._on_enter(event)
        elif event.key() == Qt.Key.Key_Escape and not self._composing:
            self.cancel_requested.emit()
        else:
            super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Text always; files and pictures when somebody takes them."""
        return source.hasText() or (self.takes_files and (source.hasUrls() or source.hasImage()))

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste as plain text; formats are dropped, much text is handed over instead."""
        if self.takes_files and self._offer(source):
            return
        text = source.text()
        if is_too_much(text):
            self.too_much_pasted.emit(text)
        elif text:
            self.insertPlainText(text)
            self.ensureCursorVisible()

    def focusInEvent(self, event: object) -> None:
        """The frame around shows the focus."""
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: object) -> None:
        """The frame around shows the focus."""
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self.focus_changed.emit(False)

    def _on_enter(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        command = held == Qt.KeyboardModifier.ControlModifier
        if command or (self.enter_sends and not held):
            if not event.isAutoRepeat():
                self.send_requested.emit()
        else:
            self.insertPlainText("\n")
            self.ensureCursorVisible()

    def _offer(self, source: QMimeData) -> bool:
        paths = [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()]
        if paths:
            self.files_offered.emit(paths)
            return True
        if source.hasImage() and not source.hasText():
            self.image_offered.emit(QImage(source.imageData()))
            return True
        return False


def is_too_much(text: str) -> bool:
    """Whether a text is too long to be laid out in the field."""
    return len(text) > HELD_FROM or (
        len(text) > LONGEST_LINE and max(map(len, text.split("\n"))) > LONGEST_LINE
    )
