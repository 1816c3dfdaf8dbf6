"""Pictures of drafts beside the store: written whole, read back, forgotten with their conversation."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.core.pictures import Picture
from chatbot_app.storage.draft_pictures import DraftPicture, DraftPictureFolder
from tests.tiny_png import png


def picture(name: str, red: int = 200) -> Picture:
    return Picture(name, f"{name}.png", "image/png", 40, 30, png(40, 30, red))


@pytest.fixture
def folder(tmp_path: Path) -> DraftPictureFolder:
    return DraftPictureFolder(tmp_path / "pictures")


def test_what_was_written_is_read_and_nothing_else_stays(folder: DraftPictureFolder, tmp_path: Path) -> None:
    one, two = DraftPicture("a", picture("one")), DraftPicture("", picture("two", 3), "question")
    folder.write([one, two])
    assert folder.read() == [one, two]
    assert [read.picture.data for read in folder.read()] == [one.picture.data, two.picture.data]
    folder.write([two])
    assert sorted(path.name for path in (tmp_path / "pictures").iterdir()) == ["index.json", "two"]
    folder.write([])
    assert not (tmp_path / "pictures").exists()


def test_pictures_of_temporary_conversations_are_never_written(
    folder: DraftPictureFolder, tmp_path: Path
) -> None:
    folder.write([DraftPicture("temporary-1", picture("one"))])
    assert not (tmp_path / "pictures").exists()


def test_a_conversation_that_is_gone_takes_its_pictures_along(
    folder: DraftPictureFolder, tmp_path: Path
) -> None:
    folder.write([DraftPicture("gone", picture("one")), DraftPicture("kept", picture("two"))])
    folder.forget({"gone"})
    assert [one.draft_key for one in folder.read()] == ["kept"]
    assert not (tmp_path / "pictures" / "one").exists()


@pytest.mark.parametrize(
    "index", ["", "no JSON", "3", '[{"id": "../../etc/passwd"}]', '[{"id": "one", "draft": 3}]']
)
def test_a_damaged_folder_hinders_nothing(folder: DraftPictureFolder, tmp_path: Path, index: str) -> None:
    folder.write([DraftPicture("a", picture("one"))])
    (tmp_path / "pictures" / "index.json").write_text(index)
    assert folder.read() == []
    folder.forget({"a"})
    assert folder.read() == []


def test_a_file_that_became_no_picture_is_left_out(folder: DraftPictureFolder, tmp_path: Path) -> None:
    folder.write([DraftPicture("a", picture("one")), DraftPicture("a", picture("two"))])
    (tmp_path / "pictures" / "one").write_text("no picture")
    assert [one.picture.id for one in folder.read()] == ["two"]
