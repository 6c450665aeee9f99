"""Makes parameters from the request models, so that limits, defaults and help are written down only once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from playground.wire.request_fields import RequestField, request_fields
from playground.workbench.parameters.spec import Kind, Parameter

_KINDS: Mapping[str, Kind] = {
    "text": "text",
    "integer": "integer",
    "number": "number",
    "flag": "flag",
    "choice": "choice",
    "choices": "choices",
    "texts": "lines",
    "map": "pairs",
}


@dataclass(frozen=True)
class Words:
    """What a model does not know of a field: how it is called, where it belongs, how it is best set."""

    label: str
    group: str = ""
    kind: Kind | None = None
    default: Any = None
    """What happens when it is not sent, where this program decides and not the service."""
    start: Any = None
    step: float = 0.05
    choices: tuple[tuple[str, Any], ...] = ()
    open: bool = False
    minimum: float | None = None
    maximum: float | None = None
    words: tuple[str, str] = ("Name", "Value")
    placeholder: str = ""
    note: str = ""
    """Added to the help."""


def parameters_of(model: type[BaseModel], words: Mapping[str, Words]) -> tuple[Parameter, ...]:
    """The parameters named in ``words``, in that order; names of inner members have dots.

    Raises ``KeyError`` for a name that the model does not have.
    """
    return tuple(_parameter(name, _field(model, name), each) for name, each in words.items())


def _field(model: type[BaseModel], name: str) -> RequestField:
    first, _, rest = name.partition(".")
    found = {field.name: field for field in request_fields(model)}[first]
    return _field(found.models[0], rest) if rest else found


def _parameter(name: str, field: RequestField, words: Words) -> Parameter:
    kind = words.kind or _KINDS.get(field.kind, "json")
    minimum = words.minimum if words.minimum is not None else field.minimum
    maximum = words.maximum if words.maximum is not None else field.maximum
    if kind == "number" and (minimum is None or maximum is None):
        raise ValueError(f"{name}: a number needs both limits")
    return Parameter(
        name=name,
        label=words.label,
        kind=kind,
        group=words.group,
        help=f"{field.help} {words.note}".strip(),
        minimum=minimum,
        maximum=maximum,
        step=words.step,
        default=field.service_default if words.default is None else words.default,
        start=words.start,
        choices=words.choices or tuple((str(each), each) for each in field.choices),
        most=field.longest,
        open=words.open,
        words=words.words,
        placeholder=words.placeholder,
    )
