"""kill -9 in the middle of an answer or of a sentence: what was there a second before is there afterwards."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from playground.settings.paths import folders
from playground.store.conversations import Conversations
from playground.store.database import Database
from playground.store.drafts import Drafts
from tests.app.killed_child import DRAFT

RUNS = int(os.environ.get("PLAYGROUND_KILL_RUNS", "4"))
CHILD = Path(__file__).with_name("killed_child.py")
MARGIN_SECONDS = 1.0


def start(scenario: str, home: Path) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "PLAYGROUND_SIMULATED_TOKENS_PER_SECOND": "150",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "PYTHONPATH": str(CHILD.parents[2]),
    }
    return subprocess.Popen(
        [sys.executable, str(CHILD), scenario, str(home)], stdout=subprocess.PIPE, env=environment
    )


def killed_after(child: subprocess.Popen[bytes], wanted: str, seconds: float) -> tuple[list[dict], float]:
    """Let the child say its first line with this member, wait, and kill it: its lines, and when it died."""
    assert child.stdout is not None
    with child.stdout as said:
        rows: list[dict] = []
        while not rows or wanted not in rows[-1]:
            line = said.readline()
            assert line, "the child ended by itself"
            rows.append(json.loads(line))
        time.sleep(seconds)
        died = time.monotonic()
        child.send_signal(signal.SIGKILL)
        rest = said.read().decode()
    child.wait()
    return rows + [json.loads(line) for line in rest.splitlines() if line.endswith("}")], died


@pytest.mark.parametrize("run", range(RUNS))
async def test_an_answer_survives_up_to_its_last_second(run: int, tmp_path: Path, monkeypatch) -> None:
    seconds = random.Random(run).uniform(1.2, 3.5)
    rows, died = await asyncio.to_thread(killed_after, start("answer", tmp_path), "received", seconds)
    told = max((row["received"] for row in rows if row["at"] < died - MARGIN_SECONDS), default=0)
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path))
    async with Database.open(folders().database) as database:
        conversations = Conversations(database)
        turns = await conversations.turns((await conversations.list())[0].id)
    question, answer = turns
    lost = told - len(answer.text)
    print(f"C1 run {run}: killed after {seconds:.2f} s, told {told}, kept {len(answer.text)}, seed {run}")
    assert told > 0
    assert lost <= 0
    assert question.state == "complete"
    assert answer.state == "incomplete"


async def test_a_draft_survives(tmp_path: Path, monkeypatch) -> None:
    await asyncio.to_thread(killed_after, start("draft", tmp_path), "typed", 1.5)
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path))
    async with Database.open(folders().database) as database:
        kept = await Drafts(database).load("chat/new")
    assert json.loads(kept or "{}").get("text") == DRAFT
