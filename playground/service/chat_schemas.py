"""Schemas that callers send: whether they are JSON Schemas at all, and fit for ``strict``."""

from collections.abc import Iterator, Mapping
from typing import Any

from playground.service.errors import ServiceError, bad_request

MAX_DEPTH = 64


def check_function(parameters: Mapping[str, Any] | None, strict: bool, param: str) -> None:
    """400 for parameters that are no schema of an object, or that ``strict`` does not allow."""
    if parameters is None:
        return
    name = param.partition(".")[0]
    if parameters and parameters.get("type", "object") != "object":
        raise _invalid(
            name, param, f"schema must be a JSON Schema of 'type: \"object\"', got {parameters['type']!r}"
        )
    check_schema(parameters, strict, param, name)


def check_schema(schema: Mapping[str, Any], strict: bool, param: str, name: str) -> None:
    """400 for an object that is no JSON Schema, or that ``strict`` does not allow."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    try:
        Draft202012Validator.check_schema(dict(schema))
    except SchemaError as error:
        raise _invalid(name, param, error.message[:200]) from None
    except RecursionError:
        raise _invalid(name, param, "the schema is nested too deeply") from None
    if strict:
        for problem in _loose(schema, (), 0):
            raise _invalid(name, param, problem)


def _invalid(name: str, param: str, problem: str) -> ServiceError:
    return bad_request(f"Invalid schema for '{name}': {problem}.", param, "invalid_json_schema")


def _loose(schema: Any, path: tuple[str, ...], depth: int) -> Iterator[str]:
    """What keeps a schema from being strict: open objects, and properties that are not required."""
    if not isinstance(schema, Mapping) or depth > MAX_DEPTH:
        return
    context = f"In context={path!r}, "
    properties = schema.get("properties")
    if schema.get("type") == "object" or properties is not None:
        if schema.get("additionalProperties") is not False:
            yield f"{context}'additionalProperties' is required to be supplied and to be false"
        missing = [key for key in properties or {} if key not in schema.get("required", [])]
        if missing:
            yield (
                f"{context}'required' is required to be supplied and to be an array including every key in "
                f"properties. Missing '{missing[0]}'"
            )
    for key in ("properties", "$defs", "definitions"):
        for name, inner in (schema.get(key) or {}).items():
            yield from _loose(inner, (*path, key, str(name)), depth + 1)
    yield from _loose(schema.get("items"), (*path, "items"), depth + 1)
    for place, inner in enumerate(schema.get("anyOf") or []):
        yield from _loose(inner, (*path, "anyOf", str(place)), depth + 1)
