"""Everything that can go wrong with a request, as one small tree.

::

    ApiError
    ├── ConnectionFailed        nobody was reached, nothing was sent: unknown name, refused, proxy
    │   ├── UnusableAddress     the address, a header or the proxy cannot be used as it is
    │   │   └── InsecureAddress a credential would have gone over plain http, so it was kept back
    │   └── ConnectionLost      the request went out, then the connection broke before the answer
    ├── TlsFailed               no encrypted connection: certificate, host name, protocol
    ├── SignInFailed            no token could be obtained
    ├── TimedOut                no connection, or no progress, for too long
    ├── NotThisApi              an answer, but not one of this API: a web page, another shape, nothing
    │   └── Redirected          sent elsewhere; never followed, because the credential would go along
    ├── StatusError             the service refused or failed, and says why
    │   ├── BadRequest          400, 422
    │   │   ├── ContentFiltered
    │   │   ├── ContextTooLong
    │   │   └── UnsupportedParameter
    │   ├── Unauthorized        401
    │   ├── Forbidden           403
    │   ├── NotFound            404
    │   │   └── DeploymentNotFound
    │   ├── TooLarge            413
    │   ├── RateLimited         429
    │   └── ServerFault         5xx, 408
    ├── StreamBroken            a stream that ended, or stopped making sense, before it was complete
    ├── StreamError             the service reported a failure in the middle of a stream
    ├── TooMuchData             an answer beyond what is taken in
    └── SaveFailed              the answer could not be written to disk

Errors of the service are read in all spellings; ``status_error`` makes one from an answer.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playground.api.exchange import Exchange
    from playground.wire.filters import PromptFilterResults


class ApiError(Exception):
    """A request that did not succeed. ``exchange`` is its record, once there is one."""

    exchange: "Exchange | None" = None

    @property
    def request_id(self) -> str | None:
        """How the service calls the request, if it was reached."""
        return self.exchange.request_id if self.exchange else None


class ConnectionFailed(ApiError):
    """Nobody was reached; nothing was sent."""


class UnusableAddress(ConnectionFailed):
    """The address, a header or the proxy cannot be used as it is; asking again would not help."""


class InsecureAddress(UnusableAddress):
    """The address is plain http and not this computer: the credential was kept back."""


class ConnectionLost(ConnectionFailed):
    """The connection broke after the request had begun to leave, and before an answer came."""


class TlsFailed(ApiError):
    """The encrypted connection could not be made."""


class SignInFailed(ApiError):
    """No token could be obtained; the cause is the sign-in library's own error."""


class TimedOut(ApiError):
    """Nothing happened for ``seconds``, while ``phase`` ("connect", "answer", "send" or "stream")."""

    def __init__(self, message: str, phase: str, seconds: float) -> None:
        super().__init__(message)
        self.phase = phase
        self.seconds = seconds


class NotThisApi(ApiError):
    """What answered is not this API; ``excerpt`` is how its answer begins."""

    def __init__(self, message: str, status: int = 0, content_type: str = "", excerpt: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.content_type = content_type
        self.excerpt = excerpt


class Redirected(NotThisApi):
    """The address has moved, or a sign-in page stands before it; ``location`` is where it points."""

    location: str = ""


class StatusError(ApiError):
    """The service answered with an error status. ``code`` is a name or digits; ``body`` is its JSON."""

    def __init__(self, status: int, message: str, *, error: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.body = error or {}
        self.code: str | None = _text(self.body.get("code"))
        self.param: str | None = _text(self.body.get("param") or self.body.get("target"))
        self.type: str | None = _text(self.body.get("type"))
        self.retry_after: float | None = None
        """Seconds that the service asks to wait."""

    @property
    def inner(self) -> dict[str, Any]:
        """The inner error under either spelling, empty when there is none."""
        found = self.body.get("innererror") or self.body.get("inner_error")
        return found if isinstance(found, dict) else {"code": found} if isinstance(found, str) else {}

    @property
    def filter_results(self) -> "PromptFilterResults | None":
        """The content filter's judgement of the prompt, under either spelling."""
        for holder in (self.inner, self.body):
            found = holder.get("content_filter_result") or holder.get("content_filter_results")
            if isinstance(found, dict):
                from pydantic import ValidationError

                from playground.wire.filters import PromptFilterResults

                try:
                    return PromptFilterResults.model_validate(found)
                except ValidationError:
                    return None
        return None


class BadRequest(StatusError):
    """The request itself is at fault."""


class ContentFiltered(BadRequest):
    """The content filter refused the prompt; `filter_results` says why."""


class ContextTooLong(BadRequest):
    """Prompt and answer together are more than the model can hold."""


class UnsupportedParameter(BadRequest):
    """The model behind the deployment does not know a parameter, or not this value; `param` names it."""


class Unauthorized(StatusError):
    """The credential is missing, wrong, expired, or meant for something else."""


class Forbidden(StatusError):
    """The credential is known but may not do this, perhaps not from here."""


class NotFound(StatusError):
    """There is no such thing, or no such path or api-version."""


class DeploymentNotFound(NotFound):
    """The resource has no deployment of this name."""


class TooLarge(StatusError):
    """What was sent is larger than the service takes."""


class RateLimited(StatusError):
    """Too many requests or tokens; `retry_after` says when to come back, if the service did."""


class ServerFault(StatusError):
    """The service or something before it failed."""


class StreamBroken(ApiError):
    """The stream ended before ``[DONE]``, or an event made no sense; what came before it was delivered."""


class StreamError(ApiError):
    """The service sent an error as an event of the stream; ``body`` is its JSON."""

    def __init__(self, message: str, body: dict[str, Any]) -> None:
        super().__init__(message)
        self.message = message
        self.body = body
        self.code: str | None = _text(body.get("code"))
        self.type: str | None = _text(body.get("type"))
        self.param: str | None = _text(body.get("param"))


class TooMuchData(ApiError):
    """An answer, an event or its headers went beyond ``limit`` bytes; reading stopped there."""

    def __init__(self, message: str, limit: int) -> None:
        super().__init__(message)
        self.limit = limit


class SaveFailed(ApiError):
    """Writing to disk failed; ``kept`` is where complete data was left, if it was."""

    def __init__(self, message: str, kept: str | None = None) -> None:
        super().__init__(message)
        self.kept = kept


_CLASS_OF_STATUS: dict[int, type[StatusError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    408: ServerFault,
    413: TooLarge,
    422: BadRequest,
    429: RateLimited,
}
_FILTER_CODES = frozenset({"content_filter", "content_policy_violation", "contentfilter"})
_PARAMETER_CODES = frozenset({"unsupported_parameter", "unsupported_value"})


def status_error(status: int, body: Any, excerpt: str = "") -> StatusError:
    """The error that an answer stands for; ``body`` is its JSON value or None, ``excerpt`` its first text."""
    error = error_object(body)
    message = _message(error, body) or excerpt or f"The service answered {status} without saying why."
    return _class_for(status, error, message)(status, message, error=error)


def error_object(body: Any) -> dict[str, Any]:
    """The error inside a JSON value: under ``error``, as an object or a text, or the value itself."""
    if isinstance(body, list) and len(body) == 1:
        body = body[0]
    if not isinstance(body, dict):
        return {}
    error = body.get("error", body)
    if isinstance(error, dict):
        return error
    return {**body, "message": body.get("message") or error} if isinstance(error, str) else {}


def _class_for(status: int, error: dict[str, Any], message: str) -> type[StatusError]:
    code = (_text(error.get("code")) or "").lower()
    if status in (400, 422):
        inner = error.get("innererror") or error.get("inner_error")
        inner_code = inner.get("code") if isinstance(inner, dict) else inner
        if code in _FILTER_CODES or inner_code == "ResponsibleAIPolicyViolation":
            return ContentFiltered
        if code == "context_length_exceeded":
            return ContextTooLong
        if code in _PARAMETER_CODES or "unrecognized request argument" in message.lower():
            return UnsupportedParameter
    if status == 404 and code == "deploymentnotfound":
        return DeploymentNotFound
    return _CLASS_OF_STATUS.get(status, ServerFault if status >= 500 else StatusError)


def _message(error: dict[str, Any], body: Any) -> str:
    for holder in (error, body if isinstance(body, dict) else {}):
        for name in ("message", "detail", "error_description", "msg"):
            if isinstance(value := holder.get(name), str) and value.strip():
                return value.strip()
    return ""


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None
