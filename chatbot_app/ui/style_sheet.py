"""The style sheet: only what Fusion and a palette cannot say."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics

from chatbot_app.core.paths import resources_dir
from chatbot_app.ui.palettes import DARK, Colors


def style_sheet(colors: Colors, font: QFont) -> str:
    """Return the application's style sheet; every size comes from the height of a line of `font`."""
    line = QFontMetrics(font).height()

    def px(factor: float) -> str:
        return f"{max(1, round(line * factor))}px"

    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    groove = max(2, round(line * 0.2))
    knob = groove + 2 * round(line * 0.33)  # Qt draws no corner rounder than half of the box
    pictures = resources_dir() / "icons" / "style"
    shade = "dark" if colors is DARK else "light"
    check = (pictures / f"check-{shade}.svg").as_posix()
    down = (pictures / "arrow-down.svg").as_posix()
    close, floating = (pictures / "close.svg").as_posix(), (pictures / "float.svg").as_posix()
    up = (pictures / "arrow-up.svg").as_posix()
    return f"""
QToolTip {{ color: {colors.text}; background: {colors.raised}; border: 1px solid {colors.border};
    padding: {px(0.25)} {px(0.4)}; }}

QLabel[look="muted"] {{ color: {colors.muted}; }}
QLabel[look="success"] {{ color: {colors.success}; }}
QLabel[look="warning"] {{ color: {colors.warning}; }}
QLabel[look="danger"] {{ color: {colors.danger}; }}

QFrame[look="card"], QFrame[look="card-focused"] {{ background: {colors.surface};
    border: 2px solid {colors.border}; border-radius: {px(0.7)}; }}
QFrame[look="card-focused"] {{ border-color: {colors.accent}; }}
QFrame[look="notice-info"], QFrame[look="notice-success"], QFrame[look="notice-warning"],
QFrame[look="notice-danger"] {{ border-radius: {px(0.5)}; }}
QFrame[look="notice-info"] {{ background: {colors.info_background}; border: 1px solid {colors.accent}; }}
QFrame[look="notice-success"] {{ background: {colors.surface}; border: 1px solid {colors.success}; }}
QFrame[look="notice-warning"] {{ background: {colors.warning_background};
    border: 1px solid {colors.warning}; }}
QFrame[look="notice-danger"] {{ background: {colors.danger_background};
    border: 1px solid {colors.danger}; }}
QLabel[look="notice-info"], QLabel[look="notice-success"], QLabel[look="notice-warning"],
QLabel[look="notice-danger"] {{ padding: {px(0.3)} {px(0.5)}; }}
QFrame[look="line"] {{ background: {colors.border}; border: none; }}

QLineEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox {{ background: {colors.surface};
    color: {colors.text}; border: 1px solid {colors.outline}; border-radius: {px(0.35)};
    padding: {px(0.18)} {px(0.35)}; selection-background-color: {colors.selection};
    selection-color: {colors.selection_text}; placeholder-text-color: {colors.muted}; }}
QLineEdit:focus, QPlainTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {{
    border: 2px solid {colors.accent}; padding: {max(0, round(line * 0.18) - 1)}px {max(0, round(line * 0.35) - 1)}px; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {{
    background: {colors.background}; border-color: {colors.border}; color: {colors.outline}; }}
QComboBox QLineEdit, QComboBox QLineEdit:focus, QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus {{
    border: none; padding: 0; background: transparent; }}
QTextEdit[look="field"] {{ background: {colors.surface}; color: {colors.text}; border: 1px solid {colors.outline};
    border-radius: {px(0.35)}; padding: {px(0.18)} {px(0.35)}; }}
QTextEdit[look="field"]:focus {{ border: 2px solid {colors.accent};
    padding: {max(0, round(line * 0.18) - 1)}px {max(0, round(line * 0.35) - 1)}px; }}
QComboBox:editable, QComboBox:editable:focus {{ padding-left: {px(0.1)}; }}
QLineEdit[look="unset"], QAbstractSpinBox[look="unset"] {{ color: {colors.muted}; }}
QPlainTextEdit[look="code"] {{ font-family: "{fixed}"; }}
QPlainTextEdit[look="bare"], QPlainTextEdit[look="bare"]:focus {{ border: none; padding: 0;
    background: transparent; }}

QComboBox {{ combobox-popup: 0; }}
QComboBox QAbstractItemView::item {{ padding: 0 {px(0.35)}; color: {colors.text}; border: none; }}
QComboBox QAbstractItemView::item:selected {{ background: {colors.selection}; color: {colors.selection_text}; }}
QComboBox::drop-down {{ border: none; width: {px(1.3)}; }}
QComboBox::down-arrow {{ image: url("{down}"); width: {px(0.7)}; height: {px(0.7)}; }}
QComboBox QAbstractItemView {{ background: {colors.surface}; color: {colors.text};
    border: 1px solid {colors.border}; padding: {px(0.15)}; outline: none; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; background: transparent;
    width: {px(1.1)}; subcontrol-origin: border; }}
QAbstractSpinBox::up-button {{ subcontrol-position: top right; margin: 1px 1px 0 0; }}
QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; margin: 0 1px 1px 0; }}
QAbstractSpinBox::up-arrow {{ image: url("{up}"); width: {px(0.6)}; height: {px(0.6)}; }}
QAbstractSpinBox::down-arrow {{ image: url("{down}"); width: {px(0.6)}; height: {px(0.6)}; }}

QPushButton {{ background: {colors.surface}; color: {colors.text}; border: 1px solid {colors.outline};
    border-radius: {px(0.35)}; padding: {px(0.22)} {px(0.7)}; }}
QPushButton:hover {{ background: {colors.raised}; }}
QPushButton:pressed {{ background: {colors.border}; }}
QPushButton:focus {{ border: 2px solid {colors.accent};
    padding: {max(0, round(line * 0.22) - 1)}px {max(0, round(line * 0.7) - 1)}px; }}
QPushButton:disabled {{ background: transparent; color: {colors.outline}; border-color: {colors.border}; }}
QPushButton[look="primary"] {{ background: {colors.accent}; color: {colors.accent_text};
    border-color: {colors.accent}; }}
QPushButton[look="primary"]:hover, QPushButton[look="primary"]:pressed {{ background: {colors.accent_hover}; }}
QPushButton[look="primary"]:focus {{ border-color: {colors.text}; }}
QPushButton[look="primary"]:disabled {{ background: {colors.raised}; color: {colors.outline};
    border-color: {colors.raised}; }}
QPushButton[look="danger"] {{ color: {colors.danger}; border-color: {colors.danger}; }}
QPushButton[look="quiet"], QToolButton {{ background: transparent; color: {colors.text};
    border: 2px solid transparent; border-radius: {px(0.35)}; padding: {px(0.15)} {px(0.25)}; }}
QPushButton[look="quiet"]:hover, QToolButton:hover {{ background: {colors.raised}; }}
QPushButton[look="quiet"]:pressed, QPushButton[look="quiet"]:checked, QToolButton:pressed, QToolButton:checked {{ background: {colors.border}; }}
QPushButton[look="quiet"]:focus, QToolButton:focus {{ border-color: {colors.accent}; }}
QPushButton[look="quiet"]:disabled, QToolButton:disabled {{ color: {colors.outline}; }}
QPushButton[look="chip"] {{ background: {colors.info_background}; color: {colors.text};
    border: 1px solid {colors.info_background}; border-radius: {px(0.55)}; padding: {px(0.08)} {px(0.5)}; }}
QPushButton[look="chip"]:hover, QPushButton[look="chip"]:pressed {{ background: {colors.raised}; }}
QPushButton[look="chip"]:focus {{ border-color: {colors.accent}; }}
QPushButton[look="fold"] {{ background: transparent; border-color: transparent; text-align: left;
    padding: {px(0.2)} {px(0.2)}; }}
QPushButton[look="fold"]:hover {{ background: {colors.raised}; }}
QPushButton[look="fold"]:focus {{ border: 1px solid {colors.accent}; padding: {px(0.2)} {px(0.2)}; }}
QPushButton[look="row"] {{ background: transparent; border: 2px solid transparent; text-align: left;
    border-radius: {px(0.35)}; padding: {px(0.15)} {px(0.25)}; }}
QPushButton[look="row"]:hover {{ background: {colors.raised}; }}
QPushButton[look="row"]:checked {{ background: {colors.selection}; color: {colors.selection_text}; }}
QPushButton[look="row"]:focus {{ border-color: {colors.accent}; }}
QToolButton[look="resting"] {{ background: {colors.raised}; border-radius: {px(0.55)}; }}
QToolButton[look="primary"] {{ background: {colors.accent}; color: {colors.accent_text};
    border-radius: {px(0.55)}; }}
QToolButton[look="primary"]:hover, QToolButton[look="primary"]:pressed {{ background: {colors.accent_hover}; }}
QToolButton[look="primary"]:focus {{ border-color: {colors.text}; }}
QToolButton[look="primary"]:disabled {{ background: {colors.raised}; }}
QToolButton::menu-indicator {{ image: none; }}
QPushButton::menu-indicator {{ image: url("{down}"); width: {px(0.6)}; height: {px(0.6)};
    subcontrol-origin: padding; subcontrol-position: right center; right: {px(0.3)}; }}

QCheckBox {{ spacing: {px(0.4)}; border: 2px solid transparent; border-radius: {px(0.3)}; padding: 1px; }}
QCheckBox:focus {{ border-color: {colors.accent}; }}
QCheckBox::indicator, QTableView::indicator {{ width: {px(0.85)}; height: {px(0.85)}; border: 1px solid {colors.outline};
    border-radius: {px(0.22)}; background: {colors.surface}; }}
QCheckBox::indicator:checked, QTableView::indicator:checked {{ background: {colors.accent}; border-color: {colors.accent};
    image: url("{check}"); }}
QCheckBox::indicator:disabled, QTableView::indicator:disabled {{ background: {colors.background}; border-color: {colors.border}; }}
QCheckBox::indicator:checked:disabled, QTableView::indicator:checked:disabled {{ background: {colors.outline}; border-color: {colors.outline}; }}

QSlider:horizontal {{ min-height: {px(1.1)}; border: 2px solid transparent; border-radius: {px(0.35)}; }}
QSlider:horizontal:focus {{ border-color: {colors.accent}; }}
QSlider::groove:horizontal {{ height: {groove}px; background: {colors.border}; border-radius: {px(0.1)}; }}
QSlider::sub-page:horizontal {{ background: {colors.accent}; border-radius: {px(0.1)}; }}
QSlider::handle:horizontal {{ width: {knob - 2}px; margin: -{(knob - groove) // 2}px 0;
    border-radius: {knob // 2}px; background: {colors.surface}; border: 1px solid {colors.outline}; }}
QSlider::handle:horizontal:hover {{ border-color: {colors.accent}; }}
QSlider[look="unset"]::sub-page:horizontal {{ background: {colors.border}; }}

QListView[look="boxed"] {{ background: {colors.surface}; border: 1px solid {colors.border};
    border-radius: {px(0.35)}; padding: {px(0.2)}; outline: none; }}
QListView[look="boxed"]:focus {{ border-color: {colors.accent}; }}
QListView[look="boxed"]::item {{ padding: {px(0.3)}; border-radius: {px(0.3)}; color: {colors.text}; }}
QListView[look="boxed"]::item:hover {{ background: {colors.raised}; }}
QListView[look="boxed"]::item:selected {{ background: {colors.selection}; color: {colors.selection_text}; }}
QListView[look="sidebar"] {{ background: transparent; border: none; outline: none; }}

QScrollBar {{ background: transparent; border: none; margin: 0; }}
QScrollBar:vertical {{ width: {px(0.6)}; }}
QScrollBar:horizontal {{ height: {px(0.6)}; }}
QScrollBar::handle {{ background: {colors.outline}; border-radius: {max(1, round(line * 0.18))}px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: {px(1.8)}; }}
QScrollBar::handle:horizontal {{ min-width: {px(1.8)}; }}
QScrollBar::handle:hover {{ background: {colors.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}

QMenu {{ background: {colors.surface}; border: 1px solid {colors.border}; padding: {px(0.25)};
    menu-scrollable: 1; }}
QMenu::item {{ padding: {px(0.25)} {px(1.4)} {px(0.25)} {px(0.7)}; border-radius: {px(0.3)}; }}
QMenu::item:selected {{ background: {colors.raised}; }}
QMenu::item:disabled {{ color: {colors.outline}; }}
QMenu::separator {{ height: 1px; background: {colors.border}; margin: {px(0.25)} {px(0.4)}; }}

QSplitter::handle, QMainWindow::separator {{ background: {colors.border}; width: 1px; height: 1px; }}
QMainWindow::separator:hover {{ background: {colors.accent}; }}
QTabBar {{ qproperty-drawBase: 0; }}
QTabBar::tab {{ background: transparent; color: {colors.muted}; padding: {px(0.3)} {px(0.7)};
    margin: {px(0.15)}; border: 1px solid transparent; border-radius: {px(0.35)}; }}
QTabBar::tab:hover {{ background: {colors.raised}; }}
QTabBar::tab:selected {{ background: {colors.raised}; color: {colors.text}; }}
QTabBar::tab:focus {{ border-color: {colors.accent}; }}
QDockWidget {{ titlebar-close-icon: url("{close}"); titlebar-normal-icon: url("{floating}"); }}
QDockWidget::close-button, QDockWidget::float-button {{ border: none; background: transparent;
    padding: 1px; }}
QDockWidget::close-button:hover, QDockWidget::float-button:hover {{ background: {colors.raised};
    border-radius: {px(0.25)}; }}
QDockWidget::title {{ padding: {px(0.35)} {px(0.6)}; text-align: left; }}
QScrollArea {{ border: none; }}
"""
