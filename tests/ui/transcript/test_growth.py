"""Text that arrives in pieces ends in the leaves that the whole text has."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from playground.ui.transcript.growth import Growth, Letters
from playground.ui.transcript.leaf import CODE_LINES, TABLE_ROWS, Cuts, Leaf
from playground.ui.transcript.markdown import leaves_of
from tests.ui.transcript.samples import CORPUS, CUTS, MARKDOWN, pieces


def follow(growth: Growth, shown: list[Leaf]) -> None:
    """Make the changes that a growth asks for, as a document would."""
    while growth.pending:
        for at, drop, leaves in growth.advance():
            assert 0 <= at <= at + drop <= len(shown)
            shown[at : at + drop] = leaves


def grown(parts: list[str], growth: Growth | None = None) -> list[Leaf]:
    growth = growth or Growth()
    shown: list[Leaf] = []
    for part in parts:
        growth.feed(part)
        follow(growth, shown)
    growth.finish()
    follow(growth, shown)
    assert shown == growth.leaves
    assert growth.settled == len(shown)
    return shown


@pytest.mark.parametrize("text", CORPUS)
@pytest.mark.parametrize("size", [1, 2, 7, 40, 100_000])
def test_the_corpus_grows_into_what_the_whole_is(text, size):
    if size == 1:
        text = text[:1500]
    whole, _ = leaves_of(text)
    assert grown([text[at : at + size] for at in range(0, len(text), size)]) == whole


@settings(max_examples=150, deadline=None)
@given(MARKDOWN, CUTS)
@example("2. c|d\n|-|-|\n10. ten", [8])
@example("```| x\n|-|-|\n", [7])
@example("[r]: /u\n'ti\ntle'\n\n[r]", [9, 12])
def test_any_text_in_any_pieces_grows_into_what_the_whole_is(text, cuts):
    whole, references = leaves_of(text)
    growth = Growth()
    assert grown(pieces(text, cuts), growth) == whole
    assert {name: ref["href"] for name, ref in growth.references.items()} == {
        name: ref["href"] for name, ref in references.items()
    }


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=300), CUTS)
def test_any_characters_at_all(text, cuts):
    assert grown(pieces(text, cuts)) == leaves_of(text)[0]


def test_closed_blocks_are_not_read_again():
    growth, shown = Growth(), []
    growth.feed("# Head\n\nfirst paragraph\n\nsecond ")
    follow(growth, shown)
    growth.feed("goes on")
    swaps = growth.advance()
    assert [swap.at for swap in swaps] == [2]
    assert swaps[0].drop == 1


def test_an_open_fence_gives_only_its_new_lines():
    growth, shown = Growth(), []
    growth.feed("```py\n" + "x = 1\n" * 500)
    follow(growth, shown)
    growth.feed("y = 2\nz")
    (swap,) = growth.advance()
    assert (swap.at, swap.drop, [leaf.text for leaf in swap.leaves]) == (500, 0, ["y = 2", "z"])
    assert growth.settled == 0, "an open fence is not coloured"
    growth.feed("\n```\n")
    follow(growth, [*shown, *swap.leaves])
    assert growth.settled == 502


def test_items_of_a_list_keep_their_numbers():
    markers = [leaf.marker for leaf in grown(["7. a\n", "7. b\n", "7. c", "\n7. d\n\nend"])]
    assert markers == ["7.", "8.", "9.", "10.", ""]


def test_long_code_is_cut_and_can_be_shown_whole():
    text = "```\n" + "line\n" * (CODE_LINES + 5) + "```\nafter\n\n```\n" + "x" * 5000 + "\n```\n"
    whole = grown([text])
    assert whole == leaves_of(text)[0]
    cuts = [leaf for leaf in whole if leaf.kind == "cut"]
    assert [leaf.order for leaf in cuts] == [0, 1]
    assert f"{CODE_LINES + 5:,}" in cuts[0].text
    listing = whole[0].listing
    assert listing is not None
    assert len(listing.lines) == CODE_LINES + 5
    opened = grown([text[:3000], text[3000:]], Growth(frozenset({0, 1})))
    assert opened == leaves_of(text, Cuts(frozenset({0, 1})))[0]
    assert not any(leaf.kind == "cut" for leaf in opened)
    assert sum(len(leaf.text) for leaf in opened if leaf.text.startswith("xx")) == 5000


def test_long_tables_are_cut_and_can_be_shown_whole():
    text = "|a|b|\n|-|-|\n" + "|1|2|\n" * (TABLE_ROWS + 50) + "\nend"
    for shown, rows in ((frozenset(), TABLE_ROWS), (frozenset({0}), TABLE_ROWS + 50)):
        leaves = grown([text[at : at + 999] for at in range(0, len(text), 999)], Growth(shown))
        assert leaves == leaves_of(text, Cuts(shown))[0]
        assert sum(len(leaf.grid.rows) for leaf in leaves if leaf.grid) == rows


def test_a_very_long_word_is_cut_and_can_be_shown_whole():
    text = "before\n\n" + "x" * 30_000
    leaves = grown([text])
    assert [leaf.kind for leaf in leaves] == ["text", "plain", "cut"]
    opened = grown([text], Growth(frozenset({0})))
    assert "".join(leaf.text for leaf in opened if leaf.kind == "plain") == "x" * 30_000


def test_a_block_without_end_is_taken_as_ended():
    leaves = grown(["> words\n" * 500] * 12)
    assert sum(leaf.text.count("words") for leaf in leaves) == 6000


def test_text_read_again_changes_only_what_differs():
    text = "# A\n\n" + "word " * 3000 + "\n\n- a\n- b\n\nlast"
    first = grown([text])
    again = Growth()
    again.retrace(first)
    again.feed(text.replace("last", "new last"))
    again.finish()
    swaps = []
    while again.pending:
        swaps += again.advance()
    assert [(swap.at, swap.drop) for swap in swaps] == [(len(first) - 1, 1)]


def test_letters_are_shown_as_they_stand():
    leaves = grown(["# no *head", "*\r", "\n- x\n\n", "y" * 3000], Letters())
    assert [leaf.text for leaf in leaves[:3]] == ["# no *head*", "- x", ""]
    assert [leaf.kind for leaf in leaves[3:]] == ["plain", "cut"]
