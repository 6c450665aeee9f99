"""The look: readable in both shades by computation, at every zoom, and changed live."""

import gc

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QColor, QFontInfo, QIcon, QImage, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton

from playground import resources
from playground.ui import icons
from playground.ui.colours import colour
from playground.ui.theme import Theme, tokens_for
from playground.ui.theme.fonts import FILES
from playground.ui.theme.glyphs import Glyphs
from playground.ui.theme.sheet import style_sheet
from playground.ui.theme.tokens import COLOUR_ROLES, DARK, LIGHT, contrast

READABLE = 4.5
VISIBLE = 3.0
GROUNDS = ("window", "surface", "raised", "hover")
TEXTS = ("text", "muted", "faint", "link", "ok", "warn", "danger", "info")
ON = (
    ("accent_text", "accent"),
    ("accent_text", "accent_hover"),
    ("danger_text", "danger"),
    ("danger_text", "danger_hover"),
    ("selection_text", "selection"),
    ("accent", "accent_soft"),
    ("text", "accent_soft"),
    ("muted", "accent_soft"),
    ("text", "neutral_soft"),
    ("muted", "neutral_soft"),
    ("surface", "text"),
    *((tone, f"{tone}_soft") for tone in ("ok", "warn", "danger", "info")),
    *((text, f"{tone}_soft") for tone in ("ok", "warn", "danger", "info") for text in ("text", "muted")),
)


@pytest.fixture
def theme(qapp: QApplication):
    before = qapp.palette(), qapp.font(), qapp.styleSheet()
    theme = Theme()
    theme.apply(qapp)
    yield theme
    qapp.setPalette(before[0])
    qapp.setFont(before[1])
    qapp.setStyleSheet(before[2])


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_all_text_can_be_read(colours) -> None:
    pairs = [*((text, ground) for text in TEXTS for ground in GROUNDS), *ON]
    weak = {
        pair: round(found, 2)
        for pair in pairs
        if (found := contrast(colours.by_role(pair[0]), colours.by_role(pair[1]))) < READABLE
    }
    assert not weak


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_outlines_and_the_focus_can_be_seen(colours) -> None:
    for role in ("control", "focus"):
        for ground in ("window", "surface", "raised"):
            assert contrast(colours.by_role(role), colours.by_role(ground)) >= VISIBLE, (role, ground)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("shade", ["light", "dark"])
@pytest.mark.parametrize("zoom", [0.8, 1.0, 1.5, 2.0])
def test_the_style_sheet_is_complete_and_understood(shade, zoom, qapp) -> None:
    glyphs = Glyphs()
    sheet = style_sheet(tokens_for(shade, zoom), glyphs.urls(tokens_for(shade, zoom)))
    assert "$" not in sheet
    button = QPushButton("x")
    button.setStyleSheet(sheet)  # Qt reports what it cannot parse as a warning, which fails the test
    button.ensurePolished()


def test_scheme_and_zoom_change_live(theme: Theme, qapp: QApplication) -> None:
    heard = []
    theme.changed.connect(lambda: heard.append(theme.tokens))
    theme.follow("dark", 1.5)
    assert (theme.scheme, theme.shade, theme.zoom) == ("dark", "dark", 1.5)
    assert qapp.palette().color(QPalette.ColorRole.Base) == QColor(DARK.surface)
    assert qapp.font().pixelSize() == theme.tokens.body == 20
    assert colour("accent") == QColor(DARK.accent)
    theme.follow("dark", 1.5)
    theme.follow("light", 1.5)
    assert len(heard) == 2
    assert colour("accent") == QColor(LIGHT.accent)


def test_an_odd_scheme_or_zoom_does_no_harm(theme: Theme) -> None:
    theme.follow("purple", 99)
    assert theme.scheme == "system"
    assert theme.zoom == 3.0
    theme.follow("light", 0.0001)
    assert theme.zoom == 0.5


def test_the_shipped_fonts_are_there_and_used(theme: Theme, qapp: QApplication) -> None:
    assert all(resources.path("fonts", name).is_file() for name in FILES)
    assert QFontInfo(qapp.font()).family() == "Inter"


def test_the_transcript_gets_every_colour(theme: Theme) -> None:
    theme.follow("dark", 1.0)
    style = theme.transcript_style()
    assert style.dark
    assert style.text == DARK.text
    assert style.background == DARK.surface


def test_every_role_is_a_colour() -> None:
    assert all(QColor(shade.by_role(role)).isValid() for shade in (LIGHT, DARK) for role in COLOUR_ROLES)


def drawn(image: QImage) -> int:
    return sum(
        image.pixelColor(x, y).alpha() > 40 for x in range(image.width()) for y in range(image.height())
    )


@pytest.mark.parametrize("name", sorted(icons.NAMES))
def test_every_icon_is_drawn(name: str, theme: Theme) -> None:
    image = icons.icon(name).pixmap(QSize(20, 20)).toImage()
    assert drawn(image) > 15


def centre_of(icon: QIcon) -> QColor:
    return icon.pixmap(QSize(20, 20)).toImage().pixelColor(10, 10)


def test_icons_that_are_shown_follow_the_theme(theme: Theme, qtbot) -> None:
    theme.follow("light", 1.0)
    button, box, plain = QPushButton(), QComboBox(), QPushButton()
    for widget in (button, box, plain):
        qtbot.addWidget(widget)
    action = QAction(icons.icon("dot", "danger"), "x", button)
    button.addAction(action)
    button.setIcon(icons.icon("dot", "accent"))
    box.addItem(icons.icon("dot", "ok"), "x")
    own = QPixmap(20, 20)
    own.fill(QColor("#123456"))
    plain.setIcon(QIcon(own))
    assert centre_of(button.icon()) == QColor(LIGHT.accent)
    theme.follow("dark", 1.0)
    assert centre_of(button.icon()) == QColor(DARK.accent)
    assert centre_of(action.icon()) == QColor(DARK.danger)
    assert centre_of(box.itemIcon(0)) == QColor(DARK.ok)
    assert centre_of(plain.icon()) == QColor("#123456")


def test_icons_may_be_copied_changed_and_collected(theme: Theme) -> None:
    for _ in range(50):
        copy = QIcon(icons.icon("time"))
        copy.setIsMask(True)  # Qt clones what is behind an icon that is changed
        holder: list[object] = [copy]
        holder.append(holder)
        del copy, holder
        gc.collect(0)
    assert not icons.icon("time").isMask()


def test_a_name_that_is_no_icon_is_an_error() -> None:
    with pytest.raises(KeyError):
        icons.icon("unicorn")
