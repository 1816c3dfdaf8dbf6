"""Files of characters: found by their content, hostile ones refused in a sentence."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from chatbot_app.chat.transfer import library_files
from chatbot_app.chat.transfer.character_files import read_character_file, write_characters
from chatbot_app.core.characters import Character, Surroundings
from chatbot_app.core.errors import ExportFailed, ImportUnreadable
from chatbot_app.core.generation import GenerationSettings
from tests.tiny_png import SIGNATURE, chunk

HERE = Surroundings()
CARD = {
    "spec": "chara_card_v2",
    "data": {"name": "Ada", "description": "Counts.", "system_prompt": "Be Ada."},
}


def picture(*texts: tuple[bytes, bytes]) -> bytes:
    chunks = [chunk(b"tEXt", keyword + b"\0" + text) for keyword, text in texts]
    return SIGNATURE + chunk(b"IHDR", bytes(13)) + b"".join(chunks) + chunk(b"IEND", b"")


def encoded(document: object) -> bytes:
    return base64.b64encode(json.dumps(document).encode())


def test_ours_are_written_and_read_and_a_card_is_found_in_its_picture(tmp_path: Path) -> None:
    path = tmp_path / "characters.json"
    write_characters([Character("A"), Character("B")], HERE, path)
    assert [one.character for one in read_character_file(path).characters] == [Character("A"), Character("B")]
    with pytest.raises(ExportFailed):
        write_characters([], HERE, tmp_path / "none" / "x.json")
    card = tmp_path / "no ending"
    newer = {**CARD, "data": {**CARD["data"], "name": "Ada 3"}}
    for texts, name in (
        ([(b"Software", b"x"), (b"chara", encoded(CARD))], "Ada"),
        ([(b"Chara", encoded(CARD)), (b"ccv3", encoded(newer))], "Ada 3"),
    ):
        card.write_bytes(picture(*texts) + b"what follows the end")
        [read] = read_character_file(card).characters
        assert read.character == Character(
            name, GenerationSettings(system_prompt="Be Ada.\n\nCounts.", collections=())
        )


def test_a_hostile_file_is_refused_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    whole = picture((b"chara", encoded(CARD)))
    damaged = whole.replace(b"tEXtchara", b"tEXtchbra")
    for data, words in (
        (b"", "holds no characters"),
        (b"{}", "holds no characters"),
        (picture(), "carries no character"),
        (picture((b"chara", b"*")), "damaged"),
        (picture((b"chara", encoded([1]))), "holds no characters"),
        (whole[:70], "cut or damaged"),
        (damaged, "cut or damaged"),
        (SIGNATURE + b"\xff\xff\xff\xfftEXt", "cut or damaged"),
    ):
        path.write_bytes(data)
        with pytest.raises(ImportUnreadable) as caught:
            read_character_file(path)
        assert words in caught.value.notice().summary
    monkeypatch.setattr(library_files, "LARGEST_FILE", 100)
    path.write_bytes(bytes(101))
    with pytest.raises(ImportUnreadable, match="larger than"):
        read_character_file(path)
    with pytest.raises(ImportUnreadable):
        read_character_file(tmp_path)
