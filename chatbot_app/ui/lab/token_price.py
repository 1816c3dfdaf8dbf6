"""What tokens cost: the price of a model that the person has given, or one that is written here."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from chatbot_app.core.messages import Notice
from chatbot_app.core.model_prices import Price, PriceBook, amount_words
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.calm_fields import CalmDoubleSpinBox
from chatbot_app.ui.settings.fields import NamedComboBox
from chatbot_app.ui.theme import em, set_look
from chatbot_app.workers.lab_services import LabServices

_SETTING = "lab.token_price"
_MILLION = 1_000_000
_LONGEST = 40  # characters of a model's name


class TokenPrice(QWidget):
    """A field for the price of a million tokens, kept between runs; 0 says that none is known.

    Before it stand the models whose price the person has given elsewhere, while there are any: a text counts as sent.
    """

    changed = Signal()

    def __init__(self, services: LabServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._own = 0.0
        words = QLabel(self.tr("Price of 1 M tokens"), self)
        set_look(words, "muted")
        self._model = NamedComboBox("token_price_model", self.tr("Whose price"), self)
        self._model.addItem(self.tr("Another price"))
        self._model.hide()
        self._field = CalmDoubleSpinBox(self)
        self._field.setObjectName("token_price")
        self._field.setAccessibleName(self.tr("Price of a million tokens"))
        self._field.setDecimals(4)
        self._field.setMaximum(100_000)
        self._field.setSpecialValueText(self.tr("not set"))
        words.setBuddy(self._field)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(em(self, 0.4))
        row.addWidget(words)
        row.addWidget(self._model)
        row.addWidget(self._field)
        self._field.valueChanged.connect(self._keep)
        self._model.currentIndexChanged.connect(self._take_model)
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
        chosen = self._chosen()
        currency = visible_text(chosen.currency) if chosen is not None else ""
        return self.tr("costs {cost}").format(cost=amount_words(self.cost(tokens), currency))

    def _chosen(self) -> Price | None:
        """Return the price of the model that is chosen, None where another one is written."""
        price = self._model.currentData()
        return price if isinstance(price, Price) else None

    def _show_book(self, book: PriceBook) -> None:
        """Offer the models that have a price; the one that was chosen stays chosen."""
        before = self._model.currentText()
        with QSignalBlocker(self._model):
            while self._model.count() > 1:
                self._model.removeItem(1)
            for (_, model), price in book.prices.items():
                self._model.addItem(visible_text(model)[:_LONGEST], price)
            self._model.setCurrentIndex(max(0, self._model.findText(before)))
        self._model.setVisible(self._model.count() > 1)
        self._take_model()

    @Slot()
    def _take_model(self) -> None:
        chosen = self._chosen()
        self._field.setEnabled(chosen is None)
        with QSignalBlocker(self._field):
            self._field.setValue(self._own if chosen is None else chosen.sent)
        self.changed.emit()

    def _show_kept(self, price: object) -> None:
        if isinstance(price, float) and price > 0 and not self._field.value():
            self._field.setValue(price)

    @Slot(float)
    def _keep(self, price: float) -> None:
        self._own = price
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

    # --- Qt ------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        store = self._services.house.prices
        self._services.run(lambda _: store.book(), self._show_book, self._ignore, topic="prices of models")
