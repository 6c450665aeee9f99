"""Small fields of the form: a key that cannot be copied, a box to paste into, a choice of colours."""

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QIcon, QKeyEvent, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QToolButton,
    QWidget,
)

from playground.settings.profiles import COLOURS

LARGEST_PASTE = 1_000_000
USUAL_LINE = 16  # height of a line at 100 %


class KeyField(QLineEdit):
    """Takes a secret and gives nothing back: no copying, cutting, dragging, and empty once it was entered."""

    entered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setDragEnabled(False)
        self.setMaxLength(20_000)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self.editingFinished.connect(self.commit)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """No menu: it would offer to copy."""
        event.ignore()

    def commit(self) -> None:
        """Hand over what was typed, if anything was; also for buttons that do not take the focus."""
        text = self.text().strip()
        self.clear()
        if text:
            self.entered.emit(text)


class PasteBox(QPlainTextEdit):
    """Hands over what is pasted or dropped instead of showing it, since there may be a key in it."""

    pasted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Two lines high at any zoom."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Pasting and dropping both come through here."""
        if source.hasText() and (text := source.text()[:LARGEST_PASTE]).strip():
            self.clear()
            self.pasted.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return takes what was typed."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            text = self.toPlainText()
            self.clear()
            if text.strip():
                self.pasted.emit(text)
            return
        super().keyPressEvent(event)

    def _fit(self) -> None:
        self.setFixedHeight(self.fontMetrics().lineSpacing() * 2 + 20)


def zoomed(widget: QWidget, pixels: int) -> int:
    """A size at 100 % in the pixels of a widget's font, which is what zoom changes."""
    return round(pixels * widget.fontMetrics().height() / USUAL_LINE)


def colour_dot(colour: str, pixels: int = 12, *, ring: QColor | None = None) -> QIcon:
    """A round mark in the colour of a connection; the ring shows which one is chosen."""
    picture = QPixmap(pixels * 3, pixels * 3)  # sharp up to three pixels a point
    picture.setDevicePixelRatio(3)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    inset = 3 if ring else 1
    painter.drawEllipse(inset, inset, pixels - 2 * inset, pixels - 2 * inset)
    if ring:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ring, 1.5))
        painter.drawEllipse(1, 1, pixels - 2, pixels - 2)
    painter.end()
    mark = QIcon(picture)
    mark.addPixmap(picture, QIcon.Mode.Selected)  # Qt would tint it with the colour of the selection
    return mark


class ColourChoice(QWidget):
    """The colours that a connection can be told by."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for name in COLOURS:
            button = QToolButton(self)
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.setIconSize(QSize(18, 18))
            button.setAccessibleName(f"Colour {name}")
            button.setToolTip(name.capitalize())
            self._group.addButton(button)
            self._buttons[name] = button
            row.addWidget(button)
        row.addStretch(1)
        self._group.buttonClicked.connect(self._on_clicked)
        self._draw()

    def colour(self) -> str:
        """The name of the chosen colour; empty when the one shown is not among these."""
        return next((name for name, button in self._buttons.items() if button.isChecked()), "")

    def show_colour(self, name: str) -> None:
        """Choose a colour; for an unknown one none is marked."""
        self._group.setExclusive(False)
        for known, button in self._buttons.items():
            button.setChecked(known == name)
        self._group.setExclusive(True)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """The ring follows the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _on_clicked(self, _button: QAbstractButton) -> None:
        self._draw()
        self.chosen.emit(self.colour())

    def _draw(self) -> None:
        ring = self.palette().color(QPalette.ColorRole.WindowText)
        for name, button in self._buttons.items():
            button.setIcon(colour_dot(COLOURS[name], 18, ring=ring if button.isChecked() else None))
