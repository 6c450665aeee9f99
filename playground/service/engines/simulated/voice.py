"""A babbling voice.

Letters become tones with the formants, noises and rests of speech, without being speech.
"""

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from playground.service.engines.protocols import Samples

RATE = 24_000
_LEVEL = 0.32


@dataclass(frozen=True)
class Timbre:
    """``pitch`` in hertz; ``size`` scales the formants, as a longer or shorter throat would."""

    pitch: float
    size: float
    breath: float = 0.0


VOICES = {
    "alloy": Timbre(165, 1.02),
    "echo": Timbre(112, 0.92),
    "fable": Timbre(140, 0.97, 0.03),
    "onyx": Timbre(88, 0.86),
    "nova": Timbre(205, 1.10),
    "shimmer": Timbre(232, 1.16, 0.05),
}
_VOWELS = {
    "a": (760, 1250, 2550),
    "e": (520, 1850, 2500),
    "i": (320, 2250, 2950),
    "o": (480, 900, 2450),
    "u": (340, 780, 2300),
    "y": (330, 2000, 2600),
}
_NOISY = "sfzvhxcjt"
_STOPS = "pbtdkgq"
_BREAKS = {",": 0.16, ";": 0.2, ":": 0.2, ".": 0.34, "!": 0.34, "?": 0.34, "\n": 0.3, "-": 0.08, "…": 0.3}


def sentences(text: str) -> list[str]:
    """A text cut behind its sentences, none longer than is pleasant to hold in memory."""
    pieces = re.findall(r".{1,240}?(?:[.!?…]+(?=\s|$)|\n+|$)|.{240}", text, re.S)
    return [piece for piece in pieces if piece.strip()] or [text]


def babble(text: str, voice: str, speed: float) -> "Samples":
    """One sentence as mono samples at ``RATE``; pitch falls towards its end, and rises for a question."""
    timbre = VOICES.get(voice, VOICES["alloy"])
    rises = text.rstrip().endswith("?")
    letters = text.lower()
    parts: list[Samples] = []
    for place, letter in enumerate(letters):
        along = place / max(1, len(letters) - 1)
        melody = 1.08 - 0.2 * along + (0.35 * max(0.0, along - 0.75) * 4 if rises else 0.0)
        wobble = 1 + 0.06 * np.sin(place * 0.9 + zlib.crc32(text.encode("utf-8", "replace")) % 7)
        parts.append(_sound(letter, timbre, timbre.pitch * melody * wobble, speed, place))
    parts.append(np.zeros(int(0.06 * RATE / speed), np.float32))
    return np.concatenate(parts)


def _sound(letter: str, timbre: Timbre, pitch: float, speed: float, place: int) -> "Samples":
    def samples(seconds: float) -> int:
        return max(1, int(seconds * RATE / speed))

    if letter in _BREAKS:
        return np.zeros(samples(_BREAKS[letter]), np.float32)
    if letter.isspace():
        return np.zeros(samples(0.05), np.float32)
    if letter in _VOWELS:
        return _voiced(samples(0.105), pitch, _VOWELS[letter], timbre, 1.0)
    if letter in _NOISY:
        return _noise(samples(0.06), 0.30 if letter in "sz" else 0.16, place)
    if letter in _STOPS:
        gap = np.zeros(samples(0.028), np.float32)
        return np.concatenate([gap, _noise(samples(0.018), 0.34, place)])
    if letter.isdigit():
        return _voiced(
            samples(0.15),
            pitch,
            list(_VOWELS.values())[int(letter) % 6 if letter.isascii() else 0],
            timbre,
            1.0,
        )
    if letter.isalpha():
        return _voiced(samples(0.065), pitch, (280, 1100, 2300), timbre, 0.55)
    return np.zeros(samples(0.03), np.float32)


def _voiced(
    count: int, pitch: float, formants: tuple[int, ...], timbre: Timbre, loudness: float
) -> "Samples":
    """Harmonics of the pitch, loud near the formants."""
    time = np.arange(count, dtype=np.float32) / RATE
    harmonics = np.arange(1, max(2, int(4200 / pitch)))
    frequencies = harmonics * pitch
    weights = np.zeros(len(harmonics))
    for formant, width, gain in zip(formants, (90, 130, 180), (1.0, 0.55, 0.25), strict=True):
        weights += gain * np.exp(-(((frequencies - formant * timbre.size) / (width * 1.6)) ** 2))
    weights += 0.06 / harmonics
    wave = (weights[:, None] * np.sin(2 * np.pi * frequencies[:, None] * time[None, :])).sum(axis=0)
    wave = wave / (np.abs(wave).max() + 1e-6)
    if timbre.breath:
        wave = wave + timbre.breath * np.random.default_rng(count).standard_normal(count)
    voiced: Samples = (wave * _envelope(count) * _LEVEL * loudness).astype(np.float32)
    return voiced


def _noise(count: int, loudness: float, place: int) -> "Samples":
    hiss = np.random.default_rng(place).standard_normal(count)
    hiss = np.diff(hiss, prepend=0.0)  # takes the low rumble out
    hiss = hiss / (np.abs(hiss).max() + 1e-6)
    noise: Samples = (hiss * _envelope(count) * _LEVEL * loudness).astype(np.float32)
    return noise


def _envelope(count: int) -> "Samples":
    edge = max(1, min(count // 3, int(0.012 * RATE)))
    shape = np.ones(count, np.float32)
    ramp = np.sin(np.linspace(0, np.pi / 2, edge, dtype=np.float32)) ** 2
    shape[:edge] = ramp
    shape[-edge:] = np.minimum(shape[-edge:], ramp[::-1])
    return shape
