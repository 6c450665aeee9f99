"""How a history is opened: permissions, older and newer schemas, other people's files, what is missing."""

import asyncio
import contextlib
import os
import sqlite3
import time
from pathlib import Path

import pytest

from playground.store.backups import Backups
from playground.store.connect import connect
from playground.store.conversations import Conversations
from playground.store.database import Database
from playground.store.drafts import Drafts
from playground.store.errors import StoreReadOnly
from playground.store.files import family
from playground.store.migrate import latest, migrate, version_of
from playground.store.opening import open_history
from playground.store.search import Search
from tests.conftest import until
from tests.store.cases import grown, report
from tests.store.conftest import Clock


def older(path: Path, version: int, turns: int = 50) -> None:
    """A history as an older version of the program left it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        migrate(connection, version)
        connection.execute("BEGIN")
        connection.execute("INSERT INTO conversations VALUES (1, 'c', 'Old talk', '{}', 1, 1, 1, 0, NULL)")
        connection.executemany(
            "INSERT INTO turns VALUES (?, ?, 'c', ?, 'user', '{}', ?, 'complete', '{}', 1, NULL, 1)",
            [
                (n, f"t{n}", f"t{n - 1}" if n > 1 else None, f"old words {n} " * 30)
                for n in range(1, turns + 1)
            ],
        )
        connection.execute("COMMIT")


async def test_nobody_else_can_read_anything(path: Path) -> None:
    """D8: under umask 000, also the log, the backups, the locks and what is moved aside."""
    before = os.umask(0)
    try:
        path.parent.mkdir(mode=0o777)
        path.touch(0o666)
        async with Database.open(path) as database:
            [turn, *_] = await grown(database, 1, 2)
            await database.back_up()
            names = {each.name for each in path.parent.iterdir()}
            assert {f"{path.name}-wal", f"{path.name}-shm", "backups", "writers"} <= names
            open_to_others = [each for each in path.parent.rglob("*") if each.stat().st_mode & 0o077]
        path.write_bytes(b"not a database, but something that was here")
        async with Database.open(path) as database:
            assert database.opening.kept is not None
        open_to_others += [each for each in path.parent.rglob("*") if each.stat().st_mode & 0o077]
        open_to_others += [path.parent] if path.parent.stat().st_mode & 0o077 else []
    finally:
        os.umask(before)
    assert turn.text
    assert not open_to_others
    report("D8", 1, len(open_to_others), "open to others=0")


@pytest.mark.parametrize("version", range(1, latest()))
async def test_an_older_history_is_backed_up_and_brought_up_to_date(path: Path, version: int) -> None:
    older(path, version)
    async with Database.open(path) as database:
        assert (database.opening.outcome, database.notice) == ("migrated", "")
        assert len(await Conversations(database).turns("c")) == 50
        assert len(await Search(database).search("words", 99)) == 50
        await Drafts(database).save("k", "{}")
        [backup] = [each for each in await database.backups() if each.kind == "schema"]
    with contextlib.closing(sqlite3.connect(backup.path)) as copy:
        assert version_of(copy) == version
        assert copy.execute("SELECT count(*) FROM turns").fetchone() == (50,)
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    async with Database.open(path) as database:
        assert database.opening.outcome == "ready"


async def test_a_newer_history_can_be_read_and_is_not_touched(path: Path) -> None:
    async with Database.open(path) as database:
        await grown(database, 2, 2)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {latest() + 1}")
    was = path.read_bytes()
    async with Database.open(path) as database:
        assert (database.opening.outcome, database.writable) == ("newer", False)
        assert "newer version" in database.notice
        assert len(await Conversations(database).list()) == 2
        with pytest.raises(StoreReadOnly, match="newer version"):
            await Conversations(database).create("x")
        with pytest.raises(StoreReadOnly):
            await database.back_up()
    assert path.read_bytes() == was
    assert not (path.parent / "damaged").exists()


async def test_a_database_of_something_else_is_moved_aside_whole(path: Path) -> None:
    path.parent.mkdir()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")
        connection.commit()
    was = path.read_bytes()
    async with Database.open(path) as database:
        assert database.opening.outcome == "recovered"
        assert database.opening.kept is not None
        assert str(database.opening.kept) in database.notice
        assert (database.opening.kept / path.name).read_bytes() == was
        await grown(database, 1, 1)


async def test_a_history_with_a_foreign_trigger_is_not_trusted(path: Path) -> None:
    async with Database.open(path):
        pass
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TRIGGER spy AFTER INSERT ON turns BEGIN DELETE FROM drafts; END")
        connection.commit()
    async with Database.open(path) as database:
        assert database.opening.outcome == "recovered"


async def test_a_lost_file_is_noticed_when_there_are_backups(path: Path) -> None:
    async with Database.open(path) as database:
        await grown(database, 3, 4)
        await database.back_up()
    path.unlink()
    async with Database.open(path) as database:
        assert database.opening.outcome == "missing"
        assert database.opening.title
        assert database.opening.backup is not None
        assert database.opening.backup.date in database.notice
        restored = await database.restore(database.opening.backup)
        assert (restored.conversations, restored.turns) == (3, 12)
        assert [each.title for each in await Conversations(database).list()] == [
            f"Subject {n}" for n in (2, 1, 0)
        ]


async def test_what_a_dead_process_was_writing_is_incomplete_but_not_what_a_living_one_writes(
    path: Path,
) -> None:
    async with Database.open(path) as living:
        history = Conversations(living)
        home = (await history.create("two")).id
        alive = await history.add_turn(home, None, "assistant", "{}", "growing", "streaming")
        dead = await history.add_turn(home, None, "assistant", "{}", "cut", "streaming")
        nobody = await history.add_turn(home, None, "assistant", "{}", "cut too", "streaming")
        await living.run(
            lambda c: c.execute("UPDATE turns SET writer = 'gone' WHERE id = ?", (dead.id,)).rowcount
        )
        await living.run(
            lambda c: c.execute("UPDATE turns SET writer = NULL WHERE id = ?", (nobody.id,)).rowcount
        )
        async with Database.open(path) as second:
            states = {turn.text: turn.state for turn in await Conversations(second).turns(home)}
            assert states == {"growing": "streaming", "cut": "incomplete", "cut too": "incomplete"}
            assert len(await Search(second).search("cut")) == 2
        await history.update_turn(alive.id, text="grown", state="complete")
        left = await history.add_turn(home, None, "assistant", "{}", "left", "streaming")
    async with Database.open(path) as third:
        turns = {turn.id: turn.state for turn in await Conversations(third).turns(home)}
        assert (turns[alive.id], turns[left.id]) == ("complete", "incomplete")


async def test_a_folder_that_cannot_be_made_gives_a_history_that_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    async with Database.open(tmp_path / "file" / "data" / "history.sqlite3") as database:
        assert (database.opening.outcome, database.writable) == ("temporary", True)
        assert "will not be kept" in database.notice
        await grown(database, 1, 2)
        assert len(await Search(database).search("word")) == 2
        with pytest.raises(StoreReadOnly):
            await database.back_up()


async def test_a_locked_history_is_read_not_waited_for_for_ever(path: Path, monkeypatch) -> None:
    monkeypatch.setattr("playground.store.connect.BUSY_SECONDS", 0.2)
    async with Database.open(path) as database:
        await grown(database, 1, 2)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE conversations SET title = 'not committed'")
        begun = time.monotonic()
        async with Database.open(path) as database:
            assert database.opening.outcome == "read-only"
            assert [each.title for each in await Conversations(database).list()] == ["Subject 0"]
        assert time.monotonic() - begun < 5


async def test_one_backup_a_day_seven_are_kept_whatever_the_clock_says(path: Path, clock: Clock) -> None:
    async with Database.open(path, clock=clock) as database:
        await grown(database, 1, 1)
    kept = Backups(path.parent / "backups")
    for jump in (0, 0, 1, 1, 3650, -3651, 1, 1, 1, 1, 1, 1):
        clock.now += jump * 86_400
        count = len(kept.all())
        numbers = [each.number for each in kept.all()]
        async with Database.open(path, clock=clock) as database:
            if jump or not count:
                await until(lambda: [each.number for each in kept.all()] != numbers)  # noqa: B023
            assert database.opening.outcome == "ready"
        assert len(kept.all()) == min(count + bool(jump or not count), 7)
    backups = kept.all()
    assert [each.number for each in backups] == list(range(backups[0].number, backups[0].number - 7, -1))
    assert not list(kept.folder.glob("*.part*"))
    report("C13", 12, 0, "backups out of order=0 lost=0")


async def test_an_empty_history_pushes_no_backup_out(path: Path, clock: Clock) -> None:
    async with Database.open(path, clock=clock):
        pass
    async with Database.open(path, clock=clock):
        await asyncio.sleep(0.1)
    assert Backups(path.parent / "backups").all() == []


async def test_restoring_changes_nothing_that_is_here(path: Path) -> None:
    async with Database.open(path) as database:
        history = Conversations(database)
        await grown(database, 2, 3)
        await Drafts(database).save("chat/1", "old")
        streaming = (await history.list())[0]
        await history.add_turn(streaming.id, None, "assistant", "{}", "half \ud800", "streaming")
        backup = await database.back_up()
        [newer, gone] = await history.list()
        await history.rename(newer.id, "renamed since")
        await Drafts(database).save("chat/1", "new")
        await history.purge(gone.id)
        first, second = await database.restore(backup), await database.restore(backup)
        assert (first.conversations, first.turns) == (1, 3)
        assert (second.conversations, second.turns) == (0, 0)
        assert [each.title for each in await history.list()] == ["renamed since", "Subject 0"]
        assert await Drafts(database).load("chat/1") == "new"
        turns = await history.turns(gone.id)
        assert [turn.parent_id for turn in turns] == [None, turns[0].id, turns[1].id]
        assert (await history.turns(newer.id))[-1].text == "half \ud800"
        assert len(await Search(database).search("word1")) == 2


def test_opening_leaves_nothing_behind_when_closed(path: Path) -> None:
    opened = open_history(path)
    assert opened.presence is not None
    assert list((path.parent / "writers").iterdir()) == [path.parent / "writers" / opened.presence.token]
    opened.close()
    assert list((path.parent / "writers").iterdir()) == []
    assert [each.exists() for each in family(path)] == [True, False, False, False]
