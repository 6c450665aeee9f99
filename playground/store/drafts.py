"""What is typed but not sent, by key: saved as often as one likes, read back after a crash."""

import sqlite3

from playground.store.database import Database
from playground.store.text import safe


class Drafts:
    """One JSON text for each key, such as ``chat/<conversation id>``; everything is awaited."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, key: str, json: str) -> None:
        """Keep a draft; it survives the end of the process (a power cut may cost the last one)."""
        row = (safe(key), safe(json), self._database.clock())

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "INSERT INTO drafts (key, json, saved_at) VALUES (?, ?, ?) "
                "ON CONFLICT (key) DO UPDATE SET json = excluded.json, saved_at = excluded.saved_at",
                row,
            )

        await self._database.run(work, durable=False)

    async def load(self, key: str) -> str | None:
        """The draft under a key, or None."""
        query = "SELECT json FROM drafts WHERE key = ?"
        row = await self._database.read(lambda c: c.execute(query, (safe(key),)).fetchone())
        return None if row is None else str(row[0])

    async def delete(self, key: str) -> None:
        """Forget a draft, there or not."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM drafts WHERE key = ?", (safe(key),))

        await self._database.run(work, durable=False)

    async def keys(self, prefix: str = "") -> list[str]:
        """The keys of all drafts that begin so."""
        query = "SELECT key FROM drafts WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key"
        rows = await self._database.read(lambda c: c.execute(query, (safe(prefix),)).fetchall())
        return [row[0] for row in rows]
