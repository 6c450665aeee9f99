"""What a parameter is, as a plain value: its place in the request, its limits, and how it is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal[
    "number", "integer", "flag", "choice", "choices", "text", "lines", "pairs", "numbers", "json", "format"
]
"""``pairs`` are names with texts, ``numbers`` digits with whole numbers; ``format`` is an answer format."""


@dataclass(frozen=True)
class Parameter:
    """One row of a form.

    ``name`` is the place in the request, inner members behind a dot (``stream_options.include_usage``).
    ``default`` is what happens when nothing is sent; ``start`` is what a row begins with when it is
    switched on and there is no default. ``most`` counts elements, or characters of a text.
    """

    name: str
    label: str
    kind: Kind
    group: str = ""
    help: str = ""
    minimum: float | None = None
    maximum: float | None = None
    step: float = 0.1
    default: Any = None
    start: Any = None
    choices: tuple[tuple[str, Any], ...] = ()
    most: int | None = None
    open: bool = False
    """Whether a choice also takes text that is not in the list."""
    words: tuple[str, str] = ("Name", "Value")
    """How the two halves of a pair are called."""
    placeholder: str = ""

    @property
    def path(self) -> tuple[str, ...]:
        """The name in its parts."""
        return tuple(self.name.split("."))

    def matches(self, text: str) -> bool:
        """Whether every word of a search is in name, label, group or help."""
        here = f"{self.name} {self.label} {self.group} {self.help}".casefold()
        return all(word in here for word in text.casefold().split())


NOTHING = object()
"""Stands for a value that is not there, where None would be one."""


def look_up(values: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """The value at a path, or ``NOTHING``."""
    here: Any = values
    for part in path:
        if not isinstance(here, Mapping) or part not in here:
            return NOTHING
        here = here[part]
    return here


def put_in(values: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Set the value at a path, making objects on the way."""
    for part in path[:-1]:
        inner = values.get(part)
        if not isinstance(inner, dict):
            inner = values[part] = {}
        values = inner
    values[path[-1]] = value


def take_out(values: dict[str, Any], path: tuple[str, ...]) -> None:
    """Remove the value at a path, and objects that become empty by it."""
    if len(path) > 1 and isinstance(values.get(path[0]), dict):
        take_out(values[path[0]], path[1:])
        if not values[path[0]]:
            del values[path[0]]
    elif len(path) == 1:
        values.pop(path[0], None)


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Both together; objects are merged member by member, elsewhere ``over`` wins."""
    out = dict(under)
    for key, value in over.items():
        known = out.get(key)
        both = isinstance(known, Mapping) and isinstance(value, Mapping)
        out[key] = merged(known, value) if both else value  # type: ignore[arg-type]
    return out
