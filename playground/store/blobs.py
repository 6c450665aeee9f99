"""Content files by their hash: attachments, images and sounds that belong to turns."""

import asyncio
import contextlib
import errno
import hashlib
import os
import sqlite3
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from playground.store.database import Database
from playground.store.errors import StoreDamaged, StoreError, StoreFull, StoreReadOnly
from playground.store.files import make_private, sync_folder
from playground.store.text import safe


@dataclass(frozen=True)
class Blob:
    """A content file: its SHA-256 in hex, its size in bytes, and what it was said to be."""

    hash: str
    size: int
    media_type: str


class Blobs:
    """A folder of content files beside the database; the same content is kept once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.folder = database.path.parent / "blobs"

    async def put(self, content: bytes, media_type: str = "") -> Blob:
        """Keep some content; it is on the disk under its final name before this returns."""
        if not self._database.token:
            raise StoreReadOnly(self._database.notice)
        blob = Blob(hashlib.sha256(content).hexdigest(), len(content), media_type)
        try:
            await asyncio.to_thread(self._write, blob.hash, content)
        except OSError as error:
            kind = StoreFull if error.errno in (errno.ENOSPC, errno.EDQUOT) else StoreError
            raise kind(f"The content could not be kept ({error.strerror}).") from error
        row = (blob.hash, blob.size, safe(media_type), self._database.clock())

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT OR IGNORE INTO blobs VALUES (?, ?, ?, ?)", row)

        await self._database.run(work)
        return blob

    async def read(self, hash: str) -> bytes:
        """The content, proved to be what was put. Raises ``KeyError``, and ``StoreDamaged`` if it changed."""
        try:
            content = await asyncio.to_thread(self.path(hash).read_bytes)
        except OSError as error:
            raise KeyError(hash) from error
        if hashlib.sha256(content).hexdigest() != hash:
            raise StoreDamaged("The content has changed on the disk.")
        return content

    def path(self, hash: str) -> Path:
        """Where the content is kept. Raises ``KeyError`` for what cannot be a hash."""
        if len(hash) != 64 or not set(hash) <= set("0123456789abcdef"):
            raise KeyError(hash)
        return self.folder / hash[:2] / hash

    async def use(self, turn_id: str, hash: str) -> None:
        """Note that a turn shows this content, so that it stays. Raises ``KeyError`` if either is missing."""

        def work(connection: sqlite3.Connection) -> None:
            for table, column, value in (("turns", "id", turn_id), ("blobs", "hash", hash)):
                if not connection.execute(
                    f"SELECT 1 FROM {table} WHERE {column} = ?", (safe(value),)
                ).fetchone():
                    raise KeyError(value)
            connection.execute("INSERT OR IGNORE INTO blob_uses VALUES (?, ?)", (safe(turn_id), hash))

        await self._database.run(work)

    async def of_turn(self, turn_id: str) -> list[Blob]:
        """What a turn shows."""
        query = (
            "SELECT b.hash, b.size, b.media_type FROM blob_uses u JOIN blobs b ON b.hash = u.hash "
            "WHERE u.turn_id = ? ORDER BY b.created_at, b.hash"
        )
        rows = await self._database.read(lambda c: c.execute(query, (safe(turn_id),)).fetchall())
        return [Blob(*row) for row in rows]

    async def collect(self, keep: Collection[str] = ()) -> int:
        """Delete what no turn shows, except what is named (by drafts, say); how many."""
        unused = "SELECT hash FROM blobs WHERE hash NOT IN (SELECT hash FROM blob_uses)"

        def work(connection: sqlite3.Connection) -> list[str]:
            found = [row[0] for row in connection.execute(unused) if row[0] not in keep]
            connection.executemany("DELETE FROM blobs WHERE hash = ?", [(each,) for each in found])
            return found

        gone = await self._database.run(work)
        await asyncio.to_thread(self._remove, gone)
        return len(gone)

    def _write(self, hash: str, content: bytes) -> None:
        path = self.path(hash)
        if path.is_file() and path.read_bytes() == content:
            return
        make_private(self.folder)
        make_private(path.parent)
        part = path.with_name(f"{uuid.uuid4().hex}.part")
        try:
            handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        sync_folder(path.parent)

    def _remove(self, hashes: list[str]) -> None:
        for each in hashes:
            with contextlib.suppress(OSError):
                self.path(each).unlink()
