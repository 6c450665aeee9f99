"""The forms an answer can take.

A greeting, a table, a list, code, a poem, text of a given length, and so on.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playground.service.engines.protocols import ChatTask
from playground.service.engines.simulated import wishes
from playground.service.engines.simulated.arithmetic import calculate
from playground.service.engines.simulated.prose import VERSES, Storyteller, fill
from playground.service.engines.simulated.snippets import code

CHARACTERS_PER_TOKEN = 3.8
LONG_TOKENS = 900
MAX_ROWS = 2_000
MAX_TOKENS = 60_000
NOTE = "*This text is simulated: it was put together from ready-made sentences, not thought by a model.*"


@dataclass(frozen=True)
class Request:
    """What the writer looks at: the last words of the user, what they are about, and the dice."""

    text: str
    subject: str
    task: ChatTask
    dice: random.Random

    @property
    def title(self) -> str:
        """The subject as a heading."""
        return self.subject[:1].upper() + self.subject[1:]

    @property
    def story(self) -> Storyteller:
        """Fresh sentences about the subject."""
        return Storyteller(self.subject, self.dice)


def _exactly(request: Request) -> Iterator[str]:
    found = _EXACTLY.search(request.text)
    assert found is not None
    yield found[1].strip().strip("\"“”'`")


def _greeting(request: Request) -> Iterator[str]:
    hello = request.dice.choice(("Hello!", "Hi there!", "Good to see you.", "Hello, and welcome."))
    yield f"{hello} I am the simulated model of this playground. "
    yield "Ask me to explain something, to write code, to make a table or a list, or to write at length."


def _about(_request: Request) -> Iterator[str]:
    yield (
        "I am **simulated-chat**, the stand-in model of the playground's own service. I run on "
        "this computer, need no network, and make my answers from rules rather than from knowledge. What I can do:\n\n"
        "- answer in **Markdown**: lists, tables, quotes and code\n"
        "- write at a given length: *in two sentences*, *in 300 words*, *write 4000 tokens*\n"
        "- call your **functions** with arguments that fit their schema, and follow a **schema**\n"
        "- tell how likely each token was, stop where you say, and repeat an answer for the same `seed`\n"
        "- read **your documents** when a request names a data source, and cite them\n"
        "- show what the content filter does: put `[[filter:violence]]` or "
        "`[[filter-answer:hate]]` in a message\n\n"
    )
    yield "For real knowledge, connect a real deployment."


def _table(request: Request) -> Iterator[str]:
    columns = wishes.named_items(request.text) or ["Aspect", "What it means", "Worth knowing"]
    asked = wishes.amount(request.text, "row", "line", "item", "example", "thing")
    number = min(asked.number if asked else 4, MAX_ROWS)
    story = request.story
    yield f"Here is a table about {request.subject}:\n\n"
    yield "| " + " | ".join(column[:1].upper() + column[1:] for column in columns) + " |\n"
    yield "|" + " --- |" * len(columns) + "\n"
    for row, (name, text) in enumerate(story.points(number), 1):
        cells = [name, text, fill("part of {s}", request.subject)][: len(columns)]
        if wishes.named_items(request.text):
            cells = [_cell(column, row, name, request) for column in columns]
        yield "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |\n"
    yield f"\nThe rows are examples about {request.subject}, made up to fill the columns."


def _cell(column: str, row: int, name: str, request: Request) -> str:
    if re.search(r"\b(nr|no|number|rank|id|row|#)\b", column, re.I):
        return str(row)
    if re.search(
        r"price|cost|area|size|mass|height|count|total|population|year|age|amount|score|distance|moons",
        column,
        re.I,
    ):
        return str(request.dice.randint(2, 980))
    if re.search(r"name|title|city|country|item|planet|product", column, re.I):
        return f"Example {row}"
    return f"{column} {row} ({name.lower()})"


_ITEMS = ("item", "point", "bullet", "step", "fact", "reason", "tip", "idea", "example", "thing")


def _list(request: Request) -> Iterator[str]:
    asked = wishes.amount(request.text, *_ITEMS)
    number = min(asked.number if asked else 5, MAX_ROWS)
    ordered = bool(re.search(r"\b(steps?|how to|numbered|in order|top)\b", request.text, re.I))
    yield f"{request.title}, in {number} {'steps' if ordered else 'points'}:\n\n"
    for place, (name, text) in enumerate(request.story.points(number), 1):
        yield f"{f'{place}.' if ordered else '-'} **{name}:** {text}.\n"


def _code(request: Request) -> Iterator[str]:
    language, program = code(request.text, request.subject)
    yield f"Here is a small example in {language.capitalize() if language != 'sql' else 'SQL'}:\n\n"
    yield f"```{language}\n"
    yield from program.splitlines(keepends=True)
    yield "```\n\nIt stands on its own: run it as it is, then change one thing at a time."


def _poem(request: Request) -> Iterator[str]:
    count = 2 if wishes.wants_short(request.text) else 4
    verses = [VERSES[place] for place in sorted(request.dice.sample(range(len(VERSES)), count))]
    for number, (first, second) in enumerate(verses):
        ending = "\n\n" if number % 2 else "\n"
        yield f"{fill(first, request.subject)}  \n{fill(second, request.subject)}  {ending}"


def _count(request: Request) -> Iterator[str]:
    found = _COUNT.search(request.text)
    assert found is not None
    last = min(int(found[1]), 20_000)
    for number in range(1, last + 1):
        yield f"{number}, " if number < last else f"{number}."


def _sum(request: Request) -> Iterator[str]:
    found = _SUM.search(request.text)
    assert found is not None
    value = calculate(found[1])
    yield f"{found[1].strip()} = **{value}**" if value is not None else f"{found[1].strip()} has no value."


def _quote(request: Request) -> Iterator[str]:
    """Summaries and translations: what can be done honestly with a text that is not understood."""
    body = re.split(r":\s|\n", request.text.strip(), maxsplit=1)
    passage = body[-1].strip() if len(body) > 1 else request.text.strip()
    sentences = re.split(r"(?<=[.!?])\s+", passage)
    yield f"The text has {len(passage.split())} words in {len(sentences)} sentences. Its main line:\n\n"
    shown = sentences[0] if len(sentences) == 1 else f"{sentences[0]} … {sentences[-1]}"
    yield f"> {shown[:400]}\n\n{NOTE}"


def _showcase(request: Request) -> Iterator[str]:
    story = request.story
    yield "# A first heading\n\n"
    yield f"{story.opening()} This is **bold**, this is *italic*, this is `code`, this is ~~struck out~~.\n\n"
    yield "## A list\n\n1. First\n2. Second\n   - with a part\n   - and another\n3. Third\n\n"
    yield "## A table\n\n| Left | Middle | Right |\n| :-- | :-: | --: |\n"
    yield "| apple | 1 | 0.50 |\n| pear | 22 | 12.00 |\n\n"
    yield f"> {story.sentence()}\n\n```python\nfor step in range(3):\n    print(step)\n```\n\n---\n\n"
    yield "And a link: [the documentation](https://learn.microsoft.com/azure/ai-services/openai/)."


def _at_length(request: Request) -> Iterator[str]:
    """As many words, tokens, sentences or paragraphs as asked for."""
    asked = wishes.amount(request.text, "word", "token", "sentence", "paragraph", "page")
    unit, number = (asked.unit, asked.number) if asked else ("token", LONG_TOKENS)
    story = request.story
    if unit == "sentence" or (unit == "paragraph" and number <= 40):
        for place in range(number):
            first = story.opening() if place == 0 else story.sentence()
            text = first if unit == "sentence" else f"{first} {story.paragraph(request.dice.randint(3, 5))}"
            yield text + ("" if place == number - 1 else " " if unit == "sentence" else "\n\n")
        return
    tokens = min({"word": 1.5, "page": 650.0}.get(unit, 1.0) * number, MAX_TOKENS)
    yield from _cut(_essay(request), number if unit == "word" else None, tokens * CHARACTERS_PER_TOKEN)


def _essay(request: Request) -> Iterator[str]:
    story = request.story
    yield f"# {request.title}\n\n{story.opening()} {story.paragraph(3)}\n\n"
    yield from story.chapters()


def _cut(pieces: Iterator[str], words: int | None, characters: float) -> Iterator[str]:
    """Pieces up to a number of words (exactly) or of characters (to the end of a sentence)."""
    for piece in pieces:
        if words is not None:
            have = len(piece.split())
            if have >= words:
                kept = re.match(rf"\s*(?:\S+\s+){{{words - 1}}}\S+", piece)
                yield (kept.group() if kept else piece).rstrip(" ,;:") + "."
                return
            words -= have
        elif (characters := characters - len(piece)) <= 0:
            yield piece.rstrip()
            return
        yield piece


def _explain(request: Request) -> Iterator[str]:
    story = request.story
    system = " ".join(turn.text for turn in request.task.turns if turn.role in {"system", "developer"})
    if wishes.wants_short(request.text) or wishes.wants_short(system):
        yield f"{story.opening()} {story.sentence()}"
        return
    yield f"{story.opening()} {story.sentence()}\n\n"
    yield f"Three things are worth knowing about **{request.subject}**:\n\n"
    for place, (name, text) in enumerate(story.points(3), 1):
        yield f"{place}. **{name}:** {text}.\n"
    yield f"\n{story.paragraph(2)} {story.closing()}\n\n{NOTE}"


Form = Callable[[Request], Iterator[str]]


def form_of(text: str) -> Form:
    """The first form that the words of a request ask for; an explanation if there is none."""
    if _EXACTLY.search(text):
        return _exactly
    text = wishes.clipped(text)
    return next((form for pattern, form in _FORMS if pattern.search(text)), _explain)


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.I | re.S)


_EXACTLY = _any(
    r"^\s*(?:please\s+)?"
    r"(?:(?:say|repeat|echo|reply with|answer with|respond with)(?:\s+exactly| after me)?\s*:\s*"
    r"|(?:say|reply|answer|respond)\s+(?:with\s+)?exactly\s+"
    r"|(?:say|repeat|echo)\s+(?=[\"“]))(.+)"
)
_COUNT = _any(r"\bcount (?:from (?:1|one) )?(?:up )?to (\d{1,5})\b")
_NUMBER = r"-?\d{1,12}(?:\.\d{1,9})?"
_SUM = _any(
    r"(?:^|\bis\b|\bcalculate\b|\bcompute\b|\bof\b)\s*"
    rf"((?:{_NUMBER}\s*[-+*/×÷]\s*){{1,9}}{_NUMBER})\s*[?=.]*\s*$"
)
_HELLO = r"^\W*(hi|hello|hey|good (morning|evening|afternoon|day)|greetings|howdy|moin|servus)\b[^?]{0,24}$"
_COUNTED = r"(\d+|two|three|four|five|six|seven|eight|nine|ten)[ -]+(?:[a-z]+ )?"
_FORMS: tuple[tuple[re.Pattern[str], Form], ...] = (
    (_any(_HELLO), _greeting),
    (_any(r"\b(who|what) are you\b", r"\bwhat can you do\b", r"\byourself\b", r"^\W*help\W*$"), _about),
    (_COUNT, _count),
    (_SUM, _sum),
    (_any(r"\b(markdown|formatting)\b"), _showcase),
    (_any(r"\b(summari[sz]e|translate|tl;?dr|proofread|rewrite|rephrase)\b"), _quote),
    (_any(r"\b(table|rows|columns|spreadsheet)\b"), _table),
    (
        _any(
            r"\b(code|program|script|function|snippet|sql|regex|algorithm)\b",
            r"\b(in|write|using) (python|rust|javascript|bash)\b",
        ),
        _code,
    ),
    (_any(r"\b(poem|haiku|verse|rhyme|song)\b"), _poem),
    (_any(rf"\b{_COUNTED}(words?|tokens?|sentences?|paragraphs?|pages?)\b"), _at_length),
    (
        _any(
            r"\b(list|bullets?|steps|reasons|tips|facts|ideas|pros and cons|how to)\b",
            rf"\b{_COUNTED}(points|things|items|examples)\b",
        ),
        _list,
    ),
    (_any(r"\b(long|detailed|thorough|essay|article|in depth|comprehensive|story|report)\b"), _at_length),
)
