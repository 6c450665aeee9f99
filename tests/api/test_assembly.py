"""Chunks become exactly the messages that the service meant, however they are cut up and mixed."""

import base64
import json
import random

import pytest

from playground.api.assembly import ChatAssembly
from playground.api.completion_assembly import CompletionAssembly
from playground.wire.chat import ChatChunk, ChatCompletion
from playground.wire.completions import Completion
from tests.api.recorded import CALLS, LATE_FILTER, REFUSAL, STREAMS, TEXT, THREE, WORDS, call, chunk, figure

SEED = 10


def assembled(chunks: list, end: bool = True) -> ChatAssembly:
    assembly = ChatAssembly()
    for each in chunks:
        assembly.add(ChatChunk.model_validate_json(json.dumps(each)))
    if end:
        assembly.end()
    return assembly


def test_b10_text_with_filters_and_usage() -> None:
    whole = assembled(TEXT)
    assert whole.complete
    assert whole.choices[0].text == "".join(WORDS)
    assert whole.choices[0].finish_reason == "stop"
    assert (whole.id, whole.model, whole.created) == ("chatcmpl-1", "gpt-4o-2024-08-06", 1710000000)
    assert whole.usage_wire() == {"prompt_tokens": 8, "completion_tokens": 12, "total_tokens": 20}
    assert whole.prompt_filters_wire()[0]["content_filter_results"]["jailbreak"]["detected"] is False
    assert whole.choices[0].filters_wire()["hate"] == {"filtered": False, "severity": "safe"}


def test_b10_three_answers_in_any_order() -> None:
    chance = random.Random(SEED)
    mismatches, runs = 0, 200
    for _ in range(runs):
        # Within an answer the order counts, between answers it does not.
        queues = [[each for each in THREE[1:-1] if each["choices"][0]["index"] == i] for i in range(3)]
        mixed = []
        while any(queues):
            mixed.append(chance.choice([queue for queue in queues if queue]).pop(0))
        whole = assembled([THREE[0], *mixed, THREE[-1]])
        texts = [whole.choices[i].text for i in range(3)]
        mismatches += texts != ["".join(f"{word}{i}" for word in WORDS) for i in range(3)]
        mismatches += not whole.complete
    figure("B10", runs, mismatches, f"mismatches {mismatches}, IndexError 0", SEED)


def test_b10_tool_calls_by_index() -> None:
    choice = assembled(CALLS).choices[0]
    assert [(each.id, each.name, json.loads(each.arguments)) for each in choice.tool_calls] == [
        ("call_a", "weather", {"city": "Köln"}),
        ("call_b", "time", {"zone": "東京"}),
    ]
    message = assembled(CALLS).completion().choices[0].message
    assert message is not None
    assert message.content is None


def test_b10_calls_out_of_order_without_ids_and_with_bad_arguments() -> None:
    choice = assembled(
        [
            chunk(tool_calls=[call(1, "call_b", "second")]),
            chunk(tool_calls=[call(0, None, "first", '{"a"')]),
            chunk(tool_calls=[call(0, arguments=": nonsense")]),
            chunk(finish="tool_calls"),
        ]
    ).choices[0]
    assert [(each.name, each.arguments) for each in choice.tool_calls] == [
        ("first", '{"a": nonsense'),
        ("second", ""),
    ]
    assert [each["id"] for each in choice.tool_calls_wire()] == ["call_0", "call_b"]


def test_calls_without_any_index() -> None:
    choice = assembled(
        [
            chunk(tool_calls=[call(None, "call_a", "first", "{")]),
            chunk(tool_calls=[call(None, arguments="}")]),
            chunk(tool_calls=[call(None, "call_b", "second", "[")]),
            chunk(tool_calls=[call(None, arguments="]")]),
        ]
    ).choices[0]
    assert [(each.name, each.arguments) for each in choice.tool_calls] == [("first", "{}"), ("second", "[]")]


def test_refusal_and_nothing_said() -> None:
    choice = assembled(REFUSAL).choices[0]
    assert (choice.text, choice.refusal) == ("", "I cannot.")
    message = assembled(REFUSAL).completion().choices[0].message
    assert message is not None
    assert message.content is None


def test_late_annotations_have_no_delta_and_keep_their_offsets() -> None:
    whole = assembled(LATE_FILTER)
    choice = whole.choices[0]
    assert whole.complete
    assert choice.text == "".join(WORDS)
    assert choice.checked_until == 44
    assert choice.filters.violence is not None
    assert choice.filters.violence.severity == "low"
    assert whole.prompt_filters[0].prompt_index == 0


def test_the_gravest_judgement_stays() -> None:
    def judged(**results):
        each = chunk(content="x")
        each["choices"][0]["content_filter_results"] = results
        return each

    choice = assembled(
        [
            judged(hate={"filtered": False, "severity": "medium"}),
            judged(hate={"filtered": False, "severity": "safe"}, protected_material_text={"detected": True}),
            judged(
                hate={"filtered": True, "severity": "low"},
                protected_material_text={"filtered": False, "detected": False},
                custom_blocklists={"filtered": True, "details": [{"id": "a", "filtered": True}]},
            ),
            judged(custom_blocklists={"filtered": False, "details": [{"id": "b", "filtered": False}]}),
        ]
    ).choices[0]
    found = choice.filters_wire()
    assert found["hate"] == {"filtered": True, "severity": "medium"}
    assert found["protected_material_text"]["detected"] is True
    assert [each["id"] for each in found["custom_blocklists"]["details"]] == ["a", "b"]
    assert found["custom_blocklists"]["filtered"] is True


def test_sound_in_pieces() -> None:
    pieces = [b"\x00\x01", b"\x02", b"\x03\x04\x05"]
    fragments = [
        {"id": "audio_1"},
        *({"data": base64.b64encode(piece).decode(), "transcript": "la "} for piece in pieces),
        {"data": "not base64!"},
        {"expires_at": 17},
    ]
    audio = assembled([chunk(audio=fragment) for fragment in fragments]).choices[0].audio
    assert audio is not None
    assert bytes(audio.data) == b"".join(pieces)
    assert (audio.id, audio.transcript, audio.expires_at, audio.damaged) == ("audio_1", "la la la ", 17, True)


def test_context_logprobs_and_a_legacy_call() -> None:
    token = {"token": "a", "logprob": -0.1, "bytes": [97], "top_logprobs": []}
    first, second = chunk(content="a"), chunk(content="a", finish="function_call")
    first["choices"][0]["logprobs"] = {"content": [token], "refusal": None}
    second["choices"][0]["logprobs"] = {"content": [token], "refusal": None}
    whole = assembled(
        [
            chunk(context={"citations": [{"content": "one"}], "intent": "[]"}),
            chunk(context={"citations": [{"content": "two"}]}),
            chunk(function_call={"name": "old", "arguments": "{"}),
            chunk(function_call={"arguments": "}"}),
            first,
            second,
        ]
    )
    message = whole.completion().choices[0].message
    assert message is not None
    assert message.context is not None
    assert [each.content for each in message.context.citations or []] == ["one", "two"]
    assert message.function_call is not None
    assert (message.function_call.name, message.function_call.arguments) == ("old", "{}")
    logprobs = whole.choices[0].logprobs.content or []
    assert [each.token for each in logprobs] == ["a", "a"]


@pytest.mark.parametrize("name", STREAMS)
def test_nothing_but_the_end_makes_an_answer_complete(name: str) -> None:
    chunks = STREAMS[name]
    assert not assembled([]).complete
    assert not assembled(chunks, end=False).complete
    finishes = [i for i, each in enumerate(chunks) if any(c["finish_reason"] for c in each["choices"])]
    for length in range(finishes[-1] + 1):
        begun = {c["index"] for each in chunks[:length] for c in each["choices"]}
        done = {c["index"] for each in chunks[:length] for c in each["choices"] if c["finish_reason"]}
        assert assembled(chunks[:length]).complete == (bool(begun) and begun == done)


@pytest.mark.parametrize("name", STREAMS)
def test_an_answer_that_came_whole_reads_like_a_streamed_one(name: str) -> None:
    whole = assembled(STREAMS[name]).completion()
    again = ChatAssembly.of(ChatCompletion.model_validate_json(whole.model_dump_json(exclude_unset=True)))
    assert again.complete
    assert again.completion() == whole


def test_text_completions_by_index() -> None:
    assembly = CompletionAssembly()
    for index, text, finish in [(0, "a", None), (1, "x", None), (0, "b", "stop"), (1, "y", None)]:
        logprobs = {"tokens": [text], "token_logprobs": [-0.5], "text_offset": [0], "top_logprobs": None}
        choice = {"index": index, "text": text, "finish_reason": finish, "logprobs": logprobs}
        assembly.add(Completion.model_validate({"choices": [choice], "model": "m"}))
    assembly.end()
    assert not assembly.complete
    assembly.add(
        Completion.model_validate({"choices": [{"index": 1, "text": "", "finish_reason": "length"}]})
    )
    assert assembly.complete
    assert [assembly.choices[i].text for i in (0, 1)] == ["ab", "xy"]
    assert assembly.choices[0].logprobs is not None
    assert assembly.choices[0].logprobs.tokens == ["a", "b"]
