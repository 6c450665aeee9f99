"""How quick a full history is: 5,000 conversations, one of them with 20,000 turns, 100,000 turns in all.

Run by hand: ``python -m tests.benchmarks.store_scale [FOLDER]``. Each line gives the median and the worst of
several runs, and how many times longer than the same thing in a history of ten conversations.
"""

import asyncio
import contextlib
import random
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from playground.store.conversations import Conversations
from playground.store.database import Database
from playground.store.search import Search

RUNS = 7
WORDS = Path(__file__).read_text().split() + [f"term{number}" for number in range(20_000)]


def rows(conversations: int, long: int, total: int) -> Iterator[tuple[str, str, str | None, str]]:
    """Conversation, id, parent and text of every turn."""
    chance = random.Random(7)
    rest = max(1, (total - long) // max(1, conversations - 1))
    for number in range(conversations):
        parent = None
        for index in range(long if number == 0 else rest):
            identity = uuid.uuid4().hex
            text = " ".join(chance.choices(WORDS, k=chance.randrange(20, 180)))
            yield f"c{number}", identity, parent, text + (" needle" if index % 5000 == 4999 else " hay")
            parent = identity


async def fill(path: Path, conversations: int, long: int, total: int) -> None:
    """Write a history of this size, past the ordinary ways, which sync each turn."""

    async with Database.open(path) as database:

        def work(connection) -> None:
            connection.executemany(
                "INSERT INTO conversations (id, title, settings_json, created_at, updated_at, touched) "
                "VALUES (?, ?, '{}', 0, 0, ?)",
                [(f"c{n}", f"Talk {n} of {WORDS[n % len(WORDS)]}", n) for n in range(conversations)],
            )
            connection.executemany(
                "INSERT INTO turns (id, conversation_id, parent_id, role, body_json, text, state, meta_json, "
                "selected, created_at) VALUES (?2, ?1, ?3, 'user', '{\"role\": \"user\"}', ?4, 'complete', "
                '\'{"usage": {"total_tokens": 42}}\', 1, 0)',
                rows(conversations, long, total),
            )

        await database.run(work)


async def times(action: Callable[[], Awaitable[object]], runs: int = RUNS) -> list[float]:
    """Milliseconds of each run."""
    taken = []
    for _ in range(runs):
        begun = time.perf_counter()
        await action()
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


async def measure(path: Path, home: str) -> dict[str, list[float]]:
    """Everything that a user waits for."""

    async def opened() -> None:
        async with contextlib.AsyncExitStack() as stack:
            begun = time.perf_counter()
            await stack.enter_async_context(Database.open(path))
            figures.setdefault("open the history", []).append((time.perf_counter() - begun) * 1000)

    figures: dict[str, list[float]] = {}
    for _ in range(RUNS):
        await opened()
    async with Database.open(path) as database:
        history, search = Conversations(database), Search(database)
        last = (await history.turns(home))[-1]
        figures["list 100 conversations"] = await times(lambda: history.list(100))
        figures["open the long conversation"] = await times(lambda: history.turns(home))
        for question in ("needle", "hay", "term123", "term1", "t", "talk", '"import"', "->", "東京"):
            figures[f"search {question}"] = await times(lambda asked=question: search.search(asked))
        figures["send a message (synced)"] = await times(
            lambda: history.add_turn(home, last.id, "user", "{}", "One more message. " * 10), 40
        )
        growing = await history.add_turn(home, last.id, "assistant", "{}", "", "streaming")
        text = "word " * 4000
        figures["save 20,000 characters of an answer"] = await times(
            lambda: history.update_turn(growing.id, text=text), 40
        )
        figures["back up"] = await times(database.back_up, 2)
        figures["trash and restore"] = await times(lambda: both(history, home))
        figures["purge the long conversation"] = await times(lambda: history.purge(home), 1)
    return figures


async def both(history: Conversations, home: str) -> None:
    """Into the trash and out again."""
    await history.trash(home)
    await history.restore(home)


async def main(folder: Path) -> None:
    """Fill two histories, measure both, print the ratios."""
    small, large = folder / "small" / "h.sqlite3", folder / "large" / "h.sqlite3"
    await fill(small, 10, 20, 200)
    begun = time.perf_counter()
    await fill(large, 5000, 20_000, 100_000)
    print(f"filled in {time.perf_counter() - begun:.1f} s, {large.stat().st_size / 1e6:.0f} MB")
    base, full = await measure(small, "c0"), await measure(large, "c0")
    limits = {"open the long conversation": 500} | {name: 300 for name in full if name.startswith("search")}
    for name, taken in full.items():
        median, worst = statistics.median(taken), max(taken)
        ratio = median / statistics.median(base[name])
        limit = (
            f"  limit {limits[name]} {'ok' if median <= limits[name] else 'MISSED'}" if name in limits else ""
        )
        print(f"{name:38} median {median:8.1f} ms  worst {worst:8.1f} ms  x{ratio:.1f} of small{limit}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(temporary)))
