"""What the cases on real files and processes share: children, isolation, and one line for each result."""

import contextlib
import functools
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from playground.store.conversations import Conversations, Turn
from playground.store.database import Database

ROOT = Path(__file__).resolve().parents[2]


def report(case: str, runs: int, failures: int, figure: str, seed: object = "-") -> None:
    """The line of a case: id, runs, failures, figure, seed."""
    print(f"{case}: runs={runs} failures={failures} {figure} seed={seed}")


def seeded(case: str) -> tuple[int, random.Random]:
    """A seed that is printed with the result, and can be given again as PLAYGROUND_TEST_SEED."""
    seed = int(os.environ.get("PLAYGROUND_TEST_SEED", "0")) or random.SystemRandom().randrange(1, 10**9)
    return seed, random.Random(f"{case}/{seed}")


def repeats(usual: int) -> int:
    """How often a random case runs: few times in the suite, PLAYGROUND_TEST_REPEATS in a soak."""
    return int(os.environ.get("PLAYGROUND_TEST_REPEATS", "0")) or usual


def child(*arguments: object, before: Sequence[str] = ()) -> subprocess.Popen[str]:
    """A process of its own that does one of the jobs in ``children.py``."""
    command = [*before, sys.executable, "-m", "tests.store.children", *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL
    )


def finish(process: subprocess.Popen[str], seconds: float = 25) -> str:
    """What a child printed; it must end by itself, and well."""
    out, err = process.communicate(timeout=seconds)
    assert process.returncode == 0, f"exit code {process.returncode}: {err}"
    return out


def first_line(process: subprocess.Popen[str]) -> str:
    """Wait for the first line of a child."""
    assert process.stdout is not None
    return process.stdout.readline()


def kill(process: subprocess.Popen[str]) -> str:
    """SIGKILL, and what the child had printed until then."""
    process.kill()
    out, _ = process.communicate()
    return out


@functools.cache
def namespace() -> tuple[str, ...]:
    """The command that gives a child mounts of its own; empty where that is not allowed."""
    for command in (("unshare", "-m"), ("unshare", "-rm")):
        if (
            shutil.which("unshare")
            and not subprocess.run(
                [*command, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False
            ).returncode
        ):
            return command
    return ()


def in_namespace(mount: str) -> tuple[str, ...]:
    """A prefix for ``child``: run after these mount commands, which nobody else sees."""
    return (*namespace(), "sh", "-c", f'{mount} && exec "$@"', "sh")


def integrity(path: Path) -> str:
    """SQLite's own full verdict on a file that nobody has open."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])


async def grown(database: Database, conversations: int, turns: int) -> list[Turn]:
    """Fill a history: a chain of turns in each conversation."""
    history = Conversations(database)
    made = []
    for number in range(conversations):
        conversation = await history.create(f"Subject {number}")
        parent = None
        for index in range(turns):
            role = "assistant" if index % 2 else "user"
            text = f"{role} says word{index} in talk {number}. " * 4
            turn = await history.add_turn(conversation.id, parent, role, "{}", text)
            parent = turn.id
            made.append(turn)
    return made
