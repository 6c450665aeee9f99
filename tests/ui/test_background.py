"""Work on threads comes back to the GUI thread, newest only, and not to what is gone."""

import gc
import threading
from functools import partial

from PySide6.QtCore import QObject

from playground.ui.background import Background
from tests.conftest import until


async def test_a_result_arrives_on_the_gui_thread(qapp) -> None:
    owner = QObject()
    seen = []
    Background(owner).run(threading.get_ident, lambda there: seen.append((there, threading.get_ident())))
    await until(lambda: seen)
    there, here = seen[0]
    assert here == threading.get_ident() != there


async def test_only_the_newest_counts_and_what_is_forgotten_does_not(qapp) -> None:
    owner = QObject()
    background = Background(owner)
    seen: list[int] = []
    for number in range(20):
        background.run(partial(int, number), seen.append)
    await until(lambda: seen)
    assert seen == [19]
    background.run(lambda: 99, seen.append)
    background.forget()
    other = Background(owner)
    other.run(lambda: 100, seen.append)
    await until(lambda: 100 in seen)
    assert 99 not in seen


async def test_owners_that_go_away_meanwhile_are_left_alone(qapp) -> None:
    seen: list[int] = []
    for _ in range(300):
        owner = QObject()
        background = Background(owner)
        background.run(lambda: sum(range(500)), seen.append)
        owner.deleteLater()
        del owner, background
    last = QObject()
    Background(last).run(lambda: 1, seen.append)
    await until(lambda: 1 in seen)
    gc.collect()
    assert seen.count(1) == 1
