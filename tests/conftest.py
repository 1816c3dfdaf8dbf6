"""What every test gets: an environment of its own, and a check that it left nothing running."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import platformdirs
import psutil
import pytest

from chatbot_app.workers.qt_start import import_qt

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# One profile for every property. A shared machine pauses, and the first draw of a text builds a table of all
# characters: neither says anything of the code. In CI the same examples are drawn at every run, and what
# hypothesis keeps (that table, failures to try again) lies outside the checkout.
os.environ.setdefault(
    "HYPOTHESIS_STORAGE_DIRECTORY", platformdirs.user_cache_dir("chatbot-app-tests", appauthor=False)
)
hypothesis.settings.register_profile(
    "chatbot",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize=os.environ.get("CI") == "true",
    print_blob=True,
)
hypothesis.settings.load_profile("chatbot")

# Keys and proxies of the machine have no business in a test.
for name in [n for n in os.environ if n.startswith("OPENAI_") or n.lower().endswith("_proxy")]:
    del os.environ[name]


# What tests write lies in memory: a new store is written to the disk nine times and waited for, a thousand times a run,
# and no test can tell (a killed process loses nothing that the system has). TMPDIR says otherwise.
_MEMORY = Path("/dev/shm")
_ROOM = 4 * 1024**3  # bytes; a whole run needs less than one at a time
if (
    "TMPDIR" not in os.environ
    and os.access(_MEMORY, os.W_OK)
    and shutil.disk_usage(_MEMORY).free > _ROOM
    and not os.statvfs(_MEMORY).f_flag
    & os.ST_NOEXEC  # as containers mount it: tests start programs of their own
):
    os.environ["TMPDIR"] = str(_MEMORY)
    tempfile.tempdir = None  # it is looked up anew

# Nor has what Qt keeps for whoever runs them, as the folders that were visited in file dialogs.
_settings = tempfile.TemporaryDirectory(prefix="chatbot-app-tests-")
os.environ["XDG_CONFIG_HOME"] = _settings.name

import_qt()

from tests.patient_bot import PatientBot  # noqa: E402  (it imports Qt)


@pytest.fixture(autouse=True)
def _environment_as_before() -> Iterator[None]:
    """What a test puts into the environment, also without meaning to, is gone for the next one."""
    before = dict(os.environ)
    yield
    after = dict(os.environ)
    for name in after.keys() - before.keys():
        del os.environ[name]
    os.environ.update(dict(before.items() - after.items()))


@pytest.fixture(autouse=True)
def _no_collection_inside_qt(request: pytest.FixtureRequest) -> Iterator[None]:
    """Cycles are collected between tests of the window, as the program collects them between two events.

    Qt calls Python with its lock of a signal's connections held (`disconnectNotify`); a widget that a collection
    destroys there waits for that lock for ever.
    """
    if not {"qtbot", "qapp"} & set(request.fixturenames) or not gc.isenabled():
        yield
        return
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> PatientBot:
    """pytest-qt's hands, which wait for facts longer than a busy machine takes."""
    return PatientBot(request)


@pytest.fixture(autouse=True)
def _no_keychain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests never touch the keychain of whoever runs them."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data folder of this test's own."""
    return tmp_path / "data"


@pytest.fixture(scope="session")
def evaluation_data() -> Path:
    """The folder of evaluation data; the test skips and says so where it is absent."""
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("CHATBOT_EVAL_DATA", default))
    if not (folder / "retrieval").is_dir():
        pytest.skip(f"needs the evaluation data: set CHATBOT_EVAL_DATA (looked in {folder})")
    return folder


@pytest.fixture(scope="session")
def tesseract() -> tuple[str, ...]:
    """The languages of the installed OCR; a test that needs them skips without, and in CI fails."""
    from chatbot_app.knowledge.formats.ocr import languages

    known = languages()
    if not known:
        reason = "Tesseract with language data is not installed: see what .ci/setup --test says"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return known


_ENDING_SECONDS = 30.0


def _threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if not thread.daemon}


def _system_threads() -> set[int]:
    return {thread.id for thread in psutil.Process().threads()}


def _children() -> list[psutil.Process]:
    """Return the processes that this one has started and not waited for, and those that they started."""
    if hasattr(os, "waitid"):
        # Twice a test: to look through all processes of the machine takes two milliseconds, to ask for one of ours none.
        try:
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return []
    return psutil.Process().children(recursive=True)


def _leftover_windows() -> list[str]:
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    application = QCoreApplication.instance()
    if application is None:
        return []
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()
    if not isinstance(application, QApplication):
        return []
    return [f"visible window {w.objectName() or w}" for w in application.topLevelWidgets() if w.isVisible()]


def _with_subclasses(kind: type) -> Iterator[type]:
    yield kind
    for subclass in kind.__subclasses__():
        yield from _with_subclasses(subclass)


def _leftover_qt_threads() -> list[str]:
    """Look through everything that lives."""
    from PySide6.QtCore import QCoreApplication, QThread

    from chatbot_app.workers.lane import Lane

    application = QCoreApplication.instance()
    # A third of a million things live when the tests are collected: asking each with `isinstance` takes eight times as long.
    kinds = {*_with_subclasses(Lane), *_with_subclasses(QThread)}
    left = []
    for thing in [thing for thing in gc.get_objects() if type(thing) in kinds]:
        if isinstance(thing, Lane) and thing.is_running:
            left.append(f"running lane {thing.name}")
        if isinstance(thing, QThread):
            try:
                is_ours = application is not None and thing is application.thread()
                if not is_ours and thing.isRunning():
                    left.append(f"running thread {thing.objectName() or thing}")
            except RuntimeError:  # the C++ object is gone already
                continue
    return left


def _lasting_qt_threads() -> list[str]:
    """Give those that are told to end the time that a busy machine takes."""
    from PySide6.QtCore import QThread

    deadline = time.monotonic() + _ENDING_SECONDS
    while (left := _leftover_qt_threads()) and time.monotonic() < deadline:
        QThread.msleep(50)
    return left


@pytest.fixture(autouse=True)
def _nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a QThread, a window, a thread or a child process behind."""
    threads, system_threads = _threads(), _system_threads()
    children = {child.pid for child in _children()}
    yield
    left = []
    if {"qtbot", "qapp"} & set(request.fixturenames):
        left += _leftover_windows()
        if _system_threads() - system_threads:  # what runs is a thread of the system's
            left += _lasting_qt_threads()
    for thread in _threads() - threads:
        thread.join(timeout=_ENDING_SECONDS)
        if thread.is_alive():
            left.append(f"thread {thread.name}")
    new = [c for c in _children() if c.pid not in children]
    _, alive = psutil.wait_procs(new, timeout=_ENDING_SECONDS) if new else ([], [])
    left += [f"child process {child.pid} {child.name()}" for child in alive]
    assert not left, "left behind: " + ", ".join(left)
