"""Whether to call functions, which, and with what arguments: by the words that a request shares with them."""

import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground.service.engines.protocols import ChatTask, Function
from playground.service.engines.simulated import wishes
from playground.service.engines.simulated.hints import Hints
from playground.service.engines.simulated.instances import ImpossibleError, fitting
from playground.service.engines.simulated.writer import last_user_turn

MAX_CALLS = 4
_PLACE = re.compile(r"city|town|place|location|country|name|person|stock|symbol|ticker|destination", re.I)


@dataclass(frozen=True)
class PlannedCall:
    """A function to call and the JSON text of its arguments."""

    name: str
    arguments: str


def planned_calls(task: ChatTask, dice: random.Random, heard: str = "") -> list[PlannedCall]:
    """The calls that answer a task; none when text answers it better."""
    if task.choice == "none" or not task.functions:
        return []
    text = " ".join(part for part in (last_user_turn(task).text, heard) if part)
    if task.choice.startswith("="):
        chosen = [function for function in task.functions if function.name == task.choice[1:]]
    elif task.turns and task.turns[-1].role in {"tool", "function"} and task.choice == "auto":
        return []
    else:
        chosen = _relevant(task, text)
    calls = [call for function in chosen for call in _calls_of(function, text, task, dice)]
    return calls[: MAX_CALLS if task.parallel else 1]


def _relevant(task: ChatTask, text: str) -> list[Function]:
    """Functions that share words with the text, most first; with ``required`` at least one."""
    words = wishes.topic_words(text)
    scores = [(len(words & _words(function)), -place) for place, function in enumerate(task.functions)]
    ranked = sorted(((score, place) for score, place in scores if score), reverse=True)
    if not ranked:
        return [task.functions[0]] if task.choice == "required" else []
    best = ranked[0][0]
    return [task.functions[-place] for score, place in ranked if score >= max(1, best - 1)][:MAX_CALLS]


def _words(function: Function) -> set[str]:
    name = wishes.topic_words(function.name)
    return name | wishes.topic_words(function.description)


def _calls_of(function: Function, text: str, task: ChatTask, dice: random.Random) -> list[PlannedCall]:
    """One call, or one for each place or person that the text names."""
    names: list[str | None] = [None]
    properties = function.parameters.get("properties", {})
    listed = wishes.proper_names(text)
    places = [key for key in properties if _PLACE.search(key)] if isinstance(properties, Mapping) else []
    if task.parallel and len(places) == 1 and 1 < len(listed) <= MAX_CALLS:
        names = list(listed)
    return [PlannedCall(function.name, arguments(function, Hints.of(text, name), dice)) for name in names]


def arguments(function: Function, hints: Hints, dice: random.Random) -> str:
    """Arguments valid by the function's schema, as JSON text; ``{}`` when nothing fits it."""
    if not function.parameters:
        return "{}"
    schema: dict[str, Any] = {"type": "object", **function.parameters}
    try:
        return json.dumps(fitting(schema, hints, dice), ensure_ascii=False)
    except ImpossibleError:
        return "{}"


def structured(schema: Mapping[str, Any], hints: Hints, dice: random.Random) -> str:
    """A JSON text valid by the schema; ``{}`` as a schema asks for any object."""
    if schema:
        try:
            return json.dumps(fitting(schema, hints, dice), ensure_ascii=False, indent=2)
        except ImpossibleError:
            return "{}"
    return json.dumps(_free_object(hints), ensure_ascii=False, indent=2)


def _free_object(hints: Hints) -> dict[str, Any]:
    """The members that the text names, or a few that any subject has."""
    quoted = re.findall(r"[\"'`“]([A-Za-z_][\w -]{0,30})[\"'`”]", hints.source)
    named = wishes.named_items(hints.source) or quoted
    if named:
        return {name: hints.number(name) if hints.numbers else hints.text(name) for name in named}
    return {
        "subject": hints.subject or "anything",
        "summary": f"A simulated answer about {hints.subject or 'anything'}.",
        "points": ["purpose", "parts", "limits"],
        "simulated": True,
    }
