"""The one style sheet, built from tokens; Fusion paints what it leaves out.

Dynamic properties choose variants. Buttons: ``kind`` (primary, danger, ghost, link) and ``rail``. Labels:
``muted``, ``faint``, ``heading``, ``title``, ``small``, ``code``, ``chip``, ``group``, ``tone``. Frames: ``card``,
``line``, ``tone``. Text views: ``code``, ``bare``. Inputs: ``unset``, ``bad``. After changing one on a shown
widget call ``repolish``, or set it with ``set_property``.
"""

from collections.abc import Mapping
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from playground.ui.theme.sheet_controls import CONTROLS
from playground.ui.theme.sheet_views import VIEWS
from playground.ui.theme.tokens import COLOUR_ROLES, Tokens

_SIZES = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 76)

TONES = ("ok", "warn", "danger", "info")

FRAME = """
QMainWindow, QDialog, QDockWidget > QWidget { background: $window; }
QMainWindow::separator { background: $border; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }
QWidget:focus { outline: none; }
QLabel { background: transparent; }
QLabel[muted="true"] { color: $muted; }
QLabel[faint="true"] { color: $faint; }
QLabel[small="true"] { font-size: ${small}px; }
QLabel[heading="true"] { font-size: ${heading}px; font-weight: 600; }
QLabel[title="true"] { font-size: ${title}px; font-weight: 600; }
QLabel[group="true"] { color: $muted; font-size: ${small}px; font-weight: 600; padding: ${p12}px 0 ${p2}px 0; }
QLabel[code="true"] { font-family: "JetBrains Mono"; font-size: ${code}px; }
QLabel[chip="true"] { background: $neutral_soft; color: $muted; border-radius: ${p4}px;
    padding: ${p2}px ${p6}px;
    font-size: ${small}px; font-weight: 500; }
QFrame#rail { background: $window; border: none; border-right: 1px solid $border; }
QFrame#strip { background: $window; border: none; border-bottom: 1px solid $border; }
QFrame[card="true"] { background: $raised; border: 1px solid $border; border-radius: ${card}px; }
QFrame[line="true"] { background: $border; border: none; max-height: 1px; min-height: 1px; }
QStatusBar { background: $window; border-top: 1px solid $border; color: $muted; font-size: ${small}px; }
QStatusBar::item { border: none; }
QStatusBar QLabel { font-size: ${small}px; padding: ${p2}px ${p8}px; }
QSplitter::handle { background: $border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: $accent; }
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: ${p4}px ${p8}px;
    font-size: ${small}px; }
"""

_TONED = """
QLabel[tone="$tone"] { color: $colour; }
QLabel[chip="true"][tone="$tone"] { background: $soft; color: $colour; }
QFrame[card="true"][tone="$tone"] { background: $soft; border: 1px solid $colour; }
"""


def style_sheet(tokens: Tokens, glyphs: Mapping[str, str]) -> str:
    """The style sheet of these tokens; ``glyphs`` says where each mark is (`Glyphs.urls`)."""
    colours = {role: tokens.colours.by_role(role) for role in COLOUR_ROLES}
    values: dict[str, object] = {
        **colours,
        **{f"p{size}": tokens.px(size) for size in _SIZES},
        **{f"glyph_{name}": address for name, address in glyphs.items()},
        "small": tokens.small,
        "body": tokens.body,
        "heading": tokens.heading,
        "title": tokens.title,
        "code": tokens.code,
        "radius": tokens.radius,
        "card": tokens.card_radius,
    }
    toned = "".join(
        Template(_TONED).substitute(tone=tone, colour=colours[tone], soft=colours[f"{tone}_soft"])
        for tone in TONES
    )
    return Template(FRAME + CONTROLS + VIEWS).substitute(values) + toned


def repolish(widget: QWidget) -> None:
    """Let the style sheet look again at a widget's dynamic properties."""
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):  # else it looks when it is first shown
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a dynamic property that the style sheet reads; costs nothing when it is already so."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        repolish(widget)
