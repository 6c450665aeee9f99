"""The label for every text that is not our own: it shows letters, never markup."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from playground.ui.plain_text import tooltip


class PlainLabel(QLabel):
    """A label that takes any text as plain text; it can wrap, or be cut with an ellipsis to its width.

    A cut text is whole in the tool tip and for screen readers. ``QLabel.text`` answers what is shown,
    ``full_text`` what was set.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        elide: bool = False,
        wrap: bool = False,
        selectable: bool = False,
    ) -> None:
        super().__init__(parent)
        self._full = ""
        self._elide = elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show a text."""
        self._full = text
        if self._elide:
            self._cut()
        else:
            super().setText(text)

    def full_text(self) -> str:
        """The text that was set, whole."""
        return self._full

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut anew to the new width."""
        super().resizeEvent(event)
        if self._elide:
            self._cut()

    def minimumSizeHint(self) -> QSize:
        """A label that can be cut may become narrow."""
        hint = super().minimumSizeHint()
        return QSize(self.fontMetrics().averageCharWidth() * 4, hint.height()) if self._elide else hint

    def _cut(self) -> None:
        # Measuring a megabyte takes long; nobody can see more than this on one line.
        head = self._full[:2000].replace("\n", " ")
        shown = self.fontMetrics().elidedText(head, Qt.TextElideMode.ElideRight, max(0, self.width()))
        if shown != self.text():
            super().setText(shown)
        self.setToolTip(tooltip(self._full) if shown != self._full else "")
        if not self.accessibleName():
            self.setAccessibleDescription(self._full[:2000])
