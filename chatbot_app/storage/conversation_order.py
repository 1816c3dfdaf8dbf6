"""How a person orders conversations: folders, tags, pinned and archived ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from chatbot_app.core.errors import UsageError
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.ids import new_id
from chatbot_app.core.messages import Conversation
from chatbot_app.core.text import clean_text
from chatbot_app.storage.damaged_text import as_text
from chatbot_app.storage.database import Database
from chatbot_app.storage.json_columns import load_mapping
from chatbot_app.storage.lookups import WITH_COUNT, known_models
from chatbot_app.storage.rows import TAG_SEPARATOR, conversation_from, dump_settings

LONGEST_NAME = 100  # characters of a folder's name, and of a tag


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of conversations. `settings` are taken over by those that begin in it; None leaves the usual ones."""

    id: str
    name: str
    settings: GenerationSettings | None = None
    is_folded: bool = False
    conversations: int = 0


class ConversationOrder:
    """Methods raise UsageError where a name cannot be used, and StoreError where nothing could be saved.

    Conversations in the trash, or deleted meanwhile, are left as they are.
    """

    def __init__(self, database: Database, *, new_id: Callable[[], str] = new_id) -> None:
        self._database = database
        self._new_id = new_id

    # --- folders ---------------------------------------------------------------------------------------------

    def folders(self) -> list[Folder]:
        """Return all folders, in the order of their names."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT *, (SELECT count(*) FROM conversations WHERE folder_id = folders.id AND deleted_at IS NULL)"
                " AS conversations FROM folders ORDER BY name COLLATE NOCASE"
            )
            return [_folder_from(row) for row in rows]

    def add_folder(self, name: str, settings: GenerationSettings | None = None) -> Folder:
        """Make a folder."""
        name, folder_id = _usable_name(name), self._new_id()
        with self._database.write() as connection:
            _refuse_known(connection, name)
            connection.execute(
                "INSERT INTO folders (id, name, settings, position)"
                " VALUES (?, ?, ?, (SELECT coalesce(max(position), 0) + 1 FROM folders))",
                [folder_id, name, dump_settings(settings) or "{}"],
            )
        return Folder(folder_id, name, settings)

    def rename_folder(self, folder_id: str, name: str) -> None:
        """Call a folder otherwise."""
        name = _usable_name(name)
        with self._database.write() as connection:
            _refuse_known(connection, name, but=folder_id)
            _change_folder(connection, folder_id, "name = ?", name)

    def set_folder_settings(self, folder_id: str, settings: GenerationSettings | None) -> None:
        """Keep what conversations that begin in a folder take over; None for nothing."""
        with self._database.write() as connection:
            _change_folder(connection, folder_id, "settings = ?", dump_settings(settings) or "{}")

    def fold(self, folder_id: str, *, folded: bool) -> None:
        """Keep whether a folder shows its conversations in the list."""
        with self._database.write() as connection:
            _change_folder(connection, folder_id, "is_folded = ?", folded)

    def remove_folder(self, folder_id: str) -> list[Conversation]:
        """Remove a folder; its conversations stay, in none. Return them."""
        with self._database.write() as connection:
            inside = connection.execute("SELECT id FROM conversations WHERE folder_id = ?", [folder_id])
            names = [as_text(row["id"]) for row in inside.fetchall()]
            connection.execute("DELETE FROM folders WHERE id = ?", [folder_id])
            return self._change(connection, names, "id = id")

    # --- conversations ---------------------------------------------------------------------------------------

    def move(self, conversation_ids: Sequence[str], folder_id: str | None) -> list[Conversation]:
        """Put conversations into a folder, None for none; return them as they are now."""
        with self._database.write() as connection:
            if folder_id is not None:
                _change_folder(connection, folder_id, "id = ?", folder_id)
            return self._change(connection, conversation_ids, "folder_id = ?", folder_id)

    def pin(self, conversation_ids: Sequence[str], *, pinned: bool) -> list[Conversation]:
        """Keep conversations at the top of the list, or no longer; return them."""
        with self._database.write() as connection:
            return self._change(connection, conversation_ids, "pinned = ?", pinned)

    def archive(self, conversation_ids: Sequence[str], *, archived: bool) -> list[Conversation]:
        """Take conversations out of the list, or bring them back; search finds them either way. Return them."""
        with self._database.write() as connection:
            return self._change(connection, conversation_ids, "archived = ?", archived)

    def tag(
        self, conversation_ids: Sequence[str], *, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> list[Conversation]:
        """Give conversations tags, and take others away; return them as they are now."""
        added, removed = [_usable_tag(tag) for tag in add], [_usable_tag(tag) for tag in remove]
        with self._database.write() as connection:
            for conversation in self._change(connection, conversation_ids, "id = id"):
                connection.executemany(
                    "DELETE FROM conversation_tags WHERE conversation_id = ? AND tag = ?",
                    [[conversation.id, tag] for tag in removed],
                )
                connection.executemany(
                    "INSERT INTO conversation_tags VALUES (?, ?) ON CONFLICT DO NOTHING",
                    [[conversation.id, tag] for tag in added],
                )
            return self._change(connection, conversation_ids, "id = id")

    def tags(self) -> list[tuple[str, int]]:
        """Return each tag with the number of its conversations, those in the trash left out; by name."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT tag, count(*) FROM conversation_tags JOIN conversations ON conversations.id = conversation_id"
                " WHERE deleted_at IS NULL GROUP BY tag ORDER BY tag COLLATE NOCASE"
            )
            return [(as_text(row[0]), int(row[1])) for row in rows]

    def models(self) -> list[str]:
        """Return the names of the models that ever answered."""
        with self._database.read() as connection:
            return known_models(connection)

    def _change(
        self,
        connection: sqlite3.Connection,
        conversation_ids: Sequence[str],
        assignment: str,
        *values: object,
    ) -> list[Conversation]:
        changed = []
        for conversation_id in dict.fromkeys(conversation_ids):
            connection.execute(
                f"UPDATE conversations SET {assignment} WHERE id = ? AND deleted_at IS NULL",
                [*values, conversation_id],
            )
            row = connection.execute(
                WITH_COUNT + "WHERE id = ? AND deleted_at IS NULL", [conversation_id]
            ).fetchone()
            if row is not None:
                changed.append(conversation_from(row))
        return changed


def _folder_from(row: sqlite3.Row) -> Folder:
    kept = load_mapping(row["settings"])
    settings = GenerationSettings.from_dict(kept) if kept else None
    return Folder(
        as_text(row["id"]), as_text(row["name"]), settings, bool(row["is_folded"]), row["conversations"]
    )


def _usable_name(name: str) -> str:
    """Return a name on one line. Raises UsageError where nothing is left."""
    usable = " ".join(clean_text(name).replace(TAG_SEPARATOR, " ").split())[:LONGEST_NAME].strip()
    if not usable:
        raise UsageError(detail="It needs a name.")
    return usable


def _usable_tag(tag: str) -> str:
    return _usable_name(tag.strip().removeprefix("#"))


def _refuse_known(connection: sqlite3.Connection, name: str, but: str = "") -> None:
    known = connection.execute("SELECT 1 FROM folders WHERE name = ? AND id <> ?", [name, but]).fetchone()
    if known is not None:
        raise UsageError(detail=f"There is a folder “{name}” already.")


def _change_folder(connection: sqlite3.Connection, folder_id: str, assignment: str, value: object) -> None:
    changed = connection.execute(f"UPDATE folders SET {assignment} WHERE id = ?", [value, folder_id])
    if not changed.rowcount:
        raise UsageError(detail="There is no such folder any more.")
