"""Walks through the pages of a list, and notices when a service hands out the same page again."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Protocol, TypeVar


class Listed(Protocol):
    """An entry of a list."""

    id: str


E = TypeVar("E", bound=Listed)


class Page(Protocol[E]):
    """A piece of a list, as files and batches are listed."""

    data: list[E]
    has_more: bool | None
    last_id: str | None


async def every(fetch: Callable[[str | None], Awaitable[Page[E]]]) -> AsyncGenerator[E, None]:
    """Each entry once. ``fetch`` gets the id to go on behind.

    Ends when the service says so, or has nothing new: services that know no paging send the first page for
    ever. Close it (``aclosing``) when leaving it early.
    """
    seen: set[str] = set()
    after: str | None = None
    while True:
        page = await fetch(after)
        fresh = _fresh(page.data, seen)
        for entry in fresh:
            yield entry
        after = page.last_id or (page.data[-1].id if page.data else None)
        if not fresh or page.has_more is False or not after:
            return


def _fresh(entries: Sequence[E], seen: set[str]) -> list[E]:
    fresh = []
    for entry in entries:
        if entry.id not in seen:
            seen.add(entry.id)
            fresh.append(entry)
    return fresh
