"""TaskScope: what runs is kept, replaced, reported and ended."""

import asyncio
import gc

import pytest

from playground.tasks import ScopeClosedError, TaskScope


async def test_a_task_that_nobody_else_holds_still_finishes() -> None:
    scope, done = TaskScope(print), []

    async def work() -> None:
        await asyncio.sleep(0.01)
        done.append(True)

    scope.start(work())
    gc.collect()
    await asyncio.sleep(0.05)
    assert done == [True]


async def test_the_same_key_replaces_and_waits_for_the_finally_of_the_old_one() -> None:
    errors: list[BaseException] = []
    scope, ended = TaskScope(errors.append), []

    async def work(name: str) -> None:
        try:
            await asyncio.sleep(30)
        finally:
            ended.append(name)

    scope.start(work("first"), key="run")
    await asyncio.sleep(0)
    scope.start(work("second"), key="run")
    await asyncio.sleep(0.01)
    assert ended == ["first"]
    assert scope.running("run")
    await scope.close()
    assert ended == ["first", "second"]
    assert not errors
    assert not scope.running("run")


async def test_an_error_is_reported_once() -> None:
    errors: list[BaseException] = []
    scope = TaskScope(errors.append)

    async def fail() -> None:
        raise ValueError("no")

    scope.start(fail())
    await asyncio.sleep(0.01)
    assert [str(error) for error in errors] == ["no"]


async def test_a_closed_scope_refuses_work() -> None:
    scope = TaskScope(print)
    await scope.close()
    with pytest.raises(ScopeClosedError):
        scope.start(asyncio.sleep(0))


async def test_cancelling_one_key_leaves_the_others() -> None:
    scope = TaskScope(print)
    scope.start(asyncio.sleep(30), key="a")
    scope.start(asyncio.sleep(30), key="b")
    scope.cancel("a")
    await asyncio.sleep(0.01)
    assert not scope.running("a")
    assert scope.running("b")
    await scope.close()
