"""The pictures of messages: their bytes lie in a table of their own, which nothing reads but who shows them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from chatbot_app.core.carried import CarriedConversation, CarriedPicture
from chatbot_app.core.messages import Message
from chatbot_app.core.pictures import (
    HEAD_BYTES,
    MOST_BYTES,
    MOST_BYTES_OF_A_MESSAGE,
    PICTURES,
    Picture,
    PictureFacts,
    described,
    facts_of,
    pictures_of,
)
from chatbot_app.core.text import clean_text
from chatbot_app.storage.database import Database
from chatbot_app.storage.json_columns import dump_json
from chatbot_app.storage.portions import VARIABLES, Portions

_INSERT = (
    "INSERT INTO message_pictures (message_id, ordinal, media_type, width, height, data)"
    " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_NAME = (
    "UPDATE messages SET metadata = json_set(CASE WHEN json_valid(metadata) THEN metadata ELSE '{}' END,"
    f" '$.{PICTURES}', json(?)) WHERE id = ?"
)


class PictureStore:
    """Reads pictures. Methods raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def picture(self, message_id: str, ordinal: int) -> bytes | None:
        """Return the bytes of a picture; None where it is gone, or is no picture any more."""
        with self._database.of(message_id).read() as connection:
            row = connection.execute(
                "SELECT data FROM message_pictures WHERE message_id = ? AND ordinal = ?"
                f" AND typeof(data) = 'blob' AND length(data) <= {MOST_BYTES}",
                [message_id, ordinal],
            ).fetchone()
        facts = facts_of(row["data"][:HEAD_BYTES]) if row is not None else None
        return row["data"] if facts is not None and not facts.is_too_large else None

    def carried(self, messages: Iterable[Message]) -> dict[str, tuple[CarriedPicture, ...]]:
        """Return what messages have, so that it can be carried elsewhere; bytes are read when they are asked for."""
        found = {message.id: tuple(self._carried(message)) for message in messages}
        return {message_id: pictures for message_id, pictures in found.items() if pictures}

    def _carried(self, message: Message) -> Iterator[CarriedPicture]:
        for shown in pictures_of(message.metadata):

            def read(ordinal: int = shown.ordinal) -> bytes | None:
                return self.picture(message.id, ordinal)

            yield CarriedPicture(shown.name, read)


def keep_with(
    connection: sqlite3.Connection, message_id: str, pictures: Sequence[Picture], pictures_of: str = ""
) -> None:
    """Keep the pictures that a person puts to a question, or those of another message, in the transaction that stores it."""
    if pictures_of:
        _copy(connection, pictures_of, message_id)
    rows = [
        [message_id, place, one.media_type, one.width, one.height, one.data]
        for place, one in enumerate(pictures)
    ]
    if rows:
        connection.executemany(_INSERT, rows)
        names = described([(clean_text(one.name), one) for one in pictures])
        connection.execute(_NAME, [dump_json(names), message_id])


def _copy(connection: sqlite3.Connection, message_id: str, other_id: str) -> None:
    connection.execute(
        "INSERT INTO message_pictures (message_id, ordinal, media_type, width, height, data)"
        " SELECT ?, ordinal, media_type, width, height, data FROM message_pictures WHERE message_id = ?"
        " ON CONFLICT DO NOTHING",
        [other_id, message_id],
    )
    names = connection.execute(
        f"SELECT json_extract(metadata, '$.{PICTURES}') FROM messages WHERE id = ? AND json_valid(metadata)",
        [message_id],
    ).fetchone()
    if names is not None and names[0] is not None:
        connection.execute(_NAME, [names[0], other_id])


def are_missing(connection: sqlite3.Connection, carried: CarriedConversation, known: Iterable[str]) -> bool:
    """Whether a conversation brings pictures to messages that are here and have none."""
    wanted = set(carried.pictures).intersection(known)
    return bool(wanted) and bool(wanted - _with_pictures(connection, list(wanted)))


def save_pictures(database: Database, carried: CarriedConversation, portions: Portions) -> int:
    """Keep the pictures of messages that are here and have none; return how many came."""
    if not carried.pictures:
        return 0
    ids = list(carried.pictures)
    with database.read() as connection:
        wanted = _here(connection, ids) - _with_pictures(connection, ids)
    return sum(_save(database, one, carried.pictures[one], portions) for one in ids if one in wanted)


def _save(database: Database, message_id: str, pictures: Sequence[CarriedPicture], portions: Portions) -> int:
    """Keep those of one message, all or none: their names in it say that they are there."""
    kept: list[tuple[str, PictureFacts]] = []
    rows: list[list[object]] = []
    room = MOST_BYTES_OF_A_MESSAGE
    for picture in pictures:
        data = picture.read()
        if data is not None and len(data) > room:
            continue
        facts = facts_of(data[:HEAD_BYTES]) if data is not None and len(data) <= MOST_BYTES else None
        if facts is not None and not facts.is_too_large:
            rows.append([message_id, len(kept), facts.media_type, facts.width, facts.height, data])
            kept.append((clean_text(picture.name), facts))
            room -= len(data or b"")
    if not rows:
        return 0
    names = dump_json(described(kept))
    with portions.paused(), database.write(lasting=False) as connection:
        connection.executemany(_INSERT, rows)
        connection.execute(_NAME, [names, message_id])
    return len(rows)


def _here(connection: sqlite3.Connection, ids: Sequence[str]) -> set[str]:
    return _found(connection, "SELECT id FROM messages WHERE id IN ({})", ids)


def _with_pictures(connection: sqlite3.Connection, ids: Sequence[str]) -> set[str]:
    return _found(connection, "SELECT message_id FROM message_pictures WHERE message_id IN ({})", ids)


def _found(connection: sqlite3.Connection, query: str, ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(ids), VARIABLES):
        some = ids[start : start + VARIABLES]
        found.update(row[0] for row in connection.execute(query.format(", ".join("?" * len(some))), some))
    return found
