"""What a model costs: the person says it, once for each model of a server."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.model_prices import HIGHEST_PRICE, LONGEST_CURRENCY, Price, PriceBook
from chatbot_app.core.servers import Server
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.calm_fields import CalmDoubleSpinBox
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.settings.fields import ModelComboBox
from chatbot_app.ui.theme import em, set_look


class PriceDialog(QDialog):
    """Not modal; closing it lets it go."""

    saved = Signal(str, str, object)  # server id, model, core.model_prices.Price or None: none is known

    def __init__(
        self, server: Server, model: str, models: Sequence[str], book: PriceBook, parent: QWidget
    ) -> None:
        """`model` is the one that is meant, `models` those that can be chosen besides."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("price_dialog")
        self.setWindowTitle(self.tr("Prices at {server}").format(server=visible_text(server.name)))
        self._server = server
        self._book = book
        self._is_of_book = False  # what the fields show
        self._model = ModelComboBox("price_model", self.tr("Model"), "price_model_name", self)
        known = [name for kept, name in book.prices if kept == server.id]
        self._model.offer(list(dict.fromkeys([*known, *models])))
        self._model.show_name(model)
        self._sent = self._amount("price_sent", self.tr("Price of a million tokens sent"))
        self._written = self._amount("price_written", self.tr("Price of a million tokens written"))
        self._currency = QLineEdit(self)
        self._currency.setObjectName("price_currency")
        self._currency.setAccessibleName(self.tr("Currency"))
        self._currency.setMaxLength(LONGEST_CURRENCY)
        self._currency.setPlaceholderText(self.tr("As you pay it"))
        self._save = dialog_button(self, "price_save", self.tr("Save"))
        self._save.setDefault(True)
        set_look(self._save, "primary")
        self._forget = dialog_button(self, "price_forget", self.tr("Forget the price"))
        self._build()
        self._save.clicked.connect(self._keep)
        self._forget.clicked.connect(self._keep_none)
        self._model.currentTextChanged.connect(self._show)
        self._show()

    def _amount(self, name: str, words: str) -> QDoubleSpinBox:
        spin = CalmDoubleSpinBox(self)
        spin.setObjectName(name)
        for field in (spin, spin.lineEdit()):
            field.setAccessibleName(words)
        spin.setDecimals(4)
        spin.setMaximum(HIGHEST_PRICE)
        spin.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        return spin

    def _build(self) -> None:
        words = self.tr(
            "What a million tokens cost, as your provider's page says. Answers from now on keep the price that"
            " counted for them; earlier ones stay without one."
        )
        said = plain_label(self, "price_words", words, shrinks=True)
        set_look(said, "muted")
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.setVerticalSpacing(em(self, 0.5))
        form.addRow(self.tr("Model"), self._model)
        form.addRow(self.tr("1 M tokens sent"), self._sent)
        form.addRow(self.tr("1 M tokens written"), self._written)
        form.addRow(self.tr("Currency"), self._currency)
        close = dialog_button(self, "price_close", self.tr("Cancel"))
        close.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.setSpacing(em(self, 0.5))
        buttons.addWidget(self._forget)
        buttons.addStretch(1)
        buttons.addWidget(close)
        buttons.addWidget(self._save)
        column = QVBoxLayout(self)
        column.setContentsMargins(em(self), em(self), em(self), em(self))
        column.setSpacing(em(self, 0.8))
        column.addWidget(said)
        column.addLayout(form)
        column.addStretch(1)
        column.addLayout(buttons)
        self.resize(em(self, 32), em(self, 18))

    def _name(self) -> str:
        return self._model.currentText().strip()

    @Slot()
    def _show(self) -> None:
        """Show what is known of the model that is named."""
        price = self._book.of(self._server.id, self._name())
        self._save.setEnabled(bool(self._name()))
        self._forget.setEnabled(price is not None)
        if price is not None:
            self._sent.setValue(price.sent)
            self._written.setValue(price.written)
            self._currency.setText(price.currency)
        elif self._is_of_book:  # of the model that was named before: it says nothing of this one
            self._sent.setValue(0)
            self._written.setValue(0)
        if not self._currency.text():
            self._currency.setText(self._book.currency)
        self._is_of_book = price is not None

    @Slot()
    def _keep(self) -> None:
        currency = " ".join(self._currency.text().split())
        price = Price(self._sent.value(), self._written.value(), currency)
        self.saved.emit(self._server.id, self._name(), price)
        self.close()

    @Slot()
    def _keep_none(self) -> None:
        self.saved.emit(self._server.id, self._name(), None)
        self.close()
