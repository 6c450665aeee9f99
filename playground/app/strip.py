"""The strip at the top: the connection in use, and the deployment that the tab in front speaks to."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from playground.ui.icons import icon
from playground.workbench.connections import Connections
from playground.workbench.page import Page

MANAGE = "manage"
KIND_WORDS = {
    "azure": "Azure",
    "entra": "Azure, Entra ID",
    "openai": "OpenAI-compatible",
    "embedded": "built in",
}


def dot(colour: str, pixels: int = 12) -> QIcon:
    """A round mark in the colour of a connection."""
    picture = QPixmap(pixels * 2, pixels * 2)
    picture.setDevicePixelRatio(2)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(colour))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(1, 1, pixels - 2, pixels - 2)
    painter.end()
    return QIcon(picture)


class Strip(QFrame):
    """Pickers of the connection and of the deployment, and the buttons that open the docks."""

    manage_requested = Signal()
    palette_requested = Signal()

    def __init__(self, connections: Connections, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self._connections = connections
        self._page: Page | None = None
        self.connection_picker = QComboBox()
        self.connection_picker.setAccessibleName("Connection")
        self.connection_picker.setMinimumWidth(200)
        self.connection_picker.activated.connect(self._on_connection)
        self.deployment_picker = QComboBox()
        self.deployment_picker.setAccessibleName("Deployment for this tab")
        self.deployment_picker.setMinimumWidth(160)
        self.deployment_picker.activated.connect(self._on_deployment)
        self.deployment_label = QLabel("Deployment")
        self.deployment_label.setProperty("muted", True)
        connection_label = QLabel("Connection")
        connection_label.setProperty("muted", True)
        self._palette_button = self._tool("search", "Commands (Ctrl+Shift+P)", "Command palette")
        self._palette_button.clicked.connect(self.palette_requested)
        self.parameters_button = self._tool("sliders", "Parameters (Ctrl+Shift+E)", "Show parameters", True)
        self.inspector_button = self._tool("inspector", "Inspector (F12)", "Show inspector", True)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        for widget in (connection_label, self.connection_picker):
            row.addWidget(widget)
        row.addSpacing(8)
        for widget in (self.deployment_label, self.deployment_picker):
            row.addWidget(widget)
        row.addStretch(1)
        for button in (self._palette_button, self.inspector_button, self.parameters_button):
            row.addWidget(button)
        connections.changed.add(self.refresh)
        self.refresh()

    def show_page(self, page: Page) -> None:
        """Offer the deployments that this tab can use."""
        self._page = page
        self.refresh()

    def refresh(self) -> None:
        """Fill both pickers anew from what is known."""
        current = self._connections.current
        self.connection_picker.clear()
        for profile in self._connections.profiles:
            words = KIND_WORDS.get(profile.kind, profile.kind)
            self.connection_picker.addItem(dot(profile.colour_hex), f"{profile.name}  ·  {words}", profile.id)
        self.connection_picker.insertSeparator(self.connection_picker.count())
        self.connection_picker.addItem(icon("connections"), "Manage connections…", MANAGE)
        self.connection_picker.setCurrentIndex(self.connection_picker.findData(current.id))
        self._refresh_deployments()
        for name, button in (
            ("search", self._palette_button),
            ("sliders", self.parameters_button),
            ("inspector", self.inspector_button),
        ):
            button.setIcon(icon(name))

    def _refresh_deployments(self) -> None:
        capability = self._page.capability if self._page else None
        for widget in (self.deployment_label, self.deployment_picker):
            widget.setVisible(capability is not None)
        self.deployment_picker.clear()
        if self._page is None or capability is None:
            return
        for entry in self._connections.current.deployments_for(capability):
            self.deployment_picker.addItem(entry.name, entry.name)
        if not self.deployment_picker.count():
            self.deployment_picker.addItem("None yet: add one…", MANAGE)
        chosen = self._connections.deployment(self._page.id, capability)
        self.deployment_picker.setCurrentIndex(max(0, self.deployment_picker.findData(chosen)))

    def _on_connection(self, index: int) -> None:
        chosen = self.connection_picker.itemData(index)
        if chosen == MANAGE:
            self.refresh()
            self.manage_requested.emit()
        elif chosen:
            self._connections.select(chosen)

    def _on_deployment(self, index: int) -> None:
        chosen = self.deployment_picker.itemData(index)
        if chosen == MANAGE:
            self.manage_requested.emit()
        elif chosen and self._page is not None:
            self._connections.choose_deployment(self._page.id, chosen)

    def _tool(self, name: str, tip: str, spoken: str, checkable: bool = False) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name))
        button.setIconSize(QSize(18, 18))
        button.setToolTip(tip)
        button.setAccessibleName(spoken)
        button.setCheckable(checkable)
        return button
