"""What can go wrong with the history, in terms that a window can explain."""

import sqlite3


class StoreError(Exception):
    """The history could not do what was asked; nothing was half written.

    StoreError
     ├─ StoreClosed      after the history was closed
     ├─ StoreReadOnly    the file, its folder or its version allows reading alone
     ├─ StoreFull        no space left (or a quota); works again once there is
     ├─ StoreBusy        another program kept the database locked for longer than we wait
     └─ StoreDamaged     the file is not sound; the next start moves it aside and offers a backup
    """


class StoreClosed(StoreError):
    """Asked after the history was closed."""


class StoreReadOnly(StoreError):
    """The history can be read but not written."""


class StoreFull(StoreError):
    """There is no space left where the history is kept."""


class StoreBusy(StoreError):
    """Another program keeps the history locked."""


class StoreDamaged(StoreError):
    """The history's file is not sound."""


_KINDS: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_READONLY: (StoreReadOnly, "The history can be read but not written."),
    sqlite3.SQLITE_PERM: (StoreReadOnly, "The history may not be written."),
    sqlite3.SQLITE_FULL: (StoreFull, "There is no space left where the history is kept."),
    sqlite3.SQLITE_BUSY: (StoreBusy, "Another program keeps the history locked."),
    sqlite3.SQLITE_LOCKED: (StoreBusy, "Another program keeps the history locked."),
    sqlite3.SQLITE_CORRUPT: (StoreDamaged, "The history's file is damaged."),
    sqlite3.SQLITE_NOTADB: (StoreDamaged, "The history's file is not a history."),
}


# What a file can make SQLite raise. The second comes when the words of an error are themselves damaged.
FileErrors = (sqlite3.DatabaseError, UnicodeDecodeError)


def primary_code(error: BaseException) -> int:
    """The SQLite result code without its extension, or -1 for an error made by Python itself."""
    if isinstance(error, UnicodeDecodeError):
        return sqlite3.SQLITE_CORRUPT
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return -1 if code is None else code & 0xFF


def is_damage(error: BaseException) -> bool:
    """Whether the file itself is to blame."""
    return primary_code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def explained(error: Exception) -> StoreError:
    """The error of this room for one of SQLite's."""
    kind, sentence = _KINDS.get(primary_code(error), (StoreError, "The history could not be used."))
    return kind(f"{sentence} ({error})")
