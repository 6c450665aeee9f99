"""Content filter annotations as short words: what was found, how severe, and whether it was blocked."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from playground.ui.transcript import Chip

NAMES = {
    "hate": "Hate",
    "sexual": "Sexual",
    "violence": "Violence",
    "self_harm": "Self-harm",
    "profanity": "Profanity",
    "jailbreak": "Jailbreak",
    "indirect_attack": "Indirect attack",
    "custom_blocklists": "Blocklist",
    "protected_material_text": "Protected text",
    "protected_material_code": "Protected code",
    "ungrounded_material": "Ungrounded",
}
LADDER = ("safe", "low", "medium", "high")
LONGEST = 300
UNDERSTOOD = {"filtered", "severity", "detected", "details", "citation", "URL", "license", "id"}


def chips_of(results: object, side: str) -> tuple[Chip, ...]:
    """One chip for each annotation that says something; ``side`` is "prompt" or "answer".

    What is merely "safe" is gathered into one quiet chip; whatever is unknown is shown by its name, since
    hiding a category would read as "nothing found". ``results`` is a mapping or a wire model; never raises,
    whatever the service sent.
    """
    if isinstance(results, BaseModel):
        results = results.model_dump(exclude_none=True, by_alias=True)
    if not isinstance(results, Mapping) or not results:
        return ()
    chips: list[Chip] = []
    clean: list[str] = []
    for category, verdict in results.items():
        if verdict is None and category in NAMES:
            continue  # a member that was left open says nothing about the text
        name = NAMES.get(str(category), str(category).replace("_", " ").capitalize())
        chip = _chip(str(category), name, verdict, side)
        if chip is None:
            clean.append(name)
        else:
            chips.append(chip)
    if clean:
        words = "other categories safe" if chips else "safe"
        chips.append(Chip(f"{side.capitalize()}: {words}", "ok", _safe_words(clean)))
    return tuple(chips)


def _chip(category: str, name: str, verdict: object, side: str) -> Chip | None:
    """The chip of one category; None when it was checked and nothing was found."""
    if category == "error":
        detail = str(verdict.get("message") or verdict) if isinstance(verdict, Mapping) else str(verdict)
        return Chip(f"{side.capitalize()}: not checked", "warn", _cut(f"The filter did not run: {detail}"))
    if category == "custom_blocklists" and isinstance(verdict, list):
        verdict = {"filtered": any(_flag(each, "filtered") for each in verdict), "details": verdict}
    if not isinstance(verdict, Mapping):
        return Chip(_cut(f"{name}: {verdict}"), "neutral", _cut(f"{side}: {category} = {verdict}"))
    filtered = _flag(verdict, "filtered")
    severity = str(verdict.get("severity") or "")
    detected = _flag(verdict, "detected") or (
        category == "custom_blocklists" and bool(verdict.get("details"))
    )
    if not filtered and not detected and severity in {"", "safe"}:
        if _is_clean(verdict):
            return None
        return Chip(_cut(f"{name}: unclear"), "warn", _cut(f"{side}: {category} = {dict(verdict)}"))
    level = severity or "detected"
    words = f"{name}: {level}" + (" · blocked" if filtered else "")
    return Chip(
        _cut(words), _tone(filtered, severity), _cut(_explain(side, name, verdict, filtered, severity))
    )


def _safe_words(names: list[str]) -> str:
    text = f"Checked and found safe: {', '.join(names)}"
    return text if len(text) <= LONGEST else f"Checked and found safe: {len(names)} categories"


def _is_clean(verdict: Mapping[str, Any]) -> bool:
    """Whether a verdict says in words that we know that nothing was found; silence does not."""
    flags = [verdict[name] for name in ("filtered", "detected") if name in verdict]
    known = all(str(name) in UNDERSTOOD for name in verdict)
    said = verdict.get("severity") == "safe" or any(flag is False for flag in flags)
    return known and said and all(flag is False or flag is None for flag in flags)


def _tone(filtered: bool, severity: str) -> Any:
    if filtered:
        return "danger"
    return "info" if severity == "low" else "warn"


def _explain(side: str, name: str, verdict: Mapping[str, Any], filtered: bool, severity: str) -> str:
    """The sentence behind a chip, as plain text."""
    lines = [f"{name}, in the {side}: " + ("blocked by the filter" if filtered else "noted, not blocked")]
    if severity in LADDER:
        lines.append(
            f"Severity {severity} ({LADDER.index(severity) + 1} of {len(LADDER)}: {', '.join(LADDER)})"
        )
    source = verdict.get("citation") if isinstance(verdict.get("citation"), Mapping) else verdict
    for key, word in (("URL", "Source"), ("license", "Licence")):
        if isinstance(source, Mapping) and source.get(key):
            lines.append(f"{word}: {source[key]}")
    details = verdict.get("details")
    if isinstance(details, list):
        ids = [str(each["id"]) for each in details if isinstance(each, Mapping) and each.get("id")]
        if ids:
            lines.append("Lists: " + ", ".join(ids))
        spans = [each for each in details if isinstance(each, Mapping) and "completion_start_offset" in each]
        if spans:
            lines.append(f"{len(spans)} passages without support in the documents")
    return "\n".join(lines)


def _flag(verdict: object, name: str) -> bool:
    return isinstance(verdict, Mapping) and verdict.get(name) is True


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
