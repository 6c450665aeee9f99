"""Text completions: the whole answer, or chunks of it as they come."""

from playground.api.caller import Call
from playground.api.streams import EVENT_STREAM, EventStream
from playground.api.words import Word
from playground.wire.completions import Completion, CompletionRequest
from playground.wire.operations import BY_ACTION

CompletionStream = EventStream[Completion]


class Completions(Word):
    """``client.completions``."""

    async def complete(self, deployment: str, request: CompletionRequest) -> Completion:
        """GetCompletions: the whole answer. Raises ``ApiError``."""
        extra = {"stream": False} if request.stream else {}
        body = self._json(deployment, request, **extra)
        return await self._ask(
            "completions.complete", Completion, parameters={"deployment": deployment}, body=body
        )

    def stream(self, deployment: str, request: CompletionRequest) -> CompletionStream:
        """GetCompletions, streamed: chunks have the shape of the whole answer."""
        call = Call(
            BY_ACTION["completions.complete"],
            {"deployment": deployment},
            body=self._json(deployment, request, stream=True),
            accept=EVENT_STREAM,
        )
        return EventStream(self._caller, call, Completion, _has_text)


def _has_text(chunk: Completion) -> bool:
    return any(choice.text for choice in chunk.choices)
