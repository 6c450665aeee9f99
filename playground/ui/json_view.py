"""JSON to read or to edit, coloured, on a plain text view that stays quick with large bodies."""

import json
import re
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from playground.ui.background import Background
from playground.ui.colours import colour
from playground.ui.json_text import Shown, prepare
from playground.ui.plain_label import PlainLabel
from playground.ui.theme.sheet import set_property
from playground.ui.throttle import Throttle

AT_ONCE = 30_000
"""Up to so many characters are prepared at once; more on a thread."""
COLOURED = 300_000
CHECK_AFTER_MS = 300

_TOKEN = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?P<string>"(?:[^"\\]|\\.)*")'
    r"|(?P<number>-?\b\d[\d.eE+-]*\b)|(?P<word>\b(?:true|false|null)\b)"
)
_ROLES = {"key": "info", "string": "ok", "number": "warn", "word": "accent"}


class JsonView(QWidget):
    """Shows any text, indented and coloured when it is JSON.

    Read-only, it shows large texts in part with a button for all of it; *Copy* always copies the original.
    Editable, it says where the JSON is wrong while one types.
    """

    edited = Signal()
    """The user changed the text (editable views only)."""

    def __init__(self, name: str, *, editable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._raw: str | bytes = ""
        self._editable = editable
        self._is_raw = True
        self._filling = False
        self._background = Background(self)
        self.view = QPlainTextEdit()
        self.view.setReadOnly(not editable)
        self.view.setAccessibleName(name)
        self.view.setProperty("code", True)
        self.view.setTabChangesFocus(not editable)
        if not editable:
            self.view.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self._colours = _Colours(self.view.document())
        self.note = PlainLabel(wrap=True)
        self.note.setProperty("small", True)
        self.note.setProperty("muted", True)
        self.all_button = QPushButton("Show all")
        self.all_button.setProperty("kind", "link")
        self.all_button.clicked.connect(self.show_all)
        self.copy_button = QPushButton("Copy")
        self.copy_button.setProperty("kind", "link")
        self.copy_button.setAccessibleName(f"Copy {name}")
        self.copy_button.clicked.connect(self.copy)
        self._check = Throttle(self._on_check, CHECK_AFTER_MS, self)
        self.view.textChanged.connect(self._on_text)
        self._lay_out()
        self._note("", False)

    def set_text(self, raw: str | bytes) -> None:
        """Show a text, JSON or not, of any size."""
        self._raw = raw
        self._is_raw = True
        if self._editable:
            self._put(prepare(raw, edited=True))
        else:
            self._show(whole=False)

    def set_json(self, value: Any) -> None:
        """Show a value as JSON."""
        self.set_text(json.dumps(value, ensure_ascii=False, default=str))

    def text(self) -> str:
        """What was given, until it is edited; then what stands there."""
        if not self._is_raw:
            return self.view.document().toRawText().replace("\u2029", "\n")
        return self._raw.decode("utf-8", errors="replace") if isinstance(self._raw, bytes) else self._raw

    def value(self) -> Any:
        """The text as a value. Raises ``ValueError`` with place and reason when it is not JSON."""
        return json.loads(self.text())

    def show_all(self) -> None:
        """Show what was cut."""
        self._show(whole=True)

    def copy(self) -> None:
        """Copy the whole text as it came."""
        QGuiApplication.clipboard().setText(self.text())

    def _show(self, *, whole: bool) -> None:
        raw = self._raw
        if len(raw) <= AT_ONCE:
            self._background.forget()
            self._put(prepare(raw, whole=whole))
        else:
            self._note("Formatting…", False)
            self._background.run(lambda: prepare(raw, whole=whole), self._put)

    def _put(self, shown: Shown) -> None:
        self._filling = True
        self._colours.wanted = shown.is_json and len(shown.text) <= COLOURED
        self.view.setPlainText(shown.text)
        self._filling = False
        if self._editable:
            self.view.setReadOnly(bool(shown.cut))
            self._note("Too long to be edited here; it stays as it is." if shown.cut else "", False)
            set_property(self.view, "bad", False)
        else:
            self._note(shown.cut, "the first" in shown.cut)

    def _note(self, text: str, more: bool) -> None:
        self.note.setText(text)
        self.note.setVisible(bool(text))
        self.all_button.setVisible(more)

    def _on_text(self) -> None:
        if self._editable and not self._filling:
            self._is_raw = False
            self._colours.wanted = self.view.document().characterCount() <= COLOURED
            self._check.request()
            self.edited.emit()

    def _on_check(self) -> None:
        wrong = mistake(self.text())
        self._note(wrong, False)
        set_property(self.note, "tone", "danger" if wrong else "")
        set_property(self.view, "bad", bool(wrong))

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.note, 1)
        line.addStretch(0)
        line.addWidget(self.all_button)
        line.addWidget(self.copy_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.view, 1)
        column.addLayout(line)


def mistake(text: str) -> str:
    """What is wrong with a text as JSON, with its place; nothing when it is right or empty."""
    if not text.strip():
        return ""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return f"Line {error.lineno}, column {error.colno}: {error.msg}"
    except RecursionError:
        return "Nested too deeply"
    return ""


class _Colours(QSyntaxHighlighter):
    """Colours keys, strings, numbers and words, line by line, in the colours of the theme."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.wanted = True

    def highlightBlock(self, text: str) -> None:
        if not self.wanted:
            return
        for found in _TOKEN.finditer(text):
            form = QTextCharFormat()
            form.setForeground(colour(_ROLES[found.lastgroup or "word"]))
            self.setFormat(found.start(), found.end() - found.start(), form)
