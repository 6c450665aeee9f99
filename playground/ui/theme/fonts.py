"""The fonts that come with the program, so that a bare machine shows the same window."""

from PySide6.QtGui import QFont, QFontDatabase

from playground import resources

SANS = ("Inter", "Noto Sans", "Segoe UI", "Helvetica Neue", "DejaVu Sans")
MONO = ("JetBrains Mono", "Cascadia Mono", "Menlo", "DejaVu Sans Mono")
FILES = (
    "Inter-Regular.otf",
    "Inter-Italic.otf",
    "Inter-Medium.otf",
    "Inter-SemiBold.otf",
    "Inter-Bold.otf",
    "JetBrainsMono-Regular.ttf",
    "JetBrainsMono-Italic.ttf",
    "JetBrainsMono-Bold.ttf",
)


def load_fonts() -> list[str]:
    """Make the shipped fonts known to Qt (about 10 ms); the names of files that could not be read."""
    known = set(QFontDatabase.families())
    if {SANS[0], MONO[0]} <= known:
        return []
    return [
        name for name in FILES if QFontDatabase.addApplicationFont(str(resources.path("fonts", name))) == -1
    ]


def sans(pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The font of the window, with fallbacks for scripts that it lacks."""
    font = QFont(list(SANS))
    font.setPixelSize(pixels)
    font.setWeight(weight)
    return font


def mono(pixels: int) -> QFont:
    """The fixed-width font."""
    font = QFont(list(MONO))
    font.setPixelSize(pixels)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFixedPitch(True)
    return font
