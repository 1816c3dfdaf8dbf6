"""Downloads run beside each other in threads, and end when the window does."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chatbot_app.chat.model_downloads import ModelDownloads, ModelReady
from chatbot_app.chat.services import create_services
from chatbot_app.core.hub_errors import HubGated
from chatbot_app.core.hub_models import DownloadStage, DownloadState, download_id
from chatbot_app.core.local_models import LocalModel, ModelFacts, Origin
from chatbot_app.core.messages import Notice
from chatbot_app.llm.hub.events import DownloadHeldUp, DownloadStarted, HubEvent
from chatbot_app.llm.hub.hub import Hub
from chatbot_app.llm.model_files import DownloadProgressed
from chatbot_app.workers.hub_worker import HubWorker
from chatbot_app.workers.model_downloads import ModelDownloadQueue
from tests.hub_server import FakeHub


class ScriptedDownloads:
    """Downloads that go on when the test says so."""

    def __init__(self) -> None:
        self.go_on = {name: threading.Event() for name in "abcd"}
        self.begun: list[str] = []
        self.closed: list[str] = []
        self.discarded: list[str] = []
        self.left: list[DownloadState] = []
        self.error: Exception | None = None

    def fetch(self, origin: Origin) -> Generator[HubEvent | ModelReady, None, None]:
        self.begun.append(origin.file)
        try:
            yield DownloadStarted(origin.file, download_id(origin), origin, 0, 100)
            yield DownloadProgressed(origin.file, 50, 100, 1000.0, 0.05)
            if self.error is not None:
                raise self.error
            while not self.go_on[origin.file].is_set():
                self.go_on[origin.file].wait(0.01)
                yield DownloadHeldUp(origin.file, 1.0, "The hub asks for a pause.")
            yield ModelReady(
                LocalModel(origin.file, origin.file, Path("/x"), ModelFacts(), origin=origin), True
            )
        finally:
            self.closed.append(origin.file)

    def unfinished(self) -> list[DownloadState]:
        return self.left

    def discard(self, state: DownloadState) -> None:
        self.discarded.append(state.id)


class Heard:
    """What a queue told."""

    def __init__(self, queue: ModelDownloadQueue) -> None:
        self.finished: list[str] = []
        self.failed: list[tuple[str, Notice]] = []
        self.discarded: list[str] = []
        self.states: list[DownloadState] = []
        queue.finished.connect(lambda wanted, _: self.finished.append(wanted))
        queue.failed.connect(lambda wanted, notice: self.failed.append((wanted, notice)))
        queue.discarded.connect(self.discarded.append)
        queue.changed.connect(self.states.append)


@pytest.fixture
def downloads() -> ScriptedDownloads:
    return ScriptedDownloads()


@pytest.fixture
def queue(qtbot: QtBot, downloads: ScriptedDownloads) -> Iterator[ModelDownloadQueue]:
    queue = ModelDownloadQueue(downloads, at_once=2)
    yield queue
    assert queue.shutdown(60)


def origin(file: str) -> Origin:
    return Origin("o/n", file)


def stages(queue: ModelDownloadQueue) -> dict[str, DownloadStage]:
    return {state.title: state.stage for state in queue.states()}


def test_several_run_at_once_and_the_rest_waits(
    qtbot: QtBot, queue: ModelDownloadQueue, downloads: ScriptedDownloads
) -> None:
    heard = Heard(queue)
    for name in "abc":
        queue.start(origin(name))
    queue.start(origin("a"))  # asking twice is one download
    held = DownloadStage.PAUSED_BY_SERVER
    qtbot.waitUntil(lambda: stages(queue) == {"a": held, "b": held, "c": DownloadStage.QUEUED})
    state = queue.states()[0]
    assert (state.received, state.total, state.note) == (50, 100, "The hub asks for a pause.")
    downloads.go_on["b"].set()
    qtbot.waitUntil(lambda: stages(queue) == {"a": held, "c": held})
    downloads.go_on["a"].set()
    downloads.go_on["c"].set()
    qtbot.waitUntil(lambda: not queue.states())
    assert sorted(heard.finished) == [download_id(origin(name)) for name in "abc"]
    assert sorted(downloads.begun) == ["a", "b", "c"]
    assert any(state.bytes_per_second == 1000 for state in heard.states)


def test_a_pause_shows_at_once_and_is_gone_on_with(
    qtbot: QtBot, queue: ModelDownloadQueue, downloads: ScriptedDownloads
) -> None:
    heard = Heard(queue)
    wanted = queue.start(origin("a"))
    qtbot.waitUntil(lambda: stages(queue) == {"a": DownloadStage.PAUSED_BY_SERVER})
    queue.pause(wanted)
    assert stages(queue) == {"a": DownloadStage.PAUSED}
    qtbot.waitUntil(lambda: downloads.closed == ["a"])
    queue.resume(wanted)
    queue.pause(wanted)
    queue.resume(wanted)  # before anybody could notice
    downloads.go_on["a"].set()
    qtbot.waitUntil(lambda: heard.finished == [wanted])
    assert not heard.failed


def test_a_cancelled_one_is_discarded_when_its_thread_has_let_go(
    qtbot: QtBot, queue: ModelDownloadQueue, downloads: ScriptedDownloads
) -> None:
    heard = Heard(queue)
    wanted = queue.start(origin("a"))
    qtbot.waitUntil(lambda: downloads.begun == ["a"])
    queue.cancel(wanted)
    qtbot.waitUntil(lambda: heard.discarded == [wanted])
    assert downloads.closed == ["a"]
    assert downloads.discarded == [wanted]
    assert queue.states() == []
    queue.start(origin("a"))
    downloads.go_on["a"].set()
    qtbot.waitUntil(lambda: heard.finished == [wanted])


def test_a_failed_one_says_why_and_can_be_tried_again(
    qtbot: QtBot, queue: ModelDownloadQueue, downloads: ScriptedDownloads
) -> None:
    heard = Heard(queue)
    downloads.error = HubGated(repository="o/n", page="p", tokens="t")
    wanted = queue.start(origin("a"))
    qtbot.waitUntil(lambda: len(heard.failed) == 1)
    assert heard.failed[0][1].kind == "HubGated"
    assert queue.states()[0].stage is DownloadStage.FAILED
    assert "terms" in queue.states()[0].note
    downloads.error = None
    downloads.go_on["a"].set()
    queue.resume(wanted)
    qtbot.waitUntil(lambda: heard.finished == [wanted])


def test_what_an_earlier_run_left_is_listed_paused(
    qtbot: QtBot, queue: ModelDownloadQueue, downloads: ScriptedDownloads
) -> None:
    heard = Heard(queue)
    wanted = download_id(origin("a"))
    downloads.left = [DownloadState(wanted, "a", origin("a"), DownloadStage.PAUSED, 10, 100)]
    queue.load_unfinished()
    qtbot.waitUntil(lambda: stages(queue) == {"a": DownloadStage.PAUSED})
    assert downloads.begun == []
    queue.cancel(wanted)
    qtbot.waitUntil(lambda: heard.discarded == [wanted])
    assert downloads.discarded == [wanted]


def test_the_end_of_the_program_pauses_all(qtbot: QtBot, downloads: ScriptedDownloads) -> None:
    queue = ModelDownloadQueue(downloads)
    for name in "abcd":
        queue.start(origin(name))
    qtbot.waitUntil(lambda: len(downloads.begun) == 3)
    assert queue.shutdown(60)
    assert sorted(downloads.closed) == sorted(downloads.begun)


def test_a_hub_is_asked_in_a_thread(qtbot: QtBot) -> None:
    class Catalogue:
        def recommended(self) -> list[object]:
            return [threading.current_thread().name]

        def search(self, text: str) -> list[object]:
            raise HubGated(repository=text)

        def look(self, pasted: str) -> object:
            return pasted

    worker = HubWorker(Catalogue())  # type: ignore[arg-type]
    said: list[object] = []
    worker.recommended(said.append, said.append)
    worker.search("x", said.append, lambda notice: said.append(notice.kind))
    worker.look("o/n", said.append, said.append)
    qtbot.waitUntil(lambda: said == [["model_hub"], "HubGated", "o/n"])
    assert worker.shutdown(60)


def test_a_real_download_is_paused_by_the_end_of_the_program_and_gone_on_with(
    qtbot: QtBot, data_dir: Path, tmp_path: Path
) -> None:
    content = b"GGUF" + bytes(200_000)
    held = threading.Event()
    with FakeHub() as fake, closing(create_services(data_dir)) as services:
        fake.add("o/n", {"a.gguf": content})
        fake.packet = 50_000
        fake.before_packet = lambda sent: None if sent < 100_000 else held.wait(20) and None
        real = ModelDownloads(Hub(fake.address), services.models, lambda _: ModelFacts(), lambda: tmp_path)
        first = ModelDownloadQueue(real)
        wanted = first.start(origin("a.gguf"))
        part = tmp_path / "o--n" / "a.gguf.part"
        qtbot.waitUntil(lambda: part.exists() and part.stat().st_size >= 50_000)
        first.shutdown(0)
        held.set()
        assert first.shutdown(20)
        second = ModelDownloadQueue(real)
        heard = Heard(second)
        second.load_unfinished()
        qtbot.waitUntil(lambda: stages(second) == {"a.gguf": DownloadStage.PAUSED})
        assert second.states()[0].received >= 50_000
        second.resume(wanted)
        qtbot.waitUntil(lambda: heard.finished == [wanted])
        assert second.shutdown(5)
        (_, model) = services.models.list()
        assert model.path is not None
        assert model.path.read_bytes() == content
