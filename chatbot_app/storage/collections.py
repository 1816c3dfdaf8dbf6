"""Collections: named sets of documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from chatbot_app.core.documents import Collection, SearchScope, Shelves
from chatbot_app.core.text import clean_text
from chatbot_app.storage.damaged_text import as_text
from chatbot_app.storage.database import Database
from chatbot_app.storage.document_rows import advance_generation

_SEARCHABLE = "state IN ('searchable', 'ready')"
_FOUND = f"deleted_at IS NULL AND {_SEARCHABLE}"  # of documents that can be found


class CollectionStore:
    """The person's collections; `DocumentStore` is one, too. Methods raise StoreError."""

    def __init__(self, database: Database, *, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._database = database
        self._now = now
        self._new_id = new_id

    def create_collection(self, name: str) -> Collection:
        """Return the collection of that name, added where there is none."""
        name = " ".join(clean_text(name).split())
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO collections VALUES (?, ?) ON CONFLICT (name) DO NOTHING", [self._new_id(), name]
            )
        return next(item for item in self.collections() if item.name == name)

    def collections(self) -> list[Collection]:
        """Return the person's collections by name, with the number of documents in each."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT id, name, (SELECT count(*) FROM collection_documents JOIN documents"
                " ON number = document_number WHERE collection_id = collections.id AND deleted_at IS NULL)"
                " AS documents FROM collections ORDER BY name"
            )
            return [Collection(as_text(row["id"]), as_text(row["name"]), row["documents"]) for row in rows]

    def collection_names(self) -> dict[str, str]:
        """Return what the collections are called, by id, in the order of their names; their documents are not counted."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT id, name FROM collections ORDER BY name")
            return {as_text(row["id"]): as_text(row["name"]) for row in rows}

    def shelves(self) -> Shelves:
        """Return the collections, and how many documents there are."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT count(*) FILTER (WHERE deleted_at IS NULL) AS total,"
                " count(*) FILTER (WHERE deleted_at IS NOT NULL) AS in_trash,"
                f" count(*) FILTER (WHERE {_FOUND}) AS found"
                " FROM documents"
            ).fetchone()
        return Shelves(tuple(self.collections()), row["total"], row["in_trash"], row["found"] > 0)

    def has_had_searchable(self) -> bool:
        """Return whether any document can be found, or could be before it went into the trash.

        One who emptied a library still means documents: an answer says that there are none.
        """
        with self._database.read() as connection:
            row = connection.execute(
                f"SELECT EXISTS (SELECT 1 FROM documents WHERE {_SEARCHABLE})"
            ).fetchone()
        return bool(row[0])

    def scope(self, collection_ids: Sequence[str] = ()) -> SearchScope:
        """Return what a search in some collections looks through; none means the whole library."""
        with self._database.read() as connection:
            if not collection_ids:
                row = connection.execute(f"SELECT count(*) FROM documents WHERE {_FOUND}").fetchone()
                return SearchScope((), row[0])
            marks = ", ".join("?" * len(collection_ids))
            row = connection.execute(
                "SELECT count(DISTINCT number) FROM collection_documents JOIN documents"
                f" ON number = document_number WHERE collection_id IN ({marks}) AND {_FOUND}",
                [*collection_ids],
            ).fetchone()
            names = connection.execute(
                f"SELECT name FROM collections WHERE id IN ({marks}) ORDER BY name", [*collection_ids]
            )
            return SearchScope(tuple(as_text(name["name"]) for name in names), row[0])

    def add_to_collection(self, collection_id: str, document_ids: Sequence[str]) -> None:
        """Put documents into a collection."""
        with self._database.write() as connection:
            connection.executemany(
                "INSERT INTO collection_documents SELECT ?, number FROM documents WHERE id = ?"
                " ON CONFLICT DO NOTHING",
                [[collection_id, document_id] for document_id in document_ids],
            )
            advance_generation(connection)

    def remove_from_collection(self, collection_id: str, document_ids: Sequence[str]) -> None:
        """Take documents out of a collection; they stay in the library."""
        with self._database.write() as connection:
            connection.executemany(
                "DELETE FROM collection_documents WHERE collection_id = ?"
                " AND document_number = (SELECT number FROM documents WHERE id = ?)",
                [[collection_id, document_id] for document_id in document_ids],
            )
            advance_generation(connection)

    def delete_collection(self, collection_id: str) -> None:
        """Remove a collection; its documents stay."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM collections WHERE id = ?", [collection_id])
            advance_generation(connection)
