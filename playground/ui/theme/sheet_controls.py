"""The part of the style sheet for what is pressed, typed into and dragged."""

CONTROLS = """
QPushButton { background: $raised; color: $text; border: 1px solid $control; border-radius: ${radius}px;
    padding: ${p5}px ${p12}px; min-height: ${p18}px; font-weight: 500; }
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:checked { background: $pressed; }
QPushButton:focus { border: 2px solid $focus; padding: ${p4}px ${p12}px; }
QPushButton:disabled { color: $faint; background: $window; border-color: $border; }
QPushButton[kind="primary"] { background: $accent; color: $accent_text; border-color: $accent;
    font-weight: 600; }
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed { background: $accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: $neutral_soft; color: $faint;
    border-color: $neutral_soft; }
QPushButton[kind="danger"] { background: $danger; color: $danger_text; border-color: $danger;
    font-weight: 600; }
QPushButton[kind="danger"]:hover, QPushButton[kind="danger"]:pressed { background: $danger_hover; }
QPushButton[kind="danger"]:focus { border: 2px solid $text; }
QPushButton[kind="danger"]:disabled { background: $neutral_soft; color: $faint; border-color: $neutral_soft; }
QPushButton[kind="ghost"] { background: transparent; border-color: transparent; color: $text; }
QPushButton[kind="ghost"]:hover { background: $hover; }
QPushButton[kind="ghost"]:pressed, QPushButton[kind="ghost"]:checked { background: $pressed; }
QPushButton[kind="ghost"]:focus { border: 2px solid $focus; }
QPushButton[kind="ghost"]:disabled { color: $faint; }
QPushButton[kind="link"] { background: transparent; border: 1px solid transparent; color: $link;
    padding: ${p2}px ${p4}px; min-height: ${p16}px; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:disabled { color: $faint; }
QPushButton[kind="link"]:focus { border: 1px solid $focus; }

QPushButton { icon-size: ${p16}px; }

QToolButton { background: transparent; color: $text; border: 2px solid transparent;
    border-radius: ${radius}px;
    padding: ${p3}px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $pressed; }
QToolButton:checked { background: $accent_soft; color: $accent; }
QToolButton:focus { border-color: $focus; }
QToolButton:disabled { color: $faint; }
QToolButton::menu-indicator { image: none; }
QToolButton[rail="true"] { color: $muted; font-size: ${small}px; font-weight: 500; padding: ${p6}px ${p2}px;
    min-width: ${p32}px; }
QToolButton[rail="true"]:hover { color: $text; }
QToolButton[rail="true"]:checked { background: $accent_soft; color: $accent; font-weight: 600; }
QToolButton[kind="primary"] { background: $accent; border-color: $accent; border-radius: ${p8}px; }
QToolButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QToolButton[kind="primary"]:focus { border-color: $text; }
QToolButton[kind="primary"]:disabled { background: $neutral_soft; border-color: $neutral_soft; }

QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox { background: $surface; color: $text;
    placeholder-text-color: $faint;
    border: 1px solid $control; border-radius: ${radius}px; selection-background-color: $selection;
    selection-color: $selection_text; }
QLineEdit, QAbstractSpinBox, QComboBox { padding: ${p4}px ${p8}px; min-height: ${p18}px; }
QPlainTextEdit, QTextEdit { padding: ${p4}px ${p6}px; }
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover, QAbstractSpinBox:hover, QComboBox:hover {
    border-color: $muted; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border: 2px solid $focus;
    padding: ${p3}px ${p7}px; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $focus; padding: ${p3}px ${p5}px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QAbstractSpinBox:disabled,
    QComboBox:disabled {
    background: $window; color: $faint; border-color: $border; }
QLineEdit[bad="true"], QPlainTextEdit[bad="true"] { border-color: $danger; }
QLineEdit[unset="true"], QAbstractSpinBox[unset="true"], QComboBox[unset="true"],
    QPlainTextEdit[unset="true"] {
    color: $faint; border-color: $border; background: transparent; }
QLineEdit[unset="true"]:focus, QAbstractSpinBox[unset="true"]:focus, QComboBox[unset="true"]:focus,
QPlainTextEdit[unset="true"]:focus { border-color: $focus; }
QPlainTextEdit[bare="true"], QPlainTextEdit[bare="true"]:focus, QPlainTextEdit[bare="true"]:hover {
    border: none; background: transparent; padding: 0; }
QPlainTextEdit[code="true"] { font-family: "JetBrains Mono", "Cascadia Mono", "DejaVu Sans Mono";
    font-size: ${code}px; }

QAbstractSpinBox { padding-top: ${p3}px; padding-bottom: ${p3}px; }
QAbstractSpinBox:focus { padding-top: ${p2}px; padding-bottom: ${p2}px; }
QComboBox { padding-right: ${p24}px; }
QComboBox:focus { padding-right: ${p24}px; }
QComboBox::drop-down { border: none; width: ${p24}px; subcontrol-position: center right; }
QComboBox::down-arrow { image: url("$glyph_down"); width: ${p14}px; height: ${p14}px; }
QComboBox QAbstractItemView { background: $raised; color: $text; border: 1px solid $border;
    border-radius: ${radius}px; padding: ${p4}px; outline: none; selection-background-color: $accent_soft;
    selection-color: $text; }
QComboBox QAbstractItemView::item { min-height: ${p24}px; padding: 0 ${p6}px; border-radius: ${p4}px; }

QAbstractSpinBox { padding-right: ${p18}px; }
QAbstractSpinBox:focus { padding-right: ${p18}px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; background: transparent;
    width: ${p18}px; }
QAbstractSpinBox::up-button { subcontrol-position: top right; margin-top: ${p2}px; margin-right: ${p2}px; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin-bottom: ${p2}px;
    margin-right: ${p2}px; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover;
    border-radius: ${p3}px; }
QAbstractSpinBox::up-arrow { image: url("$glyph_up"); width: ${p10}px; height: ${p10}px; }
QAbstractSpinBox::down-arrow { image: url("$glyph_down"); width: ${p10}px; height: ${p10}px; }

QCheckBox, QRadioButton { spacing: ${p8}px; background: transparent; padding: ${p2}px;
    border: 2px solid transparent; border-radius: ${p4}px; }
QCheckBox:focus, QRadioButton:focus { border-color: $focus; }
QCheckBox:disabled, QRadioButton:disabled { color: $faint; }
QCheckBox::indicator, QRadioButton::indicator { width: ${p14}px; height: ${p14}px; border: 1px solid $control;
    background: $surface; }
QCheckBox::indicator, QListView::indicator, QTreeView::indicator { border-radius: ${p4}px; }
QRadioButton::indicator { border-radius: ${p7}px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked, QCheckBox::indicator:indeterminate {
    background: $accent; border-color: $accent; }
QCheckBox::indicator:checked { image: url("$glyph_check"); }
QCheckBox::indicator:indeterminate { image: url("$glyph_dash"); }
QRadioButton::indicator:checked { image: url("$glyph_dot"); }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: $window;
    border-color: $border; }

QSlider { min-height: ${p20}px; background: transparent; border: 2px solid transparent;
    border-radius: ${p4}px; }
QSlider:focus { border-color: $focus; }
QSlider::groove:horizontal { height: ${p4}px; border-radius: ${p2}px; background: $pressed; }
QSlider::sub-page:horizontal { height: ${p4}px; border-radius: ${p2}px; background: $accent; }
QSlider::handle:horizontal { width: ${p12}px; height: ${p12}px; margin: -${p5}px 0; border-radius: ${p7}px;
    background: $surface; border: 2px solid $accent; }
QSlider::handle:horizontal:hover { background: $accent_soft; }
QSlider::sub-page:horizontal:disabled { background: $control; }
QSlider::handle:horizontal:disabled { border-color: $control; background: $window; }
QSlider[unset="true"]::sub-page:horizontal { background: $control; }
QSlider[unset="true"]::handle:horizontal { border-color: $control; }

QProgressBar { background: $pressed; border: none; border-radius: ${p3}px; max-height: ${p6}px;
    min-height: ${p6}px; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: ${p3}px; }
"""
