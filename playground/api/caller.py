"""Performs one operation from beginning to end: address, credential, attempts, waits, and the record of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from playground.api.bodies import Body, NoBody
from playground.api.connection import ApiKey, BearerToken, Connection
from playground.api.errors import ApiError, InsecureAddress, SignInFailed
from playground.api.exchange import Exchange
from playground.api.redaction import Redactor, is_secret_header, redact_url
from playground.api.retry import Jitter, Retry
from playground.api.watchdog import Watchdog
from playground.wire.operations import Operation

if TYPE_CHECKING:
    from playground.api.answer import Answer
    from playground.api.transport import AsyncBaseTransport, Transport

T = TypeVar("T")
JSON = "application/json"
OnExchange = Callable[[Exchange], None]

_latest: ContextVar[Exchange | None] = ContextVar("latest exchange of this task", default=None)


@dataclass(frozen=True)
class Call:
    """An operation with everything it needs. ``parameters`` fill its path."""

    operation: Operation
    parameters: Mapping[str, str] = field(default_factory=dict)
    query: Sequence[tuple[str, str]] = ()
    body: Body = field(default_factory=NoBody)
    accept: str = JSON


class Caller:
    """What the words of the client have in common."""

    def __init__(
        self,
        connection: Connection,
        on_exchange: OnExchange | None = None,
        transport: "AsyncBaseTransport | None" = None,
    ) -> None:
        self.connection = connection
        self._on_exchange = on_exchange
        self._inner = transport
        self._transport: Transport | None = None
        self._building = asyncio.Lock()
        self._closed = False
        self._jitter = Jitter()
        self._redactor = Redactor()
        for name, value in connection.headers.items():
            if is_secret_header(name):
                self._redactor.learn(value)

    @property
    def latest(self) -> Exchange | None:
        """The exchange that the running task began last."""
        return _latest.get()

    async def run(self, call: Call, consume: "Callable[[Answer], Awaitable[T]]") -> T:
        """Ask, and read the answer with ``consume``; both are repeated as the policy allows."""

        async def whole(answer: "Answer") -> T:
            try:
                return await consume(answer)
            finally:
                await answer.close()

        exchange, result = await self._repeat(call, whole)
        self.end(exchange)
        return result

    async def open(self, call: Call) -> "Answer":
        """Ask, and give the answer away to be read; who takes it closes it and calls ``end``."""

        async def as_it_is(answer: "Answer") -> "Answer":
            return answer

        return (await self._repeat(call, as_it_is))[1]

    def end(self, exchange: Exchange, error: BaseException | None = None) -> None:
        """Close the record of a call and tell of it."""
        if exchange.state != "running":
            return
        if isinstance(error, asyncio.CancelledError | GeneratorExit):
            exchange.end("cancelled")
        elif error is not None:
            exchange.end("failed", self._redactor.text(f"{type(error).__name__}: {error}"))
        else:
            exchange.end("ok")
        if isinstance(error, ApiError):
            error.exchange = exchange
        self._tell(exchange)

    def without_secrets(self, texts: list[str]) -> list[str]:
        """Texts for the record, without any credential of this connection."""
        return self._redactor.texts(texts)

    async def close(self) -> None:
        """Close all connections; nothing can be asked afterwards."""
        self._closed = True
        if self._transport is not None:
            await self._transport.aclose()

    async def _repeat(self, call: Call, consume: "Callable[[Answer], Awaitable[T]]") -> tuple[Exchange, T]:
        exchange = self._begin(call)
        retry = Retry(call.operation, self.connection.max_retries, self.connection.longest_wait, self._jitter)
        try:
            while True:
                attempt = exchange.begin_attempt()
                try:
                    return exchange, await consume(await self._send(call, exchange))
                except ApiError as error:
                    wait = retry.wait_after(error, answered=exchange.status is not None)
                    attempt.status = exchange.status
                    attempt.outcome = self._redactor.text(str(error))
                    if wait is None:
                        raise
                    attempt.wait = wait
                await self._wait(exchange, wait)
        except BaseException as error:
            self.end(exchange, error)
            raise

    def _begin(self, call: Call) -> Exchange:
        operation = call.operation
        url = self._url(call)
        exchange = Exchange(
            operation.id,
            operation.method,
            self._redactor.text(redact_url(url)),
            connection=self.connection.name,
            deployment=call.parameters.get("deployment", ""),
        )
        call.body.record(exchange, self._redactor)
        _latest.set(exchange)
        self._tell(exchange)
        return exchange

    async def _send(self, call: Call, exchange: Exchange) -> "Answer":
        transport = await self._ready()
        from playground.api.answer import Answer
        from playground.api.transport import Outgoing

        headers = await self._headers(call)
        exchange.request_headers = self._redactor.headers(headers)
        exchange.request_size = await call.body.size()
        exchange.proxy = redact_url(transport.proxy) if transport.proxy else None
        watchdog = Watchdog(self.connection.progress_timeout)
        phases = Phases(exchange, watchdog)
        outgoing = Outgoing(
            call.operation.method,
            self._url(call),
            headers,
            phases.watched(call.body),
            self.connection.connect_timeout,
            phases.on_phase,
        )
        try:
            with watchdog:
                incoming = await transport.send(outgoing)
        except BaseException:
            watchdog.close()
            raise
        answer = Answer(incoming, exchange, watchdog, self._redactor)
        if 200 <= answer.status < 300:
            return answer
        try:
            raise await answer.error()
        finally:
            await answer.close()

    async def _ready(self) -> "Transport":
        """The transport, made when first needed: TLS and HTTP take too long to import for a frame."""
        if self._closed:
            raise RuntimeError("the client is closed")
        async with self._building:
            if self._transport is None:
                self._transport = await asyncio.to_thread(_build, self.connection, self._inner)
        return self._transport

    def _url(self, call: Call) -> str:
        query = [(name, value) for name, value in call.query if value]
        if self.connection.kind != "openai":
            query.append(("api-version", self.connection.api_version))
        url = self.connection.url(call.operation.path, call.parameters)
        return f"{url}?{urlencode(query)}" if query else url

    async def _headers(self, call: Call) -> list[tuple[str, str]]:
        # Compression would delay a stream and hide the size of a download.
        encoding = "gzip, deflate" if call.accept == JSON else "identity"
        headers = [("Accept", call.accept), ("Accept-Encoding", encoding), ("User-Agent", "playground")]
        size = await call.body.size()
        if call.body.content_type:
            headers.append(("Content-Type", call.body.content_type))
        if size or call.operation.method == "POST":
            headers.append(("Content-Length", str(size)))
        own = {name.lower() for name in self.connection.headers}
        headers = [(name, value) for name, value in headers if name.lower() not in own]
        secret = await self._credential()
        if not self.connection.protected and (secret or any(map(is_secret_header, own))):
            raise InsecureAddress(
                "The address is plain http and not on this computer, so that anybody on the way could read "
                "the credential; it was not sent."
            )
        return [*headers, *secret, *self.connection.headers.items()]

    async def _credential(self) -> list[tuple[str, str]]:
        credential = self.connection.credential
        if credential is None:
            return []
        if isinstance(credential, ApiKey):
            self._redactor.learn(credential.key)
            azure = self.connection.kind != "openai"
            return [("api-key", credential.key) if azure else ("Authorization", f"Bearer {credential.key}")]
        if isinstance(credential, BearerToken):
            token = credential.token
        else:
            try:
                token = await credential()
            except ApiError:
                raise
            except Exception as error:
                raise SignInFailed(f"Signing in failed: {error}") from error
        self._redactor.learn(token)
        return [("Authorization", f"Bearer {token}")]

    async def _wait(self, exchange: Exchange, seconds: float) -> None:
        exchange.resumes_at = exchange.elapsed + seconds
        self._tell(exchange)
        try:
            await asyncio.sleep(seconds)
        finally:
            exchange.resumes_at = None
        self._tell(exchange)

    def _tell(self, exchange: Exchange) -> None:
        """A fault of the listener is reported, but is no reason for the request to fail."""
        if self._on_exchange is None:
            return
        try:
            self._on_exchange(exchange)
        except Exception as error:
            context = {"message": "a listener of exchanges failed", "exception": error}
            asyncio.get_running_loop().call_exception_handler(context)


class Phases:
    """Writes down when each phase of an attempt was over, and lets the watchdog know of progress."""

    def __init__(self, exchange: Exchange, watchdog: Watchdog) -> None:
        self._exchange = exchange
        self._watchdog = watchdog
        self._of_name = {
            "connection.connect_tcp.started": self._connecting,
            "http11.send_request_headers.started": self._connected,
            "http11.send_request_body.complete": self._sent,
            "http11.receive_response_headers.complete": self._answered,
        }

    def on_phase(self, name: str) -> None:
        """A step of httpcore's."""
        if (step := self._of_name.get(name)) is not None:
            step()

    async def watched(self, body: Body) -> AsyncIterator[bytes]:
        """The pieces of a body; each that has left is progress."""
        async for piece in body.pieces():
            self._watchdog.progress()
            yield piece
        self._watchdog.progress()

    def _connecting(self) -> None:
        self._watchdog.hold()  # connecting has a limit of its own

    def _connected(self) -> None:
        self._watchdog.progress()
        self._exchange.timing.connected = self._exchange.elapsed

    def _sent(self) -> None:
        self._watchdog.progress()
        self._exchange.timing.sent = self._exchange.elapsed

    def _answered(self) -> None:
        self._watchdog.progress()
        self._exchange.timing.first_byte = self._exchange.elapsed


def _build(connection: Connection, inner: "AsyncBaseTransport | None") -> "Transport":
    from playground.api.transport import Transport

    return Transport(connection, inner)
