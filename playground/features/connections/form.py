"""The form of one connection: what it is called, where it is, what it may do, and how it is reached."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from playground.features.connections.advanced import AdvancedSection
from playground.features.connections.deployments import DeploymentRows
from playground.features.connections.fields import ColourChoice, KeyField, PasteBox
from playground.settings.profiles import DEFAULT_API_VERSION, ConnectionProfile
from playground.settings.secrets import variable_of
from playground.ui.plain_label import PlainLabel

KIND_CHOICES = {
    "azure": "Azure OpenAI, with a key",
    "entra": "Azure OpenAI, with Entra ID",
    "openai": "OpenAI-compatible server",
}
VERSIONS = (DEFAULT_API_VERSION, "2024-12-01-preview", "2024-10-21", "2024-08-01-preview", "2024-06-01")
PASTE_HINT = "Paste anything: portal URL, request URL, curl, code, KEY=value lines…"
EMBEDDED_NOTE = (
    "The program answers itself, on this computer, without a network. It starts when it is first needed, "
    "with a fresh key each time; there is nothing to set up."
)
ENVIRONMENT_NOTE = (
    "Address, version and key come from environment variables (AZURE_OPENAI_ENDPOINT, OPENAI_API_VERSION, "
    "AZURE_OPENAI_API_KEY) and follow them at each start."
)
ENDPOINT_HINTS = {
    "azure": "https://NAME.openai.azure.com",
    "entra": "https://NAME.openai.azure.com",
    "openai": "http://localhost:8000/v1",
}


class ConnectionForm(QWidget):
    """Shows a profile and gives back the edited one; secrets leave it by signals and are never shown."""

    edited = Signal()
    pasted = Signal(str)
    key_entered = Signal(str)
    forget_key_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._profile = ConnectionProfile()
        self._make_fields()
        self._lay_out()
        self._connect()

    def profile(self) -> ConnectionProfile:
        """The profile as shown; secrets and what belongs to them are as they were."""
        before = self._profile
        changes: dict[str, object] = {
            "name": self.name.text().strip() or before.name,
            "colour": self.colour.colour() or before.colour,
        }
        if before.kind != "embedded":
            changes |= {
                "kind": self.kind.currentData(),
                "endpoint": self.endpoint.text().strip(),
                "api_version": self.api_version.currentText().strip(),
                "deployments": self.deployments.entries(),
                **self.advanced.changes(before),
            }
        return before.model_copy(update=changes)

    def show_profile(self, profile: ConnectionProfile, *, fixed: bool = False) -> None:
        """Show a profile; ``fixed`` says that its address and key come from the environment."""
        other = profile.id != self._profile.id
        self._profile = profile
        self.blockSignals(True)
        if other:
            self.paste.clear()
            self.found.hide()
            self.advanced.unfold(False)
        _set(self.name, profile.name)
        self.colour.show_colour(profile.colour)
        if not profile.built_in:
            self.kind.setCurrentIndex(self.kind.findData(profile.kind))
            _set(self.endpoint, profile.endpoint)
            if self.api_version.currentText().strip() != profile.api_version:
                self.api_version.setEditText(profile.api_version)
            self.deployments.show_entries(profile.deployments)
            self.advanced.show_profile(profile)
        self._show_parts(profile, fixed)
        self.blockSignals(False)

    def show_credential(self, *, stored: bool, where: str, entra_installed: bool) -> None:
        """Say whether there is a key, and where one goes; ``where`` is the sentence of the secrets."""
        profile = self._profile
        variable = variable_of(profile.key_reference)
        token = profile.kind == "entra"
        word = "token" if token else "key"
        if variable:
            state = f"Read from the variable {variable}" + ("." if stored else ", which is not set now.")
        elif stored:
            state = f"A {word} is stored. {where}"
        elif token and entra_installed:
            state = "Signs in with Azure (az login, environment, browser). Or paste a token here."
        elif token:
            state = (
                "Signing in needs the package azure-identity, which is not installed. Paste a token instead."
            )
        elif profile.kind == "openai":
            state = f"Leave empty if the server needs none. {where}"
        else:
            state = f"KEY 1 or KEY 2 of the resource, or ${{NAME}} for an environment variable. {where}"
        self.key_note.setText(state)
        mask = "••••••••••••  stored; enter another to replace it"
        self.key.setPlaceholderText(mask if stored else f"Paste the {word} here")
        self.forget.setVisible(bool(profile.key_reference) and self.key.isEnabled())

    def commit(self) -> None:
        """Hand over secrets that were typed but not yet entered."""
        self.key.commit()
        self.advanced.proxy_password.commit()

    def show_found(self, text: str) -> None:
        """Say what was recognised in what was pasted."""
        self.found.setText(text)
        self.found.show()

    def _make_fields(self) -> None:
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the connection")
        self.name.setMaxLength(80)
        self.colour = ColourChoice()
        self.note = _note()
        self.paste = PasteBox()
        self.paste.setPlaceholderText(PASTE_HINT)
        self.paste.setAccessibleName("Paste anything")
        self.found = _note()
        self.found.setAccessibleName("What was recognised")
        self.found.hide()
        self.kind = QComboBox()
        self.kind.setAccessibleName("Kind of connection")
        for kind, words in KIND_CHOICES.items():
            self.kind.addItem(words, kind)
        self.endpoint = QLineEdit()
        self.endpoint.setAccessibleName("Endpoint")
        self.api_version = QComboBox()
        self.api_version.setEditable(True)
        self.api_version.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.api_version.addItems(list(VERSIONS))
        self.api_version.setAccessibleName("API version")
        self.key = KeyField()
        self.key.setAccessibleName("Key or token")
        self.forget = QPushButton("Forget")
        self.forget.setAccessibleName("Forget the stored key")
        self.key_note = _note()
        self.deployments = DeploymentRows()
        self.advanced = AdvancedSection()

    def _lay_out(self) -> None:
        self._key_row = QWidget()
        key_column = QVBoxLayout(self._key_row)
        key_column.setContentsMargins(0, 0, 0, 0)
        key_column.setSpacing(4)
        key_row = QHBoxLayout()
        key_row.setSpacing(8)
        key_column.addLayout(key_row)
        key_column.addWidget(self.key_note)
        key_row.addWidget(self.key, 1)
        key_row.addWidget(self.forget)
        self._fields = _form_layout()
        self._key_label = QLabel("Key")
        self._fields.addRow("Name", self.name)
        self._fields.addRow("Colour", self.colour)
        self._fields.addRow("Kind", self.kind)
        self._fields.addRow("Endpoint", self.endpoint)
        self._fields.addRow("API version", self.api_version)
        self._fields.addRow(self._key_label, self._key_row)
        self._deployments_part = QWidget()
        part = QVBoxLayout(self._deployments_part)
        part.setContentsMargins(0, 0, 0, 0)
        part.setSpacing(8)
        part.addWidget(_heading("Deployments"))
        self._deployments_note = _note(
            "By their own names, with what each can do; unmarked ones are offered everywhere."
        )
        part.addWidget(self._deployments_note)
        part.addWidget(self.deployments)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.paste)
        column.addWidget(self.found)
        column.addLayout(self._fields)
        for widget in (self.note, self._deployments_part, self.advanced):
            column.addWidget(widget)
        column.addStretch(1)

    def _connect(self) -> None:
        self.paste.pasted.connect(self.pasted)
        self.key.entered.connect(self.key_entered)
        self.forget.clicked.connect(self.forget_key_requested)
        self.name.textEdited.connect(self.edited)
        self.colour.chosen.connect(self.edited)
        self.kind.activated.connect(self.edited)
        self.endpoint.textEdited.connect(self.edited)
        self.endpoint.editingFinished.connect(self._on_endpoint_finished)
        self.api_version.editTextChanged.connect(self.edited)
        self.deployments.edited.connect(self.edited)
        self.advanced.edited.connect(self.edited)

    def _on_endpoint_finished(self) -> None:
        """A whole request URL in the endpoint's own field is as good as one in the box above."""
        text = self.endpoint.text().strip()
        if "/deployments/" in text or "api-version=" in text or "portal.azure.com" in text:
            self.pasted.emit(text)

    def _show_parts(self, profile: ConnectionProfile, fixed: bool) -> None:
        embedded = profile.built_in
        for widget in (self._deployments_part, self.advanced):
            widget.setVisible(not embedded)
        for row in (self.kind, self.endpoint, self._key_row):
            self._fields.setRowVisible(row, not embedded)
        self.paste.setVisible(not embedded and not fixed)
        self.note.setText(EMBEDDED_NOTE if embedded else ENVIRONMENT_NOTE)
        self.note.setVisible(embedded or fixed)
        for widget in (self.kind, self.endpoint, self.api_version, self.key):
            widget.setEnabled(not fixed)
        self._fields.setRowVisible(self.api_version, profile.kind not in ("openai", "embedded"))
        self._key_label.setText("Token" if profile.kind == "entra" else "Key")
        self.endpoint.setPlaceholderText(ENDPOINT_HINTS.get(profile.kind, ""))


def _set(line: QLineEdit, text: str) -> None:
    """Not while it says the same already: a trailing space being typed, and the cursor, would go."""
    if line.text().strip() != text:
        line.setText(text)


def _form_layout() -> QFormLayout:
    layout = QFormLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setHorizontalSpacing(12)
    layout.setVerticalSpacing(8)
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
    return layout


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("heading", True)
    return label


def _note(text: str = "") -> PlainLabel:
    label = PlainLabel(text, wrap=True)
    label.setProperty("muted", True)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return label
