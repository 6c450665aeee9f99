"""What comes in goes out again: unknown members at any depth, ``null`` apart from absent, order of lists."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.wire.base import WireModel, from_json, to_json, to_wire
from playground.wire.operations import resolve
from tests.wire.samples import ANNOTATION_CHUNK, ANSWERS, REQUESTS

BODIES = {**ANSWERS, **REQUESTS}
FREE = {"metadata", "logit_bias"}
"""Maps whose keys are the caller's, so nothing can be unknown in them."""
KEPT = {"index", "prompt_index", "choices", "data", "id", "embedding", "text", "error"}
"""Members of answers that are not asked to take null here."""

numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
unknown_names = st.text("abcdefghij-$. é\u2028", min_size=1, max_size=6).map(lambda name: f"x{name}")


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every JSON object inside that can hold unknown members."""
    if isinstance(value, dict):
        yield value
        for name, member in value.items():
            of_tokens = name == "top_logprobs" and "token" not in value  # a map from token to logprob
            if name not in FREE and not of_tokens:
                yield from objects(member)
    elif isinstance(value, list):
        for element in value:
            yield from objects(element)


def unknown(value: Any) -> Iterator[str]:
    """The names of members, at any depth, that the models do not know."""
    if isinstance(value, WireModel):
        yield from value.model_extra or {}
        for name in type(value).model_fields:
            yield from unknown(getattr(value, name))
    elif isinstance(value, list):
        for element in value:
            yield from unknown(element)


@pytest.mark.parametrize("name", BODIES)
def test_samples_come_out_unchanged(name: str):
    body = BODIES[name]
    model = from_json(resolve(name), json.dumps(body))
    assert to_wire(model) == body
    assert json.loads(to_json(model)) == body
    assert list(unknown(model)) == [], "a sample member is not modelled"


@given(data=st.data(), name=st.sampled_from(sorted(BODIES)))
@settings(max_examples=150, deadline=None)
def test_unknown_members_survive_at_every_depth(data: st.DataObject, name: str):
    body = copy.deepcopy(BODIES[name])
    places = list(objects(body))
    for place in data.draw(
        st.lists(st.sampled_from(range(len(places))), min_size=1, max_size=4, unique=True)
    ):
        places[place][data.draw(unknown_names)] = data.draw(json_values)
    model = resolve(name)
    assert to_wire(model.model_validate_json(json.dumps(body))) == body
    assert to_wire(model.model_validate(body)) == body
    assert json.loads(to_json(from_json(model, json.dumps(body)))) == body


@pytest.mark.parametrize("name", ANSWERS)
def test_null_and_absent_are_kept_apart_in_answers(name: str):
    model = resolve(name)
    count = len(list(objects(ANSWERS[name])))
    for index in range(count):
        for member in list(list(objects(ANSWERS[name]))[index]):
            for absent in (True, False):
                body = copy.deepcopy(ANSWERS[name])
                place = list(objects(body))[index]
                if member in KEPT:
                    continue
                place.pop(member) if absent else place.update({member: None})
                assert to_wire(model.model_validate_json(json.dumps(body))) == body, member


@pytest.mark.parametrize("name", REQUESTS)
def test_null_and_absent_are_kept_apart_in_requests(name: str):
    model = resolve(name)
    for attribute, field in model.model_fields.items():
        if field.is_required():
            continue
        required = {key: value for key, value in REQUESTS[name].items() if is_required(model, key)}
        wire_name = field.serialization_alias or field.alias or attribute
        assert wire_name not in to_wire(model.model_validate(required))
        with_null = {**required, wire_name: None}
        assert to_wire(model.model_validate(with_null)) == with_null


def is_required(model: Any, key: str) -> bool:
    return key in model.model_fields and model.model_fields[key].is_required()


def test_nothing_is_sent_that_was_not_set():
    request = resolve("chat:ChatRequest")(messages=[{"role": "user", "content": "Hi"}])
    assert to_json(request) == b'{"messages":[{"role":"user","content":"Hi"}]}'
    request.temperature = 0.0
    request.stop = None
    assert json.loads(to_json(request)) == {
        "messages": [{"role": "user", "content": "Hi"}],
        "temperature": 0.0,
        "stop": None,
    }


def test_an_annotation_chunk_comes_out_without_a_delta():
    chunk = from_json(resolve("chat:ChatChunk"), json.dumps(ANNOTATION_CHUNK))
    assert to_wire(chunk) == ANNOTATION_CHUNK
    assert chunk.choices[0].delta is None
