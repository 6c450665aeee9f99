"""What every handler can reach: the deployments, the engines, the state on disk, and the background work."""

import asyncio
import logging
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from playground.service.batch_runner import BatchRunner
from playground.service.call import Deployment
from playground.service.contents import Contents
from playground.service.links import Links
from playground.service.state import State
from playground.tasks import TaskScope

if TYPE_CHECKING:
    from playground.service.engines.protocols import Engines
    from playground.service.grounding import Documents

logger = logging.getLogger("playground.service")

DEFAULT = (
    Deployment("chat", "chat", "gpt-4o"),
    Deployment("completions", "completions", "gpt-35-turbo-instruct"),
    Deployment("embeddings", "embeddings", "text-embedding-3-small"),
    Deployment("images", "images", "dall-e-3"),
    Deployment("speech", "speech", "tts"),
    Deployment("transcription", "transcription", "whisper"),
)
WITH_FAULTS = (
    Deployment("throttled", "chat", "gpt-4o"),
    Deployment("reasoning", "chat", "o3-mini"),
)


class Service:
    """One running resource.

    ``simulated`` asks for the engines that need no models; ``faults`` says whether faults may be asked for;
    ``base_url`` is ``http://127.0.0.1:PORT``; ``clock`` gives Unix seconds (tests move it).
    """

    def __init__(
        self,
        data: Path,
        *,
        base_url: str,
        simulated: bool = True,
        faults: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.data = data
        self.base_url = base_url
        self.simulated = simulated
        self.faults = faults
        self.clock = clock
        self.links = Links(base_url)
        self.deployments: dict[str, Deployment] = {
            d.name: d for d in (*DEFAULT, *(WITH_FAULTS if faults else ()))
        }
        self.state = State(data)
        self.contents = Contents(data)
        self.batches = BatchRunner(self)
        self.checks: dict[str, asyncio.Task[None]] = {}
        self.tasks = TaskScope(self._report, name="service")

    async def open(self) -> None:
        """Open the state and take up the work that a stop interrupted; raises ``StateInUseError``."""
        from playground.service.recovery import recover

        await asyncio.to_thread(self.data.mkdir, mode=0o700, parents=True, exist_ok=True)
        await self.state.open()
        await recover(self)

    async def close(self) -> None:
        """Stop background work (it goes on at the next start) and close the state."""
        await self.tasks.close()
        await self.state.close()

    @cached_property
    def engines(self) -> "Engines":
        """The engines, one per capability; built at the first use, because their libraries are heavy."""
        from playground.service.engines.loading import load_engines

        return load_engines(self.data, simulated=self.simulated)

    @cached_property
    def documents(self) -> "Documents":
        """The user's own documents, for answers with ``data_sources``; opened at the first use."""
        from playground.service.grounding import Documents

        return Documents(self.data)

    def now(self) -> int:
        """The time as the API writes it: whole Unix seconds."""
        return int(self.clock())

    def _report(self, error: BaseException) -> None:
        logger.error("background work failed", exc_info=error)
