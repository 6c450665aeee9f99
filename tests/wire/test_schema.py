"""The judge of other tests is itself judged: it takes documented answers and refuses damaged ones."""

import copy

import pytest

from playground.wire.operations import OPERATIONS
from tests.schema import schema, validate, validate_chunk, validate_request

USAGE = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
MESSAGE = {"role": "assistant", "content": "Hi", "refusal": None}
CHAT = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1,
    "model": "gpt-4o",
    "choices": [{"index": 0, "finish_reason": "stop", "logprobs": None, "message": MESSAGE}],
    "usage": USAGE,
}
CHUNK = {
    "id": "",
    "object": "",
    "created": 0,
    "model": "",
    "choices": [],
    "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": {}}],
}
FILE = {
    "id": "file-1",
    "object": "file",
    "bytes": 1,
    "filename": "a",
    "created_at": 1,
    "purpose": "batch",
    "status": "pending",
    "status_details": None,
}


def test_documented_answers_pass():
    validate("GetChatCompletions", 200, CHAT)
    validate_chunk("GetChatCompletions", CHUNK)
    validate_chunk("GetCompletions", {**CHUNK, "usage": None})
    validate("UploadFile", 201, FILE)
    validate("ListFiles", 200, {"object": "list", "data": [FILE], "has_more": False})
    validate("GetEmbeddings", 400, {"error": {"code": None, "message": "No", "param": "input", "type": None}})
    validate("GetFile", 404, {"error": {"code": "notFound", "message": "No such file"}})
    validate("GetFile", 401, b'{"error": {"code": "401", "message": "Access denied"}}')
    validate_request("GetChatCompletions", {"messages": [{"role": "user", "content": "Hi"}], "stop": None})


@pytest.mark.parametrize("member", ["id", "object", "created", "model", "choices"])
def test_a_missing_member_is_noticed(member):
    damaged = {key: value for key, value in CHAT.items() if key != member}
    with pytest.raises(AssertionError, match=member):
        validate("GetChatCompletions", 200, damaged)


def test_a_wrong_type_deep_inside_is_noticed_with_its_path():
    damaged = copy.deepcopy(CHAT)
    damaged["choices"][0]["message"]["content"] = 5
    with pytest.raises(AssertionError, match=r"\$\.choices\[0\]\.message\.content"):
        validate("GetChatCompletions", 200, damaged)


def test_other_mistakes_are_noticed():
    with pytest.raises(AssertionError, match="does not answer 204"):
        validate("GetChatCompletions", 204, {})
    with pytest.raises(AssertionError, match="object"):
        validate_chunk("GetChatCompletions", {**CHUNK, "object": "chat.completion"})
    with pytest.raises(AssertionError, match="code"):
        validate("GetFile", 404, {"error": {"code": "gone", "message": "No"}})
    with pytest.raises(AssertionError):
        validate_request("GetChatCompletions", {"messages": []})


def test_every_operation_is_described():
    for operation in OPERATIONS:
        for status in operation.success:
            if operation.returns.value in {"json", "transcript"}:
                with pytest.raises(AssertionError):
                    validate(operation.id, status, 5)
        with pytest.raises(AssertionError):
            validate(operation.id, 418, {})


def test_a_named_schema_stands_alone():
    assert schema("Batch")["$defs"]["Batch"]["required"] == ["id", "object", "input_file_id"]
