"""One answer in the making: the engine's tokens, ended by limits, stop sequences and the filter, and counted."""

import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace

from playground.service.chat_plan import Plan
from playground.service.content_filter import CUT_AFTER_TOKENS
from playground.service.engines.protocols import CallBegins, Token
from playground.service.tokens import StopCutter


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A token of the visible text."""

    token: Token


@dataclass(frozen=True, slots=True)
class CallStart:
    """A call of a function begins; ``place`` counts the calls of the answer."""

    place: int
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class CallPiece:
    """Some characters of the arguments of a call."""

    place: int
    text: str


@dataclass(frozen=True, slots=True)
class Finish:
    """The end, with its reason and the category of the filter if that was it."""

    reason: str
    blocked: str | None = None


Piece = TextPiece | CallStart | CallPiece | Finish


class Run:
    """Makes the answer with this index; afterwards knows what it cost."""

    def __init__(self, plan: Plan, index: int) -> None:
        self.index = index
        self.completion_tokens = 0
        self.reasoning_tokens = 0
        self.ids: list[int] = []
        self._plan = plan
        self._calls = -1
        self._shown = 0
        self._cutter = StopCutter(plan.stops)

    async def pieces(self) -> AsyncGenerator[Piece, None]:
        """Everything up to and including one ``Finish``."""
        task = replace(self._plan.task, index=self.index)
        async with aclosing(self._plan.engine.answer(task)) as events:
            async for event in events:
                if isinstance(event, CallBegins):
                    yield self._begin_call(event)
                    continue
                for piece in self._pieces_of(event):
                    yield piece
                if (finish := self._ended()) is not None:
                    for token in [] if finish.blocked else self._cutter.flush():
                        yield TextPiece(token)
                    yield finish
                    return
        for token in self._cutter.flush():
            yield TextPiece(token)
        yield self._natural_end()

    def _begin_call(self, event: CallBegins) -> CallStart:
        self._calls += 1
        return CallStart(self._calls, f"call_{uuid.uuid4().hex[:24]}", event.name)

    def _pieces_of(self, token: Token) -> list[Piece]:
        self.completion_tokens += 1
        if token.hidden:
            self.reasoning_tokens += 1
            return []
        if self._calls >= 0:
            return [CallPiece(self._calls, token.text)]
        self.ids.append(token.id)
        self._shown += 1
        return [TextPiece(each) for each in self._cutter.feed(token)]

    def _ended(self) -> Finish | None:
        if self._cutter.stopped:
            return Finish("stop")
        if self._plan.blocked and self._shown >= CUT_AFTER_TOKENS:
            return Finish("content_filter", self._plan.blocked)
        if self.completion_tokens >= self._plan.limit:
            return Finish("length")
        return None

    def _natural_end(self) -> Finish:
        if self._calls >= 0:
            return Finish("function_call" if self._plan.legacy else "tool_calls")
        if self._plan.blocked:
            return Finish("content_filter", self._plan.blocked)
        return Finish("stop")
