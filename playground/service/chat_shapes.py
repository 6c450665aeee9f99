"""The JSON of chat answers that whole and streamed ones share: log probabilities, usage, enhancements."""

import asyncio
import re
from collections.abc import Sequence
from typing import Any

from playground.service.chat_plan import Plan
from playground.service.chat_run import Run
from playground.service.engines.protocols import Rival, Token
from playground.service.tokens_predicted import accepted_tokens
from playground.service.validation import usage


def logprob_entry(token: Token) -> dict[str, Any]:
    """One token with its rivals."""
    return _entry(token) | {"top_logprobs": [_entry(rival) for rival in token.rivals]}


def _entry(token: Token | Rival) -> dict[str, Any]:
    raw = token.text.encode("utf-8", "replace")
    return {"token": token.text, "logprob": token.logprob, "bytes": list(raw)}


async def total_usage(plan: Plan, runs: Sequence[Run], audio_tokens: int = 0) -> dict[str, Any]:
    """What all answers of a request cost; rejected tokens of a prediction are paid for too."""
    completion = sum(run.completion_tokens for run in runs) + audio_tokens
    accepted, rejected = await _predicted(plan, runs)
    return usage(
        plan.prompt_tokens,
        completion + rejected,
        prompt_tokens_details={"audio_tokens": plan.prompt_audio_tokens, "cached_tokens": 0},
        completion_tokens_details={
            "accepted_prediction_tokens": accepted,
            "audio_tokens": audio_tokens,
            "reasoning_tokens": sum(run.reasoning_tokens for run in runs),
            "rejected_prediction_tokens": rejected,
        },
    )


async def _predicted(plan: Plan, runs: Sequence[Run]) -> tuple[int, int]:
    if plan.task.prediction is None:
        return 0, 0
    predicted = await asyncio.to_thread(plan.engine.tokenizer.encode, plan.task.prediction)
    accepted = await asyncio.to_thread(accepted_tokens, predicted, runs[0].ids)
    return accepted, len(predicted) - accepted


def enhancements(plan: Plan, text: str) -> dict[str, Any] | None:
    """Where in the picture the words of the answer lie: an even grid, since no simulated model can see."""
    wanted = plan.request.enhancements
    pictures = any(turn.pictures for turn in plan.task.turns)
    if wanted is None or wanted.grounding is None or not wanted.grounding.enabled or not pictures:
        return None
    lines = [line for line in text.splitlines() if line.strip()][:8]
    return {"grounding": {"lines": [_line(line, place, len(lines)) for place, line in enumerate(lines)]}}


def _line(line: str, place: int, count: int) -> dict[str, Any]:
    top, bottom = place / count, (place + 1) / count
    spans = []
    for match in list(re.finditer(r"\b\w{5,}\b", line))[:3]:
        left, right = match.start() / len(line), match.end() / len(line)
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        polygon = [{"x": round(x, 4), "y": round(y, 4)} for x, y in corners]
        spans.append({"text": match[0], "offset": match.start(), "length": len(match[0]), "polygon": polygon})
    return {"text": line, "spans": spans}
