"""Turning speech into text, in its own language or in English."""

from playground.api.bodies import FilePart, FormBody, Progress, form_fields
from playground.api.caller import Call
from playground.api.reading import model_reader, read_text
from playground.api.words import Word
from playground.wire.operations import BY_ACTION
from playground.wire.transcription import Transcription as Transcript
from playground.wire.transcription import (
    TranscriptionRequest,
    TranslationRequest,
    VerboseTranscription,
)

Heard = Transcript | str
"""Text for the formats text, srt and vtt; ``VerboseTranscription`` for verbose_json."""

_TEXT_FORMATS = ("text", "srt", "vtt")


class Transcription(Word):
    """``client.transcription``."""

    async def transcribe(
        self,
        deployment: str,
        request: TranscriptionRequest,
        file: FilePart,
        *,
        progress: Progress | None = None,
    ) -> Heard:
        """GetAudioTranscriptionAsPlainText / AsResponseObject: what was said, in its own language.

        Raises ``ApiError``, and ``OSError`` when the file cannot be read.
        """
        return await self._listen("transcription.transcribe", deployment, request, file, progress)

    async def translate(
        self,
        deployment: str,
        request: TranslationRequest,
        file: FilePart,
        *,
        progress: Progress | None = None,
    ) -> Heard:
        """GetAudioTranslationAsPlainText / AsResponseObject: what was said, in English."""
        return await self._listen("transcription.translate", deployment, request, file, progress)

    async def _listen(
        self,
        action: str,
        deployment: str,
        request: TranslationRequest,
        file: FilePart,
        progress: Progress | None,
    ) -> Heard:
        extra = [("model", deployment)] if self._model_of(deployment) and not request.model else []
        body = FormBody(form_fields(request, extra), "file", file, progress)
        wanted = request.response_format or "json"
        text = wanted in _TEXT_FORMATS
        accept = "text/plain" if text else "application/json"
        call = Call(BY_ACTION[action], {"deployment": deployment}, body=body, accept=accept)
        if text:
            return await self._caller.run(call, read_text)
        model = VerboseTranscription if wanted == "verbose_json" else Transcript
        return await self._caller.run(call, model_reader(model))
