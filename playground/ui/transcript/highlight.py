"""Colours for closed code: Pygments is imported and made ready in a worker, and then read in slices."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer

Runs = list[tuple[int, int, str]]

# A lexer is a heap of regular expressions and holds the interpreter while one runs, so a model may only
# choose among those that are in wide use, and only for code of a sensible size.
_NAMES = (
    "bash c c++ cpp cs csharp css diff docker dockerfile go golang graphql html http ini java javascript js",
    "json jsonc jsx kotlin lua make makefile objective-c patch perl php powershell ps1 proto protobuf py",
    "python python3 r rb ruby rs rust scala sh shell sql swift toml ts tsx typescript vue xml yaml yml zsh",
)
_LANGUAGES = frozenset(name for line in _NAMES for name in line.split())
_MOST = 100_000
_KEPT = 64
_WORKER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lexers")
_LEXERS: dict[str, Future[Lexer | None]] = {}
_DONE: OrderedDict[tuple[str, str], list[Runs]] = OrderedDict()


def colourable(language: str, lines: list[str]) -> bool:
    """Whether a code block gets colours at all."""
    return language.lower() in _LANGUAGES and sum(map(len, lines)) <= _MOST


def _load(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name({"jsonc": "json"}.get(language, language), stripnl=False, ensurenl=False)
        list(lexer.get_tokens("a = 1\n"))  # compiles its tables here, not on the window's thread
    except ClassNotFound:
        return None
    return lexer


class Colouring:
    """The colours of one code block in the making: once ``ready``, ``lines`` gives them line by line."""

    def __init__(self, language: str, lines: list[str]) -> None:
        self._language = language.lower()
        self._text = "\n".join(lines)
        self._key = (self._language, self._text)
        if self._key not in _DONE and self._language not in _LEXERS:
            _LEXERS[self._language] = _WORKER.submit(_load, self._language)

    @property
    def ready(self) -> bool:
        """Whether colours can be had now without waiting."""
        return self._key in _DONE or _LEXERS[self._language].done()

    def lines(self) -> Iterator[Runs]:
        """Coloured runs of each line, as offset, length (in characters) and colour, one line at a time."""
        known = _DONE.get(self._key)
        if known is not None:
            _DONE.move_to_end(self._key)
            yield from known
            return
        lexer = _LEXERS[self._language].result()
        done: list[Runs] = []
        if lexer is not None:
            for line in _read(lexer, self._text):
                done.append(line)
                yield line
        _DONE[self._key] = done
        while len(_DONE) > _KEPT:
            _DONE.popitem(last=False)


def _read(lexer: Lexer, text: str) -> Iterator[Runs]:
    runs: Runs = []
    at = 0
    for kind, value in lexer.get_tokens(text):
        colour = _colour(kind)
        for number, part in enumerate(value.split("\n")):
            if number:
                yield runs
                runs, at = [], 0
            if part and colour:
                last = runs[-1] if runs else (0, 0, "")
                if last[2] == colour and last[0] + last[1] == at:
                    runs[-1] = (last[0], last[1] + len(part), colour)
                else:
                    runs.append((at, len(part), colour))
            at += len(part)
    yield runs


@cache
def _colour(kind: object) -> str:
    name = str(kind)
    for start, colour in _COLOURS:
        if name.startswith(start):
            return colour
    return ""


_COLOURS = (
    ("Token.Keyword", "keyword"),
    ("Token.Operator.Word", "keyword"),
    ("Token.Literal.String.Doc", "comment"),
    ("Token.Literal.String", "string"),
    ("Token.Literal.Number", "number"),
    ("Token.Comment", "comment"),
    ("Token.Name.Function", "name"),
    ("Token.Name.Class", "name"),
    ("Token.Name.Decorator", "name"),
    ("Token.Name.Tag", "name"),
    ("Token.Name.Attribute", "name"),
    ("Token.Name.Builtin", "name"),
    ("Token.Name.Variable", "number"),
    ("Token.Generic.Inserted", "string"),
    ("Token.Generic.Deleted", "danger"),
    ("Token.Generic.Heading", "name"),
    ("Token.Generic.Subheading", "name"),
)
