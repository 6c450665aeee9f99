"""The history's one door: a database on a thread of its own; every call is awaited and kept in order."""

import asyncio
import contextlib
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from playground.store.backups import Backup, Backups, BackupStopped
from playground.store.connect import connect
from playground.store.errors import StoreClosed, StoreDamaged, StoreError, StoreReadOnly, explained
from playground.store.index import blames_index, rebuild_index
from playground.store.opening import Opened, Opening, open_history
from playground.store.restore import Restored, restore

log = logging.getLogger(__name__)

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


class Database:
    """An open history. Use ``async with Database.open(path) as database``.

    ``path`` is the file; ``opening`` says in what state it was found; ``clock`` gives wall-clock seconds,
    which are shown but never decide an order.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self.clock = clock
        self.opening = Opening("temporary")
        self._backups = Backups(path.parent / "backups", clock)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="history")
        self._backup_thread = ThreadPoolExecutor(1, thread_name_prefix="history-backup")
        self._opened: Opened | None = None
        self._closing = False
        self._reindexed = False

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path, *, clock: Callable[[], float] = time.time) -> AsyncIterator["Database"]:
        """Open the history at a path, creating it when there is none.

        A damaged file is moved aside, an unwritable one opened for reading: see ``opening`` and ``notice``.
        """
        database = cls(path, clock)
        try:
            await database._open()
            yield database
        finally:
            await database.close()

    @property
    def notice(self) -> str:
        """What the user should hear about how the history was found; empty when all is well."""
        return self.opening.notice

    @property
    def writable(self) -> bool:
        """Whether changes are possible."""
        return self.opening.writable

    @property
    def token(self) -> str:
        """Names this process among those that write."""
        presence = self._opened.presence if self._opened is not None else None
        return presence.token if presence is not None else ""

    async def run(self, work: Work[T], *, durable: bool = True) -> T:
        """Run a change in a transaction of its own, on the history's thread; what it returns.

        When ``durable``, the change is on the disk (synced) before this returns; otherwise it survives the
        end of this process, but perhaps not a power cut. Once asked for, a change happens even if the caller
        is cancelled. Raises ``StoreError``; whatever is raised, nothing of the change is left behind.
        """
        return await asyncio.shield(self._submit(lambda: self._change(work, durable)))

    async def read(self, work: Work[T]) -> T:
        """Run queries that see one moment of the database, on the history's thread. Raises ``StoreError``."""
        return await self._submit(lambda: self._mending("BEGIN", work))

    async def backups(self) -> list[Backup]:
        """The copies at hand, newest first."""
        return await asyncio.to_thread(self._backups.all)

    async def back_up(self) -> Backup:
        """Make a copy now, beside the day's own. Raises ``StoreError``, ``OSError``."""
        if self._closing:
            raise StoreClosed("The history is closed.")
        if not self.token:
            raise StoreReadOnly(self.notice)
        try:
            return await asyncio.wrap_future(self._backup_thread.submit(self._back_up))
        except sqlite3.Error as error:
            raise explained(error) from error

    async def restore(self, backup: Backup) -> Restored:
        """Bring back what a backup holds and this history lacks (and what the damaged original still gives).

        Nothing that is here is changed. Raises ``StoreError``, ``OSError``.
        """
        damaged = self.opening.kept / self.path.name if self.opening.kept is not None else None
        return await self.run(lambda connection: restore(connection, backup.path, damaged))

    async def close(self) -> None:
        """Finish what was asked for and close the file. Harmless when repeated."""
        if self._closing:
            return
        self._closing = True
        await asyncio.shield(asyncio.wrap_future(self._thread.submit(self._close)))

    async def _open(self) -> None:
        self._opened = await self._submit(lambda: open_history(self.path, self.clock))
        self.opening = self._opened.opening
        if self.token:
            self._backup_thread.submit(self._back_up_today).add_done_callback(_report)

    def _submit(self, job: Callable[[], T]) -> "asyncio.Future[T]":
        if self._closing:
            raise StoreClosed("The history is closed.")
        return asyncio.wrap_future(self._thread.submit(job))

    def _change(self, work: Work[T], durable: bool) -> T:
        if not self.writable:
            raise StoreReadOnly(self.notice)
        self._connection().execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        return self._mending("BEGIN IMMEDIATE", work)

    def _mending(self, begin: str, work: Work[T]) -> T:
        """Do it; if an index turns out to be damaged, build it anew from what is sound and do it again."""
        try:
            return self._transaction(begin, work)
        except StoreError as error:
            if not self.writable or not self._mend(error):
                raise
        return self._transaction(begin, work)

    def _mend(self, error: StoreError) -> bool:
        """Whether something was done about an error, so that it is worth while to try again."""
        if blames_index(error.__cause__):
            log.warning("the search index is damaged and built anew")
            self._transaction("BEGIN IMMEDIATE", rebuild_index)
            return True
        if not isinstance(error, StoreDamaged) or self._reindexed:
            return False
        self._reindexed = True  # once: if it does not help, the tables are to blame
        log.warning("the history is damaged; its indexes are built anew")
        with contextlib.suppress(StoreError):
            self._transaction("BEGIN IMMEDIATE", lambda connection: connection.execute("REINDEX"))
        return True

    def _transaction(self, begin: str, work: Work[T]) -> T:
        connection = self._connection()
        try:
            connection.execute(begin)
            result = work(connection)
            connection.execute("COMMIT")
        except BaseException as error:
            with contextlib.suppress(sqlite3.Error):
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            if isinstance(error, (sqlite3.Error, UnicodeDecodeError)):
                raise explained(error) from error
            raise
        return result

    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            raise StoreClosed("The history is not open.")
        return self._opened.connection

    def _close(self) -> None:
        self._backup_thread.shutdown(wait=True)
        if self._opened is not None:
            self._opened.close()
            self._opened = None
        self._thread.shutdown(wait=False)

    def _back_up(self) -> Backup:
        with contextlib.closing(connect(self.path)) as source:
            return self._backups.make(source, "daily", lambda: self._closing)

    def _back_up_today(self) -> None:
        if self._closing or not self._backups.due():
            return
        with contextlib.closing(connect(self.path)) as source:
            # An empty history, such as one begun after damage, must not push a full backup out.
            if source.execute("SELECT EXISTS (SELECT 1 FROM conversations)").fetchone()[0]:
                self._backups.make(source, "daily", lambda: self._closing)


def _report(done: "Future[None]") -> None:
    error = done.exception()
    if error is not None and not isinstance(error, BackupStopped):
        log.warning("the daily backup failed: %s", error)
