"""Chat completions: the whole answer, or chunks of it as they come."""

from playground.api.caller import Call
from playground.api.streams import EVENT_STREAM, EventStream
from playground.api.words import Word
from playground.wire.chat import ChatChunk, ChatCompletion, ChatRequest
from playground.wire.operations import BY_ACTION

ChatStream = EventStream[ChatChunk]


class Chat(Word):
    """``client.chat``."""

    async def complete(self, deployment: str, request: ChatRequest) -> ChatCompletion:
        """GetChatCompletions: the whole answer. Raises ``ApiError``."""
        extra = {"stream": False} if request.stream else {}
        body = self._json(deployment, request, **extra)
        return await self._ask(
            "chat.complete", ChatCompletion, parameters={"deployment": deployment}, body=body
        )

    def stream(self, deployment: str, request: ChatRequest) -> ChatStream:
        """GetChatCompletions, streamed: ``async with client.chat.stream(…) as stream``.

        Entering and iterating raise ``ApiError``; see ``EventStream`` for how it ends.
        """
        call = Call(
            BY_ACTION["chat.complete"],
            {"deployment": deployment},
            body=self._json(deployment, request, stream=True),
            accept=EVENT_STREAM,
        )
        return EventStream(self._caller, call, ChatChunk, _has_text)


def _has_text(chunk: ChatChunk) -> bool:
    """Whether a chunk brings the first piece of an answer: text, a call, or sound."""
    return any(
        choice.delta is not None
        and (
            choice.delta.content
            or choice.delta.refusal
            or choice.delta.tool_calls
            or choice.delta.function_call
            or choice.delta.audio
        )
        for choice in chunk.choices
    )
