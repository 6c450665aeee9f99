"""Merges the content filter's annotations of the pieces of an answer: of each category the gravest."""

from typing import Any

from playground.wire.base import to_wire
from playground.wire.filters import ChoiceFilterResults, DetectionResult, SeverityResult

SEVERITIES = ("safe", "low", "medium", "high")


class FilterMerger:
    """Takes in one annotation after the other, nearly all of which say that all is well."""

    def __init__(self) -> None:
        self._merged: dict[str, Any] = {}

    def add(self, results: ChoiceFilterResults) -> None:
        """Take in the annotation of a piece."""
        for name in results.model_fields_set:
            found = getattr(results, name)
            if found is None or (name in self._merged and _harmless(found)):
                continue
            value = to_wire(found) if hasattr(found, "model_fields_set") else _plain(found)
            self._merged[name] = _graver(self._merged.get(name), value)

    def merged(self) -> ChoiceFilterResults:
        """All annotations as one."""
        return ChoiceFilterResults.model_validate(self._merged)


def _harmless(found: Any) -> bool:
    if isinstance(found, SeverityResult):
        return not found.filtered and found.severity == "safe"
    if isinstance(found, DetectionResult):
        return not found.filtered and not found.detected
    return False


def _plain(found: Any) -> Any:
    if isinstance(found, list):
        return [to_wire(each) if hasattr(each, "model_fields_set") else each for each in found]
    return found


def _graver(old: Any, new: Any) -> Any:
    """Two judgements as one: what either found, lists joined, of two severities the higher."""
    if old is None or type(old) is not type(new):
        return new if old is None else old
    if isinstance(new, bool):
        return old or new
    if isinstance(new, list):
        return old + [each for each in new if each not in old]
    if isinstance(new, dict):
        merged = dict(old)
        for name, value in new.items():
            merged[name] = (
                _severer(old.get(name), value) if name == "severity" else _graver(old.get(name), value)
            )
        return merged
    return new


def _severer(old: Any, new: Any) -> Any:
    rank = {name: position for position, name in enumerate(SEVERITIES)}
    return new if old is None or rank.get(new, len(rank)) > rank.get(old, len(rank)) else old
