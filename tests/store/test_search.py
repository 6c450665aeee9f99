"""Search: what is found, what is not, and that no text a person types can break it."""

import asyncio
import sqlite3
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.store.conversations import Conversations
from playground.store.database import Database
from playground.store.search import Search, match_expression
from playground.store.snippets import literal_pattern, snippet, words_pattern
from tests.store.test_conversations import anything

GARBAGE = "x'ffffffffffffffffffffffff'"


async def texts_of(search: Search, asked: str) -> list[str]:
    return [hit.marked() for hit in await search.search(asked)]


async def test_words_are_found_in_titles_and_turns_newest_turn_first(path: Path) -> None:
    async with Database.open(path) as database:
        history, search = Conversations(database), Search(database)
        one = await history.create("A café in Zürich")
        first = await history.add_turn(one.id, None, "user", "{}", "Which CAFÉ opens first?")
        second = await history.add_turn(
            one.id, first.id, "assistant", "{}", "The cafe by the lake; it is lovely."
        )
        hits = await search.search("cafe")
        assert [hit.turn_id for hit in hits] == [None, second.id, first.id]
        assert [hit.marked() for hit in hits] == [
            "A [café] in Zürich",
            "The [cafe] by the lake; it is lovely.",
            "Which [CAFÉ] opens first?",
        ]
        assert {hit.title for hit in hits} == {"A café in Zürich"}
        assert [hit.role for hit in hits] == ["", "assistant", "user"]
        assert len(await search.search("cafe", 2)) == 2
        assert await search.search("cafe", 0) == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("lak", True),  # the last word may be unfinished
        ("lak lovely", False),  # one before it may not
        ("lovely lake", True),
        ("lake missing", False),
        ('"by the lake"', True),
        ('"lake the by"', False),
        ('"by the la', True),
        ("NOT lake", False),
        ("lake OR missing", False),
        ("lake;", True),
        ("text:lake", False),
        ("???", False),
        ("; it", True),
        ("   ", False),
        ('"', False),
        ('""', False),
    ],
)
async def test_what_a_question_means(path: Path, asked: str, found: bool) -> None:
    async with Database.open(path) as database:
        history = Conversations(database)
        home = (await history.create("")).id
        await history.add_turn(home, None, "user", "{}", "The cafe by the lake; it is lovely.")
        assert bool(await Search(database).search(asked)) is found


async def test_signs_and_scripts_without_spaces_are_found_as_they_stand(path: Path) -> None:
    async with Database.open(path) as database:
        history, search = Conversations(database), Search(database)
        home = (await history.create("日本語の題")).id
        await history.add_turn(home, None, "user", "{}", "x" * 500 + " a -> b " + "y" * 500)
        await history.add_turn(home, None, "user", "{}", "今日は東京都へ行きます")
        [arrow] = await search.search("->")
        assert arrow.marked().startswith("…")
        assert "a [->] b" in arrow.marked()
        assert arrow.marked().endswith("…")
        assert await texts_of(search, "東京都") == ["今日は[東京都]へ行きます"]
        assert await texts_of(search, "本語") == ["日[本語]の題"]


async def test_the_index_follows_every_change(path: Path) -> None:
    async with Database.open(path) as database:
        history, search = Conversations(database), Search(database)
        conversation = await history.create("alpha")
        turn = await history.add_turn(conversation.id, None, "assistant", "{}", "beta", "streaming")
        assert await texts_of(search, "beta") == []  # not while it grows
        await history.update_turn(turn.id, text="beta gamma")
        await history.update_turn(turn.id, text="beta gamma delta", state="complete")
        assert await texts_of(search, "gamma") == ["beta [gamma] delta"]
        await history.update_turn(turn.id, text="epsilon")
        assert await texts_of(search, "gamma") == []
        assert await texts_of(search, "epsilon") == ["[epsilon]"]
        await history.update_turn(turn.id, state="streaming")
        assert await texts_of(search, "epsilon") == []
        await history.update_turn(turn.id, text="zeta", state="stopped")
        await history.rename(conversation.id, "eta")
        assert await texts_of(search, "alpha") == []
        assert await texts_of(search, "eta") == ["[eta]"]
        await history.trash(conversation.id)
        assert await texts_of(search, "zeta") + await texts_of(search, "eta") == []
        await history.restore(conversation.id)
        assert await texts_of(search, "zeta") == ["[zeta]"]
        await history.purge(conversation.id)
        assert await texts_of(search, "zeta") + await texts_of(search, "eta") == []
        await database.run(check_index)


def check_index(connection: sqlite3.Connection) -> None:
    """FTS5 compares its index with the texts, and raises when they differ."""
    for index in ("turn_index", "title_index"):
        connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")


async def test_odd_characters_neither_hide_words_nor_show(path: Path) -> None:
    async with Database.open(path) as database:
        history, search = Conversations(database), Search(database)
        home = (await history.create("")).id
        await history.add_turn(home, None, "user", "{}", "before\x00after \ud83dlone \x1amark\nopen\x03")
        for word in ("before", "after", "lone", "mark", "open"):
            [hit] = await search.search(word)
            assert hit.snippet == "before after \ud83dlone  mark open "
            assert [hit.snippet[start:end] for start, end in hit.marks] == [word]


async def harm_index(database: Database, statement: str) -> None:
    await database.run(lambda connection: connection.execute(statement).rowcount)


async def test_a_damaged_index_is_built_anew_when_it_is_used(path: Path) -> None:
    async with Database.open(path) as database:
        history = Conversations(database)
        home = (await history.create("title")).id
        await history.add_turn(home, None, "user", "{}", "precious words")
    for harm in (
        f"UPDATE turn_index_data SET block = {GARBAGE}",
        "DELETE FROM turn_index_data",
        "UPDATE turn_index_config SET v = 0",
        "DELETE FROM turn_index_config",
        f"UPDATE turn_index_docsize SET sz = {GARBAGE}",
    ):
        for fresh in (True, False):
            async with Database.open(path) as database:
                if not fresh:
                    await Search(database).search("precious")
                await harm_index(database, harm)
                if not fresh:
                    assert await texts_of(Search(database), "precious") == ["[precious] words"]
            async with Database.open(path) as database:
                assert await texts_of(Search(database), "precious") == ["[precious] words"]
                await database.run(check_index)
    async with Database.open(path) as database:
        history, search = Conversations(database), Search(database)
        await harm_index(database, f"UPDATE turn_index_data SET block = {GARBAGE}")
        await history.add_turn(home, None, "user", "{}", "new words")
        assert len(await texts_of(search, "words")) == 2
        await database.run(check_index)


@pytest.fixture(scope="module")
def searchable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small history, closed."""
    path = tmp_path_factory.mktemp("searchable") / "h.sqlite3"

    async def fill() -> None:
        async with Database.open(path) as database:
            history = Conversations(database)
            home = (await history.create("NEAR title* AND")).id
            await history.add_turn(home, None, "user", "{}", 'a "quoted" ^word OR {brace} -minus col:on a0')

    asyncio.run(fill())
    return path


hostile = anything | st.text(st.sampled_from("\"'*^-:+(){}.,NEAROT AND a0\x00\ud800;\\"), max_size=30)


@given(st.lists(hostile, min_size=8, max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_question_breaks_the_search(searchable: Path, questions: list[str]) -> None:
    async def ask() -> None:
        async with Database.open(searchable) as database:
            for question in [*questions, "x " * 5000, '"' * 999]:
                for hit in await Search(database).search(question):
                    assert all(0 <= start < end <= len(hit.snippet) for start, end in hit.marks)

    asyncio.run(ask())


def test_the_expression_quotes_every_word() -> None:
    assert match_expression("a OR b*") == '"a" AND "OR" AND "b*" *'
    assert match_expression('x "y z"') == '"x" AND "y z"'
    assert match_expression("?! --") == ""
    assert match_expression(" ".join("w" * 40)).count("AND") == 15


async def test_a_text_that_says_the_same_word_very_often_is_found_quickly(path: Path) -> None:
    async with Database.open(path) as database:
        history = Conversations(database)
        home = (await history.create("")).id
        await history.add_turn(home, None, "user", "{}", "a long message " * 20_000)
        begun = time.monotonic()
        [hit] = await Search(database).search("message")
        assert time.monotonic() - begun < 2  # SQLite's own snippet() takes longer than that
        assert hit.marked().startswith("a long [message] a long [message]")


@given(anything, anything)
def test_a_snippet_keeps_its_places(text: str, asked: str) -> None:
    for pattern in (literal_pattern(asked), words_pattern([asked], open_end=True)):
        piece, marks = snippet(text, pattern, 10)
        assert len(piece) <= 12
        assert all(0 <= start <= end <= len(piece) for start, end in marks)
