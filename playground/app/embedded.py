"""The embedded service, started the first time that somebody speaks to it, and ended with the window."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.service.launch import EmbeddedService


class EmbeddedOnDemand:
    """At most one service process; a second caller waits for the first one's start."""

    def __init__(self, data: Path, on_state: Callable[[str], None]) -> None:
        self._data = data
        self._on_state = on_state
        self._starting = asyncio.Lock()
        self._service: EmbeddedService | None = None

    async def start(self) -> "EmbeddedService":
        """The running service. Raises ``OSError`` when it cannot be started."""
        async with self._starting:
            if self._service is None or not self._service.running:
                from playground.service.launch import EmbeddedService

                self._on_state("The built-in service is starting…")
                self._service = await EmbeddedService(self._data, simulated=True).start()
                self._on_state("Built-in service: simulated models")
            return self._service

    async def close(self) -> None:
        """End the process, if there is one."""
        if self._service is not None:
            await self._service.close()
            self._service = None
