"""The form: rows in groups, a filter, and what is set as a mapping in the names of the wire."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from playground.workbench.parameters.row import ParameterRow
from playground.workbench.parameters.spec import Parameter


class ParameterForm(QWidget):
    """Edits the optional fields of one kind of request. Fields it has no row for are kept and given back."""

    changed = Signal()

    def __init__(self, parameters: tuple[Parameter, ...]) -> None:
        super().__init__()
        self.rows = {parameter.name: ParameterRow(parameter) for parameter in parameters}
        self._others: dict[str, Any] = {}
        self._groups: dict[str, QLabel] = {}
        self._filter = QLineEdit()
        self._filter.setPlaceholderText("Filter parameters")
        self._filter.setAccessibleName("Filter parameters")
        self._filter.setClearButtonEnabled(True)
        self._filter.textChanged.connect(self._show_wanted)
        self._only_set = QCheckBox("Only what is set")
        self._only_set.toggled.connect(self._show_wanted)
        for row in self.rows.values():
            row.changed.connect(self._on_changed)
        self._lay_out()

    def values(self) -> dict[str, Any]:
        """What is sent: only touched rows, nested members joined, and whatever came without a row."""
        values: dict[str, Any] = {name: value for name, value in self._others.items()}
        for name, row in self.rows.items():
            if not row.sent or (value := row.value()) is None:
                continue
            outer, _, inner = name.partition(".")
            if inner:
                values[outer] = {**(values.get(outer) or {}), inner: value}
            else:
                values[outer] = value
        return values

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show these values as set, and nothing else."""
        left = dict(values)
        for name, row in self.rows.items():
            outer, _, inner = name.partition(".")
            if not inner and left.get(outer) is not None:
                row.show_value(left.pop(outer))
            elif inner and isinstance(left.get(outer), Mapping) and inner in left[outer]:
                members = dict(left[outer])
                row.show_value(members.pop(inner))
                left[outer] = members
                if not members:
                    del left[outer]
            else:
                row.clear()
        self._others = left
        self._show_wanted()

    def set_unsupported(self, reasons: Mapping[str, str]) -> None:
        """Disable rows that cannot be used now, each with its reason; all others are enabled."""
        for name, row in self.rows.items():
            row.set_unsupported(reasons.get(name, ""))

    def _on_changed(self) -> None:
        self.changed.emit()

    def _show_wanted(self) -> None:
        text, only = self._filter.text(), self._only_set.isChecked()
        shown: set[str] = set()
        for row in self.rows.values():
            wanted = row.parameter.wanted(text) and (row.sent or not only)
            row.setVisible(wanted)
            if wanted:
                shown.add(row.parameter.group)
        for group, label in self._groups.items():
            label.setVisible(group in shown)

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 12, 12)
        column.setSpacing(2)
        for row in self.rows.values():
            if row.parameter.group not in self._groups:
                label = QLabel(row.parameter.group)
                label.setProperty("muted", True)
                label.setProperty("heading", True)
                label.setContentsMargins(0, 12 if self._groups else 4, 0, 2)
                self._groups[row.parameter.group] = label
                column.addWidget(label)
            column.addWidget(row)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName("Parameters")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._filter, 1)
        top.addWidget(self._only_set)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        outer.addLayout(top)
        outer.addWidget(area, 1)
