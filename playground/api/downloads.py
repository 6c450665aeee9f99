"""Writes an answer to disk: under a temporary name, checked, and only then under its own."""

import asyncio
import errno
import os
import secrets
import shutil
from contextlib import aclosing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from playground.api.errors import ConnectionLost, SaveFailed

if TYPE_CHECKING:
    from playground.api.answer import Answer
    from playground.api.bodies import Progress

_WRITE_SIZE = 1024 * 1024
TEMPORARY_SUFFIX = ".part"
"""Behind the name of what is not complete yet; the name begins with a dot."""


async def save(answer: "Answer", target: Path, progress: "Progress | None") -> int:
    """Write the body to ``target`` and give its size in bytes.

    An old file of that name stays untouched until everything is there. Raises ``SaveFailed`` for the disk and
    what a connection raises; the temporary file is removed, unless only the last step failed.
    """
    await answer.refuse_web_page()
    expected = _expected(answer)
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}{TEMPORARY_SUFFIX}")
    try:
        file = await asyncio.to_thread(_create, temporary, expected)
    except OSError as error:
        raise _disk_error(error, target, expected) from error
    try:
        try:
            size = await _write(answer, file, expected, progress)
        except OSError as error:
            raise _disk_error(error, target, expected) from error
        if expected is not None and size != expected:
            raise ConnectionLost(f"The download is incomplete: {size:,} of {expected:,} bytes came.")
    except BaseException:
        file.close()
        with suppress(OSError):
            temporary.unlink()
        raise
    await asyncio.to_thread(_commit, file, temporary, target)
    answer.exchange.response_body = f"[{size:,} bytes, saved]".encode()
    return size


def _expected(answer: "Answer") -> int | None:
    text = answer.header("content-length") or ""
    return int(text) if text.isdecimal() and not answer.header("content-encoding") else None


async def _write(answer: "Answer", file: BinaryIO, expected: int | None, progress: "Progress | None") -> int:
    size, waiting = 0, bytearray()
    async with aclosing(answer.blocks(None)) as blocks:
        async for block in blocks:
            answer.watchdog.progress()
            waiting += block
            size += len(block)
            if len(waiting) >= _WRITE_SIZE:
                await asyncio.to_thread(file.write, bytes(waiting))
                answer.watchdog.progress()
                waiting = bytearray()
            if progress is not None:
                progress(size, expected)
    await asyncio.to_thread(_finish, file, bytes(waiting))
    return size


def _create(path: Path, expected: int | None) -> BinaryIO:
    if expected is not None and shutil.disk_usage(path.parent).free < expected:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    # The mode counts: what was downloaded is nobody else's business.
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "wb")


def _finish(file: BinaryIO, rest: bytes) -> None:
    file.write(rest)
    file.flush()
    os.fsync(file.fileno())


def _commit(file: BinaryIO, temporary: Path, target: Path) -> None:
    file.close()
    try:
        temporary.replace(target)
    except OSError as error:
        message = f"{target} could not be written ({error.strerror}); what was downloaded is in {temporary}."
        raise SaveFailed(message, str(temporary)) from error


def _disk_error(error: OSError, target: Path, expected: int | None) -> SaveFailed:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        needed = f"; {expected:,} bytes are needed" if expected is not None else ""
        return SaveFailed(f"There is not enough room in {target.parent}{needed}.")
    return SaveFailed(f"{target} could not be written: {error.strerror or error}.")
