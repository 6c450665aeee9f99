"""Chat answers as a whole: every field of the request has its effect, and every answer fits the schema."""

import base64
import json
import math
from typing import Any

import pytest

from playground.service.engines.simulated.canvas import landscape
from playground.service.engines.simulated.tokenizer import SimulatedTokenizer
from tests.service import engines_client
from tests.service.engines_client import user

TOKENIZER = SimulatedTokenizer()
SEA = user("Say something about the sea in two sentences.")


ask, runner = engines_client.ask, engines_client.runner


async def test_the_answer_has_every_member(ask: Any) -> None:
    async with ask() as asker:
        body = await asker.chat(messages=SEA)
    assert body["id"].startswith("chatcmpl-")
    assert body["object"] == "chat.completion"
    assert body["model"] == "simulated-chat"
    assert body["system_fingerprint"].startswith("fp_")
    choice = body["choices"][0]
    assert (choice["index"], choice["finish_reason"], choice["logprobs"]) == (0, "stop", None)
    assert choice["message"]["role"] == "assistant"
    assert choice["message"]["refusal"] is None
    assert choice["content_filter_results"]["hate"] == {"filtered": False, "severity": "safe"}
    assert body["prompt_filter_results"][0]["content_filter_results"]["jailbreak"]["detected"] is False
    usage = body["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Hello!", "simulated model"),
        ("Say something about the sea in two sentences.", "the sea"),
        ("Make a table of planets with columns name, mass and moons", "| Name | Mass | Moons |"),
        ("Write a Python function for the Fibonacci numbers", "```python\ndef fibonacci"),
        ("List 7 tips for hiking", "- **"),
        ("What is 17 * 3?", "**51**"),
        ("Say exactly: ping", "ping"),
        ("Count to 12", "11, 12."),
        ("Who are you?", "simulated-chat"),
        ("Show me some Markdown formatting", "| Left | Middle | Right |"),
        ("Write a poem about autumn", "autumn"),
        ("Summarize: Rivers are long. They end in the sea.", "> Rivers are long. … They end in the sea."),
        ("Explain photosynthesis", "photosynthesis"),
        ("", "this subject"),
    ],
)
async def test_the_answer_takes_the_form_that_is_asked_for(ask: Any, question: str, expected: str) -> None:
    async with ask() as asker:
        assert expected in await asker.text(messages=user(question), temperature=0)


async def test_code_that_is_answered_runs(ask: Any) -> None:
    async with ask() as asker:
        for task in (
            "Fibonacci",
            "factorial",
            "prime numbers",
            "palindromes",
            "fizzbuzz",
            "sorting",
            'tea "\'\\"',
        ):
            text = await asker.text(messages=user(f"Write Python code for {task}"))
            program = text.split("```python\n")[1].split("```")[0]
            exec(compile(program, task, "exec"), {"__name__": "example", "print": lambda *_: None})


@pytest.mark.parametrize(("words", "low", "high"), [("150 words", 150, 150), ("600 words", 600, 600)])
async def test_the_answer_has_the_length_that_is_asked_for(ask: Any, words: str, low: int, high: int) -> None:
    async with ask() as asker:
        text = await asker.text(messages=user(f"Write {words} about bridges"), seed=4)
    assert low <= len(text.split()) <= high


async def test_four_thousand_tokens_are_four_thousand_tokens(ask: Any) -> None:
    async with ask() as asker:
        body = await asker.chat(messages=user("Write 4000 tokens about bridges"), seed=4)
    assert 3600 < body["usage"]["completion_tokens"] < 4400


async def test_a_seed_repeats_an_answer_and_another_does_not(ask: Any) -> None:
    async with ask() as asker:
        first = await asker.text(seed=7)
        assert await asker.text(seed=7) == first
        assert {await asker.text(seed=seed) for seed in range(6)} != {first}
        assert await asker.text(seed=7, temperature=0.3) != first
        assert len({await asker.text() for _ in range(6)}) > 1


async def test_greedy_answers_are_all_the_same(ask: Any) -> None:
    async with ask() as asker:
        body = await asker.chat(temperature=0, n=3, seed=1)
        assert len({choice["message"]["content"] for choice in body["choices"]}) == 1
        other = await asker.text(top_p=0, seed=2)
    assert other == body["choices"][0]["message"]["content"]


async def test_several_answers_differ_and_are_all_paid_for(ask: Any) -> None:
    async with ask() as asker:
        body = await asker.chat(n=3, seed=5, max_tokens=20)
    assert [choice["index"] for choice in body["choices"]] == [0, 1, 2]
    assert {choice["finish_reason"] for choice in body["choices"]} == {"length"}
    assert len({choice["message"]["content"] for choice in body["choices"]}) > 1
    assert body["usage"]["completion_tokens"] == 60


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
async def test_a_limit_ends_the_answer(ask: Any, name: str) -> None:
    async with ask() as asker:
        body = await asker.chat(seed=1, **{name: 4})
    assert body["choices"][0]["finish_reason"] == "length"
    assert body["usage"]["completion_tokens"] == 4


@pytest.mark.parametrize("as_array", [True, False])
async def test_a_stop_sequence_is_cut_out_even_across_tokens(ask: Any, as_array: bool) -> None:
    async with ask() as asker:
        full = await asker.text(messages=SEA, seed=3)
        middle = len(full) // 2
        stop = full[middle : middle + 9]
        body = await asker.chat(messages=SEA, seed=3, stop=[stop, "§"] if as_array else stop, logprobs=True)
    choice = body["choices"][0]
    assert choice["message"]["content"] == full[: full.index(stop)]
    assert choice["finish_reason"] == "stop"
    assert "".join(token["token"] for token in choice["logprobs"]["content"]) == choice["message"]["content"]


async def test_logprobs_are_normalised_sorted_and_join_to_the_text(ask: Any) -> None:
    async with ask() as asker:
        body = await asker.chat(
            messages=user("Say exactly: naïve 日本 tokens 😀"), logprobs=True, top_logprobs=4
        )
        bare = await asker.chat(messages=SEA, logprobs=True)
    choice = body["choices"][0]
    tokens = choice["logprobs"]["content"]
    raw = b"".join(bytes(token["bytes"]) for token in tokens)
    assert raw.decode() == choice["message"]["content"] == "naïve 日本 tokens 😀"
    assert len(tokens) == body["usage"]["completion_tokens"]
    for token in tokens:
        rivals = [rival["logprob"] for rival in token["top_logprobs"]]
        assert len(rivals) == 4
        assert rivals == sorted(rivals, reverse=True)
        assert sum(map(math.exp, rivals)) <= 1 + 1e-6
        assert token["logprob"] in rivals
    assert all(token["top_logprobs"] == [] for token in bare["choices"][0]["logprobs"]["content"])


async def test_logit_bias_bars_a_token(ask: Any) -> None:
    number = TOKENIZER.encode(" the")[0]
    async with ask() as asker:
        free = await asker.text(messages=user("Write 100 words about tea"), seed=2)
        barred = await asker.text(
            messages=user("Write 100 words about tea"), seed=2, logit_bias={str(number): -100}
        )
    assert " the " in free
    assert number not in TOKENIZER.encode(barred)


async def test_a_prediction_is_accepted_as_far_as_it_comes_true(ask: Any) -> None:
    code = "def add(first, second):\n    return first + second\n"
    prediction = {"type": "content", "content": code}
    async with ask() as asker:
        same = await asker.chat(messages=user("Repeat this code."), prediction=prediction)
        other = await asker.chat(messages=user('Replace "add" with "total".'), prediction=prediction)
    assert same["choices"][0]["message"]["content"] == code
    details = same["usage"]["completion_tokens_details"]
    assert details["accepted_prediction_tokens"] == len(TOKENIZER.encode(code))
    assert details["rejected_prediction_tokens"] == 0
    assert "def total(" in other["choices"][0]["message"]["content"]
    details = other["usage"]["completion_tokens_details"]
    assert details["rejected_prediction_tokens"] > 0
    spent = (
        len(TOKENIZER.encode(other["choices"][0]["message"]["content"]))
        + details["rejected_prediction_tokens"]
    )
    assert other["usage"]["completion_tokens"] == spent


async def test_a_picture_is_measured_and_costs_tokens(ask: Any) -> None:
    picture = base64.b64encode(landscape("hills", 256, 128, "vivid", False, 0)).decode()
    parts = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{picture}"}},
        {"type": "image_url", "image_url": {"url": "https://example.com/a.png", "detail": "low"}},
    ]
    async with ask() as asker:
        body = await asker.chat(messages=user(parts))
        plain = await asker.chat(messages=user("What is this?"))
    text = body["choices"][0]["message"]["content"]
    assert "256 × 128" in text
    assert "example.com was not fetched" in text
    assert body["usage"]["prompt_tokens"] == plain["usage"]["prompt_tokens"] + 255 + 85


async def test_enhancements_tell_where_words_lie(ask: Any) -> None:
    picture = base64.b64encode(landscape("hills", 64, 64, "vivid", False, 0)).decode()
    parts = [{"type": "image_url", "image_url": {"url": f"data:image/png;base64,{picture}"}}]
    async with ask() as asker:
        body = await asker.chat(messages=user(parts), enhancements={"grounding": {"enabled": True}})
    line = body["choices"][0]["enhancements"]["grounding"]["lines"][0]
    span = line["spans"][0]
    assert line["text"][span["offset"] : span["offset"] + span["length"]] == span["text"]
    assert all(0 <= point["x"] <= 1 and 0 <= point["y"] <= 1 for point in span["polygon"])


async def test_a_spoken_answer_can_be_played_and_heard_again(ask: Any) -> None:
    options = {"modalities": ["text", "audio"], "audio": {"voice": "nova", "format": "wav"}}
    async with ask() as asker:
        body = await asker.chat(messages=user("Say exactly: Good morning."), **options)
        audio = body["choices"][0]["message"]["audio"]
        part = {"type": "input_audio", "input_audio": {"data": audio["data"], "format": "wav"}}
        heard = await asker.chat(messages=user([part]))
    assert body["choices"][0]["message"]["content"] is None
    assert audio["transcript"] == "Good morning."
    assert base64.b64decode(audio["data"])[:4] == b"RIFF"
    assert audio["expires_at"] > body["created"]
    details = body["usage"]["completion_tokens_details"]
    assert 0 < details["audio_tokens"] < body["usage"]["completion_tokens"]
    assert "You said: “Good morning.”" in heard["choices"][0]["message"]["content"]
    assert heard["usage"]["prompt_tokens_details"]["audio_tokens"] > 0


@pytest.mark.parametrize(("effort", "least"), [("low", 64), ("medium", 192), ("high", 576)])
async def test_reasoning_is_hidden_and_paid_for(ask: Any, effort: str, least: int) -> None:
    async with ask() as asker:
        body = await asker.chat(to="reasoning", messages=SEA, reasoning_effort=effort)
        cut = await asker.chat(
            to="reasoning", messages=SEA, reasoning_effort=effort, max_completion_tokens=50
        )
    spent = body["usage"]["completion_tokens_details"]["reasoning_tokens"]
    assert least <= spent < body["usage"]["completion_tokens"]
    assert body["choices"][0]["message"]["content"]
    assert cut["choices"][0]["message"]["content"] == ""
    assert cut["choices"][0]["finish_reason"] == "length"
    assert cut["usage"]["completion_tokens_details"]["reasoning_tokens"] == 50


async def test_what_changes_nothing_is_accepted(ask: Any) -> None:
    harmless = {
        "store": True,
        "metadata": {"a": "b"},
        "user": "somebody",
        "model": "gpt-4o",
        "presence_penalty": 1.5,
        "frequency_penalty": -1,
        "user_security_context": {"application_name": "test"},
        "response_format": {"type": "text"},
        "stream": None,
        "temperature": None,
        "stop": None,
    }
    async with ask() as asker:
        assert await asker.text(messages=SEA, seed=1, **harmless) == await asker.text(messages=SEA, seed=1)


async def test_a_json_object_is_a_json_object(ask: Any) -> None:
    async with ask() as asker:
        text = await asker.text(
            messages=user("As JSON with the keys name, year"), response_format={"type": "json_object"}
        )
    assert list(json.loads(text)) == ["name", "year"]


async def test_a_follow_up_keeps_the_subject(ask: Any) -> None:
    history = [*user("Explain glaciers"), {"role": "assistant", "content": "…"}, *user("Tell me more")]
    async with ask() as asker:
        assert "glaciers" in (await asker.text(messages=history)).lower()


async def test_nobody_waiting_ends_the_work(ask: Any) -> None:
    from starlette.requests import ClientDisconnect

    from playground.service import chat
    from playground.service.call import Call, Deployment

    async def gone() -> bool:
        return True

    async with ask() as asker:
        call = Call(asker.service, Deployment("chat", "chat", "gpt-4o"), disconnected=gone)
        call.body = json.dumps({"messages": user("Write 60000 tokens about rivers")}).encode()
        with pytest.raises(ClientDisconnect):
            await chat.complete(call)
