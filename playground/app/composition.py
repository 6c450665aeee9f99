"""Builds everything by hand, in order, takes it down in reverse: the one place where rooms are joined."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from PySide6.QtWidgets import QApplication

from playground.app.crash import CrashNotes
from playground.app.embedded import EmbeddedOnDemand
from playground.app.instance import SingleInstance
from playground.app.notices import WindowNotices
from playground.app.pages import PAGES
from playground.app.palette import add_window_commands
from playground.app.strip import Strip
from playground.app.window import MainWindow
from playground.settings.file import SettingsFile
from playground.settings.paths import Folders
from playground.settings.secrets import open_secrets
from playground.store.conversations import Conversations
from playground.store.database import Database
from playground.store.drafts import Drafts
from playground.store.search import Search
from playground.tasks import TaskScope
from playground.ui.theme import Theme
from playground.workbench.choices import Choices
from playground.workbench.connections import Connections
from playground.workbench.exchanges import Exchanges
from playground.workbench.inspector import Inspector
from playground.workbench.workbench import History, Workbench

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Desk:
    """A window with everything behind it, for the program itself, the tour and the measurements."""

    window: MainWindow
    bench: Workbench
    service: EmbeddedOnDemand


async def live(app: QApplication, place: Folders, instance: SingleInstance) -> int:
    """Open the window and stay until the user has closed it; the exit code."""
    stop = asyncio.Event()
    async with AsyncExitStack() as stack:
        desk = await open_desk(app, place, stack)
        window = desk.window
        window.quit_requested.connect(stop.set)
        instance.raise_requested.connect(lambda: bring_to_front(window))
        instance.listen()
        stack.callback(instance.close)
        await stop.wait()
        window.remember()
    return 0


async def open_desk(app: QApplication, place: Folders, stack: AsyncExitStack) -> Desk:
    """Build the window on a profile; it shows itself before files and databases are opened."""
    theme = Theme()
    theme.apply(app)
    exchanges = Exchanges()
    window = MainWindow(PAGES, Inspector(exchanges))
    stack.push_async_callback(dispose, window)
    exchanges.listen(window.status.watch)
    notices = WindowNotices(window)
    crash = CrashNotes(place.logs, notices.problem)
    loop = asyncio.get_running_loop()
    crash.install(loop)
    stack.callback(crash.uninstall, loop)
    scope = TaskScope(crash.report, "app")
    stack.push_async_callback(scope.close)

    await asyncio.to_thread(place.make)
    file = SettingsFile(place.settings_file)
    choices = Choices(file, await asyncio.to_thread(file.load), scope)
    stack.push_async_callback(choices.flush)
    theme.follow(choices.preferences.theme, choices.preferences.zoom)
    window.show()

    service = EmbeddedOnDemand(place.data / "service", window.status.show_service)
    stack.push_async_callback(service.close)
    connections = Connections(choices, open_secrets(), service.start, exchanges.record)
    stack.push_async_callback(connections.close)
    database = await stack.enter_async_context(Database.open(place.database))
    history = History(Conversations(database), Drafts(database), Search(database))
    bench = Workbench(choices, connections, exchanges, history, notices, theme)

    window.furnish(bench, Strip(connections))
    stack.push_async_callback(window.close_pages)
    add_window_commands(window, bench)
    window.restore()
    window.show_page(choices.preferences.last_page or PAGES[0].id)
    for notice in file.notices:
        window.banner.show_problem(notice.title, notice.text)
    if database.notice:
        window.banner.show_problem(
            database.opening.title, database.notice, actions=recovery(database, window, scope)
        )
    if not connections.current.key_reference.startswith("connection/"):  # else the keyring might ask, unasked
        scope.start(warm_up(connections), key="warm up")
    return Desk(window, bench, service)


async def warm_up(connections: Connections) -> None:
    """Start the embedded service and load what the first message needs, so that it need not wait for either."""
    client = await connections.client()
    await client.prepare("chat")


def recovery(
    database: Database, window: MainWindow, scope: TaskScope
) -> list[tuple[str, Callable[[], None]]]:
    """What can be done about a damaged history: bring the newest backup's conversations back, if there is one."""
    backup = database.opening.backup
    if backup is None:
        return []

    async def bring_back() -> None:
        restored = await database.restore(backup)
        window.banner.clear()
        window.toast.show_text(f"{restored.conversations} conversations were brought back")

    def start() -> None:
        scope.start(bring_back(), key="restore")

    return [("Bring back the backup", start)]


async def dispose(window: MainWindow) -> None:
    """Delete the window while its loop still runs, on its own thread."""
    window.hide()
    window.deleteLater()
    await asyncio.sleep(0.01)  # Qt deletes it on the way round its loop


def bring_to_front(window: MainWindow) -> None:
    """Show the window above the others."""
    window.showNormal() if window.isMinimized() else window.show()
    window.raise_()
    window.activateWindow()
