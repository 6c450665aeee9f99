"""A streamed answer as typed chunks: complete when the service says so, and never otherwise."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from pydantic import BaseModel, ValidationError

from playground.api.caller import Call, Caller
from playground.api.errors import ConnectionLost, StreamBroken, StreamError, error_object
from playground.api.sse import EventReader, NamedEvent
from playground.wire.base import WireModel, from_json

if TYPE_CHECKING:
    from playground.api.answer import Answer
    from playground.api.exchange import Exchange

C = TypeVar("C", bound=BaseModel)

EVENT_STREAM = "text/event-stream"
DONE = "[DONE]"
_FAREWELL_SECONDS = 0.2
_PAUSE_EVERY = 256
"""Events after which others get their turn, however many have arrived together."""


class EventStream(Generic[C]):
    """``async with`` asks, ``async for`` gives the chunks as they come.

    The loop ends only behind ``[DONE]``; a stream that ends otherwise raises ``StreamBroken`` after its last
    whole chunk, an error among the events ``StreamError``. Leaving early closes the connection at once.
    """

    def __init__(self, caller: Caller, call: Call, model: type[C], has_text: Callable[[C], bool]) -> None:
        self._caller = caller
        self._call = call
        self._model = model
        self._has_text: Callable[[C], bool] | None = has_text
        self._ready: deque[str] = deque()
        self._reader = EventReader()
        self._answer: Answer | None = None
        self._blocks: AsyncGenerator[bytes, None] | None = None
        self._cut: BaseException | None = None
        self._ended = False
        self._given = 0
        self.done = False
        """``[DONE]`` has come."""

    @property
    def exchange(self) -> "Exchange":
        """The record of this request. Raises ``RuntimeError`` outside ``async with``."""
        if self._answer is None:
            raise RuntimeError("the stream has not been entered")
        return self._answer.exchange

    @property
    def buffered(self) -> bool:
        """Whether the next chunk is here already, so that asking for it does not wait."""
        return bool(self._ready)

    async def __aenter__(self) -> Self:
        self._answer = answer = await self._caller.open(self._call)
        try:
            await answer.refuse_unless(EVENT_STREAM)
        except BaseException as error:
            await self._close(error)
            raise
        answer.watchdog.phase = "stream"
        self._blocks = answer.blocks(None)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._close(error)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> C:
        while not self._ready:
            if self._ended:
                await self._finish()
                raise StopAsyncIteration
            await self._fill()
        event = self._ready.popleft()
        self._given += 1
        if not self._given % _PAUSE_EVERY:
            await asyncio.sleep(0)
        try:
            chunk = self._model.model_validate_json(event)
        except (ValidationError, RecursionError):
            chunk = self._unusual(event)
        extra = chunk.__pydantic_extra__
        if _names_error(event) or (extra and extra.get("error") is not None):
            raise self._reported(extra or {})
        if self._has_text is not None and self._has_text(chunk):
            self._has_text = None
            self.exchange.timing.first_token = self.exchange.elapsed
        return chunk

    async def _fill(self) -> None:
        """Wait for the next events, or for the end."""
        answer, blocks = self._answer, self._blocks
        assert answer is not None, "the stream has not been entered"
        assert blocks is not None
        answer.watchdog.progress()
        while not self._ready and not self._ended:
            try:
                block = await anext(blocks, None)
            except ConnectionLost as error:
                self._cut, block = error, None
            if block is None:
                self._ended = True
                self._take(self._whole(self._reader.finish()))
            elif events := self._reader.feed(block):
                answer.watchdog.progress()
                self._take(events)

    def _take(self, events: list[str]) -> None:
        exchange = self.exchange
        exchange.mended = self._reader.mended
        exchange.record_events(self._caller.without_secrets(events))
        if DONE in events or any(event.strip() == DONE for event in events[-1:]):
            self.done = self._ended = True
            events = events[: [event.strip() for event in events].index(DONE)]
        self._ready.extend(events)

    @staticmethod
    def _whole(events: list[str]) -> list[str]:
        """Of the text behind the last blank line what is whole: it has lost nothing but that line."""
        if events and events[-1].strip() != DONE:
            try:
                from_json(WireModel, events[-1])
            except (ValidationError, RecursionError):
                return events[:-1]
        return events

    async def _finish(self) -> None:
        """The events are used up: good if the service said so, else the end is an error."""
        if not self.done:
            cut = "the connection broke" if self._cut is not None else "the service ended it"
            raise StreamBroken(f"The answer is incomplete: {cut} before the stream was done.") from self._cut
        if self._blocks is not None:
            await self._say_goodbye(self._blocks)

    async def _say_goodbye(self, blocks: AsyncGenerator[bytes, None]) -> None:
        """Read to the very end, so that the connection can be used again; but not for long."""
        try:
            async with asyncio.timeout(_FAREWELL_SECONDS):
                while await anext(blocks, None) is not None:
                    pass
        except (TimeoutError, ConnectionLost):
            return

    def _unusual(self, event: str) -> C:
        try:
            return from_json(self._model, event)
        except (ValidationError, RecursionError):
            if _names_error(event):
                raise self._reported({"error": str(event)}) from None
            start = self._caller.without_secrets([event[:80]])[0]
            raise StreamBroken(f"The answer is incomplete: an event made no sense: {start}") from None

    def _reported(self, body: dict[str, Any]) -> StreamError:
        (text,) = self._caller.without_secrets([json.dumps(body)])
        error = error_object(json.loads(text))
        message = str(error.get("message") or "The service reported an error without saying which.")
        return StreamError(message, error)

    async def _close(self, error: BaseException | None) -> None:
        answer = self._answer
        if answer is None:
            return
        try:
            if self._blocks is not None:
                await self._blocks.aclose()
        finally:
            await answer.close()
        if error is None and not self.done:
            error = asyncio.CancelledError()  # whoever leaves early has seen enough
        self._caller.end(answer.exchange, error)


def _names_error(event: str) -> bool:
    return isinstance(event, NamedEvent) and event.name == "error"


class ByteStream:
    """A streamed answer of bytes: ``async with`` asks, ``async for`` gives blocks."""

    def __init__(self, caller: Caller, call: Call) -> None:
        self._caller = caller
        self._call = call
        self._answer: Answer | None = None
        self._complete = False

    @property
    def exchange(self) -> "Exchange":
        """The record of this request."""
        return self._entered.exchange

    @property
    def content_type(self) -> str:
        """What the service says this is, without parameters; empty when it does not."""
        return self._entered.content_type

    @property
    def length(self) -> int | None:
        """How many bytes are to come, if that was told and they are not compressed."""
        answer = self._entered
        text = answer.header("content-length") or ""
        return int(text) if text.isdecimal() and not answer.header("content-encoding") else None

    async def __aenter__(self) -> Self:
        self._answer = answer = await self._caller.open(self._call)
        try:
            await answer.refuse_web_page()
        except BaseException as error:
            await self.__aexit__(type(error), error, None)
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        answer = self._entered
        await answer.close()
        if error is None and not self._complete:
            error = asyncio.CancelledError()
        self._caller.end(answer.exchange, error)

    async def __aiter__(self) -> AsyncGenerator[bytes, None]:
        answer = self._entered
        async with aclosing(answer.blocks(None)) as blocks:
            async for block in blocks:
                answer.watchdog.progress()
                yield block
        self._complete = True
        answer.exchange.response_body = f"[{answer.exchange.response_size:,} bytes]".encode()

    @property
    def _entered(self) -> "Answer":
        if self._answer is None:
            raise RuntimeError("the stream has not been entered")
        return self._answer
