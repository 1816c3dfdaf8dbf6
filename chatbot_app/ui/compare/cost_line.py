"""What an answer cost, or why that is not known, and the way to the price."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from chatbot_app.core.messages import Message
from chatbot_app.core.model_prices import PriceBook
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.llm.reach import is_loopback
from chatbot_app.ui.chat.answer_facts import cost_of
from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.theme import em, set_look


class CostLine(QWidget):
    """Hidden where there is nothing to pay for."""

    def __init__(self, name: str, words: str, parent: QWidget) -> None:
        """`name` begins the names of its widgets, `words` say which column it is."""
        super().__init__(parent)
        self._book = PriceBook()
        self._answer: Message | None = None
        self._server: Server | None = None
        self._words = plain_label(self, f"{name}_cost", shrinks=True)
        set_look(self._words, "muted")
        self.price_button = dialog_button(self, f"{name}_price", self.tr("Price…"))
        self.price_button.setAccessibleName(self.tr("{column}: price of the model").format(column=words))
        self.price_button.setToolTip(self.tr("What a million tokens cost at this model"))
        set_look(self.price_button, "quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(em(self, 0.4))
        row.addWidget(self._words, 1)
        row.addWidget(self.price_button)
        self.hide()

    def show_prices(self, book: PriceBook) -> None:
        """Count with these prices from now on, also for the answer that is shown."""
        self._book = book
        self._show()

    def show_answer(self, answer: Message, server: Server | None) -> None:
        """Say what an answer of this server cost."""
        self._answer, self._server = answer, server
        is_paid = answer.model is not None and (bool(answer.text) or answer.usage is not None)
        self.setVisible(is_paid)
        self._show()

    def _show(self) -> None:
        answer, server = self._answer, self._server
        if answer is None:
            return
        is_here = server is not None and server.kind is ServerKind.BUILT_IN
        price = None if is_here else self._book.of(answer.server_id, answer.model)
        self.price_button.setVisible(not is_here)
        if price is not None:
            words = cost_of(answer, price) or self.tr("cost unknown: the server did not count the tokens")
        elif is_here or (server is not None and is_loopback(server.base_url)):
            words = self.tr("costs nothing: it runs on this computer")
        else:
            words = self.tr("no price known: set one")
        self._words.setText(words)
