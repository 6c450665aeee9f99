"""Turning text into speech; the answer is the audio itself."""

from typing import Literal

from pydantic import Field

from playground.wire.base import WireModel
from playground.wire.fields import Number, optional


class SpeechRequest(WireModel):
    """The body of GenerateSpeechFromText. pcm is 24 kHz, 16 bits, mono, without a header."""

    input: str = Field(min_length=1, max_length=4096, description="The text to speak, up to 4096 characters.")
    voice: Literal["alloy", "echo", "fable", "onyx", "nova", "shimmer"] = Field(description="Who speaks.")
    response_format: Literal["mp3", "opus", "aac", "flac", "wav", "pcm"] | None = optional(
        "File format of the audio.", service_default="mp3"
    )
    speed: Number | None = optional("How fast, 1 is normal.", service_default=1.0, ge=0.25, le=4.0)
    model: str | None = optional("Ignored by Azure, where the deployment decides; other servers need it.")
