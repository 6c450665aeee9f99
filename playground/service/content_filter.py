"""The content filter that can be tried out: ``[[filter:CATEGORY]]`` in a prompt, ``[[filter-answer:CATEGORY]]``."""

import re
from collections.abc import Iterable
from typing import Any

from playground.service.errors import INVALID_REQUEST, ServiceError

SEVERE = ("hate", "self_harm", "sexual", "violence")
DETECTED_IN_PROMPTS = ("jailbreak", "profanity", "indirect_attack")
DETECTED_IN_ANSWERS = ("profanity", "protected_material_text", "protected_material_code")
CUT_AFTER_TOKENS = 12
_PROMPT = re.compile(r"\[\[\s*filter\s*:\s*([\w-]+)\s*\]\]", re.I)
_ANSWER = re.compile(r"\[\[\s*filter-answer\s*:\s*([\w-]+)\s*\]\]", re.I)
_BLOCKED = (
    "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify "
    "your prompt and retry. To learn more about our content filtering policies please read our documentation: "
    "https://go.microsoft.com/fwlink/?linkid=2198766"
)


def prompt_results(blocked: str | None = None) -> dict[str, Any]:
    """The annotation of a prompt, with the category that blocks it if one does."""
    results: dict[str, Any] = {name: _severity(name == blocked) for name in SEVERE}
    results["jailbreak"] = {"filtered": blocked == "jailbreak", "detected": blocked == "jailbreak"}
    if blocked in DETECTED_IN_PROMPTS:
        results[blocked] = {"filtered": True, "detected": True}
    return results


def prompt_annotations(count: int = 1) -> list[dict[str, Any]]:
    """``prompt_filter_results`` for prompts that passed."""
    return [{"prompt_index": place, "content_filter_results": prompt_results()} for place in range(count)]


def choice_results(blocked: str | None = None) -> dict[str, Any]:
    """The annotation of an answer or of a piece of it."""
    results: dict[str, Any] = {name: _severity(name == blocked) for name in SEVERE}
    if blocked in DETECTED_IN_ANSWERS:
        results[blocked] = {"filtered": True, "detected": True}
        if blocked == "protected_material_code":
            results[blocked]["citation"] = {"URL": "https://example.com/licensed/code", "license": "MIT"}
    return results


def check_prompt(texts: Iterable[str]) -> None:
    """Raise the filter's 400 if a text names a category to be blocked for."""
    blocked = _named(_PROMPT, texts, (*SEVERE, *DETECTED_IN_PROMPTS))
    if blocked is None:
        return
    inner = {"code": "ResponsibleAIPolicyViolation", "content_filter_result": prompt_results(blocked)}
    raise ServiceError(
        400, "content_filter", _BLOCKED, param="prompt", inner=inner, extra={"status": 400, "type": None}
    )


def check_image_prompt(prompt: str, revised: str) -> None:
    """Raise the 400 of the image route, for its prompt or for the picture made from it."""
    blocked = _named(_PROMPT, [prompt], (*SEVERE, *DETECTED_IN_PROMPTS))
    answer = _named(_ANSWER, [prompt], SEVERE)
    if blocked is None and answer is None:
        return
    subject = "prompt" if blocked else "generated image"
    results = prompt_results(blocked) if blocked else choice_results(answer)
    inner: dict[str, Any] = {"code": "ResponsibleAIPolicyViolation", "content_filter_results": results}
    if answer and not blocked:
        inner["revised_prompt"] = revised
    raise ServiceError(
        400,
        "content_policy_violation",
        f"Your request was rejected because the {subject} may contain text that is not allowed by our safety system.",
        type=INVALID_REQUEST,
        extra={"inner_error": inner},
    )


def answer_category(text: str) -> str | None:
    """The category for which the answer to this text shall be stopped midway."""
    return _named(_ANSWER, [text], (*SEVERE, *DETECTED_IN_ANSWERS))


def _named(pattern: re.Pattern[str], texts: Iterable[str], known: tuple[str, ...]) -> str | None:
    for text in texts:
        for match in pattern.finditer(text):
            category = match[1].lower().replace("-", "_")
            if category in known:
                return category
    return None


def _severity(blocked: bool) -> dict[str, Any]:
    return {"filtered": blocked, "severity": "high" if blocked else "safe"}
