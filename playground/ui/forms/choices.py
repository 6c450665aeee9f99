"""Fields for values from a list: one of them, or several."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QWidget

from playground.ui.flow_layout import FlowLayout
from playground.ui.forms.field import FormField

Choice = tuple[str, Any]
"""What is read, and what it stands for."""


class ChoiceField(FormField):
    """One of several values; an open one also takes text that is typed."""

    def __init__(
        self, name: str, choices: Sequence[Choice], *, open: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(name, parent)
        self._choices = list(choices)
        self._open = open
        self.box = QComboBox()
        self.box.setEditable(open)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for word, _ in choices:
            self.box.addItem(word)
        self._take_in(self.box, wheel=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box)
        self.box.activated.connect(self._on_touch)
        if open:
            self.box.editTextChanged.connect(self._on_touch)
        self.put(None)

    def value(self) -> Any:
        """The value behind the word, or the text that was typed."""
        position = self.box.currentIndex()
        if self._open and (position < 0 or self.box.currentText() != self.box.itemText(position)):
            return self.box.currentText().strip() or None
        return self._choices[position][1] if position >= 0 else None

    def put(self, value: Any) -> None:
        """Show a value."""
        with self._fill():
            position = self._position(value)
            self.box.setCurrentIndex(position)
            if self._open and position < 0:
                self.box.setEditText("" if value is None else str(value))
            elif position < 0:
                self.box.setPlaceholderText("–")

    def takes(self, value: Any) -> bool:
        """A value of the list; an open field takes any text."""
        return self._position(value) >= 0 or (self._open and isinstance(value, str) and bool(value))

    def _position(self, value: Any) -> int:
        # By kind too: for Python, True equals 1.
        found = (
            number
            for number, (_, known) in enumerate(self._choices)
            if known == value and type(known) is type(value)
        )
        return next(found, -1)


class ChecksField(FormField):
    """Several of several values, in the order of the list."""

    wide = True

    def __init__(self, name: str, choices: Sequence[Choice], parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._boxes: list[tuple[QCheckBox, Any]] = []
        flow = FlowLayout(self, spacing=12)
        for word, value in choices:
            box = QCheckBox(word)
            self._take_in(box, f"{name}: {word}")
            box.toggled.connect(self._on_touch)
            flow.addWidget(box)
            self._boxes.append((box, value))

    def value(self) -> Any:
        """The chosen ones; None when there is none."""
        return [value for box, value in self._boxes if box.isChecked()] or None

    def put(self, value: Any) -> None:
        """Show which are chosen."""
        with self._fill():
            for box, each in self._boxes:
                box.setChecked(each in (value or []))

    def takes(self, value: Any) -> bool:
        """A list of known values, each once."""
        known = [each for _, each in self._boxes]
        return isinstance(value, list) and bool(value) and [each for each in known if each in value] == value
