"""What a window has of the documents, made and wired: panel, passages, the choice above the composer, folders."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject

from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.knowledge.collection_choice import CollectionChoice, CollectionChoiceController
from chatbot_app.ui.knowledge.field_filter_chips import FilterChips
from chatbot_app.ui.knowledge.field_filter_controller import FieldFilterController
from chatbot_app.ui.knowledge.knowledge_controller import KnowledgeController, Library
from chatbot_app.ui.knowledge.passage_controller import PassageController
from chatbot_app.ui.knowledge.watch_controller import WatchController
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.workers.folder_watcher import FolderWatcher
from chatbot_app.workers.import_worker import ImportWorker
from chatbot_app.workers.task_runner import TaskRunner


@dataclass(frozen=True, slots=True)
class KnowledgeArea:
    """What works together on the documents."""

    knowledge: KnowledgeController  # what is added, kept, searched
    passages: PassageController  # what is opened
    choice: CollectionChoiceController  # which collections a conversation uses
    filters: FieldFilterController  # which company, kind and time it keeps to
    watch: WatchController  # which folders are followed


def install_knowledge(
    window: MainWindow,
    library: Library,
    answers: ConversationStore,
    chat: ChatController,
    importer: ImportWorker,
    watcher: FolderWatcher,
    runner: TaskRunner,
    parent: QObject,
) -> KnowledgeArea:
    """Make the controllers of a window whose panels are there; `parent` owns them.

    `runner` reads the library. Neither `importer` nor `watcher` need run yet.
    """
    pane, panel = window.chat_pane, window.knowledge_panel
    knowledge = KnowledgeController(panel, library, answers, importer, runner, parent)
    passages = PassageController(window.show_passage_viewer, library, runner, parent)
    button = CollectionChoice(window)
    pane.composer.add_accessory(button)
    choice = CollectionChoiceController(button, chat, window.settings_panel, parent)
    chips = FilterChips(window)
    pane.composer.add_above_text(chips)
    filters = FieldFilterController(button, chips, chat, library, runner, parent)
    watch = WatchController(panel, knowledge, watcher, importer, runner, parent)
    knowledge.shelf.collections_changed.connect(filters.look)
    knowledge.shelf.collections_changed.connect(choice.set_library)
    panel.user_actions.passage_chosen.connect(passages.open_evidence)
    passages.original_requested.connect(knowledge.open_original)
    actions = pane.transcript.user_actions
    actions.collections_requested.connect(button.open_menu)
    actions.source_activated.connect(passages.open_source)
    actions.inspection_requested.connect(knowledge.search.inspect_answer)
    actions.inspection_requested.connect(window.show_knowledge)
    pane.composer.files_dropped.connect(knowledge.add_files)
    pane.composer.files_dropped.connect(window.show_knowledge)
    for teller in (knowledge, passages, watch):
        teller.notice_raised.connect(pane.notice_bar.show_notice)
    return KnowledgeArea(knowledge, passages, choice, filters, watch)
