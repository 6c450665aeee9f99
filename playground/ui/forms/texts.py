"""Fields for text: a line, several short texts, and JSON."""

import json
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from playground.ui.forms.field import FormField
from playground.ui.json_view import JsonView
from playground.ui.theme.sheet import set_property

LINES_SHOWN = 3
JSON_HEIGHT = 140


class TextField(FormField):
    """One line of text."""

    wide = True

    def __init__(self, name: str, longest: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._longest = longest or 32_767
        self.line = QLineEdit()
        self.line.setMaxLength(self._longest)
        self._take_in(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line)
        self.line.textEdited.connect(self._on_touch)

    def value(self) -> Any:
        """The text; None when it is empty."""
        return self.line.text() or None

    def put(self, value: Any) -> None:
        """Show a text."""
        with self._fill():
            self.line.setText(value or "")
            self.line.setCursorPosition(0)

    def takes(self, value: Any) -> bool:
        """Any text of one line that is not too long."""
        one_line = isinstance(value, str) and value.isprintable()
        return one_line and 0 < len(value) <= self._longest


class LinesField(FormField):
    r"""Several short texts, one a line; a line break within one is written ``\n``."""

    wide = True

    def __init__(
        self, name: str, most: int | None = None, placeholder: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(name, parent)
        self._most = most
        self.view = QPlainTextEdit()
        self.view.setPlaceholderText(placeholder or r"One a line; \n is a line break")
        self.view.setTabChangesFocus(True)
        self.view.setProperty("code", True)
        self.view.setFixedHeight(self.view.fontMetrics().lineSpacing() * LINES_SHOWN + 18)
        self._take_in(self.view)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.view)
        self.view.textChanged.connect(self._on_edited)

    def value(self) -> Any:
        """The texts; None when there is none. Raises ``ValueError`` when there are too many."""
        texts = [unescape(line) for line in self.view.toPlainText().split("\n") if line]
        if self._most is not None and len(texts) > self._most:
            raise ValueError(f"{self._name}: {self._most} at most, these are {len(texts)}")
        return texts or None

    def put(self, value: Any) -> None:
        """Show a list of texts, or a single one."""
        texts = [value] if isinstance(value, str) else value or []
        with self._fill():
            self.view.setPlainText("\n".join(escape(text) for text in texts))
            set_property(self.view, "bad", False)

    def takes(self, value: Any) -> bool:
        """A list of texts, none of them empty, or one such text."""
        texts = [value] if isinstance(value, str) else value
        few = isinstance(texts, list) and 0 < len(texts) <= (self._most or 1000)
        return few and all(isinstance(text, str) and text for text in texts)

    def _on_edited(self) -> None:
        if self._filling:
            return
        try:
            self.value()
            bad = False
        except ValueError:
            bad = True
        set_property(self.view, "bad", bad)
        self._on_touch()


class JsonField(FormField):
    """Any JSON value, written out."""

    wide = True

    def __init__(self, name: str, kind: type = object, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._kind = kind
        self.json = JsonView(name, editable=True)
        self.json.copy_button.hide()
        self.json.view.setFixedHeight(JSON_HEIGHT)
        self.json.view.setTabChangesFocus(True)
        self._take_in(self.json.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.json)
        self.json.edited.connect(self._on_touch)

    def value(self) -> Any:
        """The value; None when there is no text. Raises ``ValueError`` when it is not JSON of this kind."""
        if not self.json.text().strip():
            return None
        try:
            value = self.json.value()
        except (ValueError, RecursionError) as error:
            raise ValueError(f"{self._name}: {error}") from None
        if not isinstance(value, self._kind):
            raise ValueError(f"{self._name}: a JSON {'object' if self._kind is dict else 'array'} is wanted")
        return value

    def put(self, value: Any) -> None:
        """Show a value."""
        with self._fill():
            self.json.set_text("" if value is None else json.dumps(value, ensure_ascii=False))

    def takes(self, value: Any) -> bool:
        """Any value of this kind."""
        return value is not None and isinstance(value, self._kind)


_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


def escape(text: str) -> str:
    """Control characters as a backslash and a letter."""
    return "".join(_ESCAPES.get(letter, letter) for letter in text)


def unescape(text: str) -> str:
    """The way back; a backslash before another letter stands for itself."""
    out: list[str] = []
    letters = iter(text)
    for letter in letters:
        if letter != "\\":
            out.append(letter)
            continue
        following = next(letters, "")
        out.append(_LETTERS.get(following, "\\" + following))
    return "".join(out)
