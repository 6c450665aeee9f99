"""One kind of exception for every refusal, because each answer that is not 2xx has to look like Azure's.

Two families of bodies exist, and a client reads both::

    gateway, resource routes   {"error": {"code", "message", "target"?, "innererror"?}}
    models (deployment routes) {"error": {"message", "type", "param", "code", "innererror"?, …}}

A ``ServiceError`` with a ``type`` or a ``param`` is written in the second form (absent members as null),
every other in the first.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pydantic

INVALID_REQUEST = "invalid_request_error"
MAX_ECHO = 200
_PLAIN_TYPES = frozenset({"str", "int", "float", "bool", "none", "list", "dict", "constrained-str"})


class ServiceError(Exception):
    """A refusal with its HTTP status and its error body.

    ``code`` may be a name, digits or None. ``inner`` becomes ``innererror``; ``extra`` adds members as they
    are (``status``, ``inner_error`` …); ``headers`` are added to the answer.
    """

    def __init__(
        self,
        status: int,
        code: str | None,
        message: str,
        *,
        type: str | None = None,
        param: str | None = None,
        target: str | None = None,
        headers: Mapping[str, str] | None = None,
        inner: Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.type = type
        self.param = param
        self.target = target
        self.headers = dict(headers or {})
        self.inner = dict(inner) if inner is not None else None
        self.extra = dict(extra or {})

    def body(self) -> dict[str, Any]:
        """The JSON object ``{"error": {…}}``; also what a broken stream or a batch line carries."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.type is not None or self.param is not None:
            error |= {"type": self.type, "param": self.param}
        if self.target is not None:
            error["target"] = self.target
        if self.inner is not None:
            error["innererror"] = self.inner
        return {"error": error | self.extra}


def bad_request(message: str, param: str | None, code: str | None = None) -> ServiceError:
    """400 as a model writes it, with the field (dotted path) that is to blame."""
    return ServiceError(400, code, message, type=INVALID_REQUEST, param=param)


def invalid_body(error: "pydantic.ValidationError") -> ServiceError:
    """400 for a body that does not fit its wire model: the first complaint, ``param`` as a dotted path."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    steps = [step for step in first["loc"] if isinstance(step, int) or not _is_branch(step)]
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    param = path.lstrip(".") or None
    if first["type"] == "missing":
        return bad_request(f"Missing required parameter: '{param}'.", param, "missing_required_parameter")
    named = f" for '{param}'" if param else ""
    return bad_request(f"Invalid value{named}: {first['msg'][:MAX_ECHO]}.", param, "invalid_value")


def invalid_json(detail: str) -> ServiceError:
    """400 for a body that is not JSON."""
    return bad_request(f"We could not parse the JSON body of your request: {detail[:MAX_ECHO]}", None)


def too_large(limit: int, code: str | None = None) -> ServiceError:
    """413 with the limit in bytes."""
    message = f"Maximum content size limit ({limit} bytes) exceeded."
    return ServiceError(413, code, message, type=None if code else INVALID_REQUEST)


def resource_not_found() -> ServiceError:
    """404 for a wrong path or api-version."""
    return ServiceError(404, "404", "Resource not found")


def not_found(what: str, identifier: str) -> ServiceError:
    """404 of the files, uploads and batches routes."""
    return ServiceError(404, "notFound", f"No such {what}: '{identifier[:MAX_ECHO]}'.")


def invalid_payload(message: str, target: str | None = None, status: int = 400) -> ServiceError:
    """400 of the files, uploads and batches routes; ``target`` names the field."""
    return ServiceError(status, "invalidPayload", message, target=target)


def as_payload_error(error: ServiceError) -> ServiceError:
    """A refusal of a body, as the files, uploads and batches routes word it."""
    return ServiceError(error.status, "invalidPayload", error.message, target=error.param)


def wrong_state(message: str) -> ServiceError:
    """400 for an act that the entity's state does not allow (409 would be repeated by the official SDKs)."""
    return ServiceError(400, "unexpectedEntityState", message)


def _is_branch(step: str) -> bool:
    """Whether a step names a branch of a union (written in angle brackets), which no client ever sent."""
    return step.startswith("<")
