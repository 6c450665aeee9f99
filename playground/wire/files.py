"""Files of the resource: uploading them, listing them, deleting them."""

from typing import Literal

from pydantic import Field

from playground.wire.base import Listed, Timestamp, WireModel
from playground.wire.fields import optional

FilePurpose = Literal[
    "fine-tune", "fine-tune-results", "assistants", "assistants_output", "batch", "batch_output", "vision"
]

FileStatus = Literal["pending", "running", "processed", "error", "deleted", "uploaded", "deleting"]
"""pending: not looked at yet; running: being imported; processed: ready; error and deleted are final."""


class ListFilesQuery(WireModel):
    """The query of ListFiles; all but purpose are beyond the documents, yet official clients send them."""

    purpose: FilePurpose | None = optional("Only files for this purpose.")
    after: str | None = optional("Begin behind the file with this id.")
    limit: int | None = optional("At most this many.", ge=1)
    order: Literal["asc", "desc"] | None = optional("By the time of creation.")


class UploadFileRequest(WireModel):
    """The form of UploadFile without its file."""

    purpose: FilePurpose = Field(description="What the file is for.")
    filename: str | None = optional("Name of the file, if it is not told with the file.")


class File(WireModel):
    """A file as the resource knows it."""

    id: str = ""
    object: Literal["file"] | str | None = None
    bytes: int | None = None
    filename: str | None = None
    created_at: Timestamp | None = None
    purpose: FilePurpose | str | None = None
    status: FileStatus | str | None = None
    status_details: str | None = None


class FileList(WireModel):
    """The answer to ListFiles; paging is beyond the documents, yet official clients need it."""

    object: Literal["list"] | str | None = None
    data: Listed[File] = Field(default_factory=list)
    has_more: bool | None = None
    first_id: str | None = None
    last_id: str | None = None


class FileDeletion(WireModel):
    """The answer to DeleteFile."""

    id: str | None = None
    object: Literal["file"] | str | None = None
    deleted: bool | None = None
