"""What is painted behind a message's text: grounds of code, bars of quotes, rules and check boxes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTextBlock, QTextDocument

from playground.ui.transcript.formats import FIRST, INFO, KIND, PATH, TASK, Formats


def paint_grounds(painter: QPainter, document: QTextDocument, formats: Formats, clip: QRectF) -> None:
    """Paint everything that lies behind the text inside ``clip`` (document coordinates)."""
    layout = document.documentLayout()
    at = layout.hitTest(QPointF(0, max(clip.top() - formats.code_head, 0)), Qt.HitTestAccuracy.FuzzyHit)
    block = document.findBlock(max(at, 0))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    width = document.textWidth()
    while block.isValid():
        block_format = block.blockFormat()
        kind = block_format.property(KIND)
        if kind is None:  # inside a table, or a thin block
            block = block.next()
            continue
        area = extent(document, block)
        if area.top() - formats.code_head > clip.bottom():
            return
        path = block_format.property(PATH) or ""
        if "q" in path:
            _bars(painter, formats, block, path, area)
        if kind == "code":
            block = _code(painter, document, formats, block, width, clip)
            continue
        if kind == "rule":
            painter.fillRect(QRectF(0, area.center().y(), width, 1), QColor(formats.style.line))
        elif task := block_format.property(TASK):
            _box(painter, formats, block, area, task == "☑")
        block = block.next()


def extent(document: QTextDocument, block: QTextBlock) -> QRectF:
    """Where a block is. Qt's own answer leaves out what its lines are made higher by."""
    area = document.documentLayout().blockBoundingRect(block)
    layout = block.layout()
    if layout.lineCount():
        area.setBottom(area.top() + layout.lineAt(layout.lineCount() - 1).rect().bottom())
    return area


def code_area(document: QTextDocument, formats: Formats, first: QTextBlock) -> QRectF:
    """The head of the code block that begins with ``first``: where its language and its button are."""
    area = document.documentLayout().blockBoundingRect(first)
    left = first.blockFormat().leftMargin() - formats.code_pad
    return QRectF(left, area.top() - formats.code_head, document.textWidth() - left, formats.code_head)


def _bars(painter: QPainter, formats: Formats, block: QTextBlock, path: str, area: QRectF) -> None:
    """The bars of the quotes around a block; they reach up to the block before where that is in the quote."""
    before = str(block.previous().blockFormat().property(PATH) or "")
    above = extent(block.document(), block.previous()).bottom()
    x = 0.0
    for at, part in enumerate(path):
        if part == "q":
            top = above if before[: at + 1] == path[: at + 1] else area.top()
            bar = QRectF(x + 1, top, 3, area.bottom() - top)
            painter.fillRect(bar, QColor(formats.style.quote))
            x += formats.quote_step
        else:
            x += formats.list_step


def _code(
    painter: QPainter,
    document: QTextDocument,
    formats: Formats,
    block: QTextBlock,
    width: float,
    clip: QRectF,
) -> QTextBlock:
    """Paint the ground of a code block from ``block`` on; gives the block after the last one seen."""
    left = block.blockFormat().leftMargin() - formats.code_pad
    area = extent(document, block)
    first = bool(block.blockFormat().property(FIRST))
    top = area.top() - formats.code_head if first else clip.top() - 40
    language = str(block.blockFormat().property(INFO) or "") if first else ""
    bottom = area.bottom()
    block = block.next()
    ended = True
    while block.isValid():
        block_format = block.blockFormat()
        if block_format.property(KIND) != "code" or block_format.property(FIRST):
            break
        bottom = extent(document, block).bottom()
        block = block.next()
        if bottom > clip.bottom() + 40:
            ended = False
            break
    style = formats.style
    if ended:
        bottom += formats.code_foot
    ground = QRectF(left + 0.5, round(top) + 0.5, width - left - 1, round(bottom) - round(top) - 1)
    painter.setPen(QPen(QColor(style.code_border), 1))
    painter.setBrush(QColor(style.code_background))
    painter.drawRoundedRect(ground, style.radius, style.radius)
    if first:
        painter.setPen(QColor(style.muted))
        painter.setFont(formats.font(style.small))
        label = QRectF(left + formats.code_pad, round(top), width - left, formats.code_head)
        painter.drawText(
            label, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, language or "text"
        )
    return block


def _box(painter: QPainter, formats: Formats, block: QTextBlock, area: QRectF, ticked: bool) -> None:
    style = formats.style
    side = round(style.body * 0.95)
    left = round(block.blockFormat().leftMargin() - formats.list_step) + 0.5
    line = block.layout().lineAt(0)
    baseline = area.top() + line.y() + line.ascent() if block.layout().lineCount() else area.center().y()
    top = round(baseline - style.body * 0.36 - side / 2) + 0.5
    box = QRectF(left, top, side, side)
    painter.setPen(QPen(QColor(style.accent if ticked else style.muted), 1.2))
    painter.setBrush(QColor(style.accent) if ticked else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, 3, 3)
    if ticked:
        painter.setPen(QPen(QColor(style.accent_text), 1.8))
        painter.drawPolyline(
            [
                QPointF(left + side * 0.24, top + side * 0.52),
                QPointF(left + side * 0.43, top + side * 0.72),
                QPointF(left + side * 0.77, top + side * 0.3),
            ]
        )
