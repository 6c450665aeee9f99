"""What the window itself can do, by key and by name: zoom, theme, palette, quit."""

from playground.app.window import MainWindow
from playground.settings.preferences import MAXIMUM_ZOOM, MINIMUM_ZOOM
from playground.ui.command_palette import CommandPalette
from playground.workbench.workbench import Workbench

ZOOM_STEP = 0.1
THEMES = ("system", "light", "dark")


def add_window_commands(window: MainWindow, bench: Workbench) -> None:
    """Give the window its own commands and the palette that lists all of them."""
    choices, theme = bench.choices, bench.theme

    def zoom_to(factor: float) -> None:
        factor = round(min(max(factor, MINIMUM_ZOOM), MAXIMUM_ZOOM), 2)
        choices.prefer(zoom=factor)
        theme.follow(choices.preferences.theme, factor)

    def next_theme() -> None:
        following = THEMES[(THEMES.index(choices.preferences.theme) + 1) % len(THEMES)]
        choices.prefer(theme=following)
        theme.follow(following, choices.preferences.zoom)
        bench.notices.say(f"Theme: {following}")

    def redraw_icons() -> None:
        window.rail.refresh_icons()
        window.strip.refresh()

    theme.changed.connect(redraw_icons)
    palette = CommandPalette(window)
    window.add_command("Zoom in", "Ctrl++", lambda: zoom_to(choices.preferences.zoom + ZOOM_STEP))
    window.add_command("Zoom in ", "Ctrl+=", lambda: zoom_to(choices.preferences.zoom + ZOOM_STEP))
    window.add_command("Zoom out", "Ctrl+-", lambda: zoom_to(choices.preferences.zoom - ZOOM_STEP))
    window.add_command("Zoom to 100 %", "Ctrl+0", lambda: zoom_to(1.0))
    window.add_command("Next theme (system, light, dark)", "Ctrl+Shift+T", next_theme)
    window.add_command("Quit", "Ctrl+Q", window.quit_requested.emit)
    window.add_command("Command palette", "Ctrl+Shift+P", lambda: palette.open_on(window.commands()))
    window.strip.palette_requested.connect(lambda: palette.open_on(window.commands()))
