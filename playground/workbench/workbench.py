"""What a tab is handed when it is built: the shared things, by name, and nothing global."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from playground.store.conversations import Conversations
    from playground.store.drafts import Drafts
    from playground.store.search import Search
    from playground.ui.theme import Theme
    from playground.workbench.choices import Choices
    from playground.workbench.connections import Connections
    from playground.workbench.exchanges import Exchanges


class Notices(Protocol):
    """How a tab speaks to the person in front of the window."""

    def problem(self, error: BaseException) -> None:
        """Show a failure as a sentence, with what to try."""

    def say(self, text: str, undo: Callable[[], None] | None = None) -> None:
        """Mention something in passing, with a way to take it back where there is one."""

    def show_page(self, page_id: str) -> None:
        """Bring a tab to the front."""


@dataclass(frozen=True)
class History:
    """What is remembered across runs."""

    conversations: Conversations
    drafts: Drafts
    search: Search


@dataclass(frozen=True)
class Workbench:
    """Everything a tab may stand on. Tests hand over a real one on a temporary profile."""

    choices: Choices
    connections: Connections
    exchanges: Exchanges
    history: History
    notices: Notices
    theme: Theme
