"""Cuts token streams: before a stop sequence, wherever in a token it begins, and at the end of the budget."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from playground.service.engines.protocols import Token, Tokenizer, UnknownTokenError
from playground.service.errors import bad_request

LONG_TEXT = 50_000


class StopCutter:
    """Lets tokens through until a stop sequence appears; holds back what may be the beginning of one.

    The token in which the sequence begins is shortened, so that the tokens' texts always join to the answer's.
    """

    def __init__(self, stops: Sequence[str]) -> None:
        self.stopped = False
        self._stops = [stop for stop in stops if stop]
        self._held: list[Token] = []

    def feed(self, token: Token) -> list[Token]:
        """The tokens that are safe to show now."""
        if not self._stops:
            return [token]
        self._held.append(token)
        text = "".join(each.text for each in self._held)
        found = [place for stop in self._stops if (place := text.find(stop)) >= 0]
        if found:
            self.stopped = True
            return self._release(min(found), shorten=True)
        return self._release(len(text) - self._begun(text))

    def flush(self) -> list[Token]:
        """What was held back, once it is clear that no stop sequence follows."""
        held, self._held = self._held, []
        return held

    def _begun(self, text: str) -> int:
        """How many characters at the end may begin a stop sequence."""
        longest = max(map(len, self._stops)) - 1
        for size in range(min(longest, len(text)), 0, -1):
            if any(stop.startswith(text[-size:]) for stop in self._stops):
                return size
        return 0

    def _release(self, characters: int, shorten: bool = False) -> list[Token]:
        released = []
        while self._held and len(self._held[0].text) <= characters:
            token = self._held.pop(0)
            characters -= len(token.text)
            released.append(token)
        if shorten:
            if characters and self._held:
                released.append(replace(self._held[0], text=self._held[0].text[:characters]))
            self._held.clear()
        return released


async def count(tokenizer: Tokenizer, texts: Sequence[str]) -> int:
    """How many tokens these texts have; long ones are counted in a thread."""

    def counted() -> int:
        return sum(len(tokenizer.encode(text)) for text in texts)

    if sum(map(len, texts)) > LONG_TEXT:
        return await asyncio.to_thread(counted)
    return counted()


def decode(tokenizer: Tokenizer, ids: Sequence[int], param: str) -> str:
    """The text of token ids that a caller sent; 400 for ids that the model does not have."""
    try:
        return tokenizer.decode(ids)
    except UnknownTokenError as error:
        raise bad_request(f"Invalid value for '{param}': {error}.", param, "invalid_value") from None
