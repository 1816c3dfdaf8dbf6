"""Which models are small and what questions are answered with: from the store to every place that shows it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Slot

from chatbot_app.core.answer_modes import MarkedModels, answer_mode, is_small_model
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Conversation
from chatbot_app.core.servers import BUILT_IN_SERVER_ID, Server
from chatbot_app.core.trust import AnswerMode
from chatbot_app.storage.small_models import SmallModelStore
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.chat.chat_pane import ChatPane
from chatbot_app.ui.chat.mode_choice import ModeChoice
from chatbot_app.ui.settings.panel import SettingsPanel
from chatbot_app.workers.task_runner import TaskRunner


class TrustController(QObject):
    """Keeps the mode in the settings of the conversation, and the person's word on models in the store."""

    def __init__(
        self,
        pane: ChatPane,
        choice: ModeChoice,
        panel: SettingsPanel,
        chat: ChatController,
        small_models: SmallModelStore,
        runner: TaskRunner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._choice = choice
        self._panel = panel
        self._chat = chat
        self._store = small_models
        self._runner = runner
        self._servers: dict[str, Server] = {}
        self._default_id = ""
        self._answering = ("", "")  # server id, model
        self._marked: MarkedModels = frozenset()
        self._has_documents = False
        choice.chosen.connect(self._keep_mode)
        panel.small_model_marked.connect(self._mark)
        chat.conversation_opened.connect(self._show_opened)
        chat.prompt_changed.connect(self.refresh)
        runner.run(small_models.marked, self._take_marked, lambda _: None)

    @Slot(list, str)
    def set_servers(self, servers: Sequence[Server], default_id: str) -> None:
        """Take over which servers there are."""
        self._servers = {server.id: server for server in servers}
        self._default_id = default_id
        self._tell_all()

    @Slot(str, str)
    def set_answering(self, server_id: str, model: str) -> None:
        """Take over who answers in the open conversation: of this computer, where it names none or one that is gone."""
        self._answering = (server_id, model)
        self.refresh()

    @Slot(list, bool)
    def set_library(self, _: object, has_documents: bool) -> None:
        """Take over whether there is anything to ask."""
        self._has_documents = has_documents
        self.refresh()

    def is_small(self, server_id: str | None, model: str | None) -> bool:
        """Whether a model is small; of a server that is gone, as far as it was marked."""
        server = self._servers.get(server_id or self._default_id)
        if server is None:
            return (server_id or "", model or "") in self._marked
        return is_small_model(server, model, self._marked)

    @Slot()
    def refresh(self) -> None:
        """Show what holds for the open conversation."""
        settings = self._chat.settings
        server = self._servers.get(settings.server_id or self._default_id)
        named = settings.model
        if server is not None and server.id == BUILT_IN_SERVER_ID:
            answering, model = self._answering
            named = (model if answering == BUILT_IN_SERVER_ID else "") or named or None
        shown = named or (server.default_model if server is not None else None)
        is_small = self.is_small(settings.server_id, named)
        by_model = answer_mode(GenerationSettings(), small_model=is_small)
        self._choice.show_mode(settings.answer_mode, by_model)
        self._choice.setVisible(self._has_documents and settings.collections is not None)
        self._pane.model_note.show_model(shown, is_small=is_small)
        self._pane.transcript.remarks.set_checker(None if is_small or server is None else shown or "")
        is_fixed = server is not None and is_small_model(server, named, frozenset())
        self._panel.show_small_model(is_small=is_small, is_fixed=is_fixed)

    @Slot(object)
    def _show_opened(self, _: Conversation | None) -> None:
        self.refresh()

    @Slot(object)
    def _keep_mode(self, mode: AnswerMode | None) -> None:
        self._chat.replace_settings(answer_mode=mode)

    @Slot(str, str, bool)
    def _mark(self, server_id: str, model: str, small: bool) -> None:
        def write() -> MarkedModels:
            self._store.mark(server_id, model, small=small)
            return self._store.marked()

        self._runner.run(write, self._take_marked)

    def _take_marked(self, marked: MarkedModels) -> None:
        self._marked = marked
        self._tell_all()

    def _tell_all(self) -> None:
        self._pane.transcript.remarks.set_small_models(self.is_small)
        self.refresh()
