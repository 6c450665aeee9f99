"""One parameter on the screen: whether it is sent, what it is called, its field, and the way back."""

import json
from typing import Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from playground.ui.forms import FormField
from playground.ui.icons import icon
from playground.ui.plain_label import PlainLabel
from playground.ui.plain_text import tooltip
from playground.ui.theme.sheet import set_property
from playground.workbench.parameters.controls import field_for
from playground.workbench.parameters.spec import Parameter

NARROW_FIELD = 104


class ParameterRow(QWidget):
    """Holds the value of one parameter while it is *sent*; otherwise shows, dimmed, what the service assumes.

    A value that was put in comes out exactly as it was until the user touches the field.
    """

    changed = Signal()

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parameter = parameter
        self._given: Any = None
        self._touched = False
        self._reason = ""
        self.field = field_for(parameter)
        self.check = QCheckBox()
        self.check.setAccessibleName(f"Send {parameter.label}")
        self.check.setToolTip(f"Send {parameter.label}")
        self.label = PlainLabel(parameter.label, elide=True)
        self.label.setBuddy(self.field)
        self.reset_button = QToolButton()
        self.reset_button.setIcon(icon("reset", "muted"))
        self.reset_button.setIconSize(QSize(14, 14))
        self.reset_button.setAccessibleName(f"Reset {parameter.label}")
        self.reset_button.setToolTip("Do not send it; the service decides")
        policy = self.reset_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset_button.setSizePolicy(policy)
        self.note = PlainLabel(wrap=True)
        self.note.setProperty("small", True)
        self._lay_out()
        help_text = tooltip(_help(parameter))
        for widget in (self.label, self.field):
            widget.setToolTip(help_text)
        self.field.setAccessibleDescription(parameter.help)
        self.check.toggled.connect(self._on_checked)
        self.field.touched.connect(self._on_field_touched)
        self.reset_button.clicked.connect(self.clear)
        self._show_default()
        self._refresh()

    @property
    def editor(self) -> FormField:
        """The field in which it is edited."""
        return self.field

    @property
    def sent(self) -> bool:
        """Whether it goes into the request: it is set, and the deployment takes it."""
        return self.is_set() and self.is_supported()

    def is_set(self) -> bool:
        """Whether the user wants it sent."""
        return self.check.isChecked()

    def is_supported(self) -> bool:
        """Whether the deployment takes it, as far as is known."""
        return not self._reason

    def value(self) -> Any:
        """Its value while it is set. Raises ``ValueError``, in words, for what is no value."""
        value = self.field.value() if self._touched else self._given
        if value is None:
            raise ValueError(f"{self.parameter.label}: no value yet")
        return value

    def takes(self, value: Any) -> bool:
        """Whether a value can be shown here."""
        return self.field.takes(value)

    def put(self, value: Any) -> None:
        """Set it, as the program does: without a signal."""
        self._given, self._touched = value, False
        self.field.put(value)
        self._check(True)
        self._refresh()

    def unset(self) -> None:
        """Unset it, as the program does: without a signal."""
        self._given, self._touched = None, False
        self._check(False)
        self._show_default()
        self._refresh()

    def clear(self) -> None:
        """Unset it, as the user does."""
        if self.is_set():
            self.unset()
            self.check.setFocus()
            self.changed.emit()

    def set_unsupported(self, reason: str) -> None:
        """Disable it and say why; an empty reason enables it again."""
        self._reason = reason
        self._refresh()

    def _on_checked(self, checked: bool) -> None:
        if checked and self._given is None:
            start = self.parameter.default if self.parameter.default is not None else self.parameter.start
            self._given = start
            self._touched = start is None
            self.field.put(start)
            if start is None:
                self.field.setFocus()
        elif not checked:
            self._given, self._touched = None, False
            self._show_default()
        self._refresh()
        self.changed.emit()

    def _on_field_touched(self) -> None:
        self._touched = True
        if self._given is None:
            self._given = self.parameter.default
        self._check(True)
        self._refresh()
        self.changed.emit()

    def _check(self, checked: bool) -> None:
        self.check.blockSignals(True)
        self.check.setChecked(checked)
        self.check.blockSignals(False)

    def _show_default(self) -> None:
        self.field.put(self.parameter.default)

    def _refresh(self) -> None:
        sent = self.is_set()
        supported = self.is_supported()
        self.field.set_unset(not sent or not supported)
        set_property(self.label, "muted", not sent or not supported)
        self.check.setEnabled(supported)
        self.field.setEnabled(supported)
        self.reset_button.setVisible(sent)
        note = f"{'Not sent' if sent else 'Not available'}: {self._reason}" if not supported else ""
        self.note.setText(note)
        self.note.setVisible(bool(note))
        set_property(self.note, "tone", "warn" if sent else "")
        set_property(self.note, "faint", not sent)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(self.check)
        line.addWidget(self.label, 1)
        if not self.field.wide:
            self.field.setFixedWidth(NARROW_FIELD)
            line.addWidget(self.field)
        line.addSpacing(4)
        line.addWidget(self.reset_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 3, 0, 3)
        column.setSpacing(2)
        column.addLayout(line)
        below = QVBoxLayout()
        below.setContentsMargins(28, 0, 28, 2)
        below.setSpacing(2)
        if self.field.wide:
            below.addWidget(self.field)
        below.addWidget(self.note)
        column.addLayout(below)


def _help(parameter: Parameter) -> str:
    if parameter.default is None:
        assumed = "Unless it is sent, the service decides."
    elif isinstance(parameter.default, str):
        assumed = f"Unless it is sent: {parameter.default}"
    else:
        assumed = f"Unless it is sent: {json.dumps(parameter.default)}"
    return f"{parameter.help}\n{assumed}\nIn the request: {parameter.name}"
