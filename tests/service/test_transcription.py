"""Transcription: real decoding, honest words for unknown speech, the exact text for our own, in five forms."""

import io
import re
import wave
from typing import Any, cast

import numpy as np
import pytest

from tests import schema
from tests.service import engines_client
from tests.service.engines_client import Asker

ask, runner = engines_client.ask, engines_client.runner
TEXT = "Good morning. The boat leaves at nine. Bring a warm coat!"
TRANSCRIBE, TRANSLATE = "GetAudioTranscriptionAsPlainText", "GetAudioTranslationAsPlainText"


def recording(*stretches: float, pause: float = 0.6, rate: int = 16_000) -> bytes:
    """A WAV file with a tone for each stretch of seconds, and silence between."""
    parts = []
    for seconds in stretches:
        parts += [0.4 * np.sin(np.arange(int(seconds * rate)) * 0.09), np.zeros(int(pause * rate))]
    return as_wav((np.concatenate(parts) * 32767).astype("<i2").tobytes(), rate)


def as_wav(samples: bytes, rate: int) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples)
    return out.getvalue()


async def send(
    asker: Asker, audio: bytes, verb: str = "transcriptions", name: str = "a.wav", **fields: Any
) -> Any:
    files = {"file": (name, audio, "audio/wav")}
    return await asker.client.post(f"/deployments/transcription/audio/{verb}", data=fields, files=files)


async def verbose(asker: Asker, audio: bytes, verb: str = "transcriptions", **fields: Any) -> Any:
    reply = await send(asker, audio, verb, response_format="verbose_json", **fields)
    assert reply.status_code == 200, reply.text
    schema.validate(TRANSCRIBE if verb == "transcriptions" else TRANSLATE, 200, reply.content)
    return reply.json()


async def spoken(asker: Asker, form: str) -> bytes:
    reply = await asker.post(
        "speech", "audio/speech", {"input": TEXT, "voice": "nova", "response_format": form}
    )
    assert reply.status_code == 200
    return reply.content


async def test_unknown_speech_is_described_by_its_segments(ask: Any) -> None:
    async with ask() as asker:
        body = await verbose(asker, recording(1.0, 2.0, 0.5))
    assert (body["task"], body["language"]) == ("transcribe", "english")
    assert body["duration"] == pytest.approx(5.3, abs=0.05)
    assert body["text"].startswith("[Simulated transcription of 5.3 s of audio.]")
    times = [(segment["start"], segment["end"]) for segment in body["segments"]]
    assert times == [pytest.approx(pair, abs=0.06) for pair in [(0, 1), (1.6, 3.6), (4.2, 4.7)]]
    assert [segment["id"] for segment in body["segments"]] == [0, 1, 2]
    assert [segment["seek"] for segment in body["segments"]] == [round(start * 100) for start, _ in times]
    assert all(segment["tokens"] and segment["text"].startswith(" ") for segment in body["segments"])
    assert "words" not in body


async def test_silence_is_called_silence(ask: Any) -> None:
    async with ask() as asker:
        body = await verbose(asker, as_wav(bytes(32_000), 16_000))
    assert body["text"].endswith("Nobody speaks.")
    assert body["duration"] == 1.0


@pytest.mark.parametrize("form", ["mp3", "opus", "aac", "flac", "wav"])
async def test_our_own_voice_is_understood_exactly(ask: Any, form: str) -> None:
    async with ask() as asker:
        body = await verbose(asker, await spoken(asker, form))
    assert body["text"] == TEXT
    assert [segment["text"].strip() for segment in body["segments"]] == re.split(r"(?<=[.!?]) ", TEXT)
    ends = [segment["end"] for segment in body["segments"]]
    assert ends == sorted(ends)
    assert ends[-1] <= body["duration"]


async def test_raw_samples_are_understood_in_a_wave_file(ask: Any) -> None:
    async with ask() as asker:
        reply = await send(asker, as_wav(await spoken(asker, "pcm"), 24_000))
    assert reply.json() == {"text": TEXT}


@pytest.mark.parametrize(
    "name", ["timestamp_granularities[]", "timestamp_granularities", "timestampGranularities"]
)
async def test_times_of_words_under_every_spelling(ask: Any, name: str) -> None:
    async with ask() as asker:
        audio = await spoken(asker, "wav")
        words = await verbose(asker, audio, **cast("Any", {name: ["word"]}))
        both = await verbose(asker, audio, **cast("Any", {name: ["word", "segment"]}))
    assert [word["word"] for word in words["words"]] == TEXT.split()
    assert "segments" not in words
    assert both["segments"]
    starts = [word["start"] for word in both["words"]]
    assert starts == sorted(starts)
    assert all(word["start"] <= word["end"] for word in both["words"])


async def test_text_and_subtitles(ask: Any) -> None:
    async with ask() as asker:
        audio = await spoken(asker, "mp3")
        found = {
            form: await send(asker, audio, response_format=form) for form in ("json", "text", "srt", "vtt")
        }
    assert found["json"].json() == {"text": TEXT}
    for form in ("text", "srt", "vtt"):
        assert found[form].headers["content-type"].startswith("text/plain")
    assert found["text"].text == TEXT + "\n"
    clock = r"\d\d:\d\d:\d\d"
    assert re.fullmatch(rf"(\d+\n{clock},\d{{3}} --> {clock},\d{{3}}\n[^\n]+\n\n)+", found["srt"].text)
    assert re.fullmatch(rf"WEBVTT\n\n({clock}\.\d{{3}} --> {clock}\.\d{{3}}\n[^\n]+\n\n)+", found["vtt"].text)
    assert found["srt"].text.startswith("1\n00:00:00,")
    assert len(re.findall("-->", found["vtt"].text)) == 3


async def test_a_text_cannot_break_its_subtitles(ask: Any) -> None:
    said = {"input": "a --> b <i> & c.", "voice": "nova", "response_format": "wav"}
    async with ask() as asker:
        audio = (await asker.post("speech", "audio/speech", said)).content
        reply = await send(asker, audio, response_format="vtt")
    assert "a --&gt; b &lt;i> &amp; c." in reply.text
    assert reply.text.count("-->") == 1


async def test_translations_are_in_english(ask: Any) -> None:
    async with ask() as asker:
        body = await verbose(asker, recording(1.0), "translations", prompt="Names", temperature="0.5")
        plain = await send(asker, recording(1.0), "translations")
    assert (body["task"], body["language"]) == ("translate", "english")
    assert body["segments"][0]["temperature"] == 0.5
    assert plain.json()["text"].startswith("[Simulated translation of")


async def test_the_language_is_believed(ask: Any) -> None:
    async with ask() as asker:
        assert (await verbose(asker, recording(1.0), language="de"))["language"] == "german"


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"response_format": "xml"}, "response_format"),
        ({"temperature": "2"}, "temperature"),
        ({"temperature": "warm"}, "temperature"),
        ({"language": "english"}, "language"),
        ({"timestamp_granularities[]": "word"}, "timestamp_granularities"),
        ({"timestamp_granularities[]": "page", "response_format": "verbose_json"}, "timestamp_granularities"),
        ({"nonsense": "1"}, None),
    ],
)
async def test_broken_rules_are_named(ask: Any, fields: dict[str, str], param: str | None) -> None:
    async with ask() as asker:
        reply = await send(asker, recording(0.5), **fields)
    assert reply.status_code == 400
    assert (reply.json()["error"]["param"] or "").partition("[")[0] == (param or "")


@pytest.mark.parametrize(
    "audio", [b"", b"hello", b"RIFF\x10\0\0\0WAVEfmt ", b"\xff\xfb" * 50, b"OggS" + bytes(90)]
)
async def test_what_is_no_audio_is_refused(ask: Any, audio: bytes) -> None:
    async with ask() as asker:
        reply = await send(asker, audio)
    assert reply.status_code == 400
    assert reply.json()["error"]["param"] == "file"


async def test_a_file_must_come_and_not_be_too_large(ask: Any) -> None:
    async with ask() as asker:
        missing = await asker.client.post(
            "/deployments/transcription/audio/transcriptions", files={"model": (None, "whisper")}
        )
        large = await send(asker, bytes(26 * 1024 * 1024 + 1))
    assert (missing.status_code, missing.json()["error"]["param"]) == (400, "file")
    assert large.status_code == 413
