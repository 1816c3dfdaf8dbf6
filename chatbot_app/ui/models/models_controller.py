"""Opens the Models window at the page that is wanted, and tells what became of files that were dropped elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.core.errors import Action
from chatbot_app.core.local_models import LocalModel, ModelKind
from chatbot_app.core.messages import Notice
from chatbot_app.core.servers import BUILT_IN_SERVER_ID
from chatbot_app.llm.found_servers import FoundServer
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.models.local_controller import LocalController
from chatbot_app.ui.models.model_choice_controller import ModelChoiceController
from chatbot_app.ui.models.model_words import one_line
from chatbot_app.ui.settings.found_servers_controller import FoundServersController
from chatbot_app.ui.severity import Severity

if TYPE_CHECKING:
    from chatbot_app.ui.models.catalogue_controller import CatalogueController
    from chatbot_app.ui.models.models_dialog import ModelsDialog

USE_ADDED = "use-added-model"  # the choice of the notice about a file that was dropped


class ModelsController(QObject):
    """Owns the window, which is made when it is first opened."""

    servers_requested = Signal()

    def __init__(
        self,
        window: MainWindow,
        local: LocalController,
        choice: ModelChoiceController,
        found: FoundServersController,
        other_programs: Callable[[], None],
        catalogue: Callable[[], CatalogueController],
        parent: QObject | None = None,
    ) -> None:
        """`other_programs` opens the search for models of other programs; `catalogue` makes the page of downloads."""
        super().__init__(parent)
        self._window = window
        self._local = local
        self._choice = choice
        self._found = found
        self._make_catalogue = catalogue
        self._catalogue: CatalogueController | None = None
        self._dialog: ModelsDialog | None = None
        self._added: LocalModel | None = None
        local.actions.other_programs_requested.connect(other_programs)
        local.models_changed.connect(choice.read_models)
        local.used.connect(self._use)
        local.added.connect(self._tell_added)
        window.chat_pane.notice_bar.choice_made.connect(self._take_choice)
        choice.actions.better_model_requested.connect(self.open_better)
        choice.actions.models_requested.connect(self.open_local)
        choice.actions.servers_requested.connect(self.servers_requested)
        found.found.connect(self._show_found)

    @Slot()
    def open_local(self) -> None:
        """Show the models of this computer."""
        dialog = self._opened()
        dialog.show_local()
        dialog.local.focus_list()

    @Slot()
    def open_better(self) -> None:
        """Show the ways to a better model: servers that are there, downloads, a key."""
        self._opened().show_catalogue()

    @Slot()
    def look_again(self) -> None:
        """An answer came: what is loaded, and how fast it was, may be seen."""
        if self._dialog is not None and self._dialog.isVisible():
            self._local.refresh()

    @Slot(str)
    def act(self, action: str) -> None:
        """Carry out the remedy that an answer offers, where it is one of these."""
        if action == Action.USE_BETTER_MODEL:
            self.open_better()
        elif action == Action.OPEN_MODELS:
            self.open_local()

    @Slot(list)
    def add_files(self, paths: list[Path]) -> None:
        """Put model files onto the list that were dropped onto the window."""
        self._local.add_files(paths)

    def shutdown(self) -> None:
        """End what works for the window."""
        if self._catalogue is not None:
            self._catalogue.shutdown()
        self._local.shutdown()

    def _opened(self) -> ModelsDialog:
        if self._dialog is None:
            from chatbot_app.ui.models.models_dialog import ModelsDialog

            self._dialog = ModelsDialog(self._local.actions, self._window)
            self._dialog.found.chosen.connect(self._found.use)
            self._dialog.servers_requested.connect(self.servers_requested)
            self._local.show_on(self._dialog.local)
            self._catalogue = self._make_catalogue()
            self._dialog.set_catalogue(self._catalogue.page(self._dialog))
        else:
            self._local.refresh()
        self._dialog.found.show_found(self._found.known)
        self._found.look()
        return self._dialog

    @Slot(list)
    def _show_found(self, found: list[FoundServer]) -> None:
        if self._dialog is not None:
            self._dialog.found.show_found(found)

    @Slot(str)
    def _use(self, name: str) -> None:
        self._choice.choose(BUILT_IN_SERVER_ID, name)

    @Slot(object, list)
    def _tell_added(self, model: LocalModel | None, sentences: list[str]) -> None:
        """Tell in the window what became of files, unless the person looks at the list."""
        if self._dialog is not None and self._dialog.isActiveWindow():
            return
        bar = self._window.chat_pane.notice_bar
        words = " ".join(sentences)
        if model is None:
            bar.show_notice(Notice("ModelNotAdded", words))
            return
        self._added = model
        use = self.tr("Talk to {name}").replace("{name}", one_line(model.name)[:40])
        talks = model.facts.kind is ModelKind.CHAT
        bar.show_notice(Notice(USE_ADDED, words), Severity.INFO, [(USE_ADDED, use)] if talks else [])

    @Slot(str, str)
    def _take_choice(self, kind: str, key: str) -> None:
        if kind == key == USE_ADDED and self._added is not None:
            self._use(self._added.name)
            self._window.chat_pane.composer.focus_text()
