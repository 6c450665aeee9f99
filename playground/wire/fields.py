"""How request fields are written: strict scalars, help and service default beside each, readable unions.

Unions name their branches in angle brackets (``<array>``, ``<user>``), so that ``problems`` can take them out
of an error's location again: pydantic puts them between the member names.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AllowInfNan, BaseModel, Discriminator, Field, Strict, StringConstraints, Tag

Integer = Annotated[int, Strict()]
Number = Annotated[float, Strict(), AllowInfNan(False)]
Flag = Annotated[bool, Strict()]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
"""What functions, tools and JSON schemas may be called."""

Metadata = Annotated[
    dict[Annotated[str, Field(max_length=64)], Annotated[str, Field(max_length=512)]], Field(max_length=16)
]
"""Up to 16 pairs of the caller's own text."""

LogitBias = dict[Annotated[str, Field(pattern=r"^[0-9]+$")], Annotated[Integer, Field(ge=-100, le=100)]]
"""Token id (as text) to a bias of -100..100."""


def optional(help: str, *, service_default: Any = None, **limits: Any) -> Any:
    """A request field that is not sent unless set; ``service_default`` is what the service then assumes."""
    extra = None if service_default is None else {"service_default": service_default}
    return Field(default=None, description=help, json_schema_extra=extra, **limits)


def json_kind(value: Any) -> str:
    """Which JSON kind a value has, as a branch name: unions of unlike kinds are told apart by it."""
    if isinstance(value, str):
        return "<string>"
    if isinstance(value, bool):
        return "<boolean>"
    if isinstance(value, int | float):
        return "<number>"
    if isinstance(value, list | tuple):
        return "<array>"
    return "<object>" if isinstance(value, Mapping | BaseModel) else "<null>"


def batch_kind(value: Any) -> str:
    """As `json_kind`, telling arrays of text, of tokens and of token arrays apart by their first element."""
    kind = json_kind(value)
    if kind != "<array>" or not value:
        return kind
    first = json_kind(value[0])
    return {"<number>": "<tokens>", "<array>": "<token arrays>"}.get(first, "<array>")


def told_by(member: str) -> Discriminator:
    """A union of objects told apart by the text of one member; branches are tagged ``<text>``."""

    def read(value: Any) -> str | None:
        text = value.get(member) if isinstance(value, Mapping) else getattr(value, member, None)
        return f"<{text}>" if isinstance(text, str) else None

    read.__name__ = member
    return Discriminator(read)


by_kind = Discriminator(json_kind)
by_batch_kind = Discriminator(batch_kind)

Stop = Annotated[
    Annotated[str, Tag("<string>")] | Annotated[list[str], Field(min_length=1, max_length=4), Tag("<array>")],
    by_kind,
]
"""One text, or 1 to 4 of them, before which an answer ends."""
