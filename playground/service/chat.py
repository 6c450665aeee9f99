"""GetChatCompletions: a whole answer as one JSON object; ``chat_stream`` sends the same piece by piece."""

import time
from contextlib import aclosing
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from playground.service import content_filter
from playground.service.call import Call
from playground.service.chat_plan import Plan, make_plan
from playground.service.chat_run import CallPiece, CallStart, Finish, Run, TextPiece
from playground.service.chat_shapes import enhancements, logprob_entry, total_usage
from playground.service.chat_spoken import SpokenAnswer
from playground.service.chat_stream import stream
from playground.service.sse import EventStream

LOOK_SECONDS = 0.25


async def complete(call: Call) -> Response:
    """Answer a conversation: JSON, or server-sent events with ``stream``. Raises ``ServiceError``."""
    plan = await make_plan(call)
    if plan.request.stream:
        return EventStream(stream(plan))
    return JSONResponse(await _whole(plan))


async def _whole(plan: Plan) -> dict[str, Any]:
    runs = [Run(plan, index) for index in range(plan.choices)]
    choices = []
    audio_tokens = 0
    for run in runs:
        answer = _Answer(plan)
        await _collect(plan, run, answer)
        choice = answer.choice(run.index)
        if plan.request.audio is not None and answer.finish.reason != "content_filter" and not answer.calls:
            spoken = SpokenAnswer(plan)
            choice["message"] |= {"content": None, "audio": await spoken.whole(answer.text)}
            audio_tokens += spoken.tokens
        choices.append(choice)
    return plan.frame | {
        "choices": choices,
        "prompt_filter_results": content_filter.prompt_annotations(),
        "usage": await total_usage(plan, runs, audio_tokens),
    }


async def _collect(plan: Plan, run: Run, answer: "_Answer") -> None:
    """Read one answer to its end, looking now and then whether anybody still waits for it."""
    looked = time.monotonic()
    async with aclosing(run.pieces()) as pieces:
        async for piece in pieces:
            answer.add(piece)
            if time.monotonic() - looked > LOOK_SECONDS:
                looked = time.monotonic()
                if await plan.call.gone():
                    raise ClientDisconnect


class _Answer:
    """Folds the pieces of one answer."""

    def __init__(self, plan: Plan) -> None:
        self.text = ""
        self.calls: list[dict[str, Any]] = []
        self.finish = Finish("stop")
        self._plan = plan
        self._parts: list[str] = []
        self._logprobs: list[dict[str, Any]] = []

    def add(self, piece: TextPiece | CallStart | CallPiece | Finish) -> None:
        if isinstance(piece, TextPiece):
            self._parts.append(piece.token.text)
            if self._plan.request.logprobs:
                self._logprobs.append(logprob_entry(piece.token))
        elif isinstance(piece, CallStart):
            function = {"name": piece.name, "arguments": ""}
            self.calls.append({"id": piece.id, "type": "function", "function": function})
        elif isinstance(piece, CallPiece):
            self.calls[piece.place]["function"]["arguments"] += piece.text
        else:
            self.finish = piece
            self.text = "".join(self._parts)

    def choice(self, index: int) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": self.text or None, "refusal": None}
        if self.calls and self._plan.legacy:
            message["function_call"] = self.calls[0]["function"]
        elif self.calls:
            message["tool_calls"] = self.calls
        else:
            message["content"] = self.text
        if self._plan.grounds:
            message |= {"context": self._plan.grounds.context(), "end_turn": True}
        logprobs = {"content": self._logprobs, "refusal": None} if self._plan.request.logprobs else None
        choice = {
            "index": index,
            "finish_reason": self.finish.reason,
            "logprobs": logprobs,
            "message": message,
            "content_filter_results": content_filter.choice_results(self.finish.blocked),
        }
        found = enhancements(self._plan, self.text)
        return choice | ({"enhancements": found} if found else {})
