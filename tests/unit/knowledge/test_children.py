"""The children that read strangers' files, as the system sees them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from chatbot_app.core.paths import child_command
from chatbot_app.knowledge.children.parser import PARSER_FLAG, ParserProcess
from chatbot_app.knowledge.formats.ocr import languages

SECRET = "sk-nobody-may-read-this"
KEYS = ("OPENAI_API_KEY", "ANTHROPIC_AUTH_TOKEN", "https_proxy", "CHATBOT_KEY_OF_MINE")


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KEYS:
        monkeypatch.setenv(name, f"http://me:{SECRET}@host")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_parser_has_no_secret_in_its_environment(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("text")
    with ParserProcess(child_command(PARSER_FLAG)) as parser:
        assert parser.parse(path).text == "text"
        found = Path(f"/proc/{parser.pid}/environ").read_bytes()
    assert b"PATH=" in found
    assert SECRET.encode() not in found


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands for Tesseract")
def test_tesseract_has_no_secret_in_its_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = tmp_path / "seen"
    program = tmp_path / "bin" / "tesseract"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n/usr/bin/env > '{seen}'\necho 'List of languages:'\necho eng\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.setenv("TESSDATA_PREFIX", "/mine")
    assert languages() == ("eng",)
    assert "TESSDATA_PREFIX=/mine" in seen.read_text()
    assert SECRET not in seen.read_text()
