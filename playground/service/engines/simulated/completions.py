"""The simulated completion model: goes on in the manner of the text that it is given."""

import random
import re
from collections.abc import AsyncGenerator, Iterator, Sequence

from playground.service.engines.protocols import ChatTask, CompletionTask, Sampling, Token, Turn
from playground.service.engines.simulated.chances import Chances, dice
from playground.service.engines.simulated.pace import Pace, tokens_per_second
from playground.service.engines.simulated.prose import Storyteller
from playground.service.engines.simulated.tokenizer import SimulatedTokenizer
from playground.service.engines.simulated.writer import compose

_ASKED = re.compile(
    r"\?\s*$|^\s*(write|list|explain|describe|translate|summari[sz]e|say|give|make|create|what|how|why|count)\b",
    re.I,
)
PARAGRAPHS = 2


class SimulatedCompletions:
    """Answers what is asked, continues lists and stories, and fills the gap before a suffix."""

    name = "simulated-completions"
    context_tokens = 4_096

    def __init__(self) -> None:
        self.tokenizer = SimulatedTokenizer()

    async def complete(self, task: CompletionTask) -> AsyncGenerator[Token, None]:
        """The tokens that follow the prompt."""
        chances = Chances(self.tokenizer, task.sampling)
        pace = Pace(tokens_per_second() if task.sampling.streamed else 0)
        rolls = dice(task.sampling, task.index, task.prompt, task.suffix or "")
        for piece in _continuation(task, rolls):
            for number in self.tokenizer.encode(piece):
                await pace.tick()
                yield chances.token(number)

    async def score(self, ids: Sequence[int], rivals: int) -> list[Token]:
        """How likely each token of a given text was."""
        chances = Chances(self.tokenizer, Sampling(rivals=rivals))
        return [chances.token(number) for number in ids]


def _continuation(task: CompletionTask, rolls: random.Random) -> Iterator[str]:
    prompt = task.prompt.rstrip()
    last = prompt.splitlines()[-1] if prompt else ""
    if task.suffix:
        yield from _bridge(last, rolls)
    elif numbered := re.match(r"\s*(\d+)[.)](?:\s|$)", last):
        yield from _numbered(prompt, int(numbered[1]), rolls)
    elif _ASKED.search(last):
        yield "\n\n"
        yield from compose(ChatTask((Turn("user", last),)), rolls)
    else:
        story = Storyteller(_theme(prompt), rolls)
        begun = bool(prompt) and prompt[-1] not in ".!?:"
        first = story.sentence()
        gap = "" if not prompt or task.prompt != prompt else " "
        yield f"{gap}{first[0].lower() + first[1:] if begun else first} "
        for number in range(PARAGRAPHS):
            yield story.paragraph(rolls.randint(2, 4)) + ("\n\n" if number + 1 < PARAGRAPHS else "")


def _bridge(last: str, rolls: random.Random) -> Iterator[str]:
    """Code is filled with code, prose with prose."""
    if re.search(r"[{};=]\s*$|^\s*(def|class|for|if|return|import)\b", last):
        yield "\n    result = []\n    for item in items:\n        result.append(item)\n    "
        return
    story = Storyteller(_theme(last), rolls)
    first = story.sentence()
    yield f" {first[0].lower()}{first[1:]} {story.sentence()}"


def _numbered(prompt: str, number: int, rolls: random.Random) -> Iterator[str]:
    ends = re.search(r"\d+[.)]\s*\S", prompt.splitlines()[-1])
    points = Storyteller(_theme(prompt), rolls).points(6)
    first = number + 1 if ends else number
    for place, (name, text) in enumerate(points, first):
        start = "" if place == first and not ends else f"\n{place}."
        yield f"{start} {name}: {text}."


def _theme(prompt: str) -> str:
    """A long word of the text: what it may be about."""
    words = [word for word in re.findall(r"[A-Za-z][a-z]{4,}", prompt[-600:])]
    return max(reversed(words[-12:]), key=len).lower() if words else "this"
