"""What a conversation offers to fill the fields of a schema with: names, numbers, dates, the subject."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playground.service.engines.simulated import wishes
from playground.service.engines.simulated.prose import POINTS, fill

_PLACES = re.compile(r"city|town|place|location|country|region|destination|origin|where", re.I)
_PEOPLE = re.compile(r"name|person|author|user|customer|artist|company|participant|attendee", re.I)
_WHOLE = re.compile(r"query|question|text|input|prompt|message|content|request|search|expression", re.I)
_THINGS = re.compile(r"topic|subject|title|keyword|term|item|product|event", re.I)
_WORDS = (
    "alpha",
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "harbor",
    "island",
    "juniper",
    "lantern",
    "maple",
)


@dataclass(frozen=True)
class Hints:
    """Read once from a text; empty hints give plain fillers.

    ``amount`` is how many items are wanted; ``place`` counts the items of an array, so that they differ.
    """

    source: str = ""
    names: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()
    date: str = ""
    subject: str = ""
    amount: int = 0
    place: int = 0

    @classmethod
    def of(cls, text: str, name: str | None = None) -> "Hints":
        """The hints of a text; with ``name``, of its proper names that one only."""
        clipped = text[:4000]
        numbers = tuple(
            float(each) for each in re.findall(r"(?<![\w.-])-?\d{1,9}(?:\.\d{1,6})?(?![\w.-])", clipped)
        )
        date = re.search(r"\b(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8]))\b", clipped)
        asked = wishes.amount(
            clipped, "item", "point", "step", "example", "thing", "idea", "fact", "reason", "row"
        )
        return cls(
            source=clipped.strip(),
            names=(name,) if name else tuple(wishes.proper_names(clipped)),
            numbers=numbers,
            date=date[1] if date else "",
            subject=wishes.subject(clipped),
            amount=min(asked.number, 50) if asked else 0,
        )

    def text(self, name: str) -> str:
        """A string for a field of this name."""
        if self.place and (item := self._item(name)):
            return item
        if self.names and (_PLACES.search(name) or _PEOPLE.search(name)):
            return self.names[0]
        if self.source and _WHOLE.search(name):
            return self.source[:200]
        if self.subject and _THINGS.search(name):
            return self.subject
        if not name:
            return "text"
        if self.subject:
            return f"{name.replace('_', ' ')} of {self.subject}"
        return f"{name.replace('_', ' ')} {_WORDS[len(name) % len(_WORDS)]}"

    def _item(self, name: str) -> str:
        """A string for a field of one item of an array; empty when nothing makes it different."""
        if self.names and (_PLACES.search(name) or _PEOPLE.search(name)):
            return self.names[(self.place - 1) % len(self.names)]
        title, text = POINTS[(self.place - 1) % len(POINTS)]
        if _WHOLE.search(name) or re.search(r"description|summary|detail|reason|note|body|step", name, re.I):
            return fill(text, self.subject or "it").capitalize() + "."
        if not name or _THINGS.search(name) or re.search(r"name|label|heading|tag|point|keyword", name, re.I):
            return title
        return ""

    def number(self, name: str) -> float | None:
        """A number that the text names, if the field could mean it."""
        if not self.numbers:
            return None
        if (
            re.search(r"(^|_)(id|year|lat|lon|latitude|longitude|price|score|age)$", name)
            and len(self.numbers) > 1
        ):
            return self.numbers[-1]
        return self.numbers[0]

    def choose(self, options: Sequence[Any], dice: random.Random) -> Any:
        """The option that the text mentions, or any."""
        words = {word.lower() for word in re.findall(r"\w+", self.source)}
        mentioned = [
            option
            for option in options
            if isinstance(option, str) and len(option) > 1 and option.lower() in words
        ]
        return mentioned[0] if mentioned else dice.choice(list(options))
