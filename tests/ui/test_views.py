"""JSON view, palette, empty state and flow layout."""

import json
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget

from playground.ui.command_palette import CommandPalette, ranked
from playground.ui.empty_state import EmptyState, Example
from playground.ui.flow_layout import FlowLayout
from playground.ui.json_text import SHOWN_CHARACTERS, prepare
from playground.ui.json_view import JsonView, mistake
from tests.conftest import until


@pytest.fixture
def window(qtbot) -> QWidget:
    window = QWidget()
    window.resize(700, 500)
    qtbot.addWidget(window)
    window.show()
    return window


def test_json_is_indented_and_anything_else_left_alone() -> None:
    assert prepare(b'{"a":[1,"\xc3\xa4"]}').text == '{\n  "a": [\n    1,\n    "ä"\n  ]\n}'
    assert prepare(b"\xff\x00<html>").text == "\ufffd\u2400<html>"
    assert not prepare("<html>").is_json
    assert prepare("[" * 100_000).text


def test_what_is_cut_is_said() -> None:
    long_line = prepare(json.dumps({"image": "A" * 50_000}))
    assert "more characters" in long_line.text
    assert "1 long lines cut" in long_line.cut
    many = prepare("word\n" * 200_000)
    assert len(many.text) <= SHOWN_CHARACTERS
    assert "of 1,000,000 characters" in many.cut
    assert not prepare("word\n" * 200_000, whole=True).cut


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(JSON)
def test_what_is_edited_keeps_its_meaning(qapp, value) -> None:
    view = EDITORS.setdefault("one", JsonView("Value", editable=True))
    view.set_json(value)
    cursor = view.view.textCursor()
    cursor.insertText(" ")
    assert view.value() == value
    assert not view._is_raw


EDITORS: dict[str, JsonView] = {}


@pytest.fixture(scope="module", autouse=True)
def _no_editor_outlives_the_module():
    yield
    for view in EDITORS.values():
        view.deleteLater()
    EDITORS.clear()


def test_a_mistake_has_a_place(qtbot) -> None:
    view = JsonView("Schema", editable=True)
    qtbot.addWidget(view)
    view.show()
    view.view.setPlainText('{\n  "a": 1,\n}')
    qtbot.waitUntil(lambda: view.note.isVisible())
    assert view.note.full_text().startswith("Line 3, column 1")
    with pytest.raises(ValueError, match="line 3"):
        view.value()
    assert mistake("") == mistake('{"a": 1}') == ""


def test_a_text_too_long_to_edit_is_kept(qtbot) -> None:
    view = JsonView("Value", editable=True)
    qtbot.addWidget(view)
    view.set_json({"image": "A" * 200_000})
    assert view.view.isReadOnly()
    assert view.value() == {"image": "A" * 200_000}
    view.set_json({"a": 1})
    assert not view.view.isReadOnly()


async def test_a_later_text_wins_over_one_still_being_formatted(qtbot) -> None:
    view = JsonView("Body")
    qtbot.addWidget(view)
    view.set_text(json.dumps({"n": list(range(30_000))}))
    view.set_text("short")
    await until(lambda: view.view.toPlainText() == "short")
    view.copy()
    assert QApplication.clipboard().text() == "short"


def actions(window: QWidget, *words: str) -> list[QAction]:
    return [QAction(word, window) for word in words]


def test_the_palette_finds_runs_and_gives_the_focus_back(window) -> None:
    line = QLineEdit(window)
    line.show()
    window.activateWindow()
    line.setFocus()
    done: list[str] = []
    found = actions(window, "Go to &Chat", "Go to Images", "Zoom in", "Zoom in ", "Next theme")
    for action in found:
        action.triggered.connect(partial(done.append, action.text()))
    found[4].setEnabled(False)
    palette = CommandPalette(window)
    palette.open_on(found)
    assert palette.shown() == ["Go to Chat", "Go to Images", "Zoom in", "Next theme"]
    QTest.keyClicks(palette.line, "ima")
    assert palette.shown() == ["Go to Images"]
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert done == ["Go to Images"]
    assert not palette.isVisible()
    assert window.focusWidget() is line
    palette.open_on(found)
    QTest.keyClick(palette.line, Qt.Key.Key_Down)
    QTest.keyClick(palette.line, Qt.Key.Key_Up)
    QTest.keyClick(palette.line, Qt.Key.Key_Up)
    assert palette.list.current_key() == palette.shown()[-1]
    QTest.keyClicks(palette.line, "nothing like this")
    assert palette.shown() == []
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    QTest.keyClick(palette.line, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    palette.open_on(found)
    QTest.keyClicks(palette.line, "theme")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert done == ["Go to Images"]


def test_commands_are_ranked_by_beginnings_then_use() -> None:
    names = ["Show inspector", "Inspector", "Zoom in", "Insert"]
    assert ranked("ins", names) == ["Inspector", "Insert", "Show inspector"]
    assert ranked("", names, ["Zoom in"])[0] == "Zoom in"
    assert ranked("in zo", names) == ["Zoom in"]


def test_an_example_is_one_click_or_key_away(window, qtbot) -> None:
    state = EmptyState(
        "Title", "Sentence", mark="chat", primary="Go", examples=[Example("A", "first"), Example("B", "x")]
    )
    qtbot.addWidget(state)
    state.show()
    heard: list[str] = []
    state.example_chosen.connect(heard.append)
    cards = [button for button in state.findChildren(QPushButton) if button.objectName() == "example"]
    QTest.keyClick(cards[0], Qt.Key.Key_Space)
    QTest.mouseClick(cards[1], Qt.MouseButton.LeftButton)
    assert heard == ["first", "x"]
    assert all(card.accessibleName() for card in cards)
    with qtbot.waitSignal(state.primary_requested):
        state.button.click()


@pytest.mark.parametrize("width", [620, 320])
def test_no_example_is_cut_off(width, window, qtbot) -> None:
    text = "Explain how an HTTP client should retry, and why some requests must never be repeated"
    state = EmptyState("Title", "Sentence", examples=[Example("A", text), Example("B", text)])
    QVBoxLayout(window).addWidget(state)
    window.resize(width, 700)
    QApplication.processEvents()
    for card in (button for button in state.findChildren(QPushButton) if button.objectName() == "example"):
        assert card.height() >= card.heightForWidth(card.width())


def test_a_flow_goes_on_below(window) -> None:
    flow = FlowLayout(window, spacing=4)
    for number in range(20):
        flow.addWidget(QPushButton(f"Chip {number}"))
    window.resize(200, 900)
    QApplication.processEvents()
    assert flow.heightForWidth(200) > flow.heightForWidth(2000) > 0
    places = [item.geometry() for number in range(20) if (item := flow.itemAt(number)) is not None]
    tops = {place.top() for place in places}
    assert len(tops) > 5
    assert len(places) == 20
    assert all(place.right() <= 200 for place in places)
    assert flow.itemAt(99) is None
    flow.clear()
    assert flow.count() == 0
