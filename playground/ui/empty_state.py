"""What a tab shows while it has nothing to show: one sentence, one button, examples to click."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from playground.ui.colours import colour
from playground.ui.icons import pixmap
from playground.ui.plain_label import PlainLabel

COLUMN_WIDTH = 640
MARK_PIXELS = 36


@dataclass(frozen=True)
class Example:
    """Something to try: ``title`` is read first, ``text`` is what is done with a click."""

    title: str
    text: str


class EmptyState(QWidget):
    """A calm middle. The button is left out when it has no word; so are the examples."""

    primary_requested = Signal()
    example_chosen = Signal(str)

    def __init__(
        self,
        title: str,
        sentence: str,
        *,
        mark: str = "",
        primary: str = "",
        examples: Sequence[Example] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._mark_name = mark
        self._mark_colour = ""
        self._mark = QLabel()
        self.title = PlainLabel(title, wrap=True)
        self.title.setProperty("title", True)
        self.sentence = PlainLabel(sentence, wrap=True)
        self.sentence.setProperty("muted", True)
        self.button = QPushButton(primary)
        self.button.setProperty("kind", "primary")
        self.button.setVisible(bool(primary))
        self.button.clicked.connect(self.primary_requested)
        column = QVBoxLayout()
        column.setSpacing(12)
        centre = Qt.AlignmentFlag.AlignHCenter
        for label in (self.title, self.sentence):
            label.setAlignment(centre)
        if mark:
            column.addWidget(self._mark, alignment=centre)
        column.addWidget(self.title)
        column.addWidget(self.sentence)
        if primary:
            column.addSpacing(4)
            column.addWidget(self.button, alignment=centre)
        if examples:
            column.addSpacing(12)
            column.addWidget(self._cards(examples))
        inner = QWidget()
        inner.setLayout(column)
        inner.setMaximumWidth(COLUMN_WIDTH)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 24, 24, 24)
        middle = QHBoxLayout()  # an aligned widget would shrink to its hint; between stretches it may grow
        middle.addStretch(1)
        middle.addWidget(inner, 100)
        middle.addStretch(1)
        outer.addStretch(2)
        outer.addLayout(middle)
        outer.addStretch(3)
        inner.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        inner.setMinimumWidth(280)

    def set_words(self, title: str, sentence: str) -> None:
        """Say something else."""
        self.title.setText(title)
        self.sentence.setText(sentence)

    def paintEvent(self, event: object) -> None:
        """Keep the mark in the colours of the theme."""
        now = colour("accent").name()
        if self._mark_name and now != self._mark_colour:
            self._mark_colour = now
            self._mark.setPixmap(pixmap(self._mark_name, MARK_PIXELS, "accent", self.devicePixelRatioF()))
        super().paintEvent(event)  # type: ignore[arg-type]

    def sizeHint(self) -> QSize:
        """Room for the column and some air."""
        return super().sizeHint().expandedTo(QSize(COLUMN_WIDTH, 320))

    def _cards(self, examples: Sequence[Example]) -> QWidget:
        grid_widget = QWidget()
        grid = QGridLayout(grid_widget)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        columns = 1 if len(examples) == 1 else 2
        for number, example in enumerate(examples):
            card = _Card()
            card.setObjectName("example")
            card.setAccessibleName(f"{example.title}: {example.text}"[:300])
            card.clicked.connect(lambda _=False, text=example.text: self.example_chosen.emit(text))
            words = QVBoxLayout(card)
            words.setContentsMargins(14, 12, 14, 12)
            words.setSpacing(2)
            title = PlainLabel(example.title)
            title.setProperty("heading", True)
            text = PlainLabel(example.text, wrap=True)
            text.setProperty("muted", True)
            text.setProperty("small", True)
            text.setAlignment(Qt.AlignmentFlag.AlignTop)
            for label in (title, text):
                label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
                words.addWidget(label)
            words.addStretch(1)
            policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            policy.setHeightForWidth(True)
            card.setSizePolicy(policy)
            grid.addWidget(card, number // columns, number % columns)
        return grid_widget


class _Card(QPushButton):
    """A button as large as the words laid out in it; by itself it would only look at its own text."""

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.totalSizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        layout = self.layout()
        return layout.totalMinimumSize() if layout is not None else super().minimumSizeHint()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return layout.totalHeightForWidth(width) if layout is not None else super().heightForWidth(width)
