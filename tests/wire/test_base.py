"""The ground of the models: text that UTF-8 cannot carry, lists that are null, names that collide."""

import json

import pytest
from pydantic import ValidationError

from playground.wire.base import WireModel, from_json, mend_surrogates, to_json, to_wire
from playground.wire.chat import ChatChunk, ChatRequest, JsonSchema
from playground.wire.files import FileList


def test_a_chunk_cut_inside_a_surrogate_pair_is_mended():
    chunk = from_json(ChatChunk, r'{"choices":[{"delta":{"content":"a\ud83d"},"x":"\ude00"}]}')
    assert chunk.choices[0].delta is not None
    assert chunk.choices[0].delta.content == "a\ufffd"
    assert json.loads(to_json(chunk))["choices"][0]["x"] == "\ufffd"


def test_whole_pairs_are_left_alone():
    chunk = from_json(ChatChunk, rb'{"choices":[{"delta":{"content":"\ud83d\ude00"}}]}')
    assert chunk.choices[0].delta is not None
    assert chunk.choices[0].delta.content == "\U0001f600"
    assert mend_surrogates("a\ud83d\ude00\ud83db") == "a\U0001f600\ufffdb"


def test_a_request_with_lone_surrogates_can_be_sent():
    request = ChatRequest(messages=[{"role": "user", "content": "a\udc00"}], user="\ud800b")
    assert json.loads(to_json(request)) == {
        "messages": [{"role": "user", "content": "a\ufffd"}],
        "user": "\ufffdb",
    }


@pytest.mark.parametrize("text", ["", "nope", "{", b"\xff\xfe", '{"choices": [1]}', "[]", '"a\\ud800'])
def test_what_is_not_of_this_shape_is_refused(text: str | bytes):
    with pytest.raises(ValidationError):
        from_json(ChatChunk, text)


def test_null_may_stand_for_an_empty_list_in_answers():
    assert from_json(ChatChunk, '{"choices": null}').choices == []
    assert from_json(FileList, '{"data": null}').data == []
    with pytest.raises(ValidationError):
        from_json(ChatChunk, '{"choices": {}}')


def test_members_named_like_methods_are_only_data():
    names = ["model_dump", "copy", "json", "self", "__dict__", "__class__", "model_config", "dict"]
    body = {name: name for name in names}
    model = from_json(ChatChunk, json.dumps(body))
    assert to_wire(model) == {**body}
    assert isinstance(model, ChatChunk)


def test_infinity_is_never_written() -> None:
    class Sample(WireModel):
        number: float

    with pytest.raises(ValueError, match="JSON"):
        to_json(Sample(number=float("inf")))


def test_the_schema_member_keeps_its_name():
    parsed = JsonSchema.model_validate({"name": "a", "schema": {"type": "object"}})
    assert parsed.schema_ == {"type": "object"}
    assert to_wire(JsonSchema(name="a", schema_={"type": "string"})) == {
        "name": "a",
        "schema": {"type": "string"},
    }
