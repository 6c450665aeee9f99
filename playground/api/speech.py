"""Turning text into speech."""

from dataclasses import dataclass

from playground.api.answer import Answer
from playground.api.caller import Call
from playground.api.reading import read_bytes
from playground.api.streams import ByteStream
from playground.api.words import Word
from playground.wire.operations import BY_ACTION
from playground.wire.speech import SpeechRequest


@dataclass(frozen=True)
class Sound:
    """Audio as it came; trust the format that was asked for more than ``content_type``."""

    data: bytes
    content_type: str


class Speech(Word):
    """``client.speech``."""

    async def generate(self, deployment: str, request: SpeechRequest) -> Sound:
        """GenerateSpeechFromText: the whole audio, in memory. Raises ``ApiError``."""
        return await self._caller.run(self._call(deployment, request), _read_sound)

    def stream(self, deployment: str, request: SpeechRequest) -> ByteStream:
        """GenerateSpeechFromText, as it is made: ``async with`` asks, ``async for`` gives blocks."""
        return ByteStream(self._caller, self._call(deployment, request))

    def _call(self, deployment: str, request: SpeechRequest) -> Call:
        return Call(
            BY_ACTION["speech.generate"],
            {"deployment": deployment},
            body=self._json(deployment, request),
            accept="application/octet-stream, audio/*",
        )


async def _read_sound(answer: Answer) -> Sound:
    if answer.content_type == "application/json":
        raise answer.not_this_api("audio", await answer.begin())
    return Sound(await read_bytes(answer), answer.content_type)
