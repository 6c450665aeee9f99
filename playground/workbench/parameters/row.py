"""One row of the form: whether the field is sent, its name, its editor, and the way back to unset."""

from typing import Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from playground.ui.icons import icon
from playground.ui.theme.sheet import set_property
from playground.workbench.parameters.editors import editor_for
from playground.workbench.parameters.spec import Parameter


class ParameterRow(QWidget):
    """Shows the service's default until it is touched; from then on its value is sent."""

    changed = Signal()

    def __init__(self, parameter: Parameter) -> None:
        super().__init__()
        self.parameter = parameter
        self._reason = ""
        self._sent = QCheckBox(parameter.label)
        self._sent.setAccessibleName(f"Send {parameter.label}")
        self._sent.setToolTip(parameter.help)
        self._sent.toggled.connect(self._on_sent)
        unset = parameter.default_text()
        self._default = QLabel(unset if parameter.default is None else f"default {unset}")
        self._default.setProperty("faint", True)
        self._default.setProperty("small", True)
        self._default.setToolTip("What the service takes while this is not sent")
        self._reset = QToolButton()
        self._reset.setIcon(icon("reset", "muted"))
        self._reset.setIconSize(QSize(14, 14))
        self._reset.setToolTip("Do not send it")
        self._reset.setAccessibleName(f"Reset {parameter.label}")
        self._reset.clicked.connect(self.clear)
        self.editor = editor_for(parameter)
        self.editor.show_value(parameter.default)
        self.editor.touched.connect(self._on_touched)
        self._why = QLabel()
        self._why.setProperty("small", True)
        self._why.setProperty("tone", "warn")
        self._why.setWordWrap(True)
        self._why.hide()
        self._lay_out()
        self._show_sent()

    @property
    def sent(self) -> bool:
        """Whether its value goes into the request."""
        return self._sent.isChecked() and not self._reason

    def value(self) -> Any:
        """The value as the wire wants it; None when there is nothing to send."""
        return self.editor.value()

    def show_value(self, value: Any) -> None:
        """Show a value that is sent, quietly."""
        self.editor.show_value(value)
        self._sent.blockSignals(True)
        self._sent.setChecked(True)
        self._sent.blockSignals(False)
        self._show_sent()

    def clear(self) -> None:
        """Do not send it any more; the default stands there again."""
        was = self._sent.isChecked()
        self._sent.blockSignals(True)
        self._sent.setChecked(False)
        self._sent.blockSignals(False)
        self.editor.show_value(self.parameter.default)
        self._show_sent()
        if was:
            self.changed.emit()

    def set_unsupported(self, reason: str) -> None:
        """Disable the row and say why; an empty reason enables it."""
        self._reason = reason
        for widget in (self._sent, self.editor, self._reset):
            widget.setEnabled(not reason)
        self._why.setText(reason)
        self._why.setVisible(bool(reason))

    def _on_sent(self, sent: bool) -> None:
        if not sent:
            self.editor.show_value(self.parameter.default)
        self._show_sent()
        self.changed.emit()

    def _on_touched(self) -> None:
        self._sent.blockSignals(True)
        self._sent.setChecked(True)
        self._sent.blockSignals(False)
        self._show_sent()
        self.changed.emit()

    def _show_sent(self) -> None:
        sent = self._sent.isChecked()
        self._reset.setVisible(sent)
        self._default.setVisible(not sent)
        set_property(self._sent, "muted", not sent)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._sent, 1)
        top.addWidget(self._default)
        top.addWidget(self._reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.editor)
        column.addWidget(self._why)
