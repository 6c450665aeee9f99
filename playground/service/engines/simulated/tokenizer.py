"""A reversible tokenizer that needs no file: common words by number, the rest packed into the id itself.

``id < len(vocabulary)`` is a common word; from ``PACKED`` on an id holds up to four ASCII characters; from
``CODEPOINT`` on it holds one other character. So ids are stable, and every text comes back exactly.
"""

import re
from collections.abc import Sequence

from playground.service.engines.protocols import UnknownTokenError
from playground.service.engines.simulated.vocabulary import spellings

PACKED = 10_000
PACKED_LENGTH = 4
CODEPOINT = 1 << 29
_PIECES = re.compile(r" ?[A-Za-z]+| ?[0-9]{1,3}| ?[^\sA-Za-z0-9]{1,3}|\s{1,4}")
_LAST_PACKED = PACKED + 128 * (128**3 + 128**2 + 128 + 1)


class SimulatedTokenizer:
    """About four characters to a token."""

    def __init__(self) -> None:
        self.vocabulary = spellings()
        self._ids = {text: index for index, text in enumerate(self.vocabulary)}

    def encode(self, text: str) -> list[int]:
        """The ids of a text."""
        known = self._ids
        ids: list[int] = []
        for match in _PIECES.finditer(text):
            piece = match.group()
            number = known.get(piece)
            if number is None:
                ids += _pack(piece)
            else:
                ids.append(number)
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        """The text of ids; raises ``UnknownTokenError``."""
        return "".join(map(self.text, ids))

    def text(self, number: int) -> str:
        """The text of one id; raises ``UnknownTokenError``."""
        if 0 <= number < len(self.vocabulary):
            return self.vocabulary[number]
        if PACKED < number <= _LAST_PACKED:
            return _unpack(number - PACKED)
        if 128 <= number - CODEPOINT <= 0x10FFFF:
            return chr(number - CODEPOINT)
        raise UnknownTokenError(f"{number} is not a token of this model")


def _pack(piece: str) -> list[int]:
    ids: list[int] = []
    value, size = 0, 0
    for character in piece:
        code = ord(character)
        if code < 128:
            value, size = value * 128 + code + 1, size + 1
        if size and (code >= 128 or size == PACKED_LENGTH):
            ids.append(PACKED + value)
            value, size = 0, 0
        if code >= 128:
            ids.append(CODEPOINT + code)
    if size:
        ids.append(PACKED + value)
    return ids


def _unpack(value: int) -> str:
    characters = []
    while value:
        value, digit = divmod(value - 1, 128)
        characters.append(chr(digit))
    return "".join(reversed(characters))
