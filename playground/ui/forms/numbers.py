"""Fields for numbers: a slider with a box, a box, and a line for integers that no box can hold."""

from typing import Any

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLineEdit, QSlider, QSpinBox, QWidget

from playground.ui.forms.field import FormField
from playground.ui.theme.sheet import set_property

DECIMALS = 4
BOX_WIDTH = 84
LARGEST_BOX = 2**31 - 1
NOTHING = "–"
TEXT_MARGINS = (8, 0, 0, 0)
"""A style sheet's padding does not reach the line inside a spin box."""


class DecimalBox(QDoubleSpinBox):
    """Shows no needless zeros, and nothing at all while it is empty."""

    empty = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLocale(QLocale.c())
        self.lineEdit().setTextMargins(*TEXT_MARGINS)

    def textFromValue(self, value: float) -> str:
        return NOTHING if self.empty else f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".") or "0"


class WholeBox(QSpinBox):
    """Shows nothing while it is empty."""

    empty = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLocale(QLocale.c())
        self.lineEdit().setTextMargins(*TEXT_MARGINS)

    def textFromValue(self, value: int) -> str:
        return NOTHING if self.empty else str(value)


class NumberField(FormField):
    """A number between two limits: a slider for the hand, a box for the exact value."""

    wide = True

    def __init__(
        self, name: str, minimum: float, maximum: float, step: float = 0.1, parent: QWidget | None = None
    ) -> None:
        super().__init__(name, parent)
        self._minimum, self._maximum, self._step = minimum, maximum, step
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, max(1, round((maximum - minimum) / step)))
        self.slider.setPageStep(5)
        self.box = DecimalBox()
        self.box.setDecimals(DECIMALS)
        self.box.setRange(minimum, maximum)
        self.box.setSingleStep(step)
        self.box.setFixedWidth(BOX_WIDTH)
        self._take_in(self.box, wheel=True)
        self._take_in(self.slider, f"{name}, slider", wheel=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.slider, 1)
        row.addWidget(self.box)
        self.slider.valueChanged.connect(self._on_slider)
        self.box.valueChanged.connect(self._on_box)
        self.box.lineEdit().textEdited.connect(self._on_typed)

    def value(self) -> Any:
        """The number, whole ones as integers."""
        if self.box.empty:
            return None
        number = round(self.box.value(), DECIMALS)
        return int(number) if number == int(number) else number

    def put(self, value: Any) -> None:
        """Show a number."""
        with self._fill():
            self._set_empty(value is None)
            self.box.setValue(self._minimum if value is None else float(value))
            self._follow()

    def takes(self, value: Any) -> bool:
        """A number within the limits, with few enough decimals."""
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and self._minimum <= value <= self._maximum and round(value, DECIMALS) == value

    def _on_slider(self, position: int) -> None:
        if not self._filling:
            with self._fill():
                self._set_empty(False)
                self.box.setValue(min(self._minimum + position * self._step, self._maximum))
            self._on_touch()

    def _on_box(self) -> None:
        if not self._filling:
            with self._fill():
                self._set_empty(False)
                self._follow()
            self._on_touch()

    def _on_typed(self) -> None:
        self.box.empty = False
        self._on_touch()

    def _follow(self) -> None:
        self.slider.setValue(round((self.box.value() - self._minimum) / self._step))

    def _set_empty(self, empty: bool) -> None:
        self.box.empty = empty
        self.box.lineEdit().setText(self.box.textFromValue(self.box.value()))


class IntegerField(FormField):
    """A whole number in a box; without a value it shows a dash."""

    def __init__(
        self,
        name: str,
        minimum: int = 0,
        maximum: int = LARGEST_BOX,
        step: int = 1,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, parent)
        self.box = WholeBox()
        self.box.setRange(minimum, maximum)
        self.box.setSingleStep(step)
        self._take_in(self.box, wheel=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box)
        self.box.valueChanged.connect(self._on_box)
        self.box.lineEdit().textEdited.connect(self._on_typed)

    def value(self) -> Any:
        """The number."""
        return None if self.box.empty else self.box.value()

    def put(self, value: Any) -> None:
        """Show a number."""
        with self._fill():
            self.box.empty = value is None
            self.box.setValue(max(0, self.box.minimum()) if value is None else value)
            self.box.lineEdit().setText(self.box.textFromValue(self.box.value()))

    def takes(self, value: Any) -> bool:
        """A whole number within the limits."""
        whole = isinstance(value, int) and not isinstance(value, bool)
        return whole and self.box.minimum() <= value <= self.box.maximum()

    def _on_box(self) -> None:
        if not self._filling:
            self.box.empty = False
            self._on_touch()

    def _on_typed(self) -> None:
        self.box.empty = False
        self._on_touch()


class BigIntegerField(FormField):
    """A whole number of any size in a line of text."""

    def __init__(
        self, name: str, minimum: int | None = None, maximum: int | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(name, parent)
        self._minimum, self._maximum = minimum, maximum
        self.line = QLineEdit()
        self.line.setMaxLength(40)
        self._take_in(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line)
        self.line.textEdited.connect(self._on_edited)

    def value(self) -> Any:
        """The number. Raises ``ValueError`` when the text is none, or beyond the limits."""
        text = self.line.text().strip()
        if not text:
            return None
        try:
            number = int(text)
        except ValueError:
            raise ValueError(f"{self._name}: {text!r} is no whole number") from None
        if not self._within(number):
            raise ValueError(f"{self._name}: {number} is beyond {self._minimum} to {self._maximum}")
        return number

    def put(self, value: Any) -> None:
        """Show a number."""
        with self._fill():
            self.line.setText("" if value is None else str(value))
            set_property(self.line, "bad", False)

    def takes(self, value: Any) -> bool:
        """A whole number within the limits."""
        return isinstance(value, int) and not isinstance(value, bool) and self._within(value)

    def _within(self, number: int) -> bool:
        above = self._minimum is None or number >= self._minimum
        return above and (self._maximum is None or number <= self._maximum)

    def _on_edited(self) -> None:
        try:
            self.value()
            bad = False
        except ValueError:
            bad = True
        set_property(self.line, "bad", bad)
        self._on_touch()
