"""The stream of a chat answer: filter, role, pieces, finish, usage, in the order that clients have learned."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from typing import Any

from playground.service import content_filter
from playground.service.chat_plan import Plan
from playground.service.chat_run import CallPiece, CallStart, Finish, Piece, Run, TextPiece
from playground.service.chat_shapes import enhancements, logprob_entry, total_usage
from playground.service.chat_spoken import SpokenAnswer


async def stream(plan: Plan) -> AsyncGenerator[dict[str, Any], None]:
    """The chunks; several answers go side by side, told apart by their index."""
    counted = bool(plan.request.stream_options and plan.request.stream_options.include_usage)
    yield _filter_chunk()
    streams = [_ChoiceStream(plan, index) for index in range(plan.choices)]
    async with AsyncExitStack() as stack:
        running = [await stack.enter_async_context(aclosing(each.choices())) for each in streams]
        while running:
            for source in list(running):
                choice = await anext(source, None)
                if choice is None:
                    running.remove(source)
                    continue
                yield plan.frame | {"choices": [choice]} | ({"usage": None} if counted else {})
    if counted:
        audio = sum(each.audio_tokens for each in streams)
        spent = await total_usage(plan, [each.run for each in streams], audio)
        yield plan.frame | {"choices": [], "usage": spent}


def _filter_chunk() -> dict[str, Any]:
    return {
        "choices": [],
        "created": 0,
        "id": "",
        "model": "",
        "object": "",
        "prompt_filter_results": content_filter.prompt_annotations(),
    }


class _ChoiceStream:
    """The entries of ``choices`` for one answer, one per chunk."""

    def __init__(self, plan: Plan, index: int) -> None:
        self.run = Run(plan, index)
        self.audio_tokens = 0
        self._plan = plan
        self._index = index
        self._spoken = SpokenAnswer(plan) if plan.request.audio is not None else None
        self._begun = False
        self._text: list[str] = []

    async def choices(self) -> AsyncGenerator[dict[str, Any], None]:
        """From the role to the reason why it ended."""
        async with aclosing(self.run.pieces()) as pieces:
            async for piece in pieces:
                if not self._begun:
                    yield self._first(piece)
                if isinstance(piece, Finish):
                    async for choice in self._end(piece):
                        yield choice
                elif (delta := self._delta(piece)) is not None:
                    yield self._choice(delta, piece, content_filter.choice_results())

    def _first(self, piece: Piece) -> dict[str, Any]:
        """The role; with calls there is no text to begin, and documents come before everything."""
        self._begun = True
        delta: dict[str, Any] = {"role": "assistant"}
        if self._plan.grounds:
            delta["context"] = self._plan.grounds.context()
        elif self._spoken:
            delta |= {"refusal": None, "audio": {"id": self._spoken.id}}
        else:
            called = isinstance(piece, CallStart)
            delta |= {"content": None if called else "", "refusal": None}
        return self._choice(delta, None, {})

    def _delta(self, piece: Piece) -> dict[str, Any] | None:
        if isinstance(piece, TextPiece):
            self._text.append(piece.token.text)
            if self._spoken:
                return {"audio": {"transcript": piece.token.text}}
            return {"content": piece.token.text}
        if isinstance(piece, CallStart):
            function = {"name": piece.name, "arguments": ""}
            if self._plan.legacy:
                return {"function_call": function}
            return {
                "tool_calls": [
                    {"index": piece.place, "id": piece.id, "type": "function", "function": function}
                ]
            }
        if isinstance(piece, CallPiece):
            if self._plan.legacy:
                return {"function_call": {"arguments": piece.text}}
            return {"tool_calls": [{"index": piece.place, "function": {"arguments": piece.text}}]}
        return None

    async def _end(self, finish: Finish) -> AsyncGenerator[dict[str, Any], None]:
        text = "".join(self._text)
        if self._spoken and finish.blocked is None:
            async with aclosing(self._spoken.pieces(text)) as pieces:
                async for data in pieces:
                    yield self._choice({"audio": {"data": data}}, None, {})
            yield self._choice({"audio": {"expires_at": self._spoken.expires_at}}, None, {})
            self.audio_tokens = self._spoken.tokens
        results = content_filter.choice_results(finish.blocked) if finish.blocked else {}
        last = self._choice({}, None, results) | {"finish_reason": finish.reason}
        if self._plan.grounds:
            last["end_turn"] = True
        found = enhancements(self._plan, text)
        yield last | ({"enhancements": found} if found else {})

    def _choice(self, delta: dict[str, Any], piece: Piece | None, filtered: dict[str, Any]) -> dict[str, Any]:
        logprobs = None
        if self._plan.request.logprobs and isinstance(piece, TextPiece):
            logprobs = {"content": [logprob_entry(piece.token)], "refusal": None}
        return {
            "index": self._index,
            "delta": delta,
            "finish_reason": None,
            "logprobs": logprobs,
            "content_filter_results": filtered,
        }
