"""A resource that misbehaves to order: a small HTTP server on loopback, honest about what it was asked."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.conftest import until

KEY = "sk-right-3b1c9d"
VERSIONS = ("2024-10-21", "2025-01-01-preview")


@dataclass
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def key(self) -> str:
        return self.headers.get("api-key") or self.headers.get("authorization", "").removeprefix("Bearer ")

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body or b"{}"))


Reply = tuple[int, object]
Handler = Callable[[Asked], Reply]


@dataclass
class FakeResource:
    """Where it listens, and all that it was asked."""

    url: str
    asked: list[Asked] = field(default_factory=list)


def error(status: int, code: str | None, message: str) -> Reply:
    """An error as the service writes it."""
    return status, {"error": {"code": code, "message": message, "type": None, "param": None}}


NOT_FOUND = error(404, "404", "Resource not found")
NO_DEPLOYMENT = error(404, "DeploymentNotFound", "The API deployment for this resource does not exist.")
WRONG_KEY = error(401, "401", "Access denied due to invalid subscription key or wrong API endpoint.")
CHAT = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1,
    "model": "gpt-4o",
    "choices": [
        {"index": 0, "finish_reason": "length", "message": {"role": "assistant", "content": "Hello"}}
    ],
}
EMBEDDING = {
    "object": "list",
    "model": "e",
    "data": [{"object": "embedding", "index": 0, "embedding": [0.1, 0.2]}],
    "usage": {"prompt_tokens": 1, "total_tokens": 1},
}


def azure(asked: Asked, *, deployments: tuple[str, ...] = ("chat", "embed"), files: bool = True) -> Reply:
    """What a resource answers: path and version first, as its front door does, then the key."""
    if not asked.path.startswith("/openai/") or asked.query.get("api-version") not in VERSIONS:
        return NOT_FOUND
    if asked.path == "/openai/files":
        if not files:
            return NOT_FOUND
        return (200, {"object": "list", "data": []}) if asked.key == KEY else WRONG_KEY
    if asked.key != KEY:
        return WRONG_KEY
    name = unquote(asked.path.split("/")[3]) if "/deployments/" in asked.path else ""
    if name not in deployments:
        return NO_DEPLOYMENT
    if asked.path.endswith("/chat/completions"):
        return 200, CHAT
    if asked.path.endswith("/embeddings"):
        return 200, EMBEDDING
    if not asked.json.get("prompt") and not asked.json.get("input"):
        return error(400, None, "'prompt' is a required property")
    return 200, {}


@asynccontextmanager
async def fake_resource(
    handler: Handler = azure, tls: ssl.SSLContext | None = None
) -> AsyncIterator[FakeResource]:
    """Serve with this handler until the block ends."""
    before = asyncio.all_tasks()
    resource = FakeResource("")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = await _read(reader)
            resource.asked.append(asked)
            status, body = handler(asked)
            kind = "application/json" if not isinstance(body, str) else "text/html"
            content = json.dumps(body).encode() if not isinstance(body, str) else body.encode()
            head = f"HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {len(content)}\r\n"
            writer.write(head.encode() + b"connection: close\r\n\r\n" + content)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    resource.url = f"https://localhost:{port}" if tls else f"http://127.0.0.1:{port}"
    try:
        yield resource
    finally:
        server.close()
        await server.wait_closed()
        await until(lambda: not asyncio.all_tasks() - before)


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ", 2)
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:]) if name
    }
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    parts = urlsplit(target)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return Asked(method, parts.path, query, headers, body)
