"""Joins the small pieces of a chunked answer as they come from the network, before HTTP is parsed.

A service that streams sends one HTTP chunk for each token, and h11 makes an object of every chunk: at twenty
thousand tokens that costs more than all else the client does. Here the chunks that arrived together become
one. What is not understood is passed on as it came, for h11 to judge.
"""

import re
from collections.abc import Callable

from playground.api.errors import TooMuchData

_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked[ \t]*\r\n", re.IGNORECASE)
_SIZE_LINE = re.compile(rb"([0-9A-Fa-f]{1,8})\r\n\Z")
LONGEST_HEAD = 96 * 1024
"""Of an answer, in bytes; h11 would give up a little later, without saying why."""
_LONGEST_SIZE_LINE = 64


class ChunkMerger:
    """Rewrites the bytes of one answer; ``restart`` before each request."""

    def __init__(self) -> None:
        self._feed: Callable[[bytes], bytes]
        self.restart()

    def restart(self) -> None:
        """Another answer comes next."""
        self._waiting = b""
        self._left = 0  # of the current chunk
        self._at_end = False  # of a chunk, before its CR LF
        self._feed = self._head

    def feed(self, data: bytes) -> bytes:
        """The bytes to hand on for these; empty while more is needed. Raises ``TooMuchData``."""
        return self._feed(data)

    def flush(self) -> bytes:
        """The connection has ended: whatever was held back."""
        rest, self._waiting, self._feed = self._waiting, b"", _untouched
        return rest

    def _head(self, data: bytes) -> bytes:
        data = self._waiting + data
        end = data.find(b"\r\n\r\n") + 4
        if end < 4:
            self._waiting = data
            if len(data) > LONGEST_HEAD:
                raise TooMuchData(
                    f"The head of the answer is larger than {LONGEST_HEAD:,} bytes.", LONGEST_HEAD
                )
            return b""
        head, rest, self._waiting = data[:end], data[end:], b""
        if head[9:10] == b"1":  # 100 to 199 announce the real answer
            return head + (self._head(rest) if rest else b"")
        merges = head.startswith(b"HTTP/1.1 ") and head[9:12] not in (b"204", b"304")
        self._feed = self._chunks if merges and _CHUNKED.search(head) else _untouched
        return head + self._feed(rest)

    def _chunks(self, data: bytes) -> bytes:
        """Whole chunks and parts of chunks in, at most one chunk out."""
        data, self._waiting = self._waiting + data, b""
        pieces: list[bytes] = []
        at, size = 0, len(data)
        while at < size:
            if self._left:
                pieces.append(data[at : at + self._left])
                taken = len(pieces[-1])
                at += taken
                self._left -= taken
                self._at_end = not self._left
                continue
            end = at + 2 if self._at_end else data.find(b"\r\n", at, at + _LONGEST_SIZE_LINE) + 2
            if end > size or (end < 2 and size - at < _LONGEST_SIZE_LINE):
                self._waiting = data[at:]
                break
            if not self._understood(data[at:end]):
                self._feed = _untouched
                return _one_chunk(pieces) + (b"?" if self._at_end else b"") + data[at:]
            at = end
        return _one_chunk(pieces)

    def _understood(self, line: bytes) -> bool:
        """The end of a chunk, or the size of the next; not the last one of all, behind which trailers come."""
        if self._at_end:
            self._at_end = line != b"\r\n"
            return not self._at_end
        if not (match := _SIZE_LINE.match(line)):
            return False
        self._left = int(match[1], 16)
        return self._left > 0


def _untouched(data: bytes) -> bytes:
    return data


def _one_chunk(pieces: list[bytes]) -> bytes:
    if not pieces:
        return b""
    joined = b"".join(pieces)
    return b"%x\r\n%b\r\n" % (len(joined), joined)
