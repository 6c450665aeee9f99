"""Two ways to have a service: one real process for the session, and one inside a test with its own clock."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from playground.service.app import build_app
from playground.service.service import Service

VERSION = "2025-01-01-preview"
KEY = "a-key-for-tests"


@dataclass
class Answer:
    """A reply, read to its end."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class RunningService:
    """A real process on a loopback port."""

    url: str
    key: str
    process: subprocess.Popen[bytes]
    deployments: dict[str, str] = field(default_factory=dict)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
        *,
        version: str | None = VERSION,
        key: bool = True,
    ) -> Answer:
        """One request over a connection of its own; a body that is no bytes goes as JSON."""
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=20)
        sent = {"content-type": "application/json", **({"api-key": self.key} if key else {})}
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        query = f"?api-version={version}" if version else ""
        try:
            connection.request(method, path + query, data, sent | (headers or {}))
            reply = connection.getresponse()
            return Answer(reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read())
        finally:
            connection.close()


def spawn(data: Path, *options: str) -> RunningService:
    """Start ``python -m playground.service`` as a person would, simulated and with faults."""
    command = [sys.executable, "-m", "playground.service", "--data", str(data), "--simulated", "--faults"]
    environment = os.environ | {"PLAYGROUND_SERVICE_KEY": KEY}
    process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, env=environment)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "the service did not start"
    ready = json.loads(line)
    return RunningService(ready["url"], KEY, process, ready["deployments"])


def stop(running: RunningService, *, kill: bool = False) -> None:
    """End the process, politely or as a crash would."""
    assert running.process.stdout is not None
    running.process.kill() if kill else running.process.terminate()
    running.process.wait(10)
    running.process.stdout.close()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A simulated service with faults, for sync and async tests alike."""
    running = spawn(tmp_path_factory.mktemp("service"))
    yield running
    stop(running)


class Clock:
    """The time as a test wants it."""

    def __init__(self) -> None:
        self.now = 1_750_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Resource:
    """A service inside the test, with a client that talks to it without a network."""

    service: Service
    client: httpx.AsyncClient
    clock: Clock


Opener = Callable[[], AbstractAsyncContextManager[Resource]]


@pytest.fixture
def resource(tmp_path: Path) -> Opener:
    """Opens the same resource, as often as wanted: state stays, as over a restart."""
    clock = Clock()

    @asynccontextmanager
    async def opened() -> AsyncIterator[Resource]:
        service = Service(tmp_path / "data", base_url="http://127.0.0.1:1", faults=True, clock=clock)
        await service.open()
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(build_app(service, KEY)),
            base_url="http://127.0.0.1:1/openai",
            headers={"api-key": KEY},
            params={"api-version": VERSION},
        )
        try:
            yield Resource(service, client, clock)
        finally:
            await client.aclose()
            await service.close()

    return opened
