"""Extra request headers, such as a gateway's own key; sensitive values are kept like keys."""

import re

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from playground.features.connections.fields import KeyField
from playground.settings.profiles import HeaderEntry
from playground.ui.icons import icon
from playground.ui.plain_label import PlainLabel

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")


class HeaderRows(QWidget):
    """The headers that are set, and two fields for one more."""

    entered = Signal(str, str)
    removed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: list[HeaderEntry] | None = None
        self.name = QLineEdit()
        self.name.setPlaceholderText("Ocp-Apim-Subscription-Key")
        self.name.setAccessibleName("Name of a new header")
        self.value = KeyField()
        self.value.editingFinished.disconnect()  # its text is taken together with the name
        self.value.setPlaceholderText("Value")
        self.value.setAccessibleName("Value of the new header")
        self.value.returnPressed.connect(self._on_add)
        self.add_button = QPushButton("Add")
        self.add_button.setAccessibleName("Add the header")
        self.add_button.clicked.connect(self._on_add)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.name, 1)
        row.addWidget(self.value, 1)
        row.addWidget(self.add_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._grid)
        column.addLayout(row)

    def show_headers(self, headers: list[HeaderEntry]) -> None:
        """Show these; values that are secrets are only said to be stored."""
        if headers == self._shown:
            return
        self._shown = list(headers)
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, header in enumerate(headers):
            value = PlainLabel("stored like a key" if header.reference else header.value, elide=True)
            value.setProperty("muted", True)
            self._grid.addWidget(PlainLabel(header.name), number, 0)
            self._grid.addWidget(value, number, 1)
            self._grid.addWidget(self._remove_button(header.name), number, 2)
        self._grid.setColumnStretch(1, 1)

    def _remove_button(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon("close", "muted"))
        button.setIconSize(QSize(14, 14))
        button.setAutoRaise(True)
        button.setAccessibleName(f"Remove header {name}")
        button.clicked.connect(lambda: self.removed.emit(name))
        return button

    def _on_add(self) -> None:
        name, value = self.name.text().strip(), self.value.text().strip()
        sound = bool(_NAME.fullmatch(name))
        self.name.setProperty("bad", bool(name) and not sound)
        self.name.style().polish(self.name)
        if sound and value:
            self.name.clear()
            self.value.clear()
            self.entered.emit(name, value)
