"""Looks through a write-ahead log that was left behind: SQLite drops what is damaged in it without a word."""

import struct
from enum import Enum
from pathlib import Path

HEADER = 32
FRAME_HEADER = 24
MOST_BYTES = 64 * 1024 * 1024  # more is not checked: it would keep the user waiting
_MAGIC = 0x377F0682
_MASK = 0xFFFFFFFF


class LogState(Enum):
    """What a left log is worth."""

    SOUND = "sound"
    TORN = "torn"  # the last frame was being written: nothing that was committed is missing
    DAMAGED = "damaged"  # committed frames cannot be read


def judge(path: Path) -> LogState:
    """Check a log as SQLite does when it recovers, and look at what it would ignore. Raises ``OSError``.

    Only for a log that nobody has open. Frames that carry other salts are left from before and do not count.
    """
    size = path.stat().st_size
    if size <= HEADER or size > MOST_BYTES:
        return LogState.SOUND
    data = path.read_bytes()
    magic, _version, page, _number, salt_1, salt_2, sum_1, sum_2 = struct.unpack_from(">8I", data)
    big = magic & 1
    sums = _checksum(data[:24], big, (0, 0))
    if magic & ~1 != _MAGIC or not 512 <= page <= 65536 or sums != (sum_1, sum_2):
        return LogState.DAMAGED
    salts = (salt_1, salt_2)
    step = FRAME_HEADER + page
    for start in range(HEADER, len(data) - step + 1, step):
        *_pages, found_1, found_2, sum_1, sum_2 = struct.unpack_from(">6I", data, start)
        if (found_1, found_2) == salts:
            sums = _checksum(data[start : start + 8], big, sums)
            sums = _checksum(data[start + FRAME_HEADER : start + step], big, sums)
            if sums == (sum_1, sum_2):
                continue
        return _beyond(data, start, step, salts)
    return LogState.SOUND


def _beyond(data: bytes, bad: int, step: int, salts: tuple[int, int]) -> LogState:
    """What the first unreadable frame means: frames of the same log after it were committed once."""
    for start in range(bad + step, len(data) - FRAME_HEADER + 1, step):
        if struct.unpack_from(">2I", data, start + 8) == salts:
            return LogState.DAMAGED
    same = struct.unpack_from(">2I", data, bad + 8) == salts
    return LogState.TORN if same else LogState.SOUND


def _checksum(data: bytes, big: int, sums: tuple[int, int]) -> tuple[int, int]:
    first, second = sums
    words = struct.unpack(f"{'>' if big else '<'}{len(data) // 4}I", data)
    for index in range(0, len(words), 2):
        first = (first + words[index] + second) & _MASK
        second = (second + words[index + 1] + first) & _MASK
    return first, second
