"""The simulated embedding model.

Words and letter groups hashed into a vector, so that similar texts lie together.
"""

import asyncio
import re
import struct
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from playground.service.engines.simulated.tokenizer import SimulatedTokenizer

if TYPE_CHECKING:
    from playground.service.engines.protocols import Vectors

DIMENSIONS = 1536
PLACES = 4
"""Each feature moves this many numbers, one of them among the first, so that short vectors tell texts apart too."""
EARLY = 256
_COMMON = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "and",
        "to",
        "in",
        "is",
        "it",
        "for",
        "on",
        "as",
        "with",
        "at",
        "by",
        "was",
        "are",
    ]
)


class SimulatedEmbeddings:
    """Vectors of 1536 numbers, or of their first part."""

    name = "simulated-embeddings"
    dimensions = DIMENSIONS
    resizable = True
    input_tokens = 8_192

    def __init__(self) -> None:
        self.tokenizer = SimulatedTokenizer()

    async def embed(self, texts: Sequence[str], dimensions: int | None = None) -> "Vectors":
        """One row per text, of length 1."""
        return await asyncio.to_thread(vectors, texts, dimensions)


def vectors(texts: Sequence[str], dimensions: int | None = None) -> "Vectors":
    """The same, at once; the work grows with the texts' length."""
    import numpy as np

    rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        for feature, weight in _features(text).items():
            for place, sign in _places(feature):
                row[place] += sign * weight
    rows = rows[:, :dimensions]
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    # A text without any feature still has to be a unit vector.
    rows[(lengths == 0)[:, 0], 0] = 1.0
    rows /= np.where(lengths == 0, np.float32(1), lengths)
    return rows


@lru_cache(maxsize=50_000)
def _places(feature: str) -> tuple[tuple[int, int], ...]:
    """Which numbers a feature moves, and in which direction; the first of them is one of those that are never cut."""
    digest = blake2b(feature.encode("utf-8", "surrogatepass"), digest_size=4 * PLACES).digest()
    numbers = struct.unpack(f"<{PLACES}I", digest)
    ranges = (EARLY, *[DIMENSIONS] * (PLACES - 1))
    return tuple(
        (number % most, 1 if number >> 31 else -1) for number, most in zip(numbers, ranges, strict=True)
    )


def _features(text: str) -> dict[str, float]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = Counter(re.findall(r"\w+", plain))
    features: defaultdict[str, float] = defaultdict(float)
    for word, count in words.items():
        share = (0.15 if word in _COMMON else 1.0) * count**0.5
        features[word] += share
        padded = f"<{word}>"
        for size, part in ((3, 0.45), (4, 0.35)):
            for start in range(len(padded) - size + 1):
                features[padded[start : start + size]] += share * part
    if not features:
        features.update({f"sign{sign}": 1.0 for sign in set(plain.strip())})
    return features
