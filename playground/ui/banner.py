"""What went wrong, said in the window itself: what happened, what to try, and which request it was."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from playground.ui.announce import announce
from playground.ui.icons import icon, pixmap
from playground.ui.plain_label import PlainLabel
from playground.ui.theme.sheet import repolish

MOST_KEPT = 20
LONGEST = 2000
ICONS = {"danger": "error", "warn": "warning", "info": "info", "ok": "ok"}

BannerAction = tuple[str, Callable[[], None]]


@dataclass(frozen=True)
class _Notice:
    """One thing to say."""

    title: str
    what: str
    advice: str
    request_id: str
    tone: str
    actions: tuple[BannerAction, ...]

    def as_text(self) -> str:
        lines = [self.title, self.what, self.advice]
        lines += [f"Request id: {self.request_id}"] if self.request_id else []
        return "\n".join(line for line in lines if line)

    def same_words(self, other: "_Notice") -> bool:
        return (self.title, self.what, self.advice) == (other.title, other.what, other.advice)


class Banner(QFrame):
    """Shows the newest notice; dismissing it brings back the one before. Hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setAccessibleName("Problem")
        self._notices: list[_Notice] = []
        self._mark = QLabel()
        self._mark.setFixedSize(20, 20)
        self.title = PlainLabel(wrap=True)
        self.title.setProperty("heading", True)
        self.what = PlainLabel(wrap=True, selectable=True)
        self.advice = PlainLabel(wrap=True, selectable=True)
        self.request_id = PlainLabel(selectable=True, wrap=True)
        self.request_id.setProperty("small", True)
        self.request_id.setProperty("muted", True)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._copy = QPushButton("Copy")
        self._copy.setProperty("kind", "ghost")
        self._copy.setAccessibleName("Copy this message")
        self._copy.clicked.connect(self._on_copy)
        self._close = QToolButton()
        self._close.setIcon(icon("close"))
        self._close.setAccessibleName("Dismiss")
        self._close.setToolTip("Dismiss")
        self._close.clicked.connect(self.dismiss)
        self._more = PlainLabel()
        self._more.setProperty("small", True)
        self._more.setProperty("muted", True)
        self._lay_out()
        self.hide()

    def show_problem(
        self,
        title: str,
        what: str = "",
        advice: str = "",
        request_id: str | None = None,
        *,
        tone: str = "danger",
        actions: Sequence[BannerAction] = (),
    ) -> None:
        """Say something; ``tone`` is danger, warn, info or ok; an action is a word and what it does."""
        notice = _Notice(
            title[:LONGEST],
            what[:LONGEST],
            advice[:LONGEST],
            (request_id or "")[:200],
            tone if tone in ICONS else "danger",
            tuple(actions),
        )
        self._notices = [known for known in self._notices if not known.same_words(notice)][-MOST_KEPT + 1 :]
        self._notices.append(notice)
        self._show_newest()
        announce(self, notice.as_text())

    def dismiss(self) -> None:
        """Take the shown notice away."""
        if self._notices:
            self._notices.pop()
        self._show_newest()

    def clear(self) -> None:
        """Take everything away."""
        self._notices.clear()
        self._show_newest()

    def count(self) -> int:
        """How many notices wait, the shown one included."""
        return len(self._notices)

    def _show_newest(self) -> None:
        if not self._notices:
            self.hide()
            return
        notice = self._notices[-1]
        self.title.setText(notice.title)
        for label, text in (
            (self.what, notice.what),
            (self.advice, notice.advice),
            (self.request_id, f"Request id: {notice.request_id}" if notice.request_id else ""),
            (self._more, f"{len(self._notices) - 1} more" if len(self._notices) > 1 else ""),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        self._mark.setPixmap(pixmap(ICONS[notice.tone], 20, notice.tone, self.devicePixelRatioF()))
        self._fill_buttons(notice)
        self.setProperty("tone", notice.tone)
        repolish(self)
        self.show()

    def _fill_buttons(self, notice: _Notice) -> None:
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for word, run in notice.actions:
            button = QPushButton(word)
            button.clicked.connect(run)
            self._buttons.addWidget(button)

    def _on_copy(self) -> None:
        if self._notices:
            QGuiApplication.clipboard().setText(self._notices[-1].as_text())

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(4)
        for label in (self.title, self.what, self.advice, self.request_id):
            words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(8)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(self._mark, alignment=top)
        row.addLayout(words, 1)
        self._more.setContentsMargins(0, 8, 0, 0)
        row.addWidget(self._more, alignment=top)
        row.addLayout(self._buttons)
        row.setAlignment(self._buttons, top)
        row.addWidget(self._copy, alignment=top)
        row.addWidget(self._close, alignment=top)
