"""The parameter form: only what was touched is sent, and nothing that came in is lost."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QSpinBox

from playground.wire.chat import ChatRequest
from playground.workbench.parameters import ParameterForm
from playground.workbench.parameters.chat_parameters import chat_parameters

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
    with qtbot.waitSignal(form.changed):
        QTest.keyClick(box, Qt.Key.Key_Up)
    assert form.values() == {"max_tokens": box.value()}
    with qtbot.waitSignal(form.changed):
        row.clear()
    assert form.values() == {}


@pytest.mark.parametrize("typed", ["", "abc", "1.5", str(2**70)])
def test_what_is_no_seed_is_not_sent(form: ParameterForm, typed: str) -> None:
    line = form.rows["seed"].editor.findChild(QLineEdit)
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
