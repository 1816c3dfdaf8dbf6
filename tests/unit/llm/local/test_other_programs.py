"""Folders of other programs are offered where they are, and models in them found once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chatbot_app.llm.local.other_programs import find_model_files, model_folders


def write(path: Path, content: bytes = b"GGUF") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("platform", "places"),
    [
        ("linux", [".lmstudio/models", ".config/Jan/data/llamacpp/models", ".local/share/nomic.ai/GPT4All"]),
        ("darwin", [".cache/lm-studio/models", "Library/Application Support/Jan/data/llamacpp/models"]),
        ("win32", ["AppData/Roaming/Jan/data/llamacpp/models", "AppData/Local/nomic.ai/GPT4All"]),
    ],
)
def test_the_folders_that_are_there_are_offered(tmp_path: Path, platform: str, places: list[str]) -> None:
    for place in places:
        (tmp_path / place).mkdir(parents=True)
    assert {folder.path for folder in model_folders({}, tmp_path, platform)} == {
        tmp_path / place for place in places
    }


def test_variables_of_hugging_face_and_llama_cpp_are_respected(tmp_path: Path) -> None:
    hub, cache, home = tmp_path / "hub", tmp_path / "llama", tmp_path / "hf"
    for folder in (hub, cache, home / "hub"):
        folder.mkdir(parents=True)
    environment = {"HF_HOME": str(home), "LLAMA_CACHE": str(cache)}
    assert [one.path for one in model_folders(environment, tmp_path, "linux")] == [home / "hub", cache]
    environment["HF_HUB_CACHE"] = str(hub)
    assert [one.path for one in model_folders(environment, tmp_path, "linux")] == [hub, cache]
    assert model_folders({"HF_HUB_CACHE": "relative", "LLAMA_CACHE": "\0"}, tmp_path, "linux") == []


def test_nothing_is_offered_where_nothing_is(tmp_path: Path) -> None:
    assert model_folders({}, tmp_path, "linux") == []


def test_models_are_found_once_and_split_ones_by_their_first_part(tmp_path: Path) -> None:
    blob = write(tmp_path / "models--o--m" / "blobs" / "abc")
    snapshots = tmp_path / "models--o--m" / "snapshots"
    for revision in ("1", "2"):
        (snapshots / revision).mkdir(parents=True)
        (snapshots / revision / "m.Q4_K_M.gguf").symlink_to(blob)
    first = write(tmp_path / "big" / "b-00001-of-00003.gguf")
    for number in (2, 3):
        write(tmp_path / "big" / f"b-0000{number}-of-00003.gguf")
    upper = write(tmp_path / "UP.GGUF")
    write(tmp_path / "readme.md")
    (tmp_path / "gone.gguf").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = list(find_model_files(tmp_path))
    assert found == [upper, first, snapshots / "1" / "m.Q4_K_M.gguf"]


def test_what_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    there = write(tmp_path / "a.gguf")
    assert list(find_model_files(tmp_path / "none")) == []
    strange = tmp_path / os.fsdecode(b"\xff.gguf")
    try:
        write(strange)
    except OSError:
        strange = there  # the system takes only names that are text
    assert set(find_model_files(tmp_path)) == {there, strange}


def test_it_stops_when_it_is_told_to(tmp_path: Path) -> None:
    for number in range(5):
        write(tmp_path / f"{number}.gguf")
    asked: list[bool] = []
    found = find_model_files(tmp_path, lambda: len(asked) > 2 or asked.append(True) is not None)
    assert len(list(found)) < 5
