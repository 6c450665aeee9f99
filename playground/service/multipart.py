"""Forms are read as they arrive: the file goes straight to disk, so that its size costs no memory."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from playground.service import contents, limits
from playground.service.call import Form, UploadedFile
from playground.service.errors import ServiceError, bad_request, too_large

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

FLUSH = 1024 * 1024
FILE_PARTS = frozenset({"file", "data"})
MAX_NAME = 255
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


async def read_form(
    chunks: AsyncIterator[bytes], content_type: str, *, path: Path, limit: int, limit_code: str | None = None
) -> Form:
    """Parse a multipart body; its file part (at most ``limit`` bytes) is written to ``path``.

    Raises ``ServiceError``: 400 for a body that is no form, 413 for a part that is too large. The caller
    removes ``path``, which may exist even when this raises.
    """
    reader = _Reader(_boundary(content_type), limit, limit_code)
    descriptor: int | None = None
    try:
        async for chunk in chunks:
            reader.feed(chunk)
            if reader.pending_size < FLUSH:
                continue
            if descriptor is None:
                descriptor = await asyncio.to_thread(contents.create, path)
            await asyncio.to_thread(_write, descriptor, reader.take())
        if reader.has_file:
            if descriptor is None:
                descriptor = await asyncio.to_thread(contents.create, path)
            await asyncio.to_thread(_write, descriptor, reader.take())
    finally:
        if descriptor is not None:
            await asyncio.to_thread(os.close, descriptor)
    return reader.form(path)


def safe_name(name: str) -> str:
    """A file name to show and to send back: the last segment, without control or direction characters."""
    last = _UNSAFE.sub("", re.split(r"[/\\]", name)[-1]).strip()
    return last[-MAX_NAME:] if last.strip(".") else "file"


def _boundary(content_type: str) -> bytes:
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise bad_request("Expected a multipart/form-data body with a boundary.", None)
    return boundary


def _write(descriptor: int, pieces: list[bytes]) -> None:
    for piece in pieces:
        view = memoryview(piece)
        while view:
            view = view[os.write(descriptor, view) :]


class _Reader:
    """Collects what the parser calls out: text fields in memory, the file's bytes until they are taken."""

    def __init__(self, boundary: bytes, limit: int, limit_code: str | None) -> None:
        self.has_file = False
        self.pending_size = 0
        self._limit = limit
        self._limit_code = limit_code
        self._pending: list[bytes] = []
        self._size = 0
        self._fields: list[tuple[str, str]] = []
        self._fields_size = 0
        self._filename = ""
        self._file_type = ""
        self._in_file = False
        self._finished = False
        self._header = (bytearray(), bytearray())
        self._headers: dict[str, bytes] = {}
        self._name = ""
        self._value = bytearray()
        callbacks: MultipartCallbacks = {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._open_part,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._finish,
        }
        try:
            self._parser = MultipartParser(boundary, callbacks)
        except FormParserError as error:
            raise bad_request(f"The form cannot be read: {error}.", None) from None

    def feed(self, chunk: bytes) -> None:
        """Parse one piece of the body."""
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise bad_request(f"The form cannot be read: {error}.", None) from None

    def take(self) -> list[bytes]:
        """The file's bytes that have arrived since the last call."""
        taken, self._pending, self.pending_size = self._pending, [], 0
        return taken

    def form(self, path: Path) -> Form:
        """The finished form; 400 when the body ended before the form did."""
        if not self._finished:
            raise bad_request("The form ends before its last boundary.", None)
        if not self.has_file:
            return Form(self._fields)
        return Form(self._fields, UploadedFile(self._filename, self._file_type, path, self._size))

    def _begin(self) -> None:
        self._headers = {}
        self._header = (bytearray(), bytearray())

    def _end_header(self) -> None:
        name, value = self._header
        self._headers[name.decode("latin-1").lower()] = bytes(value)
        self._header = (bytearray(), bytearray())

    def _open_part(self) -> None:
        _, options = parse_options_header(self._headers.get("content-disposition", b""))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        filename = options.get(b"filename")
        self._in_file = filename is not None or self._name in FILE_PARTS
        self._value = bytearray()
        if not self._in_file:
            return
        if self.has_file:
            raise bad_request("Only one file can be sent in a form.", self._name)
        self.has_file = True
        self._filename = safe_name((filename or b"").decode("utf-8", "replace"))
        self._file_type = self._headers.get("content-type", b"application/octet-stream").decode("latin-1")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self._size += end - start
            if self._size > self._limit:
                raise too_large(self._limit, self._limit_code)
            self.pending_size += end - start
            self._pending.append(data[start:end])
            return
        self._fields_size += end - start
        if self._fields_size > limits.FORM_FIELDS:
            raise ServiceError(413, self._limit_code, "The fields of the form are too large.")
        self._value.extend(data[start:end])

    def _end(self) -> None:
        if not self._in_file:
            if len(self._fields) >= limits.FORM_FIELD_COUNT:
                raise bad_request("The form has too many fields.", self._name)
            self._fields.append((self._name, self._value.decode("utf-8", "replace")))

    def _finish(self) -> None:
        self._finished = True
