"""The twenty operations of the API as data: the caller, the answerer and the tests all read this one list."""

import importlib
from dataclasses import dataclass
from enum import Enum
from typing import Any

API_VERSION = "2025-01-01-preview"


class RepeatPolicy(Enum):
    """When a request may be sent again; 429, 503 and a connection that never opened always allow it."""

    FREELY = "freely"
    """Asking twice changes nothing."""
    UNLESS_ACCEPTED = "unless accepted"
    """Not once the service may have taken it."""
    UNTIL_FIRST_BYTE = "until the first byte"
    """While no byte of the answer has arrived."""


class BodyKind(Enum):
    """How a body is written."""

    NOTHING = "nothing"
    JSON = "json"
    FORM = "form"
    """multipart/form-data with one file."""
    BYTES = "bytes"
    TRANSCRIPT = "transcript"
    """JSON or plain text, by the ``response_format`` asked for."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. Models are named ``module:Class`` for `resolve`; paths follow ``/openai``."""

    id: str
    word: str
    verb: str
    method: str
    path: str
    repeatable: RepeatPolicy
    sends: BodyKind = BodyKind.NOTHING
    request: str | None = None
    file_field: str | None = None
    query: tuple[str, ...] = ()
    query_model: str | None = None
    returns: BodyKind = BodyKind.JSON
    response: str | None = None
    stream: str | None = None
    success: tuple[int, ...] = (200,)
    aliases: tuple[str, ...] = ()

    @property
    def deployment(self) -> bool:
        """Whether it is asked of a deployment rather than of the resource."""
        return self.path.startswith("/deployments/")

    @property
    def path_parameters(self) -> tuple[str, ...]:
        """The names in braces of the path, in order."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))

    @property
    def action(self) -> str:
        """The client's name for it, such as ``chat.complete``."""
        return f"{self.word}.{self.verb}"


_FREELY, _ONCE, _UNTIL = RepeatPolicy.FREELY, RepeatPolicy.UNLESS_ACCEPTED, RepeatPolicy.UNTIL_FIRST_BYTE

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="GetChatCompletions",
        word="chat",
        verb="complete",
        method="POST",
        path="/deployments/{deployment}/chat/completions",
        repeatable=_UNTIL,
        sends=BodyKind.JSON,
        request="chat:ChatRequest",
        response="chat:ChatCompletion",
        stream="chat:ChatChunk",
    ),
    Operation(
        id="GetCompletions",
        word="completions",
        verb="complete",
        method="POST",
        path="/deployments/{deployment}/completions",
        repeatable=_UNTIL,
        sends=BodyKind.JSON,
        request="completions:CompletionRequest",
        response="completions:Completion",
        stream="completions:Completion",
    ),
    Operation(
        id="GetEmbeddings",
        word="embeddings",
        verb="embed",
        method="POST",
        path="/deployments/{deployment}/embeddings",
        repeatable=_ONCE,
        sends=BodyKind.JSON,
        request="embeddings:EmbeddingsRequest",
        response="embeddings:Embeddings",
    ),
    Operation(
        id="GetImageGenerations",
        word="images",
        verb="generate",
        method="POST",
        path="/deployments/{deployment}/images/generations",
        repeatable=_ONCE,
        sends=BodyKind.JSON,
        request="images:ImageRequest",
        response="images:Images",
    ),
    Operation(
        id="GenerateSpeechFromText",
        word="speech",
        verb="generate",
        method="POST",
        path="/deployments/{deployment}/audio/speech",
        repeatable=_ONCE,
        sends=BodyKind.JSON,
        request="speech:SpeechRequest",
        returns=BodyKind.BYTES,
    ),
    Operation(
        id="GetAudioTranscriptionAsPlainText",
        word="transcription",
        verb="transcribe",
        method="POST",
        path="/deployments/{deployment}/audio/transcriptions",
        repeatable=_ONCE,
        sends=BodyKind.FORM,
        request="transcription:TranscriptionRequest",
        file_field="file",
        returns=BodyKind.TRANSCRIPT,
        response="transcription:VerboseTranscription",
        aliases=("GetAudioTranscriptionAsResponseObject",),
    ),
    Operation(
        id="GetAudioTranslationAsPlainText",
        word="transcription",
        verb="translate",
        method="POST",
        path="/deployments/{deployment}/audio/translations",
        repeatable=_ONCE,
        sends=BodyKind.FORM,
        request="transcription:TranslationRequest",
        file_field="file",
        returns=BodyKind.TRANSCRIPT,
        response="transcription:VerboseTranscription",
        aliases=("GetAudioTranslationAsResponseObject",),
    ),
    Operation(
        id="ListFiles",
        word="files",
        verb="list",
        method="GET",
        path="/files",
        repeatable=_FREELY,
        query=("purpose", "after", "limit", "order"),
        query_model="files:ListFilesQuery",
        response="files:FileList",
    ),
    Operation(
        id="UploadFile",
        word="files",
        verb="upload",
        method="POST",
        path="/files",
        repeatable=_ONCE,
        sends=BodyKind.FORM,
        request="files:UploadFileRequest",
        file_field="file",
        response="files:File",
        success=(201, 200),
    ),
    Operation(
        id="GetFile",
        word="files",
        verb="get",
        method="GET",
        path="/files/{fileId}",
        repeatable=_FREELY,
        response="files:File",
    ),
    Operation(
        id="DeleteFile",
        word="files",
        verb="delete",
        method="DELETE",
        path="/files/{fileId}",
        repeatable=_FREELY,
        response="files:FileDeletion",
    ),
    Operation(
        id="GetFileContent",
        word="files",
        verb="content",
        method="GET",
        path="/files/{fileId}/content",
        repeatable=_FREELY,
        returns=BodyKind.BYTES,
    ),
    Operation(
        id="CreateUpload",
        word="uploads",
        verb="create",
        method="POST",
        path="/uploads",
        repeatable=_ONCE,
        sends=BodyKind.JSON,
        request="uploads:CreateUploadRequest",
        response="uploads:Upload",
    ),
    Operation(
        id="AddUploadPart",
        word="uploads",
        verb="add_part",
        method="POST",
        path="/uploads/{upload_id}/parts",
        repeatable=_ONCE,
        sends=BodyKind.FORM,
        file_field="data",
        response="uploads:UploadPart",
    ),
    Operation(
        id="CompleteUpload",
        word="uploads",
        verb="complete",
        method="POST",
        path="/uploads/{upload_id}/complete",
        repeatable=_ONCE,
        sends=BodyKind.JSON,
        request="uploads:CompleteUploadRequest",
        response="uploads:Upload",
    ),
    Operation(
        id="CancelUpload",
        word="uploads",
        verb="cancel",
        method="POST",
        path="/uploads/{upload_id}/cancel",
        repeatable=_ONCE,
        response="uploads:Upload",
    ),
    Operation(
        id="ListBatches",
        word="batches",
        verb="list",
        method="GET",
        path="/batches",
        repeatable=_FREELY,
        query=("after", "limit", "$filter", "$orderby"),
        query_model="batches:ListBatchesQuery",
        response="batches:BatchList",
    ),
    Operation(
        id="CreateBatch",
        word="batches",
        verb="create",
        method="POST",
        path="/batches",
        repeatable=_ONCE,
        sends=BodyKind.JSON,
        request="batches:CreateBatchRequest",
        response="batches:Batch",
        success=(201, 200),
    ),
    Operation(
        id="GetBatch",
        word="batches",
        verb="get",
        method="GET",
        path="/batches/{batchId}",
        repeatable=_FREELY,
        response="batches:Batch",
    ),
    Operation(
        id="CancelBatch",
        word="batches",
        verb="cancel",
        method="POST",
        path="/batches/{batchId}/cancel",
        repeatable=_ONCE,
        response="batches:Batch",
    ),
)

BY_ID = {name: operation for operation in OPERATIONS for name in (operation.id, *operation.aliases)}
BY_ACTION = {operation.action: operation for operation in OPERATIONS}


def resolve(name: str) -> Any:
    """The model class named ``module:Class``, imported on first use.

    Raises ``LookupError`` when there is no such class.
    """
    module, _, attribute = name.partition(":")
    try:
        return getattr(importlib.import_module(f"playground.wire.{module}"), attribute)
    except (ImportError, AttributeError):
        raise LookupError(f"no wire model is called {name}") from None
