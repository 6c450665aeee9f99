"""Batches: many requests in a file, answered within a day; and the lines of the files around them."""

from typing import Annotated, Any, Literal

from pydantic import Field

from playground.wire.base import Listed, Timestamp, WireModel
from playground.wire.fields import Metadata, optional

BatchStatus = Literal[
    "validating", "failed", "in_progress", "finalizing", "completed", "expired", "cancelling", "cancelled"
]
FINAL_STATUSES = frozenset({"failed", "completed", "expired", "cancelled"})


class ListBatchesQuery(WireModel):
    """The query of ListBatches."""

    after: str | None = optional("Begin behind the batch with this id.")
    limit: int | None = optional("At most this many.", service_default=20, ge=1)
    filter: str | None = optional("OData condition on created_at and status.", alias="$filter")
    orderby: str | None = optional("OData order.", alias="$orderby")


class CreateBatchRequest(WireModel):
    """The body of CreateBatch."""

    input_file_id: str = Field(min_length=1, description="A processed file of purpose batch.")
    endpoint: str = Field(min_length=1, description="What every line asks for, such as /chat/completions.")
    completion_window: Literal["24h"] = Field(description="How long it may take; only 24h.")
    metadata: Metadata | None = optional("Up to 16 pairs of own text kept with the batch.")


class BatchError(WireModel):
    """Why the input file was refused, perhaps at which line."""

    code: str | None = None
    message: str | None = None
    param: str | None = None
    line: int | str | None = None


class BatchErrors(WireModel):
    """The errors of a batch; one document shows a single object in place of the list."""

    object: Literal["list"] | str | None = None
    data: Annotated[list[BatchError] | BatchError, Field(union_mode="left_to_right")] | None = None

    @property
    def all(self) -> list[BatchError]:
        """The errors as a list, however they were sent."""
        return [self.data] if isinstance(self.data, BatchError) else (self.data or [])


class RequestCounts(WireModel):
    """How many lines; null early on."""

    total: int | None = None
    completed: int | None = None
    failed: int | None = None


class Batch(WireModel):
    """A batch; times are null until they are reached, and live answers may capitalise the status."""

    id: str = ""
    object: Literal["batch"] | str | None = None
    endpoint: str | None = None
    errors: BatchErrors | None = None
    input_file_id: str | None = None
    completion_window: str | None = None
    status: BatchStatus | str | None = None
    output_file_id: str | None = None
    error_file_id: str | None = None
    created_at: Timestamp | None = None
    in_progress_at: Timestamp | None = None
    expires_at: Timestamp | None = None
    finalizing_at: Timestamp | None = None
    completed_at: Timestamp | None = None
    failed_at: Timestamp | None = None
    expired_at: Timestamp | None = None
    cancelling_at: Timestamp | None = None
    cancelled_at: Timestamp | None = None
    request_counts: RequestCounts | None = None
    metadata: dict[str, Any] | None = None

    @property
    def state(self) -> str:
        """The status in lower case, empty when there is none."""
        return (self.status or "").lower()

    @property
    def final(self) -> bool:
        """Nothing will change any more."""
        return self.state in FINAL_STATUSES


class BatchList(WireModel):
    """The answer to ListBatches; go on with ``after=last_id`` while ``has_more``."""

    object: Literal["list"] | str | None = None
    data: Listed[Batch] = Field(default_factory=list)
    first_id: str | None = None
    last_id: str | None = None
    has_more: bool | None = None


class BatchLine(WireModel):
    """A line of the input file: a request with the caller's own id; one url and one deployment per file."""

    custom_id: str
    method: Literal["POST"]
    url: str
    body: dict[str, Any]


class BatchLineResponse(WireModel):
    """What a line's request was answered with."""

    request_id: str | None = None
    status_code: int | None = None
    body: dict[str, Any] | None = None


class BatchLineError(WireModel):
    """Why a line was not run at all."""

    code: str | None = None
    message: str | None = None


class BatchResultLine(WireModel):
    """A line of the output or error file, in any order; a refused request has a 4xx response and no error."""

    id: str | None = None
    custom_id: str | None = None
    response: BatchLineResponse | None = None
    error: BatchLineError | None = None
