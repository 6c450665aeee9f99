"""The composer: what sends, what breaks the line, what an input method keeps, and what is too much."""

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.ui.composer import MOST_LINES, Composer
from playground.ui.composer_input import HELD_FROM

CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
NONE = Qt.KeyboardModifier.NoModifier
ENTER, PAD = Qt.Key.Key_Return, Qt.Key.Key_Enter


@pytest.fixture
def composer(qtbot) -> Composer:
    composer = Composer()
    composer.resize(600, 200)
    qtbot.addWidget(composer)
    composer.show()
    return composer


@pytest.fixture
def sent(composer) -> list[str]:
    heard: list[str] = []
    composer.send_requested.connect(heard.append)
    return heard


@pytest.mark.parametrize(
    ("setting", "key", "held", "sends"),
    [
        ("enter", ENTER, NONE, True),
        ("enter", PAD, Qt.KeyboardModifier.KeypadModifier, True),
        ("enter", ENTER, CONTROL, True),
        ("enter", ENTER, SHIFT, False),
        ("enter", ENTER, ALT, False),
        ("ctrl+enter", ENTER, NONE, False),
        ("ctrl+enter", ENTER, SHIFT, False),
        ("ctrl+enter", ENTER, CONTROL, True),
    ],
)
def test_keys_send_or_break_the_line(composer, sent, setting, key, held, sends) -> None:
    composer.set_send_key(setting)
    QTest.keyClicks(composer.input, "hello")
    QTest.keyClick(composer.input, key, held)
    assert sent == (["hello"] if sends else [])
    assert composer.text() == ("hello" if sends else "hello\n")


def test_enter_during_composition_belongs_to_the_input_method(composer, sent) -> None:
    QApplication.sendEvent(composer.input, QInputMethodEvent("にほ", []))
    QTest.keyClick(composer.input, ENTER)
    assert not sent
    commit = QInputMethodEvent("", [])
    commit.setCommitString("日本")
    QApplication.sendEvent(composer.input, commit)
    QTest.keyClick(composer.input, ENTER)
    assert sent == ["日本"]


def test_nothing_is_sent_while_empty_busy_or_blocked(composer, sent) -> None:
    composer.submit()
    composer.set_text("   \n ")
    composer.submit()
    composer.set_text("text")
    composer.set_busy(True)
    composer.submit()
    composer.set_busy(False)
    composer.set_blocked("No deployment yet")
    composer.submit()
    assert not sent
    assert not composer.button.isEnabled()
    composer.set_blocked("")
    composer.submit()
    assert sent == ["text"]
    assert composer.text() == "text"


def test_the_button_stops_while_busy(composer, qtbot) -> None:
    composer.set_busy(True)
    assert composer.button.accessibleName() == "Stop"
    with qtbot.waitSignal(composer.stop_requested):
        composer.button.click()
    composer.set_busy(False)
    assert composer.button.accessibleName() == "Send"
    assert not composer.button.isEnabled()


def test_a_held_down_enter_sends_once(composer, sent) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    composer.set_text("once")
    for repeated in (False, True, True):
        event = QKeyEvent(QEvent.Type.KeyPress, ENTER, NONE, "\r", repeated)
        QApplication.sendEvent(composer.input, event)
    assert sent == ["once"]


def test_escape_is_reported_and_notes_are_shown(composer, qtbot) -> None:
    composer.set_text("old words", note="Editing")
    assert composer.note.isVisible()
    with qtbot.waitSignal(composer.cancelled):
        QTest.keyClick(composer.input, Qt.Key.Key_Escape)
    composer.set_text("")
    assert not composer.note.isVisible()


def test_it_grows_with_the_text_up_to_a_limit(composer) -> None:
    heights = []
    for lines in (1, 4, 8, 30, 200, 1):
        composer.set_text("\n".join(["line"] * lines))
        heights.append(composer.input.height())
    assert heights[0] < heights[1] < heights[2] < heights[3] == heights[4]
    assert heights[-1] == heights[0]
    assert heights[3] <= (MOST_LINES + 1) * composer.input.fontMetrics().lineSpacing() + 12


def paste(composer: Composer, **content) -> None:
    data = QMimeData()
    for kind, value in content.items():
        getattr(data, f"set{kind}")(value)
    composer.input.insertFromMimeData(data)


def test_formats_are_dropped_when_pasting(composer) -> None:
    paste(composer, Text="plain <b>words</b>", Html="<h1>loud</h1><img src='http://x/y'>")
    assert composer.text() == "plain <b>words</b>"


def test_no_character_is_changed_on_the_way(composer) -> None:
    text = "no-break\u00a0space\ttab  two  \n\nlines and \U0001f642 and \u200f rtl"
    paste(composer, Text=text)
    assert composer.text() == text
    composer.set_text(text)
    assert composer.text() == text


@pytest.mark.parametrize("huge", ["word " * (HELD_FROM // 4), "x" * 5_000_000, "a\n" * 2_000_000])
def test_a_huge_paste_is_held_beside_the_field(composer, sent, huge) -> None:
    QTest.keyClicks(composer.input, "Look:")
    paste(composer, Text=huge)
    assert composer.input.plain() == "Look:"
    assert composer.text() == f"Look:\n\n{huge}"
    composer.submit()
    assert sent == [f"Look:\n\n{huge}"]
    composer._held_chip.click()
    assert composer.text() == "Look:"
    composer.set_text(huge)
    assert composer.text() == huge
    composer.set_text("")
    assert composer.text() == ""


def test_files_are_only_taken_when_somebody_wants_them(composer, tmp_path) -> None:
    offered: list[list] = []
    composer.files_offered.connect(offered.append)
    url = QUrl.fromLocalFile(str(tmp_path / "a.png"))
    paste(composer, Urls=[url])
    assert not offered
    composer.set_takes_files(True)
    paste(composer, Urls=[url])
    assert offered == [[tmp_path / "a.png"]]


def test_every_part_has_a_name(composer) -> None:
    assert composer.input.accessibleName()
    assert composer.button.accessibleName()
