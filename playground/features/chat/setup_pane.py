"""What a conversation is asked with: the system message and the parameters, in the right dock."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from playground.features.chat.request import Setup
from playground.workbench.parameters import ParameterForm
from playground.workbench.parameters.chat_parameters import chat_parameters

SYSTEM_HEIGHT = 96


class SetupPane(QWidget):
    """Edits one ``Setup``; tells when the user, not the program, has changed it."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._filling = False
        self.system = QPlainTextEdit()
        self.system.setAccessibleName("System message")
        self.system.setPlaceholderText("How the assistant should behave. Sent first, in every request.")
        self.system.setFixedHeight(SYSTEM_HEIGHT)
        self.system.setTabChangesFocus(True)
        self.system.textChanged.connect(self._on_changed)
        self.form = ParameterForm(chat_parameters())
        self.form.changed.connect(self._on_changed)
        label = QLabel("System message")
        label.setProperty("heading", True)
        label.setBuddy(self.system)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 0)
        column.setSpacing(8)
        column.addWidget(label)
        column.addWidget(self.system)
        column.addSpacing(4)
        column.addWidget(self.form, 1)

    def setup(self) -> Setup:
        """What is on the screen now."""
        return Setup(self.system.toPlainText(), self.form.values())

    def show_setup(self, setup: Setup) -> None:
        """Put a conversation's setup on the screen."""
        self._filling = True
        self.system.setPlainText(setup.system)
        self.form.set_values(dict(setup.parameters))
        self._filling = False

    def set_unsupported(self, reasons: Mapping[str, Any]) -> None:
        """Disable rows that the deployment is known not to take, each with its reason."""
        self.form.set_unsupported(dict(reasons))

    def _on_changed(self) -> None:
        if not self._filling:
            self.changed.emit()
