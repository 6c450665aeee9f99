"""The door to the network: the only module that speaks HTTP, and where its errors become ours."""

import logging
import socket
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import httpcore
import httpx
import truststore

from playground.api.connection import Connection
from playground.api.errors import (
    ApiError,
    ConnectionFailed,
    ConnectionLost,
    NotThisApi,
    TimedOut,
    TlsFailed,
    UnusableAddress,
)
from playground.api.proxies import proxy_for, split_proxy
from playground.api.sockets import Sockets

AsyncBaseTransport = httpx.AsyncBaseTransport

KEEP_ALIVE_SECONDS = 30.0

# Its debug log shows the headers of answers as they came, and services have been seen to repeat credentials.
logging.getLogger("httpcore").setLevel(logging.INFO)


@dataclass(frozen=True)
class Outgoing:
    """A request that is ready to leave. ``on_phase`` hears what httpcore traces."""

    method: str
    url: str
    headers: list[tuple[str, str]]
    pieces: AsyncIterator[bytes]
    connect_timeout: float
    on_phase: Callable[[str], None]


class Incoming:
    """The head of an answer, and its body as it comes: still compressed."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self.status = response.status_code
        self.headers = [(name.decode("latin-1"), value.decode("latin-1", "replace"))
                        for name, value in response.headers.raw]  # fmt: skip

    async def blocks(self) -> AsyncGenerator[bytes, None]:
        """The body. Raises ``ConnectionLost`` when it is cut."""
        assert isinstance(self._response.stream, httpx.AsyncByteStream)
        source = self._response.stream.__aiter__()
        try:
            with _our_errors():
                async for block in source:
                    yield block
        finally:
            # httpcore drops its inner generators unfinished, and the loop of a window finalises none: so the
            # connection is closed first, which leaves them nothing to wait for.
            await self._response.aclose()
            if isinstance(source, AsyncGenerator):
                await source.aclose()

    async def aclose(self) -> None:
        """Let go of the connection: kept if everything was read, else closed at once."""
        try:
            await self._response.aclose()
        except BaseException:
            if (stream := self._response.extensions.get("network_stream")) is not None:
                stream.abort()
            raise


class Transport:
    """Sends requests of one connection. Build it off the loop: it reads certificates and system settings."""

    def __init__(self, connection: Connection, inner: AsyncBaseTransport | None = None) -> None:
        self.proxy = None if inner is not None else proxy_for(connection)
        self._inner = inner or _Pool(connection, self.proxy)

    async def send(self, outgoing: Outgoing) -> Incoming:
        """One request, one answer, of whatever status. Redirects are answers too."""

        async def trace(name: str, _info: dict[str, Any]) -> None:
            outgoing.on_phase(name)

        try:
            request = httpx.Request(
                outgoing.method,
                outgoing.url,
                headers=outgoing.headers,
                stream=_Pieces(outgoing.pieces),
                extensions={"trace": trace, "timeout": {"connect": outgoing.connect_timeout}},
            )
        except (httpx.InvalidURL, UnicodeError) as error:
            raise UnusableAddress(f"The address or a header cannot be used: {error}") from None
        if not 0 < (request.url.port or 80) < 65_536:
            raise UnusableAddress("The address has a port that does not exist.")
        request.headers.setdefault("Host", request.url.netloc.decode("ascii"))
        with _our_errors(), _no_http():
            return Incoming(await self._inner.handle_async_request(request))

    async def aclose(self) -> None:
        """Close every connection."""
        await self._inner.aclose()


class _Pieces(httpx.AsyncByteStream):
    def __init__(self, pieces: AsyncIterator[bytes]) -> None:
        self._pieces = pieces

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._pieces


class _Body(httpx.AsyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __aiter__(self) -> AsyncIterator[bytes]:
        iterator: AsyncIterator[bytes] = self._stream.__aiter__()
        return iterator

    async def aclose(self) -> None:
        await self._stream.aclose()


_opened: ContextVar[httpcore.AsyncConnectionInterface | None] = ContextVar("opened", default=None)


class _Noting(httpcore.AsyncConnectionPool):
    """Notes the connection that a request makes it open."""

    def create_connection(self, origin: httpcore.Origin) -> httpcore.AsyncConnectionInterface:
        connection = super().create_connection(origin)
        _opened.set(connection)
        return connection


class _DirectPool(_Noting):
    pass


class _ProxyPool(_Noting, httpcore.AsyncHTTPProxy):
    pass


class _SocksPool(_Noting, httpcore.AsyncSOCKSProxy):
    pass


class _Pool(httpx.AsyncBaseTransport):
    """httpcore's pool on our sockets, which httpx itself cannot be told to use."""

    def __init__(self, connection: Connection, proxy: str | None) -> None:
        encrypted = connection.endpoint.strip().lower().startswith("https:")
        options: dict[str, Any] = {
            "ssl_context": _ssl_context(connection.ca_file) if encrypted else None,
            "max_connections": None,
            "keepalive_expiry": KEEP_ALIVE_SECONDS,
            "network_backend": Sockets(),
        }
        self._pool: httpcore.AsyncConnectionPool
        if proxy is None:
            self._pool = _DirectPool(**options)
            return
        address, auth = split_proxy(proxy)
        socks = address.startswith("socks5")
        if socks and find_spec("socksio") is None:
            raise UnusableAddress(f"The proxy {address} needs the package socksio, which is not installed.")
        kind = _SocksPool if socks else _ProxyPool
        try:
            self._pool = kind(proxy_url=address, proxy_auth=auth, **options)
        except (RuntimeError, ValueError) as error:
            raise UnusableAddress(f"The proxy {address} cannot be used: {error}") from None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        _opened.set(None)
        try:
            response = await self._pool.handle_async_request(
                httpcore.Request(
                    request.method,
                    url,
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        except BaseException:
            # Cancelled at the wrong moment, httpcore would keep a connection that nobody can use any more.
            if (connection := _opened.get()) is not None:
                await connection.aclose()
            raise
        extensions = {"network_stream": response.extensions.get("network_stream")}
        return httpx.Response(
            response.status, headers=response.headers, stream=_Body(response.stream), extensions=extensions
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


def _ssl_context(ca_file: str | None) -> ssl.SSLContext:
    """Trusts what this computer trusts, and the authority of the connection's own file."""
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_file:
        try:
            context.load_verify_locations(ca_file)
        except OSError as error:
            raise TlsFailed(f"The CA file {ca_file} cannot be used: {error}") from None
    return context


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except (httpcore.ConnectTimeout, httpx.ConnectTimeout) as error:
        raise TimedOut("No connection could be made in time.", "connect", 0.0) from error
    except (httpcore.ConnectError, httpx.ConnectError) as error:
        raise _connect_error(error) from error
    except (httpcore.ProxyError, httpcore.UnsupportedProtocol) as error:
        raise ConnectionFailed(f"The proxy refused: {error}") from error
    except (httpcore.LocalProtocolError, httpx.LocalProtocolError) as error:
        raise UnusableAddress(f"The request cannot be sent: {error}") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpx.TransportError) as error:
        raise ConnectionLost(f"The connection broke: {_reason(error)}") from error


@contextmanager
def _no_http() -> Iterator[None]:
    """While the head of an answer is awaited: what h11 does not understand is no HTTP at all."""
    try:
        yield
    except httpcore.RemoteProtocolError as error:
        if _origin(error) is None:  # nothing came at all
            raise
        raise NotThisApi(f"Not an answer of this API, nor of HTTP: {error}") from error


def _connect_error(error: Exception) -> ApiError:
    cause = _origin(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return TlsFailed(f"The certificate is not trusted: {cause.verify_message}.")
    if isinstance(cause, ssl.SSLError):
        return TlsFailed(f"No encrypted connection could be made: {_reason(error)}")
    if isinstance(cause, socket.gaierror):
        return ConnectionFailed("The name of the host is not known.")
    if isinstance(cause, ConnectionRefusedError):
        return ConnectionFailed("Nothing listens there: the connection was refused.")
    return ConnectionFailed(f"No connection could be made: {_reason(error)}")


def _reason(error: BaseException) -> str:
    return str(error) or str(_origin(error) or "") or type(error).__name__


def _origin(error: BaseException) -> BaseException | None:
    """What httpcore made its error from; its pool drops the cause and leaves the context."""
    return error.__cause__ or error.__context__
