"""Icons can be seen on both grounds and follow a change of theme."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from chatbot_app.core.paths import resources_dir
from chatbot_app.ui.icons import IconButton, application_icon, icon, pixmap
from chatbot_app.ui.palettes import DARK, LIGHT
from chatbot_app.ui.theme import apply_theme

NAMES = sorted(path.stem for path in (resources_dir() / "icons").glob("*.svg"))


def inked(image: QImage) -> set[str]:
    """The colours of the opaque pixels."""
    return {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_is_valid_and_leaves_ink(qapp: QApplication, name: str) -> None:
    assert QSvgRenderer(str(resources_dir() / "icons" / f"{name}.svg")).isValid()
    drawn = inked(pixmap(name, "#aa3311", 48).toImage())
    assert drawn == {"#aa3311"} or (name == "chatbot" and len(drawn) > 2)


def test_an_unknown_icon_is_an_error(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon", "#000000")


def test_the_application_has_an_icon(qapp: QApplication) -> None:
    assert not application_icon().pixmap(256, 256).isNull()


def test_a_button_says_what_it_does_and_follows_the_theme(qtbot, qapp: QApplication) -> None:
    apply_theme(qapp, "light")
    button = IconButton("close", "Close the panel", "close_button")
    qtbot.addWidget(button)
    button.show()
    assert (button.toolTip(), button.accessibleName()) == ("Close the panel", "Close the panel")
    assert QColor(LIGHT.text).name() in inked(button.icon().pixmap(64, 64).toImage())
    apply_theme(qapp, "dark")
    assert QColor(DARK.text).name() in inked(button.icon().pixmap(64, 64).toImage())
    button.set_icon("trash", ink="danger")
    assert QColor(DARK.danger).name() in inked(button.icon().pixmap(64, 64).toImage())


def test_an_icon_is_drawn_in_the_very_size_of_its_place_and_screen(qapp: QApplication) -> None:
    drawn = icon("close", "#112233").pixmap(QSize(22, 22), 2.0)
    assert (drawn.width(), drawn.height(), drawn.devicePixelRatio()) == (44, 44, 2.0)
    wide = QPixmap(60, 20)
    wide.fill(Qt.GlobalColor.transparent)
    painter = QPainter(wide)
    icon("close", "#112233").paint(painter, wide.rect())
    painter.end()
    image = wide.toImage()
    columns = [x for x in range(60) if any(image.pixelColor(x, y).alpha() for y in range(20))]
    assert min(columns) >= 20  # square, in the middle
    assert max(columns) < 40


def test_an_icon_that_cannot_be_pressed_has_its_own_ink_or_less_of_it(qapp: QApplication) -> None:
    disabled = QIcon.Mode.Disabled
    assert inked(icon("trash", "#112233", "#808080").pixmap(QSize(48, 48), disabled).toImage()) == {"#808080"}
    faded = icon("trash", "#112233").pixmap(QSize(48, 48), disabled).toImage()
    strongest = max(faded.pixelColor(x, y).alpha() for x in range(48) for y in range(48))
    assert 60 < strongest < 200
