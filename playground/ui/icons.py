"""Icons by meaning, drawn from the Remix font that qtawesome ships, in the colours of the theme.

Only the font and its character map are read (12 ms, 5 MB); importing the library itself would load its shim
of all Qt bindings (230 ms, 27 MB), a sixth of what the whole program may take to start. Icons are pictures in
a few sizes and not an icon engine of our own: a Python engine is freed while Qt still uses its clone.
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontDatabase, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QTabBar, QWidget

from playground.ui.colours import colour

SIDES = (16, 20, 24, 32, 48)
"""Pixels; Qt takes the next larger one and scales it down."""

FONT_FILE = "remixicon-2.5.0.ttf"
MAP_FILE = "remixicon-charmap-2.5.0.json"

NAMES = {
    "chat": "chat-3-line",
    "completions": "text",
    "embeddings": "bubble-chart-line",
    "images": "image-line",
    "speech": "volume-up-line",
    "transcribe": "mic-line",
    "files": "folder-3-line",
    "uploads": "upload-cloud-2-line",
    "batches": "stack-line",
    "history": "history-line",
    "settings": "settings-3-line",
    "connections": "plug-line",
    "send": "arrow-up-line",
    "stop": "stop-fill",
    "regenerate": "refresh-line",
    "refresh": "refresh-line",
    "edit": "edit-line",
    "copy": "file-copy-line",
    "delete": "delete-bin-line",
    "restore": "arrow-go-back-line",
    "undo": "arrow-go-back-line",
    "search": "search-line",
    "filter": "filter-3-line",
    "plus": "add-line",
    "minus": "subtract-line",
    "chevron-left": "arrow-left-s-line",
    "chevron-right": "arrow-right-s-line",
    "chevron-up": "arrow-up-s-line",
    "chevron-down": "arrow-down-s-line",
    "arrow-left": "arrow-left-line",
    "arrow-right": "arrow-right-line",
    "warning": "alert-line",
    "error": "error-warning-line",
    "check": "check-line",
    "ok": "checkbox-circle-line",
    "info": "information-line",
    "help": "question-line",
    "pin": "pushpin-line",
    "unpin": "pushpin-2-line",
    "close": "close-line",
    "eye": "eye-line",
    "eye-off": "eye-off-line",
    "key": "key-2-line",
    "lock": "lock-line",
    "theme": "contrast-2-line",
    "sun": "sun-line",
    "moon": "moon-line",
    "sliders": "equalizer-line",
    "inspector": "pulse-line",
    "commands": "command-line",
    "code": "code-s-slash-line",
    "json": "braces-line",
    "download": "download-2-line",
    "upload": "upload-2-line",
    "export": "share-forward-line",
    "save": "save-3-line",
    "open": "folder-open-line",
    "link": "link",
    "external": "external-link-line",
    "attach": "attachment-2",
    "paste": "clipboard-line",
    "play": "play-fill",
    "pause": "pause-fill",
    "record": "record-circle-fill",
    "menu": "menu-line",
    "more": "more-2-fill",
    "branch": "git-branch-line",
    "compare": "layout-column-line",
    "tools": "tools-line",
    "user": "user-3-line",
    "assistant": "magic-line",
    "sparkle": "magic-line",
    "computer": "computer-line",
    "cloud": "cloud-line",
    "server": "server-line",
    "shield": "shield-check-line",
    "filtered": "shield-line",
    "time": "time-line",
    "star": "star-line",
    "document": "file-text-line",
    "table": "table-line",
    "chart": "bar-chart-line",
    "reset": "arrow-go-back-line",
    "drag": "drag-move-2-line",
    "zoom-in": "zoom-in-line",
    "zoom-out": "zoom-out-line",
    "flask": "flask-line",
    "compass": "compass-3-line",
    "bell": "notification-3-line",
    "bug": "bug-line",
    "rocket": "rocket-line",
    "lightbulb": "lightbulb-line",
    "globe": "global-line",
    "network": "wifi-line",
    "dot": "checkbox-blank-circle-fill",
}

_made: dict[tuple[str, str, str], QIcon] = {}
_meaning: dict[int, tuple[str, str]] = {}
"""Name and role by Qt's key of an icon, which its copies share."""


def icon(name: str, role: str = "text") -> QIcon:
    """The icon of a meaning (a key of ``NAMES``) in the colour of a role; a disabled widget shows it faint.

    Buttons, actions, tabs and combo boxes that have it follow the theme. Raises ``KeyError`` for a name that
    is none.
    """
    character = _characters()[NAMES[name]]
    key = (name, role, colour(role).name() + colour("faint").name())
    if (found := _made.get(key)) is None:
        found = QIcon()
        for side in SIDES:
            found.addPixmap(_draw(character, side, role), QIcon.Mode.Normal)
            found.addPixmap(_draw(character, side, "faint"), QIcon.Mode.Disabled)
        _made[key] = found
        _meaning[found.cacheKey()] = (name, role)
    return found


def pixmap(name: str, pixels: int, role: str = "text", ratio: float = 1.0) -> QPixmap:
    """The same as a picture of so many logical pixels, for a label; it does not follow the theme."""
    picture = _draw(_characters()[NAMES[name]], round(pixels * ratio), role)
    picture.setDevicePixelRatio(ratio)
    return picture


def recolour() -> None:
    """Replace the icons of everything that has one of ours by those in the colours of now."""
    for widget in QApplication.allWidgets():
        if isinstance(widget, QAbstractButton):
            if (fresh := _fresh(widget.icon())) is not None:
                widget.setIcon(fresh)
        elif isinstance(widget, QComboBox):
            for position in range(widget.count()):
                if (fresh := _fresh(widget.itemIcon(position))) is not None:
                    widget.setItemIcon(position, fresh)
        elif isinstance(widget, QTabBar):
            for position in range(widget.count()):
                if (fresh := _fresh(widget.tabIcon(position))) is not None:
                    widget.setTabIcon(position, fresh)
        _recolour_actions(widget)


def _recolour_actions(widget: QWidget) -> None:
    for action in widget.actions():
        if (fresh := _fresh(action.icon())) is not None:
            action.setIcon(fresh)


def _fresh(shown: QIcon) -> QIcon | None:
    """What takes the place of an icon; None when it is not one of ours, or right already."""
    meaning = None if shown.isNull() else _meaning.get(shown.cacheKey())
    if meaning is None:
        return None
    wanted = icon(*meaning)
    return None if wanted.cacheKey() == shown.cacheKey() else wanted


def _draw(character: str, side: int, role: str) -> QPixmap:
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    font = QFont(_family())
    font.setPixelSize(max(1, side))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setFont(font)
    painter.setPen(colour(role))
    painter.drawText(QRect(0, 0, side, side), Qt.AlignmentFlag.AlignCenter, character)
    painter.end()
    return picture


def _folder() -> Path:
    spec = find_spec("qtawesome")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "fonts"


@cache
def _characters() -> dict[str, str]:
    codes: dict[str, str] = json.loads((_folder() / MAP_FILE).read_text())
    return {name: chr(int(code, 16)) for name, code in codes.items()}


@cache
def _family() -> str:
    number = QFontDatabase.addApplicationFont(str(_folder() / FONT_FILE))
    return QFontDatabase.applicationFontFamilies(number)[0]
