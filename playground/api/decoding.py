"""Undoes the compression of an answer, never making more of it than is allowed."""

import zlib
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

from playground.api.errors import ConnectionLost, NotThisApi, TooMuchData

_STEP = 256 * 1024


class Decoder:
    """Decompresses blocks in steps of bounded size, so that a small block cannot become a huge one."""

    def __init__(self, encoding: str) -> None:
        names = [name.strip().lower() for name in encoding.split(",") if name.strip()]
        names = [name for name in names if name != "identity"]
        if len(names) > 1 or (names and names[0] not in ("gzip", "x-gzip", "deflate")):
            raise NotThisApi(f"The answer is compressed in a way that was not asked for: {encoding}.")
        self._name = names[0] if names else ""
        # 47: gzip or zlib, told by the header; some servers send deflate without one (-15).
        self._inflate = zlib.decompressobj(47) if names else None
        self._first = True

    async def blocks(
        self, source: AsyncGenerator[bytes, None], limit: int | None
    ) -> AsyncGenerator[bytes, None]:
        """The decoded bytes, at most ``limit`` of them, else ``TooMuchData``."""
        total = 0
        async with aclosing(source):
            async for block in source:
                for piece in self._pieces(block):
                    total += len(piece)
                    if limit is not None and total > limit:
                        raise TooMuchData(f"The answer is larger than {limit:,} bytes.", limit)
                    yield piece
        if self._inflate is not None and not self._first and not self._inflate.eof:
            raise ConnectionLost("The compressed answer was cut.")

    def _pieces(self, block: bytes) -> Iterator[bytes]:
        if self._inflate is None:
            yield block
            return
        if self._first and block:
            self._first = False
            if self._name == "deflate" and block[0] & 0x0F != 8:
                self._inflate = zlib.decompressobj(-15)
        while block and not self._inflate.eof:
            try:
                piece = self._inflate.decompress(block, _STEP)
            except zlib.error as error:
                raise NotThisApi(f"The compressed answer is damaged: {error}.") from None
            block = self._inflate.unconsumed_tail
            if piece:
                yield piece
