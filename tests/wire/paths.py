"""Walks wire models by path (``choices[].message.content``), to prove that a field is really modelled."""

import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "enum": (str,),
    "integer": (int,),
    "number": (float,),
    "boolean": (bool,),
    "object": (dict, BaseModel),
    "array": (list,),
}
"""What the listing calls a kind, as Python types."""


def kinds_at(model: type[BaseModel], path: str) -> set[type]:
    """The Python types that the model allows at the path; empty when it does not know the path."""
    found: set[Any] = {model}
    for step in path.split("."):
        name, *lists = step.split("[")
        found = set(_members(found, name))
        for _ in lists:
            found = set(_elements(found))
    return {_plain(annotation) for annotation in found}


def matches(model: type[BaseModel], path: str, kind: str) -> bool:
    """Whether the model knows the path and allows that kind of value there."""
    wanted = KINDS[kind]
    return any(issubclass(found, wanted) for found in kinds_at(model, path))


def models_below(model: type[BaseModel]) -> set[type[BaseModel]]:
    """The model and all models that its fields can hold."""
    seen: set[type[BaseModel]] = set()
    waiting = [model]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        for field in current.model_fields.values():
            found = set(_branches(field.annotation))
            found |= set(_elements(found))
            waiting += [item for item in found if isinstance(item, type) and issubclass(item, BaseModel)]
    return seen


def _members(found: set[Any], name: str) -> Iterator[Any]:
    for annotation in found:
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            for attribute, field in annotation.model_fields.items():
                if name in {attribute, field.alias, field.serialization_alias}:
                    yield from _branches(field.annotation)


def _elements(found: set[Any]) -> Iterator[Any]:
    for annotation in found:
        if get_origin(annotation) is list:
            yield from _branches(get_args(annotation)[0])


def _branches(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _branches(get_args(annotation)[0])
    elif origin in {Union, types.UnionType}:
        for branch in get_args(annotation):
            yield from _branches(branch)
    elif annotation is not type(None):
        yield annotation


def _plain(annotation: Any) -> type:
    origin = get_origin(annotation)
    if origin is Literal:
        return type(get_args(annotation)[0])
    plain = origin or annotation
    return plain if isinstance(plain, type) else object
