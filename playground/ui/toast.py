"""Something said in passing at the top of the window, with a way to take it back."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from playground.ui.announce import announce
from playground.ui.icons import icon
from playground.ui.plain_label import PlainLabel

SHOWN_SECONDS = 5.0
UNDO_SECONDS = 10.0
MOST_SHOWN = 3
MARGIN = 16
TOP = 56
"""Below the strip, where it covers neither pickers nor what is being typed."""


class Toast(QWidget):
    """Lies over ``parent`` and holds up to three remarks; it is no wider than it needs to be."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._remarks: list[_Remark] = []
        parent.installEventFilter(self)
        self.hide()

    def show_text(
        self, text: str, undo: Callable[[], None] | None = None, *, seconds: float | None = None
    ) -> None:
        """Show a sentence for a while; with ``undo`` it stays longer and has a button that calls it once."""
        while len(self._remarks) >= MOST_SHOWN:
            self._drop(self._remarks[0])
        wanted = seconds if seconds is not None else UNDO_SECONDS if undo else SHOWN_SECONDS
        remark = _Remark(text, undo, wanted, self._drop)
        self._remarks.append(remark)
        self._column.addWidget(remark, alignment=Qt.AlignmentFlag.AlignHCenter)
        self.show()
        self.raise_()
        self._place()
        announce(self, text)

    def texts(self) -> list[str]:
        """What is shown now, oldest first."""
        return [remark.label.full_text() for remark in self._remarks]

    def undo(self) -> bool:
        """Take the newest remark's deed back; whether there was one."""
        for remark in reversed(self._remarks):
            if remark.undo_button is not None:
                remark.undo_button.click()
                return True
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle of the parent's top."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _drop(self, remark: "_Remark") -> None:
        if remark in self._remarks:
            self._remarks.remove(remark)
            self._column.removeWidget(remark)
            remark.end()
        if self._remarks:
            self._place()
        else:
            self.hide()

    def _place(self) -> None:
        over = self._over
        room = max(120, over.width() - 2 * MARGIN)
        for remark in self._remarks:
            remark.setMaximumWidth(min(560, room))
        self._column.activate()
        size = self.sizeHint()
        width = min(size.width(), room)
        top = max(0, min(TOP, over.height() - size.height()))
        self.setGeometry((over.width() - width) // 2, top, width, size.height())


class _Remark(QFrame):
    """One sentence, its button, and its clock, which stands still while the pointer or the focus is on it."""

    def __init__(
        self,
        text: str,
        undo: Callable[[], None] | None,
        seconds: float,
        drop: "Callable[[_Remark], None]",
    ) -> None:
        super().__init__()
        self.setObjectName("toast")
        self._drop = drop
        self.label = PlainLabel(text[:300])
        self.undo_button: QPushButton | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(12)
        row.addWidget(self.label)
        if undo is not None:
            self.undo_button = QPushButton("Undo")
            self.undo_button.setAccessibleName(f"Undo: {text[:100]}")
            self.undo_button.clicked.connect(lambda: self._on_undo(undo))
            row.addWidget(self.undo_button)
        close = QToolButton()
        close.setIcon(icon("close", "surface"))
        close.setAccessibleName("Dismiss")
        close.clicked.connect(lambda: drop(self))
        row.addWidget(close)
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.setInterval(round(seconds * 1000))
        self._clock.timeout.connect(self._on_time)
        self._clock.start()

    def end(self) -> None:
        """Go, for good."""
        self._clock.stop()
        self.hide()
        self.deleteLater()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Whoever points at it wants to read it."""
        self._clock.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The clock starts anew."""
        self._clock.start()
        super().leaveEvent(event)

    def _on_time(self) -> None:
        focus = self.focusWidget()
        if focus is not None and focus.hasFocus():
            self._clock.start()
        else:
            self._drop(self)

    def _on_undo(self, undo: Callable[[], None]) -> None:
        self._drop(self)
        undo()
