"""Everything about one connection: name and buttons on top, the form, the doctor beside or below it."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from playground.features.connections.doctor_panel import DoctorPanel
from playground.features.connections.fields import zoomed
from playground.features.connections.form import ConnectionForm
from playground.ui.plain_label import PlainLabel

DOCTOR_WIDTH = 320
NARROW_FORM = 560


class ConnectionFrame(QScrollArea):
    """Lays out one connection for the width that there is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = ConnectionForm()
        self.doctor = DoctorPanel()
        self.saved = PlainLabel()
        self.saved.setProperty("muted", True)
        self.saved.setAccessibleName("Whether changes are saved")
        self.title = PlainLabel(elide=True)
        self.title.setProperty("title", True)
        self.use_button = QPushButton("Use in all tabs")
        self.use_button.setAccessibleName("Use this connection in all tabs")
        self.test_button = QPushButton("Test")
        self.test_button.setProperty("kind", "primary")
        self.test_button.setAccessibleName("Test this connection, below")
        self.test_button.clicked.connect(self._on_test)
        self.delete_button = QPushButton("Delete")
        self.delete_button.setAccessibleName("Delete this connection")
        form_side = QWidget()
        column = QVBoxLayout(form_side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addLayout(self._head())
        column.addWidget(self.form, 1)
        inside = QWidget()
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight, inside)
        self._body.setContentsMargins(24, 16, 24, 24)
        self._body.setSpacing(24)
        self._body.addWidget(form_side, 5)
        self._body.addWidget(self.doctor, 3)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The doctor stands beside the form where there is room, and below it where there is not."""
        super().resizeEvent(event)
        wide = self.width() >= zoomed(self, NARROW_FORM + DOCTOR_WIDTH)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._body.setDirection(across if wide else down)
        self.doctor.setMinimumWidth(zoomed(self, DOCTOR_WIDTH) if wide else 0)
        self.test_button.setVisible(not wide)
        self._body.setAlignment(self.doctor, Qt.AlignmentFlag.AlignTop if wide else Qt.AlignmentFlag(0))

    def _on_test(self) -> None:
        self.doctor.test_requested.emit()
        QTimer.singleShot(0, self.doctor, lambda: self.ensureWidgetVisible(self.doctor.button, 0, 200))

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title, 1)
        head.addWidget(self.saved)
        head.addWidget(self.test_button)
        head.addWidget(self.use_button)
        head.addWidget(self.delete_button)
        return head
