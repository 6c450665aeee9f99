"""The Connections tab on the real loop: what a person pastes, types, tests and deletes."""

import gc
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QWidget,
)

from playground.features.connections.page import PAGE
from playground.settings.file import SettingsFile
from playground.settings.profiles import ConnectionProfile, DeploymentEntry, HeaderEntry, ProxySettings
from tests.conftest import until
from tests.features.connections_bench import close, open_page, paste, saved
from tests.features.fake_resource import KEY, fake_resource

CANARY = "sk-canary-5f0e7a"
URL = "https://res.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21"


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the machine offers a connection; no earlier test's timers die on a worker thread."""
    for name in ("ENDPOINT", "API_KEY", "AD_TOKEN"):
        monkeypatch.delenv(f"AZURE_OPENAI_{name}", raising=False)
    gc.freeze()


async def test_pasting_a_curl_command_fills_the_form_and_keeps_the_key_out_of_sight(tmp_path: Path, qtbot):
    view, bench = open_page(tmp_path, qtbot, ConnectionProfile(id="c"))
    paste(view.form.paste, f'curl "{URL}" \\\n -H "api-key: {CANARY}" -d "{{}}"')
    await until(lambda: view.frame.saved.text() == "Saved")

    assert view.form.endpoint.text() == "https://res.openai.azure.com"
    assert view.form.api_version.currentText() == "2024-10-21"
    assert [row.name.text() for row in view.form.deployments.rows] == ["gpt-4o"]
    assert view.form.deployments.rows[0].marks["chat"].isChecked()
    assert view.form.name.text() == "res"
    assert "Recognised: endpoint, deployment gpt-4o" in view.form.found.text()
    profile = saved(bench, "c")
    assert profile.deployments == [DeploymentEntry(name="gpt-4o", capabilities=["chat"])]
    secret = await bench.secrets.get(profile.key_reference)
    assert secret is not None
    assert secret.get_secret_value() == CANARY
    await until(lambda: "stored" in view.form.key.placeholderText())
    shown = [w.text() for w in view.findChildren(QLineEdit)] + [
        w.toPlainText() for w in view.findChildren(QPlainTextEdit)
    ]
    assert CANARY not in " ".join(shown)
    await close(view, bench)
    assert CANARY not in (tmp_path / "settings.json").read_text()


async def test_saved_is_said_only_when_it_is_on_the_disk(tmp_path: Path, qtbot):
    view, bench = open_page(tmp_path, qtbot, ConnectionProfile(id="c", name="Old"))
    view.form.name.setFocus()
    view.form.name.selectAll()
    qtbot.keyClicks(view.form.name, "Production")
    assert view.frame.saved.text() == "Saving…"
    await until(lambda: view.frame.saved.text() == "Saved")
    assert SettingsFile(tmp_path / "settings.json").load().connections[0].name == "Production"
    assert view.pane.list.item(1).text() == "Production"
    assert view.frame.title.full_text() == "Production"
    await close(view, bench)


async def test_a_disk_that_refuses_is_admitted(tmp_path: Path, qtbot, monkeypatch: pytest.MonkeyPatch):
    view, bench = open_page(tmp_path, qtbot, ConnectionProfile(id="c"))
    (tmp_path / "in the way").write_text("")
    monkeypatch.setattr(bench.choices._file, "path", tmp_path / "in the way" / "settings.json")
    bench.choices.prefer(zoom=1.5)
    view.form.edited.emit()
    await until(lambda: view.frame.saved.text().startswith("Not saved:"))
    monkeypatch.undo()
    bench.errors.clear()
    await close(view, bench)


async def test_testing_says_what_is_wrong_and_after_mending_that_it_works(tmp_path: Path, qtbot):
    async with fake_resource() as resource:
        profile = ConnectionProfile(
            id="c",
            endpoint=resource.url,
            api_version="2024-10-21",
            proxy=ProxySettings(mode="none"),
            deployments=[DeploymentEntry(name="chat", capabilities=["chat"])],
        )
        view, bench = open_page(tmp_path, qtbot, profile)
        view.form.key.setText("sk-wrong-key")
        qtbot.mouseClick(view.doctor.button, Qt.MouseButton.LeftButton)
        await until(lambda: view.doctor.button.text() == "Test again", 15)
        assert view.doctor.rows["key"].step.state == "failed"
        assert view.doctor.verdict.full_text().startswith("Credential: The key is not accepted")
        assert "Wrong" in view.doctor.rows["key"].accessibleName()

        view.form.key.setText(KEY)
        view.form.key.editingFinished.emit()
        qtbot.mouseClick(view.doctor.button, Qt.MouseButton.LeftButton)
        await until(lambda: view.doctor.verdict.full_text() == "Everything that was examined works.", 15)
        assert view.doctor.rows["deployment:chat"].step.state == "ok"
        await close(view, bench)


async def test_deleting_is_undone_with_the_key(tmp_path: Path, qtbot):
    view, bench = open_page(tmp_path, qtbot, ConnectionProfile(id="c", name="Mine", endpoint="https://x"))
    view.form.key.setText(CANARY)
    view.form.key.editingFinished.emit()
    await until(lambda: saved(bench, "c").key_reference)
    qtbot.mouseClick(view.frame.delete_button, Qt.MouseButton.LeftButton)
    await until(lambda: bench.said)
    text, undo = bench.said[0]
    assert text == "Mine was deleted."
    assert await bench.secrets.get("connection/c") is None
    assert view.form.name.text() == "This computer"
    assert undo is not None
    undo()
    await until(lambda: view.form.name.text() == "Mine")
    secret = await bench.secrets.get("connection/c")
    assert secret is not None
    assert secret.get_secret_value() == CANARY
    assert bench.connections.current.id == "c", "it was in use, and is again"
    await close(view, bench)


async def test_the_key_field_gives_nothing_back(tmp_path: Path, qtbot):
    view, bench = open_page(tmp_path, qtbot, ConnectionProfile(id="c"))
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("before")
    field = view.form.key
    field.setFocus()
    qtbot.keyClicks(field, CANARY)
    for key in (Qt.Key.Key_A, Qt.Key.Key_C):
        qtbot.keyClick(field, key, Qt.KeyboardModifier.ControlModifier)
    field.copy()
    qtbot.mouseClick(field, Qt.MouseButton.RightButton, pos=QPoint(5, 5))
    assert clipboard.text() == "before"
    assert CANARY not in field.displayText()
    field.cut()
    assert clipboard.text() == "before"
    qtbot.keyClicks(field, CANARY)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == ""
    await until(lambda: saved(bench, "c").key_reference)
    await close(view, bench)


async def test_a_key_typed_last_is_kept_when_the_window_closes(tmp_path: Path, qtbot):
    view, bench = open_page(tmp_path, qtbot, ConnectionProfile(id="c"))
    view.form.key.setText(CANARY)
    view.form.name.setText("Last words")
    await close(view, bench)
    assert saved(bench, "c").name == "Last words"
    assert await bench.secrets.get("connection/c") is not None


async def test_forgetting_a_key(tmp_path: Path, qtbot):
    view, bench = open_page(tmp_path, qtbot, ConnectionProfile(id="c"))
    view.form.key.setText(CANARY)
    view.form.key.editingFinished.emit()
    await until(view.form.forget.isVisible)
    qtbot.mouseClick(view.form.forget, Qt.MouseButton.LeftButton)
    await until(lambda: not saved(bench, "c").key_reference)
    await until(lambda: not view.form.forget.isVisible())
    assert await bench.secrets.get("connection/c") is None
    await close(view, bench)


async def test_a_variable_is_kept_as_a_reference_and_a_missing_one_is_said(
    tmp_path: Path, qtbot, monkeypatch
):
    view, bench = open_page(tmp_path, qtbot, ConnectionProfile(id="c", endpoint="https://x.example"))
    view.form.key.setText("${MY_AZURE_KEY}")
    view.form.key.editingFinished.emit()
    await until(lambda: "not set now" in view.form.key_note.full_text())
    assert saved(bench, "c").key_reference == "${MY_AZURE_KEY}"
    qtbot.mouseClick(view.doctor.button, Qt.MouseButton.LeftButton)
    await until(lambda: view.doctor.button.text() == "Test again")
    assert view.doctor.verdict.full_text() == "Credential: The variable MY_AZURE_KEY is not set."
    await close(view, bench)


async def test_a_sensitive_header_is_stored_like_a_key(tmp_path: Path, qtbot):
    view, bench = open_page(tmp_path, qtbot, ConnectionProfile(id="c"))
    rows = view.form.advanced.headers
    for name, value in (("Ocp-Apim-Subscription-Key", CANARY), ("X-Team", "blue")):
        rows.name.setText(name)
        rows.value.setText(value)
        qtbot.mouseClick(rows.add_button, Qt.MouseButton.LeftButton)
        await until(lambda wanted=name: wanted in [h.name for h in saved(bench, "c").headers])  # type: ignore[misc]
    assert saved(bench, "c").headers == [
        HeaderEntry(
            name="Ocp-Apim-Subscription-Key", reference="connection/c/header/ocp-apim-subscription-key"
        ),
        HeaderEntry(name="X-Team", value="blue"),
    ]
    rows.name.setText("not a name")
    rows.value.setText("x")
    qtbot.mouseClick(rows.add_button, Qt.MouseButton.LeftButton)
    assert rows.name.property("bad")
    rows.removed.emit("Ocp-Apim-Subscription-Key")
    await until(lambda: len(saved(bench, "c").headers) == 1)
    assert await bench.secrets.get("connection/c/header/ocp-apim-subscription-key") is None
    await close(view, bench)


async def test_switching_saves_what_was_typed_and_shows_the_other(tmp_path: Path, qtbot):
    one, two = ConnectionProfile(id="1", name="One"), ConnectionProfile(id="2", name="Two", kind="openai")
    view, bench = open_page(tmp_path, qtbot, one, two)
    view.form.endpoint.setFocus()
    qtbot.keyClicks(view.form.endpoint, "https://one.example")
    view.pane.list.setCurrentRow(2)
    assert view.form.name.text() == "Two"
    assert view.form.endpoint.text() == ""
    assert not view.form.api_version.isVisible()
    assert saved(bench, "1").endpoint == "https://one.example"
    assert saved(bench, "2") == two
    await close(view, bench)


async def test_deployments_are_added_marked_and_taken_out(tmp_path: Path, qtbot):
    view, bench = open_page(tmp_path, qtbot, ConnectionProfile(id="c"))
    table = view.form.deployments
    qtbot.mouseClick(table.add_button, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(table.rows[0].name, "vision")
    qtbot.mouseClick(table.rows[0].marks["images"], Qt.MouseButton.LeftButton)
    await until(lambda: saved(bench, "c").deployments)
    assert saved(bench, "c").deployments == [DeploymentEntry(name="vision", capabilities=["chat", "images"])]
    assert table.rows[0].name.text() == "vision", "the row was not built anew under the cursor"
    table.rows[0].removed.emit()
    await until(lambda: not saved(bench, "c").deployments)
    await close(view, bench)


async def test_a_new_connection_gets_a_free_name_and_colour_and_waits_for_a_paste(tmp_path: Path, qtbot):
    view, bench = open_page(tmp_path, qtbot, ConnectionProfile(id="c", name="New connection"))
    qtbot.mouseClick(view.pane.new_button, Qt.MouseButton.LeftButton)
    assert view.form.name.text() == "New connection 2"
    assert view.pane.list.currentRow() == 2
    assert view.form.colour.colour() not in ("", "blue", "teal")
    assert view.focusWidget() is view.form.paste
    await close(view, bench)


async def test_this_computer_needs_no_setting_up_and_cannot_be_deleted(tmp_path: Path, qtbot):
    view, bench = open_page(tmp_path, qtbot)
    assert view.form.note.isVisible()
    for widget in (
        view.frame.delete_button,
        view.form.endpoint,
        view.form.key,
        view.form.advanced,
        view.form.paste,
    ):
        assert not widget.isVisible()
    await close(view, bench)


async def test_the_environments_connection_follows_its_variables(tmp_path: Path, qtbot, monkeypatch):
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://env.openai.azure.com")
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", CANARY)
    view, bench = open_page(tmp_path, qtbot, shown="environment")
    assert view.form.endpoint.text() == "https://env.openai.azure.com"
    assert not view.form.endpoint.isEnabled()
    assert not view.frame.delete_button.isVisible()
    await until(lambda: "AZURE_OPENAI_API_KEY" in view.form.key_note.full_text())
    await close(view, bench)
    assert CANARY not in "".join(path.read_text() for path in tmp_path.rglob("*.json"))


async def test_another_tabs_change_reaches_the_page(tmp_path: Path, qtbot):
    view, bench = open_page(tmp_path, qtbot, ConnectionProfile(id="c", name="One"))
    bench.connections.save(saved(bench, "c").model_copy(update={"name": "Renamed elsewhere"}))
    assert view.form.name.text() == "Renamed elsewhere"
    bench.connections.remove("c")
    assert view.form.name.text() == "This computer"
    await close(view, bench)


@pytest.mark.parametrize(("width", "beside"), [(1300, True), (820, False)])
async def test_the_doctor_stands_beside_or_below_and_nothing_is_cut_off(
    tmp_path: Path, qtbot, width: int, beside: bool
):
    view, bench = open_page(
        tmp_path, qtbot, ConnectionProfile(id="c", deployments=[DeploymentEntry(name="d")])
    )
    view.resize(width, 700)
    view.form.advanced.unfold(True)

    def cut_off() -> list[str]:
        frame = view.frame.viewport()
        return [
            widget.accessibleName()
            for widget in view.frame.findChildren(QWidget)
            if widget.isVisible()
            and isinstance(widget, QAbstractButton | QLineEdit | QComboBox)
            and not 0 <= widget.mapTo(frame, QPoint(0, 0)).x() <= frame.width() - widget.width()
        ]

    await until(lambda: view.frame.test_button.isVisible() is not beside and not cut_off())
    await close(view, bench)


async def test_every_control_has_a_name(tmp_path: Path, qtbot):
    view, bench = open_page(
        tmp_path, qtbot, ConnectionProfile(id="c", deployments=[DeploymentEntry(name="d")])
    )
    view.form.advanced.headers.show_headers([HeaderEntry(name="X-Team", value="blue")])
    kinds = QAbstractButton | QLineEdit | QComboBox | QPlainTextEdit | QAbstractSpinBox | QListWidget
    nameless = [
        widget
        for widget in view.findChildren(QWidget)
        if isinstance(widget, kinds)
        and not (widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()))
        and widget.objectName() not in ("qt_spinbox_lineedit", "qt_toolbar_ext_button")
        and not isinstance(widget.parent(), QComboBox | QAbstractSpinBox)
    ]
    assert nameless == []
    await close(view, bench)


def test_the_page_stands_at_the_bottom_of_the_rail():
    assert (PAGE.id, PAGE.title, PAGE.section, PAGE.capability) == (
        "connections",
        "Connections",
        "bottom",
        None,
    )
