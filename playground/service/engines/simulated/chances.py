"""How likely each token was.

Made-up but proper distributions, so that log probabilities and biases mean something.
"""

import math
import random
import zlib
from hashlib import blake2b

from playground.service.engines.protocols import Rival, Sampling, Token
from playground.service.engines.simulated.tokenizer import SimulatedTokenizer

GREEDY = 0.01
MAX_RIVALS = 20
_UNLIKELY = 1e-6


def dice(sampling: Sampling, index: int, *parts: str) -> random.Random:
    """The generator for one answer: fixed by the seed, and by the words alone when the sampling is greedy."""
    if sampling.temperature <= GREEDY or sampling.top_p <= GREEDY:
        source = "greedy"
    elif sampling.seed is None:
        return random.Random()
    else:
        source = f"{sampling.seed}/{index}/{sampling.temperature:g}/{sampling.top_p:g}"
    digest = blake2b("\0".join((source, *parts)).encode("utf-8", "replace"), digest_size=8).digest()
    return random.Random(int.from_bytes(digest, "big"))


class Chances:
    """Gives each intended token its log probability and rivals, and lets ``logit_bias`` overrule it."""

    def __init__(self, tokenizer: SimulatedTokenizer, sampling: Sampling) -> None:
        self._tokenizer = tokenizer
        self._sampling = sampling
        self._position = 0
        self._bias = {number: bias for number, bias in sampling.logit_bias.items() if self._known(number)}

    def token(self, number: int, *, biased: bool = True, hidden: bool = False) -> Token:
        """The token for an intended id; with ``biased`` another one when the request's bias is stronger."""
        self._position += 1
        text = self._tokenizer.text(number)
        bias = self._bias if biased and not hidden else {}
        if self._sampling.rivals is None and not bias:
            return Token(number, text, hidden=hidden)
        shares = self._shares(number)
        for other in bias:
            shares.setdefault(other, _UNLIKELY)
        weights = {key: share * math.exp(bias.get(key, 0.0)) for key, share in shares.items()}
        total = sum(weights.values()) + max(0.0, 1.0 - sum(shares.values()))
        ranked = sorted(weights.items(), key=lambda item: -item[1])
        rivals = tuple(Rival(key, self._tokenizer.text(key), _log(share / total)) for key, share in ranked)
        best = rivals[0]
        return Token(best.id, best.text, best.logprob, rivals[: self._sampling.rivals or 0], hidden)

    def _shares(self, number: int) -> dict[int, float]:
        """The intended token's share of the probability, and geometrically smaller ones for its rivals."""
        noise = zlib.crc32(f"{self._position}/{number}".encode())
        sharpness = max(self._sampling.temperature, 0.1)
        first = (0.56 + 0.43 * (noise % 1000) / 1000) ** sharpness
        first = max(first, 0.34)
        shares = {number: first}
        rest, size = 1.0 - first, len(self._tokenizer.vocabulary)
        shape = number % 4 if number < size else noise % 4
        rival = noise // 4
        while len(shares) <= max(self._sampling.rivals or 0, 3):
            rival = (rival + 7919) % (size // 4)
            shares.setdefault(rival * 4 + shape, rest * 0.47)
            rest = 1.0 - sum(shares.values())
        return shares

    def _known(self, number: int) -> bool:
        try:
            self._tokenizer.text(number)
        except ValueError:
            return False
        return True


def _log(share: float) -> float:
    return round(min(0.0, math.log(share)), 7) if share > 0 else -9999.0
