"""An exchange in words and numbers, as the inspector shows it; no Qt."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playground.api.exchange import Attempt, Exchange

WORDS = {"running": "running", "ok": "done", "failed": "failed", "cancelled": "stopped"}
TONES = {"running": "info", "ok": "ok", "failed": "danger", "cancelled": "warn"}
ICONS = {"running": "time", "ok": "ok", "failed": "error", "cancelled": "stop"}


@dataclass(frozen=True)
class Phase:
    """A stretch of the last attempt, in seconds since the exchange began."""

    name: str
    begin: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it took."""
        return max(0.0, self.end - self.begin)


def duration(seconds: float | None) -> str:
    """Seconds as people say them."""
    if seconds is None:
        return "–"
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.2f} s"
    return f"{int(seconds // 60)} min {seconds % 60:.0f} s"


def size(count: int) -> str:
    """Bytes as people say them."""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def length(exchange: "Exchange") -> float:
    """How long it has taken so far, or took, in seconds."""
    return exchange.elapsed if exchange.timing.ended is None else exchange.timing.ended


def title(exchange: "Exchange") -> str:
    """What was asked for: the method and the end of the path."""
    path = urlsplit(exchange.url).path
    tail = path.partition("/openai/")[2] or path.lstrip("/")
    if tail.startswith("deployments/"):
        deployment, _, rest = tail.removeprefix("deployments/").partition("/")
        return f"{exchange.method} {rest or tail}  ·  {deployment}" if rest else f"{exchange.method} {tail}"
    return f"{exchange.method} {tail or exchange.url}"


def outcome(exchange: "Exchange") -> str:
    """Status and state on one line."""
    word = WORDS.get(exchange.state, exchange.state)
    if (wait := exchange.remaining_wait) is not None:
        word = f"tries again in {duration(wait)}"
    return f"{exchange.status} {word}" if exchange.status else word


def subtitle(exchange: "Exchange") -> str:
    """When and for how long."""
    clock = time.strftime("%H:%M:%S", time.localtime(exchange.started_at))
    parts = [clock, duration(length(exchange)), outcome(exchange)]
    if exchange.events:
        parts.append(f"{len(exchange.events) + exchange.events_left_out:,} events")
    return "  ·  ".join(parts)


def summary(exchange: "Exchange") -> list[tuple[str, str]]:
    """The facts of an exchange, label and text; what is not known is left out."""
    limits = exchange.rate_limits
    facts: list[tuple[str, str | None]] = [
        ("Operation", exchange.operation),
        ("Request", f"{exchange.method} {exchange.url}"),
        ("Connection", exchange.connection),
        ("Through proxy", exchange.proxy),
        ("Outcome", outcome(exchange)),
        ("Error", exchange.error),
        ("Request id", exchange.request_id),
        ("Region", exchange.header("x-ms-region")),
        ("Sent", size(exchange.request_size) if exchange.request_size else None),
        ("Received", size(exchange.response_size) if exchange.response_size else None),
        ("Left of the limit", _left(limits.remaining_requests, limits.remaining_tokens)),
        ("Note", "Bytes that are not UTF-8 are shown as \ufffd." if exchange.mended else None),
    ]
    return [(label, text) for label, text in facts if text]


def attempts(exchange: "Exchange") -> list[str]:
    """One line for each attempt."""
    return [_attempt(each) for each in exchange.attempts]


def phases(exchange: "Exchange") -> list[Phase]:
    """The stretches of the last attempt, in order; the last one goes on while it runs."""
    timing = exchange.timing
    begin = exchange.attempts[-1].started if exchange.attempts else timing.started
    marks = (
        ("Connect", timing.connected),
        ("Send", timing.sent),
        ("Wait", timing.first_byte),
        ("First event", timing.first_token),
        ("Receive", length(exchange)),
    )
    found = []
    for name, end in marks:
        if end is not None and end >= begin:
            if not (name == "Receive" and timing.first_byte is None):
                found.append(Phase(name, begin, end))
            elif exchange.resumes_at is None:
                found.append(Phase("Wait", begin, end))
            begin = end
    return found


def _left(requests: int | None, tokens: int | None) -> str | None:
    counted = [
        f"{count:,} {word}"
        for count, word in ((requests, "requests"), (tokens, "tokens"))
        if count is not None and count >= 0
    ]
    return ", ".join(counted) or None


def _attempt(attempt: "Attempt") -> str:
    line = f"{attempt.number}.  at {duration(attempt.started)}"
    if attempt.status:
        line += f"  ·  {attempt.status}"
    line += f"  ·  {attempt.outcome or 'running'}"
    return line if attempt.wait is None else f"{line}  ·  then waited {duration(attempt.wait)}"
