"""The harness: async tests run on the real qasync loop, and a test that leaves a task running fails."""

import asyncio
import gc
import inspect
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import PySide6.QtWidgets  # noqa: F401  (qasync picks the binding that is imported first)
import pytest
from qasync import QEventLoop

ASYNC_TEST_SECONDS = 120

# Dead loops and windows in cycles are set aside instead of collected: taken apart by Python in whatever order,
# and perhaps on another thread, their Qt halves have crashed whole runs. See also app/collector.py.
gc.disable()


@pytest.fixture
def runner(qapp) -> Iterator[asyncio.Runner]:
    """A real qasync loop for one test."""
    qapp.setQuitOnLastWindowClosed(False)
    with asyncio.Runner(loop_factory=lambda: QEventLoop(qapp)) as runner:
        yield runner
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run ``async def`` tests on the real loop, bounded, and insist that they clean up."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    runner = pyfuncitem._request.getfixturevalue("runner")
    wanted = pyfuncitem._fixtureinfo.argnames
    arguments = {name: pyfuncitem.funcargs[name] for name in wanted}

    async def body() -> None:
        # As in the program: the executor that qasync brings is made of QThreads.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(max_workers=8))
        async with asyncio.timeout(ASYNC_TEST_SECONDS):
            await pyfuncitem.obj(**arguments)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, f"the test left tasks running: {left}"

    runner.run(body())
    return True


async def until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait until a condition holds; never ``qtbot.wait*`` in a coroutine, which wedges the other tasks."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)
