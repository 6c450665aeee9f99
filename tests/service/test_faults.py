"""Faults on request: each one as a client sees it, over real sockets."""

import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from http.client import IncompleteRead

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from playground.service.errors import ServiceError
from playground.service.faults import BROKEN_EVENT, Faults, read_plan
from playground.service.serving import Server, listen

from .conftest import RunningService

EVENTS = [f'data: {{"n": {n}}}\n\n'.encode() for n in range(4)] + [b"data: [DONE]\n\n"]


async def _stream(_request: Request) -> Response:
    async def body() -> AsyncIterator[bytes]:
        yield EVENTS[0] + EVENTS[1][:5]  # events are counted, not pieces of the body
        yield EVENTS[1][5:] + EVENTS[2]
        yield EVENTS[3]
        yield EVENTS[4]

    return StreamingResponse(body(), media_type="text/event-stream")


async def _whole(_request: Request) -> Response:
    return JSONResponse({"text": "x" * 100})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The real server around two little routes, in a thread."""

    async def goodbye() -> None:
        pass

    routes = [Route("/stream", _stream), Route("/whole", _whole)]
    app = Starlette(routes=routes, middleware=[Middleware(Faults)])
    ready = threading.Event()
    server = Server(app, ready.set, goodbye)
    listener = listen()
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    assert ready.wait(5)
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(5)


def ask(port: int, path: str, fault: str | None) -> tuple[int, bytes, str]:
    """The status, the body bytes as they came over the wire, and how the connection ended."""
    header = f"x-playground-fault: {fault}\r\n" if fault else ""
    request = f"GET {path} HTTP/1.1\r\nhost: localhost\r\n{header}connection: close\r\n\r\n"
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(request.encode())
        try:
            while piece := connection.recv(65536):
                received += piece
            end = "closed"
        except ConnectionResetError:
            end = "reset"
    head, _, body = received.partition(b"\r\n\r\n")
    if end == "closed" and b"chunked" in head.lower() and body.endswith(b"0\r\n\r\n"):
        end = "complete"
    return int(head.split()[1]), unchunked(body) if b"chunked" in head.lower() else body, end


def unchunked(body: bytes) -> bytes:
    """What the chunks carry; a body that was cut may end anywhere."""
    data = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        data += rest[: int(size, 16)]
        body = rest[int(size, 16) + 2 :]
    return data


def events(body: bytes) -> list[bytes]:
    """The whole events in a body, in order."""
    return [event + b"\n\n" for event in body.split(b"\n\n")[:-1]]


def test_without_the_header_nothing_happens(port: int) -> None:
    status, body, end = ask(port, "/stream", None)
    assert (status, events(body), end) == (200, EVENTS, "complete")


@pytest.mark.parametrize(
    ("fault", "passed", "ending"),
    [
        ("reset=2", EVENTS[:2], "reset"),
        ("close=2", EVENTS[:2], "closed"),
        ("end=2", EVENTS[:2], "complete"),
        ("close", EVENTS[:1], "closed"),
        ("close=0", [], "closed"),
        ("end=99", EVENTS, "complete"),
        ("malformed=1", [EVENTS[0], BROKEN_EVENT, *EVENTS[1:]], "complete"),
        ("malformed=1, close=2", [EVENTS[0], BROKEN_EVENT, EVENTS[1]], "closed"),
    ],
)
def test_streams_break_where_asked(port: int, fault: str, passed: list[bytes], ending: str) -> None:
    status, body, end = ask(port, "/stream", fault)
    assert (status, events(body), end) == (200, passed, ending)


def test_whole_answers_break_too(port: int) -> None:
    whole = ask(port, "/whole", None)[1]
    status, body, end = ask(port, "/whole", "reset")
    assert (status, end) == (200, "reset")
    assert whole.startswith(body)
    assert len(body) == len(whole) // 2
    assert ask(port, "/whole", "close")[2] == "closed"
    spoilt = ask(port, "/whole", "malformed")[1]
    assert spoilt == whole[:-1] + b"\x00"


@pytest.mark.parametrize(("fault", "status"), [("429", 429), ("503", 503), ("500", 500), ("418", 418)])
def test_any_refusal_can_be_asked_for(port: int, fault: str, status: int) -> None:
    assert ask(port, "/whole", fault)[0] == status


def test_a_delay_comes_before_the_answer(port: int) -> None:
    began = time.monotonic()
    assert ask(port, "/whole", "delay=0.3")[0] == 200
    assert time.monotonic() - began >= 0.3


def test_the_service_obeys_when_started_with_faults(service: RunningService) -> None:
    answer = service.ask("GET", "/openai/files", headers={"x-playground-fault": "429=20"})
    assert answer.status == 429
    assert (answer.headers["retry-after"], answer.headers["retry-after-ms"]) == ("20", "20000")
    assert answer.headers["apim-request-id"]
    busy = service.ask("GET", "/openai/files", headers={"x-playground-fault": "503=5"})
    assert (busy.status, busy.headers["retry-after"]) == (503, "5")
    unknown = service.ask("GET", "/openai/files", headers={"x-playground-fault": "nonsense"})
    assert (unknown.status, unknown.json()["error"]["code"]) == (400, "UnknownFault")
    keyless = service.ask("GET", "/openai/files", headers={"x-playground-fault": "429"}, key=False)
    assert keyless.status == 401


def test_a_chat_breaks_off_where_asked(service: RunningService) -> None:
    path = "/openai/deployments/chat/chat/completions"
    body = {"messages": [{"role": "user", "content": "Hello"}], "stream": True}
    whole = service.ask("POST", path, body)
    assert whole.body.endswith(b"data: [DONE]\n\n")
    ended = service.ask("POST", path, body, {"x-playground-fault": "end=3"})
    assert len(events(ended.body)) == 3
    assert b"[DONE]" not in ended.body
    spoilt = service.ask("POST", path, body, {"x-playground-fault": "malformed=2"})
    assert events(spoilt.body)[2] == BROKEN_EVENT
    assert spoilt.body.endswith(b"data: [DONE]\n\n")
    with pytest.raises(ConnectionResetError):
        service.ask("POST", path, body, {"x-playground-fault": "reset=2"})
    with pytest.raises(IncompleteRead):
        service.ask("POST", path, body, {"x-playground-fault": "close=2"})


def test_a_plan_is_read() -> None:
    plan = read_plan("delay=2.5,429=7 , malformed, reset=3")
    assert (plan.delay, plan.status, plan.retry_after) == (2.5, 429, 7)
    assert plan.breaks == {"malformed": 1, "reset": 3}


@pytest.mark.parametrize(
    "header", ["429=nan", "delay=inf", "reset=-1", "delay=x", "399", "600", "", "end=1e999"]
)
def test_a_fault_that_makes_no_sense_is_refused(header: str) -> None:
    with pytest.raises(ServiceError) as refused:
        read_plan(header)
    assert refused.value.status == 400


@given(st.text(max_size=40))
@settings(max_examples=60)
def test_any_header_is_a_plan_or_a_400(text: str) -> None:
    refused = None
    try:
        read_plan(text)
    except ServiceError as error:
        refused = error.status
    assert refused in {None, 400}
