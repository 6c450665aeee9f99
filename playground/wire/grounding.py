"""Image enhancements of the vision preview: where in the picture the words of an answer lie."""

from playground.wire.base import WireModel


class GroundingPoint(WireModel):
    """A corner, as fractions of the picture's width and height."""

    x: float | None = None
    y: float | None = None


class GroundingSpan(WireModel):
    """Words of a line and the outline of what they name; offset and length in characters of the line."""

    text: str | None = None
    offset: int | None = None
    length: int | None = None
    polygon: list[GroundingPoint] | None = None


class GroundingLine(WireModel):
    """A line of the answer."""

    text: str | None = None
    spans: list[GroundingSpan] | None = None


class Grounding(WireModel):
    """The answer, line by line."""

    lines: list[GroundingLine] | None = None


class ChoiceEnhancements(WireModel):
    """What the enhancements asked for have found."""

    grounding: Grounding | None = None
