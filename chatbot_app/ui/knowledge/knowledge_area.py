"""What a window has of the documents, made and wired: panel, passages, the choice above the composer, folders."""

from __future__ import annotations

from dataclasses import dataclass

from chatbot_app.chat.services import Services
from chatbot_app.storage.database import StoreMode
from chatbot_app.ui.chat.attach_controller import AttachController
from chatbot_app.ui.chat.trust_area import install_trust
from chatbot_app.ui.knowledge.collection_choice import CollectionChoice, CollectionChoiceController
from chatbot_app.ui.knowledge.field_filter_chips import FilterChips
from chatbot_app.ui.knowledge.field_filter_controller import FieldFilterController
from chatbot_app.ui.knowledge.knowledge_controller import KnowledgeController
from chatbot_app.ui.knowledge.passage_controller import PassageController
from chatbot_app.ui.knowledge.watch_controller import WatchController
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.models.embedding_area import EmbeddingArea
from chatbot_app.ui.models.models_area import ModelsArea
from chatbot_app.ui.session_area import SessionArea
from chatbot_app.workers.folder_lane import FolderLane
from chatbot_app.workers.import_worker import ImportWorker
from chatbot_app.workers.lanes import Lanes


@dataclass(frozen=True, slots=True)
class KnowledgeArea:
    """What works on the documents in lanes of its own; all end with the window."""

    importer: ImportWorker
    watcher: FolderLane
    embedding: EmbeddingArea

    def shutdown(self) -> None:
        """End all; what waits is carried on by the next run."""
        self.embedding.shutdown()
        self.watcher.shutdown()
        self.importer.shutdown()


def install_knowledge(
    window: MainWindow, services: Services, lanes: Lanes, session: SessionArea, models: ModelsArea
) -> KnowledgeArea:
    """Make the controllers of a window whose panels are there; the window owns them.

    Import and watching begin, where the store can be written.
    """
    pane, panel, library = window.chat_pane, window.knowledge_panel, services.library
    chat, runner = session.controllers.chat, lanes.library
    importer = ImportWorker(library.create_import(services.paths.texts))
    watcher = FolderLane(library.create_folder_watch, window)
    knowledge = KnowledgeController(panel, library, services.conversations, importer, runner, window)
    passages = PassageController(window.show_passage_viewer, library, runner, window)
    button = CollectionChoice(window)
    pane.composer.add_accessory(button)
    choice = CollectionChoiceController(button, chat, window.settings_panel, window)
    chips = FilterChips(window)
    pane.composer.add_above_text(chips)
    filters = FieldFilterController(button, chips, chat, library, runner, window)
    watch = WatchController(panel, knowledge, watcher, importer, runner, window)
    trust = install_trust(window, services, lanes, session.controllers)
    models.choice.current_changed.connect(trust.set_answering)
    shelf = knowledge.shelf
    shelf.collections_changed.connect(filters.look)
    shelf.collections_changed.connect(choice.set_library)
    shelf.collections_changed.connect(trust.set_library)
    knowledge.filing.purged.connect(session.trash.scrub)
    session.trash.documents_purged.connect(shelf.refresh)
    panel.user_actions.passage_chosen.connect(passages.open_evidence)
    passages.original_requested.connect(knowledge.open_original)
    actions = pane.transcript.user_actions
    actions.collections_requested.connect(button.open_menu)
    actions.source_activated.connect(passages.open_source)
    actions.inspection_requested.connect(knowledge.search.inspect_answer)
    actions.inspection_requested.connect(window.show_knowledge)
    attach = AttachController(pane, chat, services.gateway, lanes.models, lanes.files, window)
    attach.documents_dropped.connect(knowledge.add_files)
    pane.composer.pictures.models_requested.connect(pane.composer_model.click)
    knowledge.files_added.connect(window.show_knowledge)
    knowledge.models_offered.connect(models.models.add_files)
    for teller in (knowledge, passages, watch):
        teller.notice_raised.connect(pane.notice_bar.show_notice)
    shelf.start()  # when everybody listens to it
    if services.database.mode is StoreMode.READ_WRITE:
        importer.start()
        watcher.start()
    embedding = EmbeddingArea(window, services, models, panel.user_actions, importer.runner, lanes.library)
    return KnowledgeArea(importer, watcher, embedding)
