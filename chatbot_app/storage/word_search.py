"""The full-text index of passages: which hold words, and how many do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence, Set

from chatbot_app.storage.damaged_text import as_number
from chatbot_app.storage.database import Database
from chatbot_app.storage.document_rows import chosen_documents
from chatbot_app.storage.json_columns import dump_json
from chatbot_app.storage.passage_index import hidden_documents
from chatbot_app.storage.portions import VARIABLES
from chatbot_app.storage.postings import Postings
from chatbot_app.storage.vector_blocks import look_up_quickly

_COUNTED_EXACTLY = 1000  # passages with a word: of a common one nobody needs to know how many are hidden

# Unary plus: else SQLite asks the full-text index once for each passage that counts.
_OF_FEW = "AND +rowid IN (SELECT id FROM passages WHERE document_number IN (SELECT value FROM json_each(?)))"
FEW_PASSAGES = 20_000  # up to here they are listed before the ranking; of more, each found one is looked at


class WordSearch:
    """Passages by their words. Methods raise StoreError where SQLite refuses."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._postings = Postings(database)

    def warm_up(self) -> None:
        """Read what the first searches else wait for: 30 ms for 100,000 passages."""
        with self._database.read() as connection:
            self._postings.read_lengths(connection)

    def search(
        self,
        match: str,
        limit: int,
        collections: Sequence[str] = (),
        documents: Sequence[str] = (),
        *,
        ranked: int | None = None,
    ) -> list[tuple[int, float]]:
        """Return (passage id, BM25) of the best matches of an FTS5 expression, higher is better.

        Only documents with the ids `documents`, or else those of `collections`, count; none means all. With `ranked`,
        only so many matches are looked at, the oldest: their ranking costs microseconds each.
        """
        with self._database.read() as connection:
            look_up_quickly(connection)
            hidden = frozenset(hidden_documents(connection))
            condition, values, kept = "", [], None
            if collections or documents:
                numbers, passages = _counting(connection, collections, documents)
                if passages <= FEW_PASSAGES:
                    condition, values = _OF_FEW, [dump_json(numbers)]
                else:
                    kept = frozenset(numbers)
            is_filtered = bool(hidden) or kept is not None
            if ranked is None and not condition:
                by_words = self._postings.ranked(connection, match)
                if by_words is not None:
                    best = by_words.best(len(by_words.passages) if is_filtered else limit)
                    portions = (best[at : at + VARIABLES] for at in range(0, len(best), VARIABLES))
                    return _of_found(connection, portions, limit, kept, hidden) if is_filtered else best
            # The function, not the column `rank`: to sort by that, the index keeps all matches with their places.
            statement = (
                "SELECT rowid, -bm25(passage_index) AS score FROM passage_index"
                f" WHERE passage_index MATCH ? {condition}"
            )
            if ranked is None:
                statement += " ORDER BY score DESC LIMIT ?"
            else:
                statement = f"SELECT * FROM ({statement} LIMIT {int(ranked)}) ORDER BY score DESC LIMIT ?"
            cursor = connection.execute(statement, [match, *values, -1 if is_filtered else limit])
            if not is_filtered:
                return [(row[0], row[1]) for row in cursor]
            return _of_found(connection, iter(lambda: cursor.fetchmany(VARIABLES), []), limit, kept, hidden)

    def documents_with(self, match: str, documents: Sequence[str]) -> set[str]:
        """Return those of some documents, by their ids, that have a passage which an FTS5 expression matches.

        Of documents with very many passages all are returned: to look through those would take long.
        """
        with self._database.read() as connection:
            look_up_quickly(connection)
            numbers, passages = _counting(connection, (), documents)
            if passages > FEW_PASSAGES:
                return set(documents)
            rows = connection.execute(
                "SELECT DISTINCT documents.id FROM passage_index"
                " JOIN passages ON passages.id = passage_index.rowid"
                " JOIN documents ON documents.number = passages.document_number"
                f" WHERE passage_index MATCH ? {_OF_FEW.replace('+rowid', '+passage_index.rowid')}",
                [match, dump_json(numbers)],
            )
            return {row[0] for row in rows}

    def count(self, matches: Sequence[str], limit: int) -> list[int]:
        """Return for each FTS5 expression how many passages it matches: counted up to `limit` at least, then estimated.

        The estimate takes the rest of the library to be like the part in which so many were found.
        """
        counting = (
            "SELECT count(*), max(rowid) FROM (SELECT rowid FROM passage_index WHERE passage_index MATCH ? {visible}"
            " LIMIT ?)"
        )
        counts: list[int] = []
        with self._database.read() as connection:
            look_up_quickly(connection)
            visible = _visible(connection)
            for match, known in zip(matches, self._postings.counts(connection, matches), strict=True):
                count, last = known, None
                if count is None:
                    count, last = connection.execute(counting.format(visible=""), [match, limit]).fetchone()
                if visible and count <= _COUNTED_EXACTLY:
                    count = connection.execute(counting.format(visible=visible), [match, limit]).fetchone()[0]
                elif count >= limit and last is not None:
                    first, end = _first_and_last(connection)
                    count = max(count, int(count * (end - first + 1) / (last - first + 1)))
                counts.append(count)
        return counts


def _of_found(
    connection: sqlite3.Connection,
    portions: Iterable[Sequence[tuple[int, float]]],
    limit: int,
    kept: Set[int] | None,
    hidden: Set[int],
) -> list[tuple[int, float]]:
    """Return the first `limit` of what was found, best first, whose documents are kept and not hidden."""
    found: list[tuple[int, float]] = []
    for rows in portions:
        number_of = _numbers_of(connection, [row[0] for row in rows])
        for passage, score in rows:
            number = number_of.get(passage)
            if number not in hidden and (kept is None or number in kept):
                found.append((passage, score))
        if len(found) >= limit:
            break
    return found[:limit]


def _first_and_last(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return the lowest and the highest id of a passage; there is one."""
    ends = (connection.execute(f"SELECT {end}(id) FROM passages").fetchone()[0] for end in ("min", "max"))
    first, last = ends
    return first, last


def _visible(connection: sqlite3.Connection) -> str:
    """Return a condition that leaves out documents which are being written or removed; mostly there is none."""
    hidden = ",".join(str(number) for number in hidden_documents(connection))
    if not hidden:
        return ""
    return f"AND (SELECT document_number FROM passages WHERE passages.id = passage_index.rowid) NOT IN ({hidden})"


def _counting(
    connection: sqlite3.Connection, collections: Sequence[str], documents: Sequence[str]
) -> tuple[list[int], int]:
    """Return (numbers, passages) of some documents, or else of those of some collections."""
    condition, values = chosen_documents(collections, documents)
    rows = connection.execute(f"SELECT number, expected_passages FROM documents WHERE {condition}", values)
    found = [(row[0], as_number(row[1])) for row in rows]
    return [number for number, _ in found], sum(passages for _, passages in found)


def _numbers_of(connection: sqlite3.Connection, passages: Sequence[int]) -> dict[int, int]:
    """Return the numbers of the documents of up to `VARIABLES` passages."""
    marks = ",".join("?" * len(passages))
    rows = connection.execute(
        f"SELECT id, document_number FROM passages WHERE id IN ({marks})",
        [int(passage) for passage in passages],
    )
    return {row[0]: row[1] for row in rows}
