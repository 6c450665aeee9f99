"""The shape of a conversation: turns as a tree, with one path through it in view."""

from collections.abc import Iterable

from playground.store.conversations import Turn


class TurnTree:
    """Turns by id, their children in order, and which child of each turn is in view.

    Regenerating or editing adds a sibling, so the tree only ever grows; ``path`` is what is shown and sent.
    """

    def __init__(self, turns: Iterable[Turn] = ()) -> None:
        self._turns: dict[str, Turn] = {}
        self._children: dict[str | None, list[str]] = {None: []}
        self._chosen: dict[str | None, str] = {}
        for turn in turns:
            self.put(turn)
            if turn.selected:
                self._chosen[turn.parent_id] = turn.id

    def __contains__(self, turn_id: str) -> bool:
        return turn_id in self._turns

    def __getitem__(self, turn_id: str) -> Turn:
        return self._turns[turn_id]

    def __len__(self) -> int:
        return len(self._turns)

    def put(self, turn: Turn) -> None:
        """Add a turn, or replace the one with its id."""
        if turn.id not in self._turns:
            self._children.setdefault(turn.parent_id, []).append(turn.id)
            self._children.setdefault(turn.id, [])
        self._turns[turn.id] = turn

    def choose(self, turn_id: str) -> None:
        """Bring a turn into view in the place of its siblings."""
        self._chosen[self._turns[turn_id].parent_id] = turn_id

    def siblings(self, turn_id: str) -> list[Turn]:
        """All the versions of a turn, itself included, oldest first."""
        return [self._turns[each] for each in self._children[self._turns[turn_id].parent_id]]

    def position(self, turn_id: str) -> tuple[int, int]:
        """Which version this is, and of how many: ``(2, 3)`` is the second of three."""
        ids = self._children[self._turns[turn_id].parent_id]
        return ids.index(turn_id) + 1, len(ids)

    def neighbour(self, turn_id: str, step: int) -> str | None:
        """The sibling so many steps on, or None at either end."""
        ids = self._children[self._turns[turn_id].parent_id]
        index = ids.index(turn_id) + step
        return ids[index] if 0 <= index < len(ids) else None

    def path(self, until: str | None = None) -> list[Turn]:
        """The turns in view from the first to the last; with ``until``, those down to and with that turn."""
        if until is not None:
            return self._ancestry(until)
        path: list[Turn] = []
        children = self._children[None]
        parent: str | None = None
        while children:
            turn = self._turns[self._chosen.get(parent, children[-1])]
            path.append(turn)
            parent, children = turn.id, self._children[turn.id]
        return path

    def _ancestry(self, turn_id: str) -> list[Turn]:
        path = [self._turns[turn_id]]
        while (parent := path[-1].parent_id) is not None:
            path.append(self._turns[parent])
        return path[::-1]
