"""What was made of passages stays when their document is read anew: rows that a person has written are not lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot_app.core.documents import ParsedDocument, PassageDraft
from chatbot_app.core.made_data import DataJob, DataKind, DataWish, RowDraft
from chatbot_app.storage.data_jobs import DataJobStore
from chatbot_app.storage.database import Database
from chatbot_app.storage.documents import DocumentStore, Source
from chatbot_app.storage.made_rows import MadeRowStore
from tests.unit.storage.support import Clock, numbered_ids, open_database

MILLS = [
    f"Mill {name} of RD Works grinds {count} tonnes a day in the valley of {place}, by water and by steam. "
    * 3
    for name, count, place in (("Adam", 40, "Ulm"), ("Berta", 55, "Bonn"), ("Cesar", 70, "Celle"))
]
# Signs that were lost, a page head, and the last two in one passage.
ANEW = ["A head of the page. " * 9, MILLS[0].replace("RD", "R&D"), MILLS[1] + MILLS[2].replace("RD", "R&D")]


class Shelf:
    def __init__(self, database: Database) -> None:
        self.documents = DocumentStore(database, now=Clock(), new_id=numbered_ids("document"))
        self.jobs = DataJobStore(database, now=Clock(), new_id=numbered_ids("job"))
        self.rows = MadeRowStore(database)
        self.document = self.documents.register(Source("/x/mills.docx", "Mills", 9, "sha")).document.id

    def read(self, parts: list[str]) -> None:
        drafts, place = [], 0
        for number, part in enumerate(parts):
            drafts.append(PassageDraft(number, place, place + len(part), part, number + 1, (), ""))
            place += len(part)
        parsed = ParsedDocument("Mills", "".join(parts), (), "text/plain")
        self.documents.store_passages(self.document, parsed, drafts)
        self.documents.settling().finish()

    def begin(self, kind: DataKind = DataKind.QUESTIONS) -> DataJob:
        job = self.jobs.begin(DataWish(kind, passages=100))
        assert job is not None
        return job

    def make(self, job: DataJob, most: int = 100) -> None:
        for _ in range(most):
            task = self.jobs.next_task(job.id)
            if task is None:
                return
            name = task.text.split()[1]
            self.jobs.finish(task, [RowDraft(f"What does {name} grind?", f"{name}: grain.", "")])

    def sources(self, job: DataJob) -> dict[str, str]:
        """Return the passage of each row of a job by its completion."""
        return {row.draft.completion: row.passage for row in self.rows.rows(job.id)}


@pytest.fixture
def shelf(data_dir: Path) -> Iterator[Shelf]:
    with open_database(data_dir) as database:
        yield Shelf(database)


def test_rows_go_over_to_the_passages_that_say_the_same(shelf: Shelf) -> None:
    shelf.read(MILLS)
    job, other = shelf.begin(), shelf.begin(DataKind.BACKTRANSLATION)
    shelf.make(job)
    shelf.make(other, 1)
    edited = next(line.number for line in shelf.rows.lines(job.id) if "Berta" in line.completion)
    shelf.rows.edit(edited, "What does mill Berta grind?", "Berta: 55 tonnes a day.", "")
    shelf.read(ANEW)
    assert shelf.sources(job) == {
        "Adam: grain.": ANEW[1],
        "Berta: 55 tonnes a day.": ANEW[2],
        "Cesar: grain.": ANEW[2],
    }
    row = shelf.rows.row(edited)
    assert row is not None
    assert row.edited
    now = shelf.jobs.job(job.id)
    assert now is not None
    assert (now.passages, now.waiting, now.rows) == (2, 0, 3)
    # What waits goes on with the new passages, each once.
    shelf.make(other)
    made = shelf.jobs.job(other.id)
    assert made is not None
    assert (made.passages, made.waiting) == (2, 0)
    shelf.read(ANEW)
    assert len(shelf.sources(job)) == 3


def test_rows_stay_with_a_document_that_says_nothing_of_it_any_more(shelf: Shelf) -> None:
    shelf.read(MILLS)
    job = shelf.begin()
    shelf.make(job)
    shelf.read(["Wholly different."])
    assert set(shelf.sources(job).values()) == {"Wholly different."}
    assert len(shelf.sources(job)) == 3


def test_passages_that_are_all_alike_go_to_those_in_their_place(shelf: Shelf) -> None:
    table = ["EUR 0 0 none false 0 null. " * 9] * 1_500
    shelf.read(table)
    job = shelf.begin()
    shelf.make(job)
    shelf.read(["Head. ", *table])
    now = shelf.jobs.job(job.id)
    assert now is not None
    assert (now.passages, now.rows) == (100, 100)


def test_a_reading_without_passages_takes_its_rows_along(shelf: Shelf) -> None:
    shelf.read(MILLS)
    job = shelf.begin()
    shelf.make(job)
    shelf.read([])
    assert shelf.sources(job) == {}
