"""Every field that the API's listing names exists in the models, with the kind of value it names."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.wire.errors import ERROR_CODE_HEADER, ErrorResponse
from playground.wire.operations import API_VERSION, BY_ID, OPERATIONS, BodyKind, Operation, resolve
from tests.wire.paths import kinds_at, matches

LISTING = json.loads((Path(__file__).parent / "seed_fields.json").read_text("utf-8"))

UNTYPED = {"functions[].parameters"}
"""The listing prints a value without a type as a string; these are objects."""


def answers(operation: Operation) -> list[str]:
    """The models an answer can have: whole, or piece by piece."""
    return [name for name in (operation.response, operation.stream) if name]


def request_fields() -> Iterator[tuple[str, str, str]]:
    for name, entry in LISTING.items():
        for path, kind in entry["request"].items():
            yield name, path, "object" if path in UNTYPED else kind


def answer_fields() -> Iterator[tuple[str, str, str]]:
    for name, entry in LISTING.items():
        for path, kind in entry["response"].items():
            yield name, path, kind


def knows_request(name: str, path: str, kind: str) -> bool:
    operation = BY_ID[name]
    if kind == "file":
        return operation.file_field == path
    return operation.request is not None and matches(resolve(operation.request), path, kind)


def knows_answer(name: str, path: str, kind: str) -> bool:
    operation = BY_ID[name]
    if not path:  # the answer is not an object
        return operation.returns in {BodyKind.BYTES, BodyKind.TRANSCRIPT}
    return any(matches(resolve(model), path, kind) for model in answers(operation))


def normal(path: str) -> list[str]:
    return ["{}" if step.startswith("{") else step for step in path.split("/")]


def test_the_listing_is_whole():
    asked = sum(
        len(entry["address"]) + len(entry["query"]) + len(entry["request"]) for entry in LISTING.values()
    )
    assert len(LISTING) == 20
    assert asked == 130
    assert sum(len(entry["response"]) for entry in LISTING.values()) == 404
    assert sum(len(entry.get("errors", {})) for entry in LISTING.values()) == 49


def test_the_operations_are_those_of_the_listing():
    assert {operation.id for operation in OPERATIONS} == set(LISTING)
    for name, entry in LISTING.items():
        operation = BY_ID[name]
        assert operation.method == entry["method"]
        assert normal(operation.path) == normal(entry["path"])
        assert len([item for item in entry["address"] if item != "api-version"]) == len(
            operation.path_parameters
        )
        assert set(entry["query"]) <= set(operation.query)


def test_query_fields_are_modelled():
    for name, entry in LISTING.items():
        for path in entry["query"]:
            query_model = BY_ID[name].query_model
            assert query_model is not None
            assert kinds_at(resolve(query_model), path), f"{name}: {path}"
    assert API_VERSION == "2025-01-01-preview"


def test_every_request_field_is_modelled():
    assert [field for field in request_fields() if not knows_request(*field)] == []


def test_every_answer_field_is_modelled():
    assert [field for field in answer_fields() if not knows_answer(*field)] == []


def test_every_error_field_is_modelled():
    for name, entry in LISTING.items():
        for path, kind in entry.get("errors", {}).items():
            if path.startswith("header "):
                assert path == f"header {ERROR_CODE_HEADER}"
            else:
                assert matches(ErrorResponse, path, kind) or path == "error.details[]", f"{name}: {path}"
    assert str in kinds_at(ErrorResponse, "error.details[]")


def invented(path: str) -> Iterator[str]:
    """Paths that do not exist: each step misspelt in turn, and one step too many."""
    steps = path.split(".")
    for index, step in enumerate(steps):
        name, *lists = step.split("[")
        yield ".".join([*steps[:index], "[".join([f"{name}_invented", *lists]), *steps[index + 1 :]])
    yield f"{path}.invented"


def test_an_invented_field_is_not_found():
    tried = 0
    for name, path, _ in request_fields():
        for wrong in invented(path):
            tried += 1
            assert not any(knows_request(name, wrong, kind) for kind in ("string", "object", "file")), wrong
    for name, path, _ in answer_fields():
        for wrong in invented(path) if path else ():
            tried += 1
            assert not any(kinds_at(resolve(model), wrong) for model in answers(BY_ID[name])), wrong
    assert tried > 1000


@pytest.mark.parametrize(
    ("name", "path", "kind"),
    [
        ("GetChatCompletions", "choices[].index", "string"),
        ("GetChatCompletions", "choices.index", "integer"),
        ("GetEmbeddings", "data[].embedding[]", "boolean"),
        ("ListFiles", "data[].bytes", "object"),
    ],
)
def test_a_wrong_kind_is_noticed(name: str, path: str, kind: str):
    assert not knows_answer(name, path, kind)
