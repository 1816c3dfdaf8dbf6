"""retrieval/wikipedia as the benchmarks of answers use it: its questions, its articles, and two halves of both."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

DATA = Path(os.environ.get("CHATBOT_EVAL_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))


@dataclass(frozen=True)
class Wikipedia:
    """The articles and questions of a folder; constants are chosen on the first half, figures are of the second."""

    folder: Path = DATA / "retrieval" / "wikipedia"

    @cached_property
    def questions(self) -> list[dict[str, Any]]:
        """Questions with "article", "answer" and "answer_char_start"."""
        lines = (self.folder / "questions.jsonl").read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines]

    @cached_property
    def articles(self) -> dict[str, str]:
        """The text of each article by the name of its file."""
        paths = sorted((self.folder / "articles").glob("*.txt"))
        return {path.name: path.read_text("utf-8") for path in paths}

    @cached_property
    def _asked(self) -> list[str]:
        return sorted({question["article"] for question in self.questions})

    def articles_of(self, half: int) -> list[str]:
        """Return the articles of half 1 or 2: of those with questions, and of the others, every second one."""
        others = [name for name in self.articles if name not in self._asked]
        return sorted([*self._asked[half - 1 :: 2], *others[half - 1 :: 2]])

    def questions_of(self, half: int) -> list[dict[str, Any]]:
        """Return the questions on the articles of a half."""
        asked = set(self._asked[half - 1 :: 2])
        return [question for question in self.questions if question["article"] in asked]


def title_of(article: str) -> str:
    """Return the title under which an article is imported."""
    return article.removesuffix(".txt").replace("_", " ")


def holds_gold(question: dict[str, Any], title: str, start: int, end: int) -> bool:
    """Whether characters `start` to `end` of the document `title` hold the question's gold answer whole."""
    begin = question["answer_char_start"]
    return (
        title == title_of(question["article"]) and start <= begin and begin + len(question["answer"]) <= end
    )


def says_gold(question: dict[str, Any], text: str) -> bool:
    """Whether a text holds the words of the question's gold answer, wherever it stands."""
    return " ".join(question["answer"].casefold().split()) in " ".join(text.casefold().split())


def shares(rows: Sequence[Sequence[bool]]) -> str:
    """Return the percentages of rows that are true, column by column."""
    return " / ".join(f"{100 * sum(column) / len(rows):5.1f}" for column in zip(*rows, strict=True)) + " %"
