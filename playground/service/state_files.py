"""Files as rows: what is known of each file beside its content."""

import secrets
import sqlite3
from typing import Any

from playground.service.errors import not_found
from playground.wire.base import to_wire
from playground.wire.files import File

UNFINISHED_BATCHES = "('validating', 'in_progress', 'finalizing', 'cancelling')"


def new_file_id(purpose: str) -> str:
    """A fresh id, with the prefix that Azure uses for the purpose."""
    return ("assistant-" if purpose == "assistants" else "file-") + secrets.token_hex(16)


def add_file(
    db: sqlite3.Connection,
    identifier: str,
    *,
    size: int,
    filename: str,
    purpose: str,
    now: int,
    status: str = "processed",
) -> sqlite3.Row:
    """Record a file whose content is in place; returns its row."""
    db.execute(
        "INSERT INTO files (id, bytes, filename, created_at, purpose, status) VALUES (?, ?, ?, ?, ?, ?)",
        (identifier, size, filename, now, purpose, status),
    )
    return get_file(db, identifier)


def get_file(db: sqlite3.Connection, identifier: str) -> sqlite3.Row:
    """The row of a file that has not been deleted; raises 404 ``notFound``."""
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM files WHERE id = ? AND NOT deleted", (identifier,)
    ).fetchone()
    if row is None:
        raise not_found("file", identifier)
    return row


def count_files(db: sqlite3.Connection, purpose: str) -> int:
    """How many files there are for a purpose."""
    count: int = db.execute(
        "SELECT COUNT(*) FROM files WHERE purpose = ? AND NOT deleted", (purpose,)
    ).fetchone()[0]
    return count


def finish_file(db: sqlite3.Connection, identifier: str, details: str | None) -> None:
    """Leave ``pending``: processed, or error with its reason."""
    db.execute(
        "UPDATE files SET status = ?, status_details = ? WHERE id = ? AND status = 'pending'",
        ("error" if details else "processed", details, identifier),
    )


def is_in_use(db: sqlite3.Connection, identifier: str) -> bool:
    """Whether an unfinished batch still reads the file."""
    sql = f"SELECT 1 FROM batches WHERE input_file_id = ? AND status IN {UNFINISHED_BATCHES}"
    return db.execute(sql, (identifier,)).fetchone() is not None


def file_object(row: sqlite3.Row) -> dict[str, Any]:
    """A row as the JSON object of the API."""
    return to_wire(
        File(
            object="file",
            id=row["id"],
            bytes=row["bytes"],
            filename=row["filename"],
            created_at=row["created_at"],
            purpose=row["purpose"],
            status=row["status"],
            status_details=row["status_details"],
        )
    )
