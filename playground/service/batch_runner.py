"""Which batches run: started when they are created or found unfinished, told when they are cancelled."""

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.service.service import Service

PARALLEL_LINES = 4


class BatchRunner:
    """Keeps every unfinished batch running in the background; all of them share a few slots for lines."""

    def __init__(self, service: "Service") -> None:
        self._service = service
        self._slots = asyncio.Semaphore(PARALLEL_LINES)
        self._stops: dict[str, asyncio.Event] = {}

    def start(self, identifier: str) -> None:
        """Begin, or go on with, a batch in the background."""
        self._stops[identifier] = asyncio.Event()
        self._service.tasks.start(self._run(identifier), key=("batch", identifier))

    def stop(self, identifier: str) -> None:
        """Tell a batch that it has been cancelled: lines being answered end, no other begins."""
        if identifier in self._stops:
            self._stops[identifier].set()

    async def _run(self, identifier: str) -> None:
        from playground.service.batch_run import BatchRun

        try:
            await BatchRun(self._service, identifier, self._stops[identifier], self._slots).to_the_end()
        finally:
            del self._stops[identifier]
