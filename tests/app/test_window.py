"""The window as a whole: it opens, answers, survives being closed, and every control of it has a name."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTextEdit,
    QWidget,
)

from playground.app.pages import PAGES
from playground.features.chat.session import ChatSession
from playground.features.chat.view import ChatView
from tests.conftest import until
from tests.desk import a_desk

INTERACTIVE = (
    QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit,
    QPlainTextEdit, QTextEdit,
)  # fmt: skip


def nameless(root: QWidget) -> list[str]:
    """Interactive widgets that a screen reader could not name; parts inside Qt's own widgets do not count."""
    found = []
    for widget in root.findChildren(QWidget):
        inner = widget.objectName().startswith("qt_") or isinstance(
            widget.parent(), QComboBox | QAbstractSpinBox | QAbstractItemView | QLineEdit
        )
        parent = widget.parent()
        popup = parent is not None and parent.inherits("QComboBoxPrivateContainer")
        inner = inner or popup or isinstance(widget, QScrollBar)
        if isinstance(widget, INTERACTIVE) and not inner:
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            if not (widget.accessibleName() or text):
                found.append(
                    f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"
                )
    return found


def chat_of(desk) -> ChatView:
    view = desk.window.page("chat")
    assert isinstance(view, ChatView)
    return view


def session_of(view: ChatView) -> ChatSession:
    assert view.session is not None
    return view.session


async def test_a_question_is_answered_and_is_still_there_after_a_restart(monkeypatch, tmp_path: Path) -> None:
    async with a_desk(monkeypatch, tmp_path) as desk:
        view = chat_of(desk)
        view.composer.set_text("What is a lighthouse?")
        view.composer.submit()
        await until(lambda: view.session and len(view.session.tree) == 2, 15)
        await until(lambda: session_of(view).tree.path()[-1].state == "complete", 15)
        answer = session_of(view).tree.path()[-1]
        assert answer.text
        assert "simulated" in answer.meta_json
        assert not view.composer.text()
    async with a_desk(monkeypatch, tmp_path) as desk:
        view = chat_of(desk)
        await until(lambda: view.pane.count() == 1)
        await view.open_conversation(answer.conversation_id)
        assert [turn.text for turn in session_of(view).tree.path()] == ["What is a lighthouse?", answer.text]


async def test_every_control_of_every_tab_has_a_name(monkeypatch, tmp_path: Path) -> None:
    async with a_desk(monkeypatch, tmp_path) as desk:
        for page in PAGES:
            desk.window.show_page(page.id)
            await asyncio.sleep(0.05)
        assert not nameless(desk.window)


async def test_what_is_being_typed_comes_back(monkeypatch, tmp_path: Path) -> None:
    async with a_desk(monkeypatch, tmp_path) as desk:
        view = chat_of(desk)
        await asyncio.sleep(0.1)
        QTest.keyClicks(view.composer.input, "half a thought")
        await until(lambda: view.composer.text() == "half a thought")
    async with a_desk(monkeypatch, tmp_path) as desk:
        view = chat_of(desk)
        await until(lambda: view.composer.text() == "half a thought")


async def test_closing_is_a_wish_and_keys_switch_tabs(monkeypatch, tmp_path: Path) -> None:
    async with a_desk(monkeypatch, tmp_path) as desk:
        wishes = []
        desk.window.quit_requested.connect(lambda: wishes.append(True))
        desk.window.close()
        assert wishes == [True]
        assert desk.window.isVisible()
        desk.window.show_page("connections")
        assert desk.window.current_page == "connections"
        QTest.keyClick(desk.window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: desk.window.current_page == "chat")


async def test_an_error_of_the_service_is_a_sentence_and_the_text_is_kept(
    monkeypatch, tmp_path: Path
) -> None:
    async with a_desk(monkeypatch, tmp_path) as desk:
        view = chat_of(desk)
        with pytest.raises(Exception, match="filter"):
            await view.ask("Tell me [[filter:hate]]")
        path = session_of(view).tree.path()
        assert path[0].text == "Tell me [[filter:hate]]"
        assert path[-1].state == "failed"
        desk.bench.notices.problem(ValueError("odd"))
        assert desk.window.banner.isVisibleTo(desk.window)
