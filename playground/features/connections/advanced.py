"""What few connections need: proxy, own certificate authority, extra headers, patience."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from playground.features.connections.fields import KeyField
from playground.features.connections.headers import HeaderRows
from playground.settings.profiles import ConnectionProfile
from playground.ui.icons import icon

PROXY_WORDS = {
    "system": "As the system says",
    "none": "No proxy",
    "manual": "This proxy",
}


class AdvancedSection(QWidget):
    """Folded away until somebody opens it, or until something in it is set."""

    edited = Signal()
    proxy_password_entered = Signal(str)
    header_entered = Signal(str, str)
    header_removed = Signal(str)
    ca_file_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.toggle = QPushButton(
            icon("chevron-right", "muted"), "Advanced: proxy, certificates, headers, timeouts"
        )
        self.toggle.setProperty("kind", "ghost")
        self.toggle.setAccessibleName("Show advanced settings")
        self._body = QWidget(self)
        self.toggle.clicked.connect(lambda: self.unfold(self._body.isHidden()))
        self._body.hide()
        self._make_fields()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.toggle, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._body)

    def changes(self, profile: ConnectionProfile) -> dict[str, object]:
        """The members of the profile that are edited here."""
        proxy = profile.proxy.model_copy(
            update={
                "mode": self.proxy_mode.currentData(),
                "url": self.proxy_url.text().strip(),
                "user": self.proxy_user.text().strip(),
            }
        )
        return {
            "proxy": proxy,
            "ca_file": self.ca_file.text().strip(),
            "connect_timeout": _kept(self.connect_timeout, profile.connect_timeout),
            "progress_timeout": _kept(self.progress_timeout, profile.progress_timeout),
            "max_retries": self.max_retries.value(),
        }

    def show_profile(self, profile: ConnectionProfile) -> None:
        """Fill the fields in; opened when something differs from the ordinary."""
        self.proxy_mode.setCurrentIndex(self.proxy_mode.findData(profile.proxy.mode))
        _set(self.proxy_url, profile.proxy.url)
        _set(self.proxy_user, profile.proxy.user)
        stored = bool(profile.proxy.reference)
        self.proxy_password.setPlaceholderText(
            "A password is stored; enter another to replace it" if stored else ""
        )
        _set(self.ca_file, profile.ca_file)
        self.connect_timeout.setValue(profile.connect_timeout)
        self.progress_timeout.setValue(profile.progress_timeout)
        self.max_retries.setValue(profile.max_retries)
        self.headers.show_headers(profile.headers)
        self._show_proxy_fields()
        usual = ConnectionProfile()
        parts = ("headers", "ca_file", "connect_timeout", "progress_timeout", "max_retries")
        special = any(getattr(profile, part) != getattr(usual, part) for part in parts)
        if special or profile.proxy.mode == "manual":
            self.unfold(True)

    def unfold(self, opened: bool) -> None:
        """Show the fields, or fold them away."""
        self._body.setVisible(opened)
        self.toggle.setIcon(icon("chevron-down" if opened else "chevron-right", "muted"))
        self.toggle.setAccessibleName("Hide advanced settings" if opened else "Show advanced settings")

    def _make_fields(self) -> None:
        self.proxy_mode = QComboBox()
        for mode, words in PROXY_WORDS.items():
            self.proxy_mode.addItem(words, mode)
        self.proxy_url = QLineEdit()
        self.proxy_url.setPlaceholderText("http://proxy.example.com:8080")
        self.proxy_user = QLineEdit()
        self.proxy_password = KeyField()
        self.proxy_password.entered.connect(self.proxy_password_entered)
        self.ca_file = QLineEdit()
        self.ca_file.setPlaceholderText("None: the system's authorities are trusted")
        self.ca_button = QPushButton("Choose…")
        self.ca_button.setAccessibleName("Choose a CA file")
        self.ca_button.clicked.connect(self.ca_file_requested)
        self.connect_timeout = _seconds("Time to connect in seconds")
        self.progress_timeout = _seconds("Longest silence in seconds")
        self.max_retries = QSpinBox()
        self.max_retries.setRange(0, 20)
        self.headers = HeaderRows()
        self.headers.entered.connect(self.header_entered)
        self.headers.removed.connect(self.header_removed)
        self._connect_edits()
        self._lay_out()

    def _connect_edits(self) -> None:
        self.proxy_mode.activated.connect(self._on_proxy_mode)
        for line in (self.proxy_url, self.proxy_user, self.ca_file):
            line.textEdited.connect(self.edited)
        for box in (self.connect_timeout, self.progress_timeout):
            box.valueChanged.connect(self.edited)
        self.max_retries.valueChanged.connect(self.edited)

    def _lay_out(self) -> None:
        self._form = QFormLayout(self._body)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._form.setHorizontalSpacing(12)
        self._form.setVerticalSpacing(8)
        ca_row = QHBoxLayout()
        ca_row.setSpacing(8)
        ca_row.addWidget(self.ca_file, 1)
        ca_row.addWidget(self.ca_button)
        self._named("Proxy", self.proxy_mode)
        self._named("Proxy address", self.proxy_url)
        self._named("Proxy user", self.proxy_user)
        self._named("Proxy password", self.proxy_password)
        self._form.addRow("CA file", ca_row)
        self.ca_file.setAccessibleName("CA file")
        self.ca_file.setToolTip("Trusted beside the system's authorities, for this connection alone")
        self._form.addRow("Extra headers", self.headers)
        self._named("Time to connect", self.connect_timeout)
        self._named("Longest silence", self.progress_timeout)
        self._named("Retries", self.max_retries)

    def _named(self, words: str, widget: QWidget) -> None:
        widget.setAccessibleName(words)
        self._form.addRow(words, widget)

    def _on_proxy_mode(self) -> None:
        self._show_proxy_fields()
        self.edited.emit()

    def _show_proxy_fields(self) -> None:
        manual = self.proxy_mode.currentData() == "manual"
        for widget in (self.proxy_url, self.proxy_user, self.proxy_password):
            self._form.setRowVisible(widget, manual)


def _set(line: QLineEdit, text: str) -> None:
    if line.text() != text and not (line.hasFocus() and line.text().strip() == text):
        line.setText(text)


def _kept(box: QDoubleSpinBox, before: float) -> float:
    """The value of the box, unless it only shows the earlier one with fewer digits."""
    return before if round(before, box.decimals()) == box.value() else box.value()


def _seconds(name: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setAccessibleName(name)
    box.setRange(0.1, 86_400)
    box.setDecimals(1)
    box.setSuffix(" s")
    return box
