"""Carries out what a person does with the model that searches the documents, away from the GUI thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.core.messages import Notice
from chatbot_app.ui.models.model_words import one_line
from chatbot_app.workers.library_mover import LibraryMover
from chatbot_app.workers.task_runner import TaskRunner

if TYPE_CHECKING:  # a launch needs none of it
    from PySide6.QtWidgets import QWidget

    from chatbot_app.chat.library_move import KeptVectors
    from chatbot_app.chat.services import Services
    from chatbot_app.knowledge.embedding_choice import EmbeddingChoice, EmbeddingTrial
    from chatbot_app.knowledge.importing.vector_move import VectorsMade
    from chatbot_app.ui.models.embedding_dialog import EmbeddingDialog
    from chatbot_app.ui.models.embedding_offers import EmbeddingOffer, EmbeddingWish


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the window shows, read from the store."""

    offers: list[EmbeddingOffer]
    now: str
    kept: list[tuple[KeptVectors, str]]
    chosen: str = ""  # the key of the offer to be shown
    problems: tuple[str, ...] = ()


class EmbeddingController(QObject):
    """Owns the window while it is there, and the move, which goes on without it."""

    told = Signal(object, bool)  # Notice, whether it is good news: where the window is not looked at
    models_changed = Signal()  # a file came onto the list of models
    download_requested = Signal()

    def __init__(self, services: Services, renew_import: Callable[[], None], window: QWidget) -> None:
        """`renew_import` lets imports use the model that the library has now."""
        super().__init__(window)
        self._services = services
        self._renew_import = renew_import
        self._window = window
        self._dialog: EmbeddingDialog | None = None
        self._runner: TaskRunner | None = None
        self._trial: EmbeddingTrial | None = None
        self._moving_to = ""  # the name of a model
        self._begun = (0.0, 0)  # when the move began, and with how many passages
        self.mover = LibraryMover(lambda: services.library_move, self)
        self.mover.progressed.connect(self._show_progress)
        self.mover.moved.connect(self._take_moved)
        self.mover.stopped.connect(self._take_stopped)
        self.mover.failed.connect(self._take_failed)

    @Slot()
    @Slot(str)
    def open(self, model_id: str = "") -> None:
        """Show the window, with a model of this computer chosen where one is named."""
        dialog = self._opened()
        self._read(f"model:{model_id}" if model_id else "")
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    @Slot(object)
    def resume(self, is_wanted: bool) -> None:
        """Carry on a move that an earlier run of the program began."""
        if is_wanted:
            self._do(self._services.library_move.pending, self._resume_to)

    def shutdown(self) -> None:
        """End what is under way; the next start carries on a move."""
        self.mover.shutdown()
        if self._runner is not None:
            self._runner.shutdown()

    def _opened(self) -> EmbeddingDialog:
        if self._dialog is None:
            from chatbot_app.ui.models.embedding_dialog import EmbeddingDialog

            dialog = self._dialog = EmbeddingDialog(self._window)
            dialog.try_requested.connect(self._try)
            dialog.move_requested.connect(self._move)
            dialog.stop_requested.connect(self._stop)
            dialog.form.files_chosen.connect(self._add_files)
            dialog.form.download_requested.connect(self.download_requested)
            dialog.kept.back_requested.connect(self._go_back)
            dialog.kept.removal_requested.connect(self._remove)
        return self._dialog

    def _do(self, work: Callable[[], Any], then: Callable[[Any], None] | None = None) -> None:
        if self._runner is None:
            self._runner = TaskRunner(self)
        self._runner.run(work, then, self._explain)

    def _explain(self, notice: Notice) -> None:
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.show_failure(notice.words)
        else:
            self.told.emit(notice, False)

    # --- what is shown -----------------------------------------------------------------------------------

    def _read(self, chosen: str = "") -> None:
        self._do(lambda: self._shown(chosen), self._show)

    def _shown(self, chosen: str = "", problems: Sequence[str] = ()) -> _Shown:
        """Read what there is; in the lane."""
        from chatbot_app.chat.embedding_models import rule_of
        from chatbot_app.knowledge.children.built_in_stamps import built_in_name, is_multilingual_here
        from chatbot_app.ui.models.embedding_offers import EmbeddingOffer

        models, move = self._services.embedding_models, self._services.library_move
        offers = [
            EmbeddingOffer(ships=built_in_name(), is_multilingual=is_multilingual_here()),
            *(EmbeddingOffer(model=model, rule=rule_of(model)) for model in models.of_this_computer()),
            *(EmbeddingOffer(server=server) for server in models.servers()),
        ]
        kept = [(vectors, move.name_of(vectors) or vectors.stamp) for vectors in move.kept()]
        return _Shown(offers, move.searched_name(), kept, chosen, tuple(problems))

    def _show(self, shown: _Shown) -> None:
        if self._dialog is None:
            return
        self._dialog.show_offers(shown.offers, shown.now, shown.chosen)
        self._dialog.show_kept(shown.kept)
        if shown.problems:
            self._dialog.show_failure(" ".join(shown.problems))

    # --- what the person does ----------------------------------------------------------------------------

    @Slot(object)
    def _try(self, wish: EmbeddingWish) -> None:
        self._trial = None
        self._opened().show_trying()
        self._do(lambda: self._tried(wish), lambda trial: self._show_trial(wish, trial))

    def _tried(self, wish: EmbeddingWish) -> EmbeddingTrial:
        models, offer = self._services.embedding_models, wish.offer
        if offer.model is not None:
            return models.try_local(offer.model, wish.rule, wish.pooling, wish.sentences)
        assert offer.server is not None
        return models.try_server(offer.server, wish.name, wish.rule, wish.sentences)

    def _show_trial(self, wish: EmbeddingWish, trial: EmbeddingTrial) -> None:
        self._trial = trial
        self._opened().show_trial(wish, trial)

    @Slot(list)
    def _add_files(self, paths: list[Path]) -> None:
        def add() -> _Shown:
            added = self._services.model_keeper.add(paths)
            first = f"model:{added.models[0].id}" if added.models else ""
            return self._shown(first, added.problems)

        def show(shown: _Shown) -> None:
            self._show(shown)
            self.models_changed.emit()

        self._do(add, show)

    @Slot()
    def _move(self) -> None:
        if self._opened().form.is_shipping():
            self._start(None)
        elif self._trial is not None:
            self._start(self._trial.choice)

    @Slot(object)
    def _go_back(self, vectors: KeptVectors) -> None:
        self._start(vectors.choice)

    @Slot(str)
    def _remove(self, stamp: str) -> None:
        self._do(lambda: self._services.library_move.remove(stamp), lambda _: self._read())

    @Slot()
    def _stop(self) -> None:
        self._do(self._services.library_move.give_up)
        self.mover.stop()

    # --- the move ----------------------------------------------------------------------------------------

    def _resume_to(self, move: Any) -> None:
        if move is not None:
            self._start(move.choice)

    def _start(self, choice: EmbeddingChoice | None) -> None:
        if self.mover.is_moving:
            return
        self._begun = (time.monotonic(), -1)
        self._do(lambda: self._services.embedding_models.name_of(choice), self._name_move)
        if self._dialog is not None:
            self._dialog.say("")
            self._dialog.show_moving("", 0, 0, None)
        self.mover.start(choice)

    def _name_move(self, name: str) -> None:
        self._moving_to = name

    @Slot(object)
    def _show_progress(self, made: VectorsMade) -> None:
        begun_at, first = self._begun
        if first < 0:
            self._begun = (time.monotonic(), made.done)
        if self._dialog is None:
            return
        fresh = made.done - first if first >= 0 else 0
        left = (time.monotonic() - begun_at) / fresh * (made.total - made.done) if fresh > 0 else None
        self._dialog.show_moving(self._moving_to, made.done, made.total, left)

    @Slot(object)
    def _take_moved(self, choice: EmbeddingChoice | None) -> None:
        self._renew_import()
        words = self.tr("Documents are searched with {name} from now on.")
        words = words.replace("{name}", one_line(self._moving_to)[:80])
        self._rest(words, "success")
        if self._dialog is None or not self._dialog.isVisible():
            self.told.emit(Notice("LibraryMoved", words), True)

    @Slot()
    def _take_stopped(self) -> None:
        self._rest(self.tr("It was stopped. What was made is kept, and the same move carries on from there."))

    @Slot(object)
    def _take_failed(self, notice: Notice) -> None:
        self._rest("")
        self._explain(notice)

    def _rest(self, words: str, look: str = "muted") -> None:
        self._trial = None
        if self._dialog is not None:
            self._dialog.show_rest()
            self._dialog.say(words, look)
            self._read()
