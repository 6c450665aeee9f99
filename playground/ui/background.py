"""Short computations off the GUI thread, for widgets: formatting a large body must not hold up a frame."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid


class Background(QObject):
    """Runs one function at a time for a widget; when asked again meanwhile, only the newest result counts."""

    _arrived = Signal(int, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._newest = 0
        self._then: Callable[[Any], None] = lambda _: None
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def run(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Do ``work`` on a thread, then ``then`` with its result here. Its error is raised here."""
        self._newest += 1
        self._then = then
        number = self._newest
        _workers().submit(work).add_done_callback(lambda done: self._report(number, done))

    def forget(self) -> None:
        """The result that is on its way is not wanted any more."""
        self._newest += 1

    def _report(self, number: int, done: "Future[Any]") -> None:
        if isValid(self):
            self._arrived.emit(number, done)

    def _on_arrived(self, number: int, done: "Future[Any]") -> None:
        if number == self._newest:
            self._then(done.result())


@cache
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="widget")
