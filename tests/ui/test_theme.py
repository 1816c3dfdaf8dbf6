"""Every text can be read, and the look follows the choice and the system."""

from __future__ import annotations

from dataclasses import fields

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from chatbot_app.ui.calm_fields import CalmSpinBox
from chatbot_app.ui.theme import (
    DARK,
    LIGHT,
    Colors,
    apply_text_size,
    apply_theme,
    colors,
    em,
    is_dark,
    palette_of,
    scale_font,
    set_least_size,
    set_look,
)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = (QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF())
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG 2.2 defines it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("chosen", [LIGHT, DARK], ids=["light", "dark"])
def test_text_reaches_aa_contrast_everywhere(chosen: Colors) -> None:
    below = [
        (ink, ground)
        for ink in ("text", "muted", "link", "link_visited", "success", "warning", "danger")
        for ground in ("background", "surface", "raised", "user_bubble", "code_background")
        if contrast(getattr(chosen, ink), getattr(chosen, ground)) < 4.5
    ]
    assert below == []
    assert contrast(chosen.accent_text, chosen.accent) >= 4.5
    assert contrast(chosen.accent_text, chosen.accent_hover) >= 4.5
    assert contrast(chosen.selection_text, chosen.selection) >= 4.5
    for name in ("info_background", "warning_background", "danger_background"):
        assert contrast(chosen.text, getattr(chosen, name)) >= 4.5
        assert contrast(chosen.muted, getattr(chosen, name)) >= 4.5


@pytest.mark.parametrize("chosen", [LIGHT, DARK], ids=["light", "dark"])
def test_edges_and_focus_rings_reach_three_to_one(chosen: Colors) -> None:
    for edge in ("outline", "accent"):
        for ground in ("background", "surface"):
            assert contrast(getattr(chosen, edge), getattr(chosen, ground)) >= 3


def test_every_colour_is_a_colour() -> None:
    for chosen in (LIGHT, DARK):
        assert [f.name for f in fields(chosen) if not QColor(getattr(chosen, f.name)).isValid()] == []


def test_a_palette_tells_which_colours_go_with_it() -> None:
    assert is_dark(palette_of(DARK))
    assert not is_dark(palette_of(LIGHT))
    assert colors(palette_of(DARK)) is DARK
    assert colors(palette_of(LIGHT)) is LIGHT


def test_choosing_a_mode_changes_widgets_at_once(qtbot, qapp: QApplication) -> None:
    label = QLabel("text")
    qtbot.addWidget(label)
    label.show()
    for mode, expected in (("dark", DARK), ("light", LIGHT), ("dark", DARK)):
        apply_theme(qapp, mode)
        assert colors(label) is expected
        assert label.palette().color(QPalette.ColorRole.Window) == QColor(expected.background)
        assert expected.accent in qapp.styleSheet()


def test_the_system_scheme_is_followed_only_when_asked(qapp: QApplication) -> None:
    system_changed = qapp.styleHints().colorSchemeChanged  # the offscreen platform has no scheme of its own
    apply_theme(qapp, "system")
    system_changed.emit(Qt.ColorScheme.Dark)
    assert colors(qapp.palette()) is DARK
    system_changed.emit(Qt.ColorScheme.Light)
    assert colors(qapp.palette()) is LIGHT
    apply_theme(qapp, "light")
    system_changed.emit(Qt.ColorScheme.Dark)
    assert colors(qapp.palette()) is LIGHT


def test_an_unknown_mode_counts_as_system(qapp: QApplication) -> None:
    apply_theme(qapp, "mauve")
    assert colors(qapp.palette()) in (LIGHT, DARK)


def test_sizes_follow_the_font(qtbot) -> None:
    label = QLabel("text")
    qtbot.addWidget(label)
    assert em(label, 2) == 2 * label.fontMetrics().height()
    assert em(label, 0.001) == 1
    before = em(label)
    scale_font(label, 2, bold=True)
    assert em(label) > before
    assert label.font().bold()


def test_a_look_can_be_changed_back(qtbot, qapp: QApplication) -> None:
    apply_theme(qapp, "light")
    label = QLabel("text")
    qtbot.addWidget(label)
    label.show()
    set_look(label, "danger")
    assert label.palette().color(QPalette.ColorRole.WindowText) == QColor(LIGHT.danger)
    set_look(label, "")
    assert label.palette().color(QPalette.ColorRole.WindowText) == QColor(LIGHT.text)


def test_the_least_size_and_the_room_before_a_number_follow_the_text(
    qtbot: QtBot, qapp: QApplication
) -> None:
    label, number = QLabel("words"), CalmSpinBox()
    for widget in (label, number):
        qtbot.addWidget(widget)
        widget.show()
    set_least_size(label, 8, 2)
    sizes = []
    try:
        for scale in (1.0, 2.0, 1.0):
            apply_text_size(qapp, scale)
            sizes.append(
                (label.minimumWidth(), label.minimumHeight(), number.lineEdit().textMargins().left())
            )
            assert sizes[-1] == (em(label, 8), em(label, 2), em(number, 0.3))
    finally:
        apply_text_size(qapp, 1.0)
    assert sizes[0] == sizes[2] != sizes[1]
