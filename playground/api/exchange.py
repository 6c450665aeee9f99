"""The record of one request: what was asked and answered, each attempt, when, and at what cost."""

import itertools
import time
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

State = Literal["running", "ok", "failed", "cancelled"]

MAXIMUM_EVENTS = 20_000
MAXIMUM_EVENT_TEXT = 4 * 1024 * 1024
MAXIMUM_BODY = 1024 * 1024

_ids = itertools.count(1)


@dataclass(slots=True)
class Attempt:
    """One try. ``started`` is in seconds since the exchange began, ``wait`` what was waited after it."""

    number: int
    started: float
    outcome: str = ""
    """Empty while it runs, then "ok", "cancelled", or what went wrong."""
    status: int | None = None
    wait: float | None = None


class StreamEvent(NamedTuple):
    """One data event of a stream, with the time of its arrival since the exchange began."""

    offset_seconds: float
    data: str


@dataclass(slots=True)
class Timing:
    """When each phase of the last attempt was over, in seconds since the exchange began; None until then."""

    started: float = 0.0
    connected: float | None = None
    sent: float | None = None
    first_byte: float | None = None
    first_token: float | None = None
    ended: float | None = None


@dataclass(frozen=True, slots=True)
class RateLimits:
    """What the service said is left; -1 or None when it does not count. Resets are in seconds."""

    remaining_requests: int | None = None
    remaining_tokens: int | None = None
    limit_requests: int | None = None
    limit_tokens: int | None = None
    reset_requests: float | None = None
    reset_tokens: float | None = None

    @property
    def known(self) -> bool:
        """Whether the service said anything at all."""
        return any(getattr(self, name) is not None for name in self.__slots__)


@dataclass(eq=False)
class Exchange:
    """A request and its answer, free of credentials from the beginning.

    It is handed to ``on_exchange`` when it starts, when a wait before another attempt begins and ends, and
    when it is over; in between it changes without notice.
    """

    operation: str
    method: str
    url: str
    id: int = field(default_factory=lambda: next(_ids))
    connection: str = ""
    deployment: str = ""
    request_headers: list[tuple[str, str]] = field(default_factory=list)
    request_body: bytes | None = None
    """Redacted JSON, or a short description of what is not text."""
    request_form: list[tuple[str, str]] = field(default_factory=list)
    """The fields of a form; the file's value is its name behind an ``@``."""
    request_size: int = 0
    attempts: list[Attempt] = field(default_factory=list)
    status: int | None = None
    response_headers: list[tuple[str, str]] = field(default_factory=list)
    response_body: bytes | None = None
    response_size: int = 0
    events: list[StreamEvent] = field(default_factory=list)
    events_left_out: int = 0
    """Events that came after the record was full."""
    mended: bool = False
    """The answer held bytes that are not UTF-8; they are shown as U+FFFD."""
    timing: Timing = field(default_factory=Timing)
    state: State = "running"
    error: str | None = None
    proxy: str | None = None
    """The proxy it went through, without its password."""
    resumes_at: float | None = None
    """During a wait before another attempt: when that begins, in seconds since the exchange began."""
    started_at: float = field(default_factory=time.time)
    """Unix seconds."""
    _origin: float = field(default_factory=time.monotonic, repr=False)
    _event_text: int = field(default=0, repr=False)

    @property
    def elapsed(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._origin

    @property
    def remaining_wait(self) -> float | None:
        """Seconds until the next attempt, None when none is being waited for."""
        return None if self.resumes_at is None else max(0.0, self.resumes_at - self.elapsed)

    @property
    def attempt(self) -> Attempt | None:
        """The latest attempt."""
        return self.attempts[-1] if self.attempts else None

    @property
    def request_id(self) -> str | None:
        """How the service calls this request, for its support."""
        for name in ("apim-request-id", "x-request-id", "x-ms-client-request-id", "x-ms-request-id"):
            if value := self.header(name):
                return value
        return None

    @property
    def rate_limits(self) -> RateLimits:
        """What the headers of the answer say about limits."""
        number, seconds = self._count, self._seconds
        return RateLimits(
            remaining_requests=number("x-ratelimit-remaining-requests"),
            remaining_tokens=number("x-ratelimit-remaining-tokens"),
            limit_requests=number("x-ratelimit-limit-requests"),
            limit_tokens=number("x-ratelimit-limit-tokens"),
            reset_requests=seconds("x-ratelimit-reset-requests", "x-rate-limit-reset-requests"),
            reset_tokens=seconds("x-ratelimit-reset-tokens", "x-rate-limit-reset-tokens"),
        )

    def header(self, name: str) -> str | None:
        """The first header of the answer with this name, in whatever case."""
        name = name.lower()
        return next((value for key, value in self.response_headers if key.lower() == name), None)

    def begin_attempt(self) -> Attempt:
        """Note another attempt; what is known of the one before stays in ``attempts``."""
        attempt = Attempt(len(self.attempts) + 1, self.elapsed)
        self.attempts.append(attempt)
        self.timing = Timing()
        self.status, self.response_headers, self.response_body = None, [], None
        return attempt

    def record_events(self, events: list[str]) -> None:
        """Keep data events that arrived together, as long as the record has room for them."""
        text = self._event_text + sum(map(len, events))
        if text <= MAXIMUM_EVENT_TEXT and len(self.events) + len(events) <= MAXIMUM_EVENTS:
            offset = self.elapsed
            self.events.extend([StreamEvent(offset, data) for data in events])
            self._event_text = text
        else:
            self.events_left_out += len(events)
            self._event_text = MAXIMUM_EVENT_TEXT + 1  # nothing after a gap

    def end(self, state: State, error: str | None = None) -> None:
        """Close the record."""
        self.state, self.error = state, error
        self.timing.ended = self.elapsed
        self.resumes_at = None
        if (attempt := self.attempt) is not None and not attempt.outcome:
            attempt.outcome = error or state
            attempt.status = self.status

    def _count(self, name: str) -> int | None:
        try:
            return int(self.header(name) or "")
        except ValueError:
            return None

    def _seconds(self, *names: str) -> float | None:
        for name in names:
            text = (self.header(name) or "").strip().lower()
            scale = 0.001 if text.endswith("ms") else 1.0
            try:
                return float(text.removesuffix("ms").removesuffix("s")) * scale
            except ValueError:
                continue
        return None
