"""Colours, fonts and sizes of a transcript as one frozen value: a theme is swapped by one assignment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class TranscriptStyle:
    """Colours are ``#rrggbb``; sizes logical pixels. Text keeps 4.5:1 against its ground in both schemes."""

    dark: bool = False
    background: str = "#ffffff"
    text: str = "#1c2430"
    muted: str = "#5a6575"
    card: str = "#f1f4f9"
    card_border: str = "#e0e6ef"
    line: str = "#d8dee8"
    code_background: str = "#f6f8fb"
    code_border: str = "#dfe5ee"
    code_text: str = "#233044"
    inline_code: str = "#e9edf4"
    accent: str = "#2459c9"
    accent_text: str = "#ffffff"
    link: str = "#1d56c4"
    quote: str = "#b9c5d8"
    hover: str = "#e6ebf3"
    selection: str = "#c5d8fb"
    info: str = "#1f56b8"
    info_ground: str = "#e4edfd"
    ok: str = "#166534"
    ok_ground: str = "#dff3e5"
    warn: str = "#8a4b00"
    warn_ground: str = "#fdf0d8"
    danger: str = "#b01e28"
    danger_ground: str = "#fde6e7"
    neutral_ground: str = "#e9edf3"
    keyword: str = "#8b2fa8"
    string: str = "#1a6b34"
    number: str = "#a84a00"
    comment: str = "#66707f"
    name: str = "#1a53b0"
    sans: tuple[str, ...] = ("Inter", "Segoe UI", "Helvetica Neue", "DejaVu Sans")
    mono: tuple[str, ...] = ("JetBrains Mono", "Cascadia Mono", "Menlo", "DejaVu Sans Mono")
    body: float = 15.0
    small: float = 12.5
    code: float = 13.0
    headings: tuple[float, ...] = (23.0, 20.0, 17.5, 16.0, 15.0, 15.0)
    line_height: float = 24.0
    code_line_height: float = 20.0
    column: float = 760.0
    space: float = 8.0
    radius: float = 8.0

    @classmethod
    def light(cls) -> TranscriptStyle:
        """The style for a light window."""
        return cls()

    @classmethod
    def dark_scheme(cls) -> TranscriptStyle:
        """The style for a dark window."""
        return _DARK

    def scaled(self, zoom: float) -> TranscriptStyle:
        """The same style with every size multiplied by ``zoom`` (1.0 is 100 %)."""
        sizes = {name: getattr(self, name) * zoom for name in _SIZES}
        return replace(self, headings=tuple(size * zoom for size in self.headings), **sizes)


_SIZES = ("body", "small", "code", "line_height", "code_line_height", "column", "space", "radius")
_DARK = TranscriptStyle(
    dark=True,
    background="#14181f",
    text="#e3e8f0",
    muted="#98a4b5",
    card="#1d232d",
    card_border="#2a323f",
    line="#333d4c",
    code_background="#1a2029",
    code_border="#2b3442",
    code_text="#d5dce8",
    inline_code="#2a323f",
    accent="#6ea2ff",
    accent_text="#0d1524",
    link="#7fb0ff",
    quote="#465469",
    hover="#29313e",
    selection="#2c4a80",
    info="#8fb9ff",
    info_ground="#1b2b48",
    ok="#7ddb9d",
    ok_ground="#17301f",
    warn="#f0bd6b",
    warn_ground="#35270f",
    danger="#ff9a9f",
    danger_ground="#3d1b1f",
    neutral_ground="#29313d",
    keyword="#d59bf0",
    string="#8fd6a0",
    number="#f0b27a",
    comment="#8c98a9",
    name="#86b7ff",
)


def transcript_style(tokens: Mapping[str, object]) -> TranscriptStyle:
    """A style from plain values by field name; ``dark`` chooses what the others are taken from.

    Raises ``TypeError`` for a name that is no field.
    """
    ground = _DARK if tokens.get("dark") else TranscriptStyle()
    unknown = set(tokens) - {field.name for field in fields(TranscriptStyle)}
    if unknown:
        raise TypeError(f"no such style value: {', '.join(sorted(unknown))}")
    return replace(ground, **tokens)  # type: ignore[arg-type]
