"""Shows where words stand in a text: a short piece of it, and the places to mark.

SQLite has a function for this, but its time grows with the square of the number of matches: seconds for one
long text that says the same word often.
"""

import re
import unicodedata

BEFORE = 40
LENGTH = 160
_CONTROL = {code: " " for code in [*range(32), 127, 0x2028, 0x2029]}
Marks = tuple[tuple[int, int], ...]


def words_pattern(phrases: list[str], *, open_end: bool) -> re.Pattern[str]:
    """Finds any of these phrases in folded text as the index does: whole words, whatever stands between.

    With ``open_end`` the last word of the last phrase may be the beginning of one.
    """
    parts = []
    for number, phrase in enumerate(phrases, start=1):
        words = [re.escape(word) for word in re.split(r"[\W_]+", folded(phrase)) if word]
        if not words:
            continue
        end = r"[^\W_]*" if open_end and number == len(phrases) else r"(?![^\W_])"
        parts.append(r"[\W_]+".join(words) + end)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(parts)})" if parts else r"(?!)", re.IGNORECASE)


def literal_pattern(text: str) -> re.Pattern[str]:
    """Finds a text as it stands."""
    return re.compile(re.escape(folded(text)))


def folded(text: str) -> str:
    """The text without accents, of the same length: place for place."""
    if text.isascii():
        return text
    table = {}
    for character in set(text):
        if ord(character) > 0x7F:
            apart = unicodedata.normalize("NFD", character)
            if len(apart) > 1 and all(map(unicodedata.combining, apart[1:])):
                table[ord(character)] = apart[0]
    return text.translate(table)


def snippet(text: str, pattern: re.Pattern[str], length: int = LENGTH) -> tuple[str, Marks]:
    """A piece of the text on one line, around the first match, and the ``(start, end)`` of each match in it."""
    plain = folded(text)
    first = pattern.search(plain)
    at = first.start() if first is not None else 0
    start = max(0, min(at - BEFORE, len(text) - length))
    end = min(len(text), start + length)
    head, tail = "…" if start else "", "…" if end < len(text) else ""
    shift = len(head) - start
    marks = []
    for match in pattern.finditer(plain, at) if first is not None else ():
        if match.start() >= end:
            break
        marks.append((match.start() + shift, min(match.end(), end) + shift))
    return head + text[start:end].translate(_CONTROL) + tail, tuple(marks)
