"""A file that is made of another one lies there whole, or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

from chatbot_app.knowledge.children.pinned_file import is_kept, is_pinned

CONTENT = b"made of another file"
PINNED = hashlib.sha256(CONTENT).hexdigest()


def test_what_is_pinned_is_written_and_what_lies_there_damaged_is_written_anew(tmp_path: Path) -> None:
    place = tmp_path / "models" / "made"
    assert not is_pinned(place, PINNED)
    assert is_kept(CONTENT, place, PINNED)
    assert is_pinned(place, PINNED)
    place.write_bytes(CONTENT[:-1])
    assert not is_pinned(place, PINNED)
    assert is_kept(CONTENT, place, PINNED)
    assert place.read_bytes() == CONTENT
    assert [path.name for path in place.parent.iterdir()] == ["made"]  # nothing half written beside it


def test_what_is_not_pinned_is_not_written(tmp_path: Path) -> None:
    assert not is_kept(CONTENT[:-1], tmp_path / "made", PINNED)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_nothing_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "models").write_bytes(b"a file in its place")
    assert not is_kept(CONTENT, tmp_path / "models" / "made", PINNED)
