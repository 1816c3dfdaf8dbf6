"""Opens the window in which models are compared, and takes an answer over from it; nothing of it is loaded before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QKeySequence

from chatbot_app.chat.services import Services
from chatbot_app.core.compared import ComparedQuestion
from chatbot_app.core.messages import Conversation, Message, Role
from chatbot_app.ui.controllers import Controllers
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.window_menus import WindowMenu, window_menu
from chatbot_app.workers.lanes import Lanes

if TYPE_CHECKING:
    from chatbot_app.ui.compare.compare_start import CompareStart
    from chatbot_app.ui.compare.compare_window import CompareWindow
    from chatbot_app.ui.models.prices_controller import PricesController


class CompareDoor(QObject):
    """Makes the window when it is first wanted, and keeps it."""

    def __init__(
        self, window: MainWindow, services: Services, lanes: Lanes, controllers: Controllers, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._services = services
        self._lanes = lanes
        self._chat = controllers.chat
        self._compare: CompareWindow | None = None
        self._prices: PricesController | None = None
        self._again: ComparedQuestion | None = None  # a question of the open conversation, answered once more
        self._add_action()
        window.chat_pane.transcript.user_actions.other_models_requested.connect(self._ask_again)

    def _add_action(self) -> None:
        menu = window_menu(self._window, WindowMenu.TOOLS)
        action = QAction(self.tr("C&ompare models…"), self._window)
        action.setObjectName("compare_models_action")
        action.setShortcut(QKeySequence("Ctrl+Shift+C"))
        action.triggered.connect(self.open)
        menu.insertAction(menu.actions()[1], action)

    @Slot()
    def open(self) -> None:
        """Bring the window to the front, for another question."""
        self._come_forward(None)

    @Slot(str)
    def _ask_again(self, message_id: str) -> None:
        """Bring the window to the front with the question that a message is, or answers."""
        store = self._services.conversations

        def read() -> Message:
            message = store.message(message_id)
            is_answer = message.role is Role.ASSISTANT and message.parent_id is not None
            return store.message(message.parent_id or "") if is_answer else message

        self._lanes.store.run(read, self._show_again, self._window.chat_pane.notice_bar.show_notice)

    def _show_again(self, message: Message) -> None:
        self._come_forward(
            ComparedQuestion(message.text, message.conversation_id, message.parent_id, message.id)
        )

    def _come_forward(self, again: ComparedQuestion | None) -> None:
        self._again = again
        self._made().come_forward("" if again is None else again.text)
        if self._prices is not None:
            self._prices.reload()

    def shutdown(self) -> None:
        """End what is asked in it."""
        if self._compare is not None:
            self._compare.shutdown()

    @Slot(object)
    def _take_kept(self, conversation: Conversation) -> None:
        """Tell the list; where a question of the open conversation has more answers now, its number is another."""
        chat = self._chat
        chat.conversation_stored.emit(conversation)
        is_shown = conversation.id == chat.conversation_id and not chat.is_answering(conversation.id)
        if self._again is not None and is_shown:
            chat.reload()

    @Slot(object)
    def _go_on(self, conversation: Conversation) -> None:
        """Show a conversation that goes on with one of the answers, its model and its settings."""
        self._chat.set_settings(conversation.settings, conversation.id)
        self._chat.settings_replaced.emit()
        self._chat.open(conversation.id)
        self._window.raise_()
        self._window.activateWindow()

    def _start_of(self) -> CompareStart:
        from chatbot_app.ui.compare.compare_start import CompareStart

        chat = self._chat
        chat.settings_needed.emit()
        if chat.conversation is None:
            return CompareStart(chat.settings)
        opened, again = chat.conversation, self._again
        return CompareStart(
            chat.settings,
            opened.id,
            chat.leaf_id,
            opened.title,
            is_busy=chat.is_answering(opened.id),
            again=again if again is not None and again.conversation_id == opened.id else None,
        )

    def _is_answering(self, conversation_id: str) -> bool:
        return bool(conversation_id) and self._chat.is_answering(conversation_id)

    def _made(self) -> CompareWindow:
        if self._compare is None:
            from chatbot_app.ui.compare.compare_window import CompareWindow
            from chatbot_app.ui.compare.comparison_keeper import ComparisonKeeper
            from chatbot_app.ui.models.prices_controller import PricesController
            from chatbot_app.workers.lab_services import LabServices

            services, chat = self._services, self._chat
            keeper = ComparisonKeeper(services.compared_answers, self._lanes.store, self)
            keeper.kept.connect(self._take_kept)
            keeper.went_on.connect(self._go_on)
            self._compare = window = CompareWindow(
                LabServices(services, self._lanes, self._window),
                services.compare,
                keeper,
                self._start_of,
                self._is_answering,
                self._window,
            )
            self._prices = prices = PricesController(services.prices, self._lanes.store, window, self)
            window.price_requested.connect(prices.ask)
            prices.read.connect(window.show_prices)
            prices.failed.connect(window.complain)
            for changed in (chat.conversation_opened, chat.conversation_begun, chat.branch_shown):
                changed.connect(window.follow)
        return self._compare
