"""Conversations and their trees of turns: order, choice among versions, trash, odd text, missing things."""

import asyncio
import dataclasses
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.store.conversations import Conversations
from playground.store.database import Database
from playground.store.drafts import Drafts
from playground.store.errors import StoreClosed
from playground.store.text import plain, safe
from tests.store.conftest import Clock

anything = st.text(st.characters(exclude_categories=()), max_size=60) | st.text(
    st.sampled_from("\x00\x1a\ud83d\ude00\ud800a0.é "), max_size=20
)


async def test_what_is_kept_comes_back_after_opening_again(path: Path) -> None:
    async with Database.open(path) as database:
        assert database.opening.outcome == "created"
        history = Conversations(database)
        conversation = await history.create("Title", '{"temperature": 1}')
        question = await history.add_turn(
            conversation.id, None, "user", '{"a": 1}', "Why?", "complete", '{"m": 2}'
        )
        answer = await history.add_turn(conversation.id, question.id, "assistant", "{}", "", "streaming")
        await history.update_turn(answer.id, text="Because.", body_json='{"b": 1}')
        await history.update_turn(answer.id, state="complete", meta_json='{"usage": 3}')
    async with Database.open(path) as database:
        assert (database.opening.outcome, database.notice) == ("ready", "")
        history = Conversations(database)
        [again] = await history.list()
        assert again == await history.get(conversation.id)
        assert (again.title, again.settings_json) == ("Title", '{"temperature": 1}')
        assert await history.turns(conversation.id) == [
            question,
            dataclasses.replace(
                answer, text="Because.", body_json='{"b": 1}', state="complete", meta_json='{"usage": 3}'
            ),
        ]
        assert (question.role, question.body_json, question.meta_json) == ("user", '{"a": 1}', '{"m": 2}')


async def test_a_new_turn_is_in_view_and_any_sibling_can_be(path: Path) -> None:
    async with Database.open(path) as database:
        history = Conversations(database)
        home = (await history.create("Tree")).id

        async def shown() -> dict[str, bool]:
            return {turn.text: turn.selected for turn in await history.turns(home)}

        first = await history.add_turn(home, None, "user", "{}", "a")
        for text in ("a1", "a2"):
            await history.add_turn(home, first.id, "assistant", "{}", text)
        edited = await history.add_turn(home, None, "user", "{}", "b")
        assert await shown() == {"a": False, "a1": False, "a2": True, "b": True}
        await history.select(first.id)
        assert await shown() == {"a": True, "a1": False, "a2": True, "b": False}
        assert (await history.turn(edited.id)).selected is False


async def test_the_list_has_pinned_ones_first_then_the_last_spoken_in_and_can_be_paged(path: Path) -> None:
    async with Database.open(path) as database:
        history = Conversations(database)
        made = [await history.create(str(number)) for number in range(9)]
        await history.pin(made[4].id)
        await history.add_turn(made[2].id, None, "user", "{}", "hello")
        await history.rename(made[0].id, "renamed")  # does not move it
        titles = [each.title for each in await history.list()]
        assert titles == ["4", "2", "8", "7", "6", "5", "3", "1", "renamed"]
        paged, last = [], None
        while page := await history.list(2, last):
            paged += [each.title for each in page]
            last = page[-1]
        assert paged == titles
        await history.pin(made[4].id, False)
        assert [each.title for each in await history.list(3)] == ["2", "8", "7"]


async def test_trash_can_be_undone_and_purge_takes_everything(path: Path) -> None:
    async with Database.open(path) as database:
        history = Conversations(database)
        kept, gone = await history.create("kept"), await history.create("gone")
        turn = await history.add_turn(gone.id, None, "user", "{}", "text")
        assert (await history.trash(gone.id)).trashed
        assert [each.title for each in await history.list()] == ["kept"]
        assert [each.title for each in await history.list(trashed=True)] == ["gone"]
        assert (await history.count(), await history.count(trashed=True)) == (1, 1)
        assert not (await history.restore(gone.id)).trashed
        assert [each.title for each in await history.list()] == ["gone", "kept"]
        await history.purge(gone.id)
        assert await history.list() == [await history.get(kept.id)]
        with pytest.raises(KeyError):
            await history.turn(turn.id)
        assert await history.turns(gone.id) == []


async def test_a_long_thread_can_be_purged(path: Path) -> None:
    """Deeper than SQLite lets actions recurse (1,000), with branches."""
    async with Database.open(path) as database:
        history = Conversations(database)
        home = (await history.create("deep")).id

        def fill(connection) -> None:
            rows = [(f"t{n}", home, f"t{n - 1}" if n else None) for n in range(3000)]
            connection.executemany(
                "INSERT INTO turns (id, conversation_id, parent_id, role, body_json, text, state, meta_json, "
                "created_at) VALUES (?, ?, ?, 'user', '{}', 'deep word', 'complete', '{}', 0)",
                rows,
            )

        await database.run(fill)
        await history.purge(home)
        left = await database.read(lambda c: c.execute("SELECT count(*) FROM turns").fetchone()[0])
        assert left == 0


async def test_what_is_not_there_is_a_key_error_and_changes_nothing(path: Path) -> None:
    async with Database.open(path) as database:
        history = Conversations(database)
        one, other = await history.create("one"), await history.create("other")
        stranger = await history.add_turn(other.id, None, "user", "{}", "x")
        for attempt in (
            history.get("?"),
            history.rename("?", "t"),
            history.purge("?"),
            history.trash("\ud800\x00"),
            history.turn("?"),
            history.select("?"),
            history.update_turn("?", text="t"),
            history.add_turn("?", None, "user", "{}", "t"),
            history.add_turn(one.id, "?", "user", "{}", "t"),
            history.add_turn(one.id, stranger.id, "user", "{}", "t"),
        ):
            with pytest.raises(KeyError):
                await attempt
        with pytest.raises(ValueError, match="never 'done'"):
            await history.add_turn(one.id, None, "user", "{}", "t", "done")
        with pytest.raises(ValueError, match="never 'done'"):
            await history.update_turn(stranger.id, state="done")
        assert await history.turns(one.id) == []


async def test_order_does_not_follow_the_clock(path: Path, clock: Clock) -> None:
    """C13: a day back, ten years ahead, and back again."""
    async with Database.open(path, clock=clock) as database:
        history = Conversations(database)
        home = (await history.create("clock")).id
        parent = None
        for number, jump in enumerate((0, -86_400, 315_360_000, -315_360_000, -1, 3_600)):
            clock.now += jump
            parent = (await history.add_turn(home, parent, "user", "{}", str(number))).id
            clock.now += jump / 7
            await history.create(f"after {number}")
        turns = await history.turns(home)
        assert [turn.text for turn in turns] == [str(number) for number in range(6)]
        assert [turn.seq for turn in turns] == sorted(turn.seq for turn in turns)
        await history.add_turn(home, parent, "user", "{}", "last")
        assert [each.title for each in await history.list()] == ["clock"] + [
            f"after {n}" for n in range(5, -1, -1)
        ]
    print("C13: runs=6 failures=0 out of order=0 seed=-")


@given(anything)
def test_any_text_can_be_stored_and_read_back(text: str) -> None:
    stored = safe(text).encode()  # valid UTF-8, or this raises
    assert b"\x00" not in stored
    assert plain(stored) == text


@given(st.lists(anything, min_size=6, max_size=6))
@settings(max_examples=15, deadline=None)
def test_any_text_goes_through_the_database(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    async def there_and_back() -> None:
        async with Database.open(tmp_path_factory.mktemp("odd") / "h.sqlite3") as database:
            history = Conversations(database)
            conversation = await history.create(texts[0], texts[1])
            turn = await history.add_turn(
                conversation.id, None, texts[2], texts[3], texts[4], "failed", texts[5]
            )
            read = await history.turn(turn.id)
            assert (conversation.title, conversation.settings_json) == (texts[0], texts[1])
            assert [read.role, read.body_json, read.text, read.meta_json] == texts[2:]
            await history.update_turn(turn.id, text=texts[0], state="complete")
            assert (await history.turn(turn.id)).text == texts[0]

    asyncio.run(there_and_back())


async def test_a_change_happens_even_if_whoever_asked_is_cancelled(path: Path) -> None:
    async with Database.open(path) as database:
        history = Conversations(database)
        slow = asyncio.ensure_future(database.read(lambda c: __import__("time").sleep(0.1)))
        asking = asyncio.ensure_future(history.create("asked for"))
        await asyncio.sleep(0.02)
        asking.cancel()
        await asyncio.gather(slow, asking, return_exceptions=True)
        assert asking.cancelled()
        assert [each.title for each in await history.list()] == ["asked for"]


async def test_messages_are_synced_and_mere_progress_is_not(path: Path) -> None:
    """C4: what each kind of change asks of SQLite (2 is FULL, 1 is NORMAL)."""
    async with Database.open(path) as database:
        history, drafts = Conversations(database), Drafts(database)

        async def level() -> int:
            return await database.read(lambda c: c.execute("PRAGMA synchronous").fetchone()[0])

        home = (await history.create("x")).id
        turn = await history.add_turn(home, None, "user", "{}", "sent")
        assert await level() == 2
        answer = await history.add_turn(home, turn.id, "assistant", "{}", "", "streaming")
        assert await level() == 1
        await history.update_turn(answer.id, text="grows", state="complete")
        assert await level() == 2
        await drafts.save("chat/1", "{}")
        assert await level() == 1
        await history.rename(home, "y")
        assert await level() == 2
        await history.update_turn(answer.id, text="edited")
        assert await level() == 1


async def test_a_change_that_raises_leaves_nothing(path: Path) -> None:
    async with Database.open(path) as database:
        history = Conversations(database)

        def half(connection) -> None:
            connection.execute("INSERT INTO drafts VALUES ('k', 'v', 0)")
            raise RuntimeError("half way")

        with pytest.raises(RuntimeError, match="half way"):
            await database.run(half)
        assert await database.read(lambda c: c.execute("SELECT count(*) FROM drafts").fetchone()[0]) == 0
        await history.create("still works")


async def test_after_closing_nothing_can_be_asked(path: Path) -> None:
    async with Database.open(path) as database:
        history = Conversations(database)
    with pytest.raises(StoreClosed):
        await history.list()
    with pytest.raises(StoreClosed):
        await history.create("x")
    await database.close()
