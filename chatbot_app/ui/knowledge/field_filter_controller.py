"""Carries what a conversation keeps to between its settings, the menu of collections and the chips."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from chatbot_app.core.messages import Notice
from chatbot_app.knowledge.fields.filtering import Facets, facets_of
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.knowledge.collection_choice import CollectionChoice
from chatbot_app.ui.knowledge.field_filter_chips import FilterChips
from chatbot_app.ui.knowledge.fields_controller import HasFields
from chatbot_app.workers.task_runner import TaskRunner


class FieldFilterController(QObject):
    """Keeps the filter in the settings of the conversation; a new one has none."""

    def __init__(
        self,
        button: CollectionChoice,
        chips: FilterChips,
        chat: ChatController,
        library: HasFields,
        runner: TaskRunner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._button = button
        self._chips = chips
        self._chat = chat
        self._library = library
        self._runner = runner
        self._generation: tuple[int, int] | None = None
        self._is_reading = self._has_changed = False
        button.filter_chosen.connect(self._keep)
        chips.changed.connect(self._keep)
        button.chosen.connect(self._show)  # no documents: nothing is kept to
        chat.settings_replaced.connect(self._show)
        chat.conversation_opened.connect(self._show)

    @Slot()
    def look(self) -> None:
        """Read what there is to choose from, where the library has changed; one reading at a time."""
        if self._is_reading:
            self._has_changed = True
            return
        self._is_reading, self._has_changed = True, False
        known = self._generation

        def read() -> tuple[tuple[int, int], Facets] | None:
            generation = self._library.fields.generation()
            return None if generation == known else (generation, facets_of(self._library.fields.counted()))

        self._runner.run(read, self._take, self._failed)

    def _take(self, read: tuple[tuple[int, int], Facets] | None) -> None:
        self._is_reading = False
        if read is not None:
            self._generation = read[0]
            self._button.set_facets(read[1])
        if self._has_changed:
            self.look()

    def _failed(self, _notice: Notice) -> None:
        """Go on with what was known: the list of documents, read by the same runner, tells of it."""
        self._is_reading = False

    @Slot()
    @Slot(object)
    def _show(self, _what: object = None) -> None:
        settings = self._chat.settings
        self._button.set_filter(settings.document_filter)
        uses = settings.collections is not None
        self._chips.show_filter(settings.document_filter)
        self._chips.setVisible(uses and bool(settings.document_filter))

    @Slot(object)
    def _keep(self, chosen: object) -> None:
        changes = {"document_filter": chosen}
        if self._chat.settings.collections is None:
            changes["collections"] = ()  # who names documents wants them asked
        self._chat.replace_settings(**changes)
        self._button.set_choice(self._chat.settings.collections)
        self._show()
