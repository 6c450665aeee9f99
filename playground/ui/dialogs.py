"""Every question that the window asks, awaited: the one place for dialogs, none of which spins a nested loop.

``exec()`` and the static dialog functions inside a coroutine lose the wake-ups of other tasks for good.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from playground.ui.json_text import fit
from playground.ui.plain_label import PlainLabel


async def confirm(
    parent: QWidget, title: str, question: str, *, action: str = "OK", danger: bool = False
) -> bool:
    """Ask whether to go on; ``action`` is the word on the button. A dangerous one is not the default."""
    sheet = _Sheet(parent, title, question, action, danger=danger)
    return await answered(sheet) == QDialog.DialogCode.Accepted


async def ask_text(
    parent: QWidget, title: str, label: str, text: str = "", *, action: str = "OK", secret: bool = False
) -> str | None:
    """Ask for a line of text; None when it was called off. A secret one is shown as dots."""
    sheet = _Sheet(parent, title, label, action)
    line = QLineEdit(text)
    line.setAccessibleName(label)
    line.setMaxLength(100_000)
    if secret:
        line.setEchoMode(QLineEdit.EchoMode.Password)
    line.selectAll()
    sheet.put(line)
    line.setFocus()
    return line.text() if await answered(sheet) == QDialog.DialogCode.Accepted else None


async def show_details(parent: QWidget, title: str, text: str) -> None:
    """Show a long text, fixed width, with a button that copies the whole of it."""
    sheet = _Sheet(parent, title, "", "Close", cancel=False)
    shown, cut = fit(text)
    view = QPlainTextEdit(shown)
    view.setReadOnly(True)
    view.setProperty("code", True)
    view.setAccessibleName(title)
    view.setMinimumSize(560, 320)
    sheet.put(view)
    if cut:
        sheet.put(PlainLabel(cut, wrap=True))
    copy = QPushButton("Copy all")
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
    sheet.buttons.insertWidget(0, copy)
    await answered(sheet)


async def choose_open(
    parent: QWidget, title: str, *, filters: Sequence[str] = (), folder: Path | None = None
) -> Path | None:
    """Ask for a file that exists; ``filters`` like ``"Audio (*.wav *.mp3)"``. None when called off."""
    dialog = _file_dialog(parent, title, filters, folder)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return next(iter(await _chosen(dialog)), None)


async def choose_several(
    parent: QWidget, title: str, *, filters: Sequence[str] = (), folder: Path | None = None
) -> list[Path]:
    """Ask for files that exist; empty when called off."""
    dialog = _file_dialog(parent, title, filters, folder)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    return await _chosen(dialog)


async def choose_save(
    parent: QWidget, title: str, name: str, *, filters: Sequence[str] = (), folder: Path | None = None
) -> Path | None:
    """Ask where to write; ``name`` is what is offered. The dialog asks before replacing."""
    dialog = _file_dialog(parent, title, filters, folder)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setDefaultSuffix(Path(name).suffix.lstrip("."))
    dialog.selectFile(safe_file_name(name))
    return next(iter(await _chosen(dialog)), None)


async def choose_folder(parent: QWidget, title: str, *, folder: Path | None = None) -> Path | None:
    """Ask for a folder. None when called off."""
    dialog = _file_dialog(parent, title, (), folder)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    return next(iter(await _chosen(dialog)), None)


async def open_link(parent: QWidget, address: str) -> bool:
    """Open a web address in the browser after showing where it leads; other kinds are refused."""
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    if not url.isValid() or url.scheme().lower() not in ("http", "https") or not url.host():
        await show_details(parent, "This link is not opened", f"Only web addresses are opened:\n\n{address}")
        return False
    host = url.host(QUrl.ComponentFormattingOption.FullyEncoded)
    shown = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
    question = f"It leads to {host}:\n\n{shown[:600]}"
    if not await confirm(parent, "Open this link in the browser?", question, action="Open"):
        return False
    return bool(QDesktopServices.openUrl(url))


def safe_file_name(name: str, fallback: str = "file") -> str:
    """A name from outside as the name of a file: no folders, no control characters, no reserved names."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter for letter in base if letter.isprintable() and letter not in '<>:"|?*').strip(" .")
    stem, dot, suffix = kept.partition(".")
    reserved = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
    if stem.lower() in reserved:
        kept = f"{stem}_{dot}{suffix}"
    return kept[:150] or fallback


async def answered(dialog: QDialog) -> int:
    """Open a dialog on its window and wait for its code; it is taken down however the waiting ends."""
    future: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def settle(code: int) -> None:
        if not future.done():
            future.set_result(code)

    gone: list[bool] = []

    def vanish() -> None:
        gone.append(True)
        settle(int(QDialog.DialogCode.Rejected.value))

    dialog.finished.connect(settle)
    dialog.destroyed.connect(vanish)
    dialog.open()
    try:
        return await future
    finally:
        if not gone:
            dialog.hide()
            dialog.deleteLater()


class _Sheet(QDialog):
    """A question in the looks of the window: heading, sentence, content, buttons."""

    def __init__(
        self,
        parent: QWidget,
        title: str,
        text: str,
        action: str,
        *,
        danger: bool = False,
        cancel: bool = True,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumWidth(400)
        heading = PlainLabel(title, wrap=True)
        heading.setProperty("heading", True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 24, 24, 16)
        self._column.setSpacing(8)
        self._column.addWidget(heading)
        if text:
            self._column.addWidget(PlainLabel(text[:4000], wrap=True, selectable=True))
        self._place = self._column.count()
        self._column.addSpacing(12)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.buttons.addStretch(1)
        self._column.addLayout(self.buttons)
        if cancel:
            self._button("Cancel", self.reject, default=danger)
        self._button(action, self.accept, kind="danger" if danger else "primary", default=not danger)

    def put(self, widget: QWidget) -> None:
        """Put the content between the sentence and the buttons."""
        self._column.insertWidget(self._place, widget, 0 if isinstance(widget, PlainLabel) else 1)
        self._place += 1

    def _button(self, text: str, run: object, *, kind: str = "", default: bool = False) -> None:
        button = QPushButton(text)
        button.setProperty("kind", kind)
        button.setAutoDefault(default)
        button.setDefault(default)
        button.clicked.connect(run)
        self.buttons.addWidget(button)
        if default:
            button.setFocus()


def _file_dialog(parent: QWidget, title: str, filters: Sequence[str], folder: Path | None) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.setDirectory(str(folder or Path.home()))
    if filters:
        dialog.setNameFilters([*filters, "All files (*)"])
    return dialog


async def _chosen(dialog: QFileDialog) -> list[Path]:
    chosen: list[str] = []
    dialog.filesSelected.connect(chosen.extend)
    code = await answered(dialog)
    return [Path(name) for name in chosen] if code == QDialog.DialogCode.Accepted else []
