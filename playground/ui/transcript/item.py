"""One message of a conversation as the transcript keeps it: most have no widget."""

from __future__ import annotations

from dataclasses import dataclass, field

from playground.ui.transcript.entry import Entry
from playground.ui.transcript.message import Message


@dataclass(slots=True)
class Item:
    """One message: its entry, its text so far, and its widget while that is built."""

    entry: Entry
    parts: list[str] = field(default_factory=list)
    size: int = 0
    lines: int = 0
    widget: Message | None = None

    def __post_init__(self) -> None:
        self.parts = [self.entry.text]
        self.size = len(self.entry.text)
        self.lines = self.entry.text.count("\n")

    def add(self, text: str) -> None:
        """Take more text."""
        self.parts.append(text)
        self.size += len(text)
        self.lines += text.count("\n")

    def text(self) -> str:
        """All the text so far."""
        if len(self.parts) > 1:
            self.parts = ["".join(self.parts)]
        return self.parts[0]
