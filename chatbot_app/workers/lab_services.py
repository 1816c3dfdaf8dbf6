"""What a page of the laboratory is given: the house's services, and a thread for what takes time."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.chat.services import Services
from chatbot_app.core.latest import Latest
from chatbot_app.workers.lane import Lane, Otherwise, Then
from chatbot_app.workers.lanes import Lanes

_ENDING_SECONDS = 2.0


class GivenUp(BaseException):
    """Work that nobody waits for any more ends itself with this. No Exception: it passes every handler of errors."""


class Progress:
    """What work asks and tells while it runs, in its own thread."""

    def __init__(self, is_wanted: Callable[[], bool], tell: Callable[[object], None]) -> None:
        self.is_wanted = is_wanted  # False as soon as newer work was given, or the window was closed
        self._tell = tell

    def check(self) -> None:
        """Do nothing while the result is wanted. Raises GivenUp. Long work calls this at least every 0.1 s."""
        if not self.is_wanted():
            raise GivenUp

    def tell(self, value: object) -> None:
        """Give an intermediate result (a fraction, a point of a curve) to the page; checks as well."""
        self.check()
        self._tell(value)


Job = Callable[[Progress], Any]


class LabServices(QObject):
    """One for each page. `house` has the stores, models, keys and the gateway; `lanes` their threads.

    The newest job of a topic is the only one whose result is shown: an older one that waits does not begin, one that
    runs is told so by its `Progress`. Callbacks come in the thread of the page.
    """

    given_up = Signal()  # what ran was given up because the window was closed: nobody is called back for it
    _told = Signal(object, object)  # callback, value: of work that runs

    def __init__(self, house: Services, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.house = house
        self.lanes = lanes
        self._lane: Lane | None = None
        self._topics: dict[str, Latest] = {}
        self._beside: list[LabServices] = []
        self._told.connect(self._pass_on)

    def run(
        self,
        job: Job,
        done: Then,
        failed: Otherwise,
        *,
        topic: str = "",
        progress: Then | None = None,
    ) -> None:
        """Do `job(Progress)` in the page's thread, one job after the other, then call `done(result)`.

        `failed(notice)` is called with the error in words. What the job tells goes to `progress(value)`. A job that is
        no longer the newest of its topic calls nobody back.
        """
        is_newest = self._topic(topic).begin()

        def tell(value: object) -> None:
            self._told.emit((is_newest, progress), value)

        def work() -> Any:
            if not is_newest():
                return None
            try:
                return job(Progress(is_newest, tell))
            except GivenUp:
                return None

        self._running().do(work, *_while(is_newest, done, failed))

    def ask(
        self,
        make: Callable[[], Coroutine[Any, Any, Any]],
        done: Then,
        failed: Otherwise,
        *,
        topic: str = "",
    ) -> None:
        """Run a coroutine, such as a request to a model, in the loop of the models, then call back as `run` does."""
        self.lanes.models.call(make, *_while(self._topic(topic).begin(), done, failed))

    def cancel(self, topic: str | None = None) -> None:
        """Give up what runs and waits under a topic, or under all of them; nobody is called back for it."""
        for name, latest in self._topics.items():
            if topic is None or name == topic:
                latest.forget()

    def beside(self) -> LabServices:
        """Return services with a thread of their own, which end with these: for work of minutes beside short work."""
        other = LabServices(self.house, self.lanes, self)
        self._beside.append(other)
        return other

    def give_up(self) -> None:
        """Cancel everything because nobody sees the page any more."""
        self.cancel()
        for other in self._beside:
            other.give_up()
        self.given_up.emit()

    def shutdown(self, timeout_seconds: float = _ENDING_SECONDS) -> bool:
        """Cancel everything and end the thread; return whether it ended in time."""
        self.cancel()
        others = [other.shutdown(timeout_seconds) for other in self._beside]
        return all(others) and (self._lane is None or self._lane.stop(timeout_seconds))

    @Slot(object, object)
    def _pass_on(self, whom: tuple[Callable[[], bool], Then | None], value: object) -> None:
        is_newest, progress = whom
        if progress is not None and is_newest():
            progress(value)

    def _topic(self, name: str) -> Latest:
        return self._topics.setdefault(name, Latest())

    def _running(self) -> Lane:
        if self._lane is None:
            self._lane = Lane("laboratory", self)
            self._lane.start()
        return self._lane


def _while(is_newest: Callable[[], bool], done: Then, failed: Otherwise) -> tuple[Then, Otherwise]:
    """Return the callbacks, which do nothing when something newer was asked for."""

    def then(result: Any) -> None:
        if is_newest():
            done(result)

    def otherwise(notice: Any) -> None:
        if is_newest():
            failed(notice)

    return then, otherwise
