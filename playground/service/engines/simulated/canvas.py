"""Draws a landscape for any prompt: sky, sun, hills or waves in layers, in colours chosen by its words."""

import random
import re
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Pixels = npt.NDArray[np.float32]

LABEL = "SIMULATED"
_GLYPHS = {
    "S": "01110 10001 10000 01110 00001 10001 01110",
    "I": "01110 00100 00100 00100 00100 00100 01110",
    "M": "10001 11011 10101 10101 10001 10001 10001",
    "U": "10001 10001 10001 10001 10001 10001 01110",
    "L": "10000 10000 10000 10000 10000 10000 11111",
    "A": "01110 10001 10001 11111 10001 10001 10001",
    "T": "11111 00100 00100 00100 00100 00100 00100",
    "E": "11111 10000 10000 11110 10000 10000 11111",
    "D": "11110 10001 10001 10001 10001 10001 11110",
}


@dataclass(frozen=True)
class Mood:
    """Colours from the top of the sky to the nearest ground, and what stands in the picture."""

    top: str
    horizon: str
    sun: str
    far: str
    near: str
    stars: bool = False
    water: bool = False


_MOODS: tuple[tuple[str, Mood], ...] = (
    ("night|moon|star|space|dark|planet", Mood("0b1030", "33406e", "f4f0d8", "2a3560", "090d20", stars=True)),
    ("sunset|evening|autumn|fire|desert|warm", Mood("4b2a63", "f6a15b", "ffe3a3", "a14b5a", "2a1730")),
    (
        "sea|ocean|lighthouse|beach|boat|ship|lake|island|water",
        Mood("5fa8d8", "dff1f4", "fff6d5", "5f93a8", "1d4258", water=True),
    ),
    ("snow|winter|ice|cold|mountain", Mood("8fb4d9", "eef4fb", "ffffff", "a9bdd2", "4a6078")),
    ("forest|tree|garden|green|spring|jungle", Mood("a5d2c7", "f3f3d3", "fff3b8", "7fae90", "1f4a37")),
    (
        "city|street|robot|machine|future|neon",
        Mood("241a46", "e0619a", "ffd2e5", "5a3a80", "150f2b", stars=True),
    ),
)
_OTHERS = (
    Mood("6aa7d6", "fbe9cf", "fff4cf", "8aa6b8", "2c4357"),
    Mood("355c7d", "f8b195", "ffe8c9", "6c5b7b", "27233a"),
    Mood("83a9c9", "f4d9c6", "fff1d6", "9a8fa8", "3a3350"),
)


def landscape(prompt: str, width: int, height: int, style: str, fine: bool, variant: int) -> bytes:
    """The picture for a prompt as PNG, marked as simulated; the same for the same arguments."""
    dice = random.Random(f"{prompt}/{variant}/{style}")
    mood = next((mood for words, mood in _MOODS if re.search(words, prompt, re.I)), None) or dice.choice(
        _OTHERS
    )
    across = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    horizon = 0.56 + 0.1 * dice.random()
    share = np.clip(down / horizon, 0, 1)[:, :, None] ** 1.3
    image = _colour(mood.top) * (1 - share) + _colour(mood.horizon) * share
    image = np.repeat(image, width, axis=1) if image.shape[1] == 1 else image
    if mood.stars:
        _stars(image, dice, horizon)
    _sun(image, across, down, mood, dice, horizon, width / height)
    if mood.water:
        _water(image, across, down, mood, dice, horizon)
    _hills(image, across, down, mood, dice, horizon, fine)
    if style == "natural":
        grey = image.mean(axis=2, keepdims=True)
        image = grey + (image - grey) * 0.72
    _label(image)
    return png((np.clip(image, 0, 1) * 255).astype(np.uint8))


def _colour(text: str) -> "Pixels":
    return np.array([int(text[place : place + 2], 16) / 255 for place in (0, 2, 4)], np.float32)


def _stars(image: "Pixels", dice: random.Random, horizon: float) -> None:
    height, width, _ = image.shape
    for _ in range(width * height // 9000):
        x, y = dice.randrange(width - 1), int(dice.random() ** 1.5 * height * horizon * 0.9)
        image[y : y + dice.choice((1, 1, 2)), x : x + dice.choice((1, 1, 2))] += 0.3 + 0.6 * dice.random()


def _sun(
    image: "Pixels",
    across: "Pixels",
    down: "Pixels",
    mood: Mood,
    dice: random.Random,
    horizon: float,
    shape: float,
) -> None:
    x, y, radius = (
        0.2 + 0.6 * dice.random(),
        horizon * (0.35 + 0.35 * dice.random()),
        0.05 + 0.03 * dice.random(),
    )
    distance = np.sqrt(((across - x) * shape) ** 2 + (down - y) ** 2)
    glow = np.exp(-distance * 5.5)[:, :, None] * 0.55
    disc = np.clip((radius - distance) * 400, 0, 1)[:, :, None]
    colour = _colour(mood.sun)
    image += (colour - image) * np.maximum(glow, disc)


def _water(
    image: "Pixels", across: "Pixels", down: "Pixels", mood: Mood, dice: random.Random, horizon: float
) -> None:
    depth = np.clip((down - horizon) / (1 - horizon), 0, 1)
    waves = np.sin(across * (60 - 40 * depth) + np.sin(down * 420 + dice.random() * 9) * 2 + depth * 60)
    tint = _colour(mood.far) * (1 - depth[:, :, None]) + _colour(mood.near) * depth[:, :, None]
    surface = tint + (0.035 * waves * (1 - depth))[:, :, None]
    image += (surface - image) * (down > horizon)[:, :, None]


def _hills(
    image: "Pixels",
    across: "Pixels",
    down: "Pixels",
    mood: Mood,
    dice: random.Random,
    horizon: float,
    fine: bool,
) -> None:
    """Ridges from far to near, each a sum of waves, darker and taller towards the eye."""
    layers = 2 if mood.water else 5
    for layer in range(layers):
        nearness = (layer + 1) / layers
        base = horizon + (0.02 + 0.36 * nearness**1.4 if not mood.water else 0.34 * nearness)
        ridge = np.full_like(across, base)
        for octave in range(1, 9 if fine else 7):
            turns = (1.3 + dice.random()) * 1.75**octave
            ridge = ridge + np.sin(across * turns + dice.random() * 6.28) * 0.11 * 0.55**octave * (
                0.6 + nearness
            )
        colour = _colour(mood.far) * (1 - nearness) + _colour(mood.near) * nearness
        cover = np.clip((down - ridge) * image.shape[0], 0, 1)[:, :, None]
        mist = np.clip(1 - (down - ridge) * 5, 0, 1)[:, :, None] * 0.16 * (1 - nearness)
        image += (colour + (_colour(mood.horizon) - colour) * mist - image) * cover


def _label(image: "Pixels") -> None:
    """The word in the corner, so that nobody takes the picture for a model's work."""
    height, width, _ = image.shape
    scale = max(1, width // 320)
    rows = [" ".join(_GLYPHS[letter].split()[row] for letter in LABEL).replace(" ", "0") for row in range(7)]
    bits = np.array([[bit == "1" for bit in row] for row in rows])
    mask = bits.repeat(scale, axis=0).repeat(scale, axis=1)
    top, left = height - mask.shape[0] - 4 * scale, 4 * scale
    margin = 2 * scale
    image[top - margin : height - margin, left - margin : left + mask.shape[1] + margin] *= 0.45
    image[top : top + mask.shape[0], left : left + mask.shape[1]][mask] = 0.95


def png(pixels: "npt.NDArray[Any]") -> bytes:
    """RGB bytes (height, width, 3) as PNG, each row as its difference from the row above, which packs well."""
    height, width, _ = pixels.shape
    rows = pixels.reshape(height, -1)
    above = np.vstack([np.zeros((1, rows.shape[1]), np.uint8), rows[:-1]])
    filtered = np.hstack([np.full((height, 1), 2, np.uint8), rows - above])

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    note = b"Comment\0simulated picture"
    body = zlib.compress(filtered.tobytes(), 5)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", header), chunk(b"tEXt", note), chunk(b"IDAT", body), chunk(b"IEND", b""))
    )
