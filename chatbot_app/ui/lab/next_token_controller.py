"""Between the view of the next token and the model: who asks, what comes back, and where one stood before."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Slot

from chatbot_app.core.messages import Notice
from chatbot_app.lab.beam_search import Level
from chatbot_app.lab.models import RawModels
from chatbot_app.lab.next_token import TokenPath
from chatbot_app.lab.next_token_jobs import Place, begin, go_to, search, write_on
from chatbot_app.ui.lab.model_choice import LabModelChoice
from chatbot_app.ui.lab.next_token_view import NextTokenView
from chatbot_app.ui.lab.shown_distribution import ShownDistribution, shown_distribution
from chatbot_app.workers.lab_services import LabServices
from chatbot_app.workers.model_stream import ModelStream

_MOST_UNDONE = 500


class NextTokenController(QObject):
    """Only the newest request counts; what was on its way ends."""

    def __init__(
        self, services: LabServices, models: RawModels, choice: LabModelChoice, view: NextTokenView
    ) -> None:
        super().__init__(view)
        self._services = services
        self._models = models
        self._choice = choice
        self._view = view
        self._past: list[TokenPath] = []
        self._is_beam = False  # what runs is a search
        self._stream = ModelStream(services.lanes.models, self)
        self._stream.told.connect(self._show)
        self._stream.failed.connect(self._say)
        self._stream.ended.connect(self._show_state)
        view.text_changed.connect(self.begin)
        view.path_wanted.connect(self.go_to)
        view.sampling.changed.connect(self._reshape)
        view.steps.steps_requested.connect(self._write)
        view.steps.stop_requested.connect(self._stream.stop)
        view.steps.undo_requested.connect(self._undo)
        view.steps.restart_requested.connect(self._restart)
        view.beams.search_requested.connect(self._search)
        choice.changed.connect(self._begin_again)
        services.given_up.connect(self._stream.forget)
        services.given_up.connect(self._show_state)

    @property
    def _key(self) -> tuple[str | None, str | None]:
        return self._choice.server_id, self._choice.model

    @Slot(str)
    def begin(self, text: str) -> None:
        """Ask what follows a text."""
        self._past.clear()
        if not text:
            self._stream.forget()
            self._services.cancel("reshape")
            self._view.show_nothing()
            self._view.say("")
            self._show_state()
            return
        self._start(partial(begin, self._models, self._key, text))

    @Slot(object)
    def go_to(self, path: TokenPath) -> None:
        """Stand at the end of a path, and keep where one stood."""
        if self._view.place is not None and (
            self._view.place.is_kept or self._view.place.distribution.of_answer
        ):
            return
        self._keep_place()
        self._start(partial(go_to, self._models, self._key, path))

    def open_at(self, path: TokenPath, whole: TokenPath | None = None) -> None:
        """Stand at the end of a path from elsewhere; Undo leads to the `whole` one."""
        self._view.show_text(path.text)
        self._past = [] if whole is None else [whole]
        self._start(partial(go_to, self._models, self._key, path))

    def show_kept(self, place: Place) -> None:
        """Show what was kept of a place in an answer; its model cannot be asked to go on from there."""
        self._stream.forget()
        self._past = []
        self._view.show_text("")
        self._show(place)
        self._view.say(
            self.tr(
                "This was kept with the answer. The server does not take its prompt as a text, so nobody goes on."
            )
        )

    @Slot()
    def _begin_again(self) -> None:
        # Other tokens, other ids: what was taken belongs to the model that it was taken from.
        self.begin(self._view.text.toPlainText())

    @Slot(object, int)
    def _write(self, seed: int | None, count: int) -> None:
        place = self._view.place
        if place is None:
            return
        self._keep_place()
        sampling = self._view.sampling.sampling
        self._start(partial(write_on, self._models, self._key, place.path, sampling, seed, count))

    @Slot(int, int)
    def _search(self, width: int, depth: int) -> None:
        place = self._view.place
        if place is not None and place.leads_on:
            self._start(partial(search, self._models, self._key, place.path, width, depth), is_beam=True)

    @Slot()
    def _undo(self) -> None:
        if self._past:
            self._start(partial(go_to, self._models, self._key, self._past.pop()))

    @Slot()
    def _restart(self) -> None:
        if self._view.place is not None:
            self.go_to(self._view.place.path.back(len(self._view.place.path.taken)))

    def _keep_place(self) -> None:
        if self._view.place is not None:
            self._past.append(self._view.place.path)
            del self._past[:-_MOST_UNDONE]

    def _start(self, make: object, *, is_beam: bool = False) -> None:
        assert callable(make)
        self._is_beam = is_beam
        self._stream.start(make)
        self._show_state()

    @Slot(object)
    def _show(self, told: object) -> None:
        if isinstance(told, Place):
            before = self._view.place
            self._view.show_place(told)
            if before is None or before.path != told.path:
                self._view.beams.clear()
            self._reshape()
        elif isinstance(told, Level):
            self._view.say("")
            self._view.beams.add_level(told)
        self._show_state()

    @Slot()
    def _reshape(self) -> None:
        place = self._view.place
        if place is None:
            return
        sampling = self._view.sampling.sampling
        self._services.run(
            lambda _: shown_distribution(place, sampling), self._show_shown, self._say, topic="reshape"
        )

    def _show_shown(self, shown: ShownDistribution) -> None:
        self._view.show_distribution(shown)

    @Slot(object)
    def _say(self, notice: Notice) -> None:
        if not self._is_beam and not self._past:
            self._view.show_nothing()
        self._view.say(notice.words)

    @Slot()
    def _show_state(self) -> None:
        place = self._view.place
        taken = place is not None and bool(place.path.taken) and not place.is_kept
        self._view.steps.show_state(
            can_step=place is not None and place.leads_on,
            is_running=self._stream.is_running,
            can_undo=bool(self._past),
            can_restart=taken,
        )
