"""One editor for each kind of value; all answer to the same few verbs."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QSpinBox,
    QWidget,
)

from playground.workbench.parameters.spec import Parameter

SLIDER_STEPS = 1000
SPIN_WIDTH = 84
LINES_HEIGHT = 64
LARGEST_SPIN = 2**31 - 1
UNSET = "–"
SPIN_MARGINS = (8, 0, 0, 0)  # a style sheet does not reach the field inside a spin box


class Editor(QWidget):
    """Edits one value. ``touched`` is emitted when the user, not the program, has changed it."""

    touched = Signal()

    def __init__(self, parameter: Parameter) -> None:
        super().__init__()
        self.parameter = parameter
        self._quiet = False
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(8)

    def value(self) -> Any:
        """What stands there, as the wire wants it."""
        raise ValueError(type(self).__name__)

    def show_value(self, value: Any) -> None:
        """Put a value there, quietly."""
        self._quiet = True
        try:
            self._put(value)
        finally:
            self._quiet = False

    def _put(self, value: Any) -> None:
        raise ValueError(type(self).__name__)

    def _on_touched(self, *_: object) -> None:
        if not self._quiet:
            self.touched.emit()

    def _add(self, widget: QWidget, stretch: int = 0) -> None:
        widget.setAccessibleName(self.parameter.label)
        widget.setToolTip(self.parameter.name)
        self.row.addWidget(widget, stretch)


class _NoWheel:
    """Scrolling the form must not change a number on the way: a wheel counts only with the focus inside."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():  # type: ignore[attr-defined]
            super().wheelEvent(event)  # type: ignore[misc]
        else:
            event.ignore()


class _DoubleSpin(_NoWheel, QDoubleSpinBox):
    """A decimal number."""

    def __init__(self) -> None:
        super().__init__()
        self.lineEdit().setTextMargins(*SPIN_MARGINS)


class _Spin(_NoWheel, QSpinBox):
    """A whole number."""

    def __init__(self) -> None:
        super().__init__()
        self.lineEdit().setTextMargins(*SPIN_MARGINS)


class _Combo(_NoWheel, QComboBox):
    """One of a few words."""


class _Slider(_NoWheel, QSlider):
    """A number by feel."""


class NumberEditor(Editor):
    """A slider and a box for a number between two limits."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self._low, self._high = float(parameter.minimum or 0), float(parameter.maximum or 1)
        self._slider = _Slider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, SLIDER_STEPS)
        self._slider.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._box = _DoubleSpin()
        self._box.setRange(self._low, self._high)
        self._box.setDecimals(2)
        self._box.setSingleStep(parameter.step)
        self._box.setFixedWidth(SPIN_WIDTH)
        self._box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._slider.valueChanged.connect(self._on_slider)
        self._box.valueChanged.connect(self._on_box)
        self._add(self._slider, 1)
        self._slider.setAccessibleName(f"{parameter.label}, slider")
        self._add(self._box)

    def value(self) -> float:
        """The number, two digits behind the point."""
        return round(self._box.value(), 2)

    def _put(self, value: Any) -> None:
        self._box.setValue(float(value if value is not None else self._low))
        self._on_box(self._box.value())

    def _on_slider(self, position: int) -> None:
        wanted = self._low + (self._high - self._low) * position / SLIDER_STEPS
        if not self._box.hasFocus() and abs(wanted - self._box.value()) > 0.004:
            self._box.setValue(wanted)

    def _on_box(self, value: float) -> None:
        position = round((value - self._low) / (self._high - self._low) * SLIDER_STEPS)
        self._slider.blockSignals(True)
        self._slider.setValue(position)
        self._slider.blockSignals(False)
        self._on_touched()


class IntegerEditor(Editor):
    """A box for a whole number that fits one."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self._box = _Spin()
        self._low = 0 if parameter.minimum is None else int(parameter.minimum)
        high = LARGEST_SPIN if parameter.maximum is None else int(parameter.maximum)
        self._box.setRange(self._low - 1, min(high, LARGEST_SPIN))  # one below the least stands for none
        self._box.setSpecialValueText(UNSET)
        self._box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._box.setGroupSeparatorShown(True)
        self._box.valueChanged.connect(self._on_touched)
        self._add(self._box, 1)

    def value(self) -> int | None:
        """The number; None while none was chosen."""
        return self._box.value() if self._box.value() >= self._low else None

    def _put(self, value: Any) -> None:
        self._box.setValue(self._low - 1 if value is None else int(value))


class BigIntegerEditor(Editor):
    """A line for a whole number of 64 bits, which no spin box holds."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self._line = QLineEdit()
        self._line.setPlaceholderText("a whole number")
        self._line.textEdited.connect(self._on_touched)
        self._add(self._line, 1)

    def value(self) -> int | None:
        """The number; None while it is none, which is then not sent."""
        try:
            number = int(self._line.text().strip())
        except ValueError:
            return None
        low, high = self.parameter.minimum, self.parameter.maximum
        within = (low is None or number >= low) and (high is None or number <= high)
        return number if within else None

    def _put(self, value: Any) -> None:
        self._line.setText("" if value is None else str(value))


class FlagEditor(Editor):
    """On or off."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self._box = QCheckBox("on")
        self._box.toggled.connect(self._on_toggled)
        self._add(self._box, 1)

    def value(self) -> bool:
        """Whether it is on."""
        return self._box.isChecked()

    def _put(self, value: Any) -> None:
        self._box.setChecked(bool(value))
        self._box.setText("on" if self._box.isChecked() else "off")

    def _on_toggled(self, on: bool) -> None:
        self._box.setText("on" if on else "off")
        self._on_touched()


class TextEditor(Editor):
    """A line of text."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self._line = QLineEdit()
        self._line.textEdited.connect(self._on_touched)
        self._add(self._line, 1)

    def value(self) -> str | None:
        """The text; None when there is none."""
        return self._line.text() or None

    def _put(self, value: Any) -> None:
        self._line.setText("" if value is None else str(value))


class ChoiceEditor(Editor):
    """One of a few words; where the wire wants an object, the word in it."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self._box = _Combo()
        self._box.addItems(list(parameter.choices))
        self._box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._box.activated.connect(self._on_touched)
        self._add(self._box, 1)

    def value(self) -> Any:
        """The word."""
        word = self._box.currentText()
        return {self.parameter.wrapped: word} if self.parameter.wrapped else word

    def _put(self, value: Any) -> None:
        word = value.get(self.parameter.wrapped) if isinstance(value, dict) else value
        if word is not None and self._box.findText(str(word)) < 0:
            self._box.addItem(str(word))
        self._box.setCurrentIndex(max(0, self._box.findText(str(word))))


class LinesEditor(Editor):
    """Several texts, one a line."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self._text = QPlainTextEdit()
        self._text.setFixedHeight(LINES_HEIGHT)
        self._text.setTabChangesFocus(True)
        self._text.setPlaceholderText(self._hint())
        self._text.textChanged.connect(self._on_touched)
        self._add(self._text, 1)

    def _hint(self) -> str:
        return "one a line"

    def value(self) -> Any:
        """The lines that are not empty; None when there is none."""
        return [line for line in self._text.toPlainText().split("\n") if line] or None

    def _put(self, value: Any) -> None:
        lines = [value] if isinstance(value, str) else list(value or [])
        self._text.setPlainText("\n".join(str(line) for line in lines))


class PairsEditor(LinesEditor):
    """Names with values, ``name: value`` a line."""

    def _hint(self) -> str:
        return "token id: -100 to 100" if self.parameter.numeric else "name: value, one a line"

    def value(self) -> dict[str, Any] | None:
        """The pairs; lines that are none are left out, and None stands for no pair at all."""
        pairs: dict[str, Any] = {}
        for line in self._text.toPlainText().split("\n"):
            name, colon, text = line.partition(":")
            if not (colon and name.strip()):
                continue
            if not self.parameter.numeric:
                pairs[name.strip()] = text.strip()
            elif text.strip().lstrip("-").isdigit():
                pairs[name.strip()] = int(text)
        return pairs or None

    def _put(self, value: Any) -> None:
        self._text.setPlainText("\n".join(f"{name}: {each}" for name, each in dict(value or {}).items()))


def editor_for(parameter: Parameter) -> Editor:
    """The editor that fits a parameter."""
    if parameter.kind == "integer":
        big = parameter.minimum is not None and abs(parameter.minimum) > LARGEST_SPIN
        return BigIntegerEditor(parameter) if big else IntegerEditor(parameter)
    kinds = {
        "number": NumberEditor,
        "flag": FlagEditor,
        "choice": ChoiceEditor,
        "lines": LinesEditor,
        "pairs": PairsEditor,
    }
    return kinds.get(parameter.kind, TextEditor)(parameter)
