"""The rail at the left: one button for each tab, with its icon, its word and its key."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout, QWidget

from playground.ui.icons import icon
from playground.workbench.page import Page

ICON_PIXELS = 20
BUTTON_PIXELS = 92


class Rail(QFrame):
    """Says which tabs there are and which is in front."""

    page_requested = Signal(str)

    def __init__(self, pages: tuple[Page, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self._buttons: dict[str, QToolButton] = {}
        self._icons = {page.id: page.icon for page in pages}
        group = QButtonGroup(self)
        group.setExclusive(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 12, 8, 12)
        column.setSpacing(4)
        for number, page in enumerate(pages, start=1):
            if page.section == "bottom" and (number == 1 or pages[number - 2].section == "main"):
                column.addStretch(1)
            button = self._button(page, number)
            group.addButton(button)
            column.addWidget(button, alignment=Qt.AlignmentFlag.AlignHCenter)
            self._buttons[page.id] = button
        if all(page.section == "main" for page in pages):
            column.addStretch(1)
        self.refresh_icons()

    def show_current(self, page_id: str) -> None:
        """Mark the tab that is in front."""
        self._buttons[page_id].setChecked(True)
        self.refresh_icons()

    def refresh_icons(self) -> None:
        """Draw the icons again in the colours of the theme."""
        for page_id, button in self._buttons.items():
            button.setIcon(icon(self._icons[page_id], "accent" if button.isChecked() else "muted"))

    def _button(self, page: Page, number: int) -> QToolButton:
        button = QToolButton(self)
        button.setProperty("rail", True)
        button.setText(page.title)
        button.setCheckable(True)
        button.setIconSize(QSize(ICON_PIXELS, ICON_PIXELS))
        button.setFixedWidth(BUTTON_PIXELS)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setAccessibleName(page.title)
        button.setToolTip(f"{page.title} (Ctrl+{number})" if number <= 9 else page.title)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.page_requested.emit(page.id))
        return button
