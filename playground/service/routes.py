"""The way in: each operation of the listing as a route, with the checks that are the same for all of them."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from playground.service import limits
from playground.service.call import Call, Form
from playground.service.dispatch import find_deployment, perform
from playground.service.errors import ServiceError, bad_request, resource_not_found, too_large
from playground.service.headers import Meter
from playground.service.multipart import read_form
from playground.service.service import Service
from playground.wire.operations import OPERATIONS, Operation

logger = logging.getLogger("playground.service")

API_VERSIONS = frozenset(
    {
        *("2022-12-01", "2023-03-15-preview", "2023-05-15", "2023-06-01-preview", "2023-07-01-preview"),
        *("2023-08-01-preview", "2023-09-01-preview", "2023-10-01-preview", "2023-12-01-preview"),
        *("2024-02-01", "2024-02-15-preview", "2024-03-01-preview", "2024-04-01-preview"),
        *("2024-05-01-preview", "2024-06-01", "2024-07-01-preview", "2024-08-01-preview"),
        *("2024-09-01-preview", "2024-10-01-preview", "2024-10-21", "2024-12-01-preview"),
        *("2025-01-01-preview", "2025-02-01-preview", "2025-03-01-preview", "2025-04-01-preview"),
    }
)
"""Versions that Azure really published for this API. A client written for one of them is answered, always as
2025-01-01-preview; any other text is refused as the live service refuses it."""

FORM_OVERHEAD = limits.FORM_FIELDS + 64 * 1024
FORMS = {
    "transcribe": (limits.AUDIO, None),
    "translate": (limits.AUDIO, None),
    "upload": (limits.FILE, "invalidPayload"),
    "add_part": (limits.UPLOAD_PART, "invalidPayload"),
}
"""The verbs whose body is a form: the limit of their file in bytes, and the error code beyond it."""


def build_routes(service: Service) -> list[Route]:
    """One route per path of the listing, under ``/openai``, and the one for generated content.

    A deployment's name may contain ``/``, sent raw or percent-encoded: SDKs do both.
    """
    by_path: dict[str, dict[str, Operation]] = defaultdict(dict)
    for operation in OPERATIONS:
        by_path[operation.path][operation.method] = operation
    # The longer path first: ".../chat/completions" also ends like the completions of a deployment "…/chat".
    paths = sorted(by_path, key=lambda path: -path.count("/"))
    routes = [Route(f"/openai{_template(path)}", Endpoint(service, by_path[path])) for path in paths]
    return [*routes, Route("/links/{name}", LinkEndpoint(service))]


def _template(path: str) -> str:
    return path.replace("{deployment}", "{deployment:path}")


def error_response(error: ServiceError) -> Response:
    """A refusal as an HTTP answer."""
    headers = dict(error.headers)
    if error.code:
        headers["x-ms-error-code"] = error.code
    return JSONResponse(error.body(), error.status, headers)


class Endpoint:
    """One path: finds the operation, checks the request, reads its body, and answers."""

    def __init__(self, service: Service, operations: Mapping[str, Operation]) -> None:
        self._service = service
        self._operations = operations
        self._meters: dict[str, Meter] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        temporary = self._service.contents.new_temporary()
        form_used = False
        try:
            operation = self._operation(request)
            form_used = operation.verb in FORMS
            response = await self._answer(operation, request, temporary)
        except ClientDisconnect:
            return
        except Exception as error:
            response = error_response(refusal(error, model="deployment" in request.path_params))
        finally:
            if form_used:
                await self._service.contents.remove([temporary])
        await response(scope, receive, send)

    def _operation(self, request: Request) -> Operation:
        if request.query_params.get("api-version") not in API_VERSIONS:
            raise resource_not_found()
        method = "GET" if request.method == "HEAD" else request.method
        operation = self._operations.get(method)
        if operation is None:
            allowed = ", ".join(sorted(self._operations))
            raise ServiceError(405, "405", "Method not allowed.", headers={"allow": allowed})
        return operation

    async def _answer(self, operation: Operation, request: Request, temporary: Path) -> Response:
        call = Call(
            self._service,
            headers=request.headers,
            query=request.query_params,
            path={key: str(value) for key, value in request.path_params.items()},
            disconnected=request.is_disconnected,
        )
        if operation.deployment:
            call.deployment = find_deployment(self._service, call.path["deployment"], operation)
        if operation.verb in FORMS:
            call.form = await _read_form(request, temporary, *FORMS[operation.verb])
        elif operation.method == "POST":
            call.body = await _read_json_body(request, operation)
        response = await perform(operation, call)
        if call.deployment is not None:
            self._sign(call, response)
        return response

    def _sign(self, call: Call, response: Response) -> None:
        assert call.deployment is not None
        meter = self._meters.setdefault(call.deployment.name, Meter(self._service.clock))
        size = call.form.file.size if call.form and call.form.file else len(call.body)
        response.headers.update(meter.charge(size))
        response.headers["x-accel-buffering"] = "no"
        response.headers["x-ms-deployment-name"] = call.deployment.name


class LinkEndpoint:
    """Generated content behind an unguessable name, as the signed links of a storage account are."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        found = self._service.links.get(request.path_params["name"])
        if request.method not in {"GET", "HEAD"} or found is None:
            response = error_response(resource_not_found())
        else:
            response = Response(found[0], media_type=found[1])
        await response(scope, receive, send)


def refusal(error: Exception, *, model: bool = True) -> ServiceError:
    """Any exception as a refusal, of a ``model`` or else of the resource.

    What nobody foresaw is logged here and says nothing of itself outside.
    """
    if isinstance(error, ServiceError):
        return error
    logger.error("a request failed", exc_info=error)
    if isinstance(error, OSError):
        return ServiceError(507, "quotaExceeded", "The service could not write to its data folder.")
    code = "InternalServerError" if model else "internalFailure"
    return ServiceError(500, code, "The server had an error while processing your request.")


def _check_length(request: Request, limit: int, code: str | None, overhead: int = 0) -> None:
    """413 before a byte of the body is read; the server drains the rest, so the connection stays usable."""
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > limit + overhead:
        raise too_large(limit, code)


async def _read_form(request: Request, temporary: Path, limit: int, code: str | None) -> Form:
    _check_length(request, limit, code, FORM_OVERHEAD)
    content_type = request.headers.get("content-type", "")
    return await read_form(request.stream(), content_type, path=temporary, limit=limit, limit_code=code)


async def _read_json_body(request: Request, operation: Operation) -> bytes:
    limit, code = (limits.JSON, None) if operation.deployment else (limits.RESOURCE_JSON, "invalidPayload")
    _check_length(request, limit, code)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise too_large(limit, code)
    kind = request.headers.get("content-type", "application/json").split(";")[0].strip().lower()
    if body and kind in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        raise bad_request(f"Expected a JSON body, not {kind}.", None)
    return await asyncio.to_thread(bytes, body) if len(body) > limits.MB else bytes(body)
