"""Fields: what goes in comes out, a filling is not a touch, and what is no value says so in words."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from playground.ui.forms import (
    BigIntegerField,
    ChecksField,
    ChoiceField,
    FormField,
    IntegerField,
    JsonField,
    LinesField,
    NumberField,
    PairsField,
    TextField,
)
from playground.ui.forms.texts import escape, unescape
from playground.ui.theme import Theme

FIELDS: dict[str, Callable[[], FormField]] = {
    "number": lambda: NumberField("N", -2, 2, 0.1),
    "integer": lambda: IntegerField("I", 1, 100),
    "big": lambda: BigIntegerField("B", -(2**63), 2**63 - 1),
    "choice": lambda: ChoiceField("C", [("On", True), ("Off", False), ("One", 1)]),
    "open": lambda: ChoiceField("O", [("Alloy", "alloy")], open=True),
    "checks": lambda: ChecksField("K", [("Text", "text"), ("Audio", "audio")]),
    "text": lambda: TextField("T", 20),
    "lines": lambda: LinesField("L", 4),
    "pairs": lambda: PairsField("P", most=3),
    "numbers": lambda: PairsField("M", numbers=(-100, 100), digits_only=True),
    "json": lambda: JsonField("J"),
}
GOOD: dict[str, list[Any]] = {
    "number": [0, -2, 1.25, 0.0001],
    "integer": [1, 100],
    "big": [0, 2**62, -(2**63)],
    "choice": [True, False, 1],
    "open": ["alloy", "somebody else"],
    "checks": [["text"], ["text", "audio"]],
    "text": ["words", "ünï"],
    "lines": [["a", "b c"], ["line\nbreak", "back\\slash", "tab\t"]],
    "pairs": [{"a": "1", "b": ""}],
    "numbers": [{"50256": -100}],
    "json": [{"a": [1, None, "\u2028"]}, [], 0, "text", False],
}
BAD: dict[str, list[Any]] = {
    "number": [3, "1", True, None, 0.00001],
    "integer": [0, 101, 1.5, True, "1"],
    "big": [2**63, 1.0, "1"],
    "choice": [0, "On", None],
    "open": ["", 1, None],
    "checks": [[], ["audio", "text"], ["video"], "text"],
    "text": ["x" * 21, "two\nlines", "", 3],
    "lines": [[], ["a"] * 5, [""], [1], None],
    "pairs": [{}, {"a": 1}, {"": "x"}, {str(n): "" for n in range(4)}, "a"],
    "numbers": [{"x": 1}, {"1": 101}, {"1": True}, {"١": 1}],
    "json": [None],
}
CASES = [(kind, value) for kind, values in GOOD.items() for value in values]
REFUSED = [(kind, value) for kind, values in BAD.items() for value in values]


def make(kind: str, qtbot) -> Any:
    field = FIELDS[kind]()
    qtbot.addWidget(field)
    field.show()
    return field


@pytest.mark.parametrize(("kind", "value"), CASES)
def test_what_goes_in_comes_out_without_a_touch(kind, value, qtbot) -> None:
    field = make(kind, qtbot)
    touches = []
    field.touched.connect(lambda: touches.append(1))
    assert field.takes(value)
    field.put(value)
    assert field.value() == value
    assert type(field.value()) is type(value)
    field.put(None)
    assert field.value() is None
    assert not touches


@pytest.mark.parametrize(("kind", "value"), REFUSED)
def test_what_would_be_changed_is_not_taken(kind, value, qtbot) -> None:
    assert not make(kind, qtbot).takes(value)


def test_slider_and_box_go_together(qtbot) -> None:
    field = make("number", qtbot)
    touches = []
    field.touched.connect(lambda: touches.append(field.value()))
    field.slider.setValue(field.slider.maximum())
    assert field.value() == 2
    field.box.setValue(-1.23)
    assert field.value() == -1.23
    assert len(touches) == 2
    field.put(0.5)
    assert field.box.text() == "0.5"


def test_an_empty_number_takes_the_first_key(qtbot) -> None:
    field = make("integer", qtbot)
    field.put(None)
    assert field.box.text() == "–"
    field.box.setFocus()
    field.box.selectAll()
    QTest.keyClicks(field.box, "42")
    assert field.value() == 42


@pytest.mark.parametrize("typed", ["abc", "1.5", str(2**70), "--1"])
def test_what_is_no_number_is_said_in_words(typed, qtbot) -> None:
    field = make("big", qtbot)
    QTest.keyClicks(field.line, typed)
    assert field.line.property("bad")
    with pytest.raises(ValueError, match="B: "):
        field.value()


def test_pairs_are_added_judged_and_removed_by_key(qtbot) -> None:
    field = make("pairs", qtbot)
    for key, value in (("a", "1"), ("a", "2")):
        QTest.keyClick(field.add_button, Qt.Key.Key_Space)
        QTest.keyClicks(field._pairs[-1].key, key)
        QTest.keyClicks(field._pairs[-1].field, value)
    with pytest.raises(ValueError, match="twice"):
        field.value()
    assert field._wrong.isVisible()
    QTest.keyClick(field._pairs[1].remove, Qt.Key.Key_Space)
    assert field.value() == {"a": "1"}
    assert not field._wrong.isVisible()


@settings(max_examples=100)
@given(st.text(max_size=40))
def test_escapes_lead_back(text: str) -> None:
    assert unescape(escape(text)) == text
    assert "\n" not in escape(text)


def test_no_button_of_a_squeezed_field_disappears(qtbot, qapp) -> None:
    before = qapp.styleSheet(), qapp.palette(), qapp.font()
    Theme().apply(qapp)
    field = make("pairs", qtbot)
    field.setFixedHeight(field.minimumSizeHint().height())
    assert field.add_button.height() >= field.add_button.fontMetrics().height()
    qapp.setStyleSheet(before[0])
    qapp.setPalette(before[1])
    qapp.setFont(before[2])
