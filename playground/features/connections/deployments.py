"""The table of deployments: a name for each, and marks for what it can do."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from playground.settings.profiles import CAPABILITIES, DeploymentEntry
from playground.ui.flow_layout import FlowLayout
from playground.ui.icons import icon

WORDS = {
    "chat": "Chat",
    "completions": "Completions",
    "embeddings": "Embeddings",
    "images": "Images",
    "speech": "Speech",
    "transcription": "Transcribe",
}

_SIGNS = {True: ("check", "accent"), False: ("plus", "faint")}


class DeploymentRow(QWidget):
    """One deployment: its name, what it can do, and a way to take it out."""

    edited = Signal()
    removed = Signal()

    def __init__(self, entry: DeploymentEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entry = entry
        self.name = QLineEdit(entry.name)
        self.name.setPlaceholderText("Deployment name")
        self.name.setAccessibleName("Deployment name")
        self.name.setMaxLength(128)
        self.name.setMinimumWidth(130)
        self.name.textEdited.connect(self.edited)
        self.marks: dict[str, QToolButton] = {}
        first = QHBoxLayout()
        first.setSpacing(4)
        first.addWidget(self.name, 1)
        first.addWidget(self._remove_button())
        second = FlowLayout(spacing=4)
        for capability in CAPABILITIES:
            second.addWidget(self._mark(capability))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(4)
        column.addLayout(first)
        column.addLayout(second)

    def entry(self) -> DeploymentEntry:
        """The deployment as shown."""
        chosen = [name for name, mark in self.marks.items() if mark.isChecked()]
        unknown = [name for name in self._entry.capabilities if name not in self.marks]
        name = self.name.text().strip()
        return self._entry.model_copy(update={"name": name, "capabilities": [*chosen, *unknown]})

    def _remove_button(self) -> QToolButton:
        remove = QToolButton(self)
        remove.setIcon(icon("close", "muted"))
        remove.setAutoRaise(True)
        remove.setAccessibleName(f"Remove deployment {self._entry.name}".strip())
        remove.setToolTip("Remove from this list; the deployment itself stays")
        remove.clicked.connect(self.removed)
        return remove

    def _mark(self, capability: str) -> QToolButton:
        mark = QToolButton(self)
        mark.setText(WORDS[capability])
        mark.setCheckable(True)
        mark.setChecked(capability in self._entry.capabilities)
        mark.setIcon(icon(*_SIGNS[mark.isChecked()]))
        mark.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        mark.setAccessibleName(f"{self._entry.name} can do {WORDS[capability]}".strip())
        mark.setToolTip(f"Offer this deployment in the {WORDS[capability]} tab")
        mark.toggled.connect(lambda on: mark.setIcon(icon(*_SIGNS[on])))
        mark.toggled.connect(self.edited)
        self.marks[capability] = mark
        return mark


class DeploymentRows(QWidget):
    """All deployments of a connection, and a button for one more."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[DeploymentRow] = []
        self.add_button = QToolButton(self)
        self.add_button.setText("Add a deployment")
        self.add_button.setIcon(icon("plus", "accent"))
        self.add_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.add_button.setAccessibleName("Add a deployment")
        self.add_button.clicked.connect(self._on_add)
        self._column = QVBoxLayout()
        self._column.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._column)
        column.addWidget(self.add_button)

    def entries(self) -> list[DeploymentEntry]:
        """The deployments that have a name, each name once."""
        named = {entry.name: entry for entry in (row.entry() for row in self.rows) if entry.name}
        return list(named.values())

    def show_entries(self, entries: list[DeploymentEntry]) -> None:
        """Show these; rows that show the same already keep their focus."""
        if entries == self.entries():
            return
        for row in self.rows:
            self._column.removeWidget(row)
            row.deleteLater()
        self.rows = []
        for entry in entries:
            self._append(entry)

    def _append(self, entry: DeploymentEntry) -> DeploymentRow:
        row = DeploymentRow(entry, self)
        row.edited.connect(self.edited)
        row.removed.connect(lambda: self._on_remove(row))
        self.rows.append(row)
        self._column.addWidget(row)
        return row

    def _on_add(self) -> None:
        self._append(DeploymentEntry(name="", capabilities=["chat"])).name.setFocus()

    def _on_remove(self, row: DeploymentRow) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.add_button.setFocus()
        self.edited.emit()
