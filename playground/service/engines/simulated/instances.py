"""Values that fit a JSON Schema, filled with what the conversation is about where the schema leaves room."""

import random
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from playground.service.engines.simulated.hints import Hints
from playground.service.engines.simulated.strings import formatted, matching

ATTEMPTS = 12
MAX_DEPTH = 24
MAX_VALUES = 20_000
MAX_LENGTH = 100_000
SHALLOW = 4
_OPTIONAL_SHARE = 0.75


class ImpossibleError(ValueError):
    """The schema allows no value that this generator can find."""


def fitting(schema: Mapping[str, Any], hints: Hints, dice: random.Random) -> Any:
    """A value valid by the schema; raises ``ImpossibleError``.

    Made by construction, then checked; keywords that the construction does not know (``not``, ``if`` …) are
    met by trying again with other dice.
    """
    from jsonschema import Draft202012Validator
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    # An empty registry: by default jsonschema fetches foreign references from wherever they point to.
    validator = Draft202012Validator(dict(schema), registry=Registry())
    for attempt in range(ATTEMPTS):
        used = hints if attempt < ATTEMPTS // 2 else Hints()
        try:
            value = _Maker(schema, used, dice).make(schema, "", 0)
            if validator.is_valid(value):
                return value
        except (ImpossibleError, RecursionError, Unresolvable, re.error, ArithmeticError):
            continue
    raise ImpossibleError("no value was found that fits the schema")


class _Maker:
    """Makes one value; ``root`` is where references point into."""

    def __init__(self, root: Mapping[str, Any], hints: Hints, dice: random.Random) -> None:
        self._root = root
        self._hints = hints
        self._dice = dice
        self._left = MAX_VALUES

    def make(self, schema: Any, name: str, depth: int) -> Any:
        self._left -= 1
        if schema is False or depth > MAX_DEPTH or self._left < 0:
            raise ImpossibleError(name)
        if schema is True or not isinstance(schema, Mapping):
            return self._hints.text(name)
        schema = self._flat(schema, depth)
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return self._hints.choose(schema["enum"], self._dice)
        for word in ("anyOf", "oneOf"):
            if schema.get(word):
                return self._branch(schema, word, name, depth)
        return self._typed(self._type(schema, depth), schema, name, depth)

    def _flat(self, schema: Mapping[str, Any], depth: int) -> Mapping[str, Any]:
        """The schema with its reference followed and its ``allOf`` folded in."""
        merged = dict(schema)
        for _ in range(MAX_DEPTH):
            if "$ref" in merged:
                merged = _merge(self._resolve(str(merged.pop("$ref"))), merged)
            elif "allOf" in merged:
                for part in merged.pop("allOf"):
                    merged = _merge(merged, part) if isinstance(part, Mapping) else merged
            else:
                return merged
        raise ImpossibleError("$ref")

    def _resolve(self, reference: str) -> Mapping[str, Any]:
        node: Any = self._root
        if not reference.startswith("#"):
            raise ImpossibleError(reference)
        for step in filter(None, reference[1:].split("/")):
            step = step.replace("~1", "/").replace("~0", "~")
            try:
                node = node[int(step)] if isinstance(node, list) else node[step]
            except (KeyError, IndexError, ValueError, TypeError):
                raise ImpossibleError(reference) from None
        return node if isinstance(node, Mapping) else {}

    def _branch(self, schema: Mapping[str, Any], word: str, name: str, depth: int) -> Any:
        rest = {key: value for key, value in schema.items() if key != word}
        branches = list(schema[word])
        self._dice.shuffle(branches)
        if depth >= SHALLOW:  # a recursive schema ends by its null branch
            branches.sort(key=_simplicity)
        for branch in branches:
            try:
                return self.make(
                    _merge(rest, branch) if isinstance(branch, Mapping) else rest, name, depth + 1
                )
            except ImpossibleError:
                continue
        raise ImpossibleError(name)

    def _type(self, schema: Mapping[str, Any], depth: int) -> str:
        declared = schema.get("type")
        if isinstance(declared, list):
            useful = [kind for kind in declared if kind != "null"]
            ends = "null" in declared and depth > 2 * SHALLOW
            return "null" if ends or not useful else str(self._dice.choice(useful))
        if isinstance(declared, str):
            return declared
        for kind, words in _SIGNS.items():
            if words & schema.keys():
                return kind
        return "string"

    def _typed(self, kind: str, schema: Mapping[str, Any], name: str, depth: int) -> Any:
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            return self._array(schema, name, depth)
        if kind in {"integer", "number"}:
            return self._number(schema, name, kind == "integer")
        if kind == "boolean":
            return self._dice.random() < 0.7
        return None if kind == "null" else self._string(schema, name)

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        properties = schema.get("properties") or {}
        required = list(schema.get("required") or [])
        most = schema.get("maxProperties", 1_000)
        made: dict[str, Any] = {}
        for name in properties:
            wanted = name in required or (depth < SHALLOW and self._dice.random() < _OPTIONAL_SHARE)
            if not wanted or (len(made) >= most and name not in required):
                continue
            try:
                made[name] = self.make(properties[name], name, depth + 1)
            except ImpossibleError:
                if name in required:
                    raise
        extra = schema.get("additionalProperties", True)
        for name in required:
            if name not in made:
                made[name] = self.make(extra if isinstance(extra, Mapping) else {}, name, depth + 1)
        missing = schema.get("minProperties", 1 if not properties and isinstance(extra, Mapping) else 0)
        for number in range(1, 200):
            if len(made) >= missing:
                break
            made.setdefault(
                f"item_{number}", self.make(extra if isinstance(extra, Mapping) else {}, "", depth + 1)
            )
        return made

    def _array(self, schema: Mapping[str, Any], name: str, depth: int) -> list[Any]:
        first = [self.make(item, name, depth + 1) for item in schema.get("prefixItems") or []]
        least = max(int(schema.get("minItems", 0)), len(first))
        usual = least if depth >= SHALLOW else max(least, self._hints.amount or self._dice.randint(2, 3))
        wanted = min(usual, int(schema.get("maxItems", max(usual, least))))
        if wanted > MAX_VALUES:
            raise ImpossibleError(name)
        if schema.get("items") is False:
            return first
        items: list[Any] = first
        singular = name.removesuffix("s")
        for _ in range(wanted * 8 + 8):
            if len(items) >= wanted:
                break
            item = self._item(schema.get("items", {}), singular, len(items) + 1, depth)
            if not (schema.get("uniqueItems") and item in items):
                items.append(item)
        if len(items) < least:
            raise ImpossibleError(name)
        return items

    def _item(self, schema: Any, name: str, place: int, depth: int) -> Any:
        before, self._hints = self._hints, replace(self._hints, place=place)
        try:
            return self.make(schema, name, depth + 1)
        finally:
            self._hints = before

    def _number(self, schema: Mapping[str, Any], name: str, whole: bool) -> int | float:
        low: float | None = schema.get("minimum")
        high: float | None = schema.get("maximum")
        step = schema.get("multipleOf") or (1 if whole else None)
        if (above := schema.get("exclusiveMinimum")) is not None:
            low = above + (step or 0.5) if low is None or above >= low else low
        if (below := schema.get("exclusiveMaximum")) is not None:
            high = below - (step or 0.5) if high is None or below <= high else high
        hint = self._hints.number(name)
        if hint is not None and (low is None or hint >= low) and (high is None or hint <= high):
            value: float = hint
        else:
            value = self._between(low, high, schema)
        return _stepped(value, step, low, high, whole)

    def _between(self, low: float | None, high: float | None, schema: Mapping[str, Any]) -> float:
        if low is None and high is None:
            return self._dice.randint(1, 100)
        first = low if low is not None else (high or 0) - 100
        last = high if high is not None else first + 100
        if last < first:  # between two exclusive limits less than a step apart
            first = last = (schema.get("exclusiveMinimum", low) + schema.get("exclusiveMaximum", high)) / 2
        return self._dice.uniform(first, last)

    def _string(self, schema: Mapping[str, Any], name: str) -> str:
        least, most = int(schema.get("minLength", 0)), schema.get("maxLength")
        if least > MAX_LENGTH:
            raise ImpossibleError(name)
        if isinstance(schema.get("format"), str) and (
            made := formatted(schema["format"], self._hints, self._dice)
        ):
            return made
        if isinstance(schema.get("pattern"), str):
            made = matching(schema["pattern"], self._dice, least)
            if made is None:
                raise ImpossibleError(name)
            return made
        text = self._hints.text(name)
        text += " text" * max(0, -(-(least - len(text)) // 5))
        return text[: int(most)] if most is not None else text


_SIGNS: dict[str, set[str]] = {
    "object": {"properties", "required", "additionalProperties", "minProperties", "maxProperties"},
    "array": {"items", "prefixItems", "minItems", "maxItems", "uniqueItems"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    "string": {"minLength", "maxLength", "pattern", "format"},
}


def _merge(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Both schemas at once: properties and required names joined, narrower limits kept."""
    merged = {**first, **second}
    for key in ("properties", "$defs", "definitions"):
        if key in first and key in second:
            merged[key] = {**first[key], **second[key]}
    if "required" in first and "required" in second:
        merged["required"] = list(dict.fromkeys([*first["required"], *second["required"]]))
    for key in ("minimum", "minLength", "minItems"):
        if key in first and key in second:
            merged[key] = max(first[key], second[key])
    for key in ("maximum", "maxLength", "maxItems"):
        if key in first and key in second:
            merged[key] = min(first[key], second[key])
    return merged


def _simplicity(branch: Any) -> int:
    if not isinstance(branch, Mapping):
        return 2
    if branch.get("type") == "null":
        return 0
    return 1 if "$ref" not in branch and branch.get("type") not in {"object", "array"} else 3


def _stepped(
    value: float, step: float | None, low: float | None, high: float | None, whole: bool
) -> int | float:
    if step is None:
        rounded = round(value, 2)
        inside = (low is None or rounded >= low) and (high is None or rounded <= high)
        return rounded if inside else value
    value = round(value / step) * step
    if low is not None and value < low:
        value += step
    if high is not None and value > high:
        value -= step
    if whole:
        return int(value)
    return round(value, 10)
