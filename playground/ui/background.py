"""Short computations off the GUI thread, for widgets: formatting a large body must not hold up a frame."""

import weakref
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid


class Background(QObject):
    """Runs one function at a time for a widget; when asked again meanwhile, only the newest result counts."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._newest = 0
        self._then: Callable[[Any], None] = lambda _: None
        self._relay = _relay()

    def run(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Do ``work`` on a thread, then ``then`` with its result here. Its error is raised here."""
        self._newest += 1
        self._then = then
        number, relay, me = self._newest, self._relay, weakref.ref(self)

        def deliver(done: "Future[Any]") -> None:
            owner = me()
            if owner is not None and isValid(owner):
                owner._on_arrived(number, done)

        _workers().submit(work).add_done_callback(lambda done: relay.arrived.emit(deliver, done))

    def forget(self) -> None:
        """The result that is on its way is not wanted any more."""
        self._newest += 1

    def _on_arrived(self, number: int, done: "Future[Any]") -> None:
        if number == self._newest:
            self._then(done.result())


class _Relay(QObject):
    """Carries results over to the GUI thread. One for the life of the program: a worker that emitted a signal
    of a widget's own object could do so in the moment in which Qt deletes it."""

    arrived = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def _on_arrived(self, deliver: Callable[["Future[Any]"], None], done: "Future[Any]") -> None:
        deliver(done)


@cache
def _relay() -> _Relay:
    return _Relay()


@cache
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="widget")
