"""Who owns a running coroutine: a scope keeps tasks alive, reports their errors and ends them together."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any

OnError = Callable[[BaseException], None]


class ScopeClosedError(RuntimeError):
    """Work was started in a scope that has been closed."""


class TaskScope:
    """Owns the tasks that a page starts: strong references, one task per key, every error reported.

    asyncio itself holds tasks only weakly, and an exception of a task that nobody awaits surfaces late or
    never; so nothing in this program calls ``create_task`` bare.
    """

    def __init__(self, on_error: OnError, name: str = "scope") -> None:
        self._on_error = on_error
        self._name = name
        self._tasks: dict[Hashable, asyncio.Task[Any]] = {}
        self._retired: set[asyncio.Task[Any]] = set()
        self._closed = False

    def start(self, coro: Coroutine[Any, Any, Any], *, key: Hashable | None = None) -> asyncio.Task[Any]:
        """Run a coroutine; a task that still runs under the same key is cancelled first.

        Raises ``ScopeClosedError`` (and closes the coroutine) once the scope is closed.
        """
        if self._closed:
            coro.close()
            raise ScopeClosedError(self._name)
        if key is not None and (previous := self._tasks.pop(key, None)) is not None:
            self._retired.add(previous)
            previous.cancel()
        task = asyncio.get_running_loop().create_task(
            coro, name=f"{self._name}:{key or getattr(coro, '__name__', 'task')}"
        )
        slot: Hashable = key if key is not None else task
        self._tasks[slot] = task
        task.add_done_callback(lambda done: self._on_done(slot, done))
        return task

    def running(self, key: Hashable) -> bool:
        """Whether a task runs under this key."""
        return key in self._tasks

    def cancel(self, key: Hashable | None = None) -> None:
        """Ask one task (or, without a key, all of them) to end."""
        tasks = (
            list(self._tasks.values()) if key is None else [self._tasks[key]] if key in self._tasks else []
        )
        for task in tasks:
            task.cancel()

    async def close(self, seconds: float = 3.0) -> None:
        """Refuse new work, cancel what runs, and wait (so many seconds at most) for every ``finally``."""
        self._closed = True
        tasks = {*self._tasks.values(), *self._retired} - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)

    def _on_done(self, slot: Hashable, task: asyncio.Task[Any]) -> None:
        if self._tasks.get(slot) is task:
            del self._tasks[slot]
        self._retired.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._on_error(error)
