"""The simulated chat model: plans an answer from the conversation and lets it flow token by token."""

import asyncio
import random
import re
from collections.abc import AsyncGenerator, Iterator

from playground.service.engines.protocols import CallBegins, ChatTask, Event, Token
from playground.service.engines.simulated.calls import planned_calls, structured
from playground.service.engines.simulated.chances import Chances, dice
from playground.service.engines.simulated.citing import cited
from playground.service.engines.simulated.hints import Hints
from playground.service.engines.simulated.pace import Pace, tokens_per_second
from playground.service.engines.simulated.spoken import SpokenTexts
from playground.service.engines.simulated.tokenizer import SimulatedTokenizer
from playground.service.engines.simulated.wishes import clipped
from playground.service.engines.simulated.writer import compose, last_user_turn, results

REASONING = {"low": 64, "medium": 192, "high": 576}
_THOUGHT = " First look at what is asked, then at what is known, then at what follows from it."
_REPLACE = re.compile(
    r"\b(?:replace|change|rename)\s+(?:the\s+)?[`\"'“]?(.+?)[`\"'”]?\s+(?:with|to|by|into)\s+[`\"'“]?(.+?)[`\"'”]?\s*(?:$|[.\n])",
    re.I,
)


class SimulatedChat:
    """Answers conversations from rules. Its hidden reasoning flows four times as fast as its text."""

    name = "simulated-chat"
    context_tokens = 128_000
    answer_tokens = 65_536

    def __init__(self, spoken: SpokenTexts) -> None:
        self.tokenizer = SimulatedTokenizer()
        self._spoken = spoken

    async def answer(self, task: ChatTask) -> AsyncGenerator[Event, None]:
        """The answer's tokens: hidden ones, then text or calls."""
        chances = Chances(self.tokenizer, task.sampling)
        pace = Pace(tokens_per_second() if task.sampling.streamed else 0)
        rolls = dice(task.sampling, task.index, *(f"{turn.role}:{turn.text}" for turn in task.turns))
        heard = await self._heard(task)
        async for token in self._reason(task, chances, pace, rolls):
            yield token
        calls = await asyncio.to_thread(planned_calls, task, rolls, heard) if task.functions else []
        for call in calls:
            yield CallBegins(call.name)
            for number in self.tokenizer.encode(call.arguments):
                await pace.tick()
                yield chances.token(number, biased=False)
        if calls:
            return
        pieces = _text(task, rolls, heard)
        # Reading the question takes longest, and it happens when the first piece is asked for.
        piece: str | None = await asyncio.to_thread(next, pieces, None)
        while piece is not None:
            for number in self.tokenizer.encode(piece):
                await pace.tick()
                yield chances.token(number, biased=task.schema is None)
            piece = next(pieces, None)

    async def _reason(
        self, task: ChatTask, chances: Chances, pace: Pace, rolls: random.Random
    ) -> AsyncGenerator[Token, None]:
        if task.effort is None:
            return
        thought = self.tokenizer.encode(_THOUGHT)
        for place in range(REASONING[task.effort] + 64 * rolls.randint(0, 2)):
            await pace.tick(0.25)
            yield chances.token(thought[place % len(thought)], hidden=True)

    async def _heard(self, task: ChatTask) -> str:
        """What the recordings of the last message say, as far as the simulated voice spoke them."""
        turn = last_user_turn(task)
        heard = [await asyncio.to_thread(self._spoken.recall, audio) for audio in turn.audio]
        said = " ".join(text for text in heard if text)
        if turn.audio and not said:
            return "a recording that only a real model can understand"
        return said


def _text(task: ChatTask, rolls: random.Random, heard: str) -> Iterator[str]:
    """The text of an answer, piece by piece."""
    question = " ".join(part for part in (last_user_turn(task).text, heard) if part)
    if task.schema is not None:
        yield structured(task.schema, Hints.of(question), rolls)
    elif task.prediction is not None:
        yield _edited(task.prediction, question)
    elif task.grounded and (task.passages or task.in_scope):
        yield from cited(question, task.passages)
    elif task.turns and task.turns[-1].role in {"tool", "function"}:
        yield from results(task)
    else:
        yield from compose(task, rolls, heard)


def _edited(prediction: str, question: str) -> str:
    """The prediction with the replacement that the question asks for, if it asks for one."""
    found = _REPLACE.search(clipped(question))
    return prediction.replace(found[1], found[2]) if found else prediction
