"""Text from outside made harmless: Qt guesses that a tool tip is HTML when it looks like it."""

import html

LONGEST_TIP = 2000


def tooltip(text: str) -> str:
    """Text as a tool tip that shows it letter by letter, wraps it, and never fetches anything."""
    if not text:
        return ""
    shown = text if len(text) <= LONGEST_TIP else text[:LONGEST_TIP] + " …"
    return "<qt>" + html.escape(shown).replace("\n", "<br>") + "</qt>"


def one_line(text: str, longest: int = 300) -> str:
    """The beginning of a text on one line, for a list or a title."""
    line = " ".join(text[: longest * 4].split())
    return line if len(line) <= longest and len(text) <= longest * 4 else line[:longest].rstrip() + "…"
