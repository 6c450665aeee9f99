"""Dialogs are awaited, never nested: other tasks go on, and nothing in them is markup."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QLineEdit, QPushButton, QWidget

from playground.ui import dialogs
from tests.conftest import until


@pytest.fixture
def window(qtbot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


def dialog_of(window: QWidget) -> QDialog | None:
    return next((each for each in window.findChildren(QDialog) if each.isVisible()), None)


async def asked(window: QWidget, question):
    task = asyncio.create_task(question)
    await until(lambda: dialog_of(window))
    return task, dialog_of(window)


def press(dialog: QDialog, word: str) -> None:
    next(button for button in dialog.findChildren(QPushButton) if button.text() == word).click()


@pytest.mark.parametrize(("word", "answer"), [("Delete", True), ("Cancel", False)])
async def test_confirm_answers_what_was_pressed_while_other_tasks_run(window, word, answer) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.005)
            ticks += 1

    ticking = asyncio.create_task(tick())
    task, dialog = await asked(
        window, dialogs.confirm(window, "Delete?", "3 files", action="Delete", danger=True)
    )
    before = ticks
    await until(lambda: ticks > before + 5)
    press(dialog, word)
    assert await task is answer
    ticking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ticking


async def test_escape_is_no_and_enter_is_not_the_dangerous_one(window) -> None:
    task, dialog = await asked(window, dialogs.confirm(window, "T", "Q", action="Delete", danger=True))
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert await task is False
    task, dialog = await asked(window, dialogs.confirm(window, "T", "Q", action="Go on"))
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert await task is False


async def test_text_is_asked_for_and_can_be_called_off(window) -> None:
    task, dialog = await asked(window, dialogs.ask_text(window, "Rename", "New name", "old"))
    line = dialog.findChild(QLineEdit)
    assert line.selectedText() == "old"
    QTest.keyClicks(line, "new")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert await task == "new"
    task, dialog = await asked(window, dialogs.ask_text(window, "Key", "Key", secret=True))
    assert dialog.findChild(QLineEdit).echoMode() == QLineEdit.EchoMode.Password
    dialog.reject()
    assert await task is None


async def test_a_cancelled_question_takes_its_dialog_along(window) -> None:
    task, _ = await asked(window, dialogs.confirm(window, "T", "Q"))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: dialog_of(window) is None)


async def test_a_question_of_a_window_that_goes_away_is_no(qapp) -> None:
    window = QWidget()
    window.show()
    task, _ = await asked(window, dialogs.confirm(window, "T", "Q"))
    window.deleteLater()
    async with asyncio.timeout(5):
        assert await task is False


async def test_words_from_outside_are_letters(window) -> None:
    nasty = "<img src='file:///etc/passwd'><b>bold</b>"
    task, dialog = await asked(window, dialogs.confirm(window, nasty, nasty))
    labels = dialog.findChildren(QLabel)
    assert labels
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)
    dialog.reject()
    await task


async def test_details_are_copied_whole(window) -> None:
    text = "x" * 3_000_000
    task, dialog = await asked(window, dialogs.show_details(window, "Details", text))
    press(dialog, "Copy all")
    assert QApplication.clipboard().text() == text
    press(dialog, "Close")
    await task


async def test_files_are_chosen_without_a_nested_loop(window, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"")
    question = dialogs.choose_open(window, "Open", filters=["Audio (*.wav)"], folder=tmp_path)
    task, dialog = await asked(window, question)
    assert isinstance(dialog, QFileDialog)
    line = dialog.findChild(QLineEdit)
    assert line is not None
    line.setText("a.wav")
    QTimer.singleShot(0, dialog.accept)  # as a click would: not from within a coroutine
    assert await task == tmp_path / "a.wav"
    task, dialog = await asked(
        window, dialogs.choose_save(window, "Save", "../../etc/out.txt", folder=tmp_path)
    )
    assert Path(dialog.selectedFiles()[0]) == tmp_path / "out.txt"
    dialog.reject()
    assert await task is None


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "javascript:alert(1)", "http://", "", "data:text/html,x", "ftp://a/b", "C:\\x"],
)
async def test_only_web_addresses_are_opened(window, address, monkeypatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    task, dialog = await asked(window, dialogs.open_link(window, address))
    dialog.accept()
    assert await task is False
    assert not opened


async def test_the_host_is_shown_before_a_link_is_opened(window, monkeypatch) -> None:
    opened: list[object] = []

    def open_it(url: QUrl) -> bool:
        opened.append(url.host())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_it)
    address = "https://user@exаmple.com/path"  # the а is Cyrillic
    task, dialog = await asked(window, dialogs.open_link(window, address))
    shown = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "xn--" in shown
    assert not opened
    press(dialog, "Open")
    assert await task is True
    assert len(opened) == 1


@settings(max_examples=80)
@given(st.text(max_size=300))
def test_any_name_becomes_the_name_of_a_file(name: str) -> None:
    safe = dialogs.safe_file_name(name)
    assert 0 < len(safe) <= 150
    assert not set(safe) & set('/\\:*?"<>|\0\n')
    assert safe not in (".", "..")
    assert safe.partition(".")[0].lower() not in ("con", "nul", "com1")
