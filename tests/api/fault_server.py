"""A server that misbehaves on demand: scripted answers, resets, drips, and a record of what was asked."""

import asyncio
import socket
import ssl
import struct
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field


@dataclass
class Received:
    """A request as it came; ``body`` is empty when the script did not want it read."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""
    at: float = field(default_factory=time.monotonic)


class Line:
    """One connection, as scripts see it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, data: bytes) -> None:
        """Send and wait until it has left this process."""
        self.writer.write(data)
        await self.writer.drain()

    async def send_split(self, data: bytes, cuts: Iterable[int]) -> None:
        """Send in pieces that end at these offsets, each in a packet of its own."""
        begin = 0
        for cut in [*cuts, len(data)]:
            await self.send(data[begin:cut])
            await asyncio.sleep(0)
            begin = cut

    def reset(self) -> None:
        """Break the connection with a TCP reset."""
        handle = self.writer.get_extra_info("socket")
        handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Script = Callable[[Received, Line], Awaitable[None]]


def reply(status: int, body: bytes = b"", content_type: str = "application/json", **headers: str) -> Script:
    """A whole answer; underscores in the names of headers stand for dashes."""

    async def play(_: Received, line: Line) -> None:
        await line.send(whole(status, body, content_type, **headers))

    return play


def whole(status: int, body: bytes, content_type: str = "application/json", **headers: str) -> bytes:
    """The bytes of an answer with its length told."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


STREAM_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
STREAM_END = b"0\r\n\r\n"


def framed(data: bytes) -> bytes:
    """An HTTP chunk."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def stream(events: Sequence[bytes], end: bytes = STREAM_END) -> Script:
    """An event stream, each event in a chunk of its own."""

    async def play(_: Received, line: Line) -> None:
        await line.send(STREAM_HEAD + b"".join(map(framed, events)) + end)

    return play


class FaultServer:
    """Plays one script for each request, in order; the last one again and again.

    ``read_body`` false leaves bodies unread, as a server does that refuses them at once.
    """

    def __init__(
        self,
        *scripts: Script,
        host: str = "127.0.0.1",
        read_body: bool = True,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._scripts = list(scripts)
        self._host = host
        self._read_body = read_body
        self._tls = tls
        self._tasks: set[asyncio.Task[None]] = set()
        self.requests: list[Received] = []
        self.open = 0
        self.connections = 0
        self.closed_at: float | None = None

    async def __aenter__(self) -> "FaultServer":
        self._server = await asyncio.start_server(self._serve, self._host, 0, limit=1 << 20, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://{self._host}:{self.port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def play(self, *scripts: Script) -> None:
        """From now on these scripts."""
        self._scripts = list(scripts)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.open += 1
        self.connections += 1
        line = Line(reader, writer)
        try:
            while (request := await self._request(reader)) is not None:
                self.requests.append(request)
                script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
                await script(request, line)
                if writer.is_closing():
                    break
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self.open -= 1
            self.closed_at = time.monotonic()
            writer.close()
            self._tasks.discard(task)

    async def _request(self, reader: asyncio.StreamReader) -> Received | None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except (asyncio.IncompleteReadError, OSError):
            return None
        first, *lines = head.split("\r\n")
        method, target, _ = first.split(" ")
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)
        }
        request = Received(method, target, headers)
        if self._read_body:
            request.body = await reader.readexactly(int(headers.get("content-length", "0")))
        return request


async def until_gone(_: Received, line: Line) -> None:
    """A script that never answers, and ends when the client goes away."""
    await line.reader.read(1)
    line.writer.close()
