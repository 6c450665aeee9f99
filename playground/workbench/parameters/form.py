"""All parameters of a request in one column, searchable, with whatever has no row of its own below."""

import copy
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from playground.ui.forms import JsonField
from playground.ui.plain_label import PlainLabel
from playground.workbench.parameters.row import ParameterRow
from playground.workbench.parameters.spec import NOTHING, Parameter, look_up, merged, put_in, take_out

OTHER = "Other fields (JSON)"


class ParameterForm(QWidget):
    """Edits the parameters of a request.

    ``changed`` is emitted when the user changes something, never by ``set_values``. What was put in and has no
    row, or does not fit into its row, stays in *Other fields* and comes out unchanged.
    """

    changed = Signal()

    def __init__(self, parameters: Sequence[Parameter], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = {parameter.name: ParameterRow(parameter) for parameter in parameters}
        self._headings: dict[str, PlainLabel] = {}
        self._last_other: dict[str, Any] = {}
        self._build_top()
        self.other = JsonField(OTHER, dict)
        self.other.touched.connect(self._on_changed)
        self._nothing = PlainLabel("", wrap=True)
        self._nothing.setProperty("muted", True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.area = self._build_rows()
        self._wrong = PlainLabel(wrap=True)
        self._wrong.setProperty("small", True)
        self._wrong.setProperty("tone", "danger")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._top)
        column.addWidget(self.area, 1)
        column.addWidget(self._wrong)
        self._refresh()

    def values(self, *, everything: bool = False) -> dict[str, Any]:
        """What is to be sent, by wire names; inner objects are put together.

        Rows that hold no proper value are left out (``problems`` says which), and so are rows that the
        deployment does not take, unless ``everything`` is wanted, for keeping.
        """
        rows: dict[str, Any] = {}
        for row in self.rows.values():
            if row.sent or (everything and row.is_set()):
                try:
                    put_in(rows, row.parameter.path, copy.deepcopy(row.value()))
                except ValueError:
                    continue
        return merged(self._other_values(), rows)

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show these values and no others; no signal."""
        rest = copy.deepcopy(dict(values))
        for row in self.rows.values():
            value = look_up(rest, row.parameter.path)
            if value is not NOTHING and value is not None and row.takes(value):
                row.put(value)
                take_out(rest, row.parameter.path)
            else:
                row.unset()
        self._last_other = rest
        self.other.put(rest or None)
        self._refresh()

    def set_unsupported(self, reasons: Mapping[str, str]) -> None:
        """Disable the rows named here, each with its reason, and enable all others."""
        for name, row in self.rows.items():
            row.set_unsupported(reasons.get(name, ""))
        self._refresh()

    def problems(self) -> list[str]:
        """What is set and cannot be sent, in words."""
        found = []
        for row in self.rows.values():
            if row.sent:
                try:
                    row.value()
                except ValueError as error:
                    found.append(str(error))
        try:
            self.other.value()
        except ValueError as error:
            found.append(str(error))
        return found

    def names_set(self) -> list[str]:
        """The names of the rows that are set."""
        return [name for name, row in self.rows.items() if row.is_set()]

    def reset_all(self) -> None:
        """Unset everything, as the user does."""
        self.set_values({})
        self.changed.emit()

    def focus_row(self, name: str) -> None:
        """Bring a parameter into view and put the focus on it; for errors that name one."""
        if (row := self.rows.get(name)) is not None:
            self._filter.clear()
            self._only_set.setChecked(False)
            self.area.ensureWidgetVisible(row)
            row.field.setFocus()

    def _other_values(self) -> dict[str, Any]:
        with suppress(ValueError):  # while somebody types, what was there before counts
            self._last_other = self.other.value() or {}
        return copy.deepcopy(self._last_other)

    def _on_changed(self) -> None:
        self._refresh()
        self.changed.emit()

    def _refresh(self) -> None:
        """Show the rows that are asked for, headings of groups that have any, and the counts."""
        text, only = self._filter.text(), self._only_set.isChecked()
        shown_groups = set()
        for row in self.rows.values():
            shown = row.parameter.matches(text) and (row.is_set() or not only)
            row.setVisible(shown)
            if shown:
                shown_groups.add(row.parameter.group)
        for group, heading in self._headings.items():
            heading.setVisible(group in shown_groups)
        other_set = bool(self.other.json.text().strip())
        other_shown = (other_set or not only) and all(w in OTHER.casefold() for w in text.casefold().split())
        self.other.setVisible(other_shown)
        self._other_heading.setVisible(other_shown)
        self._nothing.setVisible(not shown_groups and not other_shown)
        self._nothing.setText("Nothing is set." if only and not text else "No parameter has these words.")
        count = len(self.names_set()) + other_set
        self.reset_button.setEnabled(bool(count))
        self.count.setText(f"{count} set" if count else "Nothing set")
        self._wrong.setText("\n".join(self.problems()))
        self._wrong.setVisible(bool(self._wrong.text()))

    def _build_top(self) -> None:
        self._filter = QLineEdit()
        self._filter.setPlaceholderText("Find a parameter")
        self._filter.setAccessibleName("Find a parameter")
        self._filter.setClearButtonEnabled(True)
        for button in self._filter.findChildren(QToolButton):
            button.setAccessibleName("Clear the search")
        self._filter.textChanged.connect(self._refresh)
        self._only_set = QCheckBox("Only what is set")
        self._only_set.toggled.connect(self._refresh)
        self.count = PlainLabel()
        self.count.setProperty("muted", True)
        self.count.setProperty("small", True)
        self.reset_button = QPushButton("Reset all")
        self.reset_button.setProperty("kind", "link")
        self.reset_button.clicked.connect(self.reset_all)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._only_set)
        line.addStretch(1)
        line.addWidget(self.count)
        line.addWidget(self.reset_button)
        self._top = QVBoxLayout()
        self._top.setSpacing(4)
        self._top.addWidget(self._filter)
        self._top.addLayout(line)

    def _build_rows(self) -> QScrollArea:
        content = QWidget()
        content.setObjectName("content")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 6, 8)
        column.setSpacing(0)
        column.addWidget(self._nothing)
        group = ""
        for row in self.rows.values():
            if row.parameter.group != group:
                group = row.parameter.group
                self._headings[group] = _heading(group)
                column.addWidget(self._headings[group])
            row.changed.connect(self._on_changed)
            column.addWidget(row)
        self._other_heading = _heading(OTHER)
        column.addWidget(self._other_heading)
        column.addWidget(self.other)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setAccessibleName("Parameters")
        scroll.setWidget(content)
        return scroll


def _heading(text: str) -> PlainLabel:
    label = PlainLabel(text)
    label.setProperty("group", True)
    return label
