"""BM25 read a word at a time: the numbers of FTS5's own, whatever came and went."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot_app.core.documents import ParsedDocument, PassageDraft
from chatbot_app.storage import postings
from chatbot_app.storage.backups import BackupStore
from chatbot_app.storage.database import Database
from chatbot_app.storage.documents import DocumentStore, Source
from chatbot_app.storage.postings import TOKENIZER, Postings
from chatbot_app.storage.word_search import WordSearch
from tests.unit.storage.support import Clock, numbered_ids, open_database

WORDS = [
    "walrus",
    "walruses",
    "tusk",
    "tusks",
    "Straße",
    "straßen",
    "naïve",
    "naive",
    "u2",
    "1977",
    "дом",
    "дома",
    "ice",
]
EXPRESSIONS = [
    '"walrus"',
    '"walrus" OR "tusk"',
    '"tusks" OR "tusk"',  # one word of the index, asked for twice
    '"NAIVE" OR "1977" OR "absent" OR "ice"',
    '"дом"* OR "straß"*',
    '("strasse"* OR "straß"*) OR "tusk"',
    '"w"*',
    '"absent"',
]


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setattr(postings, "PAGE", 16)
    with open_database(tmp_path) as opened:
        yield opened


@pytest.fixture
def documents(database: Database) -> DocumentStore:
    store = DocumentStore(database, now=Clock(), new_id=numbered_ids())
    for number in range(4):
        add(store, number)
    return store


def add(store: DocumentStore, number: int, passages: int = 30) -> str:
    """Store a document of random passages, some of them long, with words above and below; return its id."""
    draw = random.Random(number)
    text, drafts = "", []
    for ordinal in range(passages):
        words = draw.choices(WORDS, range(len(WORDS), 0, -1), k=draw.choice([3, 9, 30, 300]))
        body = " ".join(words)
        drafts.append(
            PassageDraft(
                ordinal, len(text), len(text) + len(body), body, None, (), draw.choice(["", "tusks of ice"])
            )
        )
        text += body + "\n"
    document = store.register(Source(f"/x/{number}", f"{number}", len(text), f"sha-{number}")).document
    store.store_passages(document.id, ParsedDocument(f"{number}", text, (), "text/plain"), drafts)
    return document.id


def by_fts5(database: Database, match: str, limit: int = 500) -> list[tuple[int, float]]:
    with database.read() as connection:
        rows = connection.execute(
            "SELECT rowid, -bm25(passage_index) AS score FROM passage_index WHERE passage_index MATCH ?"
            " ORDER BY score DESC LIMIT ?",
            [match, limit],
        )
        return [tuple(row) for row in rows]


def by_words(
    database: Database, kept: Postings, match: str, limit: int = 500
) -> list[tuple[int, float]] | None:
    with database.read() as connection:
        ranked = kept.ranked(connection, match)
    return None if ranked is None else ranked.best(limit)


def check(database: Database, kept: Postings) -> None:
    for match in EXPRESSIONS:
        expected, found = by_fts5(database, match), by_words(database, kept, match)
        assert found is not None
        assert dict(found) == {passage: pytest.approx(score, rel=1e-12) for passage, score in expected}, match
        for limit in (7, 1):
            best = by_words(database, kept, match, limit)
            assert best == found[:limit], match
        scores = [score for _, score in found]
        assert scores == sorted(scores, reverse=True)


def test_words_and_beginnings_are_ranked_as_fts5_does(database: Database, documents: DocumentStore) -> None:
    check(database, Postings(database))
    assert len(by_fts5(database, '"walrus"')) > 50
    assert len(by_fts5(database, '"дом"* OR "straß"*')) > 50


def test_passages_with_a_word_are_counted_as_fts5_does(
    database: Database, documents: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Postings(database)
    matches = [
        *(f'"{word}"' for word in WORDS),
        '"absent"',
        '"!"',
        '"walrus tusk"',
        '"tusk"*',
        "walrus",
        '"a""b"',
    ]

    def counts() -> list[int | None]:
        with database.read() as connection:
            return kept.counts(connection, matches)

    expected = [len(by_fts5(database, match)) for match in matches]
    assert counts() == [*expected[:14], None, None, None, None, None]
    assert sum(expected[:13]) > 500
    documents.delete(documents.documents()[0].id)
    assert WordSearch(database).count(['"walrus"'], 500) < [expected[0]]
    monkeypatch.setattr(postings, "COUNTED_WHOLE", 10)
    assert counts() == [None] * len(matches)
    assert WordSearch(database).count(matches[:14], 500) <= expected[:14]


def test_of_passages_that_are_equally_good_the_older_come_first(
    database: Database, documents: DocumentStore
) -> None:
    drafts = [PassageDraft(n, 6 * n, 6 * n + 5, "whale", None, (), "") for n in range(40)]
    document = documents.register(Source("/x/same", "same", 240, "sha-same")).document
    documents.store_passages(document.id, ParsedDocument("same", "whale\n" * 40, (), "text/plain"), drafts)
    for limit in (40, 11):
        assert by_words(database, Postings(database), '"whale"', limit) == by_fts5(database, '"whale"', limit)


def test_what_is_added_trashed_brought_back_and_removed_counts_at_once(
    database: Database, documents: DocumentStore
) -> None:
    kept = Postings(database)
    first, second = documents.documents()[:2]
    documents.delete(first.id)
    check(database, kept)  # reads the lengths of the pages without those of the first
    documents.restore(first.id)
    check(database, kept)
    add(documents, 9)
    check(database, kept)
    documents.delete(second.id)
    documents.purge(second.id)
    check(database, kept)


def test_everything_else_is_left_to_fts5(database: Database, documents: DocumentStore) -> None:
    kept = Postings(database)
    for match in (
        '"walrus tusk"',
        '"walrus" AND "tusk"',
        '("walrus") NOT ("tusk")',
        '"u-2"',
        "walrus",
        '"…"',
        '{text} : "ice"',
    ):
        assert by_words(database, kept, match) is None, match


def test_the_tokenizer_is_that_of_the_index(database: Database) -> None:
    with database.read() as connection:
        (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'passage_index'").fetchone()
    assert f'tokenize = "{TOKENIZER}"' in sql


def test_lengths_of_before_a_restored_backup_are_forgotten(
    tmp_path: Path, database: Database, documents: DocumentStore
) -> None:
    kept = Postings(database)
    backups = BackupStore(database, now=Clock())
    backup = backups.create()
    add(documents, 5)
    check(database, kept)
    backups.restore(backup.path)
    add(documents, 6)  # passages with the same ids as those of 5, and other lengths
    check(database, kept)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE passage_index_data SET block = x'' WHERE id = 1",
        "UPDATE passage_index_data SET block = x'ffff' WHERE id = 1",
        "UPDATE passage_index_data SET block = 7 WHERE id = 1",
        "UPDATE passage_index_docsize SET sz = x'81' WHERE id = 20",
        "UPDATE passage_index_docsize SET sz = x'0101' WHERE id = 20",
        "UPDATE passage_index_docsize SET sz = x'000000' WHERE id < 60",
        "DELETE FROM passage_index_docsize WHERE id < 60",
    ],
)
def test_an_index_whose_counts_are_damaged_is_left_to_fts5(
    tmp_path: Path, database: Database, documents: DocumentStore, damage: str
) -> None:
    database.close()
    connection = sqlite3.connect(database.paths.database)
    connection.execute(damage)
    connection.commit()
    connection.close()
    with open_database(tmp_path) as opened:
        assert by_words(opened, Postings(opened), '"walrus"') is None


def test_a_search_of_some_documents_finds_those_alone(database: Database, documents: DocumentStore) -> None:
    words = WordSearch(database)
    one, two = documents.documents()[:2]
    everything = words.search('"walrus"', 500)
    some = words.search('"walrus"', 500, documents=[one.id, two.id])
    assert 0 < len(some) < len(everything)
    assert set(some) < set(everything)
