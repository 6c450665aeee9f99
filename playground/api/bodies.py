"""What a request carries: JSON, or a form with a file that is read while it is sent."""

import asyncio
import io
import json
import os
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from playground.api.exchange import MAXIMUM_BODY, Exchange

if TYPE_CHECKING:
    from pydantic import BaseModel

    from playground.api.redaction import Redactor

Progress = Callable[[int, int | None], None]
"""Called with bytes done and bytes in all (None when unknown); begins anew with each attempt."""

_READ_SIZE = 1024 * 1024
_LONGEST_PARSED = 64 * 1024 * 1024


class Body(Protocol):
    """The body of a request; ``pieces`` begins anew each time it is asked for."""

    content_type: str | None

    async def size(self) -> int: ...

    def pieces(self) -> AsyncIterator[bytes]: ...

    def record(self, exchange: Exchange, redactor: "Redactor") -> None: ...


class NoBody:
    """Nothing, as in a GET, or a POST that only names what it acts on."""

    content_type: str | None = None

    async def size(self) -> int:
        """None at all."""
        return 0

    async def pieces(self) -> AsyncIterator[bytes]:
        """Nothing."""
        return
        yield b""

    def record(self, exchange: Exchange, redactor: "Redactor") -> None:
        """Leave no trace."""


@dataclass
class JsonBody:
    """A JSON object; ``extra`` members go over those of the model."""

    model: "BaseModel"
    extra: dict[str, Any] = field(default_factory=dict)
    content_type: str | None = "application/json"

    def __post_init__(self) -> None:
        from playground.wire.base import to_json

        model = self.model.model_copy(update=self.extra) if self.extra else self.model
        self._data = to_json(model)

    async def size(self) -> int:
        """In bytes."""
        return len(self._data)

    async def pieces(self) -> AsyncIterator[bytes]:
        """All at once."""
        yield self._data

    def record(self, exchange: Exchange, redactor: "Redactor") -> None:
        """The object without credentials, its pictures and sounds told by their size."""
        if len(self._data) > _LONGEST_PARSED:
            exchange.request_body = f"[{len(self._data):,} bytes of JSON]".encode()
        else:
            exchange.request_body = redactor.body(self._data, MAXIMUM_BODY)


@dataclass(frozen=True)
class FilePart:
    """The file of a form, or ``length`` bytes of it from ``offset``; ``source`` is a path or the bytes."""

    source: Path | bytes
    filename: str
    content_type: str = "application/octet-stream"
    offset: int = 0
    length: int | None = None

    async def size(self) -> int:
        """In bytes. Raises ``OSError``."""
        if isinstance(self.source, bytes):
            whole = len(self.source)
        else:
            whole = (await asyncio.to_thread(os.stat, self.source)).st_size
        rest = max(0, whole - self.offset)
        return rest if self.length is None else min(rest, self.length)

    async def pieces(self, size: int) -> AsyncIterator[bytes]:
        """Exactly ``size`` bytes, read in a thread; raises ``OSError`` when the file has become shorter."""
        file = await asyncio.to_thread(self._open)
        try:
            left = size
            while left:
                piece = await asyncio.to_thread(file.read, min(_READ_SIZE, left))
                if not piece:
                    raise OSError(f"{self.filename} became shorter while it was being sent.")
                left -= len(piece)
                yield piece
        finally:
            file.close()

    def _open(self) -> BinaryIO:
        file = io.BytesIO(self.source) if isinstance(self.source, bytes) else self.source.open("rb")
        file.seek(self.offset)
        return file


class FormBody:
    """multipart/form-data: fields first, the file last, so that a service knows what it is for."""

    def __init__(
        self,
        fields: Iterable[tuple[str, str]],
        name: str,
        file: FilePart,
        progress: Progress | None = None,
    ) -> None:
        self._fields = list(fields)
        self._name = name
        self._file = file
        self._progress = progress
        self._boundary = f"playground-{os.urandom(12).hex()}"
        self.content_type: str | None = f"multipart/form-data; boundary={self._boundary}"

    async def size(self) -> int:
        """In bytes, frame included. Raises ``OSError``."""
        return len(self._head()) + await self._file.size() + len(self._tail())

    async def pieces(self) -> AsyncIterator[bytes]:
        """The whole form. Raises ``OSError``."""
        size = await self._file.size()
        yield self._head()
        done = 0
        self._report(done, size)
        async for piece in self._file.pieces(size):
            for at in range(0, len(piece), 64 * 1024):
                yield piece[at : at + 64 * 1024]
                done += len(piece[at : at + 64 * 1024])
                self._report(done, size)
        yield self._tail()

    def record(self, exchange: Exchange, redactor: "Redactor") -> None:
        """The fields, and of the file its name."""
        shown = [*self._fields, (self._name, f"@{self._file.filename}")]
        exchange.request_form = [(name, redactor.text(value)) for name, value in shown]
        lines = "".join(f"{name}={value}\n" for name, value in exchange.request_form)
        exchange.request_body = f"[multipart/form-data]\n{lines}".encode(errors="replace")

    def _report(self, done: int, size: int) -> None:
        if self._progress is not None:
            self._progress(done, size)

    def _head(self) -> bytes:
        parts = [
            f'--{self._boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n{value}\r\n'
            for name, value in self._fields
        ]
        file = (
            f'--{self._boundary}\r\nContent-Disposition: form-data; name="{_quoted(self._name)}"; '
            f'filename="{_quoted(self._file.filename)}"\r\nContent-Type: {self._file.content_type}\r\n\r\n'
        )
        return "".join([*parts, file]).encode(errors="replace")

    def _tail(self) -> bytes:
        return f"\r\n--{self._boundary}--\r\n".encode()


def _quoted(name: str) -> str:
    """As browsers write it: three characters escaped, all others as they are."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def form_fields(model: "BaseModel", extra: Sequence[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    """The fields of a form: lists as repeated parts, numbers as JSON writes them, unset members not at all."""
    from playground.wire.base import to_wire

    fields = list(extra)
    for name, value in to_wire(model).items():
        for item in value if isinstance(value, list) else [value]:
            if item is not None:
                fields.append((name, item if isinstance(item, str) else json.dumps(item)))
    return fields
