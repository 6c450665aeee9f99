"""Pictures of every widget of the toolbox, in both shades and at two zooms, for human eyes.

``python -m tests.ui.gallery FOLDER`` writes them; no display is needed.
"""

import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QSlider,
    QTabWidget,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from playground.api.exchange import Attempt, Exchange
from playground.ui import icons
from playground.ui.banner import Banner
from playground.ui.command_palette import CommandPalette
from playground.ui.composer import Composer
from playground.ui.dialogs import _Sheet
from playground.ui.empty_state import EmptyState, Example
from playground.ui.flow_layout import FlowLayout
from playground.ui.forms import ChecksField, ChoiceField, LinesField, NumberField, PairsField
from playground.ui.forms.numbers import DecimalBox, WholeBox
from playground.ui.json_view import JsonView
from playground.ui.list_model import Row
from playground.ui.list_view import RowListView
from playground.ui.theme import Theme
from playground.ui.toast import Toast
from playground.workbench.exchanges import Exchanges
from playground.workbench.inspector import Inspector
from playground.workbench.parameters import ParameterForm
from playground.workbench.parameters.chat_parameters import chat_parameters

LOOKS = (("light", 1.0), ("dark", 1.0), ("light", 1.5), ("dark", 1.5))


def controls() -> QWidget:
    page = QWidget()
    grid = QGridLayout(page)
    grid.setContentsMargins(24, 24, 24, 24)
    grid.setSpacing(12)
    for column, (kind, word) in enumerate(
        (
            ("", "Secondary"),
            ("primary", "Primary"),
            ("danger", "Delete"),
            ("ghost", "Ghost"),
            ("link", "Link"),
        )
    ):
        for line, enabled in enumerate((True, False)):
            button = QPushButton(word)
            button.setProperty("kind", kind)
            button.setEnabled(enabled)
            grid.addWidget(button, line, column)
    focused = QPushButton("With focus")
    grid.addWidget(focused, 0, 5)
    tool = QToolButton()
    tool.setIcon(icons.icon("settings"))
    checked = QToolButton()
    checked.setIcon(icons.icon("sliders", "accent"))
    checked.setCheckable(True)
    checked.setChecked(True)
    tools = QHBoxLayout()
    tools.addWidget(tool)
    tools.addWidget(checked)
    tools.addStretch(1)
    grid.addLayout(tools, 1, 5)
    for line, row_of in enumerate((lines(), boxes(), checks()), start=2):
        for column, widget in enumerate(row_of):
            grid.addWidget(widget, line, column)
    slider, progress = QSlider(Qt.Orientation.Horizontal), QProgressBar()
    slider.setValue(40)
    progress.setValue(60)
    grid.addWidget(slider, 5, 0, 1, 2)
    grid.addWidget(progress, 5, 2, 1, 2)
    grid.addWidget(labels(), 6, 0, 1, 4)
    grid.setRowStretch(7, 1)
    focused.setFocus()
    page.focus_me = focused  # type: ignore[attr-defined]
    return page


def lines() -> list[QWidget]:
    line, bad, off = QLineEdit("Text that was typed"), QLineEdit("not right"), QLineEdit("disabled")
    bad.setProperty("bad", True)
    off.setEnabled(False)
    empty = QLineEdit()
    empty.setPlaceholderText("Placeholder")
    return [line, empty, bad, off]


def boxes() -> list[QWidget]:
    combo, editable = QComboBox(), QComboBox()
    combo.addItems(["gpt-4o", "o3-mini"])
    editable.setEditable(True)
    editable.addItems(["alloy", "nova"])
    whole, decimal = WholeBox(), DecimalBox()
    whole.setValue(42)
    return [combo, editable, whole, decimal]


def checks() -> list[QWidget]:
    one, two, three = QCheckBox("Checked"), QCheckBox("Open"), QCheckBox("Partly")
    one.setChecked(True)
    three.setTristate(True)
    three.setCheckState(Qt.CheckState.PartiallyChecked)
    radio, other = QRadioButton("This"), QRadioButton("That")
    radio.setChecked(True)
    return [one, two, three, radio, other]


def labels() -> QWidget:
    group = QGroupBox("A group")
    inner = QVBoxLayout(group)
    for tone in ("", "muted", "faint"):
        label = QLabel(f"Text {tone or 'normal'}: The quick brown fox jumps over 0123456789")
        if tone:
            label.setProperty(tone, True)
        inner.addWidget(label)
    chips = QWidget()
    flow = FlowLayout(chips)
    for tone in ("", "ok", "info", "warn", "danger"):
        chip = QLabel(f"Hate: {tone or 'neutral'}")
        chip.setProperty("chip", True)
        chip.setProperty("tone", tone)
        flow.addWidget(chip)
    inner.addWidget(chips)
    return group


def views() -> QWidget:
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(16, 16, 16, 16)
    listed = RowListView("Conversations")
    listed.rows.set_rows(
        [
            Row(
                "1", "How an HTTP client should retry", "Retry only what is safe to repeat…", "chat", "12:04"
            ),
            Row(
                "2",
                "A very long title that does not fit into the row at all",
                "and neither does this",
                "chat",
            ),
            Row("3", "Failed job", "3 of 40 lines failed", "batches", "failed", "danger"),
            *(Row(str(n), f"Conversation {n}", "Some words of it") for n in range(4, 30)),
        ]
    )
    listed.select("1")
    tree = QTreeWidget()
    tree.setHeaderLabels(["Name", "Size"])
    for number in range(5):
        item = QTreeWidgetItem([f"training-{number}.jsonl", f"{number} kB"])
        item.addChild(QTreeWidgetItem(["inner", "1"]))
        tree.addTopLevelItem(item)
    tree.expandToDepth(0)
    tree.setCurrentItem(item)
    json = JsonView("Body")
    json.set_json({"model": "gpt-4o", "temperature": 0.7, "stream": True, "stop": None, "n": [1, 2]})
    edit = JsonView("Schema", editable=True)
    edit.set_text('{"type": "object", }')
    edit._on_check()
    tabs = QTabWidget()
    tabs.setDocumentMode(True)
    tabs.addTab(json, "Request")
    tabs.addTab(edit, "Schema")
    tabs.addTab(QWidget(), "Events (1,204)")
    row.addWidget(listed, 3)
    row.addWidget(tree, 3)
    row.addWidget(tabs, 4)
    page.tabs = tabs  # type: ignore[attr-defined]
    return page


def notices() -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    for tone, title, what, advice, number in (
        ("danger", "The key was not accepted", "Access denied due to invalid subscription key.",
         "Check the key and that it belongs to this endpoint (Connections).", "0f6a1c3e-7b7e-4f2e-9d0e-61b1"),
        ("warn", "The answer broke off", "What had arrived is kept.", "Ask again for a whole one.", ""),
        ("info", "Answers are simulated", "No model is loaded on this computer.", "", ""),
    ):  # fmt: skip
        banner = Banner()
        banner.show_problem(title, what, advice, number, tone=tone, actions=[("Try again", lambda: None)])
        column.addWidget(banner)
    state = EmptyState(
        "What shall we talk about?",
        "Ask anything. Answers come from the service on this computer.",
        mark="chat",
        primary="Try an example",
        examples=[
            Example("Explain", "Explain how TLS works to somebody who knows HTTP"),
            Example("Write", "Write a haiku about a lighthouse, then explain its form"),
            Example("Code", "A Python function that retries with exponential backoff"),
            Example("Table", "Compare three storage engines in a table"),
        ],
    )
    column.addWidget(state, 1)
    composer = Composer()
    composer.set_text(
        "Explain how an HTTP client should retry,\nin a table.", note="Editing an earlier message."
    )
    column.addWidget(composer)
    column.addSpacing(16)
    toast = Toast(page)
    toast.show_text("Conversation deleted", lambda: None)
    page.toast = toast  # type: ignore[attr-defined]
    return page


def parameters() -> QWidget:
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(12, 12, 12, 12)
    row.setSpacing(24)
    form = ParameterForm(chat_parameters())
    form.set_values({"temperature": 0.7, "stop": ["END"], "metadata": {"run": "7"}, "stream": False})
    form.set_unsupported({"top_p": "Reasoning models take no top_p."})
    form.setFixedWidth(340)
    row.addWidget(form)
    fields = QVBoxLayout()
    number, unset = NumberField("Temperature", 0, 2, 0.05), NumberField("Top P", 0, 1, 0.05)
    number.put(0.7)
    unset.put(1)
    unset.set_unset(True)
    choice = ChoiceField("Effort", [("Low", "low"), ("High", "high")])
    checks = ChecksField("Modalities", [("Text", "text"), ("Audio", "audio")])
    checks.put(["text"])
    lines, pairs = LinesField("Stop"), PairsField("Metadata")
    lines.put(["END", "a\nb"])
    pairs.put({"run": "7", "owner": "me"})
    bias = PairsField("Bias", numbers=(-100, 100), digits_only=True, words=("Token id", "Bias"))
    bias.put({"50256": -100})
    for field in (number, unset, choice, checks, lines, pairs, bias):
        fields.addWidget(field)
    fields.addStretch(1)
    row.addLayout(fields, 1)
    return page


def inspector() -> QWidget:
    exchanges = Exchanges()
    for number in range(4):
        exchange = Exchange(
            "GetChatCompletions", "POST",
            "https://contoso.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2025-01-01-preview",
            connection="Contoso", deployment="gpt-4o",
        )  # fmt: skip
        exchange.begin_attempt()
        exchange.attempts.insert(0, Attempt(1, 0.0, "RateLimited", 429, 2.0))
        exchange.status = 200
        exchange.timing.connected, exchange.timing.sent, exchange.timing.first_byte = 0.08, 0.09, 0.4
        exchange.timing.first_token = 0.55
        exchange.record_events(['{"choices":[{"delta":{"content":"word"},"index":0}]}'] * 200)
        exchange.response_headers = [
            ("apim-request-id", "0f6a1c3e-7b7e-4f2e-9d0e-61b1"),
            ("x-ratelimit-remaining-requests", "118"),
            ("x-ratelimit-remaining-tokens", "119400"),
        ]
        exchange.end(("ok", "failed", "cancelled", "ok")[number], None if number != 1 else "ContentFiltered")
        exchange.timing.ended = 2.4
        exchanges.record(exchange)
    return Inspector(exchanges)


def overlays() -> QWidget:
    page = QWidget()
    page.setMinimumSize(900, 600)
    sheet = _Sheet(page, "Delete 3 files?", "training-1.jsonl, training-2.jsonl and one more are deleted on the "
                   "service. This cannot be undone.", "Delete 3 files", danger=True)  # fmt: skip
    sheet.setWindowFlags(Qt.WindowType.Widget)
    sheet.setParent(page)
    sheet.move(20, 330)
    menu = QMenu(page)
    for word, keys in (("Rename…", "F2"), ("Pin", ""), ("Delete", "Del")):
        action = menu.addAction(word)
        action.setShortcut(QKeySequence(keys))
    menu.addSeparator()
    menu.addAction("Not now").setEnabled(False)
    menu.setWindowFlags(Qt.WindowType.Widget)
    menu.move(520, 360)
    palette = CommandPalette(page)
    actions = [
        QAction(word, page) for word in ("Go to Chat", "Go to Images", "Zoom in", "Next theme", "Quit")
    ]
    actions[0].setShortcut(QKeySequence("Ctrl+1"))
    actions[2].setShortcut(QKeySequence("Ctrl++"))
    actions[3].setEnabled(False)

    def show_overlays() -> None:
        sheet.show()
        menu.show()
        palette.open_on(actions)

    page.show_overlays = show_overlays  # type: ignore[attr-defined]
    return page


def main(folder: Path) -> None:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    folder.mkdir(parents=True, exist_ok=True)
    theme = Theme()
    theme.apply(app)
    for shade, zoom in LOOKS:
        theme.follow(shade, zoom)
        for build in (controls, views, notices, parameters, inspector, overlays):
            page = build()
            width, height = {"inspector": (1200, 340)}.get(build.__name__, (1000, 720))
            page.resize(round(width * min(zoom, 1.3)), round(height * min(zoom, 1.3)))
            page.show()
            if hasattr(page, "show_overlays"):
                page.show_overlays()
            if hasattr(page, "focus_me"):
                page.activateWindow()
                page.focus_me.setFocus()
            until = time.monotonic() + 0.3
            while time.monotonic() < until:
                app.processEvents()
            page.grab().save(str(folder / f"{build.__name__}-{shade}-{round(zoom * 100)}.png"))
            page.close()
            page.deleteLater()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
