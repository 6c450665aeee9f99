"""Uploads: a big file in parts that may arrive at the same time and in any order, then put together."""

import asyncio
import base64
import hashlib
import secrets
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starlette.responses import JSONResponse, Response

from playground.service import contents, limits
from playground.service.call import Call
from playground.service.contents import CHUNK, adopt
from playground.service.errors import ServiceError, invalid_payload, not_found, wrong_state
from playground.service.files import begin_check, first_status
from playground.service.multipart import safe_name
from playground.service.service import Service
from playground.service.state_files import add_file, file_object, get_file, new_file_id
from playground.wire.base import to_wire
from playground.wire.uploads import CompleteUploadRequest, CreateUploadRequest, Upload, UploadPart


async def create(call: Call) -> Response:
    """CreateUpload: open for an hour, after which it is ``expired``."""
    request = await call.parse_payload(CreateUploadRequest)
    await expire_uploads(call.service)
    now = call.service.now()
    identifier = f"upload_{secrets.token_hex(16)}"

    def insert(db: sqlite3.Connection) -> dict[str, Any]:
        db.execute(
            "INSERT INTO uploads (id, bytes, filename, mime_type, created_at, expires_at, purpose, status)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, 'pending')",
            (
                identifier,
                request.bytes,
                safe_name(request.filename),
                request.mime_type,
                now,
                now + limits.UPLOAD_SECONDS,
                request.purpose,
            ),
        )
        return upload_object(db, get_upload(db, identifier))

    created = await call.service.state.run(insert)
    location = f"{call.service.base_url}/openai/uploads/{identifier}"
    return JSONResponse(created, headers={"location": location})


async def add_part(call: Call) -> Response:
    """AddUploadPart; parts may be added in parallel, their order is told at the end."""
    service, upload_id = call.service, call.path["upload_id"]
    if call.form is None or call.form.file is None:
        raise invalid_payload("The form has no part 'data'.", "data")
    size = call.form.file.size
    await expire_uploads(service)
    identifier = base64.b64encode(secrets.token_bytes(24)).decode()
    name = secrets.token_hex(16)

    def insert(db: sqlite3.Connection) -> int:
        require_pending(db, upload_id)
        now = service.now()
        db.execute(
            "INSERT INTO parts (id, upload_id, bytes, created_at, content) VALUES (?, ?, ?, ?, ?)",
            (identifier, upload_id, size, now, name),
        )
        return now

    await adopt(call.form.file.path, service.contents.part(name))
    try:
        now = await service.state.run(insert)
    except ServiceError:
        await service.contents.remove([service.contents.part(name)])
        raise
    part = UploadPart(id=identifier, object="upload.part", created_at=now, upload_id=upload_id)
    return JSONResponse(to_wire(part))


async def complete(call: Call) -> Response:
    """CompleteUpload: joins the parts in the order given; their sizes have to add up, and ``md5`` to agree.

    The checksum may be written in hexadecimal or base64, as the documents do not say which. After a refusal
    the upload is still pending.
    """
    service, upload_id = call.service, call.path["upload_id"]
    request = await call.parse_payload(CompleteUploadRequest)
    await expire_uploads(service)
    upload, parts = await service.state.run(lambda db: _listed_parts(db, upload_id, request.part_ids))
    joined = service.contents.new_temporary()
    try:
        digest = await asyncio.to_thread(_join, [service.contents.part(name) for name in parts], joined)
        if request.md5 is not None and not _same_digest(request.md5, digest):
            raise invalid_payload("The md5 of the parts is not the one given.", "md5")
        return JSONResponse(await _finish(service, upload, joined))
    except FileNotFoundError:
        await service.state.run(lambda db: require_pending(db, upload_id))
        raise
    finally:
        await service.contents.remove([joined])


async def cancel(call: Call) -> Response:
    """CancelUpload: the parts are deleted, and no further one is taken."""
    service, upload_id = call.service, call.path["upload_id"]
    await expire_uploads(service)

    def close(db: sqlite3.Connection) -> tuple[dict[str, Any], Sequence[str]]:
        require_pending(db, upload_id)
        db.execute("UPDATE uploads SET status = 'cancelled' WHERE id = ?", (upload_id,))
        return upload_object(db, get_upload(db, upload_id)), drop_parts(db, upload_id)

    cancelled, dropped = await service.state.run(close)
    await service.contents.remove(map(service.contents.part, dropped))
    return JSONResponse(cancelled)


async def expire_uploads(service: Service) -> None:
    """Close every upload whose time is over and delete its parts."""

    def expire(db: sqlite3.Connection) -> Sequence[str]:
        due = db.execute(
            "SELECT id FROM uploads WHERE status = 'pending' AND expires_at <= ?", (service.now(),)
        ).fetchall()
        dropped: list[str] = []
        for row in due:
            db.execute("UPDATE uploads SET status = 'expired' WHERE id = ?", (row["id"],))
            dropped += drop_parts(db, row["id"])
        return dropped

    dropped = await service.state.run(expire)
    await service.contents.remove(map(service.contents.part, dropped))


def get_upload(db: sqlite3.Connection, identifier: str) -> sqlite3.Row:
    """The row of an upload; raises 404 ``notFound``."""
    row: sqlite3.Row | None = db.execute("SELECT * FROM uploads WHERE id = ?", (identifier,)).fetchone()
    if row is None:
        raise not_found("upload", identifier)
    return row


def require_pending(db: sqlite3.Connection, identifier: str) -> sqlite3.Row:
    """The row of an upload that is still open; raises 404, or 400 ``unexpectedEntityState``."""
    row = get_upload(db, identifier)
    if row["status"] != "pending":
        raise wrong_state(f"The upload is {row['status']}; only a pending one can be changed.")
    return row


def drop_parts(db: sqlite3.Connection, upload_id: str) -> Sequence[str]:
    """Forget the parts of an upload; returns their content names, to be removed once this is recorded."""
    names = [r["content"] for r in db.execute("SELECT content FROM parts WHERE upload_id = ?", (upload_id,))]
    db.execute("DELETE FROM parts WHERE upload_id = ?", (upload_id,))
    return names


def upload_object(db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    """A row as the JSON object of the API; ``file`` is null until it is completed."""
    upload = Upload(
        id=row["id"],
        object="upload",
        created_at=row["created_at"],
        filename=row["filename"],
        bytes=row["bytes"],
        purpose=row["purpose"],
        status=row["status"],
        expires_at=row["expires_at"],
        file=None,
    )
    file = db.execute("SELECT * FROM files WHERE id = ?", (row["file_id"],)).fetchone()
    return to_wire(upload) | ({"file": file_object(file)} if file else {})


def _listed_parts(
    db: sqlite3.Connection, upload_id: str, part_ids: Sequence[str]
) -> tuple[sqlite3.Row, Sequence[str]]:
    upload = require_pending(db, upload_id)
    rows = db.execute("SELECT id, bytes, content FROM parts WHERE upload_id = ?", (upload_id,))
    known = {row["id"]: row for row in rows}
    if len(set(part_ids)) != len(part_ids):
        raise invalid_payload("A part is listed twice.", "part_ids")
    if unknown := next((part_id for part_id in part_ids if part_id not in known), None):
        raise invalid_payload(f"The upload has no part '{unknown[:80]}'.", "part_ids")
    size = sum(known[part_id]["bytes"] for part_id in part_ids)
    if size != upload["bytes"]:
        raise invalid_payload(f"The parts have {size} bytes; {upload['bytes']} were announced.", "part_ids")
    return upload, [known[part_id]["content"] for part_id in part_ids]


def _join(parts: Sequence[Path], target: Path) -> bytes:
    digest = hashlib.md5(usedforsecurity=False)
    with open(contents.create(target), "wb") as joined:
        for part in parts:
            with part.open("rb") as source:
                while chunk := source.read(CHUNK):
                    digest.update(chunk)
                    joined.write(chunk)
    return digest.digest()


def _same_digest(given: str, digest: bytes) -> bool:
    return given.lower() == digest.hex() or given == base64.b64encode(digest).decode()


async def _finish(service: Service, upload: sqlite3.Row, joined: Path) -> dict[str, Any]:
    file_id = new_file_id(upload["purpose"])
    final = service.contents.file(file_id)

    def record(db: sqlite3.Connection) -> tuple[dict[str, Any], sqlite3.Row, Sequence[str]]:
        require_pending(db, upload["id"])
        add_file(
            db,
            file_id,
            size=upload["bytes"],
            filename=upload["filename"],
            purpose=upload["purpose"],
            now=service.now(),
            status=first_status(upload["purpose"]),
        )
        sql = "UPDATE uploads SET status = 'completed', file_id = ? WHERE id = ?"
        db.execute(sql, (file_id, upload["id"]))
        completed = upload_object(db, get_upload(db, upload["id"]))
        return completed, get_file(db, file_id), drop_parts(db, upload["id"])

    await adopt(joined, final)
    try:
        completed, file, dropped = await service.state.run(record)
    except ServiceError:
        await service.contents.remove([final])
        raise
    await service.contents.remove(map(service.contents.part, dropped))
    begin_check(service, file)
    return completed
