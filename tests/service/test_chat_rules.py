"""Requests that must be refused: the right status, code and parameter for each broken rule."""

from typing import Any

import pytest

from playground.service.chat_messages import image_tokens, measured
from playground.service.engines.protocols import Picture
from playground.service.engines.simulated.canvas import landscape
from tests.service import engines_client
from tests.service.engines_client import user

TOOL: dict[str, Any] = {
    "type": "function",
    "function": {"name": "add", "parameters": {"type": "object", "properties": {}}},
}
FUNCTION = {"name": "add", "parameters": {"type": "object", "properties": {}}}
AUDIO = {"voice": "alloy", "format": "wav"}
SOURCE = {"type": "azure_search", "parameters": {"endpoint": "http://127.0.0.1:1", "index_name": "handbook"}}
CALL = {"id": "call_1", "type": "function", "function": {"name": "add", "arguments": "{}"}}
LOOSE = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}


def schema_format(schema: Any, strict: bool = False) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "x", "schema": schema, "strict": strict}}


def named(name: str) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name}}


def image(url: str) -> list[dict[str, Any]]:
    return user([{"type": "image_url", "image_url": {"url": url}}])


ANY = "any at all"
BROKEN: list[tuple[dict[str, Any], str | None, str | None]] = [
    ({"nonsense": 1}, None, None),
    ({"reasoning_effort": "low"}, None, None),
    ({"temperature": 9}, "temperature", ANY),
    ({"messages": []}, "messages", ANY),
    ({"n": 0}, "n", ANY),
    ({"top_logprobs": 3}, "top_logprobs", "invalid_value"),
    ({"logprobs": True, "top_logprobs": 21}, "top_logprobs", ANY),
    ({"stream_options": {"include_usage": True}}, "stream_options", None),
    ({"stream": False, "stream_options": {}}, "stream_options", None),
    ({"max_tokens": 5, "max_completion_tokens": 5}, "max_tokens", "invalid_parameter_combination"),
    ({"max_tokens": 100_000}, "max_tokens", "invalid_value"),
    ({"stop": ""}, "stop", "invalid_value"),
    ({"stop": ["a", ""]}, "stop", "invalid_value"),
    ({"stop": ["a", "b", "c", "d", "e"]}, "stop", ANY),
    ({"tool_choice": "auto"}, "tool_choice", "invalid_value"),
    ({"parallel_tool_calls": True}, "parallel_tool_calls", "invalid_value"),
    ({"tools": []}, "tools", "empty_array"),
    ({"tools": [TOOL], "tool_choice": named("sub")}, "tool_choice", "invalid_value"),
    ({"tools": [TOOL], "functions": [FUNCTION]}, "functions", "invalid_value"),
    ({"tools": [named("no spaces")]}, "tools[0].function.name", ANY),
    (
        {"tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "array"}}}]},
        ANY,
        "invalid_json_schema",
    ),
    (
        {"tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": 3}}}]},
        ANY,
        "invalid_json_schema",
    ),
    (
        {"tools": [{"type": "function", "function": {"name": "f", "strict": True, "parameters": LOOSE}}]},
        ANY,
        "invalid_json_schema",
    ),
    ({"function_call": "auto"}, "function_call", "invalid_value"),
    ({"functions": [FUNCTION], "function_call": {"name": "sub"}}, "function_call", "invalid_value"),
    ({"response_format": {"type": "json_object"}}, "messages", None),
    ({"response_format": schema_format({"type": "nothing"})}, "response_format", "invalid_json_schema"),
    ({"response_format": schema_format(LOOSE, strict=True)}, "response_format", "invalid_json_schema"),
    (
        {"response_format": {"type": "json_schema", "json_schema": {"name": "x"}}},
        "response_format.json_schema.schema",
        ANY,
    ),
    ({"modalities": ["text", "audio"]}, "audio", "missing_required_parameter"),
    ({"modalities": ["audio"], "audio": AUDIO}, "modalities", "invalid_value"),
    ({"audio": AUDIO}, "audio", "invalid_value"),
    ({"modalities": ["text", "audio"], "audio": AUDIO, "stream": True}, "audio.format", "unsupported_value"),
    ({"prediction": {"type": "content", "content": "x"}, "n": 2}, "n", "invalid_value"),
    ({"prediction": {"type": "content", "content": "x"}, "tools": [TOOL]}, "tools", "invalid_value"),
    ({"data_sources": [SOURCE], "logprobs": True}, "logprobs", None),
    ({"data_sources": []}, "data_sources", ANY),
    ({"data_sources": [SOURCE, SOURCE]}, "data_sources", ANY),
    ({"messages": [{"role": "tool", "tool_call_id": "x", "content": "y"}]}, "messages[0].role", None),
    ({"messages": [*user("a"), {"role": "assistant", "tool_calls": [CALL]}]}, "messages[1].role", None),
    ({"messages": [{"role": "assistant", "tool_calls": [CALL]}, *user("b")]}, "messages[0].role", None),
    (
        {"messages": [{"role": "assistant", "content": None}]},
        "messages[0].content",
        "missing_required_parameter",
    ),
    ({"messages": image("data:image/png;base64,????")}, "messages[0].content[0].image_url", "invalid_base64"),
    (
        {"messages": image("data:image/png;base64,aGVsbG8=")},
        "messages[0].content[0].image_url",
        "invalid_image_format",
    ),
    (
        {"messages": image("data:text/plain;base64,aGVsbG8=")},
        "messages[0].content[0].image_url",
        "invalid_image_format",
    ),
    ({"messages": image("file:///etc/passwd")}, "messages[0].content[0].image_url", "invalid_image_url"),
    ({"messages": image("https://[::1")}, "messages[0].content[0].image_url", "invalid_image_url"),
    ({"messages": user("word " * 140_000)}, "messages", "context_length_exceeded"),
    ({"messages": user("word " * 120_000), "max_tokens": 20_000}, "messages", "context_length_exceeded"),
]

REASONING: list[tuple[dict[str, Any], str, str]] = [
    ({"max_tokens": 10}, "max_tokens", "unsupported_parameter"),
    ({"logprobs": False}, "logprobs", "unsupported_parameter"),
    ({"logit_bias": {"1": 1}}, "logit_bias", "unsupported_parameter"),
    ({"temperature": 0.5}, "temperature", "unsupported_value"),
    ({"top_p": 0.5}, "top_p", "unsupported_value"),
    ({"n": 2}, "n", "unsupported_value"),
    ({"presence_penalty": 1}, "presence_penalty", "unsupported_value"),
    (
        {"messages": [{"role": "system", "content": "a"}, {"role": "developer", "content": "b"}]},
        "messages",
        "invalid_value",
    ),
]


ask, runner = engines_client.ask, engines_client.runner


async def test_broken_rules_are_named(ask: Any) -> None:
    async with ask() as asker:
        for body, param, code in BROKEN:
            error = await asker.chat_refused(**body)
            what = str(body)[:200]
            assert error["type"] == "invalid_request_error", what
            assert param == ANY or error["param"] == param, what
            assert code == ANY or error["code"] == code, what
            assert error["message"], what


async def test_reasoning_models_take_less(ask: Any) -> None:
    async with ask() as asker:
        for body, param, code in REASONING:
            error = await asker.chat_refused(to="reasoning", **body)
            assert (error["param"], error["code"]) == (param, code)
        allowed = {"temperature": 1, "n": 1, "top_p": 1, "max_completion_tokens": 400}
        await asker.chat(to="reasoning", messages=user("Hello"), **allowed)


async def test_an_unknown_argument_is_called_by_its_name(ask: Any) -> None:
    async with ask() as asker:
        error = await asker.chat_refused(nonsense=1)
    assert error["message"] == "Unrecognized request argument supplied: nonsense"


async def test_too_many_pictures_are_refused(ask: Any) -> None:
    part = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    async with ask() as asker:
        error = await asker.chat_refused(messages=user([part] * 51))
    assert error["code"] == "too_many_images"


async def test_calls_and_their_results_belong_together(ask: Any) -> None:
    second = {**CALL, "id": "call_2"}
    history = [
        *user("Add"),
        {"role": "assistant", "content": None, "tool_calls": [CALL, second]},
        {"role": "tool", "tool_call_id": "call_2", "content": "2"},
        {"role": "tool", "tool_call_id": "call_1", "content": "1"},
    ]
    async with ask() as asker:
        assert "`add` returned" in await asker.text(messages=history, tools=[TOOL])
        error = await asker.chat_refused(messages=history[:3])
    assert "call_1" in error["message"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (landscape("x", 80, 60, "vivid", False, 0), ("png", 80, 60)),
        (b"GIF89a" + bytes([7, 0, 9, 0]), ("gif", 7, 9)),
        (b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + bytes([99, 0, 0, 49, 0, 0]), ("webp", 100, 50)),
        (b"\xff\xd8\xff\xe0\x00\x04\x00\x00\xff\xc0\x00\x0b\x08\x00\x20\x00\x10", ("jpeg", 16, 32)),
        (b"\xff\xd8\xff", ("", 0, 0)),
        (b"\xff\xd8" + b"\xff\xe0\x00\x00" * 3, ("", 0, 0)),
        (b"", ("", 0, 0)),
        (b"BM" + bytes(40), ("", 0, 0)),
    ],
)
def test_pictures_are_measured_by_their_header(data: bytes, expected: tuple[str, int, int]) -> None:
    assert measured(data) == expected


@pytest.mark.parametrize(
    ("width", "height", "detail", "cost"),
    [(1024, 1024, "high", 765), (2048, 4096, "high", 1105), (4096, 8192, "low", 85), (100, 100, "auto", 255)],
)
def test_pictures_cost_what_the_documents_say(width: int, height: int, detail: str, cost: int) -> None:
    assert image_tokens(Picture(width, height, "png", detail=detail)) == cost


HUGE = [
    "word " * 50_000,
    "1+" * 50_000,
    " " * 200_000,
    "Oslo Rome " * 20_000,
    "[[filter:" * 20_000,
    "say exactly " * 9_000,
]


async def test_long_and_odd_messages_are_answered(ask: Any) -> None:
    tool = {**TOOL["function"], "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}
    async with ask() as asker:
        for text in HUGE:
            await asker.chat(messages=user(text), max_tokens=50)
            await asker.chat(
                messages=user(text), tools=[{"type": "function", "function": tool}], tool_choice="required"
            )
            await asker.chat(
                messages=user(text), prediction={"type": "content", "content": text}, max_tokens=50
            )
