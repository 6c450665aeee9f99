"""Rows of a list as plain values behind a Qt model: keyed, paged, all of one height."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True)
class Row:
    """One row: a title, a second line, an icon by name, a mark at the right, a tone for mark and icon."""

    key: str
    title: str
    subtitle: str = ""
    icon: str = ""
    badge: str = ""
    tone: str = ""
    data: Any = None


class RowListModel(QAbstractListModel):
    """Holds rows by key, each once. Asks for more by ``more_requested`` when the view nears the end."""

    more_requested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._more = False
        self._asked = False

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        """Part of the model."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Title as the text, both lines for screen readers, the whole row under ``ROW_ROLE``."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (row.title, row.subtitle, row.badge) if part)
        return row if role == ROW_ROLE else None

    def canFetchMore(self, parent: Index) -> bool:
        """Part of the model."""
        return self._more and not self._asked and not parent.isValid()

    def fetchMore(self, parent: Index) -> None:
        """Ask the owner for the next page, once until it answers."""
        if self.canFetchMore(parent):
            self._asked = True
            self.more_requested.emit()

    def rows(self) -> Sequence[Row]:
        """All rows, in order."""
        return tuple(self._rows)

    def row(self, key: str) -> Row | None:
        """The row with a key."""
        position = self.position(key)
        return None if position < 0 else self._rows[position]

    def position(self, key: str) -> int:
        """Where a key is, or -1."""
        return next((number for number, row in enumerate(self._rows) if row.key == key), -1)

    def set_rows(self, rows: Iterable[Row], *, more: bool = False) -> None:
        """Replace everything; ``more`` says that there are further pages."""
        self.beginResetModel()
        self._rows = list({row.key: row for row in rows}.values())
        self._more, self._asked = more, False
        self.endResetModel()

    def append(self, rows: Iterable[Row], *, more: bool = False) -> None:
        """Take the next page; rows that are known already are left out."""
        known = {row.key for row in self._rows}
        new = [row for key, row in {row.key: row for row in rows}.items() if key not in known]
        self._more, self._asked = more, False
        if new:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(new) - 1)
            self._rows += new
            self.endInsertRows()

    def put(self, row: Row, at: int = 0) -> None:
        """Change the row with this key in place, or insert it."""
        position = self.position(row.key)
        if position >= 0:
            self._rows[position] = row
            index = self.index(position)
            self.dataChanged.emit(index, index)
            return
        at = min(max(at, 0), len(self._rows))
        self.beginInsertRows(QModelIndex(), at, at)
        self._rows.insert(at, row)
        self.endInsertRows()

    def change(self, key: str, **members: Any) -> None:
        """Change members of a row; nothing happens when it is not here."""
        if (row := self.row(key)) is not None:
            self.put(replace(row, **members))

    def remove(self, key: str) -> None:
        """Take a row out; nothing happens when it is not here."""
        position = self.position(key)
        if position >= 0:
            self.beginRemoveRows(QModelIndex(), position, position)
            del self._rows[position]
            self.endRemoveRows()
