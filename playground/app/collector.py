"""Garbage is collected on the GUI thread alone: on any other, Qt objects in a cycle would be destroyed there."""

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1000


class GuiCollector(QObject):
    """Takes the place of Python's own collector, which runs on whatever thread happens to allocate."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        """From now on collect here, and nowhere else. What is loaded already is never looked at again."""
        gc.disable()
        gc.freeze()
        self._timer.start()

    def stop(self) -> None:
        """The program ends: what is left is set aside, since nobody may take Qt objects apart any more."""
        self._timer.stop()
        gc.freeze()
        gc.enable()

    def collect(self) -> None:
        """Collect the generations that are full, as Python would; the youngest take well under a millisecond."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return
