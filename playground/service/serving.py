"""The HTTP server around the application: loopback only, no access log, and connections that can be cut."""

import socket
import struct
from asyncio import Transport
from collections.abc import Awaitable, Callable

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from playground.service.faults import CUT

HOST = "127.0.0.1"
BACKLOG = 128
KEEP_ALIVE_SECONDS = 75
GOODBYE_SECONDS = 1
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


def listen(port: int = 0) -> socket.socket:
    """A listening socket on the loopback address; port 0 asks for a free one."""
    return socket.create_server((HOST, port), backlog=BACKLOG)


class Server(uvicorn.Server):
    """Calls ``ready`` once requests are answered, and awaits ``goodbye`` once no more are.

    The latter cannot be left to whoever called ``serve``: after a signal that never returns.
    """

    def __init__(
        self, app: ASGIApp, ready: Callable[[], None], goodbye: Callable[[], Awaitable[None]]
    ) -> None:
        config = uvicorn.Config(
            app,
            http=Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GOODBYE_SECONDS,
        )
        super().__init__(config)
        self._ready = ready
        self._goodbye = goodbye

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer what is being asked, for a second at most, then say goodbye."""
        await super().shutdown(sockets)
        await self._goodbye()


class Protocol(H11Protocol):
    """One connection, which the application may cut."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Put the cutter into the scope of every request on this connection."""
        super().connection_made(transport)
        app = self.app

        async def app_with_cutter(scope: Scope, receive: Receive, send: Send) -> None:
            scope[CUT] = self._cut
            await app(scope, receive, send)

        self.app = app_with_cutter

    def _cut(self, reset: bool) -> None:
        if not reset:
            self.transport.close()
            return
        connection = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.transport.abort()
