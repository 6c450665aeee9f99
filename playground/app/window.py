"""The frame of the window: rail, strip, tabs, docks, status bar. It wires a list of pages, none by name."""

import base64

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from playground.app.rail import Rail
from playground.app.status import StatusLine
from playground.app.strip import Strip
from playground.tasks import TaskScope
from playground.ui.banner import Banner
from playground.ui.toast import Toast
from playground.workbench.page import Page, PageWidget
from playground.workbench.workbench import Workbench

PARAMETERS_WIDTH = 340
INSPECTOR_HEIGHT = 300


class MainWindow(QMainWindow):
    """Shows one tab at a time and its docks. Closing it is a wish, granted by the main coroutine."""

    quit_requested = Signal()

    def __init__(self, pages: tuple[Page, ...], inspector: QWidget) -> None:
        super().__init__()
        self.setWindowTitle("Playground")
        self.resize(1280, 820)
        self.setMinimumSize(760, 520)
        self.setDockOptions(QMainWindow.DockOption.AnimatedDocks)
        self._pages = {page.id: page for page in pages}
        self._widgets: dict[str, PageWidget] = {}
        self._scopes: dict[str, TaskScope] = {}
        self._bench: Workbench | None = None
        self.current_page = ""
        self.rail = Rail(pages)
        self.rail.page_requested.connect(self.show_page)
        self.banner = Banner()
        self.stack = QStackedWidget()
        self.parameters_dock = self._dock("Parameters", Qt.DockWidgetArea.RightDockWidgetArea)
        self.inspector_dock = self._dock("Inspector", Qt.DockWidgetArea.BottomDockWidgetArea)
        self.inspector_dock.setWidget(inspector)
        self.inspector_dock.hide()
        self.status = StatusLine()
        self.setStatusBar(self.status)
        self._centre = QVBoxLayout()
        self._centre.setContentsMargins(0, 0, 0, 0)
        self._centre.setSpacing(0)
        self._centre.addWidget(self.banner)
        self._centre.addWidget(self.stack, 1)
        middle = QWidget()
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(self._centre, 1)
        self.setCentralWidget(middle)
        self.toast = Toast(middle)
        self._actions = [self._page_action(number, page) for number, page in enumerate(pages, start=1)]

    def furnish(self, bench: Workbench, strip: Strip) -> None:
        """Take the workbench in: from now on tabs can be built."""
        self._bench = bench
        self.strip = strip
        self._centre.insertWidget(0, strip)
        strip.manage_requested.connect(lambda: self.show_page("connections"))
        strip.parameters_button.toggled.connect(self._on_parameters_wanted)
        strip.inspector_button.toggled.connect(self.inspector_dock.setVisible)
        self.inspector_dock.visibilityChanged.connect(self._on_dock_shown)
        self.add_command("Inspector", "F12", lambda: strip.inspector_button.toggle())
        self.add_command("Parameters", "Ctrl+Shift+E", lambda: strip.parameters_button.toggle())

    def show_page(self, page_id: str) -> None:
        """Bring a tab to the front, building it the first time."""
        if self._bench is None or page_id not in self._pages:
            return
        page = self._pages[page_id]
        widget = self._widgets.get(page_id) or self._build(page)
        self.current_page = page_id
        self.stack.setCurrentWidget(widget)
        self.rail.show_current(page_id)
        self.strip.show_page(page)
        self._show_parameters()
        self._bench.choices.prefer(last_page=page_id)
        widget.activate()

    def page(self, page_id: str) -> PageWidget:
        """The widget of a tab; built if it was never shown."""
        return self._widgets.get(page_id) or self._build(self._pages[page_id])

    def add_command(self, text: str, keys: str, run: object) -> QAction:
        """Something the window can do, with its keys; the command palette lists them all."""
        action = QAction(text, self)
        if keys:
            action.setShortcut(QKeySequence(keys))
        action.triggered.connect(run)
        self.addAction(action)
        self._actions.append(action)
        return action

    def commands(self) -> list[QAction]:
        """Everything that can be done now: of the window, and of the tab in front."""
        widget = self._widgets.get(self.current_page)
        return [*self._actions, *(widget.page_actions() if widget else [])]

    def restore(self) -> None:
        """Put the window where it was left."""
        assert self._bench is not None
        preferences = self._bench.choices.preferences
        if preferences.window_geometry:
            self.restoreGeometry(QByteArray(base64.b64decode(preferences.window_geometry)))
        self.strip.parameters_button.setChecked(preferences.parameters_visible)
        self.strip.inspector_button.setChecked(preferences.inspector_visible)

    def remember(self) -> None:
        """Note where the window is."""
        assert self._bench is not None
        self._bench.choices.prefer(
            window_geometry=base64.b64encode(self.saveGeometry().data()).decode(),
            inspector_visible=self.strip.inspector_button.isChecked(),
            parameters_visible=self.strip.parameters_button.isChecked(),
        )

    async def close_pages(self) -> None:
        """Let every tab write down what it has, then end its tasks."""
        for page_id, widget in self._widgets.items():
            await widget.close_page()
            await self._scopes[page_id].close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask to quit; hiding here would let the application end under the main coroutine."""
        event.ignore()
        self.quit_requested.emit()

    def _build(self, page: Page) -> PageWidget:
        assert self._bench is not None
        scope = TaskScope(self._bench.notices.problem, page.id)
        widget = page.build(self._bench, scope)
        self._scopes[page.id], self._widgets[page.id] = scope, widget
        self.stack.addWidget(widget)
        return widget

    def _show_parameters(self) -> None:
        """Give the right dock to the tab in front, or hide it when that tab has nothing to set."""
        wanted = self._widgets[self.current_page].parameters()
        self.strip.parameters_button.setVisible(wanted is not None)
        if wanted is not None and self.parameters_dock.widget() is not wanted:
            self.parameters_dock.setWidget(wanted)
            self.resizeDocks([self.parameters_dock], [PARAMETERS_WIDTH], Qt.Orientation.Horizontal)
        self.parameters_dock.setVisible(wanted is not None and self.strip.parameters_button.isChecked())

    def _on_parameters_wanted(self, wanted: bool) -> None:
        widget = self._widgets.get(self.current_page)
        has = widget is not None and widget.parameters() is not None
        self.parameters_dock.setVisible(wanted and has)

    def _on_dock_shown(self, shown: bool) -> None:
        """A dock closed by its own button unchecks the button of the strip."""
        if self.isVisible():
            self.strip.inspector_button.setChecked(not self.inspector_dock.isHidden())

    def _dock(self, title: str, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(title.lower())
        dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        dock.setTitleBarWidget(QWidget())
        self.addDockWidget(area, dock)
        return dock

    def _page_action(self, number: int, page: Page) -> QAction:
        action = QAction(f"Go to {page.title}", self)
        if number <= 9:
            action.setShortcut(QKeySequence(f"Ctrl+{number}"))
        action.triggered.connect(lambda: self.show_page(page.id))
        self.addAction(action)
        return action
