"""Kinds of text that a search is measured on: documents, questions, and which passages answer them.

Articles, abstracts, reports, code, and paragraphs in German, Russian and Chinese. Data: CHATBOT_EVAL_DATA, default
../shared/data; code is gathered from installed packages (`code_of_packages.py`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chatbot_app.core.documents import Block, BlockKind, ParsedDocument, Passage
from chatbot_app.knowledge.formats.reading import parse_file
from tests.benchmarks.bench_reports import numbers_of
from tests.benchmarks.bench_reports import questions as report_questions
from tests.benchmarks.code_of_packages import code_of_packages
from tests.benchmarks.wikipedia import Wikipedia, holds_gold, title_of

# What issue 14 asks for, left out: nDCG@10.
GOALS = {"abstracts": 0.86, "German": 0.945, "Russian": 0.90, "Chinese": 0.96}


@dataclass(frozen=True)
class Asked:
    """A question; `unit_of` names what a passage of a document (its number) counts as, `relevant` the units that answer."""

    text: str
    relevant: frozenset[str]
    unit_of: Callable[[int, Passage], str]


@dataclass(frozen=True)
class Kind:
    """`plain` are the documents as plain chunking gets them, where that differs: with their titles in the text."""

    name: str
    documents: Sequence[ParsedDocument]
    questions: Sequence[Asked]
    plain: Sequence[ParsedDocument] = field(default=())

    @property
    def goal(self) -> float | None:
        """The nDCG@10 that is asked for."""
        return GOALS.get(self.name)


def paragraphs(title: str, text: str) -> ParsedDocument:
    """Return a document whose lines are paragraphs."""
    blocks, position = [], 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append(Block(BlockKind.PARAGRAPH, position, position + len(line)))
        position += len(line) + 1
    return ParsedDocument(title, text, tuple(blocks), "text/plain")


def articles(data: Path) -> Kind:
    """Whole articles; the passage that holds the answer counts."""
    wikipedia = Wikipedia(data / "retrieval" / "wikipedia")
    names = list(wikipedia.articles)
    documents = [paragraphs(title_of(name), wikipedia.articles[name]) for name in names]

    def asked(question: dict[str, Any]) -> Asked:
        def unit_of(document: int, passage: Passage) -> str:
            holds = holds_gold(question, documents[document].title, passage.start, passage.end)
            return "answer" if holds else f"{passage.id}"

        return Asked(question["question"], frozenset({"answer"}), unit_of)

    return Kind("articles", documents, [asked(question) for question in wikipedia.questions])


def read_corpus(place: Path) -> tuple[list[Any], list[Any], dict[str, set[str]]]:
    """Return (documents, queries, the ids of the documents that answer each query) of a folder."""
    entries = [json.loads(line) for line in (place / "corpus.jsonl").read_text("utf-8").splitlines()]
    queries = [json.loads(line) for line in (place / "queries.jsonl").read_text("utf-8").splitlines()]
    judged: dict[str, set[str]] = {}
    for line in (place / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        query, document, score = line.split("\t")
        if int(score) > 0:
            judged.setdefault(query, set()).add(document)
    return entries, queries, judged


def corpus(data: Path, folder: str, name: str) -> Kind:
    """A corpus with judged documents: any passage of such a document counts."""
    entries, queries, judged = read_corpus(data / "retrieval" / folder)
    ids = [str(entry["_id"]) for entry in entries]

    def unit_of(document: int, _passage: Passage) -> str:
        return ids[document]

    asked = [
        Asked(query["text"], frozenset(judged[query["_id"]]), unit_of)
        for query in queries
        if query["_id"] in judged
    ]
    if folder != "abstracts":  # the titles of paragraphs are those of their articles, and would say too much
        return Kind(name, [paragraphs(entry["_id"], entry["text"]) for entry in entries], asked)
    return Kind(
        name,
        [paragraphs(entry["title"], entry["text"]) for entry in entries],
        asked,
        [paragraphs(entry["title"], f"{entry['title']}\n{entry['text']}") for entry in entries],
    )


def reports(data: Path) -> Kind:
    """Quarterly reports; a passage of a right report with a number of the written answer counts, once a report."""
    documents = [parse_file(path) for path in sorted((data / "documents" / "reports").glob("*.pdf"))]
    names = [f"{document.title}.pdf" for document in documents]

    def unit(relevant: frozenset[str], numbers: frozenset[str]) -> Callable[[int, Passage], str]:
        def unit_of(document: int, passage: Passage) -> str:
            name = names[document]
            holds = not numbers or numbers & numbers_of(f"{passage.context}\n{passage.text}")
            return name if name in relevant and holds else f"{passage.id}"

        return unit_of

    asked = [
        Asked(question.text, question.reports, unit(question.reports, question.numbers))
        for question in report_questions(data)
    ]
    return Kind("reports", documents, asked)


def code() -> Kind:
    """Modules without docstrings; the passage with the definition that a docstring described counts."""
    modules = list(code_of_packages())
    asked = []
    for number, module in enumerate(modules):
        for question in module.questions:
            asked.append(Asked(question.text, frozenset({"answer"}), _holds_line(number, question.start)))
    return Kind("code", [module.document for module in modules], asked)


def _holds_line(number: int, start: int) -> Callable[[int, Passage], str]:
    def unit_of(document: int, passage: Passage) -> str:
        holds = document == number and passage.start <= start < passage.end
        return "answer" if holds else f"{passage.id}"

    return unit_of


def kinds(data: Path, names: Iterable[str] = ()) -> list[Kind]:
    """Return all kinds, or those that are named."""
    makers: dict[str, Callable[[], Kind]] = {
        "articles": lambda: articles(data),
        "abstracts": lambda: corpus(data, "abstracts", "abstracts"),
        "reports": lambda: reports(data),
        "code": code,
        "German": lambda: corpus(data, "xquad-de", "German"),
        "Russian": lambda: corpus(data, "xquad-ru", "Russian"),
        "Chinese": lambda: corpus(data, "xquad-zh", "Chinese"),
    }
    return [makers[name]() for name in names or makers]
