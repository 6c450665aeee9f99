"""Every size and colour of the window, by meaning: nothing else in the toolbox names a colour."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

Shade = Literal["light", "dark"]

MINIMUM_ZOOM, MAXIMUM_ZOOM = 0.5, 3.0


@dataclass(frozen=True, slots=True)
class Colours:
    """Colour roles as ``#rrggbb``. Text roles keep 4.5:1 on window, surface and raised in both shades."""

    window: str
    """Ground of the frame: rail, strip, docks."""
    surface: str
    """Ground of the work: lists, inputs, the transcript."""
    raised: str
    """Cards, menus and what lies above a surface."""
    hover: str
    pressed: str
    border: str
    control: str
    """Outline of things that can be operated; 3:1 on every ground."""
    text: str
    muted: str
    faint: str
    """Placeholders and what is off; still readable."""
    accent: str
    accent_hover: str
    accent_text: str
    """Text on the accent."""
    accent_soft: str
    link: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    danger: str
    danger_hover: str
    danger_text: str
    """Text on danger."""
    danger_soft: str
    info: str
    info_soft: str
    neutral_soft: str
    selection: str
    selection_text: str
    focus: str

    def by_role(self, role: str) -> str:
        """The colour of a role by its name. Raises ``AttributeError`` for a name that is none."""
        return str(getattr(self, role))


COLOUR_ROLES = tuple(field.name for field in fields(Colours))

LIGHT = Colours(
    window="#f4f5f7",
    surface="#ffffff",
    raised="#fafbfc",
    hover="#e9ebf0",
    pressed="#dfe2e9",
    border="#dcdfe5",
    control="#858d9b",
    text="#1a1f2b",
    muted="#535c6c",
    faint="#5f6878",
    accent="#3456d1",
    accent_hover="#2a48b8",
    accent_text="#ffffff",
    accent_soft="#e6ebfc",
    link="#2c4fcb",
    ok="#17693a",
    ok_soft="#dcf3e4",
    warn="#855000",
    warn_soft="#fcefd5",
    danger="#b3232e",
    danger_hover="#971a25",
    danger_text="#ffffff",
    danger_soft="#fce6e7",
    info="#1d5aa8",
    info_soft="#e1eefb",
    neutral_soft="#e8eaef",
    selection="#d5defb",
    selection_text="#141a2b",
    focus="#3456d1",
)

DARK = Colours(
    window="#15171c",
    surface="#1b1e25",
    raised="#22262e",
    hover="#2a2f39",
    pressed="#333946",
    border="#303641",
    control="#737d8e",
    text="#e7eaf0",
    muted="#aab2c0",
    faint="#959eae",
    accent="#86a2ff",
    accent_hover="#a0b6ff",
    accent_text="#0d1430",
    accent_soft="#25305a",
    link="#93acff",
    ok="#79d69a",
    ok_soft="#18321f",
    warn="#efbe6c",
    warn_soft="#382a10",
    danger="#ff9499",
    danger_hover="#ffabaf",
    danger_text="#2b060a",
    danger_soft="#41191e",
    info="#86bdf7",
    info_soft="#17304a",
    neutral_soft="#2b303a",
    selection="#33457f",
    selection_text="#f2f5ff",
    focus="#86a2ff",
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The look at one moment. Sizes are logical pixels with the zoom already in them."""

    shade: Shade
    zoom: float
    colours: Colours

    def px(self, size: float) -> int:
        """A size at 100 % as whole pixels at this zoom; never less than one."""
        return max(1, round(size * self.zoom))

    @property
    def space(self) -> tuple[int, int, int, int, int]:
        """The steps of distance: 4, 8, 12, 16, 24."""
        return (self.px(4), self.px(8), self.px(12), self.px(16), self.px(24))

    @property
    def radius(self) -> int:
        """Rounding of inputs and buttons."""
        return self.px(6)

    @property
    def card_radius(self) -> int:
        """Rounding of cards, banners and menus."""
        return self.px(10)

    @property
    def small(self) -> int:
        """Captions and footers."""
        return self.px(12)

    @property
    def body(self) -> int:
        """Everything that is not something else."""
        return self.px(13)

    @property
    def heading(self) -> int:
        """Heading of a group or a card."""
        return self.px(14)

    @property
    def title(self) -> int:
        """Title of a page or an empty state."""
        return self.px(20)

    @property
    def code(self) -> int:
        """Fixed-width text."""
        return self.px(12.5)


def tokens_for(shade: Shade, zoom: float = 1.0) -> Tokens:
    """The tokens of a shade; the zoom (1.0 is 100 %) is brought inside its limits."""
    within = min(max(zoom, MINIMUM_ZOOM), MAXIMUM_ZOOM)
    return Tokens(shade, within, DARK if shade == "dark" else LIGHT)


def contrast(one: str, other: str) -> float:
    """Contrast of two ``#rrggbb`` colours after WCAG 2, from 1 to 21."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
