"""Batches: a file of requests, answered in the background at the service's leisure."""

import sqlite3
import uuid
from typing import Any

from starlette.responses import JSONResponse, Response

from playground.service import limits
from playground.service.batch_lines import WORDS, plain_url
from playground.service.call import Call
from playground.service.errors import invalid_payload, wrong_state
from playground.service.headers import BYTES_PER_TOKEN
from playground.service.paging import frame, read_page, select_page
from playground.service.state_batches import (
    add_batch,
    batch_object,
    change_batch,
    enqueued_bytes,
    get_batch,
)
from playground.service.state_files import get_file
from playground.wire.batches import Batch, CreateBatchRequest

LIST_LIMIT = 20
MAX_LIST_LIMIT = 100
MAX_ENQUEUED_TOKENS = 200_000_000


async def create(call: Call) -> Response:
    """CreateBatch: 201; the input file is checked afterwards, in the status ``validating``.

    The endpoint may be written as Azure does (``/chat/completions``) or as OpenAI does (``/v1/…``).
    Embeddings are refused, as in this version of the API.
    """
    request = await call.parse_payload(CreateBatchRequest)
    service = call.service
    if plain_url(request.endpoint) not in WORDS:
        raise invalid_payload(f"The endpoint has to be one of {', '.join(WORDS)}.", "endpoint")
    now = service.now()
    batch = Batch(
        id=f"batch_{uuid.uuid4()}",
        object="batch",
        endpoint=request.endpoint,
        input_file_id=request.input_file_id,
        completion_window=request.completion_window,
        status="validating",
        created_at=now,
        expires_at=now + limits.BATCH_SECONDS,
        metadata=request.metadata,
    )

    def insert(db: sqlite3.Connection) -> dict[str, Any]:
        if get_file(db, request.input_file_id)["purpose"] != "batch":
            raise invalid_payload("The purpose of the input file has to be 'batch'.", "input_file_id")
        return add_batch(db, batch)

    created = await service.state.run(insert)
    service.batches.start(batch.id)
    location = f"{service.base_url}/openai/batches/{batch.id}"
    return JSONResponse(created, 201, {"location": location})


async def get(call: Call) -> Response:
    """GetBatch, with the counts of this moment."""
    return JSONResponse(await call.service.state.run(lambda db: get_batch(db, call.path["batchId"])))


async def cancel(call: Call) -> Response:
    """CancelBatch: ``cancelling`` until the lines being answered have ended; what was answered is kept."""
    identifier, now = call.path["batchId"], call.service.now()

    def begin(db: sqlite3.Connection) -> dict[str, Any]:
        status = get_batch(db, identifier)["status"]
        running = {"validating", "in_progress"}
        if status != "cancelling" and not change_batch(
            db, identifier, running, "cancelling", cancelling_at=now
        ):
            raise wrong_state(f"The batch is {status} and cannot be cancelled any more.")
        return get_batch(db, identifier)

    cancelled = await call.service.state.run(begin)
    call.service.batches.stop(identifier)
    return JSONResponse(cancelled)


async def list(call: Call) -> Response:
    """ListBatches, newest first; ``$filter`` and ``$orderby`` are accepted and change nothing."""
    page = read_page(call.query, default=LIST_LIMIT, maximum=MAX_LIST_LIMIT)

    def select(db: sqlite3.Connection) -> tuple[dict[str, Any], int]:
        rows, has_more = select_page(db, "batches", page)
        return frame([batch_object(row) for row in rows], has_more), enqueued_bytes(db)

    body, enqueued = await call.service.state.run(select)
    headers = {
        "deployment-enqueued-tokens": str(enqueued // BYTES_PER_TOKEN),
        "deployment-maximum-enqueued-tokens": str(MAX_ENQUEUED_TOKENS),
    }
    return JSONResponse(body, headers=headers)
