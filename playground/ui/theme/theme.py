"""The look of the program: one object that everything visible follows, live."""

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from playground.ui import colours, icons
from playground.ui.theme.fonts import load_fonts, sans
from playground.ui.theme.glyphs import Glyphs
from playground.ui.theme.palette import palette_of
from playground.ui.theme.sheet import style_sheet
from playground.ui.theme.tokens import Shade, Tokens, tokens_for

if TYPE_CHECKING:
    from playground.ui.transcript.style import TranscriptStyle

Scheme = Literal["system", "light", "dark"]


class Theme(QObject):
    """Holds the tokens in force. ``changed`` is emitted when the new look has been put on."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app: QApplication | None = None
        self._glyphs = Glyphs()
        self._scheme: Scheme = "system"
        self._tokens = tokens_for("light")

    @property
    def tokens(self) -> Tokens:
        """Sizes and colours as they are now."""
        return self._tokens

    @property
    def scheme(self) -> Scheme:
        """What was asked for; ``system`` follows the desktop."""
        return self._scheme

    @property
    def shade(self) -> Shade:
        """What is shown."""
        return self._tokens.shade

    @property
    def zoom(self) -> float:
        """1.0 is 100 %."""
        return self._tokens.zoom

    def apply(self, app: QApplication) -> None:
        """Put the look on an application, and keep it in line with the desktop from now on."""
        load_fonts()
        app.setStyle("Fusion")
        if self._app is None:
            app.styleHints().colorSchemeChanged.connect(self._on_system_changed)
        self._app = app
        self._put_on(tokens_for(self._wanted_shade(), self.zoom))

    def follow(self, scheme: str, zoom: float | None = None) -> None:
        """Change scheme (``system``, ``light``, ``dark``; anything else counts as ``system``) and zoom."""
        self._scheme = scheme if scheme in ("light", "dark") else "system"  # type: ignore[assignment]
        tokens = tokens_for(self._wanted_shade(), self.zoom if zoom is None else zoom)
        if tokens != self._tokens:
            self._put_on(tokens)

    def transcript_style(self) -> "TranscriptStyle":
        """The same look, as the transcript takes it."""
        from playground.ui.theme.transcript import style_for_transcript

        return style_for_transcript(self._tokens)

    def _wanted_shade(self) -> Shade:
        if self._scheme != "system":
            return self._scheme
        dark = self._app is not None and self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return "dark" if dark else "light"

    def _on_system_changed(self) -> None:
        if self._scheme == "system":
            self.follow("system")

    def _put_on(self, tokens: Tokens) -> None:
        self._tokens = tokens
        colours.put_on(tokens.colours.by_role)
        if self._app is not None:
            # The order matters: a style sheet set last is polished once, with the new palette and font.
            self._app.setPalette(palette_of(tokens))
            self._app.setFont(sans(tokens.body))
            self._app.setStyleSheet(style_sheet(tokens, self._glyphs.urls(tokens)))
            icons.recolour()
        self.changed.emit()
