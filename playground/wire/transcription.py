"""Turning speech into text, in its own language or in English; in these forms numbers come as text."""

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BeforeValidator

from playground.wire.base import WireModel
from playground.wire.fields import optional

TranscriptFormat = Literal["json", "verbose_json", "text", "srt", "vtt"]


def _as_list(value: Any) -> Any:
    """A form part that occurs once arrives as its bare text."""
    return [value] if isinstance(value, str) else value


class TranslationRequest(WireModel):
    """The form of GetAudioTranslation without its file."""

    filename: str | None = optional("Name of the file, if it is not told with the file.")
    model: str | None = optional("Ignored by Azure, where the deployment decides; other servers need it.")
    prompt: str | None = optional("Words to expect and a style to keep to; in English for translations.")
    response_format: TranscriptFormat | None = optional(
        "Bare or detailed JSON, text, or subtitles.", service_default="json"
    )
    temperature: float | None = optional(
        "Higher is more varied; 0 lets the service decide.",
        service_default=0,
        ge=0,
        le=1,
        allow_inf_nan=False,
    )


class TranscriptionRequest(TranslationRequest):
    """The form of GetAudioTranscription without its file."""

    language: str | None = optional("Language spoken, as a two-letter code; otherwise it is guessed.")
    timestamp_granularities: Annotated[list[Literal["word", "segment"]], BeforeValidator(_as_list)] | None = (
        optional(
            "Times of words, of segments or of both; needs verbose_json.",
            service_default=["segment"],
            validation_alias=AliasChoices(
                "timestamp_granularities[]", "timestamp_granularities", "timestampGranularities"
            ),
            serialization_alias="timestamp_granularities[]",
        )
    )


class Transcription(WireModel):
    """The ``json`` answer."""

    text: str | None = None


class Word(WireModel):
    """A word and when it was said, in seconds."""

    word: str | None = None
    start: float | None = None
    end: float | None = None


class Segment(WireModel):
    """A stretch of speech, in seconds; ``seek`` is in hundredths."""

    id: int | None = None
    seek: int | float | None = None
    start: float | None = None
    end: float | None = None
    text: str | None = None
    tokens: list[int] | None = None
    temperature: float | None = None
    avg_logprob: float | None = None
    compression_ratio: float | None = None
    no_speech_prob: float | None = None


class VerboseTranscription(Transcription):
    """The ``verbose_json`` answer; ``language`` is a code by the documents, an English word in real life."""

    task: Literal["transcribe", "translate"] | str | None = None
    language: str | None = None
    duration: float | str | None = None
    segments: list[Segment] | None = None
    words: list[Word] | None = None
