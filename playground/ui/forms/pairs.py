"""A field for names with values: metadata, biases, headers."""

from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSpinBox, QToolButton, QVBoxLayout, QWidget

from playground.ui.forms.field import FormField
from playground.ui.forms.numbers import WholeBox
from playground.ui.icons import icon
from playground.ui.plain_label import PlainLabel


class PairsField(FormField):
    """Pairs, a line each. Values are text, or whole numbers when limits are given."""

    wide = True

    def __init__(
        self,
        name: str,
        *,
        numbers: tuple[int, int] | None = None,
        digits_only: bool = False,
        most: int | None = None,
        words: tuple[str, str] = ("Name", "Value"),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, parent)
        self._numbers = numbers
        self._digits_only = digits_only
        self._most = most
        self._words = words
        self._pairs: list[_Pair] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._wrong = PlainLabel(wrap=True)
        self._wrong.setProperty("small", True)
        self._wrong.setProperty("tone", "danger")
        self._wrong.hide()
        self.add_button = QPushButton("Add")
        self.add_button.setProperty("kind", "link")
        self.add_button.setAccessibleName(f"Add to {name}")
        self.add_button.clicked.connect(self._on_add)
        line = QHBoxLayout()
        line.addWidget(self.add_button)
        line.addWidget(self._wrong, 1)
        line.addStretch(0)
        self._column.addLayout(line)
        self.setFocusProxy(self.add_button)

    def value(self) -> Any:
        """The pairs with a name; None when there is none. Raises ``ValueError`` for what is no pair."""
        found: dict[str, Any] = {}
        for pair in self._pairs:
            key = pair.key.text()
            if not key:
                continue
            if key in found:
                raise ValueError(f"{self._name}: {key!r} is there twice")
            if self._digits_only and not (key.isascii() and key.isdigit()):
                raise ValueError(f"{self._name}: {key!r} is no number")
            found[key] = pair.value()
        if self._most is not None and len(found) > self._most:
            raise ValueError(f"{self._name}: {self._most} pairs at most")
        return found or None

    def put(self, value: Any) -> None:
        """Show pairs."""
        with self._fill():
            for pair in list(self._pairs):
                self._remove(pair)
            for key, each in (value or {}).items():
                self._add(key, each)
            self._judge()

    def takes(self, value: Any) -> bool:
        """Pairs of the right kind that lines of text can hold."""
        if not isinstance(value, dict) or not value or len(value) > (self._most or 300):
            return False
        return all(self._takes_key(key) and self._takes_value(each) for key, each in value.items())

    def _takes_key(self, key: Any) -> bool:
        text = isinstance(key, str) and bool(key) and key.isprintable()
        return text and (not self._digits_only or (key.isascii() and key.isdigit()))

    def _takes_value(self, value: Any) -> bool:
        if self._numbers is None:
            return isinstance(value, str) and value.isprintable()
        whole = isinstance(value, int) and not isinstance(value, bool)
        return whole and self._numbers[0] <= value <= self._numbers[1]

    def _on_add(self) -> None:
        self._add("", None).key.setFocus()

    def _add(self, key: str, value: Any) -> "_Pair":
        pair = _Pair(self._name, self._words, self._numbers, key, value)
        self._take_in(pair.key, f"{self._name}: {self._words[0]}")
        self._take_in(pair.field, f"{self._name}: {self._words[1]}", wheel=self._numbers is not None)
        pair.key.textEdited.connect(self._on_edited)
        if isinstance(pair.field, QSpinBox):
            pair.field.valueChanged.connect(self._on_edited)
        else:
            pair.field.textEdited.connect(self._on_edited)
        pair.remove.clicked.connect(lambda: self._on_remove(pair))
        self._pairs.append(pair)
        self._column.insertWidget(len(self._pairs) - 1, pair)
        return pair

    def _on_remove(self, pair: "_Pair") -> None:
        self._remove(pair)
        self.add_button.setFocus()
        self._on_edited()

    def _remove(self, pair: "_Pair") -> None:
        self._pairs.remove(pair)
        self._inputs = [widget for widget in self._inputs if widget not in (pair.key, pair.field)]
        self._column.removeWidget(pair)
        pair.hide()
        pair.deleteLater()

    def _on_edited(self) -> None:
        if not self._filling:
            self._judge()
            self._on_touch()

    def _judge(self) -> None:
        try:
            self.value()
            wrong = ""
        except ValueError as error:
            wrong = str(error)
        self._wrong.setText(wrong)
        self._wrong.setVisible(bool(wrong))


class _Pair(QWidget):
    """One line: name, value, a button that takes it away."""

    def __init__(
        self, name: str, words: tuple[str, str], numbers: tuple[int, int] | None, key: str, value: Any
    ) -> None:
        super().__init__()
        self.key = QLineEdit(key)
        self.key.setPlaceholderText(words[0])
        self.field: QLineEdit | QSpinBox
        if numbers is None:
            self.field = QLineEdit(value or "")
            self.field.setPlaceholderText(words[1])
        else:
            self.field = WholeBox()
            self.field.setRange(*numbers)
            self.field.setValue(value or 0)
        self.remove = QToolButton()
        self.remove.setIcon(icon("close", "muted"))
        self.remove.setIconSize(QSize(14, 14))
        self.remove.setAccessibleName(f"Remove from {name}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.key, 1)
        row.addWidget(self.field, 1)
        row.addWidget(self.remove)

    def value(self) -> str | int:
        """What stands at the right."""
        return self.field.value() if isinstance(self.field, QSpinBox) else self.field.text()
