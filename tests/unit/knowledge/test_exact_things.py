"""What a question names exactly comes first: 60 cases with near misses, in `tests/data/exact_things.txt`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot_app.knowledge.search.exact_things import MOST_PHRASES, ExactThings
from chatbot_app.knowledge.search.retriever import Retriever
from chatbot_app.knowledge.splitting.splitter import Splitter
from tests.benchmarks.bench_retrieval import CachedEmbedder, Library, library, paragraphs

_LINES = (Path(__file__).parents[2] / "data" / "exact_things.txt").read_text("utf-8").splitlines()
CASES = [[part.strip() for part in line.split(" | ")] for line in _LINES if line and not line.startswith("#")]
_IN_FILE = re.compile(r"(\S[^:|]*\.(?:xlsx|docx|pdf|txt|cfg|ini)): (.+)")


@pytest.fixture(scope="module")
def filled() -> Iterator[tuple[Library, CachedEmbedder]]:
    """Every text of the cases, with vectors; for reading only."""
    embedder = CachedEmbedder(None, joined=False)
    documents = []
    for number, (_question, *texts) in enumerate(CASES):
        for place, text in enumerate(texts):
            named = _IN_FILE.fullmatch(text)
            title, words = named.groups() if named else (f"note {number} {place}", text)
            documents.append(paragraphs(title, words))
    with library(embedder) as store:
        store.add(documents, Splitter(embedder.token_starts).split)
        yield store, embedder


@pytest.fixture(scope="module", params=["with the built-in model", "by words alone"])
def retriever(filled: tuple[Library, CachedEmbedder], request: pytest.FixtureRequest) -> Retriever:
    store, embedder = filled
    return Retriever(store.passages, embedder if "model" in request.param else None)


def test_there_are_sixty_six_cases() -> None:
    assert len(CASES) == 66
    assert len({case[0] for case in CASES}) == 66


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_what_is_asked_for_exactly_comes_first(retriever: Retriever, case: list[str]) -> None:
    question, expected = case[:2]
    named = _IN_FILE.fullmatch(expected)
    found = retriever.search(question)
    first = found.evidence[0].passage.text
    assert first == (named[2] if named else expected)
    assert found.evidence[0].scores.exact > 0


@pytest.mark.parametrize(
    "question",
    [
        "How many people are there in New York?",
        "Who won the Super Bowl in 2015?",
        "What did well-known authors say in the 1990s?",
        "What was the revenue in Q3?",
        "Who is the CFO of IBM?",
        "Is it open 24/7 and/or at 5pm?",
        "What is the 3rd point of the to-do list?",
        "Who fumbled on 3rd-and-9 at the 24-yard line?",
        "What happened in 1990-1999, and was it a 24-10 win?",
        "",
    ],
)
def test_ordinary_questions_name_nothing_exactly(question: str) -> None:
    assert not ExactThings(question)


def test_what_is_looked_up_is_bounded_and_safe_for_the_index() -> None:
    question = ' "a" OR "b" NEAR(c) * ^ ' + " ".join(f"AB-{n} 1,{n:03} km" for n in range(500))
    phrases = ExactThings(question).phrases()
    assert len(phrases) == MOST_PHRASES
    for phrase in phrases:
        assert phrase.startswith('"')
        assert phrase.endswith('"')
        assert '"' not in phrase[1:-1]


@pytest.mark.parametrize(
    "question", ['""', '"*"', "“ ”", "E-1042" * 400, "((((", "0" * 400, "1e400 m", "\x00-1a"]
)
def test_strange_questions_are_searched_as_any_other(retriever: Retriever, question: str) -> None:
    retriever.search(question)


@pytest.mark.parametrize(
    ("question", "held", "others"),
    [
        (
            "What does clause 4.2 say?",
            "## 4. Rent\n\n4.2 Heating is paid for apart.",
            "4.21 The rent is due on the first.",
        ),
        (
            "What is in section 11?",
            "Section 11: Keys are handed over.",
            "On 11 May the keys were handed over.",
        ),
        (
            "Was steht in Ziffer 3.1.2?",
            "**3.1.2** Der Lagerplatz ist bewacht.",
            "Der Index stieg um 3.1 auf 2.",
        ),
        ("Was regelt § 7?", "§ 7 Das Amt des Kassiers", "§ 17 Das Amt des Schriftführers"),
        ("When is it on after 9 pm?", "The pump starts at 21:00.", "The pump starts at 19:00."),
        ("What was logged at 7:05?", "07:05 door open", "17:05 door shut"),
    ],
)
def test_numbers_of_clauses_and_hours_are_found_in_their_notations(
    question: str, held: str, others: str
) -> None:
    exact = ExactThings(question)
    assert exact.held_by(held, "", "") == 1.0
    assert exact.held_by(others, "", "") == 0.0
    words = re.sub(r"\W+", " ", held).split()
    phrases = [phrase.strip('"').split() for phrase in exact.phrases()]
    assert any(words[n : n + len(phrase)] == phrase for phrase in phrases for n in range(len(words)))
