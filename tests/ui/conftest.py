"""Widgets of a finished test must not be destroyed by a collection on another test's worker thread."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def collected_on_this_thread() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()
    gc.collect()
