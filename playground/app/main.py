"""The way in: one QApplication, one event loop for its life. The only file that imports qasync."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from playground import resources
from playground.app.collector import GuiCollector
from playground.settings.paths import folders

T = TypeVar("T")


def application() -> QApplication:
    """The QApplication, named and crisp at any scale."""
    if QApplication.instance() is None:
        os.environ.setdefault("QT_NO_GLIB", "1")  # Qt's own dispatcher takes less of the processor per timer
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Playground")
    app.setApplicationDisplayName("Playground")
    app.setDesktopFileName("playground")
    app.setWindowIcon(QIcon(str(resources.path("icon.png"))))
    app.setQuitOnLastWindowClosed(False)  # the main coroutine decides when the loop ends
    return app


def run(main: Callable[[QApplication], Awaitable[T]]) -> T:
    """Run a coroutine function on the Qt loop until it returns."""
    app = application()

    async def body() -> T:
        # qasync's own executor is made of QThreads, where its crash reports come from.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(max_workers=8))
        collector = GuiCollector()
        collector.start()
        try:
            return await main(app)
        finally:
            collector.stop()

    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        return runner.run(body())


def open_window(*, another: bool = False) -> int:
    """Open the window and live until it is closed; a second start raises the first window."""
    os.umask(0o077)
    app = application()
    from playground.app.instance import SingleInstance

    place = folders()
    instance = SingleInstance(place.config)
    if not another and instance.raise_other():
        print("Playground is already open; its window has been brought to the front.")
        return 0
    from playground.app.composition import live

    async def main(_: QApplication) -> int:
        return await live(app, place, instance)

    return run(main)
