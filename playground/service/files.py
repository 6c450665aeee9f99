"""Files: uploaded, listed, read and deleted; those made of lines are checked after the answer."""

import asyncio
import json
import sqlite3
from pathlib import Path
from typing import Any, get_args

import pydantic
from starlette.responses import FileResponse, JSONResponse, Response

from playground.service import limits
from playground.service.call import Call
from playground.service.contents import adopt
from playground.service.errors import (
    ServiceError,
    as_payload_error,
    invalid_body,
    invalid_payload,
    wrong_state,
)
from playground.service.multipart import safe_name
from playground.service.paging import frame, read_page, select_page
from playground.service.service import Service
from playground.service.state_files import (
    add_file,
    count_files,
    file_object,
    finish_file,
    get_file,
    is_in_use,
    new_file_id,
)
from playground.wire.files import FilePurpose, UploadFileRequest

LIST_LIMIT = 10_000
PATIENCE = 5.0
LINE_PURPOSES = frozenset({"batch", "fine-tune"})


async def upload(call: Call) -> Response:
    """UploadFile: 201 with ``Location``; files of lines are ``pending`` until they have been looked at."""
    form = call.form
    if form is None or form.file is None:
        raise invalid_payload("The form has no part 'file'.", "file")
    request = _upload_request(dict(form.fields))
    service, size, path = call.service, form.file.size, form.file.path
    if request.purpose == "batch" and size > limits.BATCH_FILE:
        raise invalid_payload(f"A batch file may have {limits.BATCH_FILE} bytes.", "file", 413)
    filename = safe_name(request.filename or form.file.filename)
    identifier = new_file_id(request.purpose)
    await adopt(path, service.contents.file(identifier))

    def record(db: sqlite3.Connection) -> sqlite3.Row:
        if request.purpose == "batch" and count_files(db, "batch") >= limits.BATCH_FILES_COUNT:
            limit = limits.BATCH_FILES_COUNT
            raise ServiceError(400, "quotaExceeded", f"There are {limit} batch files already.")
        return add_file(
            db,
            identifier,
            size=size,
            filename=filename,
            purpose=request.purpose,
            now=service.now(),
            status=first_status(request.purpose),
        )

    try:
        row = await service.state.run(record)
    except ServiceError:
        await service.contents.remove([service.contents.file(identifier)])
        raise
    begin_check(service, row)
    location = f"{service.base_url}/openai/files/{identifier}"
    return JSONResponse(file_object(row), 201, {"location": location})


async def get(call: Call) -> Response:
    """GetFile."""
    row = await call.service.state.run(lambda db: get_file(db, call.path["fileId"]))
    return JSONResponse(file_object(row))


async def content(call: Call) -> Response:
    """GetFileContent: the bytes as they were uploaded, streamed.

    They are not available while the file is ``pending``; the call waits a little for that to end, as programs
    read back at once what they have just sent.
    """
    identifier = call.path["fileId"]
    if (check := call.service.checks.get(identifier)) is not None:
        await asyncio.wait({check}, timeout=PATIENCE)
    row = await call.service.state.run(lambda db: get_file(db, identifier))
    if row["status"] == "pending":
        raise wrong_state("The file has not been processed yet.")
    path = call.service.contents.file(row["id"])
    return FileResponse(path, media_type="application/octet-stream", filename=row["filename"])


async def delete(call: Call) -> Response:
    """DeleteFile; a file that an unfinished batch reads stays."""
    identifier = call.path["fileId"]

    def mark(db: sqlite3.Connection) -> None:
        get_file(db, identifier)
        if is_in_use(db, identifier):
            raise wrong_state("The file is the input of a batch that has not ended.")
        db.execute("UPDATE files SET deleted = 1, status = 'deleted' WHERE id = ?", (identifier,))

    await call.service.state.run(mark)
    await call.service.contents.remove([call.service.contents.file(identifier)])
    return JSONResponse({"id": identifier, "object": "file", "deleted": True})


def first_status(purpose: str) -> str:
    """The status that a new file begins with."""
    return "pending" if purpose in LINE_PURPOSES else "processed"


def begin_check(service: Service, row: sqlite3.Row) -> None:
    """Look into a pending file in the background."""
    if row["status"] == "pending":
        identifier = row["id"]
        task = service.tasks.start(_check(service, identifier, row["purpose"]), key=("file", identifier))
        service.checks[identifier] = task
        task.add_done_callback(lambda _done: service.checks.pop(identifier, None))


async def _check(service: Service, identifier: str, purpose: str) -> None:
    path = service.contents.file(identifier)
    details = await asyncio.to_thread(_complaint, path, purpose)
    await service.state.run(lambda db: finish_file(db, identifier, details))


def _complaint(path: Path, purpose: str) -> str | None:
    """What is wrong with a file of lines.

    A batch's file is only looked at (UTF-8, and its first line an object): the batch itself reports each bad
    line. A fine-tuning file is read to its end, as nothing comes after that could report.
    """
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(iter(lambda: lines.readline(limits.BATCH_LINE), b""), 1):
                text = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
                if not text.strip():
                    continue
                if not isinstance(json.loads(text), dict):
                    return f"jsonlValidationFailed: line {number} is not a JSON object."
                if purpose == "batch":
                    return None
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError):
        return f"jsonlValidationFailed: line {number} is not valid JSON."
    return None


def _upload_request(fields: dict[str, str]) -> UploadFileRequest:
    try:
        return UploadFileRequest.model_validate(fields)
    except pydantic.ValidationError as error:
        raise as_payload_error(invalid_body(error)) from None


# Last in the module, because it hides the builtin of that name from what follows.
async def list(call: Call) -> Response:
    """ListFiles, newest first, in pages although the documents have none: see ``paging``."""
    page = read_page(call.query, default=LIST_LIMIT, maximum=LIST_LIMIT)
    purpose = call.query.get("purpose")
    if purpose and purpose not in get_args(FilePurpose):
        raise invalid_payload("'purpose' is not a known purpose.", "purpose")

    def select(db: sqlite3.Connection) -> dict[str, Any]:
        where, values = ("NOT deleted AND purpose = ?", (purpose,)) if purpose else ("NOT deleted", ())
        rows, has_more = select_page(db, "files", page, where, values)
        return frame([file_object(row) for row in rows], has_more)

    return JSONResponse(await call.service.state.run(select))
