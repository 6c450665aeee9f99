"""Everything that can be done, found by typing a part of its name."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from playground.ui.list_model import Row
from playground.ui.list_view import RowListView

WIDTH = 560
MOST_ROWS = 12


class CommandPalette(QFrame):
    """Lies over its window while open; Esc or a click elsewhere closes it, Enter does what is chosen."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._over = window
        self._actions: list[QAction] = []
        self._before: QWidget | None = None
        self._used: list[str] = []
        self.setObjectName("palette")
        self.setAccessibleName("Command palette")
        self.line = QLineEdit()
        self.line.setPlaceholderText("Type a command")
        self.line.setAccessibleName("Command")
        self.line.textChanged.connect(self._filter)
        self.line.installEventFilter(self)
        self.list = RowListView("Commands", two_lines=False)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.chosen.connect(self._run)
        self._nothing = QLabel("No command has these words.")
        self._nothing.setProperty("muted", True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.line)
        column.addWidget(self.list)
        column.addWidget(self._nothing)
        self.hide()

    def open_on(self, actions: Iterable[QAction]) -> None:
        """Show these actions; hidden ones are left out, and of two with one name the first stays."""
        self._before = QApplication.focusWidget()
        named = {_name(action): action for action in reversed([*actions]) if action.isVisible()}
        self._actions = [*reversed(named.values())]
        self.line.clear()
        self._filter("")
        self.show()
        self.raise_()
        self.line.setFocus()

    def shown(self) -> list[str]:
        """The names in the list, best first."""
        return [row.title for row in self.list.rows.rows()]

    def close_palette(self) -> None:
        """Close it; the focus goes back to where it was."""
        if self.isVisible():
            self.hide()
            if self._before is not None and self._before.isVisible():
                self._before.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows and Enter in the line belong to the list; leaving the line closes all."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event)
        if event.type() == QEvent.Type.FocusOut and self.isVisible() and not self.underMouse():
            self._before = None
            self.close_palette()
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.close_palette()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run(self.list.current_key())
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._step({Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8}.get(Qt.Key(key), -8))
        else:
            return False
        return True

    def _step(self, by: int) -> None:
        rows = self.list.rows.rows()
        if rows:
            at = self.list.rows.position(self.list.current_key()) + by
            at = at % len(rows) if abs(by) == 1 else min(max(at, 0), len(rows) - 1)
            self.list.select(rows[at].key)

    def _filter(self, text: str) -> None:
        found = ranked(text, [_name(action) for action in self._actions], self._used)
        by_name = {_name(action): action for action in self._actions}
        rows = [_row(name, by_name[name]) for name in found]
        self.list.rows.set_rows(rows)
        self.list.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        if rows:
            self.list.select(rows[0].key)
        self._place(len(rows))

    def _place(self, rows: int) -> None:
        height = self.list.sizeHintForRow(0) if rows else 0
        self.list.setFixedHeight(height * min(rows, MOST_ROWS) + 4)
        width = min(WIDTH, self._over.width() - 32)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((self._over.width() - width) // 2, min(80, self._over.height() // 10))

    def _run(self, name: str) -> None:
        action = next((each for each in self._actions if _name(each) == name), None)
        if action is None or not action.isEnabled():
            return
        self._used = [name, *(each for each in self._used if each != name)][:50]
        self.close_palette()
        action.trigger()


def ranked(text: str, names: Sequence[str], used: Sequence[str] = ()) -> list[str]:
    """The names that hold every typed word: beginnings first, then words' beginnings, then the used."""
    words = text.casefold().split()
    recency = {name: number for number, name in enumerate(used)}

    def rank(name: str) -> tuple[int, int]:
        folded = name.casefold()
        parts = folded.split()
        if words and folded.startswith(words[0]):
            kind = 0
        elif words and all(any(part.startswith(word) for part in parts) for word in words):
            kind = 1
        else:
            kind = 2
        return kind, recency.get(name, len(used))

    return sorted((name for name in names if all(word in name.casefold() for word in words)), key=rank)


def _name(action: QAction) -> str:
    return action.text().replace("&&", "\0").replace("&", "").replace("\0", "&").strip()


def _row(name: str, action: QAction) -> Row:
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    state = "" if action.isEnabled() else "not available now"
    return Row(name, name, badge=state or keys, tone="")
