"""The last resort: whatever nobody caught is written down and shown as a sentence, never as a traceback."""

import asyncio
import logging
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

log = logging.getLogger(__name__)
Show = Callable[[BaseException], None]
MAXIMUM_LOG_BYTES = 1_000_000


class CrashNotes:
    """Catches what falls through: of slots, of threads, and of the event loop."""

    def __init__(self, folder: Path, show: Show) -> None:
        self._file = folder / "crash.log"
        self._show = show

    def install(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take over the three places where Python leaves an exception that nobody wanted."""
        sys.excepthook = self._on_exception
        threading.excepthook = lambda arguments: self._note(arguments.exc_value)
        loop.set_exception_handler(self._on_loop_error)

    def uninstall(self, loop: asyncio.AbstractEventLoop) -> None:
        """Give them back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        loop.set_exception_handler(None)

    def report(self, error: BaseException) -> None:
        """Write an error down and show it."""
        self._note(error)
        self._show(error)

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self.report(error.with_traceback(trace))

    def _on_loop_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if error is None:
            log.warning("event loop: %s", context.get("message"))
        else:
            self.report(error)

    def _note(self, error: BaseException | None) -> None:
        if error is None:
            return
        text = "".join(traceback.format_exception(error))
        log.error("unexpected: %s", text)
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            mode = "a" if not self._file.exists() or self._file.stat().st_size < MAXIMUM_LOG_BYTES else "w"
            with self._file.open(mode, encoding="utf-8", errors="replace") as out:
                out.write(text + "\n")
            self._file.chmod(0o600)
        except OSError as problem:
            log.warning("the crash note could not be written: %s", problem)
