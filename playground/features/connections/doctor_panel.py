"""Shows the doctor at work: one line for each step, with a sign, a word, a sentence and advice."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from playground.features.connections.fields import zoomed
from playground.features.connections.steps import Step, summary
from playground.ui.icons import pixmap
from playground.ui.plain_label import PlainLabel

SIGNS = {
    "running": ("time", "muted", "Looking…"),
    "ok": ("ok", "ok", "OK"),
    "warning": ("warning", "warn", "Mind this"),
    "failed": ("error", "danger", "Wrong"),
    "skipped": ("minus", "muted", "Not examined"),
}
SIGN_PIXELS = 16
INTRODUCTION = (
    "Finds out which part is wrong, if any: name, network, TLS, endpoint, key, api-version or deployment. "
    "Each chat deployment is asked for 16 tokens; pictures and speech are not made."
)


class _Sign(QWidget):
    """An icon by meaning, painted anew when the theme changes."""

    def __init__(self) -> None:
        super().__init__()
        self._meaning = ("time", "muted")
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        self.setFixedSize(zoomed(self, SIGN_PIXELS), zoomed(self, SIGN_PIXELS))

    def show_sign(self, name: str, role: str) -> None:
        self._meaning = (name, role)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        name, role = self._meaning
        picture = pixmap(name, self.width(), role, self.devicePixelRatioF())
        QPainter(self).drawPixmap(0, 0, picture)


class StepRow(QFrame):
    """One step."""

    def __init__(self, step: Step, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = _Sign()
        self._title = PlainLabel(wrap=True)
        self._title.setProperty("heading", True)
        self._word = PlainLabel()
        self._sentence = PlainLabel(wrap=True)
        self._advice = PlainLabel(wrap=True)
        self._advice.setProperty("muted", True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self._word)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._sentence)
        column.addWidget(self._advice)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(8)
        row.addWidget(self._sign, alignment=Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        self.show_step(step)

    def show_step(self, step: Step) -> None:
        """Show a step, or what became of it."""
        self.step = step
        name, role, word = SIGNS[step.state]
        self._sign.show_sign(name, role)
        self._title.setText(step.title)
        self._word.setText(word)
        _tone(self._word, role)
        for label, text in ((self._sentence, step.sentence), (self._advice, step.advice)):
            label.setText(text)
            label.setVisible(bool(text))
        self.setAccessibleName(f"{step.title}: {word}")
        self.setAccessibleDescription(f"{step.sentence} {step.advice}".strip())


class DoctorPanel(QFrame):
    """The Test button, the steps as they come, and the verdict."""

    test_requested = Signal()
    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.rows: dict[str, StepRow] = {}
        self._busy = False
        heading = PlainLabel("Test")
        heading.setProperty("heading", True)
        self.button = QPushButton("Test connection")
        self.button.setProperty("kind", "primary")
        self.button.setAccessibleName("Test this connection")
        self.button.clicked.connect(self._on_clicked)
        self.verdict = PlainLabel(INTRODUCTION, wrap=True)
        self.verdict.setAccessibleName("Result of the test")
        self._steps = QVBoxLayout()
        self._steps.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(heading, 1)
        head.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.verdict)
        column.addLayout(self._steps)
        column.addStretch(1)

    def begin(self) -> None:
        """A test starts."""
        self.clear()
        self._busy = True
        self.button.setText("Stop")
        self.button.setAccessibleName("Stop the test")
        self.verdict.setText("Looking…")
        _tone(self.verdict, "text")

    def show_step(self, step: Step) -> None:
        """A step began or ended."""
        if step.id in self.rows:
            self.rows[step.id].show_step(step)
            return
        row = StepRow(step, self)
        self.rows[step.id] = row
        self._steps.addWidget(row)

    def end(self, *, stopped: bool = False) -> None:
        """The test is over."""
        self._busy = False
        self.button.setText("Test again")
        self.button.setAccessibleName("Test this connection again")
        if stopped:
            self.verdict.setText("Stopped.")
            for row in self.rows.values():
                if row.step.state == "running":
                    row.show_step(Step(row.step.id, "skipped", "Stopped."))
            return
        self._conclude(summary([row.step for row in self.rows.values()]))

    def _conclude(self, verdict: Step) -> None:
        title = "" if verdict.state == "ok" else f"{verdict.title}: "
        self.verdict.setText(title + verdict.sentence)
        _tone(self.verdict, SIGNS[verdict.state][1])

    def clear(self) -> None:
        """Forget the last test, such as when another connection is shown."""
        for row in self.rows.values():
            self._steps.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = {}
        self._busy = False
        self.button.setText("Test connection")
        self.verdict.setText(INTRODUCTION)
        _tone(self.verdict, "text")

    def _on_clicked(self) -> None:
        (self.stop_requested if self._busy else self.test_requested).emit()


def _tone(label: QLabel, role: str) -> None:
    """Colour a label by the role of its icon; the word in it says the same."""
    label.setProperty("tone", role if role in ("ok", "warn", "danger") else "")
    label.setProperty("muted", role == "muted")
    label.style().polish(label)
