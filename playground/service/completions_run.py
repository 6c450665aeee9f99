"""One continuation of a prompt in the making, and the older shape of its log probabilities."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from playground.service.content_filter import CUT_AFTER_TOKENS
from playground.service.engines.protocols import CompletionEngine, CompletionTask, Token
from playground.service.tokens import StopCutter


class CompletionRun:
    """Makes one continuation; afterwards ``finish`` tells why it ended and ``spent`` how many tokens it took."""

    def __init__(
        self,
        engine: CompletionEngine,
        task: CompletionTask,
        limit: int,
        stops: Sequence[str],
        blocked: str | None,
    ) -> None:
        self.finish = "stop"
        self.spent = 0
        self.blocked = blocked
        self._engine = engine
        self._task = task
        self._limit = limit
        self._cutter = StopCutter(stops)

    async def tokens(self) -> AsyncGenerator[Token, None]:
        """The visible tokens."""
        if self._limit == 0:
            self.finish = "length"
            return
        async with aclosing(self._engine.complete(self._task)) as made:
            async for token in made:
                self.spent += 1
                for shown in self._cutter.feed(token):
                    yield shown
                if self._ended():
                    break
            else:
                self.finish = "content_filter" if self.blocked else "stop"
        if self.finish != "content_filter":
            for shown in self._cutter.flush():
                yield shown

    def _ended(self) -> bool:
        if self._cutter.stopped:
            return True
        if self.blocked and self.spent >= CUT_AFTER_TOKENS:
            self.finish = "content_filter"
        elif self.spent >= self._limit:
            self.finish = "length"
        else:
            return False
        return True


@dataclass
class Answer:
    """A continuation; its first ``scored`` tokens repeat the prompt."""

    tokens: list[Token] = field(default_factory=list)
    scored: int = 0
    finish: str = "stop"
    spent: int = 0
    blocked: str | None = None

    @property
    def text(self) -> str:
        """All tokens as text."""
        return "".join(token.text for token in self.tokens)

    def likelihood(self) -> float:
        """How likely the made tokens were on average."""
        made = self.tokens[self.scored :]
        return sum(token.logprob for token in made) / len(made) if made else 0.0

    def logprobs(self, offset: int) -> dict[str, Any]:
        """The parallel lists of the API; nothing comes before the first token of a prompt, so it has no likelihood."""
        shape: dict[str, list[Any]] = {
            "tokens": [],
            "token_logprobs": [],
            "top_logprobs": [],
            "text_offset": [],
        }
        for place, token in enumerate(self.tokens):
            unknown = self.scored > 0 and place == 0
            shape["tokens"].append(token.text)
            shape["token_logprobs"].append(None if unknown else token.logprob)
            rivals = {rival.text: rival.logprob for rival in token.rivals}
            shape["top_logprobs"].append(None if unknown else rivals)
            shape["text_offset"].append(offset)
            offset += len(token.text)
        return shape
