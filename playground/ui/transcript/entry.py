"""What a transcript shows, as plain values: pages fill these in and do not know how they are drawn."""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["", "neutral", "info", "ok", "warn", "danger"]


@dataclass(frozen=True, slots=True)
class Chip:
    """A short fact in a pill, such as a filter's verdict; the tooltip is plain text."""

    text: str
    tone: Tone = "neutral"
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A button of one message. The id ``copy`` is carried out by the transcript (and still reported)."""

    id: str
    text: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One message.

    ``text`` is Markdown unless ``markdown`` is false, when it is shown letter by letter. ``position`` is its
    place among its siblings, from one; ``note`` is a line about its state, such as *Stopped*, in the
    colours of ``tone``. ``markdown`` cannot change in a ``replace``.
    """

    key: str
    role: str
    title: str
    text: str
    footer: str = ""
    chips: tuple[Chip, ...] = ()
    actions: tuple[Action, ...] = ()
    position: tuple[int, int] | None = None
    tone: Tone = "neutral"
    streaming: bool = False
    note: str = ""
    markdown: bool = True
