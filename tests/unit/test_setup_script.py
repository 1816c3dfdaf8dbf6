"""What .ci/setup installs, and says where it may not: on machines made of pretended programs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE_SECONDS

SETUP = Path(__file__).resolve().parents[2] / ".ci" / "setup"
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Debian's packages")

QT = (
    "libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libglib2.0-0t64 "
    "libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 "
    "libxcb-shape0 libxcb-sync1 libxcb-xfixes0 libxcb-xinerama0 libxcb-xkb1 fonts-dejavu-core"
).split()
OCR = ["tesseract-ocr", "tesseract-ocr-eng", "tesseract-ocr-deu"]


class Machine:
    """A computer with some packages and no Python: the script ends after the packages."""

    def __init__(self, folder: Path) -> None:
        self.programs = folder / "programs"
        self.programs.mkdir()
        self.log = folder / "installed"
        (folder / "project" / ".ci").mkdir(parents=True)
        self.script = folder / "project" / ".ci" / "setup"
        shutil.copy(SETUP, self.script)
        for name in ("bash", "sed", "grep", "dirname", "cat"):
            found = shutil.which(name)
            assert found is not None
            (self.programs / name).symlink_to(found)

    def run(
        self, *arguments: str, packages: list[str], root: bool, works: bool = True, ci: bool = False
    ) -> tuple[str, str]:
        """Run the script; return (what it installed, what it said)."""
        self._program("id", f"echo {0 if root else 1000}")
        self._program("dpkg-query", "\n".join(f"echo '{name} install ok installed'" for name in packages))
        self._program("apt-get", f'echo "$*" >> "{self.log}"; exit {0 if works else 100}')
        environment = {"PATH": str(self.programs), **({"CI": "true"} if ci else {})}
        done = subprocess.run(
            ["bash", str(self.script), *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
        assert done.returncode == 1
        installed = [line for line in self._installed() if " install " in f" {line} "]
        return " ".join(installed), done.stderr

    def _installed(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []

    def _program(self, name: str, body: str) -> None:
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


ENDED = "Python 3.11 or newer is needed"  # everything before was well


def test_the_tests_install_ocr_with_two_languages(machine: Machine) -> None:
    installed, said = machine.run("--test", packages=QT, root=True)
    assert installed.split()[-3:] == OCR
    assert ENDED in said


def test_starting_the_program_needs_no_ocr(machine: Machine) -> None:
    installed, said = machine.run(packages=QT, root=False)
    assert not installed
    assert "tesseract" not in said
    assert ENDED in said


def test_without_root_the_tests_go_on_and_the_command_is_printed(machine: Machine) -> None:
    installed, said = machine.run("--test", packages=[*QT, "tesseract-ocr"], root=False)
    assert not installed
    assert "sudo apt-get install -y --no-install-recommends tesseract-ocr-eng tesseract-ocr-deu\n" in said
    assert ENDED in said


def test_an_ocr_that_cannot_be_installed_stops_nothing(machine: Machine) -> None:
    _, said = machine.run("--test", packages=QT, root=True, works=False)
    assert "are skipped" in said
    assert ENDED in said


def test_in_ci_ocr_and_a_screen_are_needed(machine: Machine) -> None:
    installed, _ = machine.run("--test", packages=QT, root=True, ci=True)
    assert set(installed.split()) >= {*OCR, "xvfb", "xauth"}
    _, said = machine.run(packages=QT, root=False, ci=True)
    assert ENDED not in said
    assert "tesseract-ocr-deu" in said


def test_what_is_there_is_not_installed_again(machine: Machine) -> None:
    installed, said = machine.run("--test", packages=[*QT, *OCR], root=True)
    assert not installed
    assert said.count("\n") == 1


def test_one_command_names_everything_that_is_missing(machine: Machine) -> None:
    _, said = machine.run("--test", packages=QT[1:], root=False)
    assert f"libegl1 {' '.join(OCR)}\n" in said
    assert ENDED not in said
