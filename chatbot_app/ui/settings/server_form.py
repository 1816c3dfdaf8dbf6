"""The form of one server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QLabel,
    QLineEdit,
    QWidget,
)

from chatbot_app.core.servers import BUILT_IN_SERVER, Server, ServerKind
from chatbot_app.llm.keys import KeyState
from chatbot_app.ui.dialog_parts import dialog_button
from chatbot_app.ui.settings.fields import ModelComboBox
from chatbot_app.ui.settings.key_field import KeyField
from chatbot_app.ui.theme import em


class ServerForm(QWidget):
    """Name, address, key and model of a server; the built-in one has a name alone."""

    changed = Signal()  # by the person only
    prices_requested = Signal()  # of the models of the server

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._server = BUILT_IN_SERVER
        self._name = self._line("server_name_edit", self.tr("Name"), self.tr("A name of your choice"))
        self._address = self._line("server_address_edit", self.tr("Address"), "http://localhost:1234/v1")
        self._key = KeyField(self)
        self._model = ModelComboBox("server_model_combo", self.tr("Default model"), "server_model_edit", self)
        self._model.name_edit.setPlaceholderText(self.tr("The first one of the server"))
        self._built_in_words = QLabel(
            self.tr("Runs on this computer, without a network or a key. Its models are in Tools › Models."),
            self,
        )
        self._built_in_words.setWordWrap(True)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(em(self, 0.55))
        self._form.setHorizontalSpacing(em(self, 0.8))
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._form.addRow(self._built_in_words)
        self._form.addRow(self.tr("Name"), self._name)
        self._form.addRow(self.tr("Address"), self._address)
        self._form.addRow(self.tr("Key"), self._key)
        self._form.addRow(self.tr("Default model"), self._model)
        self._prices = dialog_button(self, "server_prices_button", self.tr("Prices…"))
        self._prices.setToolTip(self.tr("What its models cost: answers and comparisons say it then"))
        self._prices.clicked.connect(self.prices_requested)
        self._form.addRow(self.tr("Cost"), self._prices)
        for field in (self._name, self._address):
            field.textEdited.connect(self.changed)
        self._model.currentTextChanged.connect(self.changed)
        self._key.changed.connect(self.changed)

    def _line(self, name: str, words: str, placeholder: str) -> QLineEdit:
        edit = QLineEdit(self)
        edit.setObjectName(name)
        edit.setAccessibleName(words)
        edit.setPlaceholderText(placeholder)
        return edit

    @property
    def key(self) -> KeyField:
        """The field of the key."""
        return self._key

    def show_server(self, server: Server, key: str | None, key_state: KeyState | None = None) -> None:
        """Show a server, the key that was typed for it and where its key is, silently."""
        self._server = server
        built_in = server.kind is ServerKind.BUILT_IN
        for field, text in ((self._name, server.name), (self._address, server.base_url)):
            if field.text() != text:  # the cursor stays where one is writing
                field.setText(text)
        if self._model.currentText() != server.default_model:
            self._model.show_name(server.default_model)
        self._key.show_key(server.has_key, key, key_state)
        for widget, shown in (
            (self._built_in_words, built_in),
            (self._address, not built_in),
            (self._key, not built_in),
            (self._model, not built_in),
            (self._prices, not built_in),
        ):
            self._form.setRowVisible(widget, shown)

    def server(self) -> Server:
        """Return the server as it is written; addresses and names without blanks around them."""
        return replace(
            self._server,
            name=self._name.text().strip(),
            base_url=self._address.text().strip(),
            default_model=self._model.currentText().strip(),
        )

    def models(self) -> list[str]:
        """Return the models that are offered."""
        return [self._model.itemText(place) for place in range(self._model.count())]

    def set_models(self, names: Sequence[str]) -> None:
        """Offer these models; what is written stays."""
        self._model.offer(names)

    def take_address(self, address: str) -> None:
        """Write an address as the person would."""
        if self._address.text().strip() != address:
            self._address.setText(address)
            self.changed.emit()

    def focus_name(self) -> None:
        """Put the cursor into the name."""
        self._name.setFocus()
        self._name.selectAll()
