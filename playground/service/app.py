"""The ASGI application: a gate that decides who may ask, then the routes; deliberately without CORS."""

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground.service import auth, headers
from playground.service.errors import ServiceError, resource_not_found
from playground.service.faults import Faults
from playground.service.routes import build_routes, error_response
from playground.service.service import Service

PUBLIC = "/links/"


def build_app(service: Service, key: str) -> ASGIApp:
    """The application of one service, for those who hold ``key``; it neither opens nor closes the service."""
    middleware = [Middleware(Gate, key=key)]
    if service.faults:
        middleware.append(Middleware(Faults))
    return Starlette(
        routes=build_routes(service),
        middleware=middleware,
        exception_handlers={HTTPException: _unrouted},
    )


class Gate:
    """Refuses whoever may not ask before anything of the request is looked at, and signs each answer."""

    def __init__(self, app: ASGIApp, key: str) -> None:
        self._app = app
        self._key = key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_headers = Headers(scope=scope)
        signature = headers.correlation(request_headers)

        async def send_signed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(signature)
            await send(message)

        try:
            auth.check_origin(request_headers)
            if not scope["path"].startswith(PUBLIC):
                auth.check_key(request_headers, self._key)
        except ServiceError as error:
            await error_response(error)(scope, receive, send_signed)
            return
        await self._app(scope, receive, send_signed)


async def _unrouted(_request: Request, _error: Exception) -> Response:
    return error_response(resource_not_found())
