"""Data sets that are made of documents: which passages, which of them are done, and the rows of each."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from chatbot_app.core.made_data import DataJob, DataWish, PassageTask, RowDraft
from chatbot_app.core.text import clean_text
from chatbot_app.storage.damaged_text import as_number, as_text
from chatbot_app.storage.database import Database
from chatbot_app.storage.document_rows import collection_condition
from chatbot_app.storage.json_columns import dump_json, load_json, load_mapping
from chatbot_app.storage.portions import Portions

FEWEST_CHARACTERS = 200  # of a passage: a shorter one says too little to ask about
# What lies in the trash is neither shown nor written out; it is there again when it is brought back.
SEEN = (
    "JOIN passages ON passages.id = data_tasks.passage_id"
    " JOIN documents ON documents.number = passages.document_number AND documents.deleted_at IS NULL"
)
_FOUND = "state IN ('searchable', 'ready') AND deleted_at IS NULL"
# One of each document, then a second of each, so that few passages are of many documents; among those of one document
# by the fraction of the golden ratio's multiples (Knuth, TAOCP 3, 6.4), which spreads numbers that follow each other.
_SPREAD = "(passages.id * 2654435761) % 4294967296"


class DataJobStore:
    """Jobs and their tasks. Methods raise StoreError; those that take an id do nothing where it is gone."""

    def __init__(self, database: Database, *, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._database = database
        self._now = now
        self._new_id = new_id

    def begin(self, wish: DataWish) -> DataJob | None:
        """Choose passages and keep the job; None where the collection has none that is long enough.

        Reads the whole collection: seconds for a million passages.
        """
        passages = self._chosen(wish)
        if not passages:
            return None
        job_id = self._new_id()
        values = [job_id, dump_json(wish.to_dict()), self._now().isoformat()]
        with self._database.write() as connection:
            connection.execute("INSERT INTO data_jobs (id, wish, created_at) VALUES (?, ?, ?)", values)
        rows = [[job_id, passage] for passage in passages]
        for portion in Portions(size=256).of(rows):
            with self._database.write() as connection:
                connection.executemany(
                    "INSERT INTO data_tasks (job_id, passage_id) SELECT ?, id FROM passages WHERE id = ?",
                    portion,
                )
        with self._database.write() as connection:
            connection.execute("UPDATE data_jobs SET is_whole = 1 WHERE id = ?", [job_id])
        return self.job(job_id)

    def _chosen(self, wish: DataWish) -> list[int]:
        condition, values = collection_condition(wish.collection_id)
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT id FROM (SELECT passages.id AS id, row_number() OVER (PARTITION BY document_number"
                f" ORDER BY {_SPREAD}) AS place, {_SPREAD} AS spread FROM passages JOIN documents ON number ="
                f" document_number WHERE {_FOUND} AND length(text) >= {FEWEST_CHARACTERS} {condition})"
                " ORDER BY place, spread LIMIT ?",
                [*values, wish.passages],
            )
            return [int(row[0]) for row in rows]

    def jobs(self) -> list[DataJob]:
        """Return all jobs, newest first; what a killed program left half chosen is not among them."""
        with self._database.read() as connection:
            return _jobs(connection, "TRUE", [])

    def job(self, job_id: str) -> DataJob | None:
        """Return a job."""
        with self._database.read() as connection:
            return next(iter(_jobs(connection, "id = ?", [job_id])), None)

    def next_task(self, job_id: str) -> PassageTask | None:
        """Return a passage that waits, the first chosen first; None where none does."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT data_tasks.number AS task_number, passages.id AS passage_id, documents.id AS document_id,"
                f" title, text, context, page, heading_path FROM data_tasks {SEEN}"
                " WHERE job_id = ? AND data_tasks.state = 'waiting' ORDER BY data_tasks.number LIMIT 1",
                [job_id],
            ).fetchone()
        if row is None:
            return None
        return PassageTask(
            row["task_number"],
            row["passage_id"],
            as_text(row["document_id"]),
            as_text(row["title"]),
            as_text(row["text"]),
            as_text(row["context"]),
            place_of(row),
        )

    def finish(self, task: PassageTask, drafts: Sequence[RowDraft]) -> list[int]:
        """Keep the rows of a passage, all together; return their numbers.

        Nothing is kept of a passage that another program has finished meanwhile, or that is gone.
        """
        cells = [cells_of(task.number, draft) for draft in drafts]
        numbers: list[int] = []
        with self._database.write() as connection:
            taken = connection.execute(
                "UPDATE data_tasks SET state = 'done', reason = '' WHERE number = ? AND state <> 'done'",
                [task.number],
            ).rowcount
            if taken:
                for row in cells:
                    added = connection.execute(
                        "INSERT INTO data_rows (task_number, prompt, completion, rejected, verdict, reason,"
                        " accepted, details) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        row,
                    )
                    numbers.append(added.lastrowid or 0)
        return numbers

    def fail(self, task: PassageTask, reason: str) -> None:
        """Keep why a passage makes no row."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE data_tasks SET state = 'failed', reason = ? WHERE number = ? AND state = 'waiting'",
                [clean_text(reason), task.number],
            )

    def failures(self, job_id: str) -> Counter[str]:
        """Return why passages made no row, with how many."""
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT reason, count(*) FROM data_tasks {SEEN}"
                " WHERE job_id = ? AND data_tasks.state = 'failed' GROUP BY reason",
                [job_id],
            )
            return Counter({as_text(row[0]): as_number(row[1]) for row in rows})

    def retry_failed(self, job_id: str) -> None:
        """Let the passages that made no row wait again."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE data_tasks SET state = 'waiting', reason = '' WHERE job_id = ? AND state = 'failed'",
                [job_id],
            )

    def remove(self, job_id: str) -> None:
        """Remove a job with its rows, in portions; it is out of sight at once."""
        with self._database.write() as connection:
            connection.execute("UPDATE data_jobs SET is_whole = 0 WHERE id = ?", [job_id])
        self._remove_half(job_id)

    def remove_leftovers(self) -> None:
        """Remove jobs that a killed program left half chosen or half removed, an hour ago or more."""
        before = (self._now() - timedelta(hours=1)).isoformat()
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT id FROM data_jobs WHERE NOT is_whole AND created_at < ?", [before]
            ).fetchall()
        for row in rows:
            self._remove_half(as_text(row[0]))

    def _remove_half(self, job_id: str) -> None:
        portions = Portions(size=64)
        is_left = True
        while is_left:
            with portions.timed(portions.size), self._database.write() as connection:
                is_left = bool(
                    connection.execute(
                        "DELETE FROM data_tasks WHERE number IN"
                        " (SELECT number FROM data_tasks WHERE job_id = ? LIMIT ?)",
                        [job_id, portions.size],
                    ).rowcount
                )
                if not is_left:
                    connection.execute("DELETE FROM data_jobs WHERE id = ?", [job_id])


def cells_of(task_number: int, draft: RowDraft) -> list[object]:
    """Return what is stored of a draft, in the order of the columns."""
    texts = draft.prompt, draft.completion, draft.rejected, draft.verdict, draft.reason
    return [task_number, *map(clean_text, texts), int(draft.accepted), dump_json(dict(draft.details or {}))]


def place_of(row: sqlite3.Row) -> str:
    """Return where a passage stands in its document, for people: a page, else the heading above it."""
    if isinstance(row["page"], int):
        return f"page {row['page']}"
    headings = load_json(row["heading_path"])
    return str(headings[-1]) if isinstance(headings, list) and headings else ""


def _jobs(connection: sqlite3.Connection, condition: str, values: Sequence[str]) -> list[DataJob]:
    rows = connection.execute(
        f"SELECT id, wish, created_at FROM data_jobs WHERE is_whole AND {condition} ORDER BY created_at DESC, id",
        values,
    ).fetchall()
    found = []
    for row in rows:
        try:
            wish = DataWish.from_dict(load_mapping(row["wish"]))
        except (KeyError, ValueError, TypeError):
            continue  # a damaged one: what it was to be is not known any more
        passages = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE data_tasks.state = 'waiting'),"
            " count(*) FILTER (WHERE data_tasks.state = 'failed')"
            f" FROM data_tasks {SEEN} WHERE job_id = ?",
            [row["id"]],
        ).fetchone()
        made = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE accepted) FROM data_rows"
            f" JOIN data_tasks ON data_tasks.number = task_number {SEEN} WHERE job_id = ?",
            [row["id"]],
        ).fetchone()
        found.append(DataJob(as_text(row["id"]), wish, as_text(row["created_at"]), *passages, *made))
    return found
