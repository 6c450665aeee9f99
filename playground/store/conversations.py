"""Conversations and their turns: a tree, in the order in which things were said."""

import sqlite3
import uuid
from dataclasses import dataclass
from typing import Any

from playground.store.database import Database
from playground.store.text import safe

STATES = ("streaming", "complete", "incomplete", "stopped", "filtered", "failed")


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation, without its turns. The ``…_at`` are wall-clock seconds, for showing alone."""

    id: str
    title: str
    settings_json: str
    created_at: float
    updated_at: float
    touched: int
    pinned: bool
    trashed: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said, and where it stands in the tree; ``selected`` among its siblings means in view.

    ``seq`` rises with each turn and gives the order; ``created_at`` (wall-clock seconds) is for showing.
    """

    id: str
    conversation_id: str
    parent_id: str | None
    role: str
    body_json: str
    text: str
    state: str
    meta_json: str
    selected: bool
    seq: int
    created_at: float


# "list" names a method below, so the types of results are named here.
ConversationList = list[Conversation]
TurnList = list[Turn]

_CONVERSATION = "id, title, settings_json, created_at, updated_at, touched, pinned, trashed_at IS NOT NULL"
_TURN = "id, conversation_id, parent_id, role, body_json, text, state, meta_json, selected, seq, created_at"
_NEXT_TOUCH = "(SELECT coalesce(max(touched), 0) + 1 FROM conversations)"


class Conversations:
    """What was said, kept. Everything is awaited; methods raise ``KeyError`` for an id that is not there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, title: str, settings_json: str = "{}") -> Conversation:
        """A new, empty conversation, on top of the list."""
        identity, now = uuid.uuid4().hex, self._database.clock()

        def work(connection: sqlite3.Connection) -> Conversation:
            connection.execute(
                "INSERT INTO conversations (id, title, settings_json, created_at, updated_at, touched) "
                f"VALUES (?, ?, ?, ?, ?, {_NEXT_TOUCH})",
                (identity, safe(title), safe(settings_json), now, now),
            )
            return _conversation(connection, identity)

        return await self._database.run(work)

    async def list(
        self, limit: int = 100, before: Conversation | None = None, trashed: bool = False
    ) -> ConversationList:
        """Pinned ones first, then the last spoken in first. For the next page pass the last of this one."""
        wanted = f"trashed_at IS {'NOT ' if trashed else ''}NULL"
        values: tuple[int, ...] = ()
        if before is not None:
            wanted += " AND (pinned, touched) < (?, ?)"
            values = (before.pinned, before.touched)
        query = (
            f"SELECT {_CONVERSATION} FROM conversations WHERE {wanted} "
            "ORDER BY pinned DESC, touched DESC LIMIT ?"
        )
        rows = await self._database.read(lambda c: c.execute(query, (*values, limit)).fetchall())
        return [_conversation_of(row) for row in rows]

    async def get(self, conversation_id: str) -> Conversation:
        """One conversation."""
        return await self._database.read(lambda connection: _conversation(connection, conversation_id))

    async def count(self, trashed: bool = False) -> int:
        """How many there are, in the list or in the trash."""
        query = f"SELECT count(*) FROM conversations WHERE trashed_at IS {'NOT ' if trashed else ''}NULL"
        found: int = await self._database.read(lambda c: c.execute(query).fetchone()[0])
        return found

    async def rename(self, conversation_id: str, title: str) -> Conversation:
        """Give it another title."""
        return await self._set(conversation_id, "title = ?", safe(title))

    async def save_settings(self, conversation_id: str, settings_json: str) -> Conversation:
        """Keep what belongs to the conversation beside its turns: system message, parameters, deployment."""
        return await self._set(conversation_id, "settings_json = ?", safe(settings_json))

    async def pin(self, conversation_id: str, pinned: bool = True) -> Conversation:
        """Keep it on top of the list, or no longer."""
        return await self._set(conversation_id, "pinned = ?", int(pinned))

    async def trash(self, conversation_id: str) -> Conversation:
        """Take it out of the list and out of the search; ``restore`` undoes that."""
        return await self._set(conversation_id, "trashed_at = ?", self._database.clock())

    async def restore(self, conversation_id: str) -> Conversation:
        """Take it out of the trash, back to its old place."""
        return await self._set(conversation_id, "trashed_at = ?", None)

    async def purge(self, conversation_id: str) -> None:
        """Delete it for good, with its turns and their exchanges."""

        def work(connection: sqlite3.Connection) -> None:
            _conversation(connection, conversation_id)
            connection.execute("DELETE FROM conversations WHERE id = ?", (conversation_id,))

        await self._database.run(work)

    async def add_turn(
        self,
        conversation_id: str,
        parent_id: str | None,
        role: str,
        body_json: str,
        text: str,
        state: str = "complete",
        meta_json: str = "{}",
    ) -> Turn:
        """Say something below ``parent_id`` (None: at the root); it becomes the one in view on its level.

        A turn in another state than "streaming" is synced to the disk before this returns.
        """
        _check_state(state)
        identity, now = uuid.uuid4().hex, self._database.clock()
        writer = self._database.token if state == "streaming" else None
        row = (
            identity,
            conversation_id,
            parent_id,
            safe(role),
            safe(body_json),
            safe(text),
            state,
            safe(meta_json),
            writer,
            now,
        )

        def work(connection: sqlite3.Connection) -> Turn:
            _conversation(connection, conversation_id)
            if parent_id is not None and _turn(connection, parent_id).conversation_id != conversation_id:
                raise KeyError(parent_id)
            connection.execute(
                "INSERT INTO turns (id, conversation_id, parent_id, role, body_json, text, state, meta_json, "
                "writer, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            _bring_into_view(connection, conversation_id, parent_id, identity)
            connection.execute(
                f"UPDATE conversations SET touched = {_NEXT_TOUCH}, updated_at = ? WHERE id = ?",
                (now, conversation_id),
            )
            return _turn(connection, identity)

        return await self._database.run(work, durable=state != "streaming")

    async def update_turn(
        self,
        turn_id: str,
        *,
        body_json: str | None = None,
        text: str | None = None,
        state: str | None = None,
        meta_json: str | None = None,
    ) -> None:
        """Change what is given. A change of state is synced to the disk, mere progress need not be."""
        changes: dict[str, str | None] = {
            name: safe(value)
            for name, value in (("body_json", body_json), ("text", text), ("meta_json", meta_json))
            if value is not None
        }
        if state is not None:
            _check_state(state)
            changes |= {"state": state, "writer": self._database.token if state == "streaming" else None}
        if not changes:
            return
        columns = ", ".join(f"{name} = ?" for name in changes)

        def work(connection: sqlite3.Connection) -> None:
            query = f"UPDATE turns SET {columns} WHERE id = ?"
            if connection.execute(query, (*changes.values(), safe(turn_id))).rowcount == 0:
                raise KeyError(turn_id)

        await self._database.run(work, durable=state is not None and state != "streaming")

    async def turn(self, turn_id: str) -> Turn:
        """One turn."""
        return await self._database.read(lambda connection: _turn(connection, turn_id))

    async def turns(self, conversation_id: str) -> TurnList:
        """All turns of a conversation in the order in which they were said: parents before children."""
        query = f"SELECT {_TURN} FROM turns WHERE conversation_id = ? ORDER BY seq"

        def work(connection: sqlite3.Connection) -> TurnList:
            return [_turn_of(row) for row in connection.execute(query, (safe(conversation_id),))]

        return await self._database.read(work)

    async def select(self, turn_id: str) -> None:
        """Bring a turn into view in the place of its siblings."""

        def work(connection: sqlite3.Connection) -> None:
            turn = _turn(connection, turn_id)
            _bring_into_view(connection, turn.conversation_id, turn.parent_id, turn_id)

        await self._database.run(work, durable=False)

    async def _set(self, conversation_id: str, change: str, value: str | float | None) -> Conversation:
        def work(connection: sqlite3.Connection) -> Conversation:
            query = f"UPDATE conversations SET {change} WHERE id = ?"
            connection.execute(query, (value, safe(conversation_id)))
            return _conversation(connection, conversation_id)

        return await self._database.run(work)


def _check_state(state: str) -> None:
    if state not in STATES:
        raise ValueError(f"a turn is never {state!r}, but one of {', '.join(STATES)}")


def _bring_into_view(
    connection: sqlite3.Connection, conversation_id: str, parent_id: str | None, turn_id: str
) -> None:
    level, owner = "parent_id = ?", parent_id
    if parent_id is None:
        level, owner = "parent_id IS NULL AND conversation_id = ?", conversation_id
    query = f"UPDATE turns SET selected = (id = ?) WHERE {level} AND selected <> (id = ?)"
    connection.execute(query, (turn_id, owner, turn_id))


def _conversation(connection: sqlite3.Connection, conversation_id: str) -> Conversation:
    query = f"SELECT {_CONVERSATION} FROM conversations WHERE id = ?"
    row = connection.execute(query, (safe(conversation_id),)).fetchone()
    if row is None:
        raise KeyError(conversation_id)
    return _conversation_of(row)


def _conversation_of(row: tuple[Any, ...]) -> Conversation:
    identity, title, settings, created, updated, touched, pinned, trashed = row
    return Conversation(identity, title, settings, created, updated, touched, bool(pinned), bool(trashed))


def _turn(connection: sqlite3.Connection, turn_id: str) -> Turn:
    row = connection.execute(f"SELECT {_TURN} FROM turns WHERE id = ?", (safe(turn_id),)).fetchone()
    if row is None:
        raise KeyError(turn_id)
    return _turn_of(row)


def _turn_of(row: tuple[Any, ...]) -> Turn:
    identity, home, parent, role, body, text, state, meta, selected, seq, created = row
    return Turn(identity, home, parent, role, body, text, state, meta, bool(selected), seq, created)
