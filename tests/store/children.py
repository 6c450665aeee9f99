"""Jobs that tests run in processes of their own, to kill them, trace them or give them a full disk."""

import asyncio
import json
import logging
import os
import resource
import sys
import time
from pathlib import Path

from playground.store.conversations import Conversations
from playground.store.database import Database
from playground.store.drafts import Drafts
from playground.store.errors import StoreError
from playground.store.search import Search

SAVE_EVERY = 0.25


def say(*words: object) -> None:
    """Print at once: whoever kills this process reads what was said before."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


async def stream(path: Path) -> None:
    """An answer that grows without end; says how long it is, and when, each time that text arrives."""
    async with Database.open(path) as database:
        history = Conversations(database)
        conversation = await history.create("Streaming")
        question = await history.add_turn(conversation.id, None, "user", "{}", "Count, please.")
        answer = await history.add_turn(conversation.id, question.id, "assistant", "{}", "", "streaming")
        say("ready", conversation.id, answer.id)
        text, number, saved = "", 0, time.monotonic()
        while True:
            text += f"{number} "
            number += 1
            say(time.monotonic(), len(text))
            if time.monotonic() - saved >= SAVE_EVERY:
                await history.update_turn(answer.id, text=text)
                saved = time.monotonic()
            await asyncio.sleep(0.01)


async def type_draft(path: Path) -> None:
    """A draft that grows by a keystroke every 50 ms and is kept as often as that."""
    async with Database.open(path) as database:
        drafts = Drafts(database)
        say("ready")
        typed = ""
        while True:
            typed += "x"
            say(time.monotonic(), len(typed))
            await drafts.save("chat/1", json.dumps({"text": typed, "model": "chat"}))
            await asyncio.sleep(0.05)


async def write(path: Path, name: str, count: str) -> None:
    """So many turns in one conversation that others write to as well."""
    async with Database.open(path) as database:
        history = Conversations(database)
        [conversation] = await history.list()
        say("ready")
        while not path.with_name("go").exists():
            await asyncio.sleep(0.005)
        for number in range(int(count)):
            turn = await history.add_turn(conversation.id, None, "user", "{}", f"{name} {number}")
            if number % 10 == 0:
                await history.rename(conversation.id, turn.text)
            await asyncio.sleep(0.001)
        say("done")


async def open_once(path: Path) -> None:
    """Open (and so migrate), and say how it went."""
    say("ready")
    async with Database.open(path) as database:
        say(database.opening.outcome)


async def send(path: Path, count: str) -> None:
    """So many messages; each is followed by a look at a file that a tracer can see: "it is shown now"."""
    async with Database.open(path) as database:
        history = Conversations(database)
        conversation = await history.create("Traced")
        seconds = []
        os.access("/shown-begin", os.F_OK)
        for number in range(int(count)):
            begun = time.perf_counter()
            await history.add_turn(conversation.id, None, "user", "{}", f"message {number}")
            seconds.append(time.perf_counter() - begun)
            os.access(f"/shown-{number}", os.F_OK)
        levels = await database.read(lambda c: c.execute("PRAGMA synchronous").fetchone()[0])
        say(json.dumps({"seconds": sorted(seconds), "synchronous": levels}))


async def fill(path: Path, how: str) -> None:
    """Send, use up the space (or limit the size of files), try to send, give it back, send again; tell."""
    facts: dict[str, object] = {}
    ballast = path.parent / "ballast"
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    async with Database.open(path) as database:
        history, drafts = Conversations(database), Drafts(database)
        conversation = await history.create("Before")
        await history.add_turn(conversation.id, None, "user", "{}", "first")
        if how == "disk":
            take_all_space(ballast)
        else:
            largest = max(each.stat().st_size for each in path.parent.iterdir())
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, unlimited[1]))
        lost = "a long message " * 20_000
        for name, attempt in (
            ("send", history.add_turn(conversation.id, None, "user", "{}", lost)),
            ("draft", drafts.save("chat/1", lost)),
        ):
            try:
                await attempt
                facts[name] = "no error"
            except StoreError as error:
                facts[name] = type(error).__name__
        facts["while full"] = [turn.text for turn in await history.turns(conversation.id)]
        ballast.unlink(missing_ok=True)
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
        await history.add_turn(conversation.id, None, "user", "{}", lost)
        facts["after"] = [len(turn.text) for turn in await history.turns(conversation.id)]
        facts["found"] = len(await Search(database).search("message"))
    say(json.dumps(facts))


def take_all_space(path: Path) -> None:
    """Write until nothing more fits."""
    handle = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    piece = 1 << 20
    while piece:
        try:
            os.write(handle, b"x" * piece)
        except OSError:
            piece //= 2
    os.close(handle)


async def open_full(path: Path) -> None:
    """Open an older history on a disk that is full; then again with space."""
    ballast = path.parent / "ballast"
    take_all_space(ballast)
    async with Database.open(path) as database:
        full = database.opening.outcome
        seen = await database.read(lambda c: c.execute("SELECT count(*) FROM turns").fetchone()[0])
    ballast.unlink()
    async with Database.open(path) as database:
        say(json.dumps({"full": full, "seen": seen, "after": database.opening.outcome}))


async def look(path: Path) -> None:
    """Read everything there is, and try to write."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    facts: dict[str, object] = {}
    async with Database.open(path) as database:
        history = Conversations(database)
        facts |= {
            "outcome": database.opening.outcome,
            "notice": database.notice,
            "writable": database.writable,
        }
        facts["turns"] = [turn.text for each in await history.list() for turn in await history.turns(each.id)]
        facts["found"] = len(await Search(database).search("first"))
        errors = []
        for _ in range(20):
            try:
                await history.create("New")
                errors.append("no error")
            except StoreError as error:
                errors.append(type(error).__name__)
        facts["errors"] = sorted(set(errors))
    say(json.dumps(facts | {"log lines": len(lines)}))


JOBS = {job.__name__: job for job in (stream, type_draft, write, open_once, send, fill, open_full, look)}

if __name__ == "__main__":
    asyncio.run(JOBS[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:]))
