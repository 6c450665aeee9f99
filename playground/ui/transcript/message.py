"""One message as a widget: who speaks, the text, its facts, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication, QHelpEvent, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from playground.ui.plain_text import tooltip
from playground.ui.transcript.body import Body
from playground.ui.transcript.buttons import FlatButton
from playground.ui.transcript.entry import Chip, Entry
from playground.ui.transcript.formats import Formats
from playground.ui.transcript.plaintext import clean

Icons = Callable[[str], QIcon]
_SIBLINGS = (
    ("◀", -1, "Previous version", "chevron-left"),
    ("▶", 1, "Next version", "chevron-right"),
)
_ONE_LINE = int(Qt.TextFlag.TextSingleLine.value)
_LEFT = int(Qt.AlignmentFlag.AlignVCenter.value | Qt.AlignmentFlag.AlignLeft.value)
_WRAPPED = int(Qt.TextFlag.TextWordWrap.value | Qt.AlignmentFlag.AlignVCenter.value)


class Message(QWidget):
    """Everything but the text and the buttons is painted, so that a message is cheap to build."""

    action_clicked = Signal(str)
    sibling_clicked = Signal(int)

    def __init__(self, entry: Entry, formats: Formats, icons: Icons | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.entry = entry
        self.pinned = False
        self._formats = formats
        self._icons = icons
        self._buttons: list[FlatButton] = []
        self._card = QRectF()
        self._head = QRect()
        self._body_box = QRect()
        self._button_boxes: list[tuple[FlatButton, QRect]] = []
        self._note = QRect()
        self._foot = QRect()
        self._position = QRect()
        self._chips: list[tuple[QRect, Chip]] = []
        self.body = Body(formats, self, markdown=entry.markdown)
        self.body.copy_message_requested.connect(self._copy)
        self._tail = self._stale = 0
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        # Opaque and static: a message that moves is copied, and one that grows is painted only where it is new.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self._build_buttons()

    def set_entry(self, entry: Entry) -> None:
        """Show other facts; the text is the body's affair."""
        rebuilt = (entry.actions, entry.position) != (self.entry.actions, self.entry.position)
        self.entry = entry
        if rebuilt:
            self._build_buttons()
        self._name()
        self.update()

    def set_formats(self, formats: Formats) -> None:
        """Draw in another style."""
        self._formats = formats
        self.body.set_formats(formats)
        self._build_buttons()

    def stops(self) -> list[QWidget]:
        """What the Tab key reaches in this message, in order."""
        return [*self.body.stops(), *self._buttons]

    def _name(self) -> None:
        entry = self.entry
        name = self._names()[0]
        self.setAccessibleName(", ".join(part for part in self._names() if part))
        facts = [chip.text for chip in entry.chips] + [entry.note, entry.footer]
        self.setAccessibleDescription(". ".join(fact for fact in facts if fact))
        self.body.setAccessibleName(f"{name}: text of the message")

    def _names(self) -> tuple[str, str]:
        """Who speaks, and what stands beside it; a title that only names the speaker takes the role's place."""
        role, title = self.entry.role, self.entry.title
        if title.casefold() in ("you", role.casefold()):
            return title, ""
        return role[:1].upper() + role[1:], title

    def _build_buttons(self) -> None:
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons, self._button_boxes = [], []
        if self.entry.position is not None:
            number, count = self.entry.position
            for sign, step, name, picture in _SIBLINGS:
                icon = self._icons(picture) if self._icons is not None else None
                button = FlatButton(sign, self._formats, self, icon=icon, name=name)
                button.setEnabled(1 <= number + step <= count)
                button.clicked.connect(lambda _=False, step=step: self.sibling_clicked.emit(step))
                self._buttons.append(button)
        for action in self.entry.actions:
            icon = self._icons(action.icon) if self._icons is not None and action.icon else None
            button = FlatButton(action.text, self._formats, self, icon=icon)
            button.reveal_when(self.is_revealed)
            button.clicked.connect(lambda _=False, id=action.id: self._act(id))
            self._buttons.append(button)
        for button in self._buttons:
            button.show()
        self._name()

    def is_revealed(self) -> bool:
        """Whether the row of actions is drawn."""
        focus = QApplication.focusWidget()
        return self.pinned or self.underMouse() or (focus is not None and self.isAncestorOf(focus))

    def _act(self, action: str) -> None:
        if action == "copy":
            self._copy()
        self.action_clicked.emit(action)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(clean(self.entry.text))

    # ---- geometry

    def lay_out(self, width: int) -> int:
        """Work out the places of everything for a width; the height that this takes."""
        style = self._formats.style
        unit = style.space
        side = unit * 3
        column = round(min(style.column, width - 2 * side))
        left = round((width - column) / 2)
        boxed = self.entry.role.lower() == "user"
        y = round(unit)
        card_top, pad = y, round(unit * 1.25) if boxed else 0
        y += pad
        self._head = QRect(left, y, column, round(style.small * 1.7))
        y = self._head.bottom() + 1 + round(unit * 0.5)
        self.body.set_width(column)
        height = self.body.text_height()
        self._body_box = QRect(left, y, column, max(height, 1))
        tail = y + height - round(unit * 2)
        y = self._place_chips(left, y + height, column)
        y = self._place_note(left, y, column)
        y += pad
        self._card = (
            QRectF(left - side / 1.5, card_top, column + side / 0.75, y - card_top) if boxed else QRectF()
        )
        y = self._place_foot(left, y + round(unit * 0.5), column)
        y += round(unit * 0.5)
        self._stale = min(tail, self._tail, self._stale)
        self._tail = tail
        return y

    def place_parts(self) -> None:
        """Put everything in its place and ask for the paint of what has changed: after the message itself has been
        moved, for what waits for paint cannot be copied to a new place."""
        if self.body.geometry() != self._body_box:
            self.body.setGeometry(self._body_box)
        for button, box in self._button_boxes:
            if button.geometry() != box:
                button.setGeometry(box)
        if self._stale < self.height():
            self.update(0, self._stale, self.width(), self.height())
        self._stale = self.height()
        self.body.paint_changes()

    def _place_chips(self, left: int, y: int, column: int) -> int:
        self._chips = []
        if not self.entry.chips:
            return y
        unit = self._formats.style.space
        words = QFontMetricsF(self._formats.font(self._formats.style.small, weight=500))
        height = round(words.height() + unit * 0.75)
        x, y = left, y + round(unit * 1.5)
        for chip in self.entry.chips:
            wide = min(round(words.horizontalAdvance(chip.text) + unit * 2.25), column)
            if x > left and x + wide > left + column:
                x, y = left, y + height + round(unit * 0.75)
            self._chips.append((QRect(x, y, wide, height), chip))
            x += wide + round(unit * 0.75)
        return y + height

    def _place_note(self, left: int, y: int, column: int) -> int:
        self._note = QRect()
        if not self.entry.note:
            return y
        unit = self._formats.style.space
        words = QFontMetricsF(self._formats.font(self._formats.style.small))
        room = QRectF(0, 0, column - unit * 3, 10_000)
        height = round(words.boundingRect(room, _WRAPPED, self.entry.note).height() + unit * 1.25)
        self._note = QRect(left, y + round(unit * 1.25), column, height)
        return self._note.bottom() + 1

    def _place_foot(self, left: int, y: int, column: int) -> int:
        entry, unit = self.entry, self._formats.style.space
        self._foot = QRect()
        if not (self._buttons or entry.footer or entry.streaming):
            return y
        height = round(unit * 3.5)
        x = left - round(unit * 0.75)
        self._button_boxes = []
        for at, button in enumerate(self._buttons):
            size = button.sizeHint()
            box = QRect(x, y + (height - size.height()) // 2, size.width(), size.height())
            self._button_boxes.append((button, box))
            x += size.width() + 1
            if at == 0 and entry.position is not None:
                words = QFontMetricsF(self._formats.font(self._formats.style.small, weight=500))
                wide = round(words.horizontalAdvance(self._position_text()))
                self._position = QRect(x, y, wide, height)
                x += wide
            elif at == 1 and entry.position is not None:
                x += round(unit)
        x += round(unit)
        self._foot = QRect(x, y, max(left + column - x, 0), height)
        return y + height

    def _position_text(self) -> str:
        number, count = self.entry.position or (1, 1)
        return f"{number}/{count}"

    # ---- Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        style = self._formats.style
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(style.background))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._card.isEmpty():
            painter.setPen(QColor(style.card_border))
            painter.setBrush(QColor(style.card))
            painter.drawRoundedRect(
                self._card.adjusted(0.5, 0.5, -0.5, -0.5), style.radius * 1.5, style.radius * 1.5
            )
        self._paint_head(painter)
        small = self._formats.font(style.small, weight=500)
        for area, chip in self._chips:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(getattr(style, f"{chip.tone or 'neutral'}_ground")))
            painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
            painter.setPen(QColor(style.text if chip.tone in ("", "neutral") else getattr(style, chip.tone)))
            painter.setFont(small)
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter.value) | _ONE_LINE, chip.text)
        if not self._note.isEmpty():
            self._paint_note(painter)
        if self.entry.position is not None:
            painter.setPen(QColor(style.muted))
            painter.setFont(small)
            painter.drawText(self._position, int(Qt.AlignmentFlag.AlignCenter.value), self._position_text())
        if self.entry.footer and not self._foot.isEmpty():
            font = self._formats.font(style.small)
            painter.setFont(font)
            painter.setPen(QColor(style.muted))
            shown = QFontMetricsF(font).elidedText(
                self.entry.footer, Qt.TextElideMode.ElideRight, self._foot.width()
            )
            where = int(Qt.AlignmentFlag.AlignVCenter.value | Qt.AlignmentFlag.AlignRight.value)
            painter.drawText(self._foot, where | _ONE_LINE, shown)

    def _paint_head(self, painter: QPainter) -> None:
        style, entry = self._formats.style, self.entry
        bold = self._formats.font(style.small + 0.5, weight=600)
        painter.setFont(bold)
        painter.setPen(QColor(style.text))
        name, facts = self._names()
        painter.drawText(self._head, _LEFT | _ONE_LINE, name)
        after = round(QFontMetricsF(bold).horizontalAdvance(name) + style.space)
        rest = self._head.adjusted(after, 0, 0, 0)
        plain = self._formats.font(style.small)
        words = QFontMetricsF(plain)
        painter.setFont(plain)
        painter.setPen(QColor(style.muted))
        title = words.elidedText(facts, Qt.TextElideMode.ElideRight, rest.width() - 12 * style.space)
        painter.drawText(rest, _LEFT | _ONE_LINE, title)
        if entry.streaming:
            x = rest.left() + (words.horizontalAdvance(title) + style.space if title else 0)
            dot = style.space * 0.75
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(style.accent))
            painter.drawEllipse(QRectF(x, rest.center().y() - dot / 2 + 0.5, dot, dot))
            painter.setPen(QColor(style.accent))
            label = QRect(round(x + dot * 1.8), rest.top(), rest.width(), rest.height())
            painter.drawText(label, _LEFT | _ONE_LINE, "writing…")

    def _paint_note(self, painter: QPainter) -> None:
        style, tone = self._formats.style, self.entry.tone or "neutral"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(style, f"{tone}_ground")))
        painter.drawRoundedRect(self._note, style.radius * 0.75, style.radius * 0.75)
        painter.setPen(QColor(style.text if tone == "neutral" else getattr(style, tone)))
        painter.setFont(self._formats.font(style.small))
        inner = self._note.adjusted(round(style.space * 1.5), 0, -round(style.space * 1.5), 0)
        painter.drawText(inner, _WRAPPED, self.entry.note)

    def event(self, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tooltip(event)
            return True
        if kind in (QEvent.Type.HoverEnter, QEvent.Type.HoverLeave):
            for button in self._buttons:
                button.update()
        return super().event(event)

    def _show_tooltip(self, event: QHelpEvent) -> None:
        for area, chip in self._chips:
            if area.contains(event.pos()) and chip.tooltip:
                QToolTip.showText(event.globalPos(), tooltip(chip.tooltip), self, area)
                return
        if self._foot.contains(event.pos()) and self.entry.footer:
            QToolTip.showText(event.globalPos(), tooltip(self.entry.footer), self, self._foot)
            return
        QToolTip.hideText()

    def sizeHint(self) -> QSize:
        return QSize(round(self._formats.style.column), self.height())
