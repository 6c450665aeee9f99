"""The simulated recogniser: hears when somebody speaks.

Knows the words only if the simulated voice said them.
"""

import asyncio
import re
from typing import TYPE_CHECKING

from playground.service.engines.audio import decoded
from playground.service.engines.protocols import (
    SpokenSegment,
    SpokenWord,
    Transcript,
    TranscriptionTask,
    UnreadableAudioError,
)
from playground.service.engines.simulated.spoken import SpokenTexts
from playground.service.engines.simulated.tokenizer import SimulatedTokenizer

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

FRAME_SECONDS = 0.02
PAUSE_SECONDS = 0.28
SHORTEST_SECONDS = 0.1
LONGEST_SECONDS = 14.0
MAX_SECONDS = 4 * 3600


class SimulatedTranscription:
    """Decodes the recording, finds its stretches of sound, and says honestly what it is."""

    name = "simulated-transcription"

    def __init__(self, spoken: SpokenTexts) -> None:
        self._spoken = spoken
        self._tokenizer = SimulatedTokenizer()

    async def transcribe(self, task: TranscriptionTask) -> Transcript:
        """The transcript; raises ``UnreadableAudioError``."""
        return await asyncio.to_thread(self._transcribe, task)

    def _transcribe(self, task: TranscriptionTask) -> Transcript:
        levels, duration = _levels(task)
        stretches = _stretches(levels)
        said = self._spoken.recall(task.path.read_bytes())
        texts = (
            _spread(said, stretches, duration) if said else _described(stretches, duration, task.translate)
        )
        segments = tuple(self._segment(start, end, text) for start, end, text in texts)
        return Transcript(task.language or "en", round(duration, 2), segments)

    def _segment(self, start: float, end: float, text: str) -> SpokenSegment:
        words = text.split()
        total = sum(len(word) + 1 for word in words) or 1
        spoken, at = [], start
        for word in words:
            until = at + (end - start) * (len(word) + 1) / total
            spoken.append(SpokenWord(word, round(at, 2), round(until, 2)))
            at = until
        compression = round(len(text) / max(1, len(set(text.lower())) * 2.2), 3)
        tokens = tuple(self._tokenizer.encode(f" {text}"))
        return SpokenSegment(
            round(start, 2), round(end, 2), text, tokens, tuple(spoken), -0.12, compression, 0.01
        )


def _levels(task: TranscriptionTask) -> "tuple[npt.NDArray[np.float64], float]":
    """The loudness of each frame, and the duration in seconds.

    Memory grows with the minutes, not the samples.
    """
    import numpy as np

    levels: list[float] = []
    rest = np.zeros(0, np.float32)
    count, rate = 0, 1
    for block, rate in decoded(task.path):
        frame = max(1, int(rate * FRAME_SECONDS))
        count += len(block)
        if count > MAX_SECONDS * rate:
            raise UnreadableAudioError("the recording is longer than four hours")
        samples = np.concatenate([rest, block])
        whole = len(samples) // frame * frame
        levels += np.sqrt(
            np.mean(samples[:whole].reshape(-1, frame).astype(np.float64) ** 2, axis=1)
        ).tolist()
        rest = samples[whole:]
    if not count:
        raise UnreadableAudioError("the recording is empty")
    return np.array(levels), count / rate


def _stretches(levels: "npt.NDArray[np.float64]") -> list[tuple[float, float]]:
    """Where there is sound, in seconds; pauses shorter than a breath do not part it."""
    import numpy as np

    if not len(levels) or levels.max() < 1e-4:
        return []
    threshold = max(0.12 * float(np.percentile(levels, 95)), 1e-4)
    found: list[tuple[float, float]] = []
    for place in np.flatnonzero(levels > threshold).tolist():
        start, end = place * FRAME_SECONDS, (place + 1) * FRAME_SECONDS
        joins = found and start - found[-1][1] < PAUSE_SECONDS and end - found[-1][0] < LONGEST_SECONDS
        if joins:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return [(start, end) for start, end in found if end - start >= SHORTEST_SECONDS] or found[:1]


def _described(
    stretches: list[tuple[float, float]], duration: float, translate: bool
) -> list[tuple[float, float, str]]:
    what = "translation" if translate else "transcription"
    title = f"[Simulated {what} of {duration:.1f} s of audio.]"
    if not stretches:
        return [(0.0, duration, f"{title} Nobody speaks.")]
    told = [
        (start, end, f"Somebody speaks for {end - start:.1f} s, from {start:.1f} s on.")
        for start, end in stretches
    ]
    start, end, first = told[0]
    return [(start, end, f"{title} {first}"), *told[1:]]


def _spread(
    said: str, stretches: list[tuple[float, float]], duration: float
) -> list[tuple[float, float, str]]:
    """The sentences of a known text over the time of the recording, by their length."""
    sentences = [each.strip() for each in re.split(r"(?<=[.!?])\s+|\n+", said) if each.strip()] or [
        said.strip()
    ]
    start = stretches[0][0] if stretches else 0.0
    end = stretches[-1][1] if stretches else duration
    total = sum(map(len, sentences)) or 1
    spread = []
    for sentence in sentences:
        until = start + (end - (stretches[0][0] if stretches else 0.0)) * len(sentence) / total
        spread.append((start, min(until, duration), sentence))
        start = until
    return spread
