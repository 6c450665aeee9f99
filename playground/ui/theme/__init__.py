"""The look: tokens of size and colour, light and dark, and the object that puts them on the application."""

from playground.ui.theme.sheet import repolish, set_property
from playground.ui.theme.theme import Scheme, Theme
from playground.ui.theme.tokens import Colours, Tokens, tokens_for

__all__ = ["Colours", "Scheme", "Theme", "Tokens", "repolish", "set_property", "tokens_for"]
