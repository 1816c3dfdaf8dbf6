"""The page of downloads: nobody is asked before the person asks, and every state of a download is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QScrollArea, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from chatbot_app.chat.model_catalogue import Offers
from chatbot_app.core.hub_models import (
    DownloadStage,
    DownloadState,
    FilePart,
    FoundRepository,
    Offer,
    Recommendation,
    RecommendedModel,
    Repository,
    RepositoryFile,
)
from chatbot_app.core.local_models import LocalModel, ModelFacts, ModelKind, Origin
from chatbot_app.core.messages import Notice
from chatbot_app.ui.models.catalogue_controller import CatalogueController, is_address
from chatbot_app.ui.models.catalogue_page import CataloguePage
from chatbot_app.ui.models.downloads_view import DownloadRow, DownloadsView
from chatbot_app.ui.models.hub_actions import HubActions
from chatbot_app.ui.models.two_line_list import TwoLineList
from chatbot_app.workers.task_runner import TaskRunner
from tests.ui.models.support import NO, SLOWLY, WELL

ORIGIN = Origin("owner/Tiny-GGUF", "tiny.Q4_K_M.gguf")
RECOMMENDED = RecommendedModel(
    "Tiny", "owner/Tiny-GGUF", "tiny.Q4_K_M.gguf", "mit", "Short answers.", ModelKind.CHAT, "English", 10**9
)
REPOSITORY = Repository(
    "owner/Tiny-GGUF",
    "c" * 40,
    tuple(
        RepositoryFile((FilePart(f"tiny.{kind}.gguf", size),), kind)
        for kind, size in (("Q4_K_M", 4_000_000_000), ("Q8_0", 8_000_000_000))
    ),
    gated=True,
    licence="mit",
)
OFFERS = Offers(REPOSITORY, (Offer(REPOSITORY.files[0], WELL, is_best=True), Offer(REPOSITORY.files[1], NO)))
NOTICE = Notice("HubUnreachable", "The hub cannot be reached.", "Check the network.")


class FakeHub(QObject):
    """Answers at once, with what is prepared, or fails."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []
        self.fails = False

    def recommended(self, then: Callable[[object], None], otherwise: Callable[[Notice], None]) -> None:
        then([Recommendation(RECOMMENDED, SLOWLY)])

    def search(self, text: str, then: Callable[[object], None], otherwise: Callable[[Notice], None]) -> None:
        self.asked.append(("search", text))
        found = [FoundRepository("owner/Tiny-GGUF", 1200, gated=True), FoundRepository("b/<i>x</i>-GGUF")]
        otherwise(NOTICE) if self.fails else then([] if text == "nothing" else found)

    def look(self, pasted: str, then: Callable[[object], None], otherwise: Callable[[Notice], None]) -> None:
        self.asked.append(("look", pasted))
        otherwise(NOTICE) if self.fails else then(OFFERS)

    def shutdown(self) -> bool:
        return True


class FakeQueue(QObject):
    """Remembers what was wished."""

    changed = Signal(object)
    finished = Signal(str, object)
    failed = Signal(str, object)
    discarded = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.wishes: list[tuple[str, object]] = []
        self.under_way: list[DownloadState] = []

    def load_unfinished(self) -> None:
        self.wishes.append(("unfinished", ""))

    def start(self, origin: Origin) -> str:
        self.wishes.append(("start", origin))
        return "id"

    def pause(self, wanted: str) -> None:
        self.wishes.append(("pause", wanted))

    def resume(self, wanted: str) -> None:
        self.wishes.append(("resume", wanted))

    def cancel(self, wanted: str) -> None:
        self.wishes.append(("cancel", wanted))

    def states(self) -> list[DownloadState]:
        return self.under_way

    def shutdown(self) -> bool:
        return True


class Desk:
    """A page with its controller over fakes."""

    def __init__(self, qtbot: QtBot) -> None:
        self.hub, self.queue, self.runner = FakeHub(), FakeQueue(), TaskRunner()
        self.tokens: list[str] = []
        self.here: list[LocalModel] = []
        self.controller = CatalogueController(
            self.hub,  # type: ignore[arg-type]
            self.queue,  # type: ignore[arg-type]
            self.tokens.append,
            lambda: self.here,
            lambda: self.runner,
        )
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.page = self.controller.page(self.window)
        self.page.resize(900, 600)
        self.window.resize(900, 600)
        self.window.show()

    def titles(self) -> list[str]:
        found = self.page.findChild(TwoLineList, "catalogue_list")
        assert found is not None
        return [row.title for row in found.rows()]

    def files(self) -> list[tuple[str, str, str]]:
        found = self.page.findChild(TwoLineList, "catalogue_files")
        assert found is not None
        return [(row.title, row.note, row.note_below) for row in found.rows()]

    def said(self, name: str = "catalogue_said") -> str:
        label = self.page.findChild(QLabel, name)
        assert label is not None
        return "" if label.isHidden() else label.text()

    def button(self, name: str) -> QPushButton:
        found = self.page.findChild(QPushButton, name)
        assert found is not None
        return found

    def look_for(self, text: str) -> None:
        line = self.page.findChild(QLineEdit, "catalogue_search")
        assert line is not None
        line.setText(text)
        self.button("catalogue_search_button").click()


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    made.runner.shutdown()


def test_what_ships_is_shown_and_nobody_is_asked(desk: Desk) -> None:
    assert desk.titles() == ["Tiny"]
    assert desk.hub.asked == []
    assert desk.queue.wishes == [("unfinished", "")]
    assert desk.said("catalogue_words") == "Short answers."
    assert desk.said("catalogue_fit") == SLOWLY.reason
    desk.button("catalogue_download").click()
    assert desk.queue.wishes[-1] == ("start", RECOMMENDED.origin)


def test_a_search_lists_repositories_and_asks_for_files_when_they_are_wanted(desk: Desk) -> None:
    desk.look_for("tiny")
    assert desk.hub.asked == [("search", "tiny")]
    assert desk.titles() == ["Tiny-GGUF", "<i>x</i>-GGUF"]
    assert "terms" in desk.said("catalogue_facts")
    assert desk.button("catalogue_download").isHidden()
    desk.button("catalogue_files_button").click()
    assert desk.hub.asked[-1] == ("look", "owner/Tiny-GGUF")
    assert desk.files() == [("Q4_K_M", "best here", "runs well"), ("Q8_0", "", "does not fit")]
    assert desk.button("catalogue_download").text() == "Download (4.0 GB)"
    desk.button("catalogue_download").click()
    assert desk.queue.wishes[-1] == ("start", OFFERS.origin_of(OFFERS.offers[0]))
    desk.button("catalogue_recommended_button").click()
    assert desk.titles() == ["Tiny"]


def test_a_pasted_address_shows_its_files_at_once(desk: Desk) -> None:
    desk.look_for("https://huggingface.co/owner/Tiny-GGUF")
    assert desk.hub.asked == [("look", "https://huggingface.co/owner/Tiny-GGUF")]
    assert desk.titles() == ["Tiny-GGUF"]
    assert len(desk.files()) == 2
    assert [is_address(text) for text in ("owner/name", "hf.co/a/b", "two words", "qwen")] == [
        True,
        True,
        False,
        False,
    ]


def test_nothing_found_and_no_hub_are_said(desk: Desk) -> None:
    desk.look_for("nothing")
    assert "No repository with GGUF files" in desk.said()
    desk.hub.fails = True
    desk.look_for("tiny")
    assert desk.said() == "The hub cannot be reached. Check the network."
    assert desk.button("catalogue_search_button").isEnabled()
    desk.hub.fails = False
    desk.look_for("tiny")
    desk.hub.fails = True
    desk.button("catalogue_files_button").click()
    assert desk.said("catalogue_problem") == "The hub cannot be reached. Check the network."
    assert desk.button("catalogue_files_button").isEnabled()


def test_a_finished_download_can_be_used_and_is_not_downloaded_twice(qtbot: QtBot, desk: Desk) -> None:
    desk.look_for("owner/Tiny-GGUF")
    origin = OFFERS.origin_of(OFFERS.offers[0])
    state = DownloadState("id", "tiny.Q4_K_M.gguf", origin, DownloadStage.RECEIVING, 1, 2)
    desk.queue.under_way = [state]
    desk.queue.changed.emit(state)
    model = LocalModel("m", "tiny", Path("/m/tiny.gguf"), ModelFacts(bytes=4_000_000_000), origin=origin)
    desk.here, desk.queue.under_way = [model], []
    with qtbot.waitSignal(desk.controller.model_arrived):
        desk.queue.finished.emit("id", model)
    qtbot.waitUntil(lambda: desk.files()[0][1] == "here already")
    assert not desk.button("catalogue_download").isEnabled()
    use = next(
        one for one in desk.page.findChildren(QPushButton) if one.objectName().startswith("download_use")
    )
    with qtbot.waitSignal(desk.controller.used) as used:
        use.click()
    assert used.args == [model]
    desk.controller.actions.dismissed.emit("id")
    assert desk.page.downloads.isHidden()


def test_a_download_that_failed_is_said_and_can_go_on_or_away(desk: Desk) -> None:
    state = DownloadState("id", "x", ORIGIN, DownloadStage.FAILED, 1, 2, note="The disk is full.")
    desk.queue.under_way = [state]
    desk.queue.failed.emit("id", NOTICE)
    assert "cannot be reached" in desk.said()
    desk.controller.actions.resume_requested.emit("id")
    desk.controller.actions.dismissed.emit("id")
    assert desk.queue.wishes[-2:] == [("resume", "id"), ("cancel", "id")]


def test_a_token_is_kept_and_forgotten(qtbot: QtBot, desk: Desk) -> None:
    desk.controller.actions.token_changed.emit("hf_secret")
    qtbot.waitUntil(lambda: desk.said() == "The token is kept.")
    desk.controller.actions.token_changed.emit("")
    qtbot.waitUntil(lambda: desk.said() == "The token is forgotten.")
    assert desk.tokens == ["hf_secret", ""]


@pytest.mark.parametrize(
    ("stage", "words", "toggle"),
    [
        (DownloadStage.QUEUED, "Waits for the others.", "Pause"),
        (DownloadStage.ASKING, "Asking for size and checksum…", "Pause"),
        (DownloadStage.RECEIVING, "1.0 GB of 4.0 GB  ·  10 MB/s  ·  5 min left", "Pause"),
        (DownloadStage.PAUSED_BY_SERVER, "1.0 GB of 4.0 GB  ·  The server asks for a pause.", "Pause"),
        (DownloadStage.CHECKING, "All is here; it is being checked…", ""),
        (DownloadStage.PAUSED, "Paused  ·  1.0 GB of 4.0 GB", "Go on"),
        (DownloadStage.FAILED, "It failed.", "Try again"),
        (DownloadStage.FINISHED, "Ready: 4.0 GB", ""),
    ],
)
def test_every_state_is_said(qtbot: QtBot, stage: DownloadStage, words: str, toggle: str) -> None:
    actions = HubActions()
    view = DownloadsView(actions)
    actions.setParent(view)
    qtbot.addWidget(view)
    state = DownloadState("id", "tiny.gguf", ORIGIN, stage, 10**9, 4 * 10**9, 10_000_000, 300.0)
    view.show_downloads([replace(state, stage=DownloadStage.QUEUED)])
    view.show_downloads([state])  # the row is the same one
    [row] = view.findChildren(DownloadRow)
    assert row.accessibleName() == f"tiny.gguf: {words}"
    button = row.findChild(QToolButton, "download_toggle_0")
    assert button is not None
    assert ("" if button.isHidden() else button.accessibleName()) == (toggle and f"{toggle}: tiny.gguf")
    view.show_downloads([])
    assert view.isHidden()


def test_pausing_going_on_and_cancelling_name_the_download(qtbot: QtBot) -> None:
    actions = HubActions()
    view = DownloadsView(actions)
    actions.setParent(view)
    qtbot.addWidget(view)
    asked: list[tuple[str, str]] = []
    for name in ("pause_requested", "resume_requested", "cancel_requested"):
        getattr(actions, name).connect(lambda wanted, name=name: asked.append((name, wanted)))
    states = [
        DownloadState("a", "a", ORIGIN, DownloadStage.RECEIVING),
        DownloadState("b", "b", ORIGIN, DownloadStage.PAUSED),
    ]
    view.show_downloads(states)
    for name in ("download_toggle_0", "download_toggle_1", "download_cancel_1"):
        view.findChild(QToolButton, name).click()  # type: ignore[union-attr]
    assert asked == [("pause_requested", "a"), ("resume_requested", "b"), ("cancel_requested", "b")]


def test_many_downloads_leave_room_for_the_rest(qtbot: QtBot) -> None:
    actions = HubActions()
    page = CataloguePage(actions)
    actions.setParent(page)
    qtbot.addWidget(page)
    page.resize(700, 400)
    page.show()
    page.show_downloads([DownloadState(str(n), f"{n}.gguf", ORIGIN, DownloadStage.QUEUED) for n in range(30)])
    under_way = page.findChild(QScrollArea, "downloads_area")
    assert under_way is not None
    assert under_way.height() <= page.height() * 0.45
