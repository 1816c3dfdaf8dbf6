"""The controllers of one window, for whoever drives it from outside."""

from __future__ import annotations

from dataclasses import dataclass

from chatbot_app.ui.chat.asking_controller import AskingController
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.chat.drafts_controller import DraftsController
from chatbot_app.ui.chat.running_turns import RunningTurns
from chatbot_app.ui.conversations_controller import ConversationsController
from chatbot_app.ui.settings.servers_controller import ServersController
from chatbot_app.ui.settings.settings_controller import SettingsController


@dataclass(frozen=True, slots=True)
class Controllers:
    """The controllers of one window."""

    chat: ChatController
    asking: AskingController
    drafts: DraftsController
    turns: RunningTurns
    conversations: ConversationsController
    settings: SettingsController
    servers: ServersController
