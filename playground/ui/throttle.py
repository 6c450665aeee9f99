"""Paints what arrives in bursts at most once a frame."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

FRAME_MS = 33


class Throttle(QObject):
    """Runs one function soon after it was asked to, however often it was asked, but at most once a while."""

    def __init__(
        self, run: Callable[[], None], milliseconds: int = FRAME_MS, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._run = run
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(milliseconds)
        self._timer.timeout.connect(run)

    def request(self) -> None:
        """Run within the interval."""
        if not self._timer.isActive():
            self._timer.start()

    def flush(self) -> None:
        """Run now if a run is due."""
        if self._timer.isActive():
            self._timer.stop()
            self._run()

    def stop(self) -> None:
        """Forget a run that is due."""
        self._timer.stop()

    def is_due(self) -> bool:
        """Whether a run is on its way."""
        return self._timer.isActive()
