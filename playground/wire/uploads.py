"""Uploads of big files in parts."""

from typing import Literal

from pydantic import Field

from playground.wire.base import Timestamp, WireModel
from playground.wire.fields import Integer, optional
from playground.wire.files import File

LARGEST_UPLOAD = 8 * 1024**3
LARGEST_PART = 64 * 1024**2


class CreateUploadRequest(WireModel):
    """The body of CreateUpload."""

    filename: str = Field(min_length=1, description="Name of the file to be.")
    purpose: Literal["assistants", "batch", "fine-tune", "vision"] = Field(
        description="What the file is for."
    )
    bytes: Integer = Field(ge=0, le=LARGEST_UPLOAD, description="Size of the whole file, up to 8 GB.")
    mime_type: str = Field(min_length=1, description="Type of the file; must suit the purpose.")


class CompleteUploadRequest(WireModel):
    """The body of CompleteUpload."""

    part_ids: list[str] = Field(min_length=1, description="All parts, in the order of the file.")
    md5: str | None = optional("Checksum of the whole file.")


class Upload(WireModel):
    """An upload under way or done; `file` is there once it is completed."""

    id: str = ""
    object: Literal["upload"] | str | None = None
    created_at: Timestamp | None = None
    filename: str | None = None
    bytes: int | None = None
    purpose: str | None = None
    status: Literal["pending", "completed", "cancelled", "expired"] | str | None = None
    expires_at: Timestamp | None = None
    file: File | None = None


class UploadPart(WireModel):
    """The answer to AddUploadPart; the id is opaque and may hold slashes and equal signs."""

    id: str = ""
    object: Literal["upload.part"] | str | None = None
    created_at: Timestamp | None = None
    upload_id: str | None = None
    azure_block_id: str | None = None
