"""The reader of event streams, against every way to cut, end and damage one."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.api.errors import TooMuchData
from playground.api.sse import EventReader, NamedEvent
from tests.api.recorded import STREAMS, figure, raw

SPLITS = 10_000
SEED = 20250101


def read(data: bytes, cuts: list[int] | None = None) -> list[str]:
    reader, begin = EventReader(), 0
    found: list[str] = []
    for cut in [*(cuts or []), len(data)]:
        found += reader.feed(data[begin:cut])
        begin = cut
    return found


def test_b1_any_split_gives_the_same_events() -> None:
    chance = random.Random(SEED)
    mismatches = runs = 0
    for name in STREAMS:
        for line_end in (b"\n", b"\r\n"):
            data = raw(name).replace(b"\n", line_end)
            expected = read(data)
            assert expected[-1] == "[DONE]"
            for _ in range(SPLITS // (2 * len(STREAMS))):
                cuts = sorted(chance.sample(range(1, len(data)), chance.randint(1, 12)))
                mismatches += read(data, cuts) != expected
                runs += 1
            mismatches += read(data, list(range(1, len(data)))) != expected
            runs += 1
    figure("B1", runs, mismatches, f"mismatches {mismatches}", SEED)


TRANSFORMS = {
    "byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "CR LF": lambda data: data.replace(b"\n", b"\r\n"),
    "CR": lambda data: data.replace(b"\n", b"\r"),
    "comments": lambda data: b": hello\n" + data.replace(b"\n\n", b"\n: ping\n\n:\n\n"),
    "no space": lambda data: data.replace(b"data: ", b"data:"),
    "several data lines": lambda data: data.replace(b'"index":', b'\ndata: "index":'),
    "unknown fields": lambda data: data.replace(b"data: ", b"what: ever\nlone\ndata: "),
    "id and retry": lambda data: data.replace(b"data: ", b"id: 7\nretry: 100\ndata: "),
    "event name": lambda data: data.replace(b"data: ", b"event: message\ndata: "),
    "many blank lines": lambda data: b"\n\n\n" + data.replace(b"\n\n", b"\n\n\n\n"),
    "three line ends": lambda data: data.replace(b"\n\n", b"\n\n\n"),
}


def test_b2_every_form_of_a_stream_reads_like_the_usual_one() -> None:
    mismatches = runs = 0
    for name in STREAMS:
        usual = read(raw(name))
        for transform in TRANSFORMS.values():
            data = transform(raw(name))
            for cuts in ([], list(range(1, len(data)))):
                found = [text.replace("\n", "") for text in read(data, cuts)]
                mismatches += found != usual
                runs += 1
    figure("B2", runs, mismatches, f"mismatches {mismatches}")


def test_b3_only_line_feeds_and_carriage_returns_end_a_line() -> None:
    odd = ["\u2028", "\u2029", "\u0085", "\v", "\f", "\x1c", "\x1e"]
    lost = 0
    for mark in odd:
        text = f"before{mark}after"
        data = f"data: {text}\n\n".encode()
        lost += read(data) != [text]
        lost += read(data, list(range(1, len(data)))) != [text]
    figure("B3", 2 * len(odd), lost, f"lost or split events {lost}")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=8))
def test_b7_no_bytes_make_the_reader_fail(data: bytes, cuts: list[int]) -> None:
    reader, begin = EventReader(), 0
    for cut in [*sorted(cuts), len(data)]:
        reader.feed(data[begin:cut])
        begin = max(begin, cut)
    reader.finish()


def test_b7_what_is_not_utf8_is_replaced_and_flagged() -> None:
    reader = EventReader()
    found = reader.feed(b"data: a\xffb\xe2\x82\n\ndata: fine\n\n")
    assert found == ["a\ufffdb\ufffd", "fine"]
    assert reader.mended
    figure("B7 (stream)", 1, 0, "exceptions 0")


def test_a_mark_or_line_end_cut_in_two_is_still_one() -> None:
    assert read(b"\xef\xbb\xbfdata: x\r\n\r\n", [1, 2, 11, 12, 13]) == ["x"]
    assert read(b"data: x\r\rdata: y\r\n\r\n", [8, 9]) == ["x", "y"]


def test_an_event_is_given_away_at_its_carriage_return() -> None:
    reader = EventReader()
    assert reader.feed(b"data: x\r\r") == ["x"]
    assert reader.feed(b"\ndata: y") == []
    assert reader.feed(b"\n\n") == ["y"]


def test_names_and_leftovers() -> None:
    reader = EventReader()
    (event,) = reader.feed(b"event: error\ndata: {}\n\n: only a comment\n\ndata: cut")
    assert event == "{}"
    assert isinstance(event, NamedEvent)
    assert event.name == "error"
    assert reader.finish() == ["cut"]
    assert reader.finish() == []


def test_an_event_that_does_not_end_is_refused_at_the_limit() -> None:
    reader, taken = EventReader(limit=100_000), 0

    def go_on() -> None:
        nonlocal taken
        for _ in range(1000):
            reader.feed(b"x" * 1000)
            taken += 1000

    with pytest.raises(TooMuchData) as caught:
        go_on()
    assert caught.value.limit == 100_000
    assert taken == 100_000


def test_a_whole_event_beyond_the_limit_is_refused_too() -> None:
    with pytest.raises(TooMuchData):
        EventReader(limit=1000).feed(b"data: " + b"x" * 2000 + b"\n\n")
