"""Drafts, saved exchanges and content files."""

from pathlib import Path

import pytest

from playground.store.blobs import Blobs
from playground.store.conversations import Conversations
from playground.store.database import Database
from playground.store.drafts import Drafts
from playground.store.errors import StoreDamaged
from playground.store.exchanges import SavedExchanges


async def test_drafts_are_kept_by_key_and_the_last_one_counts(path: Path) -> None:
    async with Database.open(path) as database:
        drafts = Drafts(database)
        assert await drafts.load("chat/1") is None
        await drafts.save("chat/1", '{"text": "a"}')
        await drafts.save("chat/1", '{"text": "\ud800\x00"}')
        await drafts.save("chat/2", "{}")
        await drafts.save("other%", "{}")
    async with Database.open(path) as database:
        drafts = Drafts(database)
        assert await drafts.load("chat/1") == '{"text": "\ud800\x00"}'
        assert await drafts.keys("chat/") == ["chat/1", "chat/2"]
        assert await drafts.keys() == ["chat/1", "chat/2", "other%"]
        await drafts.delete("chat/1")
        await drafts.delete("chat/1")
        assert await drafts.load("chat/1") is None


async def test_the_ring_of_exchanges_keeps_the_newest(path: Path) -> None:
    async with Database.open(path) as database:
        history, ring = Conversations(database), SavedExchanges(database, most=3, most_bytes=100, largest=60)
        home = (await history.create("x")).id
        turn = await history.add_turn(home, None, "user", "{}", "t")
        for number in range(5):
            assert await ring.save(turn.id if number % 2 else None, f'"{number}"')
        assert [each.json for each in await ring.recent()] == ['"4"', '"3"', '"2"']
        assert [each.json for each in await ring.of_turn(turn.id)] == ['"3"']
        assert await ring.save(None, "é" * 30)  # 60 bytes
        assert not await ring.save(None, "é" * 31)
        assert await ring.save(None, "x" * 50)  # 110 in all: the older one goes
        assert [each.json for each in await ring.recent()] == ["x" * 50]
        with pytest.raises(KeyError):
            await ring.save("no such turn", "{}")
        await ring.save(turn.id, "secret")
        await history.purge(home)
        assert [each.json for each in await ring.recent()] == ["x" * 50]
        await ring.clear()
        assert await ring.recent() == []


async def test_content_is_kept_once_by_its_hash_and_proved_when_read(path: Path) -> None:
    async with Database.open(path) as database:
        history, blobs = Conversations(database), Blobs(database)
        home = (await history.create("x")).id
        turn = await history.add_turn(home, None, "user", "{}", "t")
        one, two = await blobs.put(b"picture", "image/png"), await blobs.put(b"")
        assert await blobs.put(b"picture", "image/jpeg") != one  # the same file; the first name for it stays
        assert await blobs.read(one.hash) == b"picture"
        await blobs.use(turn.id, one.hash)
        await blobs.use(turn.id, one.hash)
        assert await blobs.of_turn(turn.id) == [one]
        assert await blobs.collect(keep=[two.hash]) == 0
        assert await blobs.collect() == 1
        with pytest.raises(KeyError):
            await blobs.read(two.hash)
        for bad in (("no turn", one.hash), (turn.id, "0" * 64)):
            with pytest.raises(KeyError):
                await blobs.use(*bad)
        with pytest.raises(KeyError):
            blobs.path("../../etc/passwd")
        blobs.path(one.hash).write_bytes(b"changed")
        with pytest.raises(StoreDamaged):
            await blobs.read(one.hash)
        await blobs.put(b"picture")  # brings back what was damaged
        assert await blobs.read(one.hash) == b"picture"
        await history.purge(home)
        assert await blobs.collect() == 1
        assert not [each for each in blobs.folder.rglob("*") if each.is_file()]
