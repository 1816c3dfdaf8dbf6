"""What brings a window back and loses nothing of it, made and wired: session, drafts, saving, trash, damage."""

from __future__ import annotations

import time
from dataclasses import dataclass

from PySide6.QtWidgets import QApplication

from chatbot_app.chat.services import Services
from chatbot_app.storage.database import StoreMode
from chatbot_app.storage.draft_file import DraftFile
from chatbot_app.storage.draft_pictures import DraftPictureFolder
from chatbot_app.ui.chat.chat_area import ChatArea
from chatbot_app.ui.controllers import Controllers
from chatbot_app.ui.conversation_order_controller import ConversationOrderController
from chatbot_app.ui.conversation_trash_controller import ConversationTrashController
from chatbot_app.ui.conversations_controller import ConversationsController
from chatbot_app.ui.damage_controller import DamageController
from chatbot_app.ui.draft_keeper import DraftKeeper
from chatbot_app.ui.draft_picture_keeper import DraftPictureKeeper
from chatbot_app.ui.duplication_controller import DuplicationController
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.saving_controller import SavingController
from chatbot_app.ui.session_controller import SessionController
from chatbot_app.ui.settings.settings_area import SettingsArea
from chatbot_app.workers.lanes import Lanes
from chatbot_app.workers.single_instance import SingleInstance, launch_unreachable


@dataclass(frozen=True, slots=True)
class SessionArea:
    """What works together on what lasts."""

    controllers: Controllers
    session: SessionController
    keeper: DraftKeeper
    trash: ConversationTrashController
    instance: SingleInstance


def install_session(
    qt_application: QApplication,
    window: MainWindow,
    services: Services,
    lanes: Lanes,
    chat_area: ChatArea,
    settings_area: SettingsArea,
) -> SessionArea:
    """Make the controllers; the window owns them. Nothing starts before `SessionController.start`."""
    chat = chat_area.chat
    conversations = _conversations(window, services, lanes, chat_area)
    controllers = Controllers(
        chat,
        chat_area.asking,
        chat_area.drafts,
        chat_area.turns,
        conversations,
        settings_area.settings,
        settings_area.servers,
    )
    keeper, pictures = _draft_keepers(window, services, lanes, chat_area)
    session = SessionController(
        qt_application,
        window,
        controllers,
        services.settings,
        services.backups,
        lanes.store,
        lanes.fetcher,
        lambda: services.gateway.warm(chat.settings.server_id, chat.settings.model),
        window,
        keeper=keeper,
    )
    session.started.connect(pictures.bring_back)
    _report_saving(window, services, lanes, chat_area)
    trash = _trash(window, services, lanes, chat_area)
    order = _order(window, services, lanes, chat_area, settings_area)
    DuplicationController(
        window.conversation_list,
        window.chat_pane.notice_bar,
        chat,
        lambda: services.copier,
        lanes.housekeeping,
        window,
    )
    DamageController(services.database, services.backups, lanes.housekeeping, session.offer_backup, window)
    instance = SingleInstance(services.paths.root, window)
    _connect_conversations(window, chat_area, session, conversations, order, trash)
    _connect_launches(session, instance)
    _connect_environment(session, settings_area)
    if services.database.mode is StoreMode.READ_WRITE:
        session.started.connect(trash.start)
    return SessionArea(controllers, session, keeper, trash, instance)


def _conversations(
    window: MainWindow, services: Services, lanes: Lanes, chat_area: ChatArea
) -> ConversationsController:
    return ConversationsController(
        window.conversation_list,
        window.chat_pane.notice_bar,
        chat_area.chat,
        chat_area.turns,
        services.conversations,
        services.gateway,
        lanes.store,
        lanes.models,
        services.settings,
        lanes.transfer,
        window,
    )


def _draft_keepers(
    window: MainWindow, services: Services, lanes: Lanes, chat_area: ChatArea
) -> tuple[DraftKeeper, DraftPictureKeeper]:
    """Make what keeps the texts of drafts, and what keeps their pictures."""
    keeper = DraftKeeper(
        chat_area.drafts,
        services.settings,
        services.conversations,
        DraftFile(services.paths.drafts),
        lanes.store,
        lanes.files,
        window,
    )
    pictures = DraftPictureKeeper(
        window.chat_pane.composer,
        chat_area.drafts,
        DraftPictureFolder(services.paths.draft_pictures),
        services.conversations,
        lanes.files,
        window,
    )
    return keeper, pictures


def _report_saving(window: MainWindow, services: Services, lanes: Lanes, chat_area: ChatArea) -> None:
    """Tell of answers that cannot be saved."""
    services.saver.tell = lanes.models.saving_event.emit
    SavingController(
        window, lanes.models, chat_area.turns, services.saver, lanes.files, time.monotonic, window
    )


def _trash(
    window: MainWindow, services: Services, lanes: Lanes, chat_area: ChatArea
) -> ConversationTrashController:
    return ConversationTrashController(
        window.conversation_list,
        window.chat_pane.notice_bar,
        chat_area.drafts,
        services.conversations,
        services.trash,
        services.backups,
        lanes.store,
        lanes.housekeeping,
        window,
    )


def _order(
    window: MainWindow, services: Services, lanes: Lanes, chat_area: ChatArea, settings_area: SettingsArea
) -> ConversationOrderController:
    return ConversationOrderController(
        window.conversation_list,
        window.chat_pane.notice_bar,
        chat_area.chat,
        lambda: services.conversation_order,
        services.settings,
        lanes.store,
        settings_area.settings.new_conversation_settings,
        window,
    )


def _connect_conversations(
    window: MainWindow,
    chat_area: ChatArea,
    session: SessionController,
    conversations: ConversationsController,
    order: ConversationOrderController,
    trash: ConversationTrashController,
) -> None:
    """Let the list of conversations, its order and the trash follow each other."""
    session.started.connect(order.start)
    conversations.trash_changed.connect(order.refresh)
    conversations.brought_in.connect(order.refresh)
    chat_area.answering.answer_finished.connect(conversations.consider_title)
    trash.restored.connect(conversations.show_restored)
    window.trash_requested.connect(trash.open_trash)
    conversations.trash_changed.connect(trash.count)
    conversations.new_requested.connect(session.start_new_conversation)


def _connect_launches(session: SessionController, instance: SingleInstance) -> None:
    """Let another launch bring this window to the front and hand its files over."""
    instance.raise_requested.connect(session.come_forward)
    instance.files_given.connect(session.open_files)
    if instance.problem:
        session.tell(launch_unreachable(instance.problem))


def _connect_environment(session: SessionController, settings_area: SettingsArea) -> None:
    """Offer the server that variables of the environment name."""
    environment = settings_area.environment
    environment.offered.connect(session.tell)
    session.environment_server_accepted.connect(environment.add)
    session.started.connect(environment.look)
