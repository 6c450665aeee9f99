"""What a person asks for, read from the words.

The subject, the form of the answer, and how long it should be.
"""

import re
from dataclasses import dataclass

CLIP = 1_000


def _pattern(*pieces: str) -> re.Pattern[str]:
    return re.compile("".join(pieces), re.I)


def _words(text: str) -> list[str]:
    return text.split()


_COUNT = r"(?:\d+|one|two|three|four|five|six|ten|a few)"
_LANGUAGES = r"(?:python|javascript|typescript|sql|bash|rust|go|java|markdown|json|html|css)"
_POLITE = _pattern(
    r"^\s*(?:(?:hi|hello|hey)\b[,!. ]*)?",
    r"(?:please|kindly|could you|can you|would you|will you|i want you to|i need|i would like|let's)",
    r"\b[, ]*",
)
_ORDER = _pattern(
    r"^\s*(?:(?:explain|describe|discuss|summari[sz]e|outline|define|compare|show|list|name|draw|make|create",
    r"|generate|give|write|tell|say|compose|draft|produce|prepare|answer|think|talk)\b\s*)",
    r"(?:me\b\s*|us\b\s*|to me\b\s*)?",
)
_FORM = _pattern(
    rf"^(?:(?:a|an|the|some|something|anything|{_COUNT}|{_LANGUAGES}|short|long|brief|detailed",
    r"|simple|nice|good|complete|numbered|bulleted)\s+",
    r"|(?:table|list|poem|haiku|verse|story|essay|article|report|text|paragraphs?|sentences?|words?|tokens?",
    r"|summary|overview|introduction|function|script|program|code|class|snippet|examples?|facts|reasons|steps",
    r"|tips|ideas|points|things|pros and cons|email|letter)\s+)*",
    r"(?:about|on|of|for|regarding|covering|that|which|to|with|comparing)\s+",
)
_QUESTION = _pattern(
    r"^\s*(?:what(?:'s| is| are| does| do)?|who(?:'s| is| are)?",
    r"|how(?: does| do i| do you| do we| do| to| can i| can| is| are)?|why(?: is| are| does| do)?",
    r"|where(?: is| are)?|when(?: is| did| does)?|which|is|are|does|do|should i|should)\b\s+",
)
_TAIL = _pattern(
    r"\s*(?:\b(?:in|using|with|at least|about|of)\b\s+(?:about |at least |exactly )?",
    rf"(?:{_COUNT}|{_LANGUAGES}|simple|plain)\s*",
    r"(?:words?|tokens?|sentences?|paragraphs?|lines?|rows?|columns?|points?|steps?|items?|terms|language)?",
    r"|\bas (?:a |an )?(?:table|list|json|poem|markdown)\b.*|\bplease\b|\bstep by step\b|\bin detail\b",
    r"|\bwith (?:the )?(?:columns|rows|keys|fields)\b.*|\bwork(?:s|ing)?\b)\s*$",
)
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_NUMBERS |= {"seven": 7, "eight": 8, "nine": 9}
_AMOUNT = re.compile(
    r"\b(\d{1,6}|one|two|three|four|five|six|seven|eight|ten)[ -]+(?:[a-z]+ ){0,2}?"
    r"(words?|tokens?|sentences?|paragraphs?|rows?|lines?|items?|points?|bullets?|steps?|facts?|reasons?|tips?|"
    r"ideas?|examples?|things|pages?)\b",
    re.I,
)
_LONG = re.compile(r"\b(long|detailed|thorough|essay|article|in detail|in depth|comprehensive)\b", re.I)
_SHORT = re.compile(r"\b(short|brief|briefly|concise|tersely|one line|terse)\b", re.I)
_NAMED = re.compile(r"\b(?:columns?|keys?|fields?)\b\s*:?\s*(.+)", re.I)
_PROPER = re.compile(r"\b[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)*")
_NOT_NAMES = frozenset(
    _words(
        "I What What's Who Who's How How's Why Where When Which Is Are Does Do Please Can Could Would "
        "Tell Give Show Write Explain The A An And Or But In On At For My Your It This That Call Use Get "
        "Say Let Answer Find Search JSON Make Create Weather Compare List Describe Today Tomorrow Monday "
        "Tuesday Wednesday Thursday Friday Saturday Sunday "
    )
)


@dataclass(frozen=True)
class Amount:
    """How much is asked for: a number of a unit such as ``sentence`` or ``row``."""

    number: int
    unit: str


def clipped(text: str) -> str:
    """The beginning and the end of a long text, where people say what they want."""
    return text if len(text) <= 2 * CLIP else f"{text[:CLIP]}\n{text[-CLIP:]}"


def subject(text: str) -> str:
    """What a message is about, as a short phrase without the order around it; may be empty."""
    first = next((line for line in clipped(text).strip().splitlines() if line.strip()), "")[:CLIP]
    phrase = re.split(r"(?<=[.!?])\s", first.strip())[0] if len(first) > 80 else first.strip()
    phrase = phrase.rstrip(" ?!.:;,")
    for pattern in (_POLITE, _POLITE, _ORDER, _FORM, _QUESTION, _FORM):
        phrase = pattern.sub("", phrase, count=1)
    for _ in range(3):
        phrase = _TAIL.sub("", phrase).rstrip(" ?!.:;,")
    words = phrase.split()
    phrase = " ".join(words[:9])
    return phrase[:80].strip("\"'“”‘’` *#|<>[]")


def amount(text: str, *units: str) -> Amount | None:
    """The first amount asked for, if its unit is among ``units`` (singular)."""
    for match in _AMOUNT.finditer(clipped(text)):
        unit = match[2].lower().rstrip("s")
        if unit in units:
            given = match[1].lower()
            return Amount(max(1, _NUMBERS[given] if given.isalpha() else int(given)), unit)
    return None


def wants_long(text: str) -> bool:
    """Whether a long answer is asked for without saying how long."""
    return bool(_LONG.search(text))


def wants_short(text: str) -> bool:
    """Whether a short answer is asked for."""
    return bool(_SHORT.search(text))


def named_items(text: str) -> list[str]:
    """Names listed after *columns*, *keys* or *fields*: ``columns city, area and height`` gives three."""
    found = _NAMED.search(clipped(text))
    if found is None:
        return []
    listed = re.split(r"[.;?!\n]", found[1])[0]
    listed = re.sub(r"^(?:called|named|for|of)\s+", "", listed.strip(), flags=re.I)
    items = [item.strip(" \"'`“”|") for item in re.split(r",|\band\b|&", listed)]
    return [item for item in items if item and len(item) <= 40][:8]


def proper_names(text: str) -> list[str]:
    """Names of people and places in a text, in order, each once."""
    names: dict[str, None] = {}
    for match in _PROPER.finditer(clipped(text)):
        words = match.group().split()
        while words and words[0] in _NOT_NAMES:
            words.pop(0)
        name = " ".join(words)
        if name and (match.start() > 0 or len(match.group().split()) > len(words) or len(names) == 0):
            names.setdefault(name)
    return list(names)


def topic_words(text: str) -> set[str]:
    """The words that carry meaning, lower case and without plural endings."""
    words = re.findall(
        r"[a-z0-9]{3,}", re.sub(r"([a-z])([A-Z])", r"\1 \2", clipped(text)).replace("_", " ").lower()
    )
    return {word.removesuffix("s") for word in words} - _EMPTY


_EMPTY = frozenset(
    _words(
        "the and for are was what how why who where when which with this that from have has you your can "
        "could would will please about into give get use tell show make some any all not does should "
        "there their them then than its our out one two let say just like want need thing function tool "
        "call called value string number return current given user doe wa ha thi "
    )
)
