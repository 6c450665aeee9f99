"""The unions the listing only hints at: roles, content parts, tools and data sources."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from playground.wire import data_sources as sources
from playground.wire import messages
from playground.wire.base import to_wire
from playground.wire.chat import AssistantReply, ChatRequest
from playground.wire.data_sources import DataSource
from playground.wire.messages import Message
from playground.wire.tools import Tool, ToolCall
from tests.wire.samples import CONTEXT, TOOL_CALL

message = TypeAdapter(Message)
source = TypeAdapter(DataSource)

TEXT = {"type": "text", "text": "Hi"}
REFUSAL = {"type": "refusal", "refusal": "No"}
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA", "detail": "high"}}
AUDIO = {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "mp3"}}

GOOD_MESSAGES: list[tuple[dict[str, Any], type]] = [
    ({"role": "system", "content": "Hi"}, messages.SystemMessage),
    ({"role": "system", "content": [TEXT, TEXT], "name": "a"}, messages.SystemMessage),
    ({"role": "developer", "content": "Hi"}, messages.DeveloperMessage),
    ({"role": "user", "content": ""}, messages.UserMessage),
    ({"role": "user", "content": [TEXT, IMAGE, AUDIO], "name": "a"}, messages.UserMessage),
    (
        {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://a"}}]},
        messages.UserMessage,
    ),
    ({"role": "assistant", "content": "Hi"}, messages.AssistantMessage),
    ({"role": "assistant", "content": [TEXT]}, messages.AssistantMessage),
    ({"role": "assistant", "content": [REFUSAL], "refusal": None}, messages.AssistantMessage),
    ({"role": "assistant", "content": None, "tool_calls": [TOOL_CALL]}, messages.AssistantMessage),
    ({"role": "assistant", "tool_calls": [TOOL_CALL]}, messages.AssistantMessage),
    ({"role": "assistant", "function_call": {"name": "f", "arguments": ""}}, messages.AssistantMessage),
    ({"role": "assistant", "content": "Hi", "context": CONTEXT}, messages.AssistantMessage),
    ({"role": "tool", "content": "1", "tool_call_id": "a"}, messages.ToolMessage),
    ({"role": "tool", "content": [TEXT], "tool_call_id": "a"}, messages.ToolMessage),
    ({"role": "function", "content": None, "name": "f"}, messages.FunctionMessage),
]
BAD_MESSAGES: list[Any] = [
    {"role": "system"},
    {"role": "system", "content": None},
    {"role": "system", "content": []},
    {"role": "system", "content": [IMAGE]},
    {"role": "developer", "content": [REFUSAL]},
    {"role": "user"},
    {"role": "user", "content": None},
    {"role": "user", "content": [REFUSAL]},
    {"role": "user", "content": [{"type": "video"}]},
    {"role": "user", "content": [{"text": "Hi"}]},
    {"role": "user", "content": ["Hi"]},
    {"role": "user", "content": [{"type": "text"}]},
    {"role": "user", "content": [{"type": "image_url", "image_url": "https://a"}]},
    {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "a", "detail": "full"}}]},
    {"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": "A", "format": "ogg"}}]},
    {"role": "user", "content": "Hi", "name": 5},
    {"role": "assistant", "content": []},
    {"role": "assistant", "content": [IMAGE]},
    {"role": "assistant", "tool_calls": [{"id": "a", "type": "function"}]},
    {"role": "assistant", "tool_calls": [{"type": "function", "function": {"name": "f", "arguments": ""}}]},
    {"role": "assistant", "tool_calls": [{**TOOL_CALL, "function": {"name": "f", "arguments": {}}}]},
    {"role": "assistant", "function_call": {"name": "f"}},
    {"role": "tool", "content": "1"},
    {"role": "tool", "tool_call_id": "a"},
    {"role": "function", "content": "1"},
    {"role": "function", "name": "f"},
    {"role": "robot", "content": "Hi"},
    {"content": "Hi"},
    {"role": None, "content": "Hi"},
    "Hi",
    None,
]


@pytest.mark.parametrize(("body", "kind"), GOOD_MESSAGES)
def test_messages_of_each_role(body: dict[str, Any], kind: type):
    found = message.validate_python(body)
    assert type(found) is kind
    assert to_wire(found) == body
    assert to_wire(ChatRequest(messages=[found])) == {"messages": [body]}


@pytest.mark.parametrize("body", BAD_MESSAGES, ids=str)
def test_messages_that_break_their_role(body: Any):
    with pytest.raises(ValidationError):
        message.validate_python(body)


def test_an_answer_can_be_sent_back_as_history():
    reply = AssistantReply.model_validate(
        {"role": "assistant", "content": None, "tool_calls": [TOOL_CALL], "context": CONTEXT, "unknown": 1}
    )
    request = ChatRequest.model_validate({"messages": [reply]})
    assert isinstance(request.messages[0], messages.AssistantMessage)
    assert to_wire(request) == {"messages": [to_wire(reply)]}
    incomplete = ToolCall(id="a", type="function")
    with pytest.raises(ValidationError):
        message.validate_python({"role": "assistant", "tool_calls": [incomplete]})


@pytest.mark.parametrize(
    ("function", "fits"),
    [
        ({"name": "a"}, True),
        (
            {
                "name": "A-b_9" + "x" * 59,
                "description": "d",
                "parameters": {"type": "object"},
                "strict": True,
            },
            True,
        ),
        ({"name": "a", "strict": None}, True),
        ({"name": ""}, False),
        ({"name": "x" * 65}, False),
        ({"name": "a.b"}, False),
        ({"name": "a\n"}, False),
        ({"name": "ä"}, False),
        ({"name": 5}, False),
        ({"name": "a", "parameters": "{}"}, False),
        ({"name": "a", "strict": "true"}, False),
        ({}, False),
    ],
)
def test_functions_offered_as_tools(function: dict[str, Any], fits: bool):
    body = {"type": "function", "function": function}
    if fits:
        assert to_wire(Tool.model_validate(body)) == body
        return
    with pytest.raises(ValidationError):
        Tool.model_validate(body)


KEY = {"type": "api_key", "key": "K"}
TOKEN = {"type": "access_token", "access_token": "T"}
SYSTEM = {"type": "system_assigned_managed_identity"}
ASSIGNED = {"type": "user_assigned_managed_identity", "managed_identity_resource_id": "/r"}
STRING = {"type": "connection_string", "connection_string": "S"}
KEY_AND_ID = {"type": "key_and_key_id", "key": "K", "key_id": "I"}
ENCODED = {"type": "encoded_api_key", "encoded_api_key": "E"}
PASSWORD = {"type": "username_and_password", "username": "U", "password": "P"}
SIGN_INS = [KEY, TOKEN, SYSTEM, ASSIGNED, STRING, KEY_AND_ID, ENCODED, PASSWORD]

ADDRESS = {"type": "endpoint", "endpoint": "https://a/openai/deployments/e/embeddings", "authentication": KEY}
DEPLOYMENT = {"type": "deployment_name", "deployment_name": "e", "dimensions": 256}
MODEL = {"type": "model_id", "model_id": "m"}
INTEGRATED = {"type": "integrated"}
EMBEDDINGS = [ADDRESS, {**ADDRESS, "authentication": TOKEN, "dimensions": 3}, DEPLOYMENT, MODEL, INTEGRATED]

TEXT_FIELDS = {
    "title_field": "t",
    "url_field": "u",
    "filepath_field": "f",
    "content_fields": ["c"],
    "content_fields_separator": "\n",
}
FIELDS = {**TEXT_FIELDS, "vector_fields": ["v"]}

REQUIRED: dict[str, dict[str, Any]] = {
    "azure_search": {"endpoint": "https://s", "index_name": "i"},
    "azure_cosmos_db": {
        "database_name": "d",
        "container_name": "c",
        "index_name": "i",
        "fields_mapping": FIELDS,
        "embedding_dependency": DEPLOYMENT,
    },
    "elasticsearch": {"endpoint": "https://s", "index_name": "i"},
    "pinecone": {
        "environment": "e",
        "index_name": "i",
        "fields_mapping": TEXT_FIELDS,
        "embedding_dependency": DEPLOYMENT,
    },
    "mongo_db": {
        "endpoint": "mongo",
        "database_name": "d",
        "collection_name": "c",
        "app_name": "a",
        "index_name": "i",
        "fields_mapping": FIELDS,
        "embedding_dependency": DEPLOYMENT,
    },
}
ALLOWED: dict[str, tuple[list[Any], list[Any]]] = {
    "azure_search": ([KEY, SYSTEM, ASSIGNED, TOKEN], [*EMBEDDINGS[:3], INTEGRATED]),
    "azure_cosmos_db": ([STRING], EMBEDDINGS[:3]),
    "elasticsearch": ([KEY_AND_ID, ENCODED], EMBEDDINGS[:4]),
    "pinecone": ([KEY], [DEPLOYMENT]),
    "mongo_db": ([PASSWORD], EMBEDDINGS[:3]),
}
QUERY_TYPES = {
    "azure_search": ["simple", "semantic", "vector", "vector_simple_hybrid", "vector_semantic_hybrid"],
    "elasticsearch": ["simple", "vector"],
}
COMMON: dict[str, Any] = {
    "top_n_documents": 5,
    "in_scope": False,
    "strictness": 5,
    "max_search_queries": 2,
    "allow_partial_result": True,
    "include_contexts": ["citations", "intent", "all_retrieved_documents"],
    "role_information": "Be brief.",
}


def fits(kind: str, **more: Any) -> bool:
    body = {"type": kind, "parameters": {**REQUIRED[kind], **more}}
    try:
        found = source.validate_python(body)
    except ValidationError:
        return False
    assert to_wire(found) == body
    return True


@pytest.mark.parametrize("kind", REQUIRED)
def test_a_source_needs_its_own_members_and_takes_the_common_ones(kind: str):
    assert fits(kind, **COMMON)
    for member in REQUIRED[kind]:
        rest = {key: value for key, value in REQUIRED[kind].items() if key != member}
        with pytest.raises(ValidationError, match="Field required"):
            source.validate_python({"type": kind, "parameters": rest})
    assert not fits(kind, strictness=0)
    assert not fits(kind, strictness=6)
    assert not fits(kind, include_contexts=["everything"])
    assert not fits(kind, top_n_documents="5")
    assert not fits(kind, in_scope="yes")


@pytest.mark.parametrize("kind", REQUIRED)
def test_a_source_takes_its_own_ways_to_sign_in_only(kind: str):
    allowed, _ = ALLOWED[kind]
    for sign_in in SIGN_INS:
        assert fits(kind, authentication=sign_in) == (sign_in in allowed), sign_in
    for sign_in in allowed:
        for member in sign_in:
            assert not fits(kind, authentication={key: sign_in[key] for key in sign_in if key != member})
    assert not fits(kind, authentication={"type": "magic"})


@pytest.mark.parametrize("kind", REQUIRED)
def test_a_source_takes_its_own_kinds_of_embedding_only(kind: str):
    _, allowed = ALLOWED[kind]
    for embedding in EMBEDDINGS:
        assert fits(kind, embedding_dependency=embedding) == (embedding in allowed), embedding
    assert not fits(kind, embedding_dependency={"type": "endpoint", "endpoint": "https://a"})
    assert not fits(kind, embedding_dependency={**ADDRESS, "authentication": SYSTEM})


@pytest.mark.parametrize("kind", REQUIRED)
def test_query_types(kind: str):
    for query_type in QUERY_TYPES["azure_search"]:
        if kind in QUERY_TYPES:
            assert fits(kind, query_type=query_type) == (query_type in QUERY_TYPES[kind])


def test_fields_mappings():
    search = source.validate_python(
        {
            "type": "azure_search",
            "parameters": {
                **REQUIRED["azure_search"],
                "fields_mapping": {**FIELDS, "image_vector_fields": ["i"]},
            },
        }
    )
    assert isinstance(search, sources.SearchSource)
    assert search.parameters.fields_mapping is not None
    assert search.parameters.fields_mapping.image_vector_fields == ["i"]
    for kind in ("azure_search", "elasticsearch"):
        assert fits(kind, fields_mapping={})
        assert fits(kind, fields_mapping=FIELDS)
    for kind in ("azure_cosmos_db", "mongo_db"):
        assert not fits(kind, fields_mapping=TEXT_FIELDS)
        assert not fits(kind, fields_mapping={"vector_fields": ["v"]})
    assert not fits("pinecone", fields_mapping={"title_field": "t"})
