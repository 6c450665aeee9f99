"""Reads name, kind, limits, default and help of request fields: a form can be built from the models."""

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

Kind = Literal[
    "text", "integer", "number", "flag", "choice", "choices", "texts", "map", "list", "object", "mixed"
]
"""``choices`` and ``texts`` are lists (``texts`` may also be one bare text); ``mixed`` is any other union."""


@dataclass(frozen=True, slots=True)
class RequestField:
    """One field of a request; a limit is ``None`` where there is none; lengths are of text or of lists."""

    name: str
    """As it is called on the wire."""
    kind: Kind
    required: bool
    help: str
    service_default: Any
    choices: tuple[str, ...]
    minimum: float | None
    maximum: float | None
    shortest: int | None
    longest: int | None
    models: tuple[type[BaseModel], ...]
    """The models its value or its elements may have."""


def request_fields(model: type[BaseModel]) -> tuple[RequestField, ...]:
    """The fields of a request model or of a part of one, in their order."""
    return tuple(_read(name, info) for name, info in model.model_fields.items())


def _read(name: str, info: FieldInfo) -> RequestField:
    marks = [*info.metadata, *_marks(info.annotation)]
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    branches = list(_branches(info.annotation))
    return RequestField(
        name=info.serialization_alias or info.alias or name,
        kind=_kind(branches),
        required=info.is_required(),
        help=info.description or "",
        service_default=extra.get("service_default"),
        choices=tuple(_choices(branches)),
        minimum=_limit(marks, "ge"),
        maximum=_limit(marks, "le"),
        shortest=_limit(marks, "min_length"),
        longest=_limit(marks, "max_length"),
        models=tuple(_models(branches)),
    )


def _limit(marks: list[Any], name: str) -> Any:
    return next((value for mark in marks if (value := getattr(mark, name, None)) is not None), None)


def _marks(annotation: Any) -> Iterator[Any]:
    """Limits written beside a type: its own, or those of the list among its branches."""
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        for mark in marks:
            yield from mark.metadata if isinstance(mark, FieldInfo) else [mark]
        yield from _marks(inner)
    elif _is_union(annotation):
        for branch in get_args(annotation):
            yield from _marks(branch)


def _branches(annotation: Any) -> Iterator[Any]:
    """The types of a union without ``None`` and without what is written beside them."""
    if get_origin(annotation) is Annotated:
        yield from _branches(get_args(annotation)[0])
    elif _is_union(annotation):
        for branch in get_args(annotation):
            yield from _branches(branch)
    elif annotation is not type(None):
        yield annotation


def _is_union(annotation: Any) -> bool:
    return get_origin(annotation) in {Union, types.UnionType}


_PLAIN: dict[Any, Kind] = {str: "text", int: "integer", float: "number", bool: "flag", dict: "map"}


def _kind(branches: list[Any]) -> Kind:
    kinds = {_kind_of_one(branch) for branch in branches}
    if kinds == {"text", "texts"}:
        return "texts"
    return kinds.pop() if len(kinds) == 1 else "mixed"


def _kind_of_one(branch: Any) -> Kind:
    origin = get_origin(branch) or branch
    if origin is Literal:
        return "choice"
    if origin is list:
        inner = {_kind_of_one(element) for element in _branches(get_args(branch)[0])}
        return {"choice": "choices", "text": "texts"}.get(inner.pop() if len(inner) == 1 else "", "list")  # type: ignore[return-value]
    return _PLAIN.get(origin, "object")


def _choices(branches: list[Any]) -> Iterator[str]:
    for branch in branches:
        if get_origin(branch) is Literal:
            yield from get_args(branch)
        elif get_origin(branch) is list:
            yield from _choices(list(_branches(get_args(branch)[0])))


def _models(branches: list[Any]) -> Iterator[type[BaseModel]]:
    for branch in branches:
        if get_origin(branch) is list:
            yield from _models(list(_branches(get_args(branch)[0])))
        elif isinstance(branch, type) and issubclass(branch, BaseModel):
            yield branch
