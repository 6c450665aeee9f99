"""Faults on request, so that people and tests can see what a program does when the service misbehaves.

The header ``x-playground-fault`` names one or more faults, separated by commas; a number may follow ``=``::

    delay=1.5      wait so many seconds (1) before the request is looked at
    429=20         refuse with Retry-After so many seconds (2)
    503=20         refuse with this status (any from 400 to 599); Retry-After only if it is given
    malformed=2    after so many events (1) send an event that is not JSON, then go on
    end=2          after so many events (1) end the stream properly, but without finish_reason and [DONE]
    close=2        after so many events (1) close the connection in mid-body
    reset=2        after so many events (1) reset the connection (TCP RST)

In an answer that is not a stream of events, ``malformed`` spoils its last byte and the others cut it in half.
"""

import asyncio
import math
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground.service.dispatch import THROTTLED_SECONDS, throttled
from playground.service.errors import ServiceError
from playground.service.routes import error_response

HEADER = "x-playground-fault"
CUT = "playground.cut"
"""The key in the ASGI scope of ``Callable[[bool], None]``: end the connection, with a reset if True."""

MAX_DELAY = 600.0
CUTS = frozenset({"end", "close", "reset"})
BROKEN_EVENT = b'data: {"id": "chatcmpl-broken", "choices": [{"delta"\n\n'


class BrokenOffError(Exception):
    """The answer was broken off on purpose, where the server offers no way to cut the connection."""


@dataclass
class Plan:
    """What a header asks for."""

    delay: float = 0.0
    status: int | None = None
    retry_after: float | None = None
    breaks: dict[str, int] = field(default_factory=dict)


def read_plan(header: str) -> Plan:
    """The plan that a header asks for; raises a 400 ``ServiceError`` for an unknown fault."""
    plan = Plan()
    for item in header.split(","):
        name, _, number = item.strip().partition("=")
        try:
            value = float(number) if number else None
            if not 0 <= (value or 0) < math.inf or not _add(plan, name, value):
                raise ValueError
        except (ValueError, OverflowError):
            message = f"Unknown fault in {HEADER}: {item.strip()[:80]!r}."
            raise ServiceError(400, "UnknownFault", message) from None
    return plan


def _add(plan: Plan, name: str, value: float | None) -> bool:
    if name == "delay":
        plan.delay = min(MAX_DELAY, 1.0 if value is None else value)
    elif name in CUTS or name == "malformed":
        plan.breaks[name] = 1 if value is None else int(value)
    elif name.isdecimal() and 400 <= int(name) <= 599:
        plan.status = int(name)
        plan.retry_after = value
    else:
        return False
    return True


def _asked_for(status: int, retry_after: float | None) -> ServiceError:
    if status == 429:
        return throttled(THROTTLED_SECONDS if retry_after is None else retry_after)
    headers = {} if retry_after is None else {"retry-after": str(max(1, round(retry_after)))}
    return ServiceError(status, str(status), "This failure was asked for.", headers=headers)


class Faults:
    """The middleware; a request without the header passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        header = Headers(scope=scope).get(HEADER) if scope["type"] == "http" else None
        if header is None:
            await self._app(scope, receive, send)
            return
        try:
            plan = read_plan(header)
            await asyncio.sleep(plan.delay)
            if plan.status is not None:
                raise _asked_for(plan.status, plan.retry_after)
        except ServiceError as error:
            await error_response(error)(scope, receive, send)
            return
        breaker = _Breaker(plan.breaks, scope, send)
        await self._app(scope, receive, breaker.send)


class _Breaker:
    """Counts the events that pass and breaks the answer at the planned places."""

    def __init__(self, breaks: dict[str, int], scope: Scope, send: Send) -> None:
        self._breaks = breaks
        self._scope = scope
        self._send = send
        self._events = 0
        self._rest = b""
        self._is_stream = False
        self._over = False

    async def send(self, message: Message) -> None:
        if self._over:
            return
        if message["type"] == "http.response.start":
            content_type = Headers(raw=message["headers"]).get("content-type", "")
            self._is_stream = content_type.startswith("text/event-stream")
            await self._send(message)
        elif self._is_stream:
            await self._send_events(message)
        else:
            await self._send_spoilt(message)

    async def _send_events(self, message: Message) -> None:
        *events, self._rest = (self._rest + message.get("body", b"")).split(b"\n\n")
        for event in events:
            await self._break_if_due()
            if self._over:
                return
            await self._forward(event + b"\n\n")
            self._events += 1
        if message.get("more_body", False):
            return
        await self._break_if_due(last=True)
        if not self._over:
            await self._send({**message, "body": self._rest})

    async def _break_if_due(self, last: bool = False) -> None:
        for name, after in tuple(self._breaks.items()):
            if self._events < after and not last:
                continue
            del self._breaks[name]
            if name == "malformed":
                await self._forward(BROKEN_EVENT)
            else:
                await self._cut(name)
                return

    async def _send_spoilt(self, message: Message) -> None:
        body = message.get("body", b"")
        if "malformed" in self._breaks and not message.get("more_body", False):
            await self._send({**message, "body": body[:-1] + b"\x00" if body else body})
        elif cut := next((name for name in self._breaks if name in CUTS), None):
            await self._forward(body[: len(body) // 2])
            await self._cut("close" if cut == "end" else cut)
        else:
            await self._send(message)

    async def _forward(self, body: bytes) -> None:
        await self._send({"type": "http.response.body", "body": body, "more_body": True})

    async def _cut(self, name: str) -> None:
        self._over = True
        if name == "end":
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        cut = self._scope.get(CUT)
        if cut is None:
            raise BrokenOffError(name)
        # The bytes before the cut belong to the fault: let them leave before a reset throws the buffers away.
        await asyncio.sleep(0.05)
        cut(name == "reset")
