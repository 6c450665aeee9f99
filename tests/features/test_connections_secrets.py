"""A secret that is entered, used and refused is in no file, log line, picture of the form, or message."""

import asyncio
import logging
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from playground.settings.profiles import ConnectionProfile, DeploymentEntry, ProxySettings
from tests.conftest import until
from tests.features.connections_bench import close, open_page, paste
from tests.features.fake_resource import error, fake_resource
from tests.settings.canary import hits, spellings

CANARY = "sk-canary7Q9zK2mX4"


@pytest.mark.parametrize("status", [200, 401, 403, 404, 400, 500])
async def test_a_secret_leaves_no_trace(tmp_path: Path, qtbot, caplog: pytest.LogCaptureFixture, status: int):
    caplog.set_level(1)
    for name in ("httpx", "httpcore", "asyncio", "playground", "keyring"):
        caplog.set_level(1, logger=name)
    logging.getLogger("httpcore").setLevel(1)
    reply = error(status, "code", f"Incorrect API key provided: {CANARY}")
    async with fake_resource(lambda _: reply) as resource:
        profile = ConnectionProfile(
            id="c",
            endpoint=resource.url,
            proxy=ProxySettings(mode="none"),
            deployments=[DeploymentEntry(name="chat", capabilities=["chat"])],
        )
        view, bench = open_page(tmp_path, qtbot, profile)
        paste(view.form.paste, f"AZURE_OPENAI_API_KEY={CANARY}")
        view.form.advanced.header_entered.emit("Ocp-Apim-Subscription-Key", CANARY)
        view.form.advanced.proxy_password_entered.emit(CANARY)
        await until(lambda: len(bench.choices.settings.connections[0].references()) == 3)
        qtbot.mouseClick(view.doctor.button, Qt.MouseButton.LeftButton)
        await until(lambda: view.doctor.button.text() == "Test again", 15)
        shown = [label.text() for label in view.findChildren(QLabel)]
        shown += [
            w.accessibleName() + w.accessibleDescription() + w.toolTip() for w in view.findChildren(QWidget)
        ]
        await close(view, bench)
        assert any(CANARY in str(asked.headers) for asked in resource.asked), "it was used at all"
    await asyncio.sleep(0)
    assert hits(CANARY, tmp_path) == []
    told = (caplog.text + " ".join(shown)).encode()
    assert [name for name, form in spellings(CANARY).items() if form in told] == []
