"""Ends a wait during which nothing happens, with one timer for a whole request.

A timer for each read would be simpler; but the loop of a window keeps cancelled timers until they would have
fired, and a long stream would leave thousands of them behind.
"""

import asyncio
import math
from types import TracebackType

from playground.api.errors import TimedOut


class Watchdog:
    """Used as ``with watchdog:`` around each wait; ``progress`` says that something has happened.

    Raises ``TimedOut`` out of the wait after ``seconds`` without progress. Only waits count: whoever is slow
    to ask for more is not the service's fault.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._tick = min(1.0, seconds / 20)
        self._loop = asyncio.get_running_loop()
        self._mark = self._loop.time()
        self._timer: asyncio.TimerHandle | asyncio.Handle | None = None
        self._task: asyncio.Task[object] | None = None
        self._cancelling = 0
        self._expired = False
        self.phase = "answer"

    def progress(self) -> None:
        """Something happened: begin to count anew."""
        self._mark = self._loop.time()

    def hold(self) -> None:
        """Do not count until the next ``progress``."""
        self._mark = math.inf

    def close(self) -> None:
        """No wait will follow."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def __enter__(self) -> None:
        self._task = asyncio.current_task()
        assert self._task is not None
        self._cancelling = self._task.cancelling()
        if self._timer is None:
            self._timer = self._loop.call_later(self._tick, self._look)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        task, self._task = self._task, None
        if not self._expired or task is None:
            return
        self._expired = False
        # As in asyncio.timeout: somebody else may have cancelled the task too, and that takes precedence.
        if task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimedOut(
                f"Nothing came from the service for {self._seconds:g} seconds.", self.phase, self._seconds
            ) from error

    def _look(self) -> None:
        if self._task is not None and self._loop.time() - self._mark >= self._seconds:
            self._timer = None
            self._expired = True
            self._task.cancel()
        else:
            self._timer = self._loop.call_later(self._tick, self._look)
