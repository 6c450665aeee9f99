"""How the window speaks: a banner for what went wrong, a toast for what can be taken back."""

import asyncio
from collections.abc import Callable

from playground.app.window import MainWindow
from playground.workbench.describe import describe


class WindowNotices:
    """Shows problems and remarks in one window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def problem(self, error: BaseException) -> None:
        """Show a failure as a sentence; a cancellation is nobody's failure."""
        if isinstance(error, asyncio.CancelledError):
            return
        problem = describe(error)
        self._window.banner.show_problem(problem.title, problem.what, problem.advice, problem.request_id)

    def say(self, text: str, undo: Callable[[], None] | None = None) -> None:
        """Mention something in passing."""
        self._window.toast.show_text(text, undo)

    def show_page(self, page_id: str) -> None:
        """Bring a tab to the front."""
        self._window.show_page(page_id)
