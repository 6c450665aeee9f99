"""Lists in pages: official SDKs walk them by ``after``, and without a true ``has_more`` some never stop."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playground.service.errors import invalid_payload

ORDERS = {"asc": (">", "ASC"), "desc": ("<", "DESC")}


@dataclass(frozen=True)
class Page:
    """What part of a list is asked for; ``order`` is by creation, ``desc`` (newest first) unless asked."""

    after: str | None
    limit: int
    order: str = "desc"


def read_page(query: Mapping[str, str], *, default: int, maximum: int) -> Page:
    """The page that a query asks for; raises a 400 ``ServiceError`` that names the wrong parameter."""
    text = query.get("limit", str(default))
    if not text.isdecimal() or not 1 <= int(text[:9]) <= maximum:
        raise invalid_payload(f"'limit' has to be a whole number from 1 to {maximum}.", "limit")
    order = query.get("order", "desc")
    if order not in ORDERS:
        raise invalid_payload("'order' has to be 'asc' or 'desc'.", "order")
    return Page(query.get("after") or None, int(text), order)


def select_page(
    db: sqlite3.Connection, table: str, page: Page, where: str = "1", values: Sequence[Any] = ()
) -> tuple[list[sqlite3.Row], bool]:
    """The rows of a page, and whether more follow.

    The cursor may name a row that ``where`` leaves out (a file deleted while someone walks the list); one
    that never existed is a 400.
    """
    compare, direction = ORDERS[page.order]
    if page.after is not None:
        cursor = db.execute(f"SELECT seq FROM {table} WHERE id = ?", (page.after,)).fetchone()
        if cursor is None:
            raise invalid_payload("'after' names nothing in this list.", "after")
        where, values = f"({where}) AND seq {compare} ?", (*values, cursor["seq"])
    sql = f"SELECT * FROM {table} WHERE {where} ORDER BY seq {direction} LIMIT ?"
    rows = db.execute(sql, (*values, page.limit + 1)).fetchall()
    return rows[: page.limit], len(rows) > page.limit


def frame(data: Sequence[Mapping[str, Any]], has_more: bool) -> dict[str, Any]:
    """The JSON object of a list, with its cursors."""
    return {
        "object": "list",
        "data": data,
        "first_id": data[0]["id"] if data else None,
        "last_id": data[-1]["id"] if data else None,
        "has_more": has_more,
    }
