"""The requests that were made, newest last: the one place where the inspector and the gauges look."""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.api.exchange import Exchange

KEPT = 200


class Exchanges:
    """A ring of recent exchanges, and who wants to hear of each step."""

    def __init__(self) -> None:
        self.recent: deque[Exchange] = deque(maxlen=KEPT)
        self._listeners: list[Callable[[Exchange], None]] = []

    def record(self, exchange: "Exchange") -> None:
        """Take an exchange in, or note that one already known has moved on."""
        if exchange not in self.recent:
            self.recent.append(exchange)
        for listener in self._listeners:
            listener(exchange)

    def listen(self, listener: "Callable[[Exchange], None]") -> None:
        """Hear of every exchange from now on."""
        self._listeners.append(listener)
