"""How fast simulated tokens flow: at a reader's brisk pace when somebody reads along, else at once."""

import asyncio
import os

VARIABLE = "PLAYGROUND_SIMULATED_TOKENS_PER_SECOND"
TOKENS_PER_SECOND = 120.0
_SHORTEST_WAIT = 0.004
_TURN = 32
_FREE_TURN = 4


def tokens_per_second() -> float:
    """The pace asked for by the environment; 0 is flat out."""
    try:
        return max(0.0, float(os.environ.get(VARIABLE, TOKENS_PER_SECOND)))
    except ValueError:
        return TOKENS_PER_SECOND


class Pace:
    """Waits until the next token is due; the clock of each answer runs by itself, so that answers overlap.

    Without a pace it still lets others have the loop after every few tokens.
    """

    def __init__(self, rate: float) -> None:
        self._interval = 1.0 / rate if rate else 0.0
        self._due = 0.0
        self._count = 0

    async def tick(self, share: float = 1.0) -> None:
        """Wait for the next token's turn; ``share`` is how much of a whole token's time it takes."""
        self._count += 1
        if not self._interval:
            if self._count % _FREE_TURN == 0:
                await asyncio.sleep(0)
            return
        now = asyncio.get_running_loop().time()
        # A client that reads slowly must not get a burst afterwards: lost time is lost.
        self._due = max(self._due, now - self._interval * _TURN) + self._interval * share
        if self._due - now > _SHORTEST_WAIT:
            await asyncio.sleep(self._due - now)
