"""A fault of the program loses nothing and locks nobody out."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from chatbot_app.application import Application
from chatbot_app.core.paths import DataPaths
from chatbot_app.ui.crash_dialog import CrashDialog
from chatbot_app.workers.crash_report import CrashReport
from tests.e2e.person import Launch, Person
from tests.e2e.test_accessibility import nameless

pytestmark = pytest.mark.xdist_group("e2e")

ROOT = Path(__file__).resolve().parents[2]

_CHILD = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton
from chatbot_app import __main__ as program
from chatbot_app import application
what = sys.argv[2]
completed = application.Application.run
def fail():
    raise RuntimeError
def run(self):
    def click_quit():
        button = self.window.findChild(QPushButton, "crash_quit_button")
        if button is None:
            QTimer.singleShot(20, click_quit)
        else:
            button.click()
    def act():
        if not self._is_complete:
            QTimer.singleShot(20, act)
        elif what == "crash":
            import ctypes
            ctypes.string_at(0)
        elif what == "quit":
            QTimer.singleShot(0, fail)
            click_quit()
        else:
            print("ready", flush=True)
    QTimer.singleShot(0, act)
    return completed(self)
application.Application.run = run
sys.exit(program.open_window(Path(sys.argv[1])))
"""


class Faulty(QObject):
    """Makes a mistake in a slot."""

    def fail(self) -> None:
        raise RuntimeError("my secret wish")

    def fail_otherwise(self) -> None:
        raise LookupError("my secret wish")


@pytest.fixture
def person(launch: Launch) -> Person:
    """A person whose window tells of faults."""
    person = launch()
    _catch(person.application)
    return person


def _catch(application: Application) -> None:
    application.catch_faults()


def dialog_of(person: Person) -> CrashDialog:
    person.qtbot.waitUntil(lambda: person.application.window.findChild(CrashDialog) is not None)
    return person.find(CrashDialog, "crash_dialog")


def raise_in_slot(slot: object) -> None:
    QTimer.singleShot(0, slot)  # type: ignore[call-overload]


def test_a_fault_is_told_what_was_written_is_saved_and_work_goes_on(person: Person) -> None:
    faulty = Faulty()
    person.qtbot.keyClicks(person.composer, "half a question")
    raise_in_slot(faulty.fail)
    dialog = dialog_of(person)
    assert "RuntimeError" in person.find(QLabel, "crash_sentence").text()
    assert "secret" not in dialog.accessibleDescription() + person.find(QLabel, "crash_sentence").text()
    person.qtbot.waitUntil(lambda: "are saved" in person.find(QLabel, "crash_saved").text())
    assert "half a question" in person.application.services.settings.get("ui.drafts")
    assert nameless(dialog) == []
    person.click("crash_copy_button")
    copy = person.find(QPushButton, "crash_copy_button")
    person.qtbot.waitUntil(lambda: copy.text() == "Copied", timeout=20_000)
    assert "[Program]" in QGuiApplication.clipboard().text()
    person.click("crash_continue_button")
    person.qtbot.waitUntil(lambda: person.application.window.findChild(CrashDialog) is None)
    person.qtbot.keyClicks(person.composer, " goes on")
    assert person.composer.toPlainText() == "half a question goes on"
    person.composer.clear()
    assert person.application.draft_keeper.is_keeping


def test_a_fault_that_a_timer_repeats_is_counted_and_then_quiet(person: Person) -> None:
    faulty = Faulty()
    timer = QTimer(faulty)
    timer.timeout.connect(faulty.fail)
    timer.start(5)
    dialog_of(person)
    count = person.find(QLabel, "crash_count")
    person.qtbot.waitUntil(lambda: [int(number) for number in re.findall(r"\d+", count.text())] > [2])
    person.click("crash_continue_button")
    bar = person.application.window.chat_pane.notice_bar
    person.qtbot.waitUntil(
        lambda: bar.isVisible() and "again" in person.find(QLabel, "notice_sentence").text()
    )
    timer.stop()
    dialogs = person.application.window.findChildren(CrashDialog)
    assert [one for one in dialogs if one.isVisible()] == []
    raise_in_slot(faulty.fail_otherwise)  # another one is told
    person.qtbot.waitUntil(
        lambda: any(one.isVisible() for one in person.application.window.findChildren(CrashDialog))
    )
    person.click("crash_continue_button")


def test_a_fault_in_a_thread_is_told_too(person: Person) -> None:
    thread = threading.Thread(target=Faulty().fail)
    thread.start()
    thread.join()
    dialog_of(person).accept()


def _start(data_dir: Path, what: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(data_dir), what], cwd=ROOT, text=True, stdout=subprocess.PIPE
    )


def test_quit_from_the_dialog_ends_the_program(data_dir: Path) -> None:
    with _start(data_dir, "quit") as child:
        assert child.wait(120) == 0
    assert not (DataPaths(data_dir).logs / "crash.txt").exists()
    assert "RuntimeError" in (DataPaths(data_dir).logs / "chatbot.log").read_text()


def test_a_native_crash_is_told_at_the_next_launch(launch: Launch, data_dir: Path) -> None:
    with _start(data_dir, "crash") as child:
        assert child.wait(120) == -signal.SIGSEGV
    report = CrashReport(DataPaths(data_dir))
    assert "Segmentation fault" in report.left_behind
    person = launch()
    person.application.catch_faults(report.left_behind)
    assert "crashed" in person.find(QLabel, "notice_sentence").text()
    QGuiApplication.clipboard().clear()
    action = person.find(QPushButton, "notice_action")
    assert action.text() == "Copy diagnostics"
    action.click()
    person.qtbot.waitUntil(lambda: "Segmentation fault" in QGuiApplication.clipboard().text(), timeout=20_000)


@pytest.mark.parametrize(
    ("number", "is_clean"), [(signal.SIGINT, True), (signal.SIGTERM, True), (signal.SIGKILL, False)]
)
def test_a_signal_ends_the_program_as_quit_does(
    data_dir: Path, number: signal.Signals, is_clean: bool
) -> None:
    file = DataPaths(data_dir).logs / "crash.txt"
    with _start(data_dir, "wait") as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        assert file.is_file()
        child.send_signal(number)
        status = child.wait(120)
    assert (status == 0) is is_clean
    assert file.exists() is not is_clean
    assert CrashReport(DataPaths(data_dir)).left_behind == ""
