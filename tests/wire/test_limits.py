"""Limits of requests: each one holds on both sides, and a wrong type is refused rather than converted."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from playground.wire.base import to_wire
from playground.wire.operations import OPERATIONS, resolve
from playground.wire.problems import problems

HI = [{"role": "user", "content": "Hi"}]
TOOL = {"type": "function", "function": {"name": "f"}}
SOURCE = {"type": "azure_search", "parameters": {"endpoint": "https://s", "index_name": "i"}}
FULL: dict[str, dict[str, Any]] = {
    "chat:ChatRequest": {"messages": HI},
    "completions:CompletionRequest": {"prompt": "Hi"},
    "embeddings:EmbeddingsRequest": {"input": "Hi"},
    "images:ImageRequest": {"prompt": "Hi"},
    "speech:SpeechRequest": {"input": "Hi", "voice": "alloy"},
    "transcription:TranscriptionRequest": {},
    "transcription:TranslationRequest": {},
    "files:ListFilesQuery": {},
    "files:UploadFileRequest": {"purpose": "batch"},
    "uploads:CreateUploadRequest": {
        "filename": "a",
        "purpose": "batch",
        "bytes": 1,
        "mime_type": "text/plain",
    },
    "uploads:CompleteUploadRequest": {"part_ids": ["a"]},
    "batches:ListBatchesQuery": {},
    "batches:CreateBatchRequest": {
        "input_file_id": "f",
        "endpoint": "/chat/completions",
        "completion_window": "24h",
    },
    "batches:BatchLine": {"custom_id": "1", "method": "POST", "url": "/chat/completions", "body": {}},
}

SAMPLING: dict[str, tuple[list[Any], list[Any]]] = {
    "temperature": ([0, 2, 0.5, 1], [-0.1, 2.1, "1", True, [1]]),
    "top_p": ([0, 1, 0.5], [-0.1, 1.1, "1"]),
    "n": ([1, 128], [0, 129, "1", 1.5, True]),
    "presence_penalty": ([-2, 2], [-2.1, 2.1, "0"]),
    "frequency_penalty": ([-2, 2], [-2.1, 2.1, False]),
    "stop": (["a", ["a"], ["a"] * 4], [[], ["a"] * 5, 5, [5], {}]),
    "logit_bias": (
        [{}, {"50256": -100, "1": 100}],
        [{"1": 101}, {"1": -101}, {"1": "5"}, {"a": 1}, [1], {"1": 0.5}],
    ),
    "seed": ([0, -(2**63), 2**63 - 1], [2**63, -(2**63) - 1, "1", 1.5]),
    "stream": ([True, False], ["true", 1]),
    "stream_options": ([{}, {"include_usage": True}], [{"include_usage": "yes"}, True]),
    "user": (["a", ""], [1, ["a"]]),
    "model": (["a"], [1]),
}

CASES: dict[str, dict[str, tuple[list[Any], list[Any]]]] = {
    "chat:ChatRequest": {
        **SAMPLING,
        "messages": ([HI, HI * 2048], [[], HI * 2049, "Hi", {}, None, ["Hi"], [{}], [{"role": "nobody"}]]),
        "max_tokens": ([1, 100_000], [0, -1, "5", 1.5]),
        "max_completion_tokens": ([1], [0, "5"]),
        "logprobs": ([True, False], [1, "true"]),
        "top_logprobs": ([0, 20], [-1, 21, "3"]),
        "tools": ([[], [TOOL] * 128], [[TOOL] * 129, [{}], {}, [{"type": "magic"}]]),
        "tool_choice": (["none", "auto", "required", TOOL], ["maybe", {}, {"type": "function"}, 1, ["auto"]]),
        "parallel_tool_calls": ([True], ["no"]),
        "functions": ([[{"name": "f"}] * 128], [[], [{"name": "f"}] * 129, [{}], [{"name": "f g"}]]),
        "function_call": (["none", "auto", {"name": "f"}], ["required", {}, {"name": ""}]),
        "store": ([True], [1]),
        "metadata": (
            [{}, {str(i): "x" for i in range(16)}, {"k" * 64: "v" * 512}],
            [{str(i): "x" for i in range(17)}, {"k" * 65: ""}, {"k": "v" * 513}, {"k": 1}, "k"],
        ),
        "reasoning_effort": (["low", "medium", "high"], ["minimal", 1]),
        "modalities": ([["text"], ["text", "audio"]], [["video"], "text"]),
        "audio": (
            [{"voice": "shimmer", "format": "pcm16"}],
            [{}, {"voice": "alloy"}, {"voice": "bob", "format": "wav"}, {"voice": "alloy", "format": "pcm"}],
        ),
        "prediction": (
            [
                {"type": "content", "content": "a"},
                {"type": "content", "content": [{"type": "text", "text": ""}]},
            ],
            [{"type": "content"}, {"type": "content", "content": []}, {"type": "other", "content": "a"}],
        ),
        "response_format": (
            [
                {"type": "text"},
                {"type": "json_object"},
                {"type": "json_schema", "json_schema": {"name": "a-B_9"}},
                {"type": "json_schema", "json_schema": {"name": "a" * 64, "schema": {}, "strict": None}},
            ],
            [
                {},
                {"type": "xml"},
                {"type": "json_schema"},
                {"type": "json_schema", "json_schema": {"name": "a b"}},
                {"type": "json_schema", "json_schema": {"name": "a" * 65}},
                {"type": "json_schema", "json_schema": {"name": "a", "schema": "text"}},
                "text",
            ],
        ),
        "data_sources": ([[SOURCE]], [[], [SOURCE] * 2, [{"type": "disk"}], [{"type": "azure_search"}]]),
        "user_security_context": ([{}, {"source_ip": "::1"}], [{"source_ip": 1}, "me"]),
        "enhancements": ([{}, {"ocr": {"enabled": True}}], [{"ocr": {}}, {"grounding": {"enabled": "yes"}}]),
    },
    "completions:CompletionRequest": {
        **SAMPLING,
        "prompt": (["", [], ["a", ""], [1, 2], [[1], [2]], None], [5, {}, ["a", 1], [1, "a"], [[1], "a"]]),
        "max_tokens": ([0, 16], [-1, "16"]),
        "best_of": ([0, 20], [-1, 21, "1"]),
        "logprobs": ([0, 5], [-1, 6, True]),
        "echo": ([True], ["yes"]),
        "suffix": (["a"], [1]),
    },
    "embeddings:EmbeddingsRequest": {
        "input": (
            ["a", ["a"] * 2048, [1, 2], [[1], [2, 3]]],
            ["", [], ["a"] * 2049, ["a", ""], [1, "a"], [[]], [[1]] * 2049, [[1, "a"]], 5, {}, None, [1.5]],
        ),
        "encoding_format": (["float", "base64"], ["hex"]),
        "dimensions": ([1, 3072], [0, "256", 1.5]),
        "input_type": (["query"], [1]),
    },
    "images:ImageRequest": {
        "prompt": (["a" * 4000], ["", "a" * 4001, None, 5]),
        "n": ([1, 10], [0, 11, "1"]),
        "size": (["256x256", "512x512", "1024x1024", "1792x1024", "1024x1792"], ["1x1", 1024]),
        "response_format": (["url", "b64_json"], ["png"]),
        "quality": (["standard", "hd"], ["low"]),
        "style": (["vivid", "natural"], ["dull"]),
    },
    "speech:SpeechRequest": {
        "input": (["a" * 4096], ["", "a" * 4097, None, ["a"]]),
        "voice": (["alloy", "echo", "fable", "onyx", "nova", "shimmer"], ["ash", None, 1]),
        "response_format": (["mp3", "opus", "aac", "flac", "wav", "pcm"], ["pcm16", "ogg"]),
        "speed": ([0.25, 4, 1], [0.24, 4.01, "1"]),
    },
    "transcription:TranscriptionRequest": {
        "temperature": ([0, 1, "0.5"], [-0.1, 1.1, "warm", "nan"]),
        "response_format": (["json", "verbose_json", "text", "srt", "vtt"], ["xml"]),
        "timestamp_granularities[]": ([["word", "segment"], ["word"]], [["line"], [5]]),
        "language": (["en"], [1]),
    },
    "transcription:TranslationRequest": {
        "temperature": ([1], [2]),
        "response_format": (["vtt"], ["doc"]),
        "prompt": (["a"], [[]]),
    },
    "files:ListFilesQuery": {"purpose": (["vision", "batch_output"], ["fun"]), "limit": (["5", 1], [0, "x"])},
    "files:UploadFileRequest": {"purpose": (["fine-tune", "assistants", "vision"], ["fun", None])},
    "uploads:CreateUploadRequest": {
        "bytes": ([0, 8 * 1024**3], [-1, 8 * 1024**3 + 1, "5", 1.5]),
        "purpose": (["assistants", "batch", "fine-tune", "vision"], ["batch_output", "fun"]),
        "filename": (["a"], ["", None]),
        "mime_type": (["a/b"], [""]),
    },
    "uploads:CompleteUploadRequest": {"part_ids": ([["b", "a"]], [[], "a", [1]]), "md5": (["00"], [0])},
    "batches:ListBatchesQuery": {"limit": ([1, "20"], [0, "many"]), "$filter": (["status eq 'failed'"], [1])},
    "batches:CreateBatchRequest": {
        "completion_window": (["24h"], ["1h", 24, None]),
        "input_file_id": (["f"], ["", None]),
        "endpoint": (["/v1/chat/completions"], ["", 5]),
        "metadata": ([{"a": "b"}], [{"a": 1}]),
    },
    "batches:BatchLine": {
        "method": (["POST"], ["GET"]),
        "body": ([{"a": 1}], ["", None]),
        "custom_id": (["a"], [1]),
    },
}


def cases(side: int) -> list[Any]:
    return [
        pytest.param(name, field, value, id=f"{name.split(':')[1]}-{field}-{str(value)[:24]}")
        for name, fields in CASES.items()
        for field, sides in fields.items()
        for value in sides[side]
    ]


@pytest.mark.parametrize(("name", "field", "value"), cases(0))
def test_values_within_the_limits_pass_and_go_out_unchanged(name: str, field: str, value: Any):
    body = {**FULL[name], field: value}
    model = resolve(name)
    request = model.model_validate_json(json.dumps(body))
    assert to_wire(model.model_validate(body)) == to_wire(request)
    if not (isinstance(value, str) and field in {"limit", "temperature"}):  # forms and queries come as text
        assert to_wire(request) == body


@pytest.mark.parametrize(("name", "field", "value"), cases(1))
def test_values_beyond_the_limits_are_refused_with_their_path(name: str, field: str, value: Any):
    body = {**FULL[name], field: value}
    for parse in (
        resolve(name).model_validate,
        lambda body: resolve(name).model_validate_json(json.dumps(body)),
    ):
        with pytest.raises(ValidationError) as caught:
            parse(body)
        found = problems(caught.value)
        assert all(
            problem.param.split("[")[0].split(".")[0] == field.removesuffix("[]") for problem in found
        ), found
        assert all(problem.message and "<" not in problem.param for problem in found)


@pytest.mark.parametrize("name", FULL)
def test_required_members_are_required_and_nothing_else(name: str):
    model = resolve(name)
    model.model_validate(FULL[name])
    for field in FULL[name]:
        with pytest.raises(ValidationError, match="Field required"):
            model.model_validate({key: value for key, value in FULL[name].items() if key != field})


def test_every_request_of_the_list_is_tried():
    wanted = {name for operation in OPERATIONS for name in (operation.request, operation.query_model) if name}
    assert wanted <= set(CASES)
    for name in wanted:
        known = {
            field.alias or field.serialization_alias or key
            for key, field in resolve(name).model_fields.items()
        }
        limited = {
            key
            for key, field in resolve(name).model_fields.items()
            if field.metadata and (field.alias or field.serialization_alias or key) not in CASES[name]
        }
        assert limited == set(), f"{name}: limits without a case"
        assert set(CASES[name]) <= known
