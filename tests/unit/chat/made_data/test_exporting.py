"""Accepted rows become files that their readers accept; whole documents are on one side, and every row names its source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chatbot_app.chat.made_data.exporting import (
    MADE_FORMATS,
    ONE_SIDE,
    MadeReport,
    MadeWish,
    write_made_data,
)
from chatbot_app.chat.training_data.masking import masker
from chatbot_app.chat.training_data.row_files import REPEATED
from chatbot_app.cli.data_arguments import FORMAT_NAMES, KIND_NAMES
from chatbot_app.core.documents import ParsedDocument, PassageDraft
from chatbot_app.core.errors import ExportStopped
from chatbot_app.core.made_data import DataJob, DataKind, DataWish, RowDraft
from chatbot_app.storage.data_jobs import DataJobStore
from chatbot_app.storage.database import Database
from chatbot_app.storage.documents import DocumentStore, Source
from chatbot_app.storage.made_rows import MadeRowStore
from tests.unit.chat.training_data.consumers import FAULTS
from tests.unit.storage.support import Clock, numbered_ids, open_database

SHARED = "This notice stands in both documents, word for word. " * 6


class Shelf:
    """Documents of three passages each; two of them share one."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.documents = DocumentStore(database, now=Clock(), new_id=numbered_ids("document"))
        self.jobs = DataJobStore(database, now=Clock(), new_id=numbered_ids("job"))
        self.rows = MadeRowStore(database)
        self.path = folder / "made.jsonl"
        self.ids = [self.add(number) for number in range(8)]

    def add(self, number: int) -> str:
        parts = [
            f"Passage {part} of Ada's document {number}: ada@example.org wrote it. " * 5 for part in range(3)
        ]
        if number < 2:
            parts[1] = SHARED
        text = "\n".join(parts)
        source = Source(f"/x/{number}.txt", f"Document {number}", len(text), f"sha-{number}")
        document = self.documents.register(source).document
        drafts = [
            PassageDraft(place, place, place + 1, part, place + 1, (), "") for place, part in enumerate(parts)
        ]
        parsed = ParsedDocument(f"Document {number}", text, (), "text/plain")
        self.documents.store_passages(document.id, parsed, drafts)
        return document.id

    def make(self, kind: DataKind, passages: int = 100) -> DataJob:
        job = self.jobs.begin(DataWish(kind, passages=passages))
        assert job is not None
        while (task := self.jobs.next_task(job.id)) is not None:
            draft = RowDraft(
                f"What does Ada say in {task.text[:40]}?",
                task.text if kind is DataKind.BACKTRANSLATION else "She wrote it.",
                "She did not." if kind is DataKind.FEEDBACK else "",
                verdict="supported",
                details={
                    "model": "m",
                    "server": "s",
                    "prompt_version": "v",
                    "created_at": "t",
                    "principle": "p",
                },
            )
            self.jobs.finish(task, [draft])
        return job

    def write(self, job: DataJob, name: str = "", **more: Any) -> MadeReport:
        formats = MADE_FORMATS[job.wish.kind]
        chosen = formats[name or next(iter(formats))]
        *_, report = write_made_data(self.rows, job, MadeWish(chosen, self.path, **more))
        return report


@pytest.fixture
def shelf(data_dir: Path, tmp_path: Path) -> Iterator[Shelf]:
    with open_database(data_dir) as database:
        yield Shelf(database, tmp_path)


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def types(value: object) -> object:
    """What `datasets` makes of a value: the names and types of its columns."""
    if isinstance(value, dict):
        return {name: types(one) for name, one in value.items()}
    if isinstance(value, list):
        return [types(one) for one in value[:1]]
    return type(value).__name__


def test_the_command_line_offers_what_there_is() -> None:
    assert tuple(KIND_NAMES) == tuple(kind.value for kind in DataKind)
    known = {name for formats in MADE_FORMATS.values() for name in formats}
    assert known == {"prompt-completion", *FORMAT_NAMES}


@pytest.mark.parametrize("kind", DataKind)
def test_every_form_is_what_its_readers_accept_with_constant_columns(shelf: Shelf, kind: DataKind) -> None:
    job = shelf.make(kind)
    for name in MADE_FORMATS[kind]:
        report = shelf.write(job, name)
        rows = read(shelf.path)
        assert len(rows) == report.rows["train"] > 20
        assert report.tokens["train"] > 100
        assert len({json.dumps(types(row)) for row in rows}) == 1
        if name in FAULTS:
            assert [fault for row in rows for fault in FAULTS[name](row)] == []
        sources = [row["source"] for row in rows] if "source" in rows[0] else read(report.files[1])
        assert len(sources) == len(rows)
        assert {source["document"] for source in sources} == {f"Document {number}" for number in range(8)}
        for source in sources:
            assert source["place"].startswith("page ")
            assert (source["kind"], source["model"], source["prompt_version"]) == (kind.value, "m", "v")
            assert source["passage_id"] > 0


def test_the_passage_stands_above_the_question_unless_it_is_not_wished(shelf: Shelf) -> None:
    job = shelf.make(DataKind.QUESTIONS, passages=3)
    shelf.write(job)
    row = read(shelf.path)[0]
    assert row["prompt"] == f"{row['passage']}\n\n{row['question']}"
    assert row["completion"] == "She wrote it."
    shelf.write(job, "alpaca")
    (first, *_) = read(shelf.path)
    assert (first["instruction"], first["input"]) == (row["question"], row["passage"])
    shelf.write(job, with_passage=False)
    assert set(read(shelf.path)[0]) == {"prompt", "completion", "source"}
    plain = shelf.make(DataKind.BACKTRANSLATION, passages=3)
    shelf.write(plain)
    assert set(read(shelf.path)[0]) == {"prompt", "completion", "source"}


def test_a_document_is_on_one_side_with_those_that_share_a_passage(shelf: Shelf) -> None:
    job = shelf.make(DataKind.BACKTRANSLATION)
    for share in (0.1, 0.3, 0.5, 0.9):
        report = shelf.write(job, test_share=share)
        train, test = (read(path) for path in report.files)
        sides = [{row["source"]["document"] for row in part} for part in (train, test)]
        assert not sides[0] & sides[1]
        assert all(sides)
        assert not {row["completion"] for row in train} & {row["completion"] for row in test}
        assert ("Document 0" in sides[0]) == ("Document 1" in sides[0])
        assert abs(len(test) / (len(train) + len(test)) - share) < 0.2
    assert report.left_out == {REPEATED: 1}


def test_one_document_cannot_be_parted_and_that_is_said(shelf: Shelf) -> None:
    for document in shelf.ids[2:]:
        shelf.documents.delete(document)
    job = shelf.make(DataKind.QUESTIONS)
    report = shelf.write(job, test_share=0.5)
    assert report.notes == [ONE_SIDE]
    assert report.rows["test"] == 0
    assert report.documents == 2


def test_what_is_left_out_masked_edited_or_in_the_trash(shelf: Shelf) -> None:
    job = shelf.make(DataKind.FEEDBACK, passages=8)
    lines = shelf.rows.lines(job.id)
    shelf.rows.decide([line.number for line in lines[:4]], False)
    shelf.rows.edit(lines[0].number, "Who?", "Ada.", "Ada.")
    shelf.rows.edit(lines[1].number, "Who?", "Ada\ud800.", "Bob.")
    gone = next(one for one in shelf.documents.documents() if one.title == lines[-1].title)
    shelf.documents.delete(gone.id)
    report = shelf.write(job, mask=masker(["Ada"]))
    assert report.rows["train"] == 4
    assert report.left_out == {"Both answers are the same.": 1}
    text = shelf.path.read_text("utf-8")
    assert "Ada" not in text
    assert "[NAME]" in text
    assert "ada@example.org" not in text
    edited = [row for row in read(shelf.path) if row["source"]["edited"]]
    assert [row["chosen"][0]["content"] for row in edited] == ["[NAME]\ufffd."]
    assert edited[0]["source"]["verdict"] == ""
    assert gone.title not in text


def test_all_of_it_or_nothing(shelf: Shelf) -> None:
    job = shelf.make(DataKind.QUESTIONS)
    shelf.path.write_text("mine")
    wish = MadeWish(next(iter(MADE_FORMATS[DataKind.QUESTIONS].values())), shelf.path)
    with pytest.raises(ExportStopped):
        list(write_made_data(shelf.rows, job, wish, lambda: True))
    shelf.rows.decide([line.number for line in shelf.rows.lines(job.id)], False)
    assert shelf.write(job).files == []
    assert shelf.path.read_text() == "mine"


def test_few_passages_are_of_many_documents(shelf: Shelf) -> None:
    job = shelf.make(DataKind.QUESTIONS, passages=8)
    assert len({line.title for line in shelf.rows.lines(job.id)}) == 8
