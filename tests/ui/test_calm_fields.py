from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QSlider, QWidget
from pytestqt.qtbot import QtBot

from chatbot_app.ui.calm_fields import CalmDoubleSpinBox, CalmSlider, CalmSpinBox
from chatbot_app.ui.combo_box import ComboBox

Field = CalmSpinBox | CalmDoubleSpinBox | CalmSlider | ComboBox


def _wheel() -> QWheelEvent:
    nowhere = Qt.KeyboardModifier.NoModifier
    place, notch = QPointF(5, 5), QPoint(0, -120)
    return QWheelEvent(
        place, place, QPoint(), notch, Qt.MouseButton.NoButton, nowhere, Qt.ScrollPhase.NoScrollPhase, False
    )


def _value(field: Field) -> float:
    return field.currentIndex() if isinstance(field, QComboBox) else field.value()


@pytest.mark.parametrize("kind", [CalmSpinBox, CalmDoubleSpinBox, CalmSlider, ComboBox])
def test_the_wheel_changes_what_has_the_focus_and_passes_what_has_not(
    qtbot: QtBot, kind: type[Field]
) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    field = kind(place)
    other = ComboBox(place)
    if isinstance(field, QComboBox):
        field.addItems(["one", "two", "three"])
        field.setCurrentIndex(1)
    else:
        field.setValue(5)
    if isinstance(field, QSlider):
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    place.show()
    before = _value(field)

    other.setFocus()
    qtbot.waitUntil(other.hasFocus)
    wheel = _wheel()
    QApplication.sendEvent(field, wheel)
    assert (_value(field), wheel.isAccepted(), field.hasFocus()) == (before, False, False)

    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    QApplication.sendEvent(field, _wheel())
    assert _value(field) != before
