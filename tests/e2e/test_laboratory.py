"""The laboratory in the real window: opened when it is wanted, and nothing of it is loaded before."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QListView, QPlainTextEdit, QPushButton, QScrollArea, QTabWidget, QWidget

from chatbot_app.core.paths import resources_dir
from chatbot_app.ui.lab.laboratory_window import LaboratoryWindow
from chatbot_app.ui.lab.lesson_view import LessonView
from chatbot_app.ui.lab.pages import PAGES
from tests.e2e.person import Launch, Person
from tests.e2e.test_accessibility import nameless

pytestmark = pytest.mark.xdist_group("e2e")

LAUNCH = """
import sys
from pathlib import Path
from chatbot_app.application import create_application
application = create_application(Path(sys.argv[1]))
later = ("chatbot_app.lab", "chatbot_app.ui.lab.", "chatbot_app.ui.compare.")
loaded = [name for name in sys.modules if name.startswith(later)]
print(loaded or "nothing")
application.shutdown()
"""


def open_laboratory(person: Person) -> LaboratoryWindow:
    window = person.application.window
    window.activateWindow()
    person.qtbot.waitUntil(window.isActiveWindow)
    control = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    person.qtbot.keyClick(person.composer, Qt.Key.Key_B, control)
    laboratory = person.find(LaboratoryWindow, "laboratory_window")
    person.qtbot.waitUntil(laboratory.isVisible)
    return laboratory


def primary_buttons(widget: QWidget) -> list[str]:
    buttons = widget.findChildren(QPushButton)
    return [one.objectName() for one in buttons if one.isVisible() and one.property("look") == "primary"]


def test_a_launch_loads_nothing_of_the_laboratory(data_dir: Path) -> None:
    command = [sys.executable, "-c", LAUNCH, str(data_dir)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert said.stdout.strip() == "nothing"


def test_every_page_opens_with_names_and_a_lesson_and_escape_closes_the_window(launch: Launch) -> None:
    person = launch()
    laboratory = open_laboratory(person)
    text = person.find(QPlainTextEdit, "tokens_text")
    lesson = person.find(LessonView, "lesson_view")
    person.qtbot.waitUntil(lambda: "tokenizer" in lesson.plain_text().lower())
    assert nameless(laboratory) == []
    text.selectAll()
    person.qtbot.keyClicks(text, "Hello world")
    count = person.find(QLabel, "tokens_count")
    person.qtbot.waitUntil(lambda: count.text().startswith("2 "))
    primary: dict[str, list[list[str]]] = defaultdict(list)
    for page in PAGES:
        laboratory.open_at(page.name)
        assert isinstance(laboratory.page, QWidget)
        assert laboratory.page.isVisible()
        assert person.find(QLabel, "laboratory_title").text() == page.words()
        assert nameless(laboratory) == []
        tabs = laboratory.page.findChild(QTabWidget)
        for tab in range(tabs.count() if tabs is not None else 0):
            tabs.setCurrentIndex(tab)
            primary[page.name].append(primary_buttons(laboratory.page))
            assert len(primary[page.name][-1]) <= 1  # what is to be done next is one thing
        words = (resources_dir() / "lessons" / f"{page.lesson}.md").read_text("utf-8")
        assert len(words.split()) > 100
        assert "\n|" not in words  # a table is wider than the column of the lesson
    first_things = [["step_greedy"], ["repetition_start"], ["completion_start"], ["side_start"], []]
    assert primary["next_token"] == first_things
    person.click("lesson_button")
    assert not lesson.isVisible()
    person.application.window.text_size_changed.emit(1.0)  # twice the usual size
    laboratory.resize(1000, 700)
    for page in PAGES:
        laboratory.open_at(page.name)
        area = person.find(QScrollArea, f"{page.name}_area")
        assert laboratory.page is not None
        person.qtbot.waitUntil(lambda: area.viewport().width() > 0.6 * laboratory.width())  # noqa: B023
        assert laboratory.width() == 1000
        tabs = laboratory.page.findChild(QTabWidget)
        assert tabs is not None
        assert [tabs.tabToolTip(tab) for tab in range(tabs.count())] == [
            tabs.tabText(tab) for tab in range(tabs.count())
        ]
    person.application.window.text_size_changed.emit(0.0)
    person.qtbot.waitUntil(lambda: laboratory.minimumSizeHint().width() < 600)
    for page in PAGES:
        laboratory.open_at(page.name)
        area = person.find(QScrollArea, f"{page.name}_area")
        bars = (area.horizontalScrollBar(), area.verticalScrollBar())
        person.qtbot.waitUntil(lambda: [bar.maximum() for bar in bars] == [0, 0])  # noqa: B023
    person.qtbot.keyClick(person.find(QListView, "laboratory_pages"), Qt.Key.Key_Escape)
    assert not laboratory.isVisible()
