"""The controllers of a chat pane, made and wired."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject

from chatbot_app.chat.open_conversation import OpenConversation
from chatbot_app.chat.services import Services
from chatbot_app.core.ids import new_id
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.message_pictures import PictureStore
from chatbot_app.ui.branches.branches_controller import BranchesController
from chatbot_app.ui.chat.answering_controller import AnsweringController
from chatbot_app.ui.chat.asking_controller import AskingController
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.chat.chat_pane import ChatPane
from chatbot_app.ui.chat.drafts_controller import DraftsController
from chatbot_app.ui.chat.feedback_controller import FeedbackController
from chatbot_app.ui.chat.find_controller import FindController
from chatbot_app.ui.chat.marks_controller import MarksController
from chatbot_app.ui.chat.model_check_controller import ModelCheckController
from chatbot_app.ui.chat.pictures_controller import PicturesController
from chatbot_app.ui.chat.running_turns import RunningTurns
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.picture_encoding import encoded
from chatbot_app.workers.lanes import Lanes
from chatbot_app.workers.model_check_worker import ModelCheckWorker
from chatbot_app.workers.search_warming import SearchWarming
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


def connect_pane(
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


def install_chat(window: MainWindow, services: Services, lanes: Lanes) -> ChatArea:
    """Make the controllers of a window whose transcript is there, and the checks of its answers by a model."""
    pane = window.chat_pane
    turns = RunningTurns(lanes.models, new_id, window)
    area = connect_pane(pane, services.conversations, lanes.store, turns, window)
    checks = ModelCheckWorker(lanes.models, services.check_with_model, window)
    checking = ModelCheckController(pane, area.chat, area.answering, checks, lanes.store, window)
    window.escaped.connect(checking.stop)
    find = FindController(pane, area.chat, services.conversations, lanes.store, window)
    window.find_here_requested.connect(find.open)
    FeedbackController(
        pane, area.answering, services.conversations, services.keep_with_answer, lanes.store, window
    )
    services.encode_picture = encoded
    PicturesController(pane, PictureStore(services.database), lanes.files, window)
    BranchesController(
        window,
        area.chat,
        turns,
        services.conversations,
        services.database,
        lanes.store,
        lanes.files,
        window,
    )
    warming = SearchWarming(
        lanes.models, lambda: services.evidence, lambda: area.chat.settings.collections is not None, window
    )
    pane.composer.writing_began.connect(services.gateway.preload_client)
    pane.composer.writing_began.connect(warming.begin)
    return area
