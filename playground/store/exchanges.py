"""Requests and responses of past answers, so that the inspector can show them after a restart."""

import sqlite3
from dataclasses import dataclass

from playground.store.database import Database
from playground.store.text import safe

MOST = 500
MOST_BYTES = 64 * 1024 * 1024
LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True)
class SavedExchange:
    """One exchange as JSON text; ``turn_id`` is the answer that it brought, if it was one."""

    seq: int
    turn_id: str | None
    json: str
    created_at: float


class SavedExchanges:
    """A ring: the newest stay, so many and so many bytes at most. Credentials must be redacted before."""

    def __init__(
        self, database: Database, *, most: int = MOST, most_bytes: int = MOST_BYTES, largest: int = LARGEST
    ) -> None:
        self._database = database
        self._most = most
        self._most_bytes = most_bytes
        self._largest = largest

    async def save(self, turn_id: str | None, json: str) -> bool:
        """Keep an exchange and drop the oldest ones over the limits; False when this one is too large.

        Raises ``KeyError`` when there is no such turn.
        """
        text = safe(json)
        size = len(text.encode())
        if size > min(self._largest, self._most_bytes):
            return False

        def work(connection: sqlite3.Connection) -> None:
            known = "SELECT 1 FROM turns WHERE id = ?"
            if turn_id is not None and connection.execute(known, (safe(turn_id),)).fetchone() is None:
                raise KeyError(turn_id)
            connection.execute(
                "INSERT INTO exchanges (turn_id, json, size, created_at) VALUES (?, ?, ?, ?)",
                (turn_id, text, size, self._database.clock()),
            )
            self._drop_oldest(connection)

        await self._database.run(work, durable=False)
        return True

    async def of_turn(self, turn_id: str) -> list[SavedExchange]:
        """The exchanges of one turn, oldest first."""
        query = "SELECT seq, turn_id, json, created_at FROM exchanges WHERE turn_id = ? ORDER BY seq"
        rows = await self._database.read(lambda c: c.execute(query, (safe(turn_id),)).fetchall())
        return [SavedExchange(*row) for row in rows]

    async def recent(self, limit: int = 50) -> list[SavedExchange]:
        """The newest exchanges, newest first."""
        query = "SELECT seq, turn_id, json, created_at FROM exchanges ORDER BY seq DESC LIMIT ?"
        rows = await self._database.read(lambda c: c.execute(query, (limit,)).fetchall())
        return [SavedExchange(*row) for row in rows]

    async def clear(self) -> None:
        """Forget all of them."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM exchanges")

        await self._database.run(work)

    def _drop_oldest(self, connection: sqlite3.Connection) -> None:
        rows = connection.execute("SELECT seq, size FROM exchanges ORDER BY seq DESC").fetchall()
        total = 0
        for count, (seq, size) in enumerate(rows):
            total += size
            if count >= self._most or total > self._most_bytes:
                connection.execute("DELETE FROM exchanges WHERE seq <= ?", (seq,))
                return
