"""Spoken answers: the text of an answer through the speech engine, as a file or as pieces of raw samples."""

import asyncio
import base64
import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from playground.service.chat_plan import Plan
from playground.service.engines.audio import encoded, pcm16
from playground.service.engines.protocols import SpeechTask

LIFETIME = 24 * 3600
TOKENS_PER_SECOND = 20


class SpokenAnswer:
    """Speaks one answer; afterwards knows how many audio tokens it took."""

    def __init__(self, plan: Plan) -> None:
        assert plan.request.audio is not None
        self.tokens = 0
        self.id = f"audio_{uuid.uuid4().hex}"
        self.expires_at = plan.call.service.now() + LIFETIME
        self._engine = plan.call.service.engines.speech
        self._options = plan.request.audio

    async def whole(self, text: str) -> dict[str, Any]:
        """The ``audio`` member of a message."""
        import numpy as np

        blocks = (
            [block async for block in self._engine.speak(SpeechTask(text, self._options.voice))]
            if text
            else []
        )
        samples = np.concatenate(blocks) if blocks else np.zeros(0, np.float32)
        self._count(len(samples))
        data = await asyncio.to_thread(encoded, samples, self._engine.rate, self._options.format)
        await self._engine.delivered(text, data)
        return {
            "id": self.id,
            "expires_at": self.expires_at,
            "data": base64.b64encode(data).decode(),
            "transcript": text,
        }

    async def pieces(self, text: str) -> AsyncGenerator[str, None]:
        """Raw 16-bit samples in base64, sentence by sentence."""
        sent = bytearray()
        samples = 0
        if not text:
            return
        async with aclosing(self._engine.speak(SpeechTask(text, self._options.voice))) as blocks:
            async for block in blocks:
                data = pcm16(block)
                samples += len(block)
                sent += data
                yield base64.b64encode(data).decode()
        self._count(samples)
        await self._engine.delivered(text, bytes(sent))

    def _count(self, samples: int) -> None:
        self.tokens += round(samples / self._engine.rate * TOKENS_PER_SECOND)
