"""A real window on a temporary profile, with the real service behind it: what app and feature tests use."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from playground.app.composition import Desk, open_desk
from playground.settings.paths import folders


@asynccontextmanager
async def a_desk(monkeypatch: pytest.MonkeyPatch, home: Path, pace: str = "0") -> AsyncIterator[Desk]:
    """Open the window on ``home``; everything is taken down at the end, as when the program is closed.

    ``pace`` is in tokens a second, 0 as fast as it goes.
    """
    monkeypatch.setenv("PLAYGROUND_HOME", str(home))
    monkeypatch.setenv("PLAYGROUND_SIMULATED_TOKENS_PER_SECOND", pace)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    for name in ("AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY", "OPENAI_API_VERSION"):
        monkeypatch.delenv(name, raising=False)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    async with AsyncExitStack() as stack:
        yield await open_desk(app, folders(), stack)
