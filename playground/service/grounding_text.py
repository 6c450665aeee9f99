"""Cuts documents into passages, and questions into the words that a search can use."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

TEXT_FILES = frozenset({".md", ".markdown", ".txt", ".rst", ".csv", ".html", ".htm"})
PASSAGE = 900
_EMPTY_WORDS = frozenset(
    [
        *("the", "and", "for", "are", "was", "what", "how", "why", "who", "where", "when", "which", "with"),
        *("this", "that", "from", "have", "has", "you", "your", "can", "could", "would", "will", "please"),
        *("about", "into", "does", "did", "should", "there", "their", "them", "then", "than", "its", "our"),
        *(
            "tell",
            "explain",
            "describe",
            "show",
            "give",
            "say",
            "mean",
            "means",
            "work",
            "works",
            "some",
            "any",
        ),
        *(
            "is",
            "in",
            "of",
            "to",
            "do",
            "it",
            "on",
            "an",
            "or",
            "me",
            "my",
            "we",
            "be",
            "as",
            "at",
            "by",
            "if",
        ),
    ]
)


@dataclass(frozen=True)
class Chunk:
    """A passage: the part of a document that is found, cited and handed to a model."""

    filepath: str
    title: str
    number: int
    content: str


def passages(text: str, filepath: str) -> Iterator[Chunk]:
    """A document in passages: cut at headings, then at paragraphs when a section is long."""
    if filepath.lower().endswith((".html", ".htm")):
        text = re.sub(r"(?is)<(script|style)\b.*?</\1>|<[^>]*>", " ", text)
    document = ""
    number = 0
    for heading, body in _sections(text):
        if not document and heading and not body.strip():
            document = heading
            continue
        title = " · ".join(part for part in (document, heading) if part) or filepath
        for piece in _pieces(body):
            yield Chunk(filepath, title, number, piece)
            number += 1


def _sections(text: str) -> Iterator[tuple[str, str]]:
    parts = re.split(r"(?m)^#{1,6}[ \t]+(\S.*?)[ \t]*$", text)
    if parts[0].strip():
        yield "", parts[0]
    yield from zip(parts[1::2], parts[2::2], strict=True)


def _pieces(body: str) -> Iterator[str]:
    """Paragraphs joined up to the size of a passage; a longer one is cut between words."""
    held = ""
    for paragraph in re.split(r"\n\s*\n", body):
        paragraph = paragraph.strip()
        while len(paragraph) > 2 * PASSAGE:
            cut = paragraph.rfind(" ", PASSAGE, 2 * PASSAGE)
            cut = cut if cut > 0 else 2 * PASSAGE
            yield from filter(None, [held, paragraph[:cut].strip()])
            held, paragraph = "", paragraph[cut:].strip()
        if held and len(held) + len(paragraph) > PASSAGE:
            yield held
            held = ""
        held = f"{held}\n\n{paragraph}".strip()
    if held:
        yield held


def query_words(text: str) -> set[str]:
    """The words of a question that say what it is about."""
    return {word for word in re.findall(r"[^\W_]{2,}", text.lower())} - _EMPTY_WORDS


def match_query(text: str) -> str:
    """A full-text query for any of the words; whatever a person types cannot be syntax."""
    words = sorted(query_words(text))[:64]
    return " OR ".join(f'"{word}"' for word in words)
