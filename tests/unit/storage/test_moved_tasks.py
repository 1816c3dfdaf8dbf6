"""Which passage of a new reading says what one of the old reading said, and what it takes to know."""

from __future__ import annotations

import random
import sqlite3
import tracemalloc
from collections.abc import Iterator, Sequence

import pytest

from chatbot_app.storage.moved_tasks import successors


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE TABLE passages (id INTEGER PRIMARY KEY, document_number INT, ordinal INT, start_offset INT, text TEXT)"
    )
    connection.execute("CREATE TABLE data_tasks (number INTEGER PRIMARY KEY, passage_id INT)")
    yield connection
    connection.close()


def keep(connection: sqlite3.Connection, document: int, texts: Sequence[str]) -> None:
    """Keep passages with the ids 1000 × document and on, a thousand characters apart."""
    connection.executemany(
        "INSERT INTO passages VALUES (?, ?, ?, ?, ?)",
        [(1000 * document + n, document, n, 1000 * n, text) for n, text in enumerate(texts)],
    )


def moved(connection: sqlite3.Connection, old: Sequence[str], new: Sequence[str]) -> list[int]:
    keep(connection, 1, old)
    keep(connection, 2, new)
    connection.execute(
        "INSERT INTO data_tasks (passage_id) SELECT id FROM passages WHERE document_number = 1"
    )
    found = successors(connection, 1, 2)
    return [found[1000 + n] - 2000 for n in range(len(old))]


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        (["a mill in Ulm", "a pump in Kiel"], ["a pump in Kiel", "a mill in Ulm"], [1, 0]),
        (["R\\&D **cost** 5"], ["sales rose", "R&D cost 5"], [1]),  # other marks, the same words
        (["the mill in Ulm runs by day"], ["the pump", "the mill in Ulm runs", "the mill"], [1]),
        (["0 0 0"] * 4, ["0 0 0"] * 4, [0, 1, 2, 3]),  # of those that are alike the nearest
        (["0 0 0"] * 3, ["0 0 0"] * 2, [0, 1, 1]),
        (["the mill"], ["it is gone", "nothing of it"], [0]),
        (["one two three four", "two"], ["two", "one two three four five"], [1, 0]),
    ],
)
def test_a_passage_goes_over_to_the_one_that_says_most_of_it(
    connection: sqlite3.Connection, old: list[str], new: list[str], places: list[int]
) -> None:
    assert moved(connection, old, new) == places


def test_without_tasks_and_without_passages_nothing_moves(connection: sqlite3.Connection) -> None:
    keep(connection, 1, ["a mill"])
    keep(connection, 2, ["a mill"])
    assert successors(connection, 1, 2) == {}
    connection.execute("INSERT INTO data_tasks (passage_id) VALUES (1000)")
    assert successors(connection, 1, 3) == {}


def test_a_long_document_takes_a_kilobyte_or_two_for_each_of_its_passages(
    connection: sqlite3.Connection,
) -> None:
    chance = random.Random(5)
    words = [f"w{n}" for n in range(500)]
    texts = [" ".join(chance.choices(words, k=100)) for _ in range(200)]
    tracemalloc.start()
    try:
        assert moved(connection, texts, [f"{text} more" for text in texts]) == list(range(200))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 200 * 5000  # with a table of counts for each it is 18,000
