"""The status bar: what runs, how much of the rate limit is left, and where answers come from."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStatusBar

from playground.ui.plain_label import PlainLabel

if TYPE_CHECKING:
    from playground.api.exchange import Exchange

TICK_MS = 500


class StatusLine(QStatusBar):
    """Short facts at the bottom; each says in words what it means."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self._running: list[Exchange] = []
        self._work = PlainLabel("Ready")
        self._limits = PlainLabel("")
        self._service = PlainLabel("")
        for label, name in ((self._work, "Work"), (self._limits, "Rate limits"), (self._service, "Service")):
            label.setAccessibleName(name)
        self.addWidget(self._work, 1)
        self.addPermanentWidget(self._limits)
        self.addPermanentWidget(self._service)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._show_work)

    def show_service(self, text: str) -> None:
        """Where answers come from."""
        self._service.setText(text)

    def watch(self, exchange: "Exchange") -> None:
        """An exchange has begun, waits, or has ended."""
        self._running = [each for each in (*self._running, exchange) if each.state == "running"]
        self._running = list(dict.fromkeys(self._running))
        if self._running and not self._timer.isActive():
            self._timer.start()
        self._show_work()
        limits = exchange.rate_limits
        parts = [
            f"{number:,} {word} left"
            for number, word in ((limits.remaining_requests, "requests"), (limits.remaining_tokens, "tokens"))
            if number is not None and number >= 0
        ]
        if parts:
            self._limits.setText(" · ".join(parts))

    def work(self) -> str:
        """What stands at the left."""
        return self._work.full_text()

    def _show_work(self) -> None:
        if not self._running:
            self._timer.stop()
            self._work.setText("Ready")
            return
        self._work.setText("   ".join(progress(exchange) for exchange in self._running))


def progress(exchange: "Exchange") -> str:
    """One running request in a few words: how long it has been at it, or how long it waits for another try."""
    name = exchange.operation.removeprefix("Get").removeprefix("Create")
    if (wait := exchange.remaining_wait) is not None:
        return f"{name}: attempt {len(exchange.attempts) + 1} in {wait:.0f} s"
    events = len(exchange.events) + exchange.events_left_out
    return f"{name}: {exchange.elapsed:.0f} s" + (f", {events:,} events" if events else "")
