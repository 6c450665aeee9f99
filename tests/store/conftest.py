"""A history in a folder of its own, opened for one test."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the history of this test is kept; nothing is there yet."""
    return tmp_path / "data" / "history.sqlite3"


class Clock:
    """A wall clock that a test sets."""

    def __init__(self, now: float = 1_790_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Callable[[], float]:
    """A wall clock that stands still until it is set."""
    return Clock()


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """Bury the event loop of the last test here: Qt objects may not die on the history's thread."""
    yield
    gc.freeze()
