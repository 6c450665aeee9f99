"""Banner, toast, labels and throttle: what is said, in plain letters, and how it goes away."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from playground.ui.banner import Banner
from playground.ui.plain_label import PlainLabel
from playground.ui.plain_text import LONGEST_TIP, one_line, tooltip
from playground.ui.throttle import Throttle
from playground.ui.toast import MOST_SHOWN, Toast

MARKUP = "<a href='http://x'>click</a><img src='http://x/y.png'>"


@pytest.fixture
def window(qtbot) -> QWidget:
    window = QWidget()
    window.resize(800, 600)
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def banner(window) -> Banner:
    banner = Banner(window)
    banner.resize(800, 100)
    return banner


def test_a_problem_is_said_in_full_and_in_letters(banner) -> None:
    banner.show_problem(MARKUP, MARKUP, "Try again", "req-1")
    assert banner.isVisible()
    assert banner.title.text() == MARKUP
    assert banner.request_id.text() == "Request id: req-1"
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in banner.findChildren(PlainLabel))
    banner._copy.click()
    assert QApplication.clipboard().text() == f"{MARKUP}\n{MARKUP}\nTry again\nRequest id: req-1"


def test_the_one_before_comes_back_and_the_same_words_stand_once(banner) -> None:
    banner.show_problem("first")
    banner.show_problem("second", request_id=None)
    banner.show_problem("first")
    assert (banner.count(), banner.title.text()) == (2, "first")
    banner.dismiss()
    assert banner.title.text() == "second"
    banner.dismiss()
    banner.dismiss()
    assert not banner.isVisible()
    for number in range(100):
        banner.show_problem(str(number))
    assert banner.count() <= 20


def test_its_buttons_do_what_they_say(banner) -> None:
    done = []
    banner.show_problem("x", actions=[("Try again", lambda: done.append("again"))])
    next(b for b in banner.findChildren(QPushButton) if b.text() == "Try again").click()
    assert done == ["again"]
    banner.show_problem("y" * 100_000, "z" * 100_000)
    assert len(banner.what.text()) < 10_000


def test_a_toast_can_be_taken_back_once(window) -> None:
    toast = Toast(window)
    undone = []
    toast.show_text("Deleted", lambda: undone.append(1))
    assert toast.isVisible()
    assert toast.undo()
    assert not toast.undo()
    assert undone == [1]
    assert not toast.isVisible()


def test_toasts_go_by_themselves_and_never_pile_up(window, qtbot) -> None:
    toast = Toast(window)
    for number in range(6):
        toast.show_text(f"Remark {number}", seconds=0.1)
    assert toast.texts() == [f"Remark {number}" for number in range(6 - MOST_SHOWN, 6)]
    qtbot.waitUntil(lambda: not toast.isVisible())
    assert toast.texts() == []


def test_a_toast_stays_inside_its_window(window) -> None:
    toast = Toast(window)
    toast.show_text("A long remark " * 30, lambda: None)
    for width in (800, 300, 200):
        window.resize(width, 400)
        QApplication.processEvents()
        assert toast.x() >= 0
        assert toast.geometry().right() <= width
        assert toast.geometry().bottom() <= 400


def test_a_label_that_is_cut_says_the_rest_in_its_tip(window) -> None:
    label = PlainLabel("a long text " * 50, window, elide=True)
    label.resize(100, 20)
    label.show()
    assert label.text().endswith("…")
    assert label.full_text() == "a long text " * 50
    assert "a long text" in label.toolTip()
    label.setText("short")
    assert (label.text(), label.toolTip()) == ("short", "")


@pytest.mark.parametrize("text", ["<b>x</b>", "<img src=x>", "a & b", "1 < 2\nand", "x" * 100_000])
def test_a_tool_tip_shows_letters(text: str, qtbot) -> None:
    label = QLabel(tooltip(text))
    qtbot.addWidget(label)
    from PySide6.QtGui import QTextDocument

    document = QTextDocument()
    document.setHtml(tooltip(text))
    assert document.toPlainText().rstrip(" …") == text[:LONGEST_TIP]


def test_one_line_is_one_short_line() -> None:
    assert one_line("a\n\tb  c") == "a b c"
    assert len(one_line("word " * 1_000_000)) <= 301


async def test_a_throttle_runs_at_most_once_a_while() -> None:
    from tests.conftest import until

    runs = []
    throttle = Throttle(lambda: runs.append(1), 20)
    for _ in range(50):
        throttle.request()
    assert not runs
    await until(lambda: runs)
    assert len(runs) == 1
    throttle.request()
    throttle.flush()
    throttle.flush()
    assert len(runs) == 2
    throttle.request()
    throttle.stop()
    assert not throttle.is_due()
