"""The map of the library while it is laid out: how far it is, and that a person may stop it and keep what is drawn."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from chatbot_app.chat.services import Services
from chatbot_app.lab.neighbours import neighbour_graph
from chatbot_app.lab.projection import main_directions
from chatbot_app.ui.lab import passage_map_tab
from chatbot_app.ui.lab.passage_map_tab import PassageMapTab
from chatbot_app.workers import library_map
from chatbot_app.workers.lab_library import LibraryVectors
from chatbot_app.workers.lab_services import LabServices, Progress
from chatbot_app.workers.lanes import Lanes
from chatbot_app.workers.library_map import LibraryMap, QuestionOnMap
from tests.unit.lab.test_projection import heaps

COUNT = 40


def library() -> LibraryVectors:
    vectors, kinds = heaps(COUNT, heaps=2)
    return LibraryVectors(
        np.arange(COUNT), vectors, kinds, ("a", "b"), (), np.zeros(2, np.int64), "a model", left_out=0
    )


def read() -> LibraryMap:
    found = library()
    plane = main_directions(found.vectors)
    return LibraryMap(found, plane, plane.points(found.vectors))


@dataclass
class Work:
    """Lays out as far as it is let, then waits until nobody wants it."""

    stages: list[LibraryMap]
    left: threading.Event = field(default_factory=threading.Event)

    def __call__(self, house: Services, progress: Progress) -> LibraryMap:
        try:
            for made in self.stages:
                progress.tell(made)
            while True:
                progress.check()
        finally:
            self.left.set()


Make = Callable[[list[LibraryMap]], tuple[PassageMapTab, Work]]


@pytest.fixture
def tab_of(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    owner = QObject()
    services = LabServices(cast(Services, None), cast(Lanes, None), owner)

    def make(stages: list[LibraryMap]) -> tuple[PassageMapTab, Work]:
        work = Work(stages)
        monkeypatch.setattr(passage_map_tab, "make_map", work)
        tab = PassageMapTab(services)
        qtbot.addWidget(tab)
        tab.show()
        return tab, work

    yield make
    assert services.shutdown()


def said(tab: PassageMapTab) -> str:
    label = tab.findChild(QLabel, "map_said")
    assert isinstance(label, QLabel)
    return label.text()


def button(tab: PassageMapTab, name: str) -> QPushButton:
    found = tab.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def test_the_plane_stays_when_it_is_stopped_while_neighbours_are_sought(tab_of: Make, qtbot: QtBot) -> None:
    made = read()
    tab, work = tab_of([made, replace(made, found=0.375)])
    qtbot.waitUntil(lambda: "Neighbours are looked for: 37 %" in said(tab))
    stop = button(tab, "map_stop")
    assert stop.isEnabled()
    stop.click()
    assert "the main directions (PCA) are shown" in said(tab)
    assert not stop.isEnabled()
    qtbot.waitUntil(work.left.is_set)
    assert np.allclose(tab.cloud.points, made.flat)
    tab.hide()
    tab.show()  # it is not begun anew by being looked at
    assert not stop.isEnabled()


def test_the_state_that_was_reached_stays_and_can_be_drawn_anew(tab_of: Make, qtbot: QtBot) -> None:
    made = read()
    reached = np.random.default_rng(1).standard_normal((COUNT, 2)).astype(np.float32)
    graph = neighbour_graph(made.library.vectors)
    tab, work = tab_of([made, replace(made, graph=graph, found=1.0, embedded=reached, share=0.4)])
    qtbot.waitUntil(lambda: "draw together: 40 %" in said(tab))
    button(tab, "map_stop").click()
    assert "Stopped when neighbours had drawn together to 40 %" in said(tab)
    qtbot.waitUntil(work.left.is_set)
    assert np.allclose(tab.cloud.points, reached)
    work.left.clear()
    button(tab, "map_again").click()
    assert button(tab, "map_stop").isEnabled()
    qtbot.waitUntil(lambda: "draw together: 40 %" in said(tab))


def test_a_stop_before_anything_is_drawn_says_so(tab_of: Make, qtbot: QtBot) -> None:
    tab, _ = tab_of([])
    button(tab, "map_stop").click()
    assert said(tab) == "Stopped before anything was drawn."
    button(tab, "map_again").click()
    assert button(tab, "map_stop").isEnabled()
    button(tab, "map_stop").click()


def test_points_and_names_take_the_inks_of_another_theme(
    tab_of: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab, _ = tab_of([read()])
    qtbot.waitUntil(lambda: len(tab.cloud.points) == COUNT)
    monkeypatch.setattr(passage_map_tab, "map_inks", lambda _: ["#123456"])
    QApplication.sendEvent(tab, QEvent(QEvent.Type.PaletteChange))
    seen = tab.cloud.grab().toImage()
    where = [tab.cloud.place_of(row).toPoint() for row in range(COUNT)]
    assert "#123456" in {seen.pixelColor(place).name() for place in where if seen.valid(place)}
    assert {label.words for label in tab.cloud.labels} == {"a", "b"}
    button(tab, "map_stop").click()


def test_a_question_is_told_where_its_nearest_passage_stands(
    tab_of: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = read()
    tab, _ = tab_of([made])
    qtbot.waitUntil(lambda: len(tab.cloud.points) == COUNT)
    row = int(np.flatnonzero(made.library.documents == 1)[0])
    found = QuestionOnMap(made.library.vectors[row], (row, 0), (0.75, 0.5))
    monkeypatch.setattr(passage_map_tab, "ask_map", lambda house, library, text: found)
    tab.ask("Where is it?")
    qtbot.waitUntil(lambda: bool(tab.cloud.rays))
    pointed = tab.findChild(QLabel, "map_pointed")
    assert isinstance(pointed, QLabel)
    assert pointed.text() == "The nearest passage, with a cosine of 0.75, stands in “b”."
    button(tab, "map_stop").click()


def test_work_tells_how_many_neighbours_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library_map, "SHOWN_EVERY_SECONDS", 0.0)
    monkeypatch.setattr(library_map, "read_library", lambda house, check: library())
    told: list[LibraryMap] = []
    progress = Progress(lambda: True, cast(Callable[[object], None], told.append))
    last = library_map.make_map(cast(Services, None), progress)
    assert last.trust[1] > 0
    assert [made.found for made in told if made.graph is None] == [0.0, 1.0]
