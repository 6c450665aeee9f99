"""The inside of a paragraph: Markdown source in, runs of like text out; decides what may be a link."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

BOLD, ITALIC, STRIKE, CODE, LINK, MUTED = 1, 2, 4, 8, 16, 32
_FLAG = {"strong": BOLD, "em": ITALIC, "s": STRIKE}
_PIECE = 1200
_PIECE_MOST = 6000
_MANY_BRACKETS = 250
_SENTENCE = re.compile(r"(?<=[.!?:;,])[ \n]+")
_BARE = re.compile(r"https?://[^\s<>\"'`|\\^{}]+", re.IGNORECASE)
LINE = "\u2028"


class Span(NamedTuple):
    """A run of text with one look; ``href`` only where it is a link that may be followed."""

    text: str
    flags: int = 0
    href: str = ""


def parser() -> MarkdownIt:
    """Markdown as it is understood here: CommonMark with tables and strikethrough, and no HTML at all."""
    made = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    made.disable(["html_block", "html_inline"])
    # Every address passes the parser, so that the refused ones are shown by our rules and not as raw source.
    made.validateLink = lambda url: True  # type: ignore[method-assign]
    return made


PARSER = parser()


def followable(address: str) -> bool:
    """Whether an address may become an active link: http and https with a host, and mailto. Nothing else."""
    if any(ord(char) < 33 or char in "\\\u202e\u202d\u2066\u2067" for char in address):
        return False
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return bool(host) and "%" not in str(host)
    return parts.scheme == "mailto" and bool(parts.path)


def spans(source: str, references: Mapping[str, Any]) -> tuple[Span, ...]:
    """The runs of a paragraph. A long one is read in pieces that end with a sentence, so that a growing
    paragraph is not read again from its beginning; the pieces depend on what stands before them alone."""
    if len(source) <= _PIECE:
        return _read(source, references)
    found: list[Span] = []
    at = 0
    while at < len(source):
        end = _piece_end(source, at)
        found += _read(source[at:end], references)
        at = end
    return _merged(found)


def plain_text(runs: tuple[Span, ...]) -> str:
    """What is read when the looks are taken away."""
    return "".join(run.text for run in runs)


def _piece_end(source: str, start: int) -> int:
    for match in _SENTENCE.finditer(source, start + _PIECE, start + _PIECE_MOST):
        piece = source[start : match.end()]
        if _balanced(piece):
            return match.end()
    return start + _PIECE_MOST if len(source) > start + _PIECE_MOST else len(source)


def _balanced(piece: str) -> bool:
    evens = all(piece.count(sign) % 2 == 0 for sign in "`*_~")
    return evens and piece.count("[") == piece.count("]") and piece.count("<") == piece.count(">")


def _read(piece: str, references: Mapping[str, Any]) -> tuple[Span, ...]:
    if references and "[" in piece:
        return _parse(piece, references)
    return _parse_plain(piece)


@lru_cache(maxsize=512)
def _parse_plain(piece: str) -> tuple[Span, ...]:
    return _parse(piece, {})


def _parse(piece: str, references: Mapping[str, Any]) -> tuple[Span, ...]:
    if piece.count("[") > _MANY_BRACKETS:  # a bracket costs a look at all that follows it
        return _merged(_linked(piece.replace("\n", LINE), 0))
    tokens: list[Token] = []
    PARSER.inline.parse(piece, PARSER, {"references": references}, tokens)
    reading = _Reading()
    for token in tokens:
        reading.read(token)
    return _merged(reading.found)


class _Reading:
    """One walk over inline tokens, knowing the looks that are open."""

    def __init__(self) -> None:
        self.found: list[Span] = []
        self._flags = 0
        self._href = ""
        self._opened = 0

    def read(self, token: Token) -> None:
        name = token.type
        if name in ("link_open", "link_close"):
            self._open_link(token) if name == "link_open" else self._close_link()
        elif name.endswith("_open"):
            self._flags |= _FLAG.get(name[:-5], 0)
        elif name.endswith("_close"):
            self._flags &= ~_FLAG.get(name[:-6], 0)
        elif name == "image":
            text = f"[image: {token.content}] ({token.attrGet('src') or ''})"
            self.found.append(Span(text, self._flags & ~LINK | MUTED))
        elif name in ("softbreak", "hardbreak"):
            self.found.append(Span(LINE, self._flags & ~LINK))
        elif name == "code_inline" or self._flags & LINK:
            code = CODE if name == "code_inline" else 0
            self.found.append(
                Span(token.content, self._flags | code, self._href if self._flags & LINK else "")
            )
        else:
            self.found += _linked(token.content, self._flags)

    def _open_link(self, token: Token) -> None:
        self._href, self._opened = str(token.attrGet("href") or ""), len(self.found)
        self._flags |= LINK if followable(self._href) else 0

    def _close_link(self) -> None:
        if not self._flags & LINK and plain_text(tuple(self.found[self._opened :])) != self._href:
            self.found.append(Span(f" ({self._href})", MUTED))
        self._flags, self._href = self._flags & ~LINK, ""


def _linked(text: str, flags: int) -> list[Span]:
    """Plain text with its bare addresses made into links."""
    if "://" not in text:
        return [Span(text, flags)]
    found: list[Span] = []
    at = 0
    for match in _BARE.finditer(text):
        address = match.group().rstrip(".,;:!?*_~'\"]")
        if address.endswith(")") and address.count("(") < address.count(")"):
            address = address[:-1]
        if not followable(address):
            continue
        found += [Span(text[at : match.start()], flags), Span(address, flags | LINK, address)]
        at = match.start() + len(address)
    found.append(Span(text[at:], flags))
    return found


def _merged(found: list[Span] | tuple[Span, ...]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for run in found:
        if not run.text:
            continue
        if merged and merged[-1][1:] == run[1:]:
            merged[-1] = Span(merged[-1].text + run.text, *run[1:])
        else:
            merged.append(run)
    return tuple(merged)
