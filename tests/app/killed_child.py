"""A window that asks a question and says what it has received, until its parent kills it. Arguments: scenario, home.

Prints a JSON line for each piece of text: when it was there (monotonic seconds, shared by processes) and how much.
"""

import asyncio
import json
import os
import sys
import time
from contextlib import AsyncExitStack

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.app.composition import open_desk
from playground.app.main import run
from playground.features.chat.view import ChatView
from playground.settings.paths import folders

DRAFT = "a thought that was being typed when the light went out"


def say(**facts: object) -> None:
    print(json.dumps({"at": time.monotonic(), **facts}), flush=True)


async def main(app: QApplication) -> None:
    async with AsyncExitStack() as stack:
        desk = await open_desk(app, folders(), stack)
        view = desk.window.page("chat")
        assert isinstance(view, ChatView)
        await asyncio.sleep(0.1)
        if sys.argv[1] == "draft":
            QTest.keyClicks(view.composer.input, DRAFT)
            say(typed=len(DRAFT))
            await asyncio.sleep(60)
        received = 0
        feed = view.transcript.feed

        def heard(key: str, text: str) -> None:
            nonlocal received
            received += len(text)
            say(received=received)
            feed(key, text)

        view.transcript.feed = heard  # type: ignore[method-assign]
        await view.ask("Write a long story about a lighthouse, at least 4000 tokens.")
        say(received=received, done=True)
        await asyncio.sleep(60)


if __name__ == "__main__":
    os.environ["PLAYGROUND_HOME"] = sys.argv[2]
    run(main)
