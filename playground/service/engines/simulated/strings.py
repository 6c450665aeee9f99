"""Strings of a format or of a pattern, for values that have to fit a schema."""

import random
import re
import uuid
from collections.abc import Callable
from typing import Any

from playground.service.engines.simulated.hints import Hints

MAX_REPEAT = 6
MAX_LENGTH = 5_000
_PRINTABLE = [chr(code) for code in range(33, 127)]
_CLASSES: dict[str, str] = {
    "CATEGORY_DIGIT": "0123456789",
    "CATEGORY_WORD": "abcdefghijklmnopqrstuvwxyz",
    "CATEGORY_SPACE": " ",
    "CATEGORY_NOT_DIGIT": "abcdefghijklmnopqrstuvwxyz",
    "CATEGORY_NOT_WORD": "-.,",
    "CATEGORY_NOT_SPACE": "abcdefghijklmnopqrstuvwxyz",
}


def formatted(name: str, hints: Hints, dice: random.Random) -> str | None:
    """A string of one of JSON Schema's formats; None for a format that says nothing about its form."""
    maker = _FORMATS.get(name)
    return maker(hints, dice) if maker else None


def matching(pattern: str, dice: random.Random, least: int = 0) -> str | None:
    """A string in which a regular expression matches, or None for one that is broken or asks for too much."""
    from re import _parser  # type: ignore[attr-defined]  # the only way to a parsed pattern

    try:
        parsed = _parser.parse(pattern)
    except (re.error, RecursionError, OverflowError):
        return None
    if parsed.getwidth()[0] > MAX_LENGTH or least > MAX_LENGTH:
        return None
    text = ""
    for _ in range(8):
        text = "".join(_piece(item, dice, least) for item in parsed)
        if re.search(pattern, text):
            break
    return text


def _piece(item: Any, dice: random.Random, least: int) -> str:
    kind, value = str(item[0]), item[1]
    if kind == "LITERAL":
        return chr(value)
    if kind == "NOT_LITERAL":
        return dice.choice([c for c in _PRINTABLE if ord(c) != value])
    if kind == "ANY":
        return dice.choice("abcdefghijklmnopqrstuvwxyz")
    if kind == "IN":
        return _one_of(value, dice)
    if kind in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        low, high, inner = value
        count = dice.randint(low, min(int(high), max(low, least, low + MAX_REPEAT)))
        count = max(count, min(int(high), least)) if least else count
        return "".join("".join(_piece(each, dice, 0) for each in inner) for _ in range(count))
    if kind == "SUBPATTERN":
        return "".join(_piece(each, dice, least) for each in value[-1])
    if kind == "BRANCH":
        return "".join(_piece(each, dice, least) for each in dice.choice(value[1]))
    return ""


def _one_of(items: Any, dice: random.Random) -> str:
    allowed: list[str] = []
    negated = False
    for item in items:
        kind, value = str(item[0]), item[1]
        if kind == "NEGATE":
            negated = True
        elif kind == "LITERAL":
            allowed.append(chr(value))
        elif kind == "RANGE":
            allowed += [chr(code) for code in range(value[0], min(value[1], value[0] + 512) + 1)]
        elif kind == "CATEGORY":
            allowed += list(_CLASSES.get(str(value), "a"))
    if negated:
        allowed = [character for character in _PRINTABLE if character not in allowed]
    return dice.choice(allowed or ["a"])


def _time(dice: random.Random) -> str:
    return f"{dice.randint(0, 23):02}:{dice.randint(0, 59):02}:{dice.randint(0, 59):02}Z"


def _date(hints: Hints, dice: random.Random) -> str:
    return hints.date or f"2025-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"


_FORMATS: dict[str, Callable[[Hints, random.Random], str]] = {
    "date": _date,
    "time": lambda _hints, dice: _time(dice),
    "date-time": lambda hints, dice: f"{_date(hints, dice)}T{_time(dice)}",
    "duration": lambda _hints, dice: f"PT{dice.randint(1, 90)}M",
    "email": lambda _hints, dice: f"{dice.choice(('ada', 'grace', 'alan'))}@example.com",
    "hostname": lambda _hints, dice: f"host{dice.randint(1, 99)}.example.com",
    "ipv4": lambda _hints, dice: f"192.0.2.{dice.randint(1, 254)}",
    "ipv6": lambda _hints, dice: f"2001:db8::{dice.randint(1, 9999):x}",
    "uuid": lambda _hints, dice: str(uuid.UUID(int=dice.getrandbits(128), version=4)),
    "uri": lambda _hints, dice: f"https://example.com/{dice.randint(1, 999)}",
    "uri-reference": lambda _hints, dice: f"/items/{dice.randint(1, 999)}",
}
