"""The tour: drives the real window through each tab's main job, and saves a picture of each step.

It is the demonstration, the source of the documentation's pictures, and an end-to-end test: it ends with a
code other than 0 when a step fails. It needs no display.
"""

import asyncio
import os
import sys
import tempfile
import traceback
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

from PySide6.QtWidgets import QApplication

from playground.app.composition import Desk, open_desk
from playground.features.chat.view import ChatView
from playground.features.connections.view import ConnectionsView
from playground.settings.paths import folders
from playground.settings.profiles import EMBEDDED_ID

SIZE = (1440, 900)
NARROW = (860, 640)
QUESTION = (
    "Explain in a short Markdown answer how an HTTP client should retry: a list, a small table, and a Python "
    "function with exponential backoff."
)
PASTED = (
    "curl https://contoso.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2025-01-01-preview"
    " -H 'Content-Type: application/json' -d '{}'"
)


class Tour:
    """The steps, in order; each leaves the window as the next one wants it."""

    def __init__(self, desk: Desk, out: Path) -> None:
        self._desk = desk
        self._out = out
        self._window = desk.window
        self._bench = desk.bench
        self._theme = ""
        self.taken: list[Path] = []

    async def take(self) -> None:
        """Go through everything, in both themes."""
        for theme in ("light", "dark"):
            self._theme = theme
            self._bench.choices.prefer(theme=theme)
            self._bench.theme.follow(theme, self._bench.choices.preferences.zoom)
            for step in self._steps():
                await step()

    def _steps(self) -> list[Callable[[], Awaitable[None]]]:
        return [
            self._empty,
            self._answer,
            self._inspector,
            self._filtered,
            self._versions,
            self._search,
            self._narrow,
            self._connections,
            self._connections_pasted,
        ]

    @property
    def _chat(self) -> ChatView:
        view = self._window.page("chat")
        assert isinstance(view, ChatView)
        return view

    async def _empty(self) -> None:
        self._window.show_page("chat")
        await self._chat.new_conversation()
        await self._picture("chat-empty")

    async def _answer(self) -> None:
        self._chat.setup_pane.form.set_values({"temperature": 0.4, "seed": 7})
        await self._ask(QUESTION)
        await self._picture("chat")

    async def _inspector(self) -> None:
        self._window.strip.inspector_button.setChecked(True)
        await self._picture("inspector")
        self._window.strip.inspector_button.setChecked(False)

    async def _filtered(self) -> None:
        await self._chat.new_conversation()
        await self._ask("Tell me a story. [[filter-answer:violence]]")
        await self._picture("chat-filtered")

    async def _versions(self) -> None:
        await self._chat.new_conversation()
        await self._ask("Name three uses of a lighthouse.")
        session = self._chat.session
        assert session is not None
        await self._chat.regenerate(session.tree.path()[-1].id)
        await self._picture("chat-versions")

    async def _search(self) -> None:
        await self._chat.pane.search("backoff")
        await self._picture("chat-search")
        await self._chat.pane.search("")

    async def _narrow(self) -> None:
        self._window.strip.parameters_button.setChecked(False)
        self._window.resize(*NARROW)
        await self._picture("chat-narrow")
        self._window.resize(*SIZE)
        self._window.strip.parameters_button.setChecked(True)

    async def _connections(self) -> None:
        view = self._connections_view
        self._window.show_page("connections")
        view.pane.chosen.emit(EMBEDDED_ID)
        view.doctor.test_requested.emit()
        await self._until(lambda: view.doctor.button.text() == "Test again")
        await self._picture("connections")

    async def _connections_pasted(self) -> None:
        view = self._connections_view
        before = len(self._bench.connections.profiles)
        view.new_connection()
        await self._until(lambda: len(self._bench.connections.profiles) > before)
        view.form.pasted.emit(PASTED)
        await self._until(
            lambda: any("contoso" in each.endpoint for each in self._bench.connections.profiles)
        )
        await self._picture("connections-pasted")

    @property
    def _connections_view(self) -> ConnectionsView:
        view = self._window.page("connections")
        assert isinstance(view, ConnectionsView)
        return view

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not condition():  # noqa: ASYNC110  (the window tells nobody when it has drawn something)
                await asyncio.sleep(0.05)

    async def _ask(self, text: str) -> None:
        await self._chat.ask(text)
        await self._settled()
        session = self._chat.session
        if session is None or session.tree.path()[-1].role != "assistant":
            raise AssertionError(f"no answer to {text!r}")

    async def _settled(self) -> None:
        async with asyncio.timeout(20):
            while not self._chat.transcript.idle:  # noqa: ASYNC110  (the transcript paints on its own clock)
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.3)

    async def _picture(self, name: str) -> None:
        await asyncio.sleep(0.3)
        path = self._out / f"{name}-{self._theme}.png"
        if not self._window.grab().save(str(path)):
            raise OSError(f"{path} could not be written")
        self.taken.append(path)
        print(path.name, flush=True)


def take_tour(out: str) -> int:
    """Take the tour on a fresh profile; pictures go to the folder ``out``. 0 when every step worked."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from playground.app.main import run

    folder = Path(out).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="playground-tour-") as home:
        os.environ["PLAYGROUND_HOME"] = home

        async def main(app: QApplication) -> int:
            try:
                async with AsyncExitStack() as stack:
                    desk = await open_desk(app, folders(), stack)
                    desk.window.resize(*SIZE)
                    await Tour(desk, folder).take()
            except Exception:
                traceback.print_exc()
                return 1
            return 0

        return run(main)
