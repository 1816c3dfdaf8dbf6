"""Pictures of ChatGPT's export come along, once, as far as they are pictures; and go with their conversation."""

from __future__ import annotations

import json
import zipfile
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from chatbot_app.chat.conversation_copies import ConversationCopier
from chatbot_app.chat.transfer.carried_pictures import NO_PICTURES, NOT_BESIDE, TOO_LARGE
from chatbot_app.chat.transfer.export_files import write_conversations
from chatbot_app.chat.transfer.own_json import BesideConversations
from chatbot_app.core.carried import Arrival
from chatbot_app.core.pictures import MOST_BYTES, PICTURES, PictureFacts, facts_of, pictures_of
from chatbot_app.storage.conversation_order import ConversationOrder
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from chatbot_app.storage.message_pictures import PictureStore
from chatbot_app.storage.summaries import SummaryStore
from tests.tiny_png import png
from tests.unit.chat.transfer.support import carry_in, shown
from tests.unit.chat.transfer.test_chatgpt import conversation, node
from tests.unit.storage.support import Clock, numbered_ids, open_database, open_store

OLD, NEW = "file-service://file-AbCdEf123", "sediment://file_00000000aabb#file_00000000aabb#p_1.png"
GIF = b"GIF89a" + (5).to_bytes(2, "little") + (4).to_bytes(2, "little") + bytes(20)


def asked(*pointers: str) -> dict[str, Any]:
    parts = [{"content_type": "image_asset_pointer", "asset_pointer": one} for one in pointers]
    question = node(None, "user", {"content_type": "multimodal_text", "parts": [*parts, "What is this?"]})
    return conversation({"q": question, "a": node("q", "assistant", "The sea.")}, "a")


def archive(path: Path, value: dict[str, Any], files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("conversations.json", json.dumps([value]))
        for name, data in files.items():
            made.writestr(name, data)
    return path


def kept(store: ConversationStore, database: Database) -> list[tuple[str, int, int, bytes | None]]:
    found = store.list_conversations()[0]
    pictures = PictureStore(database)
    return [
        (one.name, one.width, one.height, pictures.picture(message.id, one.ordinal))
        for message in store.path(found.id)
        for one in pictures_of(message.metadata)
    ]


def count(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute("SELECT count(*) FROM message_pictures").fetchone()[0])


@pytest.mark.parametrize("is_folder", [False, True])
def test_pictures_come_along_once_and_go_with_their_conversation(
    store: ConversationStore, database: Database, tmp_path: Path, is_folder: bool
) -> None:
    files = {"file-AbCdEf123-sea.png": png(6, 4), "user-1/file_00000000aabb-sanitized.dat": GIF}
    path = archive(tmp_path / "export.zip", asked(OLD, NEW), files)
    if is_folder:
        with zipfile.ZipFile(path) as made:
            made.extractall(tmp_path / "export")
        path = tmp_path / "export"
    assert carry_in(database, path).left_out == {}
    expected = [
        ("file-AbCdEf123-sea.png", 6, 4, png(6, 4)),
        ("file_00000000aabb-sanitized.dat", 5, 4, GIF),
    ]
    assert kept(store, database) == expected
    assert shown(store)[0].startswith("*Picture: file-AbCdEf123-sea.png*")
    assert carry_in(database, path).arrivals == {Arrival.KNOWN: 1}
    assert kept(store, database) == expected
    copier = ConversationCopier(
        database,
        store,
        SummaryStore(database, now=Clock(), new_id=numbered_ids("summary")),
        ConversationOrder(database, new_id=numbered_ids("folder")),
        now=Clock(),
        new_id=numbered_ids("copy"),
    )
    original = store.list_conversations()[0]
    copier.duplicate([original.id], lambda title: f"{title} once more")
    assert count(database) == 4
    store.delete(original.id)
    store.purge(original.id)
    assert count(database) == 2
    assert kept(store, database) == expected  # the copy's


def test_a_later_import_brings_the_pictures_that_were_not_there(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    bare = archive(tmp_path / "bare.zip", asked(OLD), {})
    assert carry_in(database, bare).left_out == {NOT_BESIDE: 1}
    whole = archive(tmp_path / "whole.zip", asked(OLD), {"file-AbCdEf123-sea.png": png(6, 4)})
    assert carry_in(database, whole).arrivals == {Arrival.GROWN: 1}
    assert [size[1:3] for size in kept(store, database)] == [(6, 4)]
    assert carry_in(database, whole).arrivals == {Arrival.KNOWN: 1}


BOMB = png(1, 1)[:16] + (60_000).to_bytes(4) * 2 + png(1, 1)[24:]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", NO_PICTURES),
        (b"", NO_PICTURES),
        (b"\x89PNG\r\n\x1a\n", NO_PICTURES),
        (BOMB, TOO_LARGE),
        (png(2, 2) + bytes(MOST_BYTES), TOO_LARGE),
    ],
    ids=["svg", "empty", "cut", "pixels", "bytes"],
)
def test_what_is_no_picture_or_too_large_is_left_out_and_said(
    store: ConversationStore, database: Database, tmp_path: Path, data: bytes, why: str
) -> None:
    path = archive(tmp_path / "export.zip", asked(OLD), {"file-AbCdEf123-sea.png": data})
    assert carry_in(database, path).left_out == {why: 1}
    assert kept(store, database) == []
    assert count(database) == 0


def test_json_brings_them_back_and_html_holds_them(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    files = {"file-AbCdEf123-sea.png": png(6, 4), "file_00000000aabb.gif": GIF}
    carry_in(database, archive(tmp_path / "export.zip", asked(OLD, NEW), files))
    beside = BesideConversations.of(
        SummaryStore(database, now=Clock(), new_id=numbered_ids("summary")), ConversationOrder(database)
    )
    name = store.list_conversations()[0].id
    for ending in (".json", ".html"):
        list(write_conversations(store, beside, [name], tmp_path / f"all{ending}"))
    page = (tmp_path / "all.html").read_text()
    assert f'src="data:image/png;base64,{b64encode(png(6, 4)).decode()}"' in page
    assert 'alt="file_00000000aabb.gif"' in page
    with open_database(tmp_path / "there") as there:
        assert carry_in(there, tmp_path / "all.json").left_out == {}
        copied = open_store(there)
        assert kept(copied, there) == kept(store, database)
        assert [m.metadata for m in copied.tree(name)] == [m.metadata for m in store.tree(name)]
        assert carry_in(there, tmp_path / "all.json").arrivals == {Arrival.KNOWN: 1}
    value = json.loads((tmp_path / "all.json").read_text())
    value["pictures"] = [5, {"base64": "?"}, *({**one, "base64": "AAAA"} for one in value["pictures"])]
    (tmp_path / "bad.json").write_text(json.dumps(value))
    with open_database(tmp_path / "elsewhere") as elsewhere:
        assert carry_in(elsewhere, tmp_path / "bad.json").left_out == {NO_PICTURES: 4}
        assert kept(open_store(elsewhere), elsewhere) == []


def test_a_link_in_a_folder_leads_nowhere(
    store: ConversationStore, database: Database, tmp_path: Path
) -> None:
    (tmp_path / "secret.png").write_bytes(png(3, 3))
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "file-AbCdEf123.png").symlink_to(tmp_path / "secret.png")
    (folder / "conversations.json").write_text(json.dumps([asked(OLD)]))
    assert carry_in(database, folder).left_out == {NOT_BESIDE: 1}
    assert count(database) == 0


def test_the_size_of_each_kind_is_read_from_its_first_bytes() -> None:
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc2\x00\x0b\x08\x00\x10\x00\x20\x03"
    extended = b"RIFF\0\0\0\0WEBPVP8X\n\0\0\0\0\0\0\0\x0f\0\0\x1f\0\0"
    assert facts_of(jpeg) == PictureFacts("image/jpeg", 32, 16)
    assert facts_of(extended) == PictureFacts("image/webp", 16, 32)
    assert facts_of(png(7, 5)) == PictureFacts("image/png", 7, 5)
    assert facts_of(GIF) == PictureFacts("image/gif", 5, 4)
    for whole in (jpeg, extended, png(7, 5), GIF):
        for end in range(len(whole)):
            facts_of(whole[:end])
    assert pictures_of({PICTURES: [None, {"name": 3}, {"name": "a", "width": -1, "height": True}]}) == ()
