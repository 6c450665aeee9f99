"""``bench-chat``: the real window, a real answer, one JSON line per phase for whoever samples from outside.

Lines on standard output: ``usable`` (one can type), ``idle`` (the history is shown), ``sent``, and ``done``
with the gaps of a 16 ms timer in milliseconds while the answer streamed, and ``render_lag_ms``: from the end
of the stream to its last text being on the screen. The key is read from AZURE_OPENAI_API_KEY.
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from playground.app.composition import Desk, open_desk
from playground.app.main import run
from playground.features.chat.view import ChatView
from playground.settings.file import SettingsFile
from playground.settings.paths import folders
from playground.settings.profiles import ConnectionProfile, DeploymentEntry
from playground.store.conversations import Conversations

FRAME_MS = 16
STALL_MS = 100
EARLIER = (
    "Here is **message {number}** of the history, with `code` in it.\n\n"
    "- a first point that takes up a line\n- a second one\n\n```python\nprint({number})\n```\n"
)


class Frames:
    """The gaps between the ticks of a timer that should fire once a frame."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._on_tick)

    def start(self) -> None:
        """Begin to count."""
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> dict[str, float]:
        """End, and say what was seen, in milliseconds."""
        self._timer.stop()
        gaps = sorted(self.gaps) or [0.0]
        return {
            "raf_p50": round(gaps[len(gaps) // 2], 2),
            "raf_p99": round(gaps[min(len(gaps) - 1, int(len(gaps) * 0.99))], 2),
            "raf_max": round(gaps[-1], 2),
            "stalls_over_100ms": sum(gap > STALL_MS for gap in gaps),
        }

    def _on_tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._last) * 1000)
        self._last = now


def say(event: str, **facts: float) -> None:
    """One line for the program outside."""
    print(json.dumps({"ev": event, **facts}), flush=True)


def bench_chat(options: argparse.Namespace) -> int:
    """Measure one answer in the window; 0 when it came whole."""
    with tempfile.TemporaryDirectory(prefix="playground-bench-") as home:
        os.environ["PLAYGROUND_HOME"] = home

        async def main(app: QApplication) -> int:
            async with AsyncExitStack() as stack:
                return await _measure(app, stack, options)

        return run(main)


async def _measure(app: QApplication, stack: AsyncExitStack, options: argparse.Namespace) -> int:
    place = folders()
    profile = ConnectionProfile(
        id="bench",
        name="Bench",
        kind=options.kind,
        endpoint=options.endpoint,
        key_reference="${AZURE_OPENAI_API_KEY}",
        deployments=[DeploymentEntry(name=options.deployment, capabilities=["chat"])],
    )
    await asyncio.to_thread(_choose, place.settings_file, profile)
    desk = await open_desk(app, place, stack)
    view = desk.window.page("chat")
    assert isinstance(view, ChatView)
    await _painted(desk)
    say("usable")
    conversation = await _earlier(desk.bench.history.conversations, options.history)
    await view.open_conversation(conversation)
    await _painted(desk)
    say("idle")
    frames = Frames()
    say("sent")
    frames.start()
    await view.ask(options.prompt)
    arrived = time.perf_counter()
    while not view.transcript.idle:  # noqa: ASYNC110  (the transcript paints on its own clock)
        await asyncio.sleep(0.005)
    await _painted(desk)
    lag = (time.perf_counter() - arrived) * 1000
    say("done", **frames.stop(), render_lag_ms=round(lag, 2))
    return 0 if _whole(desk, view) else 1


def _choose(path: Path, profile: ConnectionProfile) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = SettingsFile(path)
    file.save(file.load().with_profile(profile).with_preferences(last_connection=profile.id, welcomed=True))


async def _earlier(conversations: Conversations, count: int) -> str:
    """A conversation of so many messages, in the store like any other."""
    conversation = await conversations.create("Bench", "{}")
    parent: str | None = None
    for number in range(count):
        role = "user" if number % 2 == 0 else "assistant"
        text = EARLIER.format(number=number)
        body = json.dumps({"role": role, "content": text})
        turn = await conversations.add_turn(conversation.id, parent, role, body, text, "complete", "{}")
        parent = turn.id
    return conversation.id


async def _painted(desk: Desk) -> None:
    """Until what is on its way to the screen has been drawn. Never by processEvents: that is a nested loop."""
    for _ in range(3):
        await asyncio.sleep(0)
    desk.window.repaint()


def _whole(desk: Desk, view: ChatView) -> bool:
    path = view.session.tree.path() if view.session else []
    return bool(path) and path[-1].role == "assistant" and path[-1].state == "complete"
