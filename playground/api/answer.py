"""An answer that is being read: its head at once, its body in blocks, watched and within limits."""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from playground.api.decoding import Decoder
from playground.api.errors import NotThisApi, Redirected, StatusError, status_error
from playground.api.exchange import MAXIMUM_BODY, Exchange
from playground.api.redaction import Redactor
from playground.api.retry import asked_wait
from playground.api.transport import Incoming
from playground.api.watchdog import Watchdog

LARGEST_ANSWER = 512 * 1024 * 1024
"""Decoded bytes of an answer that is held in memory."""
_LONGEST_ERROR = 1024 * 1024
_EXCERPT = 300
_WEB_PAGE = ("text/html", "application/xhtml+xml")
_FROM_THE_SERVICE_ITSELF = (408, 413, 429)


class Answer:
    """Somebody's answer to one attempt. Close it, whatever happens."""

    def __init__(
        self, incoming: Incoming, exchange: Exchange, watchdog: Watchdog, redactor: Redactor
    ) -> None:
        self.exchange = exchange
        self.redactor = redactor
        self.watchdog = watchdog
        self.status = incoming.status
        self._incoming = incoming
        exchange.status = incoming.status
        exchange.response_headers = redactor.headers(incoming.headers)
        if exchange.timing.first_byte is None:
            exchange.timing.first_byte = exchange.elapsed
        self._headers = {name.lower(): value for name, value in reversed(incoming.headers)}

    def header(self, name: str) -> str | None:
        """A header by its lower-case name."""
        return self._headers.get(name)

    @property
    def content_type(self) -> str:
        """Without parameters, in lower case; empty when it is not told."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    async def close(self) -> None:
        """Let go of the connection."""
        self.watchdog.close()
        await self._incoming.aclose()

    async def blocks(self, limit: int | None) -> AsyncGenerator[bytes, None]:
        """The decoded body, as it comes. Raises what a connection can, and ``TooMuchData`` at the limit."""
        decoder = Decoder(self.header("content-encoding") or "")
        self.watchdog.progress()
        async with aclosing(decoder.blocks(self._watched(), limit)) as blocks:
            async for block in blocks:
                yield block

    async def _watched(self) -> AsyncGenerator[bytes, None]:
        async with aclosing(self._incoming.blocks()) as source:
            while True:
                with self.watchdog:
                    block = await anext(source, None)
                if block is None:
                    return
                self.exchange.response_size += len(block)
                yield block

    async def whole(self, limit: int | None = None) -> bytes:
        """The whole decoded body in memory, by default at most ``LARGEST_ANSWER`` bytes of it."""
        pieces = []
        async with aclosing(self.blocks(LARGEST_ANSWER if limit is None else limit)) as blocks:
            async for block in blocks:
                self.watchdog.progress()
                pieces.append(block)
        return b"".join(pieces)

    async def text(self, limit: int | None = None) -> str:
        """The body as text; what is not UTF-8 becomes U+FFFD and is flagged. It is recorded."""
        data = await self.whole(limit)
        self.keep(data)
        try:
            return data.decode()
        except UnicodeDecodeError:
            self.exchange.mended = True
            return data.decode(errors="replace")

    def keep(self, data: bytes) -> None:
        """Record a body."""
        self.exchange.response_body = self.redactor.body(data, MAXIMUM_BODY)

    def not_this_api(self, expected: str, begin: str = "") -> NotThisApi:
        """The error for an answer that is something else."""
        what = self.content_type or "without a content type"
        text = self.redactor.text(" ".join(begin.split())[:_EXCERPT])
        message = (
            f"Not an answer of this API: {expected} was expected, {what} came, with status {self.status}."
        )
        return NotThisApi(message, self.status, self.content_type, text)

    async def begin(self) -> str:
        """How the body begins, for an error message."""
        try:
            return (await self.text(_LONGEST_ERROR))[: 4 * _EXCERPT]
        except Exception:  # the error that is being made matters more
            return ""

    async def refuse_unless(self, *content_types: str) -> None:
        """Raise ``NotThisApi`` when the content type is none of these."""
        if self.content_type not in content_types:
            raise self.not_this_api(" or ".join(content_types), await self.begin())

    async def refuse_web_page(self) -> None:
        """Raise ``NotThisApi`` for what a sign-in page or a portal of the network sends."""
        if self.content_type in _WEB_PAGE:
            raise self.not_this_api("data", await self.begin())

    async def error(self) -> StatusError | NotThisApi:
        """The error that an answer of another status than 2xx stands for; reads its body."""
        if 300 <= self.status < 400:
            return self._redirected()
        text = self.redactor.text(await self.begin())
        try:
            body: Any = json.loads(text) if text else None
        except (ValueError, RecursionError):
            body = None
        own = self.status >= 500 or self.status in _FROM_THE_SERVICE_ITSELF
        if body is None and self.content_type in _WEB_PAGE and not own:
            return self.not_this_api("application/json", text)
        excerpt = "" if self.content_type in _WEB_PAGE else " ".join(text.split())[:_EXCERPT]
        error = status_error(self.status, body, excerpt)
        error.retry_after = asked_wait(self.header)
        return error

    def _redirected(self) -> Redirected:
        location = self.redactor.text(self.header("location") or "")
        message = f"The address leads elsewhere (status {self.status}), to {location or 'an unknown place'}; "
        error = Redirected(message + "it was not followed.", self.status, self.content_type)
        error.location = location
        return error
