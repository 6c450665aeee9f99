"""What a start does about the last stop: half-made content goes, interrupted work goes on."""

import asyncio
import sqlite3

from playground.service.service import Service


async def recover(service: Service) -> None:
    """Bring content and database into agreement, then take up unfinished batches and file checks."""
    await asyncio.to_thread(service.contents.open)

    def known(db: sqlite3.Connection) -> tuple[set[str], set[str], list[sqlite3.Row], list[str]]:
        files = {row["id"] for row in db.execute("SELECT id FROM files WHERE NOT deleted")}
        parts = {row["content"] for row in db.execute("SELECT content FROM parts")}
        pending = db.execute("SELECT * FROM files WHERE status = 'pending'").fetchall()
        sql = "SELECT id FROM batches WHERE status NOT IN ('failed', 'completed', 'expired', 'cancelled')"
        return files, parts, pending, [row["id"] for row in db.execute(f"{sql} ORDER BY seq")]

    files, parts, pending, batches = await service.state.run(known)
    await asyncio.to_thread(service.contents.sweep, "files", files)
    await asyncio.to_thread(service.contents.sweep, "parts", parts)
    if pending:
        from playground.service.files import begin_check

        for row in pending:
            begin_check(service, row)
    for identifier in batches:
        service.batches.start(identifier)
