"""Carries out what a person does with the models of this computer, away from the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from chatbot_app.core.local_models import EngineSettings, LocalModel, ModelKind
from chatbot_app.core.messages import Notice
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.ui.models.local_actions import LocalActions
from chatbot_app.ui.models.model_words import one_line
from chatbot_app.workers.task_runner import TaskRunner

if TYPE_CHECKING:  # a launch needs none of it
    from chatbot_app.chat.model_keeper import Added, LocalModelState, ModelKeeper
    from chatbot_app.ui.models.local_page import LocalPage

_IDLE_MINUTES = "models.idle_minutes"
_MOST_SAID = 3  # files that are no models, each with its sentence


class LocalController(QObject):
    """Knows what each model is now; shows it on the page while there is one."""

    models_changed = Signal()  # which there are, what they are called, or which is the default one
    used = Signal(str)  # name of the model that is to answer
    added = Signal(object, list)  # LocalModel or None, sentences about files that are none
    failed = Signal(object)  # Notice

    def __init__(
        self,
        keeper: Callable[[], ModelKeeper],
        settings: SettingsStore,
        runner: Callable[[], TaskRunner],
        parent: QObject | None = None,
    ) -> None:
        """`keeper` and `runner`, a lane of its own (loading takes seconds), are made when they are first needed."""
        super().__init__(parent)
        self._keeper = keeper
        self._settings = settings
        self._make_runner = runner
        self._runner: TaskRunner | None = None
        self._page: LocalPage | None = None
        self._states: list[LocalModelState] = []
        self._threads: int | None = None  # that are used by themselves
        self._busy: dict[str, int] = {}  # by model id: what is under way
        self._wanted = ""  # the model to be shown when it is listed
        self.actions = LocalActions(self)
        self._connect()

    def _connect(self) -> None:
        actions = self.actions
        actions.use_requested.connect(self.use)
        actions.load_requested.connect(self._load)
        actions.unload_requested.connect(self._unload)
        actions.default_requested.connect(self._make_default)
        actions.rename_requested.connect(self._rename)
        actions.folder_requested.connect(self._open_folder)
        actions.removal_requested.connect(self._remove)
        actions.settings_changed.connect(self._set_settings)
        actions.files_offered.connect(self.add_files)
        actions.idle_minutes_changed.connect(self._set_idle_minutes)

    def show_on(self, page: LocalPage) -> None:
        """Show the models on a page from now on."""
        self._page = page
        self._do(lambda: self._settings.get(_IDLE_MINUTES), page.show_idle_minutes)
        self.refresh()

    def runner(self) -> TaskRunner:
        """Return the lane, made when it is first needed."""
        if self._runner is None:
            self._runner = self._make_runner()
        return self._runner

    def shutdown(self) -> None:
        """End the lane."""
        if self._runner is not None:
            self._runner.shutdown()

    @Slot()
    def refresh(self) -> None:
        """Read everything anew, where somebody looks at it."""
        if self._page is not None:
            self._do(self._read, self._take_states)

    def _read(self) -> tuple[list[LocalModelState], int]:
        keeper = self._keeper()
        return keeper.states(), keeper.machine().cores

    def _take_states(self, found: tuple[list[LocalModelState], int]) -> None:
        self._states, self._threads = found
        self._show()

    def _show(self) -> None:
        if self._page is None:
            return
        from chatbot_app.ui.models.model_row import ModelRow

        rows = [ModelRow.of(state, is_busy=state.model.id in self._busy) for state in self._states]
        self._page.show_rows(rows, self._threads)
        if self._wanted and any(row.id == self._wanted for row in rows):
            self._page.choose(self._wanted)
            self._wanted = ""

    def _do(self, work: Callable[[], Any], then: Callable[[Any], None] | None = None, busy: str = "") -> None:
        if busy:
            self._busy[busy] = self._busy.get(busy, 0) + 1
            self._show()

        def end(result: Any) -> None:
            self._forget_busy(busy)
            if then is not None:
                then(result)

        def explain(notice: Notice) -> None:
            self._forget_busy(busy)
            self._explain(notice)
            self.refresh()

        self.runner().run(work, end, explain)

    def _forget_busy(self, model_id: str) -> None:
        left = self._busy.get(model_id, 0) - 1
        if left > 0:
            self._busy[model_id] = left
        else:
            self._busy.pop(model_id, None)

    def _explain(self, notice: Notice) -> None:
        if self._page is not None and self._page.isVisible():
            self._page.say(notice.words, "danger")
        else:
            self.failed.emit(notice)

    def _say(self, words: str, look: str = "muted") -> None:
        if self._page is not None:
            self._page.say(words, look)

    def _changed(self, _: object = None) -> None:
        self.models_changed.emit()
        self.refresh()

    def _model(self, model_id: str) -> LocalModel | None:
        return next((state.model for state in self._states if state.model.id == model_id), None)

    # --- what the person does --------------------------------------------------------------------------------

    @Slot(list)
    def add_files(self, paths: Sequence[Path]) -> None:
        """Put files onto the list, where they lie."""
        self._say(self.tr("Being looked at…"))
        self._do(lambda: self._keeper().add(paths), self._tell_added)

    def _tell_added(self, added: Added) -> None:
        talking = [model for model in added.models if model.facts.kind is ModelKind.CHAT]
        first = next(iter([*talking, *added.models]), None)
        problems = list(added.problems[:_MOST_SAID])
        if len(added.problems) > _MOST_SAID:
            problems.append(self.tr("{n} more cannot be used.").format(n=len(added.problems) - _MOST_SAID))
        if first is not None:
            self._wanted = first.id
            words = self.tr("“{name}” is on the list.").replace("{name}", one_line(first.name))
            if len(added.models) > 1:
                words = self.tr("{n} models are on the list now.").format(n=len(added.models))
            problems.insert(0, words)
            self._changed()
        self._say(" ".join(problems), "danger" if added.problems else "success")
        self.added.emit(first, problems)

    @Slot(object)
    def take_new(self, model: LocalModel) -> None:
        """A model came onto the list by itself: it was downloaded."""
        self._wanted = model.id
        self._changed()

    @Slot(object)
    def use_model(self, model: LocalModel) -> None:
        """Let a model answer in the open conversation; one that makes vectors is offered to the documents."""
        if model.facts.kind is ModelKind.EMBEDDING:
            self.actions.embedding_requested.emit(model.id)
        else:
            self.used.emit(model.name)

    @Slot(str)
    def use(self, model_id: str) -> None:
        """Let a model answer in the open conversation."""
        model = self._model(model_id)
        if model is not None:
            self._say(
                self.tr("“{name}” answers from now on.").replace("{name}", one_line(model.name)), "success"
            )
            self.used.emit(model.name)

    @Slot(str)
    def _load(self, model_id: str) -> None:
        self._say("")
        self._do(lambda: self._keeper().engines.load(model_id), self._changed, busy=model_id)

    @Slot(str)
    def _unload(self, model_id: str) -> None:
        self._say("")
        self._do(lambda: self._keeper().engines.unload(model_id), self._changed, busy=model_id)

    @Slot(str)
    def _make_default(self, model_id: str) -> None:
        self._do(lambda: self._keeper().store.set_default(model_id), self._changed)

    @Slot(str, str)
    def _rename(self, model_id: str, name: str) -> None:
        self._do(lambda: self._keeper().store.rename(model_id, name), self._changed)

    @Slot(str, object)
    def _set_settings(self, model_id: str, settings: EngineSettings) -> None:
        self._do(lambda: self._keeper().store.set_settings(model_id, settings), self._changed)

    @Slot(int)
    def _set_idle_minutes(self, minutes: int) -> None:
        self._do(lambda: self._settings.set(_IDLE_MINUTES, minutes))

    @Slot(str)
    def _open_folder(self, model_id: str) -> None:
        model = self._model(model_id)
        if model is None or model.path is None:
            return
        # By its bytes: a name that is no valid text would be another one as QString.
        address = QUrl.fromEncoded(model.path.parent.as_uri().encode("ascii"))
        if not QDesktopServices.openUrl(address):
            self._say(self.tr("The folder could not be opened. It may have been moved."), "danger")

    @Slot(str)
    def _remove(self, model_id: str) -> None:
        model = self._model(model_id)
        name = one_line(model.name) if model is not None else ""

        def tell(deleted: tuple[Path, ...]) -> None:
            words = self.tr("“{name}” was deleted.") if deleted else self.tr("“{name}” is off the list.")
            self._say(words.replace("{name}", name))
            self._changed()

        self._do(lambda: self._keeper().remove(model_id), tell, busy=model_id)
