"""The simulated voice: babbles with the rhythm of the text, and remembers what it said."""

import asyncio
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from playground.service.engines.protocols import SpeechTask
from playground.service.engines.simulated.spoken import SpokenTexts

if TYPE_CHECKING:
    from playground.service.engines.protocols import Samples

RATE = 24_000


class SimulatedSpeech:
    """Six voices that differ in pitch and timbre."""

    name = "simulated-speech"
    rate = RATE

    def __init__(self, spoken: SpokenTexts) -> None:
        self._spoken = spoken

    async def speak(self, task: SpeechTask) -> AsyncGenerator["Samples", None]:
        """Mono samples, sentence by sentence."""
        from playground.service.engines.simulated.voice import babble, sentences

        for sentence in sentences(task.text):
            yield await asyncio.to_thread(babble, sentence, task.voice, task.speed)

    async def delivered(self, text: str, audio: bytes) -> None:
        """Keep which audio belongs to the text; the file and its bare samples are both recognised later."""
        await asyncio.to_thread(self._spoken.remember, audio, text)
