"""Batches as rows: the document that clients see, its counts, and the results that wait for their file."""

import json
import sqlite3
from collections.abc import Collection
from typing import Any

from playground.service.errors import not_found
from playground.service.state_files import UNFINISHED_BATCHES
from playground.wire.base import to_wire
from playground.wire.batches import Batch, RequestCounts

MOMENTS = (
    "in_progress_at",
    "finalizing_at",
    "completed_at",
    "failed_at",
    "expired_at",
    "cancelling_at",
    "cancelled_at",
)


def add_batch(db: sqlite3.Connection, batch: Batch) -> dict[str, Any]:
    """Record a new batch; returns it as the API shows it."""
    moments = dict.fromkeys((*MOMENTS, "errors", "output_file_id", "error_file_id"))
    document = moments | to_wire(batch)
    db.execute(
        "INSERT INTO batches (id, status, input_file_id, document) VALUES (?, ?, ?, ?)",
        (batch.id, batch.status, batch.input_file_id, json.dumps(document)),
    )
    return get_batch(db, batch.id)


def get_batch(db: sqlite3.Connection, identifier: str) -> dict[str, Any]:
    """A batch as the API shows it; raises 404 ``notFound``."""
    row = db.execute("SELECT * FROM batches WHERE id = ?", (identifier,)).fetchone()
    if row is None:
        raise not_found("batch", identifier)
    return batch_object(row)


def batch_object(row: sqlite3.Row) -> dict[str, Any]:
    """A row as the JSON object of the API, with the counts of this moment."""
    counts = RequestCounts(total=row["total"], completed=row["completed"], failed=row["failed"])
    document: dict[str, Any] = json.loads(row["document"])
    return document | {"request_counts": to_wire(counts)}


def change_batch(
    db: sqlite3.Connection, identifier: str, expected: Collection[str], status: str, **changes: Any
) -> bool:
    """Give a batch another status and change its document; False if it is in none of ``expected``."""
    batch = get_batch(db, identifier)
    if batch["status"] not in expected:
        return False
    document = json.dumps(batch | changes | {"status": status})
    db.execute("UPDATE batches SET status = ?, document = ? WHERE id = ?", (status, document, identifier))
    return True


def add_result(db: sqlite3.Connection, identifier: str, line: int, failed: bool, text: str) -> None:
    """Keep the answer to one line until the files are written, and count it."""
    db.execute("INSERT INTO results VALUES (?, ?, ?, ?)", (identifier, line, failed, text))
    column = "failed" if failed else "completed"
    db.execute(f"UPDATE batches SET {column} = {column} + 1 WHERE id = ?", (identifier,))


def answered_lines(db: sqlite3.Connection, identifier: str) -> set[int]:
    """The numbers of the lines that have been answered."""
    return {row["line"] for row in db.execute("SELECT line FROM results WHERE batch_id = ?", (identifier,))}


def results_after(
    db: sqlite3.Connection, identifier: str, failed: bool, line: int, count: int
) -> list[sqlite3.Row]:
    """Up to ``count`` results of one kind behind a line number, in the order of the input."""
    return db.execute(
        "SELECT line, text FROM results WHERE batch_id = ? AND failed = ? AND line > ? ORDER BY line LIMIT ?",
        (identifier, failed, line, count),
    ).fetchall()


def enqueued_bytes(db: sqlite3.Connection) -> int:
    """The size of the input of all unfinished batches."""
    total: int = db.execute(
        "SELECT COALESCE(SUM(files.bytes), 0) FROM batches JOIN files ON files.id = batches.input_file_id"
        f" WHERE batches.status IN {UNFINISHED_BATCHES}"
    ).fetchone()[0]
    return total
