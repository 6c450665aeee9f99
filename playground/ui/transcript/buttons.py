"""The small buttons inside a message: flat, named for assistive technology, in the transcript's style."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QIcon, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from playground.ui.transcript.formats import Formats


class FlatButton(QAbstractButton):
    """A flat button with an icon, or its words where there is none.

    One that is not revealed keeps its place and can be reached by keyboard; drawn when it has the focus.
    """

    def __init__(
        self, text: str, formats: Formats, parent: QWidget, *, icon: QIcon | None = None, name: str = ""
    ) -> None:
        super().__init__(parent)
        self._formats = formats
        self._framed = False
        self._revealed: Callable[[], bool] = _always
        self.setText(text)
        self.setAccessibleName(name or text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if icon is not None and not icon.isNull():
            self.setIcon(icon)
            self.setToolTip(name or text)

    def reveal_when(self, revealed: Callable[[], bool]) -> None:
        """Draw the button only while ``revealed()`` holds (or it has the focus)."""
        self._revealed = revealed

    def set_formats(self, formats: Formats) -> None:
        """Draw with another style."""
        self._formats = formats
        self.update()

    def set_framed(self, framed: bool) -> None:
        """Draw a ground and a border, for a button that stands alone."""
        self._framed = framed

    def sizeHint(self) -> QSize:
        unit = self._formats.style.space
        if not self.icon().isNull():
            return QSize(round(unit * 3.5), round(unit * 3.5))
        air = unit * (3 if self._framed else 2)
        words = QFontMetricsF(self._formats.font(self._formats.style.small, weight=500))
        return QSize(round(words.horizontalAdvance(self.text()) + air), round(unit * 3.25))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not (self._framed or self.hasFocus() or self._revealed()):
            return
        style = self._formats.style
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        over = self.isEnabled() and (self.underMouse() or self.isDown())
        ground = style.hover if over else style.background if self._framed else None
        edge = style.accent if self.hasFocus() else style.quote if self._framed else None
        painter.setPen(QPen(QColor(edge), 1.5 if self.hasFocus() else 1) if edge else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground) if ground else Qt.BrushStyle.NoBrush)
        radius = area.height() / 2 if self._framed else style.radius * 0.75
        painter.drawRoundedRect(area, radius, radius)
        if not self.icon().isNull():
            side = round(style.space * 2)
            place = QRectF(0, 0, side, side)
            place.moveCenter(area.center())
            mode = QIcon.Mode.Normal if self.isEnabled() else QIcon.Mode.Disabled
            self.icon().paint(painter, place.toRect(), Qt.AlignmentFlag.AlignCenter, mode)
            return
        colour = QColor(style.text if over else style.muted)
        if not self.isEnabled():
            colour.setAlphaF(0.45)
        painter.setPen(colour)
        painter.setFont(self._formats.font(style.small, weight=500))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave, QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().event(event)


def _always() -> bool:
    return True
