"""The sockets under HTTP: an answer that comes while the request is still being sent is not lost.

A service that refuses a big upload answers early and closes. Other streams then fail to write and never read
the refusal; this one keeps listening while it writes, and stops writing once it has been refused.
"""

# ruff: noqa: ASYNC109  (httpcore prescribes the signatures)

import asyncio
import ipaddress
import re
import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from itertools import zip_longest
from typing import Any

import httpcore

from playground.api.merging import ChunkMerger

_READ_AHEAD = 256 * 1024
_WRITE_SIZE = 64 * 1024
_ADDRESS_SECONDS = 2.0
"""For an address that does not answer, while there is another."""
_REFUSAL = re.compile(rb"HTTP/1\.[01] [345]\d\d ")


class _Line(asyncio.Protocol):
    """One TCP or TLS connection: what has come and not been read, and whether more can be written."""

    def __init__(self) -> None:
        self.received = bytearray()
        self.ended = False
        self.error: Exception | None = None
        self.transport: asyncio.Transport
        self._paused_reading = False
        self._paused_writing = False
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.set_write_buffer_limits(high=_WRITE_SIZE)

    def data_received(self, data: bytes) -> None:
        self.received += data
        if len(self.received) > _READ_AHEAD and not self._paused_reading:
            self._paused_reading = True
            self.transport.pause_reading()
        self._wake(self._reader)
        if self.refused:
            self._wake(self._writer)

    def eof_received(self) -> bool:
        self.ended = True
        self._wake(self._reader)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is not None:
            self.received += self._last_words()
        self.ended, self.error = True, exc
        self._wake(self._reader)
        self._wake(self._writer)

    def pause_writing(self) -> None:
        self._paused_writing = True

    def resume_writing(self) -> None:
        self._paused_writing = False
        self._wake(self._writer)

    @property
    def refused(self) -> bool:
        """Whether an answer has begun that makes the rest of the request pointless."""
        return bool(_REFUSAL.match(self.received))

    async def read(self, most: int) -> bytes:
        """What has come, or the next that comes; empty at the end. Raises the connection's error after it."""
        if self.received:
            # A peer that floods must not keep everybody else from running.
            await asyncio.sleep(0)
        elif not self.ended:
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        data = bytes(self.received[:most])
        del self.received[:most]
        if self._paused_reading and len(self.received) < _READ_AHEAD:
            self._paused_reading = False
            self.transport.resume_reading()
        if not data and self.error is not None:
            raise self.error
        return data

    async def write(self, data: memoryview) -> None:
        """Hand over a piece and wait until there is room for more. Raises ``OSError``."""
        self.transport.write(data)
        await asyncio.sleep(0)  # so that an answer, or the end of the connection, is noticed in between
        if self._paused_writing and not self.ended:
            self._writer = asyncio.get_running_loop().create_future()
            try:
                await self._writer
            finally:
                self._writer = None
        if self.ended and self.transport.is_closing():
            raise self.error or ConnectionResetError("the connection was closed")

    def _last_words(self) -> bytes:
        """What the peer sent before it reset the connection, if writing has failed before reading it."""
        handle = self.transport.get_extra_info("socket")
        if handle is None or self.transport.get_extra_info("ssl_object") is not None:
            return b""
        words = b""
        with suppress(OSError), handle.dup() as twin:
            twin.setblocking(False)
            while data := twin.recv(_READ_AHEAD):
                words += data
        return words

    @staticmethod
    def _wake(waiter: "asyncio.Future[None] | None") -> None:
        if waiter is not None and not waiter.done():
            waiter.set_result(None)


class SocketStream(httpcore.AsyncNetworkStream):
    """A connection as httpcore takes it."""

    def __init__(self, line: _Line) -> None:
        self._line = line
        self._merger = ChunkMerger()
        self._reading = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes; waits without limit, as silence is watched over elsewhere."""
        self._reading = True
        try:
            while data := await self._line.read(max_bytes):
                if merged := self._merger.feed(data):
                    return merged
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error
        return self._merger.flush()

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send everything, unless the peer refuses it; then httpcore goes on to read the refusal."""
        if self._reading:
            self._reading = False
            self._merger.restart()
        view = memoryview(buffer)
        for at in range(0, len(view), _WRITE_SIZE):
            if self._line.refused:
                raise httpcore.WriteError("refused while sending")
            try:
                await self._line.write(view[at : at + _WRITE_SIZE])
            except OSError as error:
                raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        """Close at once; nothing that matters is left to be sent."""
        self.abort()
        await asyncio.sleep(0)

    def abort(self) -> None:
        """Close at once, without giving anybody else a turn."""
        self._line.transport.abort()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> "SocketStream":
        """The same connection, encrypted."""
        loop, line = asyncio.get_running_loop(), _Line()
        line.transport = self._line.transport  # until there is an encrypted one
        try:
            async with asyncio.timeout(timeout):
                transport = await loop.start_tls(
                    self._line.transport, line, ssl_context, server_hostname=server_hostname
                )
        except TimeoutError as error:
            self._line.transport.abort()
            raise httpcore.ConnectTimeout("no encrypted connection in time") from error
        except OSError as error:
            self._line.transport.abort()
            raise httpcore.ConnectError(str(error)) from error
        except BaseException:
            self._line.transport.abort()
            raise
        if transport is None:
            raise httpcore.ConnectError("the connection was closed")
        line.connection_made(transport)
        return SocketStream(line)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks of a stream: above all, whether an idle one has been closed by its peer."""
        if info == "is_readable":
            return self._line.ended or bool(self._line.received)
        names = {"client_addr": "sockname", "server_addr": "peername"}
        return self._line.transport.get_extra_info(names.get(info, info))


class Sockets(httpcore.AsyncNetworkBackend):
    """Opens connections on the running loop."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> SocketStream:
        """Connect to the first address of the host that answers."""
        try:
            async with asyncio.timeout(timeout):
                line = await _connect(host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout("no connection in time") from error
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        handle = line.transport.get_extra_info("socket")
        if handle is not None:
            handle.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return SocketStream(line)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


async def _connect(host: str, port: int) -> _Line:
    """Try the addresses in turn, both families alternating, so that one without a route costs little.

    asyncio's own race between addresses loses sockets when it is cancelled.
    """
    loop = asyncio.get_running_loop()
    addresses = await _addresses(host, port)
    for address in addresses[:-1]:
        with suppress(OSError):  # a timeout is one too
            async with asyncio.timeout(_ADDRESS_SECONDS):
                return (await loop.create_connection(_Line, address, port))[1]
    return (await loop.create_connection(_Line, addresses[-1], port))[1]


async def _addresses(host: str, port: int) -> list[str]:
    with suppress(ValueError):
        return [str(ipaddress.ip_address(host))]
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [(family, str(address[0])) for family, _, _, _, address in found]
    first = [address for family, address in addresses if family == addresses[0][0]]
    second = [address for family, address in addresses if family != addresses[0][0]]
    mixed = [address for pair in zip_longest(first, second) for address in pair if address is not None]
    return list(dict.fromkeys(mixed))
