"""Requests that are stopped: in whatever phase, the socket closes at once and nothing is left running."""

import asyncio
import gc
import time
from pathlib import Path

import pytest

from playground.api.bodies import FilePart
from playground.api.client import AzureOpenAI
from playground.wire.chat import ChatRequest
from playground.wire.files import UploadFileRequest
from tests.api.conftest import client_of
from tests.api.fault_server import STREAM_HEAD, FaultServer, Line, Received, framed, reply, until_gone
from tests.api.recorded import chunk, event, figure
from tests.conftest import until

ASK = ChatRequest.model_validate({"messages": [{"role": "user", "content": "x"}]})
BIG = 30 * 1024 * 1024


async def half_a_head(request: Received, line: Line) -> None:
    await line.send(b"HTTP/1.1 200 OK\r\nContent-")
    await until_gone(request, line)


async def begins(request: Received, line: Line) -> None:
    await line.send(STREAM_HEAD + framed(event(chunk(content="Hello"))))
    await until_gone(request, line)


async def only_comments(_: Received, line: Line) -> None:
    await line.send(STREAM_HEAD)
    while True:
        await line.send(framed(b": ping\n\n"))
        await asyncio.sleep(0.001)


async def listen(client: AzureOpenAI) -> None:
    async with client.chat.stream("d", ASK) as stream:
        async for _ in stream:
            pass


STOPS = 40
PHASES = {
    "head": until_gone,
    "half a head": half_a_head,
    "stream": begins,
    "comments": only_comments,
    "wait": reply(503, b"", Retry_After="60"),
}


async def stop(server: FaultServer, client: AzureOpenAI, number: int, idle: bool) -> float:
    """Stop a stream at the moment that belongs to this number; seconds until the server sees the close."""
    asked = len(server.requests)
    task = asyncio.create_task(listen(client))
    if number % 4:
        await until(lambda: len(server.requests) > asked)
        await asyncio.sleep(0.002 * (number % 3))
    else:
        await asyncio.sleep(0.0005 * number)  # somewhere in connecting
    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    if not idle:
        await until(lambda: server.open == 0)
    return time.monotonic() - began


async def test_b18_stopping_in_any_phase_closes_the_socket_and_leaves_nothing() -> None:
    seconds = []
    base_line = len(asyncio.all_tasks())
    async with FaultServer(until_gone) as server:
        async with client_of(server.url, max_retries=2) as client:
            for name, script in PHASES.items():
                server.play(script)
                # While a wait runs, its connection idles: nobody uses it, and others may.
                seconds += [
                    await stop(server, client, number, idle=name == "wait") for number in range(STOPS)
                ]
        await until(lambda: server.open == 0)
        open_sockets = server.open
    left = len(asyncio.all_tasks()) - base_line
    gc.collect()  # a socket that was left open would warn, and warnings are errors
    shown = f"slowest close {max(seconds):.3f} s, leaked tasks {left}, sockets {open_sockets}"
    figure("B18", len(seconds), (max(seconds) > 1) + left + open_sockets, shown)


async def test_b18_an_upload_can_be_stopped(tmp_path: Path) -> None:
    big_file = tmp_path / "big"
    with big_file.open("wb") as file:
        file.truncate(BIG)

    async def stuck(_: Received, line: Line) -> None:
        await asyncio.sleep(0.05)
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await line.reader.readexactly(BIG)

    async with FaultServer(stuck, read_body=False) as server, client_of(server.url) as client:
        upload = client.files.upload(UploadFileRequest(purpose="batch"), FilePart(big_file, "big"))
        task = asyncio.create_task(upload)
        await until(lambda: server.requests)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(lambda: server.open == 0, seconds=1)
