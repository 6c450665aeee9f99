"""What a tab is to the window: a name, an icon, and one function that builds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from playground.tasks import TaskScope
    from playground.workbench.workbench import Workbench


class PageWidget(QWidget):
    """The widget of a tab, with what the window frames around it."""

    def parameters(self) -> QWidget | None:
        """What the right dock shows while this tab is in front; None hides the dock."""
        return None

    def page_actions(self) -> list[QAction]:
        """Actions of this tab for the command palette and its shortcuts."""
        return []

    def activate(self) -> None:
        """The tab came to the front: put the focus where work begins."""

    async def close_page(self) -> None:
        """Write down what must not be lost; called before the tab's tasks are ended."""


@dataclass(frozen=True)
class Page:
    """One row of the rail. ``capability`` names what its deployments must be able to do (None: nothing)."""

    id: str
    title: str
    icon: str
    build: Callable[[Workbench, TaskScope], PageWidget]
    capability: str | None = None
    section: Literal["main", "bottom"] = "main"
