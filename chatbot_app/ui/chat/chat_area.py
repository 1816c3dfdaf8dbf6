"""The controllers of a chat pane, made and wired."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject

from chatbot_app.chat.open_conversation import OpenConversation
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.ui.chat.answering_controller import AnsweringController
from chatbot_app.ui.chat.asking_controller import AskingController
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.chat.chat_pane import ChatPane
from chatbot_app.ui.chat.drafts_controller import DraftsController
from chatbot_app.ui.chat.marks_controller import MarksController
from chatbot_app.ui.chat.running_turns import RunningTurns
from chatbot_app.workers.task_runner import TaskRunner


@dataclass(frozen=True, slots=True)
class ChatArea:
    """What works together on one pane."""

    turns: RunningTurns  # what is being answered
    drafts: DraftsController  # what is written and not sent
    chat: ChatController  # which conversation is open
    marks: MarksController  # what is always or never sent
    asking: AskingController  # what is asked for
    answering: AnsweringController  # what arrives


def install_chat(
    pane: ChatPane, store: ConversationStore, runner: TaskRunner, turns: RunningTurns, parent: QObject
) -> ChatArea:
    """Make the controllers of a pane whose transcript is there; `parent` owns them."""
    opened = OpenConversation()
    drafts = DraftsController(pane.composer, opened, turns, parent)
    chat = ChatController(pane, opened, store, runner, turns, drafts, parent)
    return ChatArea(
        turns,
        drafts,
        chat,
        MarksController(pane, opened, chat, store, runner, parent),
        AskingController(pane, opened, chat, store, runner, turns, drafts, parent),
        AnsweringController(pane, opened, chat, turns, drafts, parent),
    )
