"""Server-sent events as the live service writes them: bare ``data:`` lines, an error in mid-stream, ``[DONE]``."""

import json
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from playground.service.errors import ServiceError

logger = logging.getLogger("playground.service")

DONE = b"data: [DONE]\n\n"


def event(value: Any) -> bytes:
    """One event with a JSON value."""
    return b"data: " + json.dumps(value, separators=(",", ":")).encode() + b"\n\n"


class EventStream(StreamingResponse):
    """A stream of JSON events that closes their source whichever way it ends.

    Starlette only drops the generator when the client goes away; an engine must stop at once, not when it is
    collected.
    """

    def __init__(self, events: AsyncGenerator[Any, None]) -> None:
        self._lines = _lines(events)
        super().__init__(self._lines, media_type="text/event-stream")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._lines):
            await super().__call__(scope, receive, send)


async def _lines(events: AsyncGenerator[Any, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(events):
        try:
            async for value in events:
                yield event(value)
        except ServiceError as error:
            yield event(error.body())
            return
        except Exception as error:
            logger.error("a stream failed", exc_info=error)
            failure = {
                "message": "The server had an error while processing your request.",
                "type": "server_error",
            }
            yield event({"error": {**failure, "param": None, "code": None}})
            return
        yield DONE
