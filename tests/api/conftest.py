"""What the tests of the client share: clients of a fault server, without waiting between attempts."""

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from playground.api import retry
from playground.api.client import AzureOpenAI
from playground.api.connection import ApiKey, Connection

CANARY = "canary-7f3b-key+/=secret"


@pytest.fixture(autouse=True)
def garbage_stays_on_its_thread() -> Iterator[None]:
    """Loops of earlier tests are Qt objects: collected by chance in a worker thread, they crash the process."""
    gc.disable()
    yield
    gc.freeze()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attempts follow each other at once."""
    monkeypatch.setattr(retry, "FIRST_BACKOFF", 0.001)


def connect(url: str, **changes: Any) -> Connection:
    """A connection to a fault server."""
    settings: dict[str, Any] = {
        "name": "test",
        "kind": "azure",
        "endpoint": url,
        "credential": ApiKey(CANARY),
        "max_retries": 0,
        "connect_timeout": 5.0,
        "progress_timeout": 10.0,
    }
    return Connection(**{**settings, **changes})


def client_of(url: str, on_exchange: Callable[[Any], None] | None = None, **changes: Any) -> AzureOpenAI:
    """A client of a fault server."""
    return AzureOpenAI(connect(url, **changes), on_exchange=on_exchange)


def mocked(answer: Callable[[Any], Any], **changes: Any) -> AzureOpenAI:
    """A client whose requests go to a function from httpx.Request to httpx.Response."""
    import httpx

    return AzureOpenAI(connect("http://127.0.0.1:1", **changes), transport=httpx.MockTransport(answer))
