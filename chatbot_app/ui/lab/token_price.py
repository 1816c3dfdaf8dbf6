"""What tokens cost: the person says the price of a million, for no table of prices stays true."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QWidget

from chatbot_app.core.messages import Notice
from chatbot_app.ui.theme import em, set_look
from chatbot_app.workers.lab_services import LabServices

_SETTING = "lab.token_price"
_MILLION = 1_000_000


class TokenPrice(QWidget):
    """A field for the price of a million tokens, kept between runs; 0 says that none is known."""

    changed = Signal()

    def __init__(self, services: LabServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        words = QLabel(self.tr("Price of 1 M tokens"), self)
        set_look(words, "muted")
        self._field = QDoubleSpinBox(self)
        self._field.setObjectName("token_price")
        self._field.setAccessibleName(self.tr("Price of a million tokens"))
        self._field.setDecimals(3)
        self._field.setMaximum(100_000)
        self._field.setSpecialValueText(self.tr("not set"))
        words.setBuddy(self._field)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(em(self, 0.4))
        row.addWidget(words)
        row.addWidget(self._field)
        self._field.valueChanged.connect(self._keep)
        services.run(
            lambda _: services.house.settings.get(_SETTING), self._show_kept, self._ignore, topic="price read"
        )

    def price(self) -> float:
        """Return the price of a million tokens, 0 where none is set."""
        return self._field.value()

    def cost(self, tokens: int) -> float:
        """Return what so many tokens cost."""
        return tokens * self.price() / _MILLION

    def cost_words(self, tokens: int) -> str:
        """Return what so many tokens cost as an input, "" where no price is set."""
        if not self.price():
            return ""
        return self.tr("costs {cost}").format(cost=f"{self.cost(tokens):.6f}".rstrip("0").rstrip("."))

    def _show_kept(self, price: object) -> None:
        if isinstance(price, float) and price > 0 and not self._field.value():
            self._field.setValue(price)

    @Slot(float)
    def _keep(self, price: float) -> None:
        self._services.run(
            lambda _: self._services.house.settings.set(_SETTING, price),
            self._kept,
            self._ignore,
            topic="price",
        )
        self.changed.emit()

    def _ignore(self, _: Notice) -> None:
        """A store that cannot be written keeps no price: the field has it until the end."""

    def _kept(self, _: object) -> None:
        """Nothing is to be done."""
