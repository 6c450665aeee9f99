"""Joins the chat session and its view into a tab."""

from playground.tasks import TaskScope
from playground.workbench.page import Page, PageWidget
from playground.workbench.workbench import Workbench


def build(bench: Workbench, tasks: TaskScope) -> PageWidget:
    """The Chat tab on a workbench."""
    from playground.features.chat.view import ChatView

    return ChatView(bench, tasks)


PAGE = Page("chat", "Chat", "chat", build, capability="chat")
