"""Text completions: prompts of every kind, echo, suffix, best of several, and the older log probabilities."""

import math
from typing import Any

import pytest

from playground.service.engines.simulated.tokenizer import SimulatedTokenizer
from tests import schema
from tests.service import engines_client
from tests.service.engines_client import COMPLETIONS, Asker, events

TOKENIZER = SimulatedTokenizer()
ask, runner = engines_client.ask, engines_client.runner


async def complete(asker: Asker, **body: Any) -> Any:
    reply = await asker.post("completions", "completions", {"prompt": "Once upon a time", **body})
    assert reply.status_code == 200, reply.text
    schema.validate(COMPLETIONS, 200, reply.content)
    return reply.json()


async def chunks(asker: Asker, **body: Any) -> list[Any]:
    reply = await asker.post(
        "completions", "completions", {"prompt": "Once upon a time", "stream": True, **body}
    )
    found = events(reply)
    for chunk in found:
        schema.validate_chunk(COMPLETIONS, chunk)
    return found


async def test_the_answer_has_every_member(ask: Any) -> None:
    async with ask() as asker:
        body = await complete(asker)
    assert body["id"].startswith("cmpl-")
    assert (body["object"], body["model"]) == ("text_completion", "simulated-completions")
    choice = body["choices"][0]
    assert (choice["index"], choice["finish_reason"], choice["logprobs"]) == (0, "length", None)
    assert body["usage"]["completion_tokens"] == 16
    assert body["usage"]["prompt_tokens"] == len(TOKENIZER.encode("Once upon a time"))
    assert body["prompt_filter_results"][0]["prompt_index"] == 0


@pytest.mark.parametrize(
    ("prompt", "texts"),
    [
        ("One", ["One"]),
        (["One", "Two"], ["One", "Two"]),
        (TOKENIZER.encode("Three words here"), ["Three words here"]),
        ([TOKENIZER.encode("One"), TOKENIZER.encode("Two")], ["One", "Two"]),
        (None, [""]),
        ("", [""]),
    ],
)
async def test_prompts_come_as_text_or_tokens_one_or_many(ask: Any, prompt: Any, texts: list[str]) -> None:
    async with ask() as asker:
        body = await complete(asker, prompt=prompt, echo=True, n=2, max_tokens=3)
    assert [choice["index"] for choice in body["choices"]] == list(range(2 * len(texts)))
    for place, text in enumerate(texts):
        for copy in range(2):
            assert body["choices"][place * 2 + copy]["text"].startswith(text)
    assert len(body["prompt_filter_results"]) == len(texts)
    assert body["usage"]["completion_tokens"] == 6 * len(texts)


async def test_log_probabilities_have_the_older_shape(ask: Any) -> None:
    async with ask() as asker:
        body = await complete(asker, echo=True, logprobs=3, max_tokens=4)
        silent = await complete(asker, logprobs=0, max_tokens=4)
    choice = body["choices"][0]
    found = choice["logprobs"]
    assert "".join(found["tokens"]) == choice["text"]
    assert found["token_logprobs"][0] is None
    assert found["top_logprobs"][0] is None
    assert all(share <= 0 for share in found["token_logprobs"][1:])
    for offset, token in zip(found["text_offset"], found["tokens"], strict=True):
        assert choice["text"][offset:].startswith(token)
    for token, rivals in zip(found["tokens"][1:], found["top_logprobs"][1:], strict=True):
        assert len(rivals) == 3
        assert token in rivals
        assert sum(map(math.exp, rivals.values())) <= 1 + 1e-6
    assert silent["choices"][0]["logprobs"]["top_logprobs"] == [{}] * 4


async def test_echo_alone_scores_a_text(ask: Any) -> None:
    async with ask() as asker:
        body = await complete(asker, prompt="Rivers flow", echo=True, max_tokens=0, logprobs=1)
    choice = body["choices"][0]
    assert choice["text"] == "Rivers flow"
    assert choice["finish_reason"] == "length"
    assert body["usage"]["completion_tokens"] == 0
    assert len(choice["logprobs"]["tokens"]) == len(TOKENIZER.encode("Rivers flow"))


async def test_the_best_of_several_is_the_likeliest_and_all_are_paid_for(ask: Any) -> None:
    async with ask() as asker:
        all_five = await complete(asker, n=5, best_of=5, seed=3, logprobs=0, max_tokens=8)
        best = await complete(asker, n=1, best_of=5, seed=3, logprobs=0, max_tokens=8)
    assert best["choices"][0]["text"] == all_five["choices"][0]["text"]
    shares = [sum(choice["logprobs"]["token_logprobs"]) for choice in all_five["choices"]]
    assert shares == sorted(shares, reverse=True)
    assert best["usage"]["completion_tokens"] == 40


async def test_stop_and_seed(ask: Any) -> None:
    async with ask() as asker:
        full = (await complete(asker, seed=5, max_tokens=60))["choices"][0]["text"]
        again = (await complete(asker, seed=5, max_tokens=60))["choices"][0]["text"]
        stop = full[30:36]
        cut = (await complete(asker, seed=5, max_tokens=60, stop=[stop]))["choices"][0]
    assert again == full
    assert (cut["text"], cut["finish_reason"]) == (full[: full.index(stop)], "stop")


@pytest.mark.parametrize(
    ("prompt", "suffix", "expected"),
    [
        ("def keep(items):", "return result", "for item in items"),
        ("1. Bread\n2. Milk\n3.", None, ":"),
        ("Write a poem about snow", None, "\n\n"),
        ("My dear friend, the garden", " Yours, A.", "garden"),
    ],
)
async def test_the_text_is_continued_in_its_own_manner(
    ask: Any, prompt: str, suffix: str, expected: str
) -> None:
    async with ask() as asker:
        body = await complete(asker, prompt=prompt, suffix=suffix, max_tokens=200, seed=1)
    assert expected in body["choices"][0]["text"]


async def test_a_stream_says_the_same(ask: Any) -> None:
    options = {"seed": 4, "n": 2, "max_tokens": 12, "logprobs": 1, "echo": True}
    async with ask() as asker:
        whole = await complete(asker, **options)
        found = await chunks(asker, **options, stream_options={"include_usage": True})
    assert (found[0]["choices"], found[0]["id"]) == ([], "")
    assert found[0]["prompt_filter_results"]
    assert found[-1]["choices"] == []
    assert found[-1]["usage"] == whole["usage"]
    assert all(chunk["usage"] is None for chunk in found[1:-1])
    for choice in whole["choices"]:
        parts = [part for chunk in found for part in chunk["choices"] if part["index"] == choice["index"]]
        assert "".join(part["text"] for part in parts) == choice["text"]
        assert [part["finish_reason"] for part in parts][-1] == choice["finish_reason"]
        offsets = [offset for part in parts if part["logprobs"] for offset in part["logprobs"]["text_offset"]]
        assert offsets == choice["logprobs"]["text_offset"]


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"nonsense": 1}, None),
        ({"messages": []}, None),
        ({"best_of": 2, "n": 3}, "best_of"),
        ({"best_of": 2, "stream": True}, "best_of"),
        ({"echo": True, "suffix": "x"}, "echo"),
        ({"stream_options": {}}, "stream_options"),
        ({"prompt": []}, "prompt"),
        ({"prompt": [5_000]}, "prompt"),
        ({"prompt": [-1]}, "prompt"),
        ({"logprobs": 6}, "logprobs"),
        ({"max_tokens": 5_000}, "prompt"),
        ({"prompt": "word " * 5_000}, "prompt"),
        ({"stop": ""}, "stop"),
    ],
)
async def test_broken_rules_are_named(ask: Any, body: dict[str, Any], param: str | None) -> None:
    async with ask() as asker:
        error = await asker.refused("completions", {"prompt": "x", **body}, to="completions")
    assert error["type"] == "invalid_request_error"
    assert (error["param"] or "").partition("[")[0] == (param or "")


async def test_the_filter_looks_at_prompts_and_answers(ask: Any) -> None:
    async with ask() as asker:
        error = await asker.refused("completions", {"prompt": ["a", "[[filter:hate]]"]}, to="completions")
        body = await complete(asker, prompt="Tell a story [[filter-answer:sexual]]", max_tokens=100)
    assert (error["code"], error["status"]) == ("content_filter", 400)
    choice = body["choices"][0]
    assert choice["finish_reason"] == "content_filter"
    assert choice["content_filter_results"]["sexual"]["filtered"] is True
    assert body["usage"]["completion_tokens"] == 12
