"""Sentences about any subject: general enough to be true of it, varied enough to be pleasant to read."""

import random
from collections.abc import Iterator

OPENINGS = (
    "{S} is easiest to grasp when you take it apart into what goes in, what happens, and what comes out.",
    "At first sight {s} looks like a single thing; looked at closely it is several that work together.",
    "{S} makes most sense when you begin with one small example and follow it from start to end.",
    "There are two good ways into {s}: ask what problem it solves, or ask what would be missing without it.",
    "The short version of {s} fits on a postcard; the interesting part is what the postcard leaves out.",
    "People come to {s} for very different reasons, and that is a large part of what makes it worth a look.",
    "To understand {s}, it helps to know what it is not before looking at what it is.",
    "{S} rewards patience: each look at it shows something that the look before had missed.",
)
BODY = (
    "Most questions about {s} turn out to be questions about its limits, so it pays to find those early.",
    "The parts are simple, and the way they depend on one another is where the surprises live.",
    "What works on a small scale does not always survive a larger one, and it is worth testing both.",
    "A useful habit is to write down what you expect before you look, and to compare afterwards.",
    "Seen over time, {s} changes less than the words that people use for it.",
    "Nothing here is difficult on its own; the art is in deciding what to leave out.",
    "Whoever works with {s} every day tends to care about the details that beginners skip.",
    "There is a cost to everything, and with {s} the cost usually shows up later than the gain.",
    "Two people can describe {s} quite differently and both be right, as they stand in different places.",
    "The common mistake is to begin with the exceptions; begin with the plain case instead.",
    "Numbers help, as long as it is clear what was counted and what was not.",
    "It is worth asking who decides, who pays, and who notices when something goes wrong.",
    "A picture or a table often says in a moment what a paragraph can only circle around.",
    "When two explanations fit equally well, keep the one that is easier to check.",
    "The history of {s} is mostly a history of small corrections rather than of great leaps.",
    "Good questions go further than quick answers, and {s} has no shortage of good questions.",
    "In practice the order of the steps matters more than the speed of any one of them.",
    "If you change one thing at a time, you will know afterwards which change it was that helped.",
    "The edges of the subject are where different fields meet, and where most of the new ideas come from.",
    "Some of what is said about {s} is true, some was true once, and some was never checked.",
    "It helps to separate what can be measured from what can only be judged.",
    "A rule of thumb is fine for every day, and dangerous exactly on the day that is different.",
    "The quiet parts deserve as much attention as the loud ones, because they fail without a warning.",
    "Once the vocabulary is settled, half of the disagreements about {s} disappear.",
    "There is usually a simple version that does nine tenths of the job; start there.",
    "The last tenth takes as long as all the rest, so decide early whether you need it.",
    "Anything that has to be remembered will be forgotten; anything that can be looked up will not.",
    "What looks like chance from nearby often looks like a pattern from further away.",
)
CLOSINGS = (
    "From here, the best next step is a small experiment of your own.",
    "Ask for a table, a list, some code or a longer text, and this subject will come in that form.",
    "If one of these points matters more to you than the others, say so and it can be taken further.",
    "That is the outline; every part of it can be opened up further.",
)
POINTS = (
    ("Purpose", "what {s} is for, and for whom"),
    ("Parts", "what it is made of, and which part depends on which"),
    ("Limits", "where it stops working, and how you would notice"),
    ("Cost", "what it takes in time, money or attention"),
    ("History", "how it came to be the way it is"),
    ("Measure", "how to tell a good result from a bad one"),
    ("Risk", "what can go wrong, and what it would take to put it right"),
    ("Context", "what stands next to it, and what it is often confused with"),
    ("Practice", "what the first hour with it looks like"),
    ("Future", "what is likely to change, and what is not"),
    ("Alternatives", "what people use instead, and what they give up by it"),
    ("People", "who works with it, and what they wish they had known"),
)
CHAPTERS = (
    "Where it begins",
    "What it is made of",
    "How the parts work together",
    "An example from beginning to end",
    "What can go wrong",
    "What it costs",
    "How to measure it",
    "What people get wrong about it",
    "A short history",
    "Working with it every day",
    "Its neighbours",
    "What to look at next",
)
VERSES = (
    ("{S} came in with the morning light,", "And stayed until the fall of night;"),
    ("It asked for nothing, said no word,", "And yet I think that something heard."),
    ("We counted hours, we counted rain,", "And then began to count again;"),
    ("The day went out, the stars came through,", "And all that was old was almost new."),
    ("A little wind, a little time,", "A thought that waited for a rhyme;"),
    ("And what we lose, and what we keep,", "Goes with {s} into sleep."),
)


def fill(text: str, subject: str) -> str:
    """A template with its subject, which begins with a capital where a sentence does."""
    return text.replace("{S}", subject[:1].upper() + subject[1:]).replace("{s}", subject)


class Storyteller:
    """Sentences about one subject, none repeated before all were used."""

    def __init__(self, subject: str, dice: random.Random) -> None:
        self.subject = subject
        self.dice = dice
        self._pile: list[str] = []

    def opening(self) -> str:
        """A first sentence."""
        return fill(self.dice.choice(OPENINGS), self.subject)

    def closing(self) -> str:
        """A last sentence."""
        return self.dice.choice(CLOSINGS)

    def sentence(self) -> str:
        """Any sentence from the middle."""
        if not self._pile:
            self._pile = self.dice.sample(BODY, len(BODY))
        return fill(self._pile.pop(), self.subject)

    def paragraph(self, sentences: int) -> str:
        """Some sentences as one paragraph."""
        return " ".join(self.sentence() for _ in range(sentences))

    def points(self, number: int) -> list[tuple[str, str]]:
        """Named points, each once as far as there are enough."""
        chosen = self.dice.sample(POINTS, min(number, len(POINTS)))
        while len(chosen) < number:
            name, text = POINTS[len(chosen) % len(POINTS)]
            chosen.append((f"{name}, part {len(chosen) // len(POINTS) + 1}", text))
        return [(name, fill(text, self.subject)) for name, text in chosen]

    def chapters(self) -> Iterator[str]:
        """Endless text in chapters, piece by piece."""
        number = 0
        while True:
            title = CHAPTERS[number % len(CHAPTERS)]
            number += 1
            yield f"## {number}. {title}\n\n"
            yield self.paragraph(self.dice.randint(4, 6)) + "\n\n"
            if number % 3 == 0:
                yield "".join(f"- **{name}:** {text}\n" for name, text in self.points(3)) + "\n"
            elif number % 4 == 0:
                yield f"> {self.sentence()}\n\n"
            yield self.paragraph(self.dice.randint(3, 5)) + "\n\n"
