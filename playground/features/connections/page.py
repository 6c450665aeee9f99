"""Joins the connections session and its view into a tab."""

from playground.tasks import TaskScope
from playground.workbench.page import Page, PageWidget
from playground.workbench.workbench import Workbench


def build(workbench: Workbench, tasks: TaskScope) -> PageWidget:
    """The Connections tab on a workbench."""
    from playground.features.connections.session import ConnectionsSession
    from playground.features.connections.view import ConnectionsView

    session = ConnectionsSession(workbench.connections, workbench.choices.flush)
    return ConnectionsView(session, workbench, tasks)


PAGE = Page("connections", "Connections", "connections", build, section="bottom")
