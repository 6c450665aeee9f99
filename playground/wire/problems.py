"""Turns a validation error into what the API says: a parameter's path, a sentence and a code."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError


class Problem(NamedTuple):
    """A fault of a request: ``param`` is a path such as ``messages[0].content``, empty for the whole body."""

    param: str
    message: str
    code: str


def first_problem(error: ValidationError) -> tuple[str, str]:
    """The first problem as (param, message)."""
    found = problems(error)[0]
    return found.param, found.message


def problems(error: ValidationError) -> list[Problem]:
    """All problems, in the order of the request's members."""
    return [_problem(detail) for detail in error.errors(include_url=False)]


def dotted(location: Sequence[int | str]) -> str:
    """A path such as ``tools[0].function.name``, without the branch names that unions put in."""
    path = ""
    for step in location:
        if isinstance(step, int):
            path += f"[{step}]"
        elif not _is_branch(step):
            path += f".{step}" if path else step
    return path


def _is_branch(step: str) -> bool:
    return (step.startswith("<") and step.endswith(">")) or step == "[key]"


def _problem(detail: Any) -> Problem:
    kind, given = detail["type"], detail["input"]
    context = detail.get("ctx", {})
    param = dotted(detail["loc"])
    if kind == "missing":
        return _missing(param)
    if kind in {"union_tag_not_found", "union_tag_invalid"}:
        return _wrong_branch(param, given, context)
    if kind in _EXPECTED:
        return _wrong_type(param, given, _EXPECTED[kind])
    if kind in _LIMITS:
        return _LIMITS[kind](param, given, context)
    if kind == "literal_error":
        return _wrong_value(param, given, _spelled(context["expected"]))
    if kind == "json_invalid":
        return Problem("", "We could not parse the JSON body of your request.", "invalid_json")
    return Problem(param, f"Invalid {_quoted(param)}: {_sentence(detail['msg'])}", "invalid_value")


def _missing(param: str) -> Problem:
    return Problem(param, f"Missing required parameter: '{param}'.", "missing_required_parameter")


def _wrong_type(param: str, given: Any, expected: str) -> Problem:
    what = _kind_of(given)
    message = f"Invalid type for {_quoted(param)}: expected {expected}, but got {what} instead."
    return Problem(param, message, "invalid_type")


def _wrong_value(param: str, given: Any, supported: str) -> Problem:
    if not isinstance(given, str):
        return _wrong_type(param, given, f"one of {supported}" if " " in supported else supported)
    shown = given if len(given) <= 64 else f"{given[:64]}…"
    message = f"Invalid value: '{shown}'. Supported values are: {supported}."
    return Problem(param, message, "invalid_value")


def _wrong_branch(param: str, given: Any, context: dict[str, Any]) -> Problem:
    """No branch of a union fits: an object without its telling member, or a value of the wrong kind."""
    member = str(context.get("discriminator", "")).strip("'").removesuffix("()")
    if member in _KIND_FUNCTIONS:
        expected = [_KINDS[tag] for tag in _tags(context) if tag in _KINDS]
        return _wrong_type(param, given, _one_of(expected))
    if not hasattr(given, "get") and not hasattr(given, "model_fields_set"):
        return _wrong_type(param, given, "an object")
    inner = f"{param}.{member}" if param else member
    value = given.get(member, _ABSENT) if hasattr(given, "get") else getattr(given, member, _ABSENT)
    if value is _ABSENT:
        return _missing(inner)
    tags = [tag.strip("<>") for tag in _tags(context)]
    return _wrong_value(inner, value, _listed(tags)) if tags else _wrong_type(inner, value, "a string")


def _too_many(what: str, code: str) -> Callable[[str, Any, dict[str, Any]], Problem]:
    def build(param: str, given: Any, context: dict[str, Any]) -> Problem:
        most = context["max_length"]
        have = context.get("actual_length") or len(given)
        message = (
            f"Invalid {_quoted(param)}: {what} too long. Expected {_an(what)} with maximum length {most}, "
            f"but got {_an(what)} with length {have} instead."
        )
        return Problem(param, message, code)

    return build


def _too_few(what: str) -> Callable[[str, Any, dict[str, Any]], Problem]:
    def build(param: str, given: Any, context: dict[str, Any]) -> Problem:
        least = context["min_length"]
        empty = len(given) == 0
        state, have = (
            ("empty", f"an empty {what}") if empty else ("too short", f"{_an(what)} with length {len(given)}")
        )
        message = (
            f"Invalid {_quoted(param)}: {state} {what}. Expected {_an(what)} with minimum length {least}, "
            f"but got {have} instead."
        )
        return Problem(param, message, f"empty_{what}" if empty else f"{what}_below_min_length")

    return build


def _long(param: str, given: Any, context: dict[str, Any]) -> Problem:
    if not isinstance(given, dict):
        return _too_many("array", "array_above_max_length")(param, given, context)
    message = (
        f"Invalid {_quoted(param)}: too many properties. Expected an object with at most "
        f"{context['max_length']} properties, but got an object with {len(given)} properties instead."
    )
    return Problem(param, message, "object_above_max_properties")


def _bound(word: str, sign: str, key: str) -> Callable[[str, Any, dict[str, Any]], Problem]:
    def build(param: str, given: Any, context: dict[str, Any]) -> Problem:
        number = "integer" if isinstance(context[key], int) else "decimal"
        side = "maximum" if word == "above" else "minimum"
        message = (
            f"Invalid {_quoted(param)}: {number} {word} {side} value. "
            f"Expected a value {sign} {_number(context[key])}, but got {_number(given)} instead."
        )
        return Problem(param, message, f"{number}_{word}_{side[:3]}_value")

    return build


def _pattern(param: str, given: Any, context: dict[str, Any]) -> Problem:
    message = (
        f"Invalid {_quoted(param)}: string does not match pattern. "
        f"Expected a string that matches the pattern '{context['pattern']}'."
    )
    return Problem(param, message, "invalid_value")


_ABSENT = object()
_KIND_FUNCTIONS = {"json_kind", "batch_kind"}
_KINDS = {
    "<string>": "a string",
    "<array>": "an array",
    "<object>": "an object",
    "<tokens>": "an array of integers",
    "<token arrays>": "an array of arrays of integers",
}
_EXPECTED = {
    "string_type": "a string",
    "string_unicode": "a string of whole characters",
    "int_type": "an integer",
    "int_parsing": "an integer",
    "int_from_float": "an integer",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "bool_type": "a boolean",
    "bool_parsing": "a boolean",
    "list_type": "an array",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
}
_LIMITS: dict[str, Callable[[str, Any, dict[str, Any]], Problem]] = {
    "too_long": _long,
    "too_short": _too_few("array"),
    "string_too_long": _too_many("string", "string_above_max_length"),
    "string_too_short": _too_few("string"),
    "greater_than_equal": _bound("below", ">=", "ge"),
    "less_than_equal": _bound("above", "<=", "le"),
    "string_pattern_mismatch": _pattern,
}


def _tags(context: dict[str, Any]) -> list[str]:
    listed = str(context.get("expected_tags", ""))
    return [tag.strip(" '") for tag in listed.split(",") if tag.strip(" '")]


def _quoted(param: str) -> str:
    return f"'{param}'" if param else "the request body"


def _listed(values: Sequence[str]) -> str:
    quoted = [f"'{value}'" for value in values]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def _spelled(expected: str) -> str:
    return expected.replace(" or ", " and ")


def _one_of(expected: Sequence[str]) -> str:
    return " or ".join(expected) or "another type"


def _an(what: str) -> str:
    return f"an {what}" if what[0] in "aeiou" else f"a {what}"


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _kind_of(value: Any) -> str:
    if value is None:
        return "null"
    for types, name in _NAMES:
        if isinstance(value, types):
            return name
    return "an object"


_NAMES: tuple[tuple[tuple[type, ...], str], ...] = (
    ((bool,), "a boolean"),
    ((int,), "an integer"),
    ((float,), "a decimal number"),
    ((str, bytes), "a string"),
    ((list, tuple), "an array"),
)
