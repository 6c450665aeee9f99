"""The phases of an exchange as a bar with a legend: length for the eye, words and numbers for everybody."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from playground.ui.colours import colour
from playground.ui.flow_layout import FlowLayout
from playground.ui.icons import pixmap
from playground.ui.plain_label import PlainLabel
from playground.workbench.inspector.facts import Phase, duration

ROLES = {"Connect": "info", "Send": "muted", "Wait": "warn", "First event": "accent", "Receive": "ok"}
LEAST_WIDTH = 2.0


class TimingBar(QWidget):
    """Shows phases one after the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strip = _Strip()
        self._legend = QWidget()
        self._flow = FlowLayout(self._legend, spacing=16)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._strip)
        column.addWidget(self._legend)
        self._shown: list[str] = []
        self._words: list[PlainLabel] = []

    def show_phases(self, phases: Sequence[Phase]) -> None:
        """Show these; the legend is only built anew when there are others than before."""
        self._strip.phases = list(phases)
        self._strip.update()
        names = [phase.name for phase in phases]
        if names != self._shown:
            self._shown = names
            self._flow.clear()
            self._words = [self._entry(name) for name in names]
        for label, phase in zip(self._words, phases, strict=True):
            label.setText(f"{phase.name}  {duration(phase.seconds)}")
        self.setAccessibleDescription(", ".join(label.full_text() for label in self._words))

    def _entry(self, name: str) -> PlainLabel:
        entry = QWidget()
        row = QHBoxLayout(entry)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        mark = QLabel()
        mark.setPixmap(pixmap("dot", 10, ROLES.get(name, "muted"), self.devicePixelRatioF()))
        words = PlainLabel()
        words.setProperty("small", True)
        row.addWidget(mark)
        row.addWidget(words)
        self._flow.addWidget(entry)
        return words


class _Strip(QWidget):
    """The bar itself."""

    def __init__(self) -> None:
        super().__init__()
        self.phases: list[Phase] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(200, 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("pressed"))
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        total = sum(phase.seconds for phase in self.phases)
        if total <= 0:
            return
        room = self.width() - LEAST_WIDTH * len(self.phases)
        left = 0.0
        for phase in self.phases:
            width = LEAST_WIDTH + room * phase.seconds / total
            painter.setBrush(colour(ROLES.get(phase.name, "muted")))
            painter.drawRoundedRect(QRectF(left, 0, max(1.0, width - 1), self.height()), 3, 3)
            left += width
