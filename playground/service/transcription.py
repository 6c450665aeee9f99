"""GetAudioTranscription and GetAudioTranslation: a recording as text, JSON or subtitles."""

import re
from typing import Any, TypeVar

import pydantic
from starlette.responses import JSONResponse, PlainTextResponse, Response

from playground.service import limits
from playground.service.call import Call, Form
from playground.service.engines.protocols import (
    SpokenSegment,
    Transcript,
    TranscriptionTask,
    UnreadableAudioError,
)
from playground.service.errors import bad_request, invalid_body, too_large
from playground.service.validation import unrecognized
from playground.wire.transcription import TranscriptionRequest, TranslationRequest

Request = TypeVar("Request", bound=TranslationRequest)


def _words(text: str) -> list[str]:
    return text.split()


SUPPORTED = ("flac", "m4a", "mp3", "mp4", "mpeg", "mpga", "oga", "ogg", "wav", "webm")
LANGUAGES = dict(
    pair.split(":")
    for pair in _words(
        "ar:arabic cs:czech da:danish de:german el:greek en:english es:spanish fi:finnish fr:french "
        "he:hebrew hi:hindi hu:hungarian it:italian ja:japanese ko:korean nl:dutch no:norwegian pl:polish "
        "pt:portuguese ro:romanian ru:russian sv:swedish tr:turkish uk:ukrainian vi:vietnamese zh:chinese "
    )
)
GRANULARITIES = "timestamp_granularities"


async def transcribe(call: Call) -> Response:
    """Write down a recording in its own language. Raises ``ServiceError`` (400, 413)."""
    request = _read(call, TranscriptionRequest)
    asked = request.timestamp_granularities
    if asked is not None and request.response_format != "verbose_json":
        message = "'timestamp_granularities' requires 'response_format' to be 'verbose_json'."
        raise bad_request(message, GRANULARITIES, "invalid_value")
    language = (request.language or "").lower()
    if language and not re.fullmatch(r"[a-z]{2}", language):
        message = (
            f"Invalid language '{language[:40]}'. Language parameter must be specified in ISO-639-1 format."
        )
        raise bad_request(message, "language", "invalid_language_format")
    return await _answer(call, request, "transcribe", language or None, set(asked or ["segment"]))


async def translate(call: Call) -> Response:
    """Write down a recording in English. Raises ``ServiceError`` (400, 413)."""
    return await _answer(call, _read(call, TranslationRequest), "translate", None, {"segment"})


def _read(call: Call, model: type[Request]) -> Request:
    """The form's fields as a wire model; the file must be there and within the limit."""
    form = call.form or Form()
    if form.file is None:
        raise bad_request("Missing required parameter: 'file'.", "file", "missing_required_parameter")
    if form.file.size > limits.AUDIO:
        raise too_large(limits.AUDIO)
    fields: dict[str, Any] = dict(form.fields)
    granularities = [*form.all(GRANULARITIES), *form.all("timestampGranularities")]
    for name in (GRANULARITIES, f"{GRANULARITIES}[]", "timestampGranularities"):
        fields.pop(name, None)
    if granularities:
        fields[GRANULARITIES] = granularities
    try:
        request = model.model_validate(fields)
    except pydantic.ValidationError as error:
        raise invalid_body(error) from None
    unknown = next(iter(request.model_extra or {}), None)
    if unknown is not None:
        raise unrecognized(unknown)
    return request


async def _answer(
    call: Call, request: TranslationRequest, task: str, language: str | None, granularities: set[str]
) -> Response:
    assert call.form is not None
    assert call.form.file is not None
    job = TranscriptionTask(
        call.form.file.path, language, request.prompt or "", request.temperature or 0.0, task == "translate"
    )
    try:
        transcript = await call.service.engines.transcription.transcribe(job)
    except UnreadableAudioError as error:
        supported = ", ".join(f"'{each}'" for each in SUPPORTED)
        message = f"The audio file could not be decoded or its format is not supported ({error}). Known: {supported}."
        raise bad_request(message, "file", "invalid_value") from None
    form = request.response_format or "json"
    if form == "json":
        return JSONResponse({"text": transcript.text})
    if form == "verbose_json":
        return JSONResponse(_verbose(transcript, task, request.temperature or 0.0, granularities))
    if form == "text":
        return PlainTextResponse(transcript.text + "\n")
    return PlainTextResponse(srt(transcript) if form == "srt" else vtt(transcript))


def srt(transcript: Transcript) -> str:
    """SubRip subtitles."""
    blocks = [
        f"{number}\n{_clock(each.start, ',')} --> {_clock(each.end, ',')}\n{each.text.strip()}\n"
        for number, each in enumerate(transcript.segments, 1)
    ]
    return "\n".join(blocks) + "\n"


def vtt(transcript: Transcript) -> str:
    """WebVTT subtitles; ``-->`` in a text would end its cue, and a bare ``<`` or ``&`` would be markup."""
    blocks = [
        f"{_clock(each.start, '.')} --> {_clock(each.end, '.')}\n{_escaped(each.text.strip())}\n"
        for each in transcript.segments
    ]
    return "WEBVTT\n\n" + "\n".join(blocks) + "\n"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("-->", "--&gt;")


def _clock(seconds: float, decimal: str) -> str:
    whole = round(seconds * 1000)
    minutes, milliseconds = divmod(whole, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1000:02}{decimal}{milliseconds % 1000:03}"


def _verbose(
    transcript: Transcript, task: str, temperature: float, granularities: set[str]
) -> dict[str, Any]:
    body: dict[str, Any] = {
        "task": task,
        "language": "english"
        if task == "translate"
        else LANGUAGES.get(transcript.language, transcript.language),
        "duration": transcript.duration,
        "text": transcript.text,
    }
    if "segment" in granularities:
        body["segments"] = [
            _segment(place, each, temperature) for place, each in enumerate(transcript.segments)
        ]
    if "word" in granularities:
        body["words"] = [
            {"word": word.text, "start": word.start, "end": word.end}
            for each in transcript.segments
            for word in each.words
        ]
    return body


def _segment(place: int, segment: SpokenSegment, temperature: float) -> dict[str, Any]:
    return {
        "id": place,
        "seek": round(segment.start * 100),
        "start": segment.start,
        "end": segment.end,
        "text": f" {segment.text}",
        "tokens": list(segment.tokens),
        "temperature": temperature,
        "avg_logprob": segment.logprob,
        "compression_ratio": segment.compression,
        "no_speech_prob": segment.silence,
    }
