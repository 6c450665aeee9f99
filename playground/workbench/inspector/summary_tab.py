"""The first tab of the inspector: what was asked, what came of it, and where the time went."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QScrollArea, QVBoxLayout, QWidget

from playground.ui.plain_label import PlainLabel
from playground.ui.theme.sheet import set_property
from playground.workbench.inspector import facts
from playground.workbench.inspector.timing_bar import TimingBar

if TYPE_CHECKING:
    from playground.api.exchange import Exchange


class SummaryTab(QScrollArea):
    """Facts as pairs, the timing bar, and one line for each attempt."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Summary of the request")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.timing = TimingBar()
        self._facts = QFormLayout()
        self._facts.setHorizontalSpacing(16)
        self._facts.setVerticalSpacing(4)
        self._facts.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._labels: list[str] = []
        self._texts: list[PlainLabel] = []
        self._attempts = PlainLabel(wrap=True, selectable=True)
        content = QWidget()
        content.setObjectName("content")
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(12)
        column.addWidget(self.timing)
        column.addLayout(self._facts)
        self._attempts_heading = PlainLabel("Attempts")
        self._attempts_heading.setProperty("heading", True)
        column.addWidget(self._attempts_heading)
        column.addWidget(self._attempts)
        column.addStretch(1)
        self.setWidget(content)

    def show_exchange(self, exchange: "Exchange") -> None:
        """Show it as it is now; rows stay in place while it runs, so that text can be selected."""
        found = facts.summary(exchange)
        labels = [label for label, _ in found]
        if labels != self._labels:
            self._rebuild(labels)
        for (label, text), shown in zip(found, self._texts, strict=True):
            if shown.full_text() != text:
                shown.setText(text)
            set_property(shown, "tone", _tone(label, exchange))
        self.timing.show_phases(facts.phases(exchange))
        lines = facts.attempts(exchange)
        several = len(lines) > 1
        self._attempts_heading.setVisible(several)
        self._attempts.setVisible(several)
        if self._attempts.full_text() != (text := "\n".join(lines)):
            self._attempts.setText(text)

    def text(self) -> str:
        """What is shown, as text."""
        return "\n".join(
            f"{label}: {shown.full_text()}" for label, shown in zip(self._labels, self._texts, strict=True)
        )

    def _rebuild(self, labels: list[str]) -> None:
        while self._facts.rowCount():
            self._facts.removeRow(0)
        self._labels, self._texts = labels, []
        for label in labels:
            name = PlainLabel(label)
            name.setProperty("muted", True)
            text = PlainLabel(wrap=True, selectable=True)
            text.setAccessibleName(label)
            self._facts.addRow(name, text)
            self._texts.append(text)


def _tone(label: str, exchange: "Exchange") -> str:
    return facts.TONES.get(exchange.state, "") if label == "Outcome" else "danger" if label == "Error" else ""
