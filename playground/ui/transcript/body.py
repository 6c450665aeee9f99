"""The text of one message: a read-only document that fetches nothing, opens nothing and copies plain text."""

from __future__ import annotations

from time import thread_time

from PySide6.QtCore import QMimeData, QPoint, QRectF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextCursor,
    QTextDocument,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QMenu, QTextBrowser, QTextEdit, QWidget

from playground.ui.plain_text import tooltip
from playground.ui.transcript.buttons import FlatButton
from playground.ui.transcript.decor import code_area, extent, paint_grounds
from playground.ui.transcript.formats import Formats
from playground.ui.transcript.growth import Growth, Letters
from playground.ui.transcript.inline import followable
from playground.ui.transcript.leaf import Leaf
from playground.ui.transcript.plaintext import clean, selected_text
from playground.ui.transcript.writer import Writer

_NOTHING = 1 << 24
_COLOUR_SECONDS = 0.003


class InertDocument(QTextDocument):
    """A document to which every resource is missing: no image, style sheet or file is ever opened for it."""

    def loadResource(self, kind: int, name: QUrl | str) -> None:
        return None


class Body(QTextBrowser):
    """One message's text. ``feed`` and ``finish`` give it Markdown, ``work`` writes it, in slices."""

    link_clicked = Signal(str)
    copy_message_requested = Signal()
    dragged_to = Signal(QPoint)
    cut_opened = Signal()

    def __init__(self, formats: Formats, parent: QWidget, *, markdown: bool = True) -> None:
        super().__init__(parent)
        self.setObjectName("transcriptBody")
        self._formats = formats
        self._markdown = markdown
        self._opened: frozenset[int] = frozenset()
        self._source: list[str] = []
        self._finished = False
        self._overlays: dict[int, FlatButton] = {}
        self._colouring = False
        self._stale_from = _NOTHING
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLineWrapMode(QTextEdit.LineWrapMode.FixedPixelWidth)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.viewport().setAutoFillBackground(False)
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self.anchorClicked.connect(self._on_anchor)
        self.highlighted.connect(self._on_pointed)
        self._start()

    def _start(self) -> None:
        """Begin with an empty document in the present style."""
        document = InertDocument(self)
        old = self.document()
        self._growth = self._new_growth()
        self._writer = Writer(document, self._formats, self._growth.references)
        self._writer.set_width(self.lineWrapColumnOrWidth() or 600)
        self.setDocument(document)
        if isinstance(old, InertDocument):
            old.deleteLater()
        palette = self.palette()
        style = self._formats.style
        palette.setColor(QPalette.ColorRole.Base, QColor(0, 0, 0, 0))
        palette.setColor(QPalette.ColorRole.Text, QColor(style.text))
        palette.setColor(QPalette.ColorRole.Link, QColor(style.link))
        palette.setColor(QPalette.ColorRole.Highlight, QColor(style.selection))
        palette.setColor(QPalette.ColorRole.HighlightedText, QColor(style.text))
        self.setPalette(palette)
        self._drop_overlays(0)

    # ---- text in

    def feed(self, text: str) -> None:
        """Take more of the message's text."""
        self._source.append(text)
        self._growth.feed(text)

    def finish(self) -> None:
        """Say that the text is whole."""
        self._finished = True
        self._growth.finish()

    def set_text(self, text: str, *, finished: bool) -> None:
        """Show another text; what begins alike is not drawn again."""
        self._source = [text]
        self._finished = finished
        self._regrow()

    def open_cut(self, order: int) -> None:
        """Show an overlong part whole."""
        self._opened |= {order}
        self._regrow()
        self.cut_opened.emit()

    def set_formats(self, formats: Formats) -> None:
        """Draw everything again in another style."""
        self._formats = formats
        self._start()
        self._refeed()

    def _new_growth(self) -> Growth:
        return Growth(self._opened) if self._markdown else Letters(self._opened)

    def _regrow(self) -> None:
        """Read the text again, and let only the differences be written."""
        shown = self._growth.leaves
        self._growth = self._new_growth()
        self._growth.retrace(shown)
        self._writer.references = self._growth.references
        self._refeed()

    def _refeed(self) -> None:
        text = "".join(self._source)
        self._source = [text]
        self._growth.feed(text)
        if self._finished:
            self._growth.finish()

    # ---- work

    @property
    def pending(self) -> bool:
        """Whether text is still to be written; colours do not count."""
        return self._growth.pending or self._writer.pending

    @property
    def restless(self) -> bool:
        """Whether ``work`` has anything to do at all."""
        return self.pending or self._colouring

    def work(self, deadline: float) -> None:
        """Read and write until the thread's CPU clock passes ``deadline``."""
        writer = self._writer
        writer.changed_from = writer.painted_to = None
        # Qt asks to paint everything again when a table changes; only what follows the first change needs it.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_UpdatesDisabled, True)
        while True:
            writer.work(deadline)
            if writer.pending or not self._growth.pending or thread_time() >= deadline:
                break
            writer.queue(self._growth.advance())
            self._colouring = True
        if self._colouring and not writer.pending:
            self._colouring = writer.colour(
                self._growth.settled, min(deadline, thread_time() + _COLOUR_SECONDS)
            )
        if writer.painted_to is not None:
            self.document().size()  # lays out what is left, and asks for its paint, while that is not heard
            self._stale_from = min(self._line_before(writer.painted_to), self._stale_from)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_UpdatesDisabled, False)
        if writer.changed_from is not None:
            self._fit_overlays(writer.changed_from)

    def paint_changes(self) -> None:
        """Ask for the paint of what has changed; not before messages have moved, or nothing could be copied."""
        if self._stale_from < _NOTHING:
            self.viewport().update(0, self._stale_from, self.viewport().width(), _NOTHING)
            self._stale_from = _NOTHING

    def _line_before(self, position: int) -> int:
        """The top of the line before a position, in pixels: a growing word may have left that line."""
        block = self.document().findBlock(position)
        line = block.layout().lineForTextPosition(position - block.position())
        top = self.document().documentLayout().blockBoundingRect(block).top()
        return max(int(top + (line.y() if line.isValid() else 0) - self._formats.style.line_height * 1.5), 0)

    # ---- geometry

    def set_width(self, width: int) -> None:
        """Lay the text out for a width in pixels."""
        if self.lineWrapColumnOrWidth() != width:
            self._writer.set_width(width)
            self.setLineWrapColumnOrWidth(width)
            self._fit_overlays(0)

    def text_height(self) -> int:
        """The height that the text wants at the present width."""
        foot = self._formats.code_foot if self._writer.shown and self._writer.shown[-1].kind == "code" else 0
        return int(self.document().size().height() + 0.999) + foot

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.verticalScrollBar().setValue(0)

    # ---- buttons on code and cuts

    def _fit_overlays(self, changed_from: int) -> None:
        """Put the buttons where their blocks are, from the first changed leaf on."""
        shown = self._writer.shown
        self._drop_overlays(changed_from)
        for at in range(changed_from, len(shown)):
            leaf = shown[at]
            if (leaf.kind == "code" and leaf.first) or leaf.kind == "cut":
                self._overlays[at] = self._overlay(at, leaf)
        document = self.document()
        for at, button in self._overlays.items():
            block = document.findBlock(self._writer.start_of(at))
            size = button.sizeHint()
            if shown[at].kind == "code":
                head = code_area(document, self._formats, block)
                x = head.right() - size.width() - self._formats.style.space / 2
                y = head.center().y() - size.height() / 2
            else:
                area = extent(document, block)
                x, y = area.left(), area.center().y() - size.height() / 2
            button.setGeometry(round(x), round(y), size.width(), size.height())
            button.show()

    def _overlay(self, at: int, leaf: Leaf) -> FlatButton:
        if leaf.kind == "cut":
            button = FlatButton(leaf.text, self._formats, self.viewport())
            button.set_framed(True)
            button.clicked.connect(lambda: self.open_cut(leaf.order))
            return button
        name = f"Copy the {leaf.info} code" if leaf.info else "Copy the code"
        button = FlatButton("Copy", self._formats, self.viewport(), name=name)
        button.clicked.connect(lambda: self._copy_code(leaf))
        return button

    def _drop_overlays(self, changed_from: int) -> None:
        for at in [at for at in self._overlays if at >= changed_from]:
            button = self._overlays.pop(at)
            button.hide()
            button.deleteLater()

    def _copy_code(self, leaf: Leaf) -> None:
        if leaf.listing is not None:
            QGuiApplication.clipboard().setText(clean("\n".join(leaf.listing.lines)))

    def stops(self) -> list[QWidget]:
        """What the Tab key reaches inside the text, in order; the text itself first, for its links."""
        return [self, *(self._overlays[at] for at in sorted(self._overlays))]

    # ---- Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        paint_grounds(painter, self.document(), self._formats, QRectF(event.rect()))
        painter.end()
        super().paintEvent(event)

    def createMimeDataFromSelection(self) -> QMimeData:
        data = QMimeData()
        data.setText(selected_text(self.textCursor()))
        return data

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged_to.emit(event.globalPosition().toPoint())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ours = (QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.SelectAll)
        on_link = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        if on_link or any(event.matches(key) for key in ours):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction("Copy", self.copy)
        copy.setEnabled(self.textCursor().hasSelection())
        menu.addAction("Copy message", self.copy_message_requested.emit)
        address = self.anchorAt(event.pos())
        if address:
            menu.addAction("Copy link address", lambda: QGuiApplication.clipboard().setText(clean(address)))
        menu.addSeparator()
        menu.addAction("Select all", self.selectAll)
        menu.popup(event.globalPos())

    def clear_selection(self) -> None:
        """Select nothing."""
        cursor = self.textCursor()
        if cursor.hasSelection():
            cursor.setPosition(cursor.position(), QTextCursor.MoveMode.MoveAnchor)
            self.setTextCursor(cursor)

    def _on_pointed(self, url: QUrl) -> None:
        """Say where a link really leads while the pointer is on it."""
        address = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
        self.viewport().setToolTip(tooltip(f"{url.host()}\n{address}" if url.host() else address))

    def _on_anchor(self, url: QUrl) -> None:
        address = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
        if followable(address):
            self.link_clicked.emit(address)
