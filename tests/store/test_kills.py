"""Processes killed at random moments: streaming (C1), typing (C2), migrating (C6)."""

import asyncio
import contextlib
import json
import random
import sqlite3
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from playground.store.conversations import Conversations
from playground.store.database import Database
from playground.store.drafts import Drafts
from playground.store.migrate import latest, version_of
from playground.store.search import Search
from tests.store.cases import child, first_line, integrity, kill, repeats, report, seeded
from tests.store.test_opening import older

AT_ONCE = 5


def on_its_own_loop(test: Callable[[Path], Coroutine[None, None, None]]) -> Callable[[Path], None]:
    """Run an async test without the harness, whose time limit is too short for hundreds of kills."""

    def run(tmp_path: Path) -> None:
        asyncio.run(test(tmp_path))

    return run


def killed(job: str, path: Path, seconds: float) -> tuple[list[str], list[tuple[float, int]], float]:
    """Let a child work for so long, kill it; its first line, then (moment, length) of each later one."""
    process = child(job, path)
    ready = first_line(process).split()
    time.sleep(seconds)
    moment = time.monotonic()
    lines = [line.split() for line in kill(process).splitlines()]
    return ready, [(float(line[0]), int(line[1])) for line in lines if len(line) == 2], moment


def all_killed(job: str, paths: list[Path], chance: random.Random) -> list:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        delays = [chance.uniform(0.1, 1.4) for _ in paths]
        return list(pool.map(lambda each: killed(job, *each), zip(paths, delays, strict=True)))


@on_its_own_loop
async def test_text_of_a_killed_answer_is_there_but_for_the_last_second(tmp_path: Path) -> None:
    seed, chance = seeded("C1")
    runs = repeats(10)
    paths = [tmp_path / str(number) / "history.sqlite3" for number in range(runs)]
    lost: list[int] = []
    late: list[float] = []
    for path, (ready, arrived, moment) in zip(paths, all_killed("stream", paths, chance), strict=True):
        assert integrity_after_kill(path) == "ok"
        async with Database.open(path) as database:
            assert (database.opening.outcome, database.notice) == ("ready", "")
            question, answer = await Conversations(database).turns(ready[1])
            assert (question.text, question.state) == ("Count, please.", "complete")
            assert (answer.id, answer.state) == (ready[2], "incomplete")
            assert answer.text == "".join(f"{number} " for number in range(answer.text.count(" ")))
            assert len(await Search(database).search("count")) == 1
        length = arrived[-1][1] if arrived else 0
        lost.append(length - len(answer.text))
        late.append(max((moment - at for at, size in arrived if size > len(answer.text)), default=0.0))
        assert late[-1] <= 1.0, f"text that was {late[-1]:.2f} s old is missing (seed {seed})"
    lost.sort()
    p95 = lost[int(len(lost) * 0.95)] if len(lost) > 1 else lost[0]
    report("C1", runs, 0, f"characters lost max={lost[-1]} p95={p95} oldest lost={max(late):.2f}s", seed)


def integrity_after_kill(path: Path) -> str:
    """The verdict on a copy: looking must not tidy up what the program is to find."""
    copy = path.parent / "copy"
    copy.mkdir()
    for each in (path, path.with_name(path.name + "-wal")):
        if each.exists():
            (copy / each.name).write_bytes(each.read_bytes())
    return integrity(copy / path.name)


@on_its_own_loop
async def test_what_was_typed_a_second_ago_is_in_the_draft(tmp_path: Path) -> None:
    seed, chance = seeded("C2")
    runs = repeats(6)
    paths = [tmp_path / str(number) / "history.sqlite3" for number in range(runs)]
    worst = 0.0
    for path, (_, typed, moment) in zip(paths, all_killed("type_draft", paths, chance), strict=True):
        async with Database.open(path) as database:
            draft = await Drafts(database).load("chat/1")
        kept = len(json.loads(draft)["text"]) if draft else 0
        worst = max([worst, *(moment - at for at, size in typed if size > kept)])
        assert kept or not typed or moment - typed[0][0] < 1
        assert worst <= 1.0, f"seed {seed}"
    report("C2", runs, 0, f"seconds of typing lost max={worst:.2f}", seed)


@on_its_own_loop
async def test_a_killed_migration_leaves_the_old_schema_or_the_new(tmp_path: Path) -> None:
    seed, chance = seeded("C6")
    runs = repeats(8)
    states = {"old": 0, "new": 0}
    backups = 0
    for number in range(runs):
        path = tmp_path / str(number) / "history.sqlite3"
        version = 1 + number % (latest() - 1)
        older(path, version, 3000)
        process = child("open_once", path)
        first_line(process)
        time.sleep(chance.uniform(0.0, 0.15))
        kill(process)
        assert integrity_after_kill(path) == "ok"
        with contextlib.closing(sqlite3.connect(path)) as connection:
            found = version_of(connection)
        assert found in (version, latest()), f"seed {seed}"
        states["old" if found == version else "new"] += 1
        async with Database.open(path) as database:
            assert database.opening.outcome == ("migrated" if found == version else "ready")
            assert len(await Conversations(database).turns("c")) == 3000
            assert len(await Search(database).search("old words 2999")) == 1
            kept = [each for each in await database.backups() if each.kind == "schema"]
        with contextlib.closing(sqlite3.connect(kept[0].path)) as copy:
            assert copy.execute("SELECT count(*) FROM turns").fetchone() == (3000,)
            assert version_of(copy) == version
        backups += 1
        assert not list((path.parent / "backups").glob("*.part*"))
    report("C6", runs, 0, f"old={states['old']} new={states['new']} backups={backups}/{runs}", seed)
