"""The ground all wire models stand on: unknown members are kept, unset members are never sent."""

import json
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, core_schema

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")

Timestamp = int | float | str
"""Unix seconds as documented; some servers send fractions, and old batch samples carry ISO-8601 text."""


class _NullIsEmpty:
    """Lets ``null`` stand for an empty list, at no cost to the usual path, which is that of a stream."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        empty = core_schema.no_info_after_validator_function(lambda _: [], core_schema.none_schema())
        return core_schema.union_schema([handler(source), empty], mode="left_to_right")


Listed = Annotated[list[T], _NullIsEmpty()]
"""A list in an answer, empty when the server sends ``null``."""


class WireModel(BaseModel):
    """A JSON object of the API. Absent and ``null`` are kept apart; unknown members come out unchanged."""

    model_config = ConfigDict(extra="allow", populate_by_name=True, protected_namespaces=(), defer_build=True)


def to_wire(model: BaseModel) -> dict[str, Any]:
    """The JSON object to send: members never set stay away, an explicit ``None`` becomes ``null``."""
    return model.model_dump(mode="json", by_alias=True, exclude_unset=True)


def to_json(model: BaseModel) -> bytes:
    """`to_wire` as UTF-8 bytes; lone surrogates, which UTF-8 cannot carry, become U+FFFD."""
    text = json.dumps(to_wire(model), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return mend_surrogates(text).encode()


def from_json(model: type[M], data: bytes | str) -> M:
    """Parse an answer; a text cut inside a surrogate pair is mended rather than refused.

    Raises pydantic's ``ValidationError`` when the text is not JSON or not of this shape.
    """
    try:
        return model.model_validate_json(data)
    except ValidationError as error:
        if error.errors(include_url=False)[0]["type"] != "json_invalid":
            raise
        try:
            value = json.loads(data)
        except ValueError:
            raise error from None
        return model.model_validate(_mended(value))


def mend_surrogates(text: str) -> str:
    """Join split surrogate pairs and replace lone halves by U+FFFD, so that the text can be encoded."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return mend_surrogates(value)
    if isinstance(value, list):
        return [_mended(item) for item in value]
    if isinstance(value, dict):
        return {mend_surrogates(key): _mended(item) for key, item in value.items()}
    return value
