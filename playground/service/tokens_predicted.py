"""How much of a predicted output came true."""

import difflib
from collections.abc import Sequence

LONG = 4_000


def accepted_tokens(prediction: Sequence[int], answer: Sequence[int]) -> int:
    """How many tokens of a prediction came in the answer, in the order of both.

    Long texts are compared by their common beginning and end only, as a full comparison grows with the square.
    """
    start = 0
    for expected, came in zip(prediction, answer, strict=False):
        if expected != came:
            break
        start += 1
    end = 0
    most = min(len(prediction), len(answer)) - start
    while end < most and prediction[-1 - end] == answer[-1 - end]:
        end += 1
    middle, made = prediction[start : len(prediction) - end], answer[start : len(answer) - end]
    if len(middle) > LONG or len(made) > LONG:
        return start + end
    matcher = difflib.SequenceMatcher(None, middle, made, autojunk=False)
    return start + end + sum(block.size for block in matcher.get_matching_blocks())
