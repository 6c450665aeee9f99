"""Values made for a schema are valid by it, whatever the schema asks for."""

import datetime
import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from playground.service.engines.protocols import ChatTask, Function, Turn
from playground.service.engines.simulated.calls import planned_calls, structured
from playground.service.engines.simulated.hints import Hints
from playground.service.engines.simulated.instances import ImpossibleError, fitting

HINTS = Hints.of("Compare 3 hotels in Oslo and Rome on 2025-07-14 for at most 250 euros.")
TREE = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#"}}},
    "required": ["name", "children"],
    "additionalProperties": False,
}
LINKED = {
    "$defs": {
        "node": {
            "type": "object",
            "properties": {
                "value": {"type": "integer"},
                "next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]},
            },
            "required": ["value", "next"],
        }
    },
    "$ref": "#/$defs/node",
}
SCHEMAS: list[dict[str, Any]] = [
    {"type": "string", "minLength": 5, "maxLength": 7},
    {"type": "string", "minLength": 400},
    {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{4}$"},
    {"type": "string", "pattern": r"^(\+\d{1,3} )?\d{3,8}$"},
    {"type": "string", "pattern": "^(red|green|blue)+$", "maxLength": 60},
    {"type": "integer", "minimum": 5, "maximum": 6},
    {"type": "integer", "exclusiveMinimum": 5, "exclusiveMaximum": 7},
    {"type": "integer", "multipleOf": 7, "minimum": 50},
    {"type": "number", "minimum": 0, "maximum": 1},
    {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.1},
    {"type": ["string", "null"]},
    {"enum": ["a", "b", 3, None]},
    {"const": {"fixed": [1, 2]}},
    {"type": "array", "items": {"enum": [1, 2, 3]}, "uniqueItems": True, "minItems": 3},
    {"type": "array", "items": {"type": "string"}, "minItems": 4, "maxItems": 4},
    {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False},
    {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a", "b"]},
    {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 3},
    {
        "anyOf": [
            {"type": "integer"},
            {"type": "object", "properties": {"x": {"const": 1}}, "required": ["x"]},
        ]
    },
    {"oneOf": [{"type": "integer", "minimum": 10}, {"type": "string", "maxLength": 3}]},
    {"allOf": [{"type": "object", "required": ["a"]}, {"properties": {"a": {"type": "boolean"}}}]},
    {"type": "integer", "not": {"const": 3}},
    {"type": "object", "properties": {"a": True}, "required": ["a"]},
    {},
    TREE,
    LINKED,
]


@pytest.mark.parametrize("schema", SCHEMAS, ids=json.dumps)
@pytest.mark.parametrize("hints", [Hints(), HINTS], ids=["plain", "hints"])
def test_a_value_fits_its_schema(schema: dict[str, Any], hints: Hints) -> None:
    for seed in range(8):
        Draft202012Validator(schema).validate(fitting(schema, hints, random.Random(seed)))


@pytest.mark.parametrize("form", ["date", "email", "ipv4", "ipv6", "uuid"])
def test_formats_are_kept(form: str) -> None:
    schema = {"type": "string", "format": form}
    checker = FormatChecker()
    for seed in range(5):
        Draft202012Validator(schema, format_checker=checker).validate(
            fitting(schema, HINTS, random.Random(seed))
        )


def test_times_are_written_by_the_rfc() -> None:
    for seed in range(5):
        moment = fitting({"type": "string", "format": "date-time"}, HINTS, random.Random(seed))
        assert datetime.datetime.fromisoformat(moment).date() == datetime.date(2025, 7, 14)
        clock = fitting({"type": "string", "format": "time"}, HINTS, random.Random(seed))
        assert datetime.time.fromisoformat(clock).tzinfo is datetime.UTC


@pytest.mark.parametrize(
    "schema",
    [{"type": "string", "const": 3}, {"$ref": "https://example.com/x"}, {"enum": [1], "type": "string"}],
)
def test_what_nothing_fits_is_said(schema: dict[str, Any]) -> None:
    with pytest.raises(ImpossibleError):
        fitting(schema, HINTS, random.Random(1))


LEAVES = st.one_of(
    st.just({"type": "boolean"}),
    st.just({"type": "null"}),
    st.builds(
        lambda low, more: {"type": "integer", "minimum": low, "maximum": low + more},
        st.integers(-99, 99),
        st.integers(0, 9),
    ),
    st.builds(
        lambda low, more: {"type": "string", "minLength": low, "maxLength": low + more},
        st.integers(0, 9),
        st.integers(0, 9),
    ),
    st.builds(
        lambda items: {"enum": items},
        st.lists(st.one_of(st.text(max_size=4), st.integers()), min_size=1, max_size=4, unique=True),
    ),
)
NAMES = st.text("abcdefgh_", min_size=1, max_size=6)


def _object(properties: dict[str, Any], required: list[bool]) -> dict[str, Any]:
    wanted = [name for name, needed in zip(properties, required, strict=False) if needed]
    return {"type": "object", "properties": properties, "required": wanted, "additionalProperties": False}


GENERATED = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(
            _object,
            st.dictionaries(NAMES, inner, max_size=4),
            st.lists(st.booleans(), min_size=4, max_size=4),
        ),
        st.builds(
            lambda item, low: {"type": "array", "items": item, "minItems": low}, inner, st.integers(0, 3)
        ),
        st.builds(lambda items: {"anyOf": items}, st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=12,
)


@given(GENERATED, st.integers(0, 5))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_schema_is_met(schema: dict[str, Any], seed: int) -> None:
    Draft202012Validator(schema).validate(fitting(schema, HINTS, random.Random(seed)))


def test_fields_are_filled_with_what_the_text_says() -> None:
    schema = {
        "type": "object",
        "properties": {
            "city": {"type": "string"},
            "nights": {"type": "integer"},
            "kind": {"enum": ["hotel", "rooms", "hotels"]},
        },
        "required": ["city", "nights", "kind"],
    }
    assert json.loads(structured(schema, HINTS, random.Random(1))) == {
        "city": "Oslo",
        "nights": 3,
        "kind": "hotels",
    }


def weather(
    choice: str = "auto", text: str = "What is the weather in Oslo and Rome?", parallel: bool = True
) -> list[str]:
    place = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    functions = (
        Function("send_mail", "Send an e-mail", {"type": "object", "properties": {}}),
        Function("get_weather", "The weather of a place", place),
    )
    task = ChatTask((Turn("user", text),), functions=functions, choice=choice, parallel=parallel)
    return [f"{call.name}{call.arguments}" for call in planned_calls(task, random.Random(1))]


def test_the_function_that_the_words_mean_is_called_for_each_place() -> None:
    assert weather() == ['get_weather{"city": "Oslo"}', 'get_weather{"city": "Rome"}']
    assert weather(parallel=False) == ['get_weather{"city": "Oslo"}']
    assert weather(text="Tell me a story") == []
    assert weather("none") == []
    assert weather("required", "Tell me a story") == ["send_mail{}"]
    assert weather("=send_mail") == ["send_mail{}"]


DEMANDING: list[dict[str, Any]] = [
    {"type": "array", "minItems": 10**7, "items": {"type": "string"}},
    {"type": "string", "minLength": 10**9},
    {"type": "string", "pattern": "(x{900}){900}"},
    {"type": "string", "pattern": "("},
    {"type": "object", "minProperties": 10**6},
    {"type": "array", "minItems": 3, "items": {"$ref": "#"}},
    {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
    {"type": "number", "minimum": 5, "maximum": 1},
    {"anyOf": [{"$ref": "https://example.com/schema"}, {"type": "integer", "minimum": 2, "maximum": 1}]},
]


@pytest.mark.parametrize("schema", DEMANDING, ids=json.dumps)
def test_what_asks_for_too_much_is_given_up(schema: dict[str, Any]) -> None:
    with pytest.raises(ImpossibleError):
        fitting(schema, HINTS, random.Random(1))


def test_no_reference_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    monkeypatch.setattr("urllib.request.urlopen", lambda *arguments, **_: opened.append(arguments))
    schema = {"anyOf": [{"type": "integer"}, {"$ref": "https://example.com/schema"}]}
    for seed in range(10):
        value = fitting(schema, Hints(), random.Random(seed))
        assert isinstance(value, int)
    assert opened == []
