"""The part of the style sheet for what holds other things: lists, tables, tabs, menus, scroll bars."""

VIEWS = """
QTextBrowser, QTextBrowser:hover, QTextBrowser:focus { border: none; border-radius: 0; padding: 0;
    background: transparent; }
QAbstractScrollArea { background: $surface; }
QScrollArea, QScrollArea > QWidget > QWidget#content { background: transparent; border: none; }
QListView, QTreeView, QTableView { background: $surface; color: $text; border: 1px solid $border;
    border-radius: ${radius}px; outline: none; alternate-background-color: $raised;
    selection-background-color: $accent_soft; selection-color: $text; gridline-color: $border; }
QListView:focus, QTreeView:focus, QTableView:focus { border: 2px solid $focus; }
QListView[bare="true"], QTreeView[bare="true"], QTableView[bare="true"] { border: none; border-radius: 0;
    background: transparent; }
QListView[bare="true"]:focus, QTreeView[bare="true"]:focus, QTableView[bare="true"]:focus { border: none; }
QListView[code="true"], QTableView[code="true"] { font-family: "JetBrains Mono", "Cascadia Mono", "DejaVu Sans Mono";
    font-size: ${code}px; }
QListView::item { padding: ${p3}px ${p6}px; border-radius: ${p4}px; }
QTreeView::item { padding: 0 ${p6}px; border: none; min-height: ${p24}px; }
QListView::item:hover, QTreeView::item:hover, QTableView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected { background: $accent_soft;
    color: $text; }
QTreeView::branch { background: transparent; }
QTreeView::branch:has-children:closed { image: url("$glyph_right"); }
QTreeView::branch:has-children:open { image: url("$glyph_down"); }
QTableView::item { padding: ${p2}px ${p6}px; }
QHeaderView { background: $surface; border: none; }
QHeaderView::section { background: $surface; color: $muted; border: none; border-bottom: 1px solid $border;
    padding: ${p4}px ${p6}px; font-size: ${small}px; font-weight: 600; }
QTableCornerButton::section { background: $surface; border: none; }

QTabWidget::pane { border: none; border-top: 1px solid $border; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $muted; padding: ${p6}px ${p12}px; font-weight: 500;
    border: 2px solid transparent; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:focus { border: 2px solid $focus; border-radius: ${p4}px; }
QTabBar::tab:disabled { color: $faint; }

QGroupBox { border: none; border-top: 1px solid $border; margin-top: ${p20}px; padding-top: ${p8}px;
    font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; subcontrol-position: top left; padding: 0; color: $muted; }

QMenu { background: $raised; color: $text; border: 1px solid $border; border-radius: ${radius}px;
    padding: ${p4}px; }
QMenu::item { padding: ${p5}px ${p24}px ${p5}px ${p10}px; border-radius: ${p4}px; }
QMenu::icon { padding-left: ${p6}px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $faint; background: transparent; }
QMenu::separator { height: 1px; background: $border; margin: ${p4}px ${p6}px; }
QMenuBar { background: $window; }
QMenuBar::item:selected { background: $hover; }

QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: ${p8}px; }
QScrollBar:horizontal { height: ${p8}px; }
QScrollBar::handle { background: $control; border-radius: ${p2}px; margin: ${p2}px; }
QScrollBar::handle:vertical { min-height: ${p32}px; }
QScrollBar::handle:horizontal { min-width: ${p32}px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }

QDockWidget { color: $muted; font-weight: 600; }
QDockWidget::title { background: $window; padding: ${p6}px ${p12}px; border-bottom: 1px solid $border; }

QFrame#composer { background: $surface; border: 1px solid $control; margin: 1px; border-radius: ${card}px; }
QFrame#composer[active="true"] { border: 2px solid $focus; margin: 0; }
QFrame#toast { background: $text; border: none; border-radius: ${radius}px; }
QFrame#toast QLabel { color: $surface; }
QFrame#toast QPushButton { background: transparent; border: 1px solid transparent; color: $surface;
    font-weight: 600; text-decoration: underline; padding: ${p2}px ${p6}px; min-height: ${p16}px; }
QFrame#toast QPushButton:focus, QFrame#toast QPushButton:hover { border: 1px solid $surface; }
QFrame#toast QToolButton:hover { background: transparent; border-color: $surface; }
QFrame#palette { background: $raised; border: 1px solid $control; border-radius: ${card}px; }
QFrame#banner { background: $danger_soft; border: none; border-bottom: 1px solid $danger; }
QFrame#banner[tone="warn"] { background: $warn_soft; border-bottom: 1px solid $warn; }
QFrame#banner[tone="info"] { background: $info_soft; border-bottom: 1px solid $info; }
QFrame#banner[tone="ok"] { background: $ok_soft; border-bottom: 1px solid $ok; }
QPushButton#example { background: $surface; border: 1px solid $border; border-radius: ${card}px;
    text-align: left;
    padding: 0; min-height: ${p76}px; color: $text; }
QPushButton#example:hover { background: $hover; border-color: $control; }
QPushButton#example:focus { border: 2px solid $focus; padding: 0; }
"""
