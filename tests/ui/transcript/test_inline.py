"""What a paragraph holds: looks, links that may be followed, and everything else as inert text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.ui.transcript.inline import (
    BOLD,
    CODE,
    ITALIC,
    LINK,
    MUTED,
    STRIKE,
    Span,
    followable,
    plain_text,
    spans,
)


def read(text):
    return spans(text, {})


def test_looks():
    assert read("a **b *c*** `d` ~~e~~") == (
        Span("a "),
        Span("b ", BOLD),
        Span("c", BOLD | ITALIC),
        Span(" "),
        Span("d", CODE),
        Span(" "),
        Span("e", STRIKE),
    )


@pytest.mark.parametrize(
    "address", ["https://example.com/a?b=c#d", "http://localhost:8000", "mailto:a@b.example"]
)
def test_addresses_that_may_be_followed(address):
    assert followable(address)
    assert read(f"[text]({address})") == (Span("text", LINK, address),)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd", "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "smb://host/share",
        "ms-msdt:/id", "vscode://x", "//host/share", r"\\host\share", "/etc/passwd", "C:/x", "http:", "https:///x",
        "http://[bad", "about:blank", "ftp://host/x", "ssh://host", "mailto:", "qrc:/x", "x-any:y", "view-source:http://a",
    ],
)  # fmt: skip
def test_other_addresses_are_inert(address):
    assert not followable(address)
    shown = read(f"[text](<{address}>)")
    assert not any(run.flags & LINK or run.href for run in shown)
    assert shown[0] == Span("text")
    assert shown[-1].flags == MUTED


def test_control_and_reversing_signs_make_an_address_inert():
    assert not followable("http://exam\u202eple.com")
    assert not followable("http://example.com/\n")


def test_images_are_named_and_not_shown():
    assert read("![a *pic*](http://x/y.png)") == (Span("[image: a *pic*] (http://x/y.png)", MUTED),)
    assert read("[![i](http://x/y.png)](https://z.example)")[0].href == ""


def test_html_is_text():
    assert plain_text(read("<img src=x onerror=y> <b>x</b>")) == "<img src=x onerror=y> <b>x</b>"


def test_bare_addresses_become_links_without_what_ends_the_sentence():
    shown = read("see https://a.example/b_c(d). Or (http://x.example/y)!")
    assert [run.href for run in shown if run.href] == ["https://a.example/b_c(d)", "http://x.example/y"]
    assert not any(run.href for run in read("`https://a.example`"))


def test_references():
    known = {"A": {"href": "https://x.example", "title": ""}}
    assert spans("[a]", known) == (Span("a", LINK, "https://x.example"),)
    assert read("[a]") == (Span("[a]"),)


def test_many_brackets_are_read_as_text():
    assert plain_text(read("[" * 5000)) == "[" * 5000


def test_a_growing_paragraph_keeps_what_it_has_begun_with():
    sentence = "Some **bold words** and `code` stand here. "
    long = read(sentence * 100)
    longer = read(sentence * 101)
    assert longer[: len(long) - 1] == long[:-1]
    assert plain_text(longer) == plain_text(read(sentence)) * 101


@settings(max_examples=100, deadline=None)
@given(st.text("ab *_`~[]()<>!\\&;#:/.\n", max_size=80))
def test_nothing_odd_is_refused(text):
    assert all(run.text for run in read(text))
