"""The error body in all its spellings, as answered by deployments, files, batches and uploads."""

from typing import Annotated, Any

from pydantic import BeforeValidator

from playground.wire.base import WireModel
from playground.wire.filters import PromptFilterResults

ERROR_CODE_HEADER = "x-ms-error-code"
"""Response header that repeats ``error.code`` on deployment routes."""


class InnerError(WireModel):
    """The more exact reason; for a refused prompt with the filter's judgement, under either spelling."""

    code: str | None = None
    innererror: "InnerError | str | None" = None
    content_filter_result: PromptFilterResults | None = None
    content_filter_results: PromptFilterResults | None = None
    revised_prompt: str | None = None

    @property
    def filter_results(self) -> PromptFilterResults | None:
        """The filter's judgement under either spelling."""
        return self.content_filter_result or self.content_filter_results


class ErrorBody(WireModel):
    """What went wrong; any member may be missing, and ``code`` may be a name, digits or a number."""

    code: str | int | None = None
    message: str | None = None
    param: str | None = None
    type: str | None = None
    status: int | str | None = None
    target: str | None = None
    details: "list[ErrorBody | str] | None" = None
    innererror: InnerError | str | None = None
    inner_error: InnerError | str | None = None

    @property
    def inner(self) -> InnerError | None:
        """The inner error under either spelling."""
        found = self.innererror or self.inner_error
        return InnerError(code=found) if isinstance(found, str) else found

    @property
    def filter_results(self) -> PromptFilterResults | None:
        """The filter's judgement of a refused prompt."""
        return self.inner.filter_results if self.inner else None


def _text_as_message(value: Any) -> Any:
    """Some gateways answer ``{"error": "text"}``."""
    return {"message": value} if isinstance(value, str) else value


class ErrorResponse(WireModel):
    """The body of every refused request, and of a stream that fails midway."""

    error: Annotated[ErrorBody, BeforeValidator(_text_as_message)]
