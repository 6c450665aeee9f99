"""When a request may be sent again, and how long to wait before.

=============================  ============  ===============  ==================  ==================
what happened                  asking only   chat, completi-  embeddings, trans-  images, speech,
                               (GET, DELETE) ons              cription            files, uploads,
                                                                                  batches (POST)
=============================  ============  ===============  ==================  ==================
nothing was sent               again         again            again               again
429, 503                       again         again            again               again
408, 500, 502, 504             again         again            again               no: it may be done
lost before any byte came      again         again            again               no: it may be done
lost in the middle             again         no: text is lost no: paid for twice  no
no progress for too long       again         no               no                  no
other 4xx, redirects, TLS,     no            no               no                  no
not this API, too much data
=============================  ============  ===============  ==================  ==================

The columns are policies of ``wire.operations``; the rows are the members of ``Failure``.
"""

import random
import time
from collections.abc import Callable, Mapping
from enum import Enum, auto

from playground.api.errors import (
    ApiError,
    ConnectionFailed,
    ConnectionLost,
    StatusError,
    TimedOut,
)
from playground.wire.operations import Operation, RepeatPolicy

FIRST_BACKOFF = 0.5
LONGEST_BACKOFF = 8.0
JITTER = 0.1
"""Waits are up to this share longer than asked for, never shorter."""
_SLOTS = 16


class Failure(Enum):
    """The ways for an attempt to fail that may deserve another one."""

    NOT_SENT = auto()
    BUSY = auto()
    FAULT = auto()
    LOST_EARLY = auto()
    LOST_MIDWAY = auto()
    STALLED = auto()
    FINAL = auto()


_ALWAYS = frozenset({Failure.NOT_SENT, Failure.BUSY})
REPEATED: Mapping[RepeatPolicy, frozenset[Failure]] = {
    RepeatPolicy.FREELY: frozenset(Failure) - {Failure.FINAL},
    RepeatPolicy.UNTIL_FIRST_BYTE: _ALWAYS | {Failure.FAULT, Failure.LOST_EARLY},
    RepeatPolicy.UNLESS_ACCEPTED: _ALWAYS,
}
COMPUTES_ONLY = frozenset({"embeddings.embed", "transcription.transcribe", "transcription.translate"})
"""They leave nothing behind on the service, so that they may be repeated as chat may."""

_FAULTS = frozenset({408, 500, 502, 504})
_BUSY = frozenset({429, 503})


def policy_of(operation: Operation) -> RepeatPolicy:
    """The column of the table that an operation stands in."""
    return RepeatPolicy.UNTIL_FIRST_BYTE if operation.action in COMPUTES_ONLY else operation.repeatable


def failure_of(error: ApiError, answered: bool) -> Failure:
    """The row of the table; ``answered`` says that the head of an answer had come."""
    if isinstance(error, StatusError):
        if error.status in _BUSY and error.code != "insufficient_quota":
            return Failure.BUSY
        return Failure.FAULT if error.status in _FAULTS else Failure.FINAL
    if isinstance(error, ConnectionLost):
        return Failure.LOST_MIDWAY if answered else Failure.LOST_EARLY
    if isinstance(error, TimedOut):
        return Failure.NOT_SENT if error.phase == "connect" else Failure.STALLED
    if type(error) is ConnectionFailed:
        return Failure.NOT_SENT
    return Failure.FINAL


class Jitter:
    """Shares of ``JITTER``, dealt from a shuffled deck rather than thrown with dice.

    Sixteen jobs that are sent away together come back at sixteen different moments.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)
        self._deck: list[int] = []

    def draw(self) -> float:
        """A factor of 1 to 1 + ``JITTER``."""
        if not self._deck:
            self._deck = list(range(_SLOTS))
            self._random.shuffle(self._deck)
        return 1 + JITTER * self._deck.pop() / (_SLOTS - 1)


class Retry:
    """The patience of one call."""

    def __init__(self, operation: Operation, most: int, longest_wait: float, jitter: Jitter) -> None:
        self._repeated = REPEATED[policy_of(operation)]
        self._left = most
        self._longest_wait = longest_wait
        self._jitter = jitter
        self._backoff = FIRST_BACKOFF

    def wait_after(self, error: ApiError, answered: bool) -> float | None:
        """Seconds to wait before trying again, None for giving up."""
        if self._left <= 0 or failure_of(error, answered) not in self._repeated:
            return None
        asked = error.retry_after if isinstance(error, StatusError) else None
        if asked is not None and asked > self._longest_wait:
            return None
        self._left -= 1
        wait, self._backoff = self._backoff, min(2 * self._backoff, LONGEST_BACKOFF)
        return (wait if asked is None else asked) * self._jitter.draw()


def asked_wait(header: Callable[[str], str | None], now: Callable[[], float] = time.time) -> float | None:
    """Seconds that the headers of an answer ask to wait: in ms, in seconds, or until a date."""
    for name in ("retry-after-ms", "x-ms-retry-after-ms"):
        if (number := _number(header(name))) is not None:
            return number / 1000
    text = header("retry-after")
    if (number := _number(text)) is not None:
        return number
    if (moment := _date(text)) is None:
        return None
    # The service's own clock, if it tells, as this computer's may be wrong.
    served = _date(header("date"))
    return max(0.0, moment - (now() if served is None else served))


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None


def _date(text: str | None) -> float | None:
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(text or "").timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
