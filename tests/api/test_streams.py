"""Streams over real sockets: whole ones, cut ones, silent ones, and ones that are something else."""

import asyncio
import gc
import random
import time
from collections.abc import Awaitable, Callable

import pytest

from playground.api.assembly import ChatAssembly
from playground.api.client import AzureOpenAI
from playground.api.errors import ApiError, NotThisApi, StreamBroken, StreamError, TimedOut, TooMuchData
from playground.wire.chat import ChatRequest
from tests.api.conftest import client_of
from tests.api.fault_server import STREAM_HEAD, FaultServer, Line, Received, Script, framed, reply, stream
from tests.api.recorded import DONE, STREAMS, WORDS, chunk, event, events_of, figure

ASK = ChatRequest.model_validate({"messages": [{"role": "user", "content": "x"}]})
SEED = 4


async def listen(client: AzureOpenAI, assembly: ChatAssembly) -> None:
    async with client.chat.stream("d", ASK) as answer:
        async for each in answer:
            assembly.add(each)
    assembly.end()


def texts(assembly: ChatAssembly) -> str:
    return "|".join(f"{i}:{each.text}{each.refusal}" for i, each in sorted(assembly.choices.items()))


@pytest.mark.parametrize("name", STREAMS)
async def test_a_stream_in_one_piece_and_in_single_bytes(name: str) -> None:
    async def bytewise(_: Received, line: Line) -> None:
        data = STREAM_HEAD + b"".join(map(framed, events_of(name))) + b"0\r\n\r\n"
        await line.send_split(data, range(1, len(data), 7))

    found = []
    async with FaultServer(stream(events_of(name)), bytewise) as server, client_of(server.url) as client:
        for _ in range(2):
            assembly = ChatAssembly()
            await listen(client, assembly)
            assert assembly.complete
            found.append(assembly.completion())
        assert server.connections == 1, "a stream that was read to its end leaves a usable connection"
    assert found[0] == found[1]
    exchange = client.last_exchange
    assert exchange is not None
    assert exchange.state == "ok"
    assert [each.data for each in exchange.events] == [each[6:-2].decode() for each in events_of(name)]
    assert (exchange.timing.first_token is None) == (name == "nothing")


def cut_at(events: list[bytes], position: int, how: str) -> Script:
    """A stream that ends at this byte: reset, closed in the middle of a chunk, or ended as if all was well."""
    body = b"".join(events)[:position]

    async def play(_: Received, line: Line) -> None:
        await line.send(STREAM_HEAD + (framed(body) if body else b""))
        if how == "reset":
            await asyncio.sleep(0.002)
            line.reset()
        elif how == "clean":
            await line.send(b"0\r\n\r\n")
        else:
            line.writer.close()

    return play


async def test_b4_a_stream_that_is_cut_is_never_complete_and_loses_nothing() -> None:
    chance = random.Random(SEED)
    runs = wrong = lost = repeated = 0
    async with FaultServer(reply(500)) as server, client_of(server.url, max_retries=2) as client:
        for name in STREAMS:
            events = events_of(name)
            size = sum(map(len, events)) - len(DONE)
            for how in ("reset", "closed", "clean"):
                for position in [*chance.sample(range(size), 9), size]:
                    server.play(cut_at(events, position, how))
                    asked = len(server.requests)
                    assembly = ChatAssembly()
                    try:
                        await listen(client, assembly)
                        wrong += 1
                    except StreamBroken:
                        wrong += assembly.complete
                    expected, left = ChatAssembly(), position
                    for each, data in zip(STREAMS[name], events, strict=False):
                        if left >= len(data) - 2:  # all but its blank line
                            expected.add(client_chunk(each))
                        left -= len(data)
                    lost += how != "reset" and texts(assembly) != texts(expected)
                    lost += not texts(expected).startswith(texts(assembly)) and how == "reset"
                    repeated += len(server.requests) - asked - 1
                    runs += 1
    figure("B4", runs, wrong + lost + repeated, f"complete {wrong}, lost {lost}, sent again {repeated}", SEED)


def client_chunk(value: dict):
    from playground.wire.chat import ChatChunk

    return ChatChunk.model_validate(value)


async def test_a_done_without_its_blank_line_is_done() -> None:
    script = stream([*events_of("text")[:-1], b"data: [DONE]"])
    async with FaultServer(script) as server, client_of(server.url) as client:
        assembly = ChatAssembly()
        await listen(client, assembly)
    assert assembly.complete


HTML = b"<html><title>Sign in</title><body>Welcome to the hotel</body></html>"
ODD_ANSWERS = {
    "web page": reply(200, HTML, "text/html; charset=utf-8"),
    "nothing": reply(200, b"", "text/event-stream"),
    "nothing at all": reply(200, b"", "text/plain"),
    "JSON": reply(200, b'{"id":"x","object":"chat.completion","choices":[]}'),
    "no content": reply(204, b""),
}


async def test_b5_what_is_no_stream_is_refused() -> None:
    successes = 0
    for name, script in ODD_ANSWERS.items():
        error = await failure_of(script, lambda client: listen(client, ChatAssembly()))
        successes += error is None
        if name == "nothing":
            assert isinstance(error, StreamBroken)
            continue
        assert isinstance(error, NotThisApi)
        assert f"status {error.status}" in str(error)
        assert error.content_type in str(error)
        assert ("hotel" in error.excerpt) == (name == "web page")
    figure("B5 (stream)", len(ODD_ANSWERS), successes, f"empty successes {successes}")


async def failure_of(script: Script, ask: Callable[[AzureOpenAI], Awaitable[object]]) -> ApiError | None:
    async with FaultServer(script) as server, client_of(server.url) as client:
        try:
            await ask(client)
        except ApiError as error:
            return error
    return None


ODD_BODIES = {
    "web page": reply(200, HTML, "text/html"),
    "nothing": reply(200, b""),
    "nothing at all": reply(200, b"", "text/plain"),
    "a stream": stream(events_of("text")),
    "no JSON": reply(200, b'{"choices": ['),
    "a list": reply(200, b"[]"),
    "another object": reply(200, b'{"detail": "hello"}'),
    "an empty object": reply(200, b"{}"),
    "wrong types": reply(200, b'{"choices": 7}'),
    "deep": reply(200, b'{"choices":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "no content": reply(204, b""),
    "odd compression": reply(200, b"xx", Content_Encoding="br"),
    "damaged compression": reply(200, b"xx", Content_Encoding="gzip"),
}


async def test_b5_what_is_no_answer_is_refused() -> None:
    successes = 0
    for script in ODD_BODIES.values():
        error = await failure_of(script, lambda client: client.chat.complete("d", ASK))
        successes += error is None
        assert isinstance(error, NotThisApi)
        assert error.exchange is not None
        assert error.exchange.state == "failed"
    figure("B5", len(ODD_BODIES), successes, f"empty successes {successes}")


async def test_errors_among_the_events() -> None:
    failure = {"error": {"message": "The server had an error", "type": "server_error", "code": "oops"}}
    for last in (event(failure), b"event: error\n" + event(failure), b"event: error\n" + event("it broke")):
        script = stream([*events_of("text")[:4], last])
        async with FaultServer(script) as server, client_of(server.url) as client:
            assembly = ChatAssembly()
            with pytest.raises(StreamError) as caught:
                await listen(client, assembly)
        assert assembly.choices[0].text == "".join(WORDS[:2])
        assert caught.value.message in ("The server had an error", "it broke")
        assert caught.value.exchange is not None
        assert not assembly.complete


SENSELESS = {
    "no JSON": b"data: {nonsense\n\n",
    "a number": b"data: 7\n\n",
    "wrong types": b'data: {"choices":3}\n\n',
    "deep": b"data: " + b"[" * 100_000 + b"\n\n",
}


@pytest.mark.parametrize("bad", SENSELESS.values(), ids=SENSELESS)
async def test_what_came_before_a_senseless_event_is_kept(bad: bytes) -> None:
    script = stream([*events_of("text")[:4], bad, *events_of("text")[4:]])
    async with FaultServer(script) as server, client_of(server.url) as client:
        assembly = ChatAssembly()
        with pytest.raises(StreamBroken, match="made no sense"):
            await listen(client, assembly)
    assert assembly.choices[0].text == "".join(WORDS[:2])


async def test_b7_invalid_utf8_is_shown_and_flagged() -> None:
    broken = event(chunk(content="a@b", finish="stop")).replace(b"@", b"\xff")
    refusal = reply(400, b'{"error":{"message":"bad \xff\xfe byte","code":null}}')
    async with FaultServer(stream([broken, DONE]), refusal) as server, client_of(server.url) as client:
        assembly = ChatAssembly()
        await listen(client, assembly)
        assert assembly.choices[0].text == "a\ufffdb"
        assert client.last_exchange is not None
        assert client.last_exchange.mended
        with pytest.raises(Exception, match="bad \ufffd\ufffd byte"):
            await client.chat.complete("d", ASK)
        assert client.last_exchange.mended
    figure("B7", 2, 0, "exceptions 0")


async def test_half_a_surrogate_pair_is_no_reason_to_stop() -> None:
    cut = event(chunk(content="@", finish="stop")).replace(b"@", b"x\\ud83d")
    async with FaultServer(stream([cut, DONE])) as server, client_of(server.url) as client:
        assembly = ChatAssembly()
        await listen(client, assembly)
    assert assembly.choices[0].text == "x\ufffd"


async def test_b11_comments_are_no_progress() -> None:
    limit = 1.0

    async def drip(_: Received, line: Line) -> None:
        await line.send(STREAM_HEAD + framed(event(chunk(content="Hello"))))
        while True:
            await line.send(framed(b": ping\n\n"))
            await asyncio.sleep(0.1)

    async with FaultServer(drip) as server, client_of(server.url, progress_timeout=limit) as client:
        assembly, began = ChatAssembly(), time.monotonic()
        with pytest.raises(TimedOut) as caught:
            await listen(client, assembly)
        seconds = time.monotonic() - began
        assert caught.value.phase == "stream"
        assert assembly.choices[0].text == "Hello"
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await listen(client, ChatAssembly())
        stop = time.monotonic() - began - 0.3
    late = not 0.9 * limit <= seconds <= 2 * limit
    figure("B11", 2, late + (stop > 1), f"seconds to the timeout {seconds:.2f} of {limit}, stop {stop:.2f}")


async def test_events_are_progress_and_a_slow_reader_is_not_silence() -> None:
    async def slow(_: Received, line: Line) -> None:
        await line.send(STREAM_HEAD)
        for each in events_of("refusal"):
            await line.send(framed(each))
            await asyncio.sleep(0.15)
        await line.send(b"0\r\n\r\n")

    async with FaultServer(slow) as server, client_of(server.url, progress_timeout=0.4) as client:
        assembly = ChatAssembly()
        async with client.chat.stream("d", ASK) as answer:
            async for each in answer:
                assembly.add(each)
                if not assembly.finished and assembly.choices[0].refusal == "I can":
                    await asyncio.sleep(0.6)
    assert assembly.finished


async def test_no_answer_at_all_times_out() -> None:
    async def silent(_: Received, line: Line) -> None:
        await asyncio.sleep(5)

    async with FaultServer(silent) as server, client_of(server.url, progress_timeout=0.3) as client:
        with pytest.raises(TimedOut) as caught:
            await client.chat.complete("d", ASK)
    assert caught.value.phase == "answer"


async def test_b9_events_and_heads_beyond_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    async def huge_event(_: Received, line: Line) -> None:
        await line.send(STREAM_HEAD + framed(event(chunk(content="Hello"))) + framed(b"data: "))
        for _mb in range(64):
            await line.send(framed(b"x" * (1 << 20)))

    async def huge_head(_: Received, line: Line) -> None:
        await line.send(b"HTTP/1.1 200 OK\r\nX-Big: " + b"x" * (2 << 20) + b"\r\n\r\n")

    async with FaultServer(huge_event) as server, client_of(server.url) as client:
        assembly = ChatAssembly()
        with pytest.raises(TooMuchData) as caught:
            await listen(client, assembly)
        assert caught.value.limit == 16 << 20
        assert assembly.choices[0].text == "Hello"
        server.play(huge_head)
        with pytest.raises(TooMuchData):
            await client.chat.complete("d", ASK)
    figure("B9 (limits)", 2, 0, "RecursionError escaping 0")


async def test_b9_many_tiny_events_leave_the_loop_alive() -> None:
    count = 100_000
    tiny = event({"choices": []}) * 1000

    async def flood(_: Received, line: Line) -> None:
        await line.send(STREAM_HEAD)
        for _block in range(count // 1000):
            await line.send(framed(tiny))
        await line.send(framed(DONE) + b"0\r\n\r\n")

    gaps: list[float] = []

    async def tick() -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            gaps.append(time.monotonic() - before)

    seen = 0
    gc.collect()
    gc.freeze()  # what other tests have left behind is not this stream's burden
    ticking = asyncio.create_task(tick())
    async with (
        FaultServer(flood) as server,
        client_of(server.url) as client,
        client.chat.stream("d", ASK) as answer,
    ):
        async for _ in answer:
            seen += 1
    ticking.cancel()
    await asyncio.gather(ticking, return_exceptions=True)
    gc.unfreeze()
    assert seen == count
    assert answer.exchange.events_left_out
    figure("B9 (flood)", 1, max(gaps) > 0.25, f"longest gap {max(gaps) * 1000:.0f} ms for {count:,} events")
