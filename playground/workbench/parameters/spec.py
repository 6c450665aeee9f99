"""What a row of the parameter form edits: one field of a request, described once, in plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from playground.wire.request_fields import RequestField

Kind = Literal["number", "integer", "flag", "text", "choice", "lines", "pairs"]
_KINDS: Mapping[str, Kind] = {
    "number": "number",
    "integer": "integer",
    "flag": "flag",
    "text": "text",
    "choice": "choice",
    "texts": "lines",
    "map": "pairs",
}


@dataclass(frozen=True)
class Parameter:
    """One field. ``name`` is its wire name; a dot leads to a member (``stream_options.include_usage``).

    ``default`` is what the service takes when the field is not sent (None: it does not say). ``numeric``
    tells whether the values of ``pairs`` are whole numbers. ``wrapped`` names the member that the value
    stands in, when the wire wants an object (``type`` for ``response_format``).
    """

    name: str
    label: str
    group: str
    kind: Kind
    help: str = ""
    default: Any = None
    minimum: float | None = None
    maximum: float | None = None
    step: float = 1.0
    choices: tuple[str, ...] = ()
    numeric: bool = False
    wrapped: str = ""

    def default_text(self) -> str:
        """What happens when it is not sent, in a word or two."""
        if self.default is None:
            return "not sent"
        if isinstance(self.default, bool):
            return "on" if self.default else "off"
        if isinstance(self.default, Mapping):
            return str(next(iter(self.default.values()), "not sent"))
        return f"{self.default:g}" if isinstance(self.default, int | float) else str(self.default)

    def wanted(self, text: str) -> bool:
        """Whether a search for this text means this row."""
        needle = text.strip().lower()
        return not needle or needle in f"{self.name} {self.label} {self.help} {self.group}".lower()


def parameter_of(field: "RequestField", label: str, group: str, **changes: Any) -> Parameter:
    """A row from what the wire model says of its field, where limits, default and help are written down."""
    facts: dict[str, Any] = {
        "kind": _KINDS.get(field.kind, "text"),
        "help": field.help or "",
        "default": field.service_default,
        "minimum": field.minimum,
        "maximum": field.maximum,
        "choices": tuple(field.choices),
    }
    return Parameter(name=field.name, label=label, group=group, **{**facts, **changes})
