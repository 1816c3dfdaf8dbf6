"""The rows of a data set: looked through, decided about, edited, and read for a file."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence

from chatbot_app.core.made_data import MadeRow, RowDraft, RowLine, RowState
from chatbot_app.core.text import clean_text
from chatbot_app.storage.damaged_text import as_number, as_text
from chatbot_app.storage.data_jobs import SEEN, place_of
from chatbot_app.storage.database import Database
from chatbot_app.storage.filter_conditions import like_pattern
from chatbot_app.storage.json_columns import load_mapping
from chatbot_app.storage.portions import VARIABLES, Portions

BEGINNING = 160  # characters of a text in a table
_AT_ONCE = 200
_ROWS = f"FROM data_rows JOIN data_tasks ON data_tasks.number = task_number {SEEN}"
_CONDITIONS = {
    RowState.ALL: "TRUE",
    RowState.ACCEPTED: "accepted",
    RowState.LEFT_OUT: "NOT accepted",
    RowState.EDITED: "edited",
}
_WHOLE = (
    "SELECT data_rows.number AS number, prompt, completion, rejected, verdict, data_rows.reason AS reason, accepted,"
    " edited, decided, details, passages.id AS passage_id, documents.id AS document_id, title, page, heading_path,"
    f" passages.text AS passage {_ROWS} "
)


class MadeRowStore:
    """Rows by their numbers, which are in the order of their making. Methods raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lines(
        self, job_id: str, state: RowState = RowState.ALL, words: str = "", above: int = 0
    ) -> list[RowLine]:
        """Return the rows of a job in order, those after the number `above`; `words` stand in one of their texts."""
        conditions = ["job_id = ?", "data_rows.number > ?", _CONDITIONS[state]]
        values: list[object] = [job_id, above]
        if words.strip():
            texts = ("prompt", "completion", "rejected", "passages.text", "title", "data_rows.reason")
            conditions.append("(" + " OR ".join(f"{text} LIKE ? ESCAPE '~'" for text in texts) + ")")
            values += [f"%{like_pattern(words.strip())}%"] * len(texts)
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT data_rows.number AS number, accepted, edited, verdict, data_rows.reason AS reason,"
                f" substr(prompt, 1, {BEGINNING}) AS prompt, substr(completion, 1, {BEGINNING}) AS completion,"
                f" substr(passages.text, 1, {BEGINNING}) AS passage, title, page, heading_path"
                f" {_ROWS} WHERE {' AND '.join(conditions)} ORDER BY data_rows.number",
                values,
            )
            return [_line_from(row) for row in rows]

    def row(self, number: int) -> MadeRow | None:
        """Return a row, None where it is gone."""
        with self._database.read() as connection:
            found = connection.execute(_WHOLE + "WHERE data_rows.number = ?", [number]).fetchone()
        return None if found is None else _row_from(found)

    def rows(self, job_id: str) -> Iterator[MadeRow]:
        """Yield the accepted rows of a job, in order, some at a time."""
        last = 0
        while True:
            with self._database.read() as connection:
                rows = connection.execute(
                    _WHOLE + "WHERE job_id = ? AND accepted AND data_rows.number > ?"
                    f" ORDER BY data_rows.number LIMIT {_AT_ONCE}",
                    [job_id, last],
                ).fetchall()
            if not rows:
                return
            yield from map(_row_from, rows)
            last = rows[-1]["number"]

    def count_by_document(self, job_id: str) -> Counter[str]:
        """Return how many accepted rows of a job each document has, by its id; without those that have none."""
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT documents.id, count(*) {_ROWS} WHERE job_id = ? AND accepted GROUP BY documents.id",
                [job_id],
            )
            return Counter({as_text(row[0]): as_number(row[1]) for row in rows})

    def decide(self, numbers: Sequence[int], accepted: bool) -> None:
        """Take rows into the data set, or leave them out."""
        rows = [[int(accepted), number] for number in numbers]
        for portion in Portions(size=min(256, VARIABLES)).of(rows):
            with self._database.write() as connection:
                connection.executemany(
                    "UPDATE data_rows SET accepted = ?, decided = 1 WHERE number = ?", portion
                )

    def edit(self, number: int, prompt: str, completion: str, rejected: str) -> None:
        """Keep a row as the person wrote it; from then on it is accepted, and no check speaks of it any more."""
        texts = [*map(clean_text, (prompt, completion, rejected)), number]
        with self._database.write() as connection:
            connection.execute(
                "UPDATE data_rows SET prompt = ?, completion = ?, rejected = ?, verdict = '', reason = '',"
                " accepted = 1, edited = 1, decided = 1 WHERE number = ?",
                texts,
            )

    def documents_that_share(self, job_id: str) -> list[tuple[str, str]]:
        """Return (document id, document id) of those of a job that have a passage in common, word for word."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT min(documents.id) OVER (PARTITION BY passages.text), documents.id"
                f" FROM data_tasks {SEEN} WHERE job_id = ? AND data_tasks.state = 'done'",
                [job_id],
            ).fetchall()
        return sorted({(as_text(row[0]), as_text(row[1])) for row in rows})


def _line_from(row: sqlite3.Row) -> RowLine:
    return RowLine(
        row["number"],
        bool(row["accepted"]),
        bool(row["edited"]),
        as_text(row["verdict"]),
        as_text(row["reason"]),
        as_text(row["prompt"]),
        as_text(row["completion"]),
        as_text(row["passage"]),
        as_text(row["title"]),
        place_of(row),
    )


def _row_from(row: sqlite3.Row) -> MadeRow:
    draft = RowDraft(
        as_text(row["prompt"]),
        as_text(row["completion"]),
        as_text(row["rejected"]),
        as_text(row["verdict"]),
        as_text(row["reason"]),
        bool(row["accepted"]),
        load_mapping(row["details"]),
    )
    return MadeRow(
        row["number"],
        draft,
        row["passage_id"],
        as_text(row["document_id"]),
        as_text(row["title"]),
        place_of(row),
        as_text(row["passage"]),
        bool(row["edited"]),
        bool(row["decided"]),
    )
