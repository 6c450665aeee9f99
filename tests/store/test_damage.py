"""C5: whatever has become of the file, the program starts, says so, and keeps the original."""

import asyncio
import os
import random
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from playground.store.conversations import Conversations
from playground.store.database import Database
from playground.store.drafts import Drafts
from playground.store.errors import StoreError
from playground.store.files import wal_of
from playground.store.opening import open_history
from playground.store.search import Search
from playground.store.wal import LogState, judge
from tests.store.cases import grown, repeats, report, seeded

CONVERSATIONS, TURNS = 12, 8
NAME = "history.sqlite3"
SEED, _ = seeded("C5")
IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # what is tested here is not the syncing


@dataclass
class Tally:
    """What came of all mutations."""

    runs: int = 0
    failures: int = 0
    moved: int = 0
    noticed: int = 0
    there: int = 0
    should_be: int = 0


TALLY = Tally()


@pytest.fixture(scope="module")
def fixtures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same history closed, and as a kill leaves it (half of it in the log); both with a backup."""
    root = tmp_path_factory.mktemp("fixtures")

    async def make() -> None:
        async with Database.open(root / "closed" / NAME) as database:
            await grown(database, CONVERSATIONS // 2, TURNS)
            await database.back_up()
        async with Database.open(root / "closed" / NAME) as database:
            await grown(database, CONVERSATIONS // 2, TURNS)
            await Drafts(database).save("chat/1", '{"text": "draft"}')
            shutil.copytree(root / "closed", root / "killed")
        for each in (root / "killed" / "writers").iterdir():
            each.unlink()

    asyncio.run(make())
    assert wal_of(root / "killed" / NAME).stat().st_size > 100_000
    assert judge(wal_of(root / "killed" / NAME)) is LogState.SOUND
    return {"closed": root / "closed", "killed": root / "killed"}


def flip(data: bytearray, chance: random.Random, low: int, high: int, count: int) -> None:
    """Change so many bytes between two offsets."""
    for _ in range(count):
        data[chance.randrange(low, max(low + 1, min(high, len(data))))] ^= chance.randrange(1, 256)


def change_file(path: Path, how: str, chance: random.Random) -> None:
    """Do one kind of harm to one file."""
    data = bytearray(path.read_bytes())
    page = chance.randrange(max(1, len(data) // 4096)) * 4096
    if how == "header":
        flip(data, chance, 0, 100, chance.randrange(1, 20))
    elif how == "bytes":
        flip(data, chance, 0, len(data), chance.randrange(1, 40))
    elif how == "page":
        flip(data, chance, page, page + 4096, 60)
    elif how == "zero page":
        data[page : page + 4096] = bytes(4096)
    elif how == "cut":
        del data[chance.randrange(len(data)) :]
    elif how == "empty":
        data.clear()
    elif how == "noise":
        data = bytearray(chance.randbytes(chance.randrange(1, 20_000)))
    elif how == "longer":
        data += chance.randbytes(5000)
    path.write_bytes(data)


STRANGE = ["directory", "link to nowhere", "gone"]
FILE_HARM = ["header", "bytes", "page", "zero page", "cut", "empty", "noise", "longer"]


def harm(folder: Path, what: str, how: str, chance: random.Random) -> None:
    """Make something of a history that it should not be."""
    path = folder / NAME
    target = {"db": path, "wal": wal_of(path), "shm": path.with_name(NAME + "-shm")}[what]
    if how == "directory":
        target.unlink(missing_ok=True)
        target.mkdir()
        (target / "inside").write_text("kept")
    elif how == "gone":
        target.unlink(missing_ok=True)
    elif how == "link to nowhere":
        target.unlink(missing_ok=True)
        target.symlink_to(folder / "nowhere")
    elif target.exists():
        change_file(target, how, chance)


def contents(folder: Path) -> dict[str, bytes]:
    """The database and its log, byte for byte; an empty log is none."""
    names = [NAME, f"{NAME}-wal"]
    found = {name: (folder / name).read_bytes() for name in names if (folder / name).is_file()}
    return {name: data for name, data in found.items() if data or name == NAME}


async def use(path: Path) -> tuple[int, Database]:
    """Do everything that a window does at its start, with patience for single rows that are lost."""
    seen = 0
    async with Database.open(path) as database:
        history = Conversations(database)
        for conversation in await history.list():
            try:
                seen += len(await history.turns(conversation.id))
            except StoreError:
                continue
        await Drafts(database).load("chat/1")
        await Search(database).search("word3")
        if database.opening.outcome == "newer":  # a flipped bit of the version cannot be told from one
            assert database.notice
            return seen, database
        new = await history.create("New")
        await history.add_turn(new.id, None, "user", "{}", "Does it work?")
        if database.opening.kept is not None and database.opening.backup is not None:
            await database.restore(database.opening.backup)
            count = "SELECT count(*) FROM turns"
            TALLY.there += await database.read(lambda c: c.execute(count).fetchone()[0]) - 1
            TALLY.should_be += CONVERSATIONS * TURNS
            assert await Search(database).search("work")
    async with Database.open(path) as again:
        assert again.opening.outcome == "ready"
        assert "New" in [each.title for each in await Conversations(again).list()]
    return seen, database


@seed(SEED)
@settings(
    max_examples=repeats(60),
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(
    state=st.sampled_from(["closed", "killed"]),
    what=st.sampled_from(["db", "db", "wal", "shm"]),
    how=st.sampled_from([*FILE_HARM, *FILE_HARM, *STRANGE]),
    chance=st.integers(0, 2**32),
)
def test_no_damage_stops_the_program_or_costs_the_original(
    fixtures: dict[str, Path], state: str, what: str, how: str, chance: int
) -> None:
    TALLY.runs += 1
    TALLY.failures += 1
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as root:
        folder = Path(root) / "data"
        shutil.copytree(fixtures[state], folder)
        harm(folder, what, how, random.Random(chance))
        was = contents(folder)
        seen, database = asyncio.run(use(folder / NAME))
        opening = database.opening
        if opening.kept is not None:
            assert contents(opening.kept) == (was if how not in STRANGE or what == "db" else {})
            assert opening.notice
            assert opening.backup is not None
            TALLY.moved += 1
        elif not opening.notice and what == "db" and how in ("header", "zero page", "noise", "empty", "cut"):
            # What was not noticed did no harm: everything can still be read.
            assert seen == CONVERSATIONS * TURNS or state == "killed"
        if how in STRANGE[:2] and (what == "db" or state == "killed"):
            places = [each.name for place in (folder / "damaged").iterdir() for each in place.iterdir()]
            assert places.count(NAME if what == "db" else f"{NAME}-{what}") == 1
        TALLY.noticed += bool(opening.notice)
        assert opening.outcome in ("ready", "recovered", "log-damaged", "missing", "newer"), opening
    TALLY.failures -= 1


def test_the_tally_of_all_damage() -> None:
    """Runs after the mutations, and prints their line."""
    if not TALLY.runs:
        pytest.skip("nothing was mutated in this run")
    share = TALLY.there / max(1, TALLY.should_be)
    figure = f"originals kept={TALLY.moved}/{TALLY.moved} noticed={TALLY.noticed} rows there at the end={share:.0%}"
    report("C5", TALLY.runs, TALLY.failures, figure, SEED)
    assert TALLY.failures == 0


@pytest.mark.parametrize(
    ("offset", "state"),
    [(40, LogState.DAMAGED), (5, LogState.DAMAGED), (32 + 24 + 100, LogState.DAMAGED), (-50, LogState.TORN)],
)
def test_a_damaged_log_is_told_from_a_torn_one(
    fixtures: dict[str, Path], tmp_path: Path, offset: int, state: LogState
) -> None:
    data = bytearray(wal_of(fixtures["killed"] / NAME).read_bytes())
    data[offset] ^= 0xFF
    (tmp_path / "wal").write_bytes(data)
    assert judge(tmp_path / "wal") is state


async def test_a_damaged_log_is_kept_and_told_of(fixtures: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(fixtures["killed"], folder)
    wal = wal_of(folder / NAME)
    data = bytearray(wal.read_bytes())
    data[32 + 24 + 5] ^= 1
    wal.write_bytes(data)
    was = contents(folder)
    async with Database.open(folder / NAME) as database:
        assert database.opening.outcome == "log-damaged"
        assert database.opening.kept is not None
        assert contents(database.opening.kept) == was
        assert "may be missing" in database.notice


@pytest.mark.parametrize(
    ("first", "last", "least"),
    [(0, 100, 96), (0, 4096, 96), (None, None, 60)],
    ids=["no header", "no first page", "a lost page of turns"],
)
async def test_rows_are_read_around_what_is_damaged(
    fixtures: dict[str, Path], tmp_path: Path, first: int | None, last: int | None, least: int
) -> None:
    """More comes back than the backup holds: what was said since is read out of the damaged file itself."""
    folder = tmp_path / "data"
    shutil.copytree(fixtures["closed"], folder)
    path = folder / NAME
    data = bytearray(path.read_bytes())
    if first is None or last is None:
        first = data.rindex(b"says word7 in talk 5") // 4096 * 4096
        last = first + 4096
    data[first:last] = os.urandom(last - first)
    path.write_bytes(data)
    async with Database.open(path) as database:
        opening = database.opening
        assert opening.outcome == "recovered"
        assert opening.backup is not None
        restored = await database.restore(opening.backup)
        assert restored.turns >= least > CONVERSATIONS // 2 * TURNS
        history = Conversations(database)
        for conversation in await history.list():
            turns = await history.turns(conversation.id)
            known = {None, *(turn.id for turn in turns)}
            assert all(turn.parent_id in known for turn in turns)
        report("C5 salvage", 1, 0, f"turns brought back={restored.turns}/{CONVERSATIONS * TURNS}")


INDEX_PAGE = "SELECT rootpage FROM sqlite_schema WHERE name = ?"


@pytest.mark.parametrize("thorough", [True, False], ids=["when opened", "when used"])
@pytest.mark.parametrize(
    "index", ["conversations_in_order", "sqlite_autoindex_turns_1", "turns_of_conversation"]
)
async def test_a_damaged_index_costs_nothing(path: Path, monkeypatch, thorough: bool, index: str) -> None:
    """The keys in an index point at rows that do not exist: no quick check sees that."""
    async with Database.open(path) as database:
        turns = await grown(database, 3, 5)
        page = await database.read(lambda c: c.execute(INDEX_PAGE, (index,)).fetchone()[0])
    data = bytearray(path.read_bytes())
    start = (page - 1) * 4096
    cells = int.from_bytes(data[start + 3 : start + 5], "big")
    for cell in range(cells):
        pointer = start + 8 + 2 * cell
        end = start + int.from_bytes(data[pointer : pointer + 2], "big")
        end += data[end] + 1  # the rowid is the last byte of the payload, which its length precedes
        data[end - 1] = 120 - cell
    path.write_bytes(data)
    if not thorough:
        monkeypatch.setattr("playground.store.opening.mend_indexes", lambda connection: None)
    async with Database.open(path) as database:
        assert (database.opening.outcome, database.notice) == ("ready", "")
        history = Conversations(database)
        listed = await history.list()
        assert [each.title for each in listed] == ["Subject 2", "Subject 1", "Subject 0"]
        if thorough:
            assert await history.turn(turns[7].id) == turns[7]
            assert len(await history.turns(listed[0].id)) == 5
            assert await database.read(lambda c: c.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"


def test_a_damaged_history_that_another_window_uses_is_not_moved_away(path: Path) -> None:
    first = open_history(path)
    first.connection.execute("INSERT INTO drafts VALUES ('k', 'v', 0)")
    first.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.write(b"damage")
    second = open_history(path)
    assert second.opening.outcome == "temporary"
    assert path.exists()
    assert not (path.parent / "damaged").exists()
    second.close()
    with path.open("r+b") as file:
        file.write(b"SQLite")
    assert first.connection.execute("SELECT json FROM drafts").fetchone() == ("v",)
    first.close()
