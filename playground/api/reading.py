"""How answers become values: the shapes that the operations have in common."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from playground.wire.base import from_json

if TYPE_CHECKING:
    from playground.api.answer import Answer

M = TypeVar("M", bound=BaseModel)

_JSON_IN_DISGUISE = ("", "text/plain", "text/json", "application/octet-stream")


def model_reader(model: type[M]) -> "Callable[[Answer], Awaitable[M]]":
    """Reads an answer of JSON; raises ``NotThisApi`` when it is not an object of this shape."""

    async def read(answer: "Answer") -> M:
        text = await _json_text(answer)
        try:
            value = from_json(model, text)
        except (ValidationError, RecursionError):
            raise answer.not_this_api(f"JSON of the kind {model.__name__}", text) from None
        if not value.model_fields_set & model.model_fields.keys():
            # Every member may be missing, but not all of them at once.
            raise answer.not_this_api(f"JSON of the kind {model.__name__}", text)
        return value

    return read


async def read_text(answer: "Answer") -> str:
    """Reads an answer of plain text, which may be empty; raises ``NotThisApi`` for a web page."""
    await answer.refuse_web_page()
    return await answer.text()


async def read_bytes(answer: "Answer") -> bytes:
    """Reads an answer of bytes into memory; raises ``NotThisApi`` for a web page."""
    await answer.refuse_web_page()
    data = await answer.whole()
    answer.exchange.response_body = f"[{len(data):,} bytes, {answer.content_type or 'no type'}]".encode()
    return data


async def _json_text(answer: "Answer") -> str:
    text = await answer.text()
    kind = answer.content_type
    if kind == "application/json" or kind.endswith("+json"):
        return text
    if kind in _JSON_IN_DISGUISE and text.lstrip().startswith("{"):
        return text
    raise answer.not_this_api("application/json", text)
