"""Batches really run: each line goes through the same handler as a request would, and a restart goes on."""

import asyncio
import json
import logging
import os
import sqlite3
import uuid
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from playground.service import contents
from playground.service.batch_lines import WORDS, check_file, numbered_lines, plain_url
from playground.service.batch_runner import PARALLEL_LINES
from playground.service.call import Call
from playground.service.contents import adopt
from playground.service.dispatch import find_deployment, perform
from playground.service.routes import refusal
from playground.service.service import Service
from playground.service.state_batches import (
    add_result,
    answered_lines,
    change_batch,
    get_batch,
    results_after,
)
from playground.service.state_files import add_file, new_file_id
from playground.wire.base import to_json
from playground.wire.batches import BatchLineError, BatchLineResponse, BatchResultLine
from playground.wire.operations import API_VERSION, OPERATIONS

logger = logging.getLogger("playground.service")

SLICE = 500
UNRUN = {
    "cancelled": ("batch_cancelled", "This request was not run because the batch was cancelled."),
    "expired": ("batch_expired", "This request could not be executed before the completion window expired."),
}


class BatchRun:
    """One batch on its way from ``validating`` to its end.

    What a line was answered is recorded at once, so a killed process loses no more than the lines that were
    being answered; they are run again. A cancelled batch lets the lines that are being answered end.
    """

    def __init__(
        self, service: Service, identifier: str, stop: asyncio.Event, slots: asyncio.Semaphore
    ) -> None:
        self._service = service
        self._id = identifier
        self._stop = stop
        self._slots = slots
        self._batch: dict[str, Any] = {}

    async def to_the_end(self) -> None:
        """Run from whatever status the batch is in."""
        try:
            await self._read()
            if self._batch["status"] == "validating":
                await self._validate()
            if self._batch["status"] == "in_progress":
                await self._execute()
            if self._batch["status"] in {"in_progress", "finalizing", "cancelling"}:
                await self._finish()
        except Exception as error:
            logger.error("a batch failed", exc_info=error)
            failure = {"code": "internal_error", "message": "The batch could not be processed.", "line": None}
            await self._fail([failure])

    async def _read(self) -> None:
        self._batch = await self._service.state.run(lambda db: get_batch(db, self._id))
        self._path = self._service.contents.file(self._batch["input_file_id"])

    async def _validate(self) -> None:
        deployments = self._service.deployments
        checked = await asyncio.to_thread(check_file, self._path, self._batch["endpoint"], deployments)
        if checked.errors:
            await self._fail(checked.errors)
            return

        def begin(db: sqlite3.Connection) -> None:
            db.execute("UPDATE batches SET total = ? WHERE id = ?", (checked.total, self._id))
            change_batch(db, self._id, {"validating"}, "in_progress", in_progress_at=self._service.now())

        await self._service.state.run(begin)
        await self._read()

    async def _fail(self, errors: list[dict[str, Any]]) -> None:
        changes = {"errors": {"object": "list", "data": errors}, "failed_at": self._service.now()}
        running = {"validating", "in_progress", "finalizing", "cancelling"}
        await self._service.state.run(lambda db: change_batch(db, self._id, running, "failed", **changes))
        await self._read()

    async def _execute(self) -> None:
        done = await self._service.state.run(lambda db: answered_lines(db, self._id))
        source = _Source(numbered_lines(self._path), done)
        async with asyncio.TaskGroup() as group:
            for _ in range(PARALLEL_LINES):
                group.create_task(self._work(source))

    async def _work(self, source: "_Source") -> None:
        while not self._is_over():
            async with self._slots:
                if self._is_over() or (item := await source.next()) is None:
                    return
                number, line = item
                failed, text = await self._answer(json.loads(line))
                await self._service.state.run(
                    partial(add_result, identifier=self._id, line=number, failed=failed, text=text)
                )

    def _is_over(self) -> bool:
        return self._stop.is_set() or self._is_late()

    def _is_late(self) -> bool:
        return self._service.clock() >= float(self._batch["expires_at"])

    async def _answer(self, line: dict[str, Any]) -> tuple[bool, str]:
        try:
            status, body = await self._ask(line)
        except Exception as error:
            refused = refusal(error)
            status, body = refused.status, refused.body()
        response = BatchLineResponse(request_id=str(uuid.uuid4()), status_code=status, body=body)
        return status >= 400, _result(line["custom_id"], response=response)

    async def _ask(self, line: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        word = WORDS[plain_url(line["url"])]
        operation = next(o for o in OPERATIONS if o.word == word)
        deployment = find_deployment(self._service, line["body"]["model"], operation)
        call = Call(
            self._service,
            deployment,
            body=json.dumps(line["body"]).encode(),
            headers={"content-type": "application/json"},
            query={"api-version": API_VERSION},
            path={"deployment": deployment.name},
        )
        response = await perform(operation, call)
        return response.status_code, json.loads(bytes(response.body))

    async def _finish(self) -> None:
        """Write both files and end: completed, cancelled or expired."""

        def begin(db: sqlite3.Connection) -> None:
            if self._is_complete(db) or not self._is_late():
                now = self._service.now()
                change_batch(db, self._id, {"in_progress"}, "finalizing", finalizing_at=now)

        await self._service.state.run(begin)
        await self._read()
        outcome = {"cancelling": "cancelled", "finalizing": "completed"}.get(self._batch["status"], "expired")
        output = await self._write_results(failed=False)
        errors = await self._write_results(failed=True, unrun=UNRUN.get(outcome))

        def record(db: sqlite3.Connection) -> None:
            files = {
                "output_file_id": self._add_output(db, "output", *output),
                "error_file_id": self._add_output(db, "error", *errors),
            }
            moment = {f"{outcome}_at": self._service.now()}
            change_batch(
                db, self._id, {"in_progress", "finalizing", "cancelling"}, outcome, **files, **moment
            )
            db.execute("DELETE FROM results WHERE batch_id = ?", (self._id,))

        await self._service.state.run(record)

    def _is_complete(self, db: sqlite3.Connection) -> bool:
        counts = get_batch(db, self._id)["request_counts"]
        return bool(counts["total"] == counts["completed"] + counts["failed"])

    def _add_output(self, db: sqlite3.Connection, kind: str, file_id: str, size: int) -> str:
        now, name = self._service.now(), f"{self._id}_{kind}.jsonl"
        add_file(db, file_id, size=size, filename=name, purpose="batch_output", now=now)
        return file_id

    async def _write_results(self, failed: bool, unrun: tuple[str, str] | None = None) -> tuple[str, int]:
        """One content file of results (and of the lines never run, with the reason); its id and size."""
        file_id = new_file_id("batch_output")
        temporary = self._service.contents.new_temporary()
        descriptor = await asyncio.to_thread(contents.create, temporary)
        with os.fdopen(descriptor, "wb") as file:
            last = 0
            while rows := await self._service.state.run(
                partial(results_after, identifier=self._id, failed=failed, line=last, count=SLICE)
            ):
                last = rows[-1]["line"]
                text = "".join(row["text"] + "\n" for row in rows)
                await asyncio.to_thread(file.write, text.encode())
            if unrun is not None and self._batch["request_counts"]["total"]:
                done = await self._service.state.run(lambda db: answered_lines(db, self._id))
                for piece in await asyncio.to_thread(lambda: list(self._unrun_lines(done, *unrun))):
                    file.write(piece)
            await asyncio.to_thread(file.flush)
            size = file.tell()
        await adopt(temporary, self._service.contents.file(file_id))
        return file_id, size

    def _unrun_lines(self, done: set[int], code: str, message: str) -> Iterator[bytes]:
        error = BatchLineError(code=code, message=message)
        for number, line in numbered_lines(self._path):
            if number not in done:
                yield _result(json.loads(line).get("custom_id"), error=error).encode() + b"\n"


class _Source:
    """Hands out the lines that have not been answered, read from the file in a thread, to several workers."""

    def __init__(self, lines: Iterator[tuple[int, bytes]], done: set[int]) -> None:
        self._lines = (item for item in lines if item[0] not in done)
        self._lock = asyncio.Lock()
        self._ready: list[tuple[int, bytes]] = []

    async def next(self) -> tuple[int, bytes] | None:
        """The next line and its number, or None at the end of the file."""
        async with self._lock:
            if not self._ready:
                self._ready = await asyncio.to_thread(lambda: list(islice(self._lines, PARALLEL_LINES)))
                self._ready.reverse()
            return self._ready.pop() if self._ready else None


def _result(
    custom_id: str, *, response: BatchLineResponse | None = None, error: BatchLineError | None = None
) -> str:
    line = BatchResultLine(
        id=f"batch_req_{uuid.uuid4()}", custom_id=custom_id, response=response, error=error
    )
    return to_json(line).decode()
