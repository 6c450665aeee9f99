"""The marks that a style sheet can only show as files: check, dash, dot and arrows, in its colours."""

import os
import shutil
import tempfile
import weakref
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from playground.ui.theme.tokens import Tokens

SIDE = 16
RATIO = 4  # drawn large once; the style sheet scales it down smoothly

_LINES: dict[str, tuple[tuple[float, float], ...]] = {
    "check": ((3.5, 8.3), (6.7, 11.4), (12.5, 4.9)),
    "dash": ((4.0, 8.0), (12.0, 8.0)),
    "down": ((4.2, 6.2), (8.0, 10.0), (11.8, 6.2)),
    "up": ((4.2, 9.8), (8.0, 6.0), (11.8, 9.8)),
    "right": ((6.2, 4.2), (10.0, 8.0), (6.2, 11.8)),
    "left": ((9.8, 4.2), (6.0, 8.0), (9.8, 11.8)),
}
_COLOURED = {
    "check": "accent_text",
    "dash": "accent_text",
    "dot": "accent_text",
    "down": "muted",
    "up": "muted",
    "right": "muted",
    "left": "muted",
}


class Glyphs:
    """A private folder of small pictures, deleted with this object; named by shade, as Qt caches by name."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="playground-glyphs-"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)

    def urls(self, tokens: Tokens) -> dict[str, str]:
        """Where each mark is for these tokens, as a style sheet writes it."""
        return {name: self._address(name, tokens) for name in _COLOURED}

    def _address(self, name: str, tokens: Tokens) -> str:
        path = self._folder / f"{name}-{tokens.shade}.png"
        if not path.exists():
            draw(name, tokens.colours.by_role(_COLOURED[name])).save(str(path), "PNG")  # type: ignore[call-overload]
        return str(path).replace(os.sep, "/")


def draw(name: str, colour: str) -> QImage:
    """One mark on a transparent ground."""
    image = QImage(SIDE * RATIO, SIDE * RATIO, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(RATIO, RATIO)
    if name == "dot":
        painter.setBrush(QColor(colour))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(QRectF(5, 5, 6, 6))
    else:
        pen = QPen(QColor(colour), 1.9 if name in ("check", "dash") else 1.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in _LINES[name]]))
    painter.end()
    return image
