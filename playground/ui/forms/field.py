"""What all fields share: they know a touch from a filling, look dim while unset, and leave the wheel alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from playground.ui.theme.sheet import set_property


class FormField(QWidget):
    """A field for one value; this one by itself holds a value that cannot be edited.

    ``value`` is what was entered, None for nothing; it raises ``ValueError``, in words, for what is no value.
    ``put`` shows a value (None: nothing) without a touch; ``takes`` says whether it could be shown and given
    back unchanged. ``wide`` fields want a line of their own.
    """

    touched = Signal()
    wide = False

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._filling = False
        self._fixed: Any = None
        self._inputs: list[QWidget] = []

    def value(self) -> Any:
        """What was entered."""
        return self._fixed

    def put(self, value: Any) -> None:
        """Show a value."""
        self._fixed = value

    def takes(self, value: Any) -> bool:
        """Whether this field can hold a value."""
        return True

    def set_unset(self, unset: bool) -> None:
        """Dim it: what it shows is not sent."""
        for widget in self._inputs:
            set_property(widget, "unset", unset)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel scrolls the page, unless the field has the focus: a value must not change in passing."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False

    def _take_in(self, widget: QWidget, spoken: str = "", *, wheel: bool = False) -> None:
        """Make a widget part of this field; ``wheel`` says that it would react to the wheel."""
        widget.setAccessibleName(spoken or self._name)
        self._inputs.append(widget)
        if self.focusProxy() is None:
            self.setFocusProxy(widget)
        if wheel:
            widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            widget.installEventFilter(self)

    @contextmanager
    def _fill(self) -> Iterator[None]:
        before, self._filling = self._filling, True
        try:
            yield
        finally:
            self._filling = before

    def _on_touch(self) -> None:
        if not self._filling:
            self.touched.emit()
