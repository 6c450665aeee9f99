"""Quirks of live answers and streams: all of them parse, and what matters can be read."""

import base64
import json
import struct
from typing import Any

import pytest
from pydantic import ValidationError

from playground.wire.base import from_json, to_wire
from playground.wire.batches import Batch, BatchErrors, BatchList, BatchResultLine
from playground.wire.chat import ChatChunk, ChatCompletion
from playground.wire.completions import Completion
from playground.wire.embeddings import Embeddings
from playground.wire.errors import ErrorResponse
from playground.wire.files import File
from playground.wire.filters import ChoiceFilterResults, PromptFilterResult
from playground.wire.images import Images
from playground.wire.operations import resolve
from playground.wire.transcription import Transcription, TranscriptionRequest, VerboseTranscription
from playground.wire.uploads import Upload
from tests.wire.samples import ANNOTATION_CHUNK, ANSWERS, PROMPT_FILTERS


def chunk(body: dict[str, Any]) -> ChatChunk:
    parsed = from_json(ChatChunk, json.dumps(body))
    assert to_wire(parsed) == body
    return parsed


def test_the_first_chunk_has_no_choices_and_empty_names():
    first = {
        "choices": [],
        "created": 0,
        "id": "",
        "model": "",
        "object": "",
        "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": PROMPT_FILTERS}],
    }
    parsed = chunk(first)
    assert (parsed.id, parsed.choices) == ("", [])
    results = parsed.prompt_filters[0].results
    assert results is not None
    assert results.jailbreak is not None
    assert results.jailbreak.detected
    older = chunk({"choices": [], "prompt_annotations": [{"prompt_index": 1}]})
    assert older.prompt_filters[0].prompt_index == 1


def test_role_text_finish_and_usage_chunks():
    role = chunk({"choices": [{"index": 0, "delta": {"role": "assistant", "content": "", "refusal": None}}]})
    assert role.choices[0].delta is not None
    assert "refusal" in role.choices[0].delta.model_fields_set
    finish = chunk(
        {"choices": [{"index": 1, "delta": {}, "finish_reason": "stop", "content_filter_results": {}}]}
    )
    assert finish.choices[0].finish_reason == "stop"
    usage = chunk({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}})
    assert usage.usage is not None
    assert usage.usage.total_tokens == 3
    assert chunk({"choices": [], "usage": None}).usage is None


def test_tool_call_fragments():
    first = chunk(
        {
            "choices": [
                {
                    "index": 0,
                    "delta": {
                        "role": "assistant",
                        "content": None,
                        "tool_calls": [
                            {
                                "index": 1,
                                "id": "c",
                                "type": "function",
                                "function": {"name": "f", "arguments": ""},
                            }
                        ],
                    },
                }
            ]
        }
    )
    later = chunk(
        {"choices": [{"index": 0, "delta": {"tool_calls": [{"index": 1, "function": {"arguments": '{"a'}}]}}]}
    )
    for parsed in (first, later):
        assert parsed.choices[0].delta is not None
        assert parsed.choices[0].delta.tool_calls is not None
        assert parsed.choices[0].delta.tool_calls[0].index == 1
    without_index = chunk({"choices": [{"delta": {"tool_calls": [{"id": "c"}]}}]})
    assert without_index.choices[0].delta is not None
    assert without_index.choices[0].delta.tool_calls is not None
    assert without_index.choices[0].delta.tool_calls[0].index is None
    assert without_index.choices[0].index == 0


def test_audio_fragments():
    for audio in ({"id": "a"}, {"transcript": "Hi"}, {"data": "AAAA"}, {"expires_at": 5}):
        parsed = chunk({"choices": [{"index": 0, "delta": {"audio": audio}}]})
        assert parsed.choices[0].delta is not None
        assert parsed.choices[0].delta.audio is not None


def test_annotations_of_the_asynchronous_filter():
    parsed = chunk(ANNOTATION_CHUNK)
    choice = parsed.choices[0]
    assert choice.delta is None
    assert choice.content_filter_offsets is not None
    assert choice.content_filter_offsets.end_offset == 198
    assert choice.content_filter_raw == [{"anything": 1}]


def test_on_your_data():
    parsed = chunk(
        {
            "id": "0a1b2c3d-0000-0000-0000-000000000000",
            "object": "extensions.chat.completion.chunk",
            "choices": [
                {
                    "index": 0,
                    "delta": {
                        "role": "assistant",
                        "context": {"citations": [{"content": "a"}], "intent": "[]"},
                    },
                    "end_turn": False,
                }
            ],
        }
    )
    assert parsed.choices[0].end_turn is False
    whole = ChatCompletion.model_validate(
        {
            "object": "extensions.chat.completion",
            "choices": [{"message": {"role": "assistant", "content": "a", "end_turn": True}}],
        }
    )
    assert whole.choices[0].message is not None
    assert whole.choices[0].message.end_turn


def test_protected_code_is_read_flat_and_nested():
    flat = ChoiceFilterResults.model_validate(
        {"protected_material_code": {"filtered": False, "detected": True, "URL": "u", "license": "l"}}
    )
    nested = ChoiceFilterResults.model_validate(
        {"protected_material_code": {"detected": True, "citation": {"URL": "u", "license": "l"}}}
    )
    for results in (flat, nested):
        assert results.protected_material_code is not None
        assert results.protected_material_code.source is not None
        assert results.protected_material_code.source.URL == "u"
        assert results.protected_material_code.source.license == "l"
    for member in ("URL", "license"):
        half = ChoiceFilterResults.model_validate({"protected_material_code": {member: "x"}})
        assert half.protected_material_code is not None
        assert half.protected_material_code.source is not None
    bare = ChoiceFilterResults.model_validate({"protected_material_code": {"detected": False}})
    assert bare.protected_material_code is not None
    assert bare.protected_material_code.source is None


def test_blocklists_are_read_as_object_and_as_bare_array():
    detail = {"filtered": True, "id": "words"}
    for given in ({"filtered": True, "details": [detail]}, [detail]):
        results = ChoiceFilterResults.model_validate({"custom_blocklists": given})
        assert [item.id for item in results.blocklists] == ["words"]
        assert to_wire(results) == {"custom_blocklists": given}
    assert ChoiceFilterResults.model_validate({"custom_blocklists": {"filtered": False}}).blocklists == []
    assert ChoiceFilterResults().blocklists == []


def test_a_failed_filter_may_use_the_singular():
    body = {
        "prompt_index": 0,
        "content_filter_result": {"error": {"code": "content_filter_error", "message": "x"}},
    }
    results = PromptFilterResult.model_validate(body).results
    assert results is not None
    assert results.error is not None
    assert results.error.code == "content_filter_error"


@pytest.mark.parametrize("inner", ["innererror", "inner_error"])
@pytest.mark.parametrize("results", ["content_filter_result", "content_filter_results"])
def test_a_refused_prompt_in_every_spelling(inner: str, results: str):
    error = ErrorResponse.model_validate(
        {
            "error": {
                "message": "Filtered",
                "type": None,
                "param": "prompt",
                "code": "content_filter",
                "status": 400,
                inner: {
                    "code": "ResponsibleAIPolicyViolation",
                    results: {"hate": {"filtered": True, "severity": "high"}},
                },
            }
        }
    ).error
    assert error.filter_results is not None
    assert error.filter_results.hate is not None
    assert error.filter_results.hate.severity == "high"
    assert error.inner is not None
    assert error.inner.code == "ResponsibleAIPolicyViolation"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": "gateway is tired"}, "gateway is tired"),
        ({"error": {"code": 404, "message": "Resource not found"}}, "Resource not found"),
        ({"error": {"code": None}}, None),
        ({"error": {}}, None),
        ({"error": {"message": "a", "details": ["b", {"code": "c"}], "innererror": "d"}}, "a"),
        ({"error": {"message": "a", "innererror": {"innererror": {"innererror": "deep"}}}}, "a"),
    ],
)
def test_error_bodies_of_all_sorts(body: dict[str, Any], message: str | None):
    assert ErrorResponse.model_validate(body).error.message == message


def test_an_error_body_needs_an_error():
    for body in ({}, {"detail": "no"}, {"error": None}, {"error": [1]}):
        with pytest.raises(ValidationError):
            ErrorResponse.model_validate(body)


def test_batches_with_odd_times_status_and_errors():
    batch = Batch.model_validate(
        {
            "id": "batch_1",
            "endpoint": None,
            "status": "Completed",
            "created_at": "2024-07-19T21:33:29.1619286+00:00",
            "completed_at": None,
            "request_counts": {"total": None, "completed": None, "failed": None},
        }
    )
    assert (batch.state, batch.final) == ("completed", True)
    assert Batch.model_validate({"status": "validating"}).final is False
    assert Batch().state == ""
    single = BatchErrors.model_validate({"object": "list", "data": {"code": "x", "line": "3"}})
    assert [error.line for error in single.all] == ["3"]
    assert BatchErrors.model_validate({"data": [{"code": "x"}, {"code": "y"}]}).all[1].code == "y"
    assert BatchErrors().all == []
    assert BatchList.model_validate({"object": "list", "data": [], "first_id": None}).data == []


def test_batch_result_lines():
    refused = BatchResultLine.model_validate(
        {"custom_id": "1", "response": {"status_code": 400, "body": {"error": {"code": "x"}}}, "error": None}
    )
    not_run = BatchResultLine.model_validate(
        {"id": "batch_req_1", "custom_id": "2", "response": None, "error": {"code": "batch_expired"}}
    )
    assert refused.response is not None
    assert refused.response.status_code == 400
    assert not_run.error is not None
    assert not_run.error.code == "batch_expired"


def test_embeddings_as_numbers_and_as_base64():
    packed = base64.b64encode(struct.pack("<3f", 0.5, -1.0, 2.0)).decode()
    for given in ([0.5, -1, 2], packed):
        parsed = from_json(Embeddings, json.dumps({"data": [{"index": 0, "embedding": given}]}))
        assert list(parsed.data[0].vector()) == [0.5, -1.0, 2.0]
    damaged = Embeddings.model_validate({"data": [{"embedding": "AAA$"}, {"embedding": "AAA="}]})
    for embedding in damaged.data:
        with pytest.raises(ValueError, match=r"."):
            embedding.vector()


def test_completion_logprobs_with_echo():
    parsed = Completion.model_validate(
        {
            "choices": [
                {
                    "text": "a",
                    "index": 3,
                    "logprobs": {
                        "tokens": ["a"],
                        "token_logprobs": [None],
                        "top_logprobs": [None],
                        "text_offset": [0],
                    },
                }
            ]
        }
    )
    assert parsed.choices[0].logprobs is not None
    assert parsed.choices[0].logprobs.token_logprobs == [None]


def test_files_and_uploads_with_nulls():
    assert (
        File.model_validate({"id": "f", "bytes": None, "status": "importing", "purpose": "new"}).status
        == "importing"
    )
    assert Upload.model_validate({"id": "u", "file": None}).file is None
    assert Images.model_validate({"created": 1, "data": [{"url": "u"}]}).data[0].b64_json is None


def test_transcripts():
    assert from_json(Transcription, '{"text": "Hi"}').text == "Hi"
    verbose = from_json(VerboseTranscription, '{"text": "Hi", "language": "english", "duration": "1.5"}')
    assert verbose.duration == "1.5"


@pytest.mark.parametrize(
    "name", ["timestamp_granularities[]", "timestamp_granularities", "timestampGranularities"]
)
def test_granularities_in_every_spelling(name: str):
    for given in ("word", ["word"]):
        request = TranscriptionRequest.model_validate({name: given})
        assert to_wire(request) == {"timestamp_granularities[]": ["word"]}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_may_be_nearly_empty(name: str):
    body: dict[str, Any] = {"error": {}} if name.startswith("errors:") else {}
    assert to_wire(resolve(name).model_validate(body)) == body


def test_values_of_a_later_version_are_taken():
    parsed = chunk(
        {
            "object": "chat.completion.other",
            "choices": [
                {
                    "index": 0,
                    "finish_reason": "tired",
                    "delta": {"role": "robot", "tool_calls": [{"index": 0, "type": "magic"}]},
                    "content_filter_results": {
                        "hate": {"severity": "extreme"},
                        "new_category": {"filtered": True},
                    },
                }
            ],
        }
    )
    assert parsed.choices[0].finish_reason == "tired"
