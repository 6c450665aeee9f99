"""Answers from retrieved passages: their sentences that fit the question best, each with its citation."""

import re
from collections.abc import Iterator, Sequence

from playground.service.engines.protocols import Passage
from playground.service.engines.simulated import wishes

NOTHING_FOUND = (
    "The requested information is not found in the retrieved data. Please try another query or topic."
)
MAX_SENTENCES = 5


def cited(question: str, passages: Sequence[Passage]) -> Iterator[str]:
    """The best sentences with ``[doc1]`` … behind them, grouped by passage in the order of the citations."""
    if not passages:
        yield NOTHING_FOUND
        return
    words = wishes.topic_words(question)
    ranked = [
        (len(words & wishes.topic_words(sentence)) - 0.2 * number - 0.05 * place, number, place, sentence)
        for number, passage in enumerate(passages, 1)
        for place, sentence in enumerate(_sentences(passage.content))
    ]
    best = sorted(ranked, reverse=True)[:MAX_SENTENCES]
    kept = sorted((number, place, sentence) for score, number, place, sentence in best if score > 0)
    if not kept:
        kept = [(1, 0, next(iter(_sentences(passages[0].content)), passages[0].title))]
    for position, (number, _place, sentence) in enumerate(kept):
        last_of_passage = position + 1 == len(kept) or kept[position + 1][0] != number
        yield f"{sentence} [doc{number}]" if last_of_passage else sentence
        yield "" if position + 1 == len(kept) else "\n\n" if last_of_passage else " "


def _sentences(text: str) -> list[str]:
    lines = (line.strip(" #*->|") for line in text.splitlines() if not line.lstrip().startswith("#"))
    joined = " ".join(line for line in lines if line)
    return [sentence.strip() for sentence in re.split(r"(?<=[.!?])\s+", joined) if len(sentence.split()) > 2]
