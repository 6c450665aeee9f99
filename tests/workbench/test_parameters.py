"""The parameter form: only what was touched is sent, and nothing that came in is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QSpinBox,
)

from playground.ui.forms import NumberField
from playground.wire.chat import ChatRequest
from playground.workbench.parameters import ParameterForm
from playground.workbench.parameters.chat_parameters import chat_parameters
from playground.workbench.parameters.controls import FormatField

SCALARS = {
    "temperature": 0.7,
    "top_p": 0.5,
    "n": 3,
    "seed": 2**62,
    "stop": ["END", "two words"],
    "max_tokens": 100,
    "max_completion_tokens": 50,
    "frequency_penalty": -1.5,
    "presence_penalty": 2.0,
    "logit_bias": {"50256": -100, "7": 5},
    "response_format": {"type": "json_object"},
    "stream": False,
    "stream_options": {"include_usage": False},
    "logprobs": True,
    "top_logprobs": 4,
    "parallel_tool_calls": False,
    "reasoning_effort": "high",
    "user": "somebody",
    "store": True,
    "metadata": {"run": "7", "note": "a: b"},
}


@pytest.fixture
def form(qtbot) -> ParameterForm:
    form = ParameterForm(chat_parameters())
    qtbot.addWidget(form)
    form.show()
    return form


def test_nothing_is_sent_until_it_is_touched(form: ParameterForm) -> None:
    assert form.values() == {}


def test_every_scalar_field_of_the_request_has_a_row() -> None:
    rows = {parameter.name.partition(".")[0] for parameter in chat_parameters()}
    composed = {"messages", "model", "tools", "tool_choice", "functions", "function_call", "modalities"}
    composed |= {"audio", "prediction", "data_sources", "user_security_context", "enhancements"}
    assert rows | composed == set(ChatRequest.model_fields)


def test_what_is_set_comes_out_as_it_went_in(form: ParameterForm) -> None:
    form.set_values(SCALARS)
    assert form.values() == SCALARS
    ChatRequest.model_validate({"messages": [{"role": "user", "content": "x"}], **form.values()})


def test_fields_without_a_row_are_kept(form: ParameterForm) -> None:
    others = {"tools": [{"type": "function"}], "invented": {"deep": [1]}, "stream_options": {"later": 1}}
    form.set_values(others)
    assert form.values() == others
    form.set_values({**others, "stream_options": {"later": 1, "include_usage": True}})
    assert form.values()["stream_options"] == {"later": 1, "include_usage": True}


def test_setting_other_values_forgets_the_first(form: ParameterForm) -> None:
    form.set_values(SCALARS)
    form.set_values({"n": 2})
    assert form.values() == {"n": 2}


def test_a_row_is_sent_once_the_user_touches_it_and_not_after_a_reset(form: ParameterForm, qtbot) -> None:
    row = form.rows["max_tokens"]
    box = row.editor.findChild(QSpinBox)
    assert box is not None
    with qtbot.waitSignal(form.changed):
        QTest.keyClick(box, Qt.Key.Key_Up)
    assert form.values() == {"max_tokens": box.value()}
    with qtbot.waitSignal(form.changed):
        row.clear()
    assert form.values() == {}


@pytest.mark.parametrize("typed", ["", "abc", "1.5", str(2**70)])
def test_what_is_no_seed_is_not_sent(form: ParameterForm, typed: str) -> None:
    line = form.rows["seed"].editor.findChild(QLineEdit)
    assert line is not None
    QTest.keyClicks(line, typed)
    assert form.values() == {}


def test_an_unsupported_row_says_why_and_is_not_sent(form: ParameterForm) -> None:
    form.set_values({"temperature": 1.0, "n": 2})
    form.set_unsupported({"temperature": "Reasoning models take no temperature."})
    assert form.values() == {"n": 2}
    assert not form.rows["temperature"].editor.isEnabled()
    form.set_unsupported({})
    assert form.values() == {"temperature": 1.0, "n": 2}


def test_the_filter_finds_by_name_label_and_help(form: ParameterForm) -> None:
    form._filter.setText("penal")
    shown = {name for name, row in form.rows.items() if row.isVisible()}
    assert shown == {"frequency_penalty", "presence_penalty"}
    form._filter.setText("")
    form.set_values({"n": 2})
    form._only_set.setChecked(True)
    assert {name for name, row in form.rows.items() if row.isVisible()} == {"n"}


def test_what_does_not_fit_a_row_is_edited_as_json_and_sent_unchanged(form: ParameterForm, qtbot) -> None:
    odd = {"temperature": 5, "n": "three", "invented": {"deep": [1]}, "stop": ["", "x"]}
    form.set_values(odd)
    assert form.values() == odd
    with qtbot.waitSignal(form.changed):
        form.other.json.view.setPlainText('{"temperature": 7}')
    assert form.values() == {"temperature": 7}
    form.rows["temperature"].put(0.5)
    assert form.values() == {"temperature": 0.5}


def test_while_the_json_is_wrong_the_last_right_one_counts(form: ParameterForm) -> None:
    form.set_values({"invented": 1})
    form.other.json.view.setPlainText('{"invented": ')
    assert form.values() == {"invented": 1}
    assert form.problems()
    form.other.json.view.setPlainText("")
    assert form.values() == {}
    assert not form.problems()


def test_a_value_stays_exactly_as_it_was_until_it_is_touched(form: ParameterForm) -> None:
    given = {"stop": "END", "temperature": 1.0, "metadata": {"b": "2", "a": "1"}}
    form.set_values(given)
    assert form.values() == given
    assert isinstance(form.values()["temperature"], float)
    assert list(form.values()["metadata"]) == ["b", "a"]


def test_switching_a_row_on_sends_the_default_or_a_first_value(form: ParameterForm) -> None:
    for name in ("temperature", "max_tokens", "reasoning_effort", "logprobs"):
        form.rows[name].check.click()
    expected = {"temperature": 1, "max_tokens": 800, "reasoning_effort": "medium", "logprobs": False}
    assert form.values() == expected
    form.rows["max_tokens"].check.click()
    assert "max_tokens" not in form.values()
    form.reset_all()
    assert form.values() == {}


def test_a_row_that_is_not_taken_is_kept_for_later(form: ParameterForm) -> None:
    form.set_values({"temperature": 0.3})
    form.set_unsupported({"temperature": "Not by this model.", "unknown": "x"})
    assert form.values() == {}
    assert form.values(everything=True) == {"temperature": 0.3}
    assert "Not sent" in form.rows["temperature"].note.full_text()


def test_an_answer_format_with_a_schema(form: ParameterForm) -> None:
    field = form.rows["response_format"].field
    assert isinstance(field, FormatField)
    field.choice.box.setCurrentIndex(2)
    field.choice.box.activated.emit(2)
    sent = form.values()["response_format"]
    assert sent["type"] == "json_schema"
    assert sent["json_schema"]["schema"]["type"] == "object"
    form.set_values({"response_format": sent})
    assert form.values() == {"response_format": sent}
    field.schema.json.view.setPlainText("{")
    assert form.problems()
    assert form.values() == {}


def test_the_wheel_changes_nothing_in_passing(form: ParameterForm) -> None:
    field = form.rows["temperature"].field
    assert isinstance(field, NumberField)
    form._filter.setFocus()
    event = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, 0), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(field.slider, event)
    assert form.values() == {}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from([*SCALARS, "tools", "x", "stream_options"])


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(NAMES, JSON, max_size=6))
def test_whatever_was_kept_comes_back(one_form, values) -> None:
    one_form.set_values(values)
    assert one_form.values() == values


@pytest.fixture(scope="module")
def one_form(qapp):
    form = ParameterForm(chat_parameters())
    yield form
    form.deleteLater()


def test_every_part_of_the_form_has_a_name(form: ParameterForm) -> None:
    form.set_values(SCALARS)
    kinds = (QAbstractButton, QAbstractSpinBox, QAbstractSlider, QComboBox, QLineEdit, QPlainTextEdit)
    for widget in (each for kind in kinds for each in form.findChildren(kind)):
        inner = (
            isinstance(widget, QScrollBar)
            or isinstance(widget.parent(), QAbstractSpinBox | QComboBox)
            or widget.objectName().startswith("qt_")
        )
        text = widget.text() if isinstance(widget, QAbstractButton) else ""
        assert inner or widget.accessibleName() or text, widget
