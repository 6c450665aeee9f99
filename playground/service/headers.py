"""The headers that every answer of the live service carries, and that clients and support people look for."""

import re
import uuid
from collections import deque
from collections.abc import Callable, Mapping

REGION = "loopback"
WINDOW = 60.0
REQUESTS_PER_WINDOW = 6_000
TOKENS_PER_WINDOW = 1_000_000
BYTES_PER_TOKEN = 4
_ECHOABLE = re.compile(r"[\x21-\x7e]{1,128}")


def correlation(headers: Mapping[str, str]) -> dict[str, str]:
    """Fresh request ids; ``x-ms-client-request-id`` echoes the caller's, or else names ours."""
    identifier = str(uuid.uuid4())
    asked = headers.get("x-ms-client-request-id", "")
    return {
        "apim-request-id": identifier,
        "x-request-id": str(uuid.uuid4()),
        "x-ms-client-request-id": asked if _ECHOABLE.fullmatch(asked) else identifier,
        "x-ms-region": REGION,
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
    }


class Meter:
    """Counts the last minute of one deployment, for the ``x-ratelimit-*`` headers.

    It refuses nothing: a resource on one's own computer has no quota to protect. The charge in tokens is
    estimated from the size of the request before it is run, as the live service does.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._charges: deque[tuple[float, int]] = deque()
        self._tokens = 0

    def charge(self, size: int) -> dict[str, str]:
        """Count a request of ``size`` bytes; returns the headers of its answer."""
        now = self._clock()
        while self._charges and self._charges[0][0] <= now - WINDOW:
            self._tokens -= self._charges.popleft()[1]
        tokens = size // BYTES_PER_TOKEN + 1
        self._charges.append((now, tokens))
        self._tokens += tokens
        return {
            "x-ratelimit-limit-requests": str(REQUESTS_PER_WINDOW),
            "x-ratelimit-limit-tokens": str(TOKENS_PER_WINDOW),
            "x-ratelimit-remaining-requests": str(max(0, REQUESTS_PER_WINDOW - len(self._charges))),
            "x-ratelimit-remaining-tokens": str(max(0, TOKENS_PER_WINDOW - self._tokens)),
        }
