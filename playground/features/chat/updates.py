"""What a running answer tells whoever watches it."""

from dataclasses import dataclass

from playground.store.conversations import Turn


@dataclass(frozen=True)
class TurnAdded:
    """A turn is now in the tree and on disk."""

    turn: Turn


@dataclass(frozen=True)
class TurnGrew:
    """Text arrived for a turn; ``delta`` is what is new."""

    turn_id: str
    delta: str


@dataclass(frozen=True)
class TurnSettled:
    """A turn has its final text and state, and both are on disk."""

    turn: Turn


Update = TurnAdded | TurnGrew | TurnSettled
