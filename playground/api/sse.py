"""Reads server-sent events from bytes as they come, by the rules of the WHATWG, whatever the split."""

from playground.api.errors import TooMuchData

MAXIMUM_EVENT = 16 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_PLAIN = b"data: "


class NamedEvent(str):
    """The data of an event that an ``event:`` line gave a name; all others are plain texts."""

    name: str

    def __new__(cls, data: str, name: str) -> "NamedEvent":
        """The data is what it equals."""
        event = super().__new__(cls, data)
        event.name = name
        return event


class EventReader:
    """Turns blocks of bytes into the data of events.

    Lines end in LF, CR LF or CR only: U+2028 and its kin are text. Bytes that are not UTF-8 become U+FFFD and
    set ``mended``. An event larger than ``limit`` bytes raises ``TooMuchData``.
    """

    def __init__(self, limit: int = MAXIMUM_EVENT) -> None:
        self.mended = False
        self._limit = limit
        self._pending = bytearray()
        self._searched = 0
        self._started = False
        self._after_cr = False

    def feed(self, block: bytes) -> list[str]:
        """Take in the next bytes; gives the events that they complete."""
        pending = self._pending
        pending += self._with_line_feeds(block)
        if not self._started and not self._begin():
            return []
        end = pending.rfind(b"\n\n", self._searched)
        if end < 0:
            self._searched = max(0, len(pending) - 1)
            self._check(len(pending))
            return []
        whole = bytes(pending[:end])
        del pending[: end + 2]
        self._searched = max(0, len(pending) - 1)
        self._check(len(pending))
        return self._events(whole)

    def finish(self) -> list[str]:
        """At the end of the bytes: what lacks only its blank line.

        The rules say to forget it, as it may be cut; whoever takes it must see whether it is whole.
        """
        rest, self._pending = bytes(self._pending), bytearray()
        return self._events(rest.rstrip(b"\n"))

    def _with_line_feeds(self, block: bytes) -> bytes:
        if self._after_cr and block:
            # The CR that ended the last block has been counted as a line's end already.
            self._after_cr = False
            block = block.removeprefix(b"\n")
        if b"\r" not in block:
            return block
        self._after_cr = block.endswith(b"\r")
        return block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _begin(self) -> bool:
        """Drop a byte order mark; not before it is certain whether there is one."""
        pending = self._pending
        if len(pending) < len(_BOM) and _BOM.startswith(pending):
            return False
        if pending.startswith(_BOM):
            del pending[: len(_BOM)]
        self._started = True
        return True

    def _check(self, size: int) -> None:
        if size > self._limit:
            raise TooMuchData(f"An event of the stream is larger than {self._limit:,} bytes.", self._limit)

    def _events(self, whole: bytes) -> list[str]:
        events: list[str] = []
        for lines in whole.split(b"\n\n"):
            if lines.startswith(_PLAIN) and b"\n" not in lines:
                self._check(len(lines))
                events.append(self._text(lines[6:]))
            elif (event := self._event(lines)) is not None:
                events.append(event)
        return events

    def _event(self, lines: bytes) -> str | None:
        self._check(len(lines))
        data: list[bytes] = []
        name = b""
        for line in lines.split(b"\n"):
            field, _, value = line.partition(b":")
            if field == b"data":
                data.append(value.removeprefix(b" "))
            elif field == b"event":
                name = value.removeprefix(b" ")
        if not data:
            return None
        text = self._text(b"\n".join(data))
        return NamedEvent(text, self._text(name)) if name else text

    def _text(self, data: bytes) -> str:
        try:
            return data.decode()
        except UnicodeDecodeError:
            self.mended = True
            return data.decode(errors="replace")
