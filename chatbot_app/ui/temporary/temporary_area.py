"""What temporary conversations have in the window, made and wired: a menu entry, a button, rows and a bar."""

from __future__ import annotations

from PySide6.QtGui import QAction, QKeySequence

from chatbot_app.chat.services import Services
from chatbot_app.core.messages import Conversation
from chatbot_app.ui.icons import IconButton
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.session_area import SessionArea
from chatbot_app.ui.temporary.temporary_actions import TemporaryActions
from chatbot_app.ui.temporary.temporary_bar import TemporaryBar
from chatbot_app.ui.temporary.temporary_controller import TemporaryController
from chatbot_app.ui.temporary.temporary_rows import TemporaryRows
from chatbot_app.ui.window_menus import WindowMenu, window_menu
from chatbot_app.workers.lanes import Lanes

_KEYS = "Ctrl+Shift+N"


def install_temporary(window: MainWindow, services: Services, lanes: Lanes, session: SessionArea) -> None:
    """Make the parts; the window owns them."""
    actions = TemporaryActions(window)
    side = window.conversation_list
    rows, bar = TemporaryRows(actions, side), TemporaryBar(actions, window.chat_pane)
    side.top.addWidget(rows)
    window.chat_pane.add_find_bar(bar)

    menu = window_menu(window, WindowMenu.CONVERSATION)
    action = QAction(window.tr("New te&mporary"), window)
    action.setObjectName("new_temporary_action")
    action.setShortcut(QKeySequence(_KEYS))
    action.triggered.connect(actions.begin_requested)
    menu.insertAction(menu.actions()[1], action)
    keys = QKeySequence(_KEYS).toString(QKeySequence.SequenceFormat.NativeText)
    words = window.tr("New temporary conversation ({keys})").replace("{keys}", keys)
    button = IconButton("temporary", words, "new_temporary_button", side)
    button.clicked.connect(actions.begin_requested)
    side.new_line.addWidget(button)

    def keep(conversation_id: str) -> Conversation:
        services.saver.flush(conversation_id)
        return services.copier.keep(conversation_id)

    TemporaryController(
        actions,
        bar,
        rows,
        session.controllers,
        lambda: services.temporary,
        keep,
        session.session.start_new_conversation,
        session.session.tell,
        lanes.store,
        lanes.models,
        window,
    )
