"""Joining HTTP chunks must never change what h11 makes of them."""

import random

import h11
import pytest

from playground.api.merging import ChunkMerger
from tests.api.fault_server import STREAM_END, STREAM_HEAD, framed

SEED = 4


def parsed(data: bytes, cuts: list[int], merge: bool) -> tuple[bytes, str]:
    """The body that h11 reads, and how it ends: "end", "more" or "error"."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "x")]))
    connection.send(h11.EndOfMessage())
    merger, body, begin = ChunkMerger(), b"", 0
    for cut in [*cuts, len(data)]:
        piece, begin = data[begin:cut], cut
        piece = merger.feed(piece) if merge else piece
        if not piece:
            continue
        connection.receive_data(piece)
        try:
            while (event := connection.next_event()) not in (h11.NEED_DATA, h11.PAUSED):
                if isinstance(event, h11.Data):
                    body += bytes(event.data)
                if isinstance(event, h11.EndOfMessage):
                    return body, "end"
        except h11.RemoteProtocolError:
            return body, "error"
    return body, "more"


BODIES = {
    "usual": [b"a" * size for size in (1, 300, 17, 4096, 2)],
    "line ends inside": [b"\r\n", b"0\r\n\r\n", b"\r", b"\n"],
    "none": [],
}


@pytest.mark.parametrize("name", BODIES)
def test_every_split_reads_the_same(name: str) -> None:
    chance = random.Random(SEED)
    data = STREAM_HEAD + b"".join(map(framed, BODIES[name])) + STREAM_END
    expected = parsed(data, [], merge=False)
    assert expected == (b"".join(BODIES[name]), "end")
    for _ in range(300):
        cuts = sorted(chance.sample(range(1, len(data)), min(len(data) - 1, chance.randint(1, 30))))
        assert parsed(data, cuts, merge=True) == expected
    assert parsed(data, list(range(1, len(data))), merge=True) == expected


ODD = {
    "chunk extension": b"5;x=y\r\nhello\r\n0\r\n\r\n",
    "trailers": b"5\r\nhello\r\n0\r\nX-Late: 1\r\n\r\n",
    "not a size": b"zz\r\nhello\r\n0\r\n\r\n",
    "too long for its size": b"2\r\nhello\r\n0\r\n\r\n",
    "too short for its size": b"9\r\nhello\r\n0\r\n\r\n",
    "negative": b"-5\r\nhello\r\n0\r\n\r\n",
    "endless size": b"0" * 200 + b"5\r\nhello\r\n0\r\n\r\n",
    "huge": b"fffffffffffffffffffff\r\nhello",
    "cut": b"5\r\nhel",
    "upper case": b"A\r\n0123456789\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_ends_as_h11_says(name: str) -> None:
    data = STREAM_HEAD + ODD[name]
    for cuts in ([], list(range(1, len(data)))):
        plain = parsed(data, cuts, merge=False)
        merged = parsed(data, cuts, merge=True)
        assert merged[1] == plain[1]
        if plain[1] == "end":
            assert merged == plain


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.0 200 OK\r\n\r\nto the end",
        b"HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_other_answers_pass_untouched(data: bytes) -> None:
    for cuts in ([len(data)], list(range(1, len(data) + 1))):
        merger, begin, out = ChunkMerger(), 0, b""
        for cut in cuts:
            out += merger.feed(data[begin:cut])
            begin = cut
        assert out + merger.flush() == data


def test_a_burst_becomes_one_chunk() -> None:
    merger = ChunkMerger()
    merger.feed(STREAM_HEAD)
    assert merger.feed(framed(b"one ") + framed(b"two ") + framed(b"three")) == framed(b"one two three")
    merger.restart()
    assert merger.feed(STREAM_HEAD + framed(b"again")) == STREAM_HEAD + framed(b"again")
