"""Answers from documents: what is found, what is cited, and what the settings of a data source change."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.service.grounding import Documents, Query, UnknownIndexError
from playground.service.grounding_text import PASSAGE, match_query, passages
from tests.service import engines_client
from tests.service.engines_client import joined, user

STRICTNESS = "How does strictness decide which passages are used?"
ALL = ["citations", "intent", "all_retrieved_documents"]
VECTORS = {"type": "deployment_name", "deployment_name": "embeddings"}


def source(**parameters: Any) -> list[dict[str, Any]]:
    own = {"endpoint": "http://127.0.0.1:1", "index_name": "handbook"}
    return [{"type": "azure_search", "parameters": {**own, **parameters}}]


ask, runner = engines_client.ask, engines_client.runner


async def test_an_answer_cites_what_it_was_made_from(ask: Any) -> None:
    async with ask() as asker:
        body = await asker.chat(messages=user(STRICTNESS), data_sources=source(include_contexts=ALL))
    message = body["choices"][0]["message"]
    context = message["context"]
    assert body["object"] == "extensions.chat.completion"
    assert message["end_turn"] is True
    assert "[doc1]" in message["content"]
    first = context["citations"][0]
    assert "Strictness" in first["title"]
    assert first["filepath"] == "your-own-documents.md"
    sentence = message["content"].split(" [doc1]")[0]
    assert sentence in first["content"]
    assert json.loads(context["intent"]) == [STRICTNESS]
    retrieved = context["all_retrieved_documents"]
    used = [each for each in retrieved if "filter_reason" not in each]
    assert [each["content"] for each in used] == [each["content"] for each in context["citations"]]
    assert all(each["rerank_score"] >= 0 and each["search_queries"] == [STRICTNESS] for each in retrieved)
    scores = [each["rerank_score"] for each in retrieved]
    assert scores == sorted(scores, reverse=True)


async def test_only_the_contexts_that_were_asked_for_come(ask: Any) -> None:
    async with ask() as asker:
        usual = await asker.chat(messages=user(STRICTNESS), data_sources=source())
        one = await asker.chat(messages=user(STRICTNESS), data_sources=source(include_contexts=["intent"]))
    assert set(usual["choices"][0]["message"]["context"]) == {"citations", "intent"}
    assert set(one["choices"][0]["message"]["context"]) == {"intent"}


async def test_strictness_and_number_say_why_a_document_was_left_out(ask: Any) -> None:
    found = {}
    async with ask() as asker:
        for strictness in (1, 5):
            sources = source(include_contexts=ALL, strictness=strictness, top_n_documents=2)
            body = await asker.chat(messages=user(STRICTNESS), data_sources=sources)
            found[strictness] = body["choices"][0]["message"]["context"]
    reasons = {
        level: [each.get("filter_reason") for each in found[level]["all_retrieved_documents"]]
        for level in found
    }
    assert reasons[1][:3] == [None, None, "rerank"]
    assert len(found[1]["citations"]) == 2
    assert reasons[5][0] is None
    assert "score" in reasons[5]
    assert len(found[5]["citations"]) < 2


async def test_out_of_scope_is_said_or_answered_freely(ask: Any) -> None:
    question = user("Who was the first person on the moon?")
    async with ask() as asker:
        inside = await asker.text(messages=question, data_sources=source())
        outside = await asker.text(messages=question, data_sources=source(in_scope=False))
    assert "not found in the retrieved data" in inside
    assert "the first person" in outside


async def test_a_stream_begins_with_the_context(ask: Any) -> None:
    async with ask() as asker:
        chunks = await asker.chunks(messages=user(STRICTNESS), data_sources=source())
    assert chunks[1]["object"] == "extensions.chat.completion.chunk"
    delta = chunks[1]["choices"][0]["delta"]
    assert delta["role"] == "assistant"
    assert delta["context"]["citations"]
    assert "[doc1]" in joined(chunks)
    assert chunks[-1]["choices"][0]["end_turn"] is True


@pytest.mark.parametrize(
    "parameters",
    [
        {"query_type": "vector", "embedding_dependency": VECTORS},
        {"query_type": "vector_simple_hybrid", "embedding_dependency": VECTORS},
        {"query_type": "semantic", "semantic_configuration": "default"},
        {"filter": "filepath eq 'your-own-documents.md'"},
        {"filter": "filepath ne 'about-the-playground.md'"},
        {"endpoint": "http://localhost:1/", "authentication": {"type": "api_key", "key": "x"}},
        {"role_information": "Be brief.", "max_search_queries": 1, "fields_mapping": {"title_field": "t"}},
    ],
)
async def test_every_kind_of_search_finds_it(ask: Any, parameters: dict[str, Any]) -> None:
    async with ask() as asker:
        assert "[doc1]" in await asker.text(messages=user(STRICTNESS), data_sources=source(**parameters))


@pytest.mark.parametrize(
    ("parameters", "status", "words"),
    [
        ({"index_name": "other"}, 400, "'handbook'"),
        ({"endpoint": "https://mine.search.windows.net"}, 424, "only answers for its own indexes"),
        ({"endpoint": "http://127.0.0.1:99999"}, 424, "only answers for its own indexes"),
        ({"endpoint": "https://[::1"}, 424, "only answers for its own indexes"),
        ({"query_type": "semantic"}, 400, "semantic_configuration"),
        ({"query_type": "vector"}, 400, "embedding_dependency"),
        ({"filter": "price gt 3"}, 400, "filter"),
        ({"top_n_documents": 0}, 400, "top_n_documents"),
        ({"strictness": 6}, 400, "strictness"),
    ],
)
async def test_what_cannot_be_searched_is_refused(ask: Any, parameters: Any, status: int, words: str) -> None:
    async with ask() as asker:
        error = await asker.chat_refused(data_sources=source(**parameters), status=status)
    assert words in error["message"]
    assert error["param"].startswith("data_sources[0].parameters")


async def test_sources_of_other_kinds_cannot_be_reached(ask: Any) -> None:
    other = {"type": "elasticsearch", "parameters": {"endpoint": "https://example.com", "index_name": "x"}}
    async with ask() as asker:
        error = await asker.chat_refused(data_sources=[other], status=424)
    assert "elasticsearch" in error["message"]


async def test_a_follow_up_is_searched_together_with_its_question(ask: Any) -> None:
    history = [*user(STRICTNESS), {"role": "assistant", "content": "…"}, *user("And the default?")]
    async with ask() as asker:
        body = await asker.chat(messages=history, data_sources=source())
    intent = json.loads(body["choices"][0]["message"]["context"]["intent"])
    assert intent == ["And the default?", f"{STRICTNESS} And the default?"]


async def test_a_folder_becomes_an_index(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    (folder / "deep").mkdir(parents=True)
    (folder / "cats.md").write_text("# Cats\n\n## Food\nCats eat mice.\n\n## Sleep\nCats sleep by day.\n")
    (folder / "deep" / "dogs.txt").write_text("Dogs chase cats.")
    (folder / "page.html").write_text("<html><style>p{}</style><p>Birds &amp; bees fly.</p></html>")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    documents = Documents(tmp_path / "data")
    assert await documents.ingest("animals", folder) == 4
    assert await documents.indexes() == ["animals", "handbook"]
    found = await documents.search(Query("animals", ("what do cats eat",)))
    assert (found[0].title, found[0].filepath, found[0].content) == (
        "Cats · Food",
        "cats.md",
        "Cats eat mice.",
    )
    assert {hit.filepath for hit in found} == {"cats.md", "deep/dogs.txt"}
    (folder / "cats.md").unlink()
    assert await documents.ingest("animals", folder) == 2
    assert [hit.filepath for hit in await documents.search(Query("animals", ("cats",)))] == ["deep/dogs.txt"]
    assert (tmp_path / "data" / "documents.sqlite3").stat().st_mode & 0o077 == 0
    with pytest.raises(UnknownIndexError):
        await documents.search(Query("nothing", ("x",)))
    with pytest.raises(NotADirectoryError):
        await documents.ingest("animals", tmp_path / "missing")


HOSTILE = ['"', "a AND", "NEAR(", "x*", "col:x", "-", "^a", "' OR 1=1 --", "\0", "((", "日本", "\ud800"]


async def test_no_question_is_syntax(tmp_path: Path) -> None:
    documents = Documents(tmp_path)
    for text in HOSTILE:
        for kind in ("simple", "vector_simple_hybrid"):
            await documents.search(Query("handbook", (text,), kind))


@given(st.text(max_size=40))
def test_a_query_is_only_ever_quoted_words(text: str) -> None:
    assert all(
        word[0] == word[-1] == '"' and word.count('"') == 2
        for word in match_query(text).split(" OR ")
        if word
    )


@given(st.text("ab \n#.", max_size=5000))
def test_passages_are_short_and_lose_nothing(text: str) -> None:
    found = list(passages(text, "x.txt"))
    assert all(0 < len(chunk.content) <= 2 * PASSAGE for chunk in found)
    assert [chunk.number for chunk in found] == list(range(len(found)))
    kept = sum(chunk.content.count("a") + chunk.title.count("a") for chunk in found)
    assert kept >= sum(line.count("a") for line in text.splitlines() if not line.lstrip().startswith("#"))
