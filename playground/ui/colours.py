"""The colours in force, for whatever paints itself; a theme puts them here, nothing else does."""

from collections.abc import Callable

from PySide6.QtGui import QColor

_colour_of: list[Callable[[str], str]] = []


def put_on(colour_of: Callable[[str], str]) -> None:
    """From now on take colours by role from here. What is already shown follows when it is next painted."""
    _colour_of[:] = [colour_of]


def colour(role: str) -> QColor:
    """The colour of a role (a field of ``Colours``) at this moment; grey while there is no theme."""
    return QColor(_colour_of[0](role) if _colour_of else "#808080")
