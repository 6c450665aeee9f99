"""Take from a settings document what is sound, member by member, and name what was not."""

import uuid
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from playground.settings.preferences import Preferences
from playground.settings.profiles import ConnectionProfile

M = TypeVar("M", bound=BaseModel)


@dataclass
class Salvaged:
    """The sound part of a document."""

    connections: list[ConnectionProfile] = field(default_factory=list)
    preferences: Preferences = field(default_factory=Preferences)


def salvage_settings(document: dict[str, Any]) -> tuple[Salvaged, list[str]]:
    """The sound part, and the names (never the values) of what had to be left out."""
    found, problems = Salvaged(), []
    preferences = document.get("preferences", {})
    if isinstance(preferences, dict):
        found.preferences, wrong = _salvage(Preferences, preferences)
        problems += [f"preferences / {name}" for name in wrong]
    else:
        problems.append("preferences")
    entries = document.get("connections", [])
    if not isinstance(entries, list):
        return found, [*problems, "connections"]
    seen: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            problems.append(f"connection {number}")
            continue
        profile, wrong = _salvage(ConnectionProfile, entry)
        if profile.id in seen:
            profile = profile.model_copy(update={"id": uuid.uuid4().hex})
            wrong.append("id (used twice)")
        seen.add(profile.id)
        found.connections.append(profile)
        problems += [f"connection {number} / {name}" for name in wrong]
    return found, problems


def _salvage(model: type[M], raw: dict[str, Any]) -> tuple[M, list[str]]:
    """Validate; on an error drop the members at fault (of a list, only the items) and validate again."""
    rest = {str(name): list(value) if isinstance(value, list) else value for name, value in raw.items()}
    dropped: list[str] = []
    while True:
        try:
            return model.model_validate(rest), dropped
        except ValidationError as error:
            before = len(dropped)
            for name, index in sorted(_faults(error), key=lambda fault: (fault[0], -fault[1])):
                _drop(rest, name, index, dropped)
            if len(dropped) == before:  # nothing left that could be dropped
                return model(), [*dropped, "everything"]


def _faults(error: ValidationError) -> set[tuple[str, int]]:
    """Which members are wrong: their name, and the index of the item or -1 for the whole member."""
    faults = set()
    for detail in error.errors(include_input=False, include_context=False, include_url=False):
        location = detail["loc"]
        if location:
            item = location[1] if len(location) > 1 and isinstance(location[1], int) else -1
            faults.add((str(location[0]), item))
    return faults


def _drop(rest: dict[str, Any], name: str, index: int, dropped: list[str]) -> None:
    value = rest.get(name)
    if index >= 0 and isinstance(value, list) and index < len(value):
        del value[index]
        dropped.append(f"{name} {index + 1}")
    elif name in rest:
        del rest[name]
        dropped.append(name)
