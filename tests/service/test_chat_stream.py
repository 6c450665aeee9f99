"""Streams: the order of chunks, several answers side by side, tools in fragments, and an end when nobody listens."""

import asyncio
import base64
import http.client
import json
import time
from typing import Any
from urllib.parse import urlsplit

from playground.service.errors import bad_request
from playground.service.sse import EventStream
from tests.service import engines_client
from tests.service.conftest import VERSION, RunningService
from tests.service.engines_client import calls, joined, user

SEA = user("Say something about the sea in two sentences.")
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


ask, runner = engines_client.ask, engines_client.runner


async def test_the_chunks_come_in_the_order_that_clients_know(ask: Any) -> None:
    async with ask() as asker:
        chunks = await asker.chunks(messages=SEA, seed=1)
        whole = await asker.chat(messages=SEA, seed=1)
    first, role, *text, last = chunks
    assert (first["choices"], first["id"], first["model"], first["object"], first["created"]) == (
        [],
        "",
        "",
        "",
        0,
    )
    assert first["prompt_filter_results"][0]["prompt_index"] == 0
    assert role["choices"][0]["delta"] == {"role": "assistant", "content": "", "refusal": None}
    assert role["choices"][0]["content_filter_results"] == {}
    assert all(chunk["choices"][0]["content_filter_results"]["hate"]["severity"] == "safe" for chunk in text)
    assert last["choices"][0]["delta"] == {}
    assert last["choices"][0]["finish_reason"] == "stop"
    assert all(chunk["choices"][0]["finish_reason"] is None for chunk in [role, *text])
    assert len({(chunk["id"], chunk["created"], chunk["model"]) for chunk in chunks[1:]}) == 1
    assert not any("usage" in chunk for chunk in chunks)
    assert joined(chunks) == whole["choices"][0]["message"]["content"]


async def test_usage_comes_last_and_is_null_before(ask: Any) -> None:
    async with ask() as asker:
        chunks = await asker.chunks(messages=SEA, seed=1, stream_options={"include_usage": True})
        whole = await asker.chat(messages=SEA, seed=1)
    assert chunks[-1]["choices"] == []
    assert chunks[-1]["usage"] == whole["usage"]
    assert all(chunk["usage"] is None for chunk in chunks[1:-1])


async def test_several_answers_go_side_by_side(ask: Any) -> None:
    async with ask() as asker:
        chunks = await asker.chunks(messages=SEA, n=3, seed=9)
        whole = await asker.chat(messages=SEA, n=3, seed=9)
    order = [chunk["choices"][0]["index"] for chunk in chunks[1:10]]
    assert order == [0, 1, 2] * 3
    for index, choice in enumerate(whole["choices"]):
        assert joined(chunks, index) == choice["message"]["content"]
    ends = [c["choices"][0]["index"] for c in chunks[1:] if c["choices"][0]["finish_reason"]]
    assert sorted(ends) == [0, 1, 2]


async def test_a_stop_sequence_never_shows_in_part(ask: Any) -> None:
    async with ask() as asker:
        full = joined(await asker.chunks(messages=SEA, seed=3))
        stop = full[40:52]
        cut = await asker.chunks(messages=SEA, seed=3, stop=stop, logprobs=True, top_logprobs=1)
    assert joined(cut) == full[:40]
    tokens = [c["choices"][0]["logprobs"]["content"][0]["token"] for c in cut[2:-1]]
    assert "".join(tokens) == full[:40]
    assert cut[-1]["choices"][0]["logprobs"] is None


async def test_calls_come_in_fragments(ask: Any) -> None:
    question = user("What is the weather in Oslo and Rome?")
    async with ask() as asker:
        chunks = await asker.chunks(messages=question, tools=[WEATHER], tool_choice="required")
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks[1:]]
    assert deltas[0] == {"role": "assistant", "content": None, "refusal": None}
    begun = deltas[1]["tool_calls"][0]
    assert begun["index"] == 0
    assert begun["type"] == "function"
    assert begun["function"] == {"name": "get_weather", "arguments": ""}
    assert set(deltas[2]["tool_calls"][0]) == {"index", "function"}
    found = calls(chunks)
    assert [json.loads(call["arguments"]) for call in found.values()] == [{"city": "Oslo"}, {"city": "Rome"}]
    assert len({call["id"] for call in found.values()}) == 2
    assert len([delta for delta in deltas if "tool_calls" in delta]) > 4
    assert chunks[-1]["choices"][0]["finish_reason"] == "tool_calls"


async def test_an_old_function_call_is_streamed_the_old_way(ask: Any) -> None:
    async with ask() as asker:
        chunks = await asker.chunks(
            messages=user("Weather in Oslo?"),
            functions=[WEATHER["function"]],
            function_call={"name": "get_weather"},
        )
    parts = [chunk["choices"][0]["delta"].get("function_call") or {} for chunk in chunks[1:]]
    assert "".join(part.get("name", "") for part in parts) == "get_weather"
    assert json.loads("".join(part.get("arguments", "") for part in parts)) == {"city": "Oslo"}
    assert chunks[-1]["choices"][0]["finish_reason"] == "function_call"


async def test_speech_is_streamed_as_raw_samples(ask: Any) -> None:
    options = {"modalities": ["text", "audio"], "audio": {"voice": "echo", "format": "pcm16"}}
    async with ask() as asker:
        chunks = await asker.chunks(
            messages=user("Say exactly: One. Two."), stream_options={"include_usage": True}, **options
        )
    deltas = [c["choices"][0]["delta"]["audio"] for c in chunks[1:-1] if "audio" in c["choices"][0]["delta"]]
    assert set(deltas[0]) == {"id"}
    assert set(deltas[-1]) == {"expires_at"}
    assert "".join(delta.get("transcript", "") for delta in deltas) == "One. Two."
    samples = b"".join(base64.b64decode(delta["data"]) for delta in deltas if "data" in delta)
    assert len(samples) > 24_000
    assert len(samples) % 2 == 0
    assert chunks[-1]["usage"]["completion_tokens_details"]["audio_tokens"] > 0


async def test_a_refusal_in_mid_stream_is_an_event_and_no_end() -> None:
    async def broken() -> Any:
        yield {"a": 1}
        raise bad_request("later", "x")

    lines = [bytes(line) async for line in EventStream(broken()).body_iterator if not isinstance(line, str)]
    assert lines[0] == b'data: {"a":1}\n\n'
    assert json.loads(lines[1].removeprefix(b"data: "))["error"]["message"] == "later"
    assert len(lines) == 2


async def test_the_source_is_closed_when_the_stream_is_cancelled() -> None:
    closed = asyncio.Event()

    async def endless() -> Any:
        try:
            while True:
                await asyncio.sleep(0)
                yield {"a": 1}
        finally:
            closed.set()

    sent: list[Any] = []
    leave = asyncio.Event()

    async def send(message: Any) -> None:
        sent.append(message)
        if len(sent) == 5:
            leave.set()

    async def receive() -> Any:
        await leave.wait()
        return {"type": "http.disconnect"}

    scope = {"type": "http", "asgi": {"spec_version": "2.3"}}
    async with asyncio.timeout(5):
        await EventStream(endless())(scope, receive, send)
    assert closed.is_set()
    assert len(sent) < 100


def stream_of(
    service: RunningService, text: str
) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    """A streamed answer of the real process, begun."""
    connection = http.client.HTTPConnection(urlsplit(service.url).netloc, timeout=20)
    body = json.dumps({"messages": user(text), "stream": True})
    headers = {"api-key": service.key, "content-type": "application/json"}
    connection.request(
        "POST", f"/openai/deployments/chat/chat/completions?api-version={VERSION}", body, headers
    )
    return connection, connection.getresponse()


def test_the_real_process_lets_tokens_flow_and_survives_those_who_leave(service: RunningService) -> None:
    for _ in range(3):
        connection, reply = stream_of(service, "Write 20000 tokens about bridges")
        assert reply.status == 200
        assert reply.read(2000).startswith(b"data: {")
        reply.close()
        connection.close()
    started = time.monotonic()
    connection, reply = stream_of(service, "Say exactly: still here")
    assert b"[DONE]" in reply.read()
    connection.close()
    assert time.monotonic() - started < 10
