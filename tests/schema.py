"""Judges bodies by the API's reconstructed schemas (``openapi.json`` beside this file), for every floor."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from playground.wire.operations import BY_ID

_PREFIX = "#/components/schemas/"


def validate(operation_id: str, status: int, body: Any) -> None:
    """Assert that ``body`` (parsed JSON, or bytes) may answer the operation with this status."""
    _judge(_answer(BY_ID[operation_id].id, status), body, f"{operation_id} {status}")


def validate_chunk(operation_id: str, chunk: Any) -> None:
    """Assert that ``chunk`` (parsed JSON) may be an event of the operation's stream."""
    _judge(
        _content(BY_ID[operation_id].id, "200")["text/event-stream"]["schema"], chunk, f"{operation_id} chunk"
    )


def validate_request(operation_id: str, body: Any) -> None:
    """Assert that ``body`` may be the JSON body of the operation."""
    content = _operations()[BY_ID[operation_id].id]["requestBody"]["content"]
    _judge(content["application/json"]["schema"], body, f"{operation_id} request")


def schema(name: str) -> dict[str, Any]:
    """The named schema as plain JSON Schema, complete with the definitions it refers to."""
    return {"$ref": f"#/$defs/{name}", "$defs": _definitions()}


def _answer(operation_id: str, status: int) -> Any:
    for kind, media in _content(operation_id, str(status)).items():
        if kind == "application/json":
            return media["schema"]
    raise AssertionError(f"{operation_id} does not answer {status} with JSON")


def _content(operation_id: str, status: str) -> Any:
    responses = _operations()[operation_id]["responses"]
    if status not in responses and int(status) < 400:
        raise AssertionError(f"{operation_id} does not answer {status}")
    return responses.get(status, responses["default"])["content"]


def _judge(wanted: dict[str, Any], body: Any, what: str) -> None:
    value = json.loads(body) if isinstance(body, bytes | str) else body
    validator = Draft202012Validator({**_plain(wanted), "$defs": _definitions()})
    faults = sorted(validator.iter_errors(value), key=lambda fault: list(map(str, fault.absolute_path)))
    assert not faults, f"{what}: " + "; ".join(f"{fault.json_path}: {fault.message}" for fault in faults[:5])


@cache
def _document() -> Any:
    return json.loads((Path(__file__).parent / "openapi.json").read_text("utf-8"))


@cache
def _operations() -> dict[str, dict[str, Any]]:
    paths = _document()["paths"].values()
    return {operation["operationId"]: operation for path in paths for operation in path.values()}


@cache
def _definitions() -> dict[str, Any]:
    return {name: _plain(body) for name, body in _document()["components"]["schemas"].items()}


def _plain(value: Any) -> Any:
    """OpenAPI 3.0 to JSON Schema: ``nullable`` becomes a type of its own, references point into ``$defs``."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    out = {
        key: _plain(item) for key, item in value.items() if key not in {"nullable", "discriminator", "format"}
    }
    if isinstance(out.get("$ref"), str):
        out["$ref"] = "#/$defs/" + out["$ref"].removeprefix(_PREFIX)
    return {"anyOf": [out, {"type": "null"}]} if value.get("nullable") is True else out
