"""What a handler is given: one request, checked and read, wherever it came from (HTTP or a batch line)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pydantic

from playground.service.errors import ServiceError, as_payload_error, invalid_body, invalid_json

if TYPE_CHECKING:
    from playground.service.service import Service

Model = TypeVar("Model", bound=pydantic.BaseModel)
LONG_BODY = 128 * 1024


@dataclass(frozen=True)
class Deployment:
    """A model under a name; ``capability`` is the word of the operations that it can do (``chat`` …)."""

    name: str
    capability: str
    model: str


@dataclass(frozen=True)
class UploadedFile:
    """A file part of a form in a temporary file, which is removed after the call unless it was moved away."""

    filename: str
    content_type: str
    path: Path
    size: int


@dataclass
class Form:
    """A parsed multipart body: text fields in the order sent, and at most one file."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    file: UploadedFile | None = None

    def get(self, name: str) -> str | None:
        """The first value of a field, or None."""
        return next((value for key, value in self.fields if key == name), None)

    def all(self, name: str) -> list[str]:
        """Every value of a field; ``name[]`` counts as ``name``, as form writers disagree on it."""
        return [value for key, value in self.fields if key.removesuffix("[]") == name]


async def _never() -> bool:
    return False


@dataclass
class Call:
    """One request for one handler: ``async def <verb>(call: Call) -> starlette.responses.Response``."""

    service: "Service"
    deployment: Deployment | None = None
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Form | None = None
    path: dict[str, str] = field(default_factory=dict)
    disconnected: Callable[[], Awaitable[bool]] = _never

    async def gone(self) -> bool:
        """Whether nobody waits for the answer any more (the client left, or the batch was cancelled)."""
        return await self.disconnected()

    async def parse(self, model: type[Model]) -> Model:
        """The JSON body as a wire model, or a 400 ``ServiceError``. Long bodies are parsed in a thread."""
        if len(self.body) > LONG_BODY:
            return await asyncio.to_thread(self._parse, model)
        return self._parse(model)

    async def parse_payload(self, model: type[Model]) -> Model:
        """As ``parse``; its errors are worded as the files, uploads and batches routes word them."""
        try:
            return await self.parse(model)
        except ServiceError as error:
            raise as_payload_error(error) from None

    def _parse(self, model: type[Model]) -> Model:
        try:
            return model.model_validate_json(self.body)
        except pydantic.ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            if first["type"] == "json_invalid":
                raise invalid_json(first["msg"]) from None
            raise invalid_body(error) from None
