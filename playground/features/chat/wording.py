"""What stands under an answer: its facts in one line, and a sentence when it is not whole. No Qt."""

from collections.abc import Mapping
from typing import Any

NOTES = {
    "stopped": "You stopped this answer. What had arrived is kept.",
    "incomplete": "The answer broke off before its end. What had arrived is kept.",
    "filtered": "The content filter stopped this answer.",
    "failed": "No answer came.",
}


def footer(meta: Mapping[str, Any]) -> str:
    """One line of facts: model, tokens, times. Facts that did not come are left out, not guessed."""
    parts = [str(meta.get("model") or meta.get("deployment") or "")]
    parts += [usage_text(meta.get("usage") or {}), timing_text(meta)]
    if (attempts := meta.get("attempts") or 1) > 1:
        parts.append(f"{attempts} attempts")
    return " · ".join(part for part in parts if part)


def usage_text(usage: Mapping[str, Any]) -> str:
    """Tokens in and out, with the details that are not zero."""
    if not usage:
        return ""
    sent, received = usage.get("prompt_tokens") or 0, usage.get("completion_tokens") or 0
    extra = []
    cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens")
    if cached:
        extra.append(f"{cached:,} cached")
    details = usage.get("completion_tokens_details") or {}
    names = {
        "reasoning_tokens": "reasoning",
        "audio_tokens": "audio",
        "accepted_prediction_tokens": "predicted",
        "rejected_prediction_tokens": "rejected",
    }
    extra += [f"{details[key]:,} {word}" for key, word in names.items() if details.get(key)]
    return f"{sent:,} in, {received:,} out" + (f" ({', '.join(extra)})" if extra else "")


def timing_text(meta: Mapping[str, Any]) -> str:
    """Time to the first token, time in all, and the pace between them."""
    first, total = meta.get("first_token"), meta.get("seconds")
    parts = []
    if first is not None:
        parts.append(f"first token {first:.2f} s")
    if total is not None:
        parts.append(f"{total:.1f} s")
        tokens = (meta.get("usage") or {}).get("completion_tokens") or 0
        if first is not None and total - first > 0.05 and tokens > 1:
            parts.append(f"{tokens / (total - first):.0f} tokens/s")
    return " · ".join(parts)


def note(state: str, meta: Mapping[str, Any]) -> str:
    """The sentence for an answer that is not whole; empty for one that is."""
    error = meta.get("error") or {}
    if error.get("message"):
        lead = NOTES["failed"] if state == "failed" else NOTES["incomplete"]
        return f"{lead} {error['message']}"
    if state in NOTES:
        return NOTES[state]
    if meta.get("finish_reason") == "length":
        return "The answer reached its token limit and was cut there. Raise the limit to read on."
    if meta.get("finish_reason") == "tool_calls":
        return "The model asked to call a tool."
    return ""
