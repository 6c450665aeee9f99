"""Short-lived public addresses for generated content, as signed storage links are on Azure."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

LIFETIME = 3600.0
CAPACITY = 128 * 1024 * 1024


@dataclass(frozen=True)
class _Content:
    data: bytes
    content_type: str
    expires: float


class Links:
    """Bytes in memory behind unguessable paths; the oldest go first when ``CAPACITY`` bytes are exceeded."""

    def __init__(self, base_url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._base_url = base_url
        self._clock = clock
        self._contents: OrderedDict[str, _Content] = OrderedDict()
        self._size = 0

    def put(self, data: bytes, content_type: str) -> str:
        """Keep the bytes for an hour; returns the url that anyone on this computer can GET without a key."""
        name = secrets.token_urlsafe(24)
        self._contents[name] = _Content(data, content_type, self._clock() + LIFETIME)
        self._size += len(data)
        while self._size > CAPACITY and len(self._contents) > 1:
            self._drop(next(iter(self._contents)))
        return f"{self._base_url}/links/{name}"

    def get(self, name: str) -> tuple[bytes, str] | None:
        """The bytes and their content type, or None when the link is unknown or has expired."""
        content = self._contents.get(name)
        if content is None:
            return None
        if content.expires <= self._clock():
            self._drop(name)
            return None
        return content.data, content.content_type

    def _drop(self, name: str) -> None:
        self._size -= len(self._contents.pop(name).data)
