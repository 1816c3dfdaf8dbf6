"""Asks a model hub for what a person looks for, and downloads what they choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from chatbot_app.chat.model_catalogue import Offers
from chatbot_app.core.hub_models import (
    DownloadStage,
    DownloadState,
    FoundRepository,
    Recommendation,
    download_id,
)
from chatbot_app.core.latest import Latest
from chatbot_app.core.local_models import LocalModel, ModelKind, Origin
from chatbot_app.core.messages import Notice
from chatbot_app.ui.models.catalogue_entries import (
    found_entry,
    offered_files,
    recommended_entry,
    repository_entry,
)
from chatbot_app.ui.models.catalogue_page import CataloguePage
from chatbot_app.ui.models.hub_actions import HubActions
from chatbot_app.ui.models.model_words import one_line
from chatbot_app.workers.hub_worker import HubWorker
from chatbot_app.workers.model_downloads import ModelDownloadQueue
from chatbot_app.workers.task_runner import TaskRunner


def is_address(text: str) -> bool:
    """Whether what was written names a repository rather than words of a name."""
    return " " not in text.strip() and ("/" in text or "://" in text)


class CatalogueController(QObject):
    """Knows what is shown on the page and what is under way; contacts nobody before the person asks."""

    model_arrived = Signal(object)  # LocalModel: downloaded, checked and on the list
    used = Signal(object)  # LocalModel: it is to answer
    failed = Signal(object)  # Notice, where the page is not seen

    def __init__(
        self,
        hub: HubWorker,
        queue: ModelDownloadQueue,
        keep_token: Callable[[str], object],
        here: Callable[[], list[LocalModel]],
        runner: Callable[[], TaskRunner],
        parent: QObject | None = None,
    ) -> None:
        """`keep_token` stores the hub's token, `here` reads the models of this computer: both in the lane of `runner`."""
        super().__init__(parent)
        self._hub = hub
        self._queue = queue
        self._keep_token = keep_token
        self._here = here
        self._runner = runner
        self._page: CataloguePage | None = None
        self._asking = Latest()  # the newest search counts
        self._finished: dict[str, tuple[DownloadState, LocalModel]] = {}  # by download, until dismissed
        self._last: dict[str, DownloadState] = {}
        self._offers: dict[str, Offers] = {}  # by repository
        self._local: frozenset[tuple[str, str]] = frozenset()
        self._shows_recommended = True
        self.actions = HubActions(self)
        actions = self.actions
        actions.search_requested.connect(self.search)
        actions.recommended_requested.connect(self.show_recommended)
        actions.repository_requested.connect(self._look)
        actions.download_requested.connect(self._download)
        actions.pause_requested.connect(queue.pause)
        actions.resume_requested.connect(queue.resume)
        actions.cancel_requested.connect(queue.cancel)
        actions.dismissed.connect(self._dismiss)
        actions.use_requested.connect(self._use)
        actions.token_changed.connect(self._take_token)
        queue.changed.connect(self._progressed)
        queue.finished.connect(self._finish)
        queue.failed.connect(self._explain_download)
        queue.discarded.connect(self._show_downloads)

    def page(self, parent: QWidget) -> CataloguePage:
        """Make the page and fill it with what ships; the hub is not contacted."""
        self._page = CataloguePage(self.actions, parent)
        self._queue.load_unfinished()
        self.refresh()
        return self._page

    def shutdown(self) -> None:
        """End what is under way; what has arrived is gone on with by the next run."""
        self._queue.shutdown()
        self._hub.shutdown()

    @Slot()
    def refresh(self) -> None:
        """Show anew what is on this computer already."""
        self._runner().run(self._here, self._take_local, lambda _: None)
        if self._shows_recommended:
            self.show_recommended()

    def _take_local(self, models: list[LocalModel]) -> None:
        origins = (model.origin for model in models if model.origin is not None)
        self._local = frozenset((one.repository.casefold(), one.file.casefold()) for one in origins)
        for repository, offers in self._offers.items():
            self._show_files(repository, offers)

    # --- what is looked for ----------------------------------------------------------------------------------

    @Slot()
    def show_recommended(self) -> None:
        """List what ships with the program."""
        self._shows_recommended = True
        is_latest = self._asking.begin()

        def show(found: list[Recommendation]) -> None:
            if self._page is not None and is_latest():
                self._page.set_searching(False)
                self._page.show_entries([recommended_entry(one) for one in found], are_recommended=True)

        self._hub.recommended(show, lambda notice: self._explain(notice))

    @Slot(str)
    def search(self, text: str) -> None:
        """Ask the hub for repositories, or for the one that an address names."""
        if self._page is None:
            return
        self._shows_recommended = False
        self._page.set_searching(True)
        is_latest = self._asking.begin()

        def show(found: list[FoundRepository]) -> None:
            if self._page is None or not is_latest():
                return
            self._page.set_searching(False)
            self._page.show_entries([found_entry(one) for one in found], are_recommended=False)
            nothing = self.tr(
                "No repository with GGUF files, or with an embedding model in ONNX form, is called like that. Try fewer words."
            )
            self._page.say("" if found else nothing)

        def show_one(offers: Offers) -> None:
            if self._page is None or not is_latest():
                return
            self._page.set_searching(False)
            self._page.say("")
            self._take_offers(offers.repository.id, offers)
            self._page.show_entries([repository_entry(offers)], are_recommended=False)

        def explain(notice: Notice) -> None:
            if self._page is not None and is_latest():
                self._page.set_searching(False)
                self._explain(notice)

        if is_address(text):
            self._hub.look(text, show_one, explain)
        else:
            self._hub.search(text, show, explain)

    @Slot(str)
    def _look(self, repository: str) -> None:
        if self._page is None:
            return
        self._page.show_waiting(repository)

        def explain(notice: Notice) -> None:
            if self._page is not None:
                self._page.show_problem(repository, notice.words)

        self._hub.look(repository, lambda offers: self._take_offers(repository, offers), explain)

    def _take_offers(self, repository: str, offers: Offers) -> None:
        self._offers[repository] = offers
        self._show_files(repository, offers)

    def _show_files(self, repository: str, offers: Offers) -> None:
        if self._page is not None:
            self._page.show_files(repository, offered_files(offers, self._local))

    def _explain(self, notice: Notice) -> None:
        if self._page is not None:
            self._page.say(notice.words, "danger")

    @Slot(str)
    def _take_token(self, token: str) -> None:
        words = self.tr("The token is kept.") if token.strip() else self.tr("The token is forgotten.")

        def tell(_: object) -> None:
            if self._page is not None:
                self._page.say(words, "success")

        self._runner().run(lambda: self._keep_token(token), tell, self._explain)

    # --- downloads -------------------------------------------------------------------------------------------

    @Slot(object)
    def _download(self, origin: Origin) -> None:
        self._finished.pop(download_id(origin), None)
        self._queue.start(origin)

    @Slot(object)
    def _progressed(self, state: DownloadState) -> None:
        self._last[state.id] = state
        self._show_downloads()

    @Slot(str, object)
    def _finish(self, wanted: str, model: LocalModel) -> None:
        known = self._last.pop(wanted, None)
        if known is None:
            origin = model.origin or Origin("", model.name)
            known = DownloadState(wanted, model.name, origin, DownloadStage.FINISHED)
        size = model.facts.bytes or known.total
        self._finished[wanted] = (
            replace(known, stage=DownloadStage.FINISHED, note="", received=size, total=size),
            model,
        )
        self._show_downloads()
        self.model_arrived.emit(model)
        self.refresh()

    @Slot(str, object)
    def _explain_download(self, _: str, notice: Notice) -> None:
        self._show_downloads()
        if self._page is None or not self._page.isVisible():
            self.failed.emit(notice)
        else:
            self._explain(notice)

    @Slot()
    def _show_downloads(self) -> None:
        if self._page is not None:
            ended = [state for state, _ in self._finished.values()]
            self._page.show_downloads([*ended, *self._queue.states()])

    @Slot(str)
    def _dismiss(self, wanted: str) -> None:
        if self._finished.pop(wanted, None) is None:
            self._queue.cancel(wanted)  # one that failed: what has arrived of it goes
        self._show_downloads()

    @Slot(str)
    def _use(self, wanted: str) -> None:
        if wanted in self._finished:
            model = self._finished[wanted][1]
            if self._page is not None and model.facts.kind is ModelKind.CHAT:
                words = self.tr("“{name}” answers from now on.").replace("{name}", one_line(model.name))
                self._page.say(words, "success")
            self.used.emit(model)
