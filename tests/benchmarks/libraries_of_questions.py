"""Libraries with questions that they answer and questions on which they are silent, of several kinds of text, in halves.

Articles of an encyclopaedia and paragraphs in German, Russian and Chinese, asked also what the articles of the other half
answer; and small libraries as a person has them (tests/data/small_library, each half by another author), asked also what
lies near their subjects and nobody wrote down. Data: CHATBOT_EVAL_DATA, default ../shared/data.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatbot_app.core.documents import ParsedDocument
from chatbot_app.knowledge.formats.reading import parse_file
from tests.benchmarks.kinds import paragraphs, read_corpus
from tests.benchmarks.wikipedia import DATA, Wikipedia, holds_gold, says_gold, title_of

SMALL = Path(__file__).parents[1] / "data" / "small_library"
_OF_ARTICLES, _OF_PARAGRAPHS = 2, 9  # each second, each ninth question

Library = tuple[str, int, list[ParsedDocument], list["Wanted"], list["Wanted"]]


@dataclass(frozen=True)
class Wanted:
    """A question and the words that answer it, none where the library is silent.

    `of_article` is the question as retrieval/wikipedia has it. `is_near` says that the library is about that, too.
    """

    text: str
    answers: tuple[str, ...] = ()
    of_article: dict[str, Any] | None = None
    is_near: bool = False

    def is_held(self, title: str, start: int, end: int, text: str) -> bool:
        """Whether characters `start` to `end` of the document, which say `text`, hold the answer."""
        if self.of_article is not None:
            return holds_gold(self.of_article, title, start, end) or says_gold(self.of_article, text)
        said = _plain(text)
        return any(_plain(answer) in said for answer in self.answers)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def article_documents(wikipedia: Wikipedia, half: int | None = None) -> list[ParsedDocument]:
    """Return all articles, or those of a half, as documents."""
    names = wikipedia.articles if half is None else wikipedia.articles_of(half)
    return [paragraphs(title_of(name), wikipedia.articles[name]) for name in names]


def _articles() -> Iterator[Library]:
    wikipedia = Wikipedia()
    for half in (1, 2):
        documents = article_documents(wikipedia, half)
        answered = wikipedia.questions_of(half)[::_OF_ARTICLES]
        silent = wikipedia.questions_of(3 - half)[::_OF_ARTICLES]
        yield (
            "articles",
            half,
            documents,
            [Wanted(question["question"], of_article=question) for question in answered],
            [Wanted(question["question"]) for question in silent],
        )


def articles_in_part() -> Iterator[Library]:
    """Yield articles without every second paragraph that is asked about: what was cut out is near, and nowhere said.

    Nothing is fitted on these: with them among what refusal is fitted on, as much more of what is answered was refused.
    """
    wikipedia = Wikipedia()
    for half in (1, 2):
        of_half = wikipedia.questions_of(half)
        documents, answered, silent = [], [], []
        for name in wikipedia.articles_of(half):
            text = wikipedia.articles[name]
            asked = [question for question in of_half if question["article"] == name]
            spans = sorted({(one["paragraph_char_start"], one["paragraph_char_end"]) for one in asked})
            cut = spans[1::2]
            for start, end in reversed(cut):
                text = text[:start] + text[end:]
            documents.append(paragraphs(title_of(name), text))
            for question in asked:
                if (question["paragraph_char_start"], question["paragraph_char_end"]) not in cut:
                    answered.append(Wanted(question["question"], (question["answer"],)))
                elif not says_gold(question, text):
                    silent.append(Wanted(question["question"], is_near=True))
        yield "articles in part", half, documents, answered, silent


def _paragraphs(language: str, name: str) -> Iterator[Library]:
    entries, queries, judged = read_corpus(DATA / "retrieval" / f"xquad-{language}")
    titles = sorted({query["metadata"]["title"] for query in queries})
    half_of = {title: 1 + number % 2 for number, title in enumerate(titles)}
    texts = {entry["_id"]: entry["text"] for entry in entries}
    of_half: dict[int, dict[str, None]] = {1: {}, 2: {}}
    for query in queries:
        of_half[half_of[query["metadata"]["title"]]].update(
            dict.fromkeys(sorted(judged.get(query["_id"], ())))
        )
    asked: dict[int, list[Any]] = {1: [], 2: []}
    for query in queries[::_OF_PARAGRAPHS]:
        asked[half_of[query["metadata"]["title"]]].append(query)
    for half in (1, 2):
        yield (
            name,
            half,
            [paragraphs(document, texts[document]) for document in of_half[half]],
            [
                Wanted(entry["text"], tuple(answer["text"] for answer in entry["metadata"]["answers"]))
                for entry in asked[half]
            ],
            [Wanted(entry["text"]) for entry in asked[3 - half]],
        )


def small_libraries() -> Iterator[Library]:
    """Yield the libraries of tests/data/small_library, each half by another author."""
    for half, name in ((1, "a"), (2, "b")):
        files = sorted(path for path in (SMALL / name).iterdir() if path.name != "questions.jsonl")
        asked = _lines(SMALL / name / "questions.jsonl")
        yield (
            "small libraries",
            half,
            [parse_file(path) for path in files],
            [Wanted(entry["query"], (entry["answer"],)) for entry in asked if entry["answer"]],
            [
                Wanted(entry["query"], is_near=entry["kind"] != "silent-far")
                for entry in asked
                if not entry["answer"]
            ],
        )


def libraries_of_questions() -> Iterator[Library]:
    """Yield (kind, half, documents, questions that they answer, questions that they do not) of each kind and half."""
    yield from small_libraries()
    yield from _articles()
    for language, name in (("de", "German"), ("ru", "Russian"), ("zh", "Chinese")):
        yield from _paragraphs(language, name)


def _lines(path: Path) -> Sequence[Any]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
