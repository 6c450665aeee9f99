"""The request or the response as it went over the wire: headers above, body below."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHeaderView,
    QLabel,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from playground.ui.json_view import JsonView
from playground.ui.plain_label import PlainLabel

NO_BODY = "No body"


class MessageTab(QWidget):
    """Shows one half of an exchange; a body is only formatted again when it has changed."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._body: bytes | None = None
        self._pairs: list[tuple[str, str]] | None = None
        self.headers = QTreeWidget()
        self.headers.setAccessibleName(f"{name} headers")
        self.headers.setProperty("bare", True)
        self.headers.setHeaderLabels(["Header", "Value"])
        self.headers.setRootIsDecorated(False)
        self.headers.setUniformRowHeights(True)
        self.headers.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.headers.header().setStretchLastSection(True)
        self.body = JsonView(f"{name} body")
        self._size = PlainLabel(NO_BODY)
        self._size.setProperty("muted", True)
        self._size.setProperty("small", True)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(4)
        column.addWidget(self._size)
        column.addWidget(self.body, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.headers)
        splitter.addWidget(below)
        splitter.setStretchFactor(0, 2)
        splitter.setStretchFactor(1, 3)
        splitter.setSizes([360, 540])
        splitter.setChildrenCollapsible(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(splitter)

    def show_message(self, headers: list[tuple[str, str]], body: bytes | None, note: str = "") -> None:
        """Show headers and body; ``note`` stands above the body."""
        if headers != self._pairs:
            self._pairs = list(headers)
            self.headers.clear()
            self.headers.addTopLevelItems([QTreeWidgetItem([name, value]) for name, value in headers])
        if body != self._body:
            self._body = body
            self.body.set_text(body or b"")
        self._size.setText(note or NO_BODY)

    def labels(self) -> list[QLabel]:
        """The labels, for tests."""
        return [self._size]
