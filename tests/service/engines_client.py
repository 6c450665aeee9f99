"""Asks the deployment routes of a service inside the test, and judges each answer by the API's schemas."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
import pytest

from playground.service.engines.simulated.pace import VARIABLE
from tests import schema
from tests.service.conftest import Opener, Resource

CHAT = "GetChatCompletions"
COMPLETIONS = "GetCompletions"


def user(text: Any) -> list[dict[str, Any]]:
    """A conversation of one message."""
    return [{"role": "user", "content": text}]


class Asker:
    """Sends requests without a network; refusals come back as their error object."""

    def __init__(self, opened: Resource) -> None:
        self.service = opened.service
        self.client = opened.client

    async def post(self, deployment: str, path: str, body: Any) -> httpx.Response:
        """One JSON request."""
        return await self.client.post(f"/deployments/{deployment}/{path}", json=body)

    async def chat(self, *, to: str = "chat", **body: Any) -> Any:
        """A whole chat answer, judged by its schema."""
        reply = await self.post(to, "chat/completions", {"messages": user("Tell me about rivers."), **body})
        assert reply.status_code == 200, reply.text
        schema.validate(CHAT, 200, reply.content)
        return reply.json()

    async def text(self, **body: Any) -> str:
        """The text of the first answer."""
        content = (await self.chat(**body))["choices"][0]["message"]["content"]
        assert isinstance(content, str)
        return content

    async def chunks(self, *, to: str = "chat", **body: Any) -> list[Any]:
        """All chunks of a streamed answer, judged by their schema; the stream has to end with ``[DONE]``."""
        body = {"messages": user("Tell me about rivers."), "stream": True, **body}
        reply = await self.post(to, "chat/completions", body)
        found = events(reply)
        for chunk in found:
            schema.validate_chunk(CHAT, chunk)
        return found

    async def refused(self, path: str, body: Any, *, to: str = "chat", status: int = 400) -> Any:
        """The error object of a request that must be refused."""
        reply = await self.post(to, path, body)
        assert reply.status_code == status, reply.text
        return reply.json()["error"]

    async def chat_refused(self, *, to: str = "chat", status: int = 400, **body: Any) -> Any:
        """The error object of a chat request that must be refused."""
        body = {"messages": user("Hello"), **body}
        return await self.refused("chat/completions", body, to=to, status=status)


def events(reply: httpx.Response) -> list[Any]:
    """The events of a stream that ended as it should."""
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.text.endswith("data: [DONE]\n\n")
    lines = reply.text.split("\n\n")
    assert all(line.startswith("data: ") for line in lines[:-1])
    return [json.loads(line.removeprefix("data: ")) for line in lines[:-2]]


def joined(chunks: list[Any], index: int = 0) -> str:
    """The text of one streamed answer."""
    choices = [choice for chunk in chunks for choice in chunk["choices"] if choice["index"] == index]
    return "".join(choice["delta"].get("content") or "" for choice in choices)


def calls(chunks: list[Any]) -> dict[int, dict[str, str]]:
    """The tool calls of a streamed answer, merged as a client does it: by index."""
    found: dict[int, dict[str, str]] = {}
    for chunk in chunks:
        for choice in chunk["choices"]:
            for part in choice["delta"].get("tool_calls") or []:
                call = found.setdefault(part["index"], {"name": "", "arguments": "", "id": ""})
                call["id"] += part.get("id", "")
                call["name"] += part["function"].get("name", "")
                call["arguments"] += part["function"].get("arguments", "")
    return found


@asynccontextmanager
async def asking(resource: Opener, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Asker]:
    """A service whose tokens do not wait for a reader."""
    monkeypatch.setenv(VARIABLE, "0")
    async with resource() as opened:
        yield Asker(opened)


@pytest.fixture
def ask(
    resource: Opener, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], AbstractAsyncContextManager[Asker]]:
    """Opens a service to ask; a test module takes this fixture over by assigning it to a name of its own."""
    return lambda: asking(resource, monkeypatch)


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """The loop that the service really runs on; Qt's would have its timers collected on engines' threads."""
    with asyncio.Runner() as plain:
        yield plain
