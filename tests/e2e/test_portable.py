"""A program that keeps everything beside itself, and files named when it is started."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chatbot_app.cli.arguments import parse
from chatbot_app.core import paths
from chatbot_app.ui.banner import Banner
from tests.e2e.person import Launch

pytestmark = pytest.mark.xdist_group("e2e")
ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A copy of the program in a folder of its own."""
    folder = tmp_path / "a program, für mich"
    shutil.copytree(
        ROOT / "chatbot_app", folder / "chatbot_app", ignore=shutil.ignore_patterns("__pycache__")
    )
    (folder / "resources").symlink_to(ROOT / "resources")
    return folder


@pytest.fixture
def run(program: Path, tmp_path: Path) -> Run:
    home = tmp_path / "home"
    home.mkdir()

    def start(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith(("CHATBOT_", "XDG_"))}
        own |= {"HOME": str(home), "PYTHONPATH": str(program), "PYTHONDONTWRITEBYTECODE": "1"} | environment
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "chatbot_app", *words],
            capture_output=True, encoding="utf-8", cwd=home, env=own, timeout=100, check=False,
        )  # fmt: skip

    return start


def test_everything_is_kept_beside_the_program(run: Run, program: Path, tmp_path: Path) -> None:
    document = tmp_path / "tower.txt"
    document.write_text("The tower is 330 metres tall.")
    kept = program / "chatbot-data"
    assert (
        run(
            "--portable", "servers", "add", "S", "http://localhost:9/v1", "--key-env", "K", K="a-key"
        ).returncode
        == 0
    )
    assert (kept / "chatbot.sqlite3").is_file()
    (program / "portable").touch()  # from here on without the option
    assert run("import", str(document)).returncode in (0, 1)  # 1: without its model a document has no vectors
    assert "S\thttp://localhost:9/v1" in run("servers", "list").stdout
    shown = run("doctor").stdout
    assert f"yes: everything is kept in {kept}" in shown
    assert str(kept / "models") in shown
    left = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert left == []


def test_an_explicit_folder_wins_over_the_file(run: Run, program: Path, tmp_path: Path) -> None:
    (program / "portable").touch()
    assert run("servers", "list", "--data-dir", str(tmp_path / "one")).returncode == 0
    assert run("servers", "list", CHATBOT_DATA_DIR=str(tmp_path / "two")).returncode == 0
    assert (tmp_path / "one" / "chatbot.sqlite3").exists()
    assert (tmp_path / "two" / "chatbot.sqlite3").exists()
    both = run("servers", "list", "--portable", "--data-dir", str(tmp_path / "one"))
    assert both.returncode == 1
    assert "give one of them" in both.stderr


def test_a_place_that_cannot_be_written_is_said(run: Run, program: Path) -> None:
    (program / "chatbot-data").write_text("in the way")
    result = run("--portable", "servers", "list")
    assert result.returncode == 1
    assert "beside the program cannot be made" in result.stderr
    assert "Copy the program to a place where you may write" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_folder_of_a_frozen_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.delenv("CHATBOT_DATA_DIR", raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "Chatbot" / "Chatbot"))
    assert paths.program_dir() == tmp_path / "Chatbot"
    assert not paths.is_portable()
    (tmp_path / "Chatbot").mkdir()
    (tmp_path / "Chatbot" / "portable").touch()
    assert paths.default_data_dir() == tmp_path / "Chatbot" / "chatbot-data"
    monkeypatch.setattr(sys, "executable", str(tmp_path / "Chatbot.app" / "Contents" / "MacOS" / "Chatbot"))
    assert paths.program_dir() == tmp_path


# --- files ----------------------------------------------------------------------------------------------


def test_words_are_files_or_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "README").touch()
    for words, files in (
        ([], []),
        (["a.pdf", "b c.pdf"], ["a.pdf", "b c.pdf"]),
        (["README", "--data-dir", "d"], ["README"]),
        (["--data-dir", "d", "--", "-x.txt", "import"], ["-x.txt", "import"]),
        (["--data-dir=d", "./import"], ["import"]),
    ):
        options = parse(words)
        assert options.command is None
        assert options.files == [Path(name) for name in files]
    assert parse(["import", "a.pdf"]).command == "import"


def test_a_word_that_is_nothing_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(["nonsense"])
    assert ended.value.code == 2
    assert "“nonsense” is neither a command nor a file" in capsys.readouterr().err


def test_files_go_into_the_library_and_missing_ones_are_said(launch: Launch, tmp_path: Path) -> None:
    document = tmp_path / "a tower, à Paris.txt"
    document.write_text("The tower is 330 metres tall.")
    person = launch()
    person.application.open_files([document, tmp_path / "gone.pdf"])
    banner = person.application.window.chat_pane.notice_bar.findChild(Banner, "notice")
    assert banner is not None
    assert "gone.pdf" in banner.words()
    library = person.application.services.library
    person.qtbot.waitUntil(lambda: len(library.documents.documents()) == 1, timeout=60_000)
    assert person.application.window.knowledge_panel.isVisible()


def test_a_second_launch_hands_its_files_over(launch: Launch, data_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "-tower.txt").write_text("The tower is 330 metres tall.")
    person = launch()
    second = subprocess.Popen(
        [sys.executable, "-m", "chatbot_app", "--data-dir", str(data_dir), "--", "-tower.txt"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    person.qtbot.waitUntil(lambda: second.poll() is not None, timeout=60_000)
    assert second.returncode == 0
    library = person.application.services.library
    person.qtbot.waitUntil(lambda: len(library.documents.documents()) == 1, timeout=60_000)
