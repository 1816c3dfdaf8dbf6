"""dist/Chatbot as people use it: `make package` builds it, `make test-package` runs this."""

from __future__ import annotations

import json
import os
import re
import shutil
import struct
import subprocess
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.packaged_program import BUILT, Machine, install, uninstall, wait_until, write_pdf
from tests.hidden_screen import screen

pytestmark = [pytest.mark.packaged, pytest.mark.timeout(600)]

SENTENCE = "The lighthouse of Kvaloya was built in 1907 by Ingrid Solberg."
ANSWER_SECONDS = 170


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """A computer on which nothing but the program is."""
    if not (BUILT / "Chatbot").exists():
        pytest.skip("needs the packaged program: run make package")
    machine = install(tmp_path)
    yield machine
    left = machine.processes()
    uninstall(machine)
    assert left == []


@pytest.fixture
def desk(machine: Machine) -> Iterator[Machine]:
    """The same with a screen and a keyboard."""
    for program in ("Xvfb", "xdotool"):
        if shutil.which(program) is None:
            pytest.skip(f"needs {program}: .ci/package --test installs it")
    with screen() as display:
        yield replace(machine, display=display)


def test_the_doctor_finds_everything(machine: Machine) -> None:
    done = machine.run("doctor")
    assert done.returncode == 0, done.stdout + done.stderr
    assert str(machine.folder / "_internal" / "resources" / "models") in done.stdout
    assert "BAD" not in done.stdout


def test_asks_imports_and_searches_without_a_window(machine: Machine) -> None:
    answered = machine.run("ask", "What is the capital of France?")
    assert answered.returncode == 0, answered.stderr
    assert "Paris" in answered.stdout
    paper = machine.home / "Leuchttürme 1907.pdf"
    write_pdf(paper, SENTENCE)
    imported = machine.run("import", str(paper))
    assert imported.returncode == 0, imported.stdout + imported.stderr
    assert machine.rows("SELECT state FROM documents") == [("ready",)]  # its passages have vectors
    found = machine.run("search", "Who built the lighthouse?", "--json")
    assert found.returncode == 0, found.stderr
    best = json.loads(found.stdout)["results"][0]
    assert "Ingrid Solberg" in best["text"]
    assert best["page"] == 1
    assert (machine.home.parent / "confinement").read_text() in {"own network", "proxies that refuse"}


def test_a_person_chats_quits_and_finds_the_conversation_again(desk: Machine) -> None:
    with desk.opened() as window:
        wait_until(lambda: desk.rows("SELECT 1 FROM settings"), 30, "the store")
        window.picture("first launch")
        window.type("What is the capital of France?")
        window.press("Return")
        wait_until(
            lambda: any(row[0] != "streaming" for row in window.answers()), ANSWER_SECONDS, "the answer"
        )
        window.picture("first answer")
        [(status, text)] = window.answers()
        assert status == "complete"
        assert "Paris" in str(text)
        running = desk.running()  # the window and the model, not a second window; the model needs no Qt
        assert len(running) == 2
        loaded = [{Path(mapping.path).name for mapping in one.memory_maps()} for one in running]
        assert sorted("libQt6Core.so.6" in names for names in loaded) == [False, True]
        assert window.quit() == 0
    assert desk.processes() == []

    with desk.opened() as window:
        window.type("And of Italy?")  # at once: the window is still being filled
        window.press("Return")
        wait_until(
            lambda: [row[0] for row in window.answers()] == ["complete"] * 2,
            ANSWER_SECONDS,
            "the second answer",
        )
        assert desk.rows("SELECT count(*) FROM conversations") == [(1,)]  # it went on where it had stopped
        window.picture("after a restart")
        assert window.quit() == 0


def test_a_pdf_on_the_command_line_is_imported_and_answers(desk: Machine) -> None:
    paper = desk.home / "Leuchttürme 1907.pdf"
    write_pdf(paper, SENTENCE)
    with desk.opened(str(paper)) as window:
        wait_until(lambda: desk.rows("SELECT 1 FROM documents WHERE state = 'ready'"), 120, "the document")
        window.picture("a document")
        assert window.quit() == 0
    answered = desk.run("ask", "--documents", "--json", "Who built the lighthouse of Kvaloya?")
    assert answered.returncode == 0, answered.stderr
    sources = json.loads(answered.stdout)
    # What was sent, and not whether a model of 135 million parameters cites it.
    assert f"{paper.stem}, page 1" in json.dumps(sources, ensure_ascii=False)


def test_programs_started_from_it_load_the_systems_libraries(machine: Machine) -> None:
    seen = machine.home.parent / "seen"
    tesseract = machine.tools / "tesseract"
    tesseract.write_text(f'#!/bin/sh\necho "${{LD_LIBRARY_PATH-none}}" > "{seen}"\n')
    tesseract.chmod(0o755)
    picture = machine.home / "picture.png"
    picture.write_bytes(_white_png(8))
    machine.run("import", str(picture))
    assert seen.read_text().strip() == "none"


def test_the_unpacked_program_adds_itself_to_the_menu(machine: Machine) -> None:
    script = machine.folder / "add-to-menu.sh"
    if not script.exists():
        pytest.skip("made by make package on Linux")
    odd = machine.home / 'an "odd" $place 100%'
    odd.mkdir()
    for name in ("add-to-menu.sh", "chatbot-app.desktop"):
        shutil.copy(machine.folder / name, odd)
    entry = machine.home / ".local/share/applications/chatbot-app.desktop"
    environment = {"HOME": str(machine.home), "PATH": os.defpath}
    for folder in (odd, machine.folder):
        subprocess.run([folder / script.name], env=environment, check=True, capture_output=True)
        lines = dict(line.split("=", 1) for line in entry.read_text("utf-8").splitlines() if "=" in line)
        # As a desktop reads it: the escapes of the file, then those inside quotes, then the fields.
        quoted, _, files = lines["Exec"].replace("\\\\", "\\").rpartition(" ")
        program = re.fullmatch('"(.*)"', quoted)
        assert program is not None
        assert re.sub(r"\\(.)", r"\1", program[1]).replace("%%", "%") == str(folder / "Chatbot")
        assert files == "%F"
    assert Path(lines["Icon"]).is_file()
    subprocess.run([script, "--remove"], env=environment, check=True, capture_output=True)
    assert not entry.exists()


def test_the_licences_of_all_parts_are_beside_it() -> None:
    if not BUILT.exists():
        pytest.skip("needs the packaged program: run make package")
    text = (BUILT / "THIRD-PARTY-LICENSES").read_text(encoding="utf-8")
    for part in (
        "GNU LESSER GENERAL PUBLIC LICENSE",
        "llama.cpp",
        "SmolLM2",
        "all-MiniLM",
        "multilingual-e5-small",
        "numpy",
        "simsimd",
        "faiss-cpu",
        "libgomp",
        "o200k_base",
    ):
        assert part in text
    assert (BUILT / "LICENSE").is_file()


def _white_png(side: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    rows = (b"\x00" + b"\xff" * side) * side
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
