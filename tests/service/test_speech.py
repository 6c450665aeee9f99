"""Speech: six forms that players read, voices that differ, a speed that counts, and words that come back."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from playground.service.engines.audio import decoded
from tests.service import engines_client
from tests.service.engines_client import Asker

ask, runner = engines_client.ask, engines_client.runner
PATH = "audio/speech"
TEXT = "Good morning. How are you today?"
KINDS = {
    "mp3": ("audio/mpeg", (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xe3")),
    "opus": ("audio/opus", (b"OggS",)),
    "aac": ("audio/aac", (b"\xff\xf1", b"\xff\xf9")),
    "flac": ("audio/flac", (b"fLaC",)),
    "wav": ("audio/wav", (b"RIFF",)),
}


async def speak(asker: Asker, **body: Any) -> bytes:
    reply = await asker.post("speech", PATH, {"input": TEXT, "voice": "alloy", **body})
    assert reply.status_code == 200, reply.text
    form = body.get("response_format") or "mp3"
    assert reply.headers["content-type"] == (KINDS[form][0] if form in KINDS else "audio/pcm")
    return reply.content


def read(audio: bytes) -> tuple[Any, int]:
    samples, rate = soundfile.read(io.BytesIO(audio), dtype="float32")
    return samples, rate


@pytest.mark.parametrize("form", KINDS)
async def test_every_form_is_a_file_of_its_kind(ask: Any, form: str, tmp_path: Path) -> None:
    async with ask() as asker:
        audio = await speak(asker, response_format=form)
        raw = await speak(asker, response_format="pcm")
    assert audio.startswith(KINDS[form][1])
    path = tmp_path / f"speech.{form}"
    path.write_bytes(audio)
    blocks = list(decoded(path))
    seconds = sum(len(block) for block, _ in blocks) / blocks[0][1]
    assert seconds == pytest.approx(len(raw) / 2 / 24_000, abs=0.15)
    assert max(float(np.abs(block).max()) for block, _ in blocks) > 0.1
    if form in {"wav", "flac"}:
        assert read(audio)[1] == 24_000


async def test_mp3_comes_when_nothing_is_said(ask: Any) -> None:
    async with ask() as asker:
        assert (await speak(asker)).startswith(KINDS["mp3"][1])


async def test_raw_samples_are_those_of_the_wave_file(ask: Any) -> None:
    async with ask() as asker:
        wav, pcm = [await speak(asker, response_format=form) for form in ("wav", "pcm")]
    samples, rate = read(wav)
    assert rate == 24_000
    assert np.abs(samples - np.frombuffer(pcm, "<i2") / 32768).max() < 1e-3


def pitch(audio: bytes) -> float:
    """The strongest repetition above 60 hertz, behind the likeness of each moment to its neighbours."""
    samples, rate = read(audio)
    size = len(samples)
    spectrum = np.abs(np.fft.rfft(samples, 2 * size)) ** 2
    repeats = np.fft.irfft(spectrum)[:size]
    low, high = int(np.argmax(repeats < 0)), rate // 60
    return float(rate / (low + int(np.argmax(repeats[low:high]))))


async def test_voices_differ_in_pitch(ask: Any) -> None:
    found = {}
    async with ask() as asker:
        for voice in ("onyx", "alloy", "shimmer"):
            found[voice] = pitch(await speak(asker, input="aaaaaaaaaa", voice=voice, response_format="wav"))
    assert found["onyx"] < found["alloy"] < found["shimmer"]


async def test_speed_changes_the_duration(ask: Any) -> None:
    sizes = {}
    async with ask() as asker:
        for speed in (0.5, 1.0, 2.0):
            sizes[speed] = len(await speak(asker, speed=speed, response_format="pcm"))
    assert sizes[0.5] == pytest.approx(2 * sizes[1.0], rel=0.02)
    assert sizes[2.0] == pytest.approx(sizes[1.0] / 2, rel=0.02)


async def test_any_text_can_be_spoken(ask: Any) -> None:
    texts = ["?", "日本語のテスト", "🙂", "a\n\nb", "…" * 40, "1234 ²", " . " * 30, "word " * 800]
    async with ask() as asker:
        for text in texts:
            assert len(await speak(asker, input=text, response_format="pcm", speed=4)) > 100


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"voice": "alloy"}, "input"),
        ({"input": "", "voice": "alloy"}, "input"),
        ({"input": "x" * 4097, "voice": "alloy"}, "input"),
        ({"input": "x"}, "voice"),
        ({"input": "x", "voice": "robot"}, "voice"),
        ({"input": "x", "voice": "alloy", "speed": 0.2}, "speed"),
        ({"input": "x", "voice": "alloy", "speed": 4.1}, "speed"),
        ({"input": "x", "voice": "alloy", "response_format": "ogg"}, "response_format"),
        ({"input": "x", "voice": "alloy", "nonsense": 1}, None),
    ],
)
async def test_broken_rules_are_named(ask: Any, body: dict[str, Any], param: str | None) -> None:
    async with ask() as asker:
        error = await asker.refused(PATH, body, to="speech")
    assert error["param"] == param
