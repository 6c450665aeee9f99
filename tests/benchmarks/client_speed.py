"""CPU that the client spends on each chunk of a flood, and on being imported, beside a bare loop and the SDK.

Run it by hand: ``python tests/benchmarks/client_speed.py --sdk FOLDER``, where FOLDER holds the official SDK
(``pip install --target FOLDER openai``). Without the folder only the first two rows are measured. Each row
reads the same stream from the same process on the loopback interface.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHUNKS = 20_000
ROUNDS = 3
PER_WRITE = 16
SDK_SHARE = 1 / 5
IMPORT_SHARE = 1 / 4


def chunk(number: int) -> bytes:
    """A chunk as the service sends it with the default content filter."""
    safe = {
        name: {"filtered": False, "severity": "safe"} for name in ("hate", "self_harm", "sexual", "violence")
    }
    choice = {
        "content_filter_results": safe,
        "delta": {"content": f" word{number}"},
        "finish_reason": None,
        "index": 0,
        "logprobs": None,
    }
    body = {
        "choices": [choice],
        "created": 1710000000,
        "id": "chatcmpl-flood",
        "model": "gpt-4o-2024-08-06",
        "object": "chat.completion.chunk",
        "system_fingerprint": "fp_1",
        "usage": None,
    }
    return b"data: " + json.dumps(body, separators=(",", ":")).encode() + b"\n\n"


def framed(event: bytes) -> bytes:
    """An HTTP chunk of its own for each event, as servers do."""
    return b"%x\r\n%b\r\n" % (len(event), event)


async def flood() -> None:
    """Answers every request with the same stream, as fast as it is taken."""
    chunks = [framed(chunk(number)) for number in range(CHUNKS)]
    writes = [b"".join(chunks[at : at + PER_WRITE]) for at in range(0, CHUNKS, PER_WRITE)]
    writes.append(framed(b"data: [DONE]\n\n") + b"0\r\n\r\n")

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                for line in head.lower().split(b"\r\n"):
                    if line.startswith(b"content-length:"):
                        await reader.readexactly(int(line[15:]))
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n")
                writer.write(b"Transfer-Encoding: chunked\r\n\r\n")
                for block in writes:
                    writer.write(block)
                    await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def ours(port: int) -> int:
    """This client: typed chunks and the record of the exchange."""
    from playground.api.client import AzureOpenAI
    from playground.api.connection import ApiKey, Connection
    from playground.wire.chat import ChatRequest

    connection = Connection("flood", "azure", f"http://127.0.0.1:{port}", ApiKey("no-secret"))
    request = ChatRequest.model_validate({"messages": [{"role": "user", "content": "x"}]})
    count = 0
    async with AzureOpenAI(connection) as client, client.chat.stream("d", request) as stream:
        async for _ in stream:
            count += 1
    assert stream.done
    return count


async def bare(port: int) -> int:
    """httpx and json alone: no types, no record, no checks."""
    import httpx

    count = 0
    async with (
        httpx.AsyncClient(timeout=None, trust_env=False) as client,
        client.stream("POST", f"http://127.0.0.1:{port}/", json={}) as answer,
    ):
        async for line in answer.aiter_lines():
            if line.startswith("data: {"):
                json.loads(line[6:])
                count += 1
    return count


async def sdk(port: int) -> int:
    """The official SDK."""
    import openai

    count = 0
    async with openai.AsyncAzureOpenAI(
        azure_endpoint=f"http://127.0.0.1:{port}", api_key="no-secret", api_version="2025-01-01-preview"
    ) as client:
        messages = [{"role": "user", "content": "x"}]
        async for _ in await client.chat.completions.create(model="d", messages=messages, stream=True):
            count += 1
    return count


async def cpu_per_10_000(read: Callable[[int], Awaitable[int]], port: int) -> list[float]:
    """CPU seconds of this process for each round, the first one (imports, models) left out."""
    rounds = []
    for _ in range(ROUNDS + 1):
        began = time.process_time()
        count = await read(port)
        assert count == CHUNKS, count
        rounds.append((time.process_time() - began) * 10_000 / CHUNKS)
    return rounds[1:]


def import_seconds(code: str, path: str = "") -> float:
    """CPU seconds of a fresh process that imports something, less those of one that imports nothing."""

    def run(what: str) -> float:
        script = f"import sys; sys.path.insert(0, {path!r}); {what}; import time; print(time.process_time())"
        command = [sys.executable, "-c", script]
        done = [
            subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True) for _ in range(5)
        ]
        return min(float(each.stdout) for each in done)

    return run(code) - run("pass")


def measure(name: str, port: int, sdk_folder: str) -> float:
    """One row, in a process of its own so that no row pays for another's garbage."""
    command = [sys.executable, __file__, "--row", name, "--port", str(port), "--sdk", sdk_folder]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    rounds = [float(each) for each in done.stdout.split()]
    print(f"{name:5} {min(rounds):.3f} CPU s per 10,000 chunks (median {statistics.median(rounds):.3f})")
    return min(rounds)


def main() -> int:
    """Print all rows and ratios; fails when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sdk", default="")
    parser.add_argument("--row", default="")
    parser.add_argument("--port", type=int, default=0)
    asked = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    if asked.sdk:
        # Behind everything else, so that both share one pydantic.
        sys.path.append(asked.sdk)
    if asked.row == "flood":
        asyncio.run(flood())
    if asked.row:
        read = {"ours": ours, "bare": bare, "sdk": sdk}[asked.row]
        print(*asyncio.run(cpu_per_10_000(read, asked.port)))
        return 0
    server = subprocess.Popen([sys.executable, __file__, "--row", "flood"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        return report(port, asked.sdk)
    finally:
        server.terminate()
        server.wait()


def report(port: int, sdk_folder: str) -> int:
    """Measure every row, print the ratios, and give the exit status."""
    mine, floor = measure("ours", port, sdk_folder), measure("bare", port, sdk_folder)
    print(f"ours / bare: {mine / floor:.2f}")
    load = import_seconds("import playground.api.client")
    print(f"import playground.api.client: {load:.3f} CPU s")
    if not sdk_folder:
        return 0
    theirs = measure("sdk", port, sdk_folder)
    their_load = import_seconds("import openai", sdk_folder)
    print(f"ours / sdk: {mine / theirs:.3f} (target {SDK_SHARE:.2f})")
    print(
        f"import openai: {their_load:.3f} CPU s; ours / sdk: {load / their_load:.3f} (target {IMPORT_SHARE})"
    )
    return 0 if mine <= SDK_SHARE * theirs and load <= IMPORT_SHARE * their_load else 1


if __name__ == "__main__":
    sys.exit(main())
