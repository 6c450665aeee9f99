"""A document that was written piece by piece is the one that is written in one go: same text, same formats."""

from time import thread_time

import pytest
from hypothesis import given, settings
from PySide6.QtGui import QTextCursor, QTextDocument

from playground.ui.transcript.formats import Formats
from playground.ui.transcript.growth import Growth, Swap
from playground.ui.transcript.highlight import Colouring
from playground.ui.transcript.markdown import leaves_of
from playground.ui.transcript.style import TranscriptStyle
from playground.ui.transcript.writer import Writer
from tests.ui.transcript.samples import CORPUS, CUTS, MARKDOWN, pieces

pytestmark = pytest.mark.usefixtures("qapp")
FORMATS: list[Formats] = []


def formats() -> Formats:
    if not FORMATS:
        FORMATS.append(Formats(TranscriptStyle.light()))
    return FORMATS[0]


def description(document: QTextDocument) -> list[tuple]:
    """Each block's text and formats, the table it is in, and its runs of characters with their formats."""
    described = []
    block = document.begin()
    while block.isValid():
        runs = []
        at = block.begin()
        while not at.atEnd():
            runs.append((at.fragment().text(), at.fragment().charFormat()))
            at += 1
        table = QTextCursor(block).currentTable()
        cell = None
        if table is not None:
            where = table.cellAt(block.position())
            form = where.format()
            sides = (form.background(), form.toTableCellFormat().bottomBorderBrush())
            cell = (table.rows(), table.columns(), table.format(), where.row(), where.column(), sides)
        described.append((block.text(), block.blockFormat(), cell, runs))
        block = block.next()
    return described


def coloured(writer: Writer, settled: int) -> None:
    import time

    while writer.colour(settled, thread_time() + 1):
        time.sleep(0.001)


def in_one_go(text: str) -> QTextDocument:
    document = QTextDocument()
    leaves, references = leaves_of(text)
    writer = Writer(document, formats(), references)
    writer.queue([Swap(0, 0, leaves)])
    writer.work(float("inf"))
    coloured(writer, len(leaves))
    document.setProperty("writer", None)
    return document


def piece_by_piece(parts: list[str]) -> tuple[QTextDocument, Writer]:
    document, growth = QTextDocument(), Growth()
    writer = Writer(document, formats(), growth.references)

    def work() -> None:
        while growth.pending:
            writer.queue(growth.advance())
            while writer.pending:
                writer.work(0)
        writer.colour(growth.settled, thread_time() + 0.001)

    for part in parts:
        growth.feed(part)
        work()
    growth.finish()
    work()
    coloured(writer, growth.settled)
    for at in range(len(writer.shown)):
        assert document.findBlock(writer.start_of(at)).isValid()
    return document, writer


def assert_alike(text: str, parts: list[str]) -> None:
    whole = in_one_go(text)
    grown, writer = piece_by_piece(parts)
    assert grown.toPlainText() == whole.toPlainText()
    for mine, other in zip(description(grown), description(whole), strict=True):
        assert mine == other
    whole.setTextWidth(500)
    grown.setTextWidth(500)
    assert grown.size() == whole.size()
    assert writer.shown == leaves_of(text)[0]


@pytest.mark.parametrize("text", CORPUS)
@pytest.mark.parametrize("size", [1, 5, 60])
def test_the_corpus_is_written_alike(text, size):
    if size == 1:
        text = text[:700]
    assert_alike(text, [text[at : at + size] for at in range(0, len(text), size)])


@settings(max_examples=60, deadline=None)
@given(MARKDOWN, CUTS)
def test_any_text_in_any_pieces_is_written_alike(text, cuts):
    assert_alike(text, pieces(text, cuts))


def test_positions_stay_right_when_a_leaf_in_the_middle_changes():
    document = QTextDocument()
    leaves, _ = leaves_of("a\n\n```py\nx\n```\n\n|h|\n|-|\n|c|\n\nz😀z\n\nend")
    writer = Writer(document, formats(), {})
    writer.queue([Swap(0, 0, leaves)])
    writer.work(float("inf"))
    other = leaves_of("much longer\n\n- 😀\n- b")[0]
    for swap in (Swap(1, 1, other), Swap(0, 2, other[:1]), Swap(2, 1, []), Swap(0, 1, leaves[2:3])):
        writer.queue([swap])
        writer.work(float("inf"))
        fresh = QTextDocument()
        expected = Writer(fresh, formats(), {})
        expected.queue([Swap(0, 0, list(writer.shown))])
        expected.work(float("inf"))
        assert document.toPlainText() == fresh.toPlainText()
        assert [writer.start_of(at) for at in range(len(writer.shown))] == [
            expected.start_of(at) for at in range(len(writer.shown))
        ]


def test_tables_follow_the_width():
    leaves, _ = leaves_of("| a | b |\n|---|---|\n" + "| some words here | and here |\n" * 20)
    documents = []
    for widths in ((700, 400), (400,)):
        document = QTextDocument()
        writer = Writer(document, formats(), {})
        writer.set_width(widths[0])
        writer.queue([Swap(0, 0, leaves)])
        writer.work(float("inf"))
        writer.set_width(widths[-1])
        documents.append(description(document))
    assert documents[0] == documents[1]


def test_closed_code_gets_colours_and_open_code_none():
    document, growth = QTextDocument(), Growth()
    writer = Writer(document, formats(), growth.references)
    growth.feed("```python\ndef f(): return 'text'\n")
    writer.queue(growth.advance())
    writer.work(float("inf"))
    assert not writer.colour(growth.settled, thread_time() + 1)
    assert len(description(document)[1][3]) == 1
    growth.feed("```\n")
    writer.queue(growth.advance())
    writer.work(float("inf"))
    coloured(writer, growth.settled)
    colours = {form.foreground().color().name() for _, form in description(document)[1][3]}
    style = TranscriptStyle.light()
    assert {style.keyword, style.string, style.name} <= colours


def test_colours_are_kept_for_the_next_time():
    lines = ["x = 'y'  # z", ""]
    first = Colouring("python", lines)
    while not first.ready:
        pass
    runs = list(first.lines())
    assert list(Colouring("python", lines).lines()) == runs
    assert [kind for _, _, kind in runs[0]] == ["string", "comment"]


def test_styles_keep_their_contrast():
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        lin = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * lin[0] + 0.7152 * lin[1] + 0.0722 * lin[2]

    def contrast(one: str, other: str) -> float:
        low, high = sorted((light(one), light(other)))
        return (high + 0.05) / (low + 0.05)

    for style in (TranscriptStyle.light(), TranscriptStyle.dark_scheme()):
        grounds = {
            style.background: ["text", "muted", "link", "accent"],
            style.card: ["text", "muted", "link"],
            style.code_background: ["code_text", "muted", "keyword", "string", "number", "comment", "name"],
            style.inline_code: ["text"],
            style.neutral_ground: ["text"],
            style.selection: ["text"],
            style.hover: ["text"],
        }
        for tone in ("info", "ok", "warn", "danger"):
            grounds.setdefault(getattr(style, f"{tone}_ground"), []).append(tone)
        for ground, names in grounds.items():
            for name in names:
                assert contrast(ground, getattr(style, name)) >= 4.5, (style.dark, ground, name)
