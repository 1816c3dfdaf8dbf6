"""How often the built-in model's answer holds the gold answer, with and without passages.

`python -m tests.benchmarks.bench_answers [--questions 20] [--seed 7] [--library DIR]`: DIR keeps the imported
articles between runs. Data: CHATBOT_EVAL_DATA, default ../shared/data.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import statistics
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatbot_app.application import Services, create_services
from chatbot_app.chat.events import TurnFinished
from chatbot_app.chat.requests import NewQuestion
from chatbot_app.core.documents import citations_of
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message

DATA = Path(os.environ.get("CHATBOT_EVAL_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
LONGEST_ANSWER = 120  # tokens


@dataclass(frozen=True)
class Outcome:
    holds_gold: bool
    cites: bool
    cites_gold: bool
    first_token_seconds: float


def questions(count: int, seed: int) -> list[dict[str, Any]]:
    path = DATA / "retrieval" / "wikipedia" / "questions.jsonl"
    every = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    random.Random(seed).shuffle(every)
    return every[:count]


def fill(services: Services) -> int:
    """Import the articles that have questions; those that are there already cost nothing."""
    folder = DATA / "retrieval" / "wikipedia"
    names = {
        json.loads(line)["article"] for line in (folder / "questions.jsonl").read_text("utf-8").splitlines()
    }
    library = services.library
    with library.create_parser() as parser:
        paths = [folder / "articles" / name for name in sorted(names)]
        for _ in library.create_importer(parser).import_paths(paths):
            pass
    return len(library.documents.documents())


async def ask(services: Services, settings: GenerationSettings, question: dict[str, Any]) -> Outcome:
    conversation = services.conversations.create_conversation(settings)
    answer: Message | None = None
    async for event in services.run_turn(NewQuestion(conversation.id, None, question["question"])):
        if isinstance(event, TurnFinished):
            answer = event.answer
    assert answer is not None
    cited = citations_of(answer.metadata)
    start = question["answer_char_start"]
    cites_gold = any(Path(c.path).name == question["article"] and c.start <= start < c.end for c in cited)
    seconds = answer.timings.first_token_seconds if answer.timings else None
    return Outcome(holds(answer.text, question["answer"]), bool(cited), cites_gold, seconds or 0.0)


def holds(answer: str, gold: str) -> bool:
    """Whether the words of the gold answer stand in the answer, in a row."""
    return f" {_words(gold)} " in f" {_words(answer)} "


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


async def run(services: Services, chosen: Sequence[dict[str, Any]]) -> None:
    try:
        for name, collections in (("without passages", None), ("with passages", ())):
            settings = GenerationSettings(temperature=0.0, max_tokens=LONGEST_ANSWER, collections=collections)
            outcomes = [await ask(services, settings, question) for question in chosen]
            print(
                f"answers: {name}: gold answer in {sum(o.holds_gold for o in outcomes)} of {len(outcomes)} answers, "
                f"{sum(o.cites for o in outcomes)} cite, {sum(o.cites_gold for o in outcomes)} of them the passage "
                f"with the gold answer; median {statistics.median(o.first_token_seconds for o in outcomes):.1f} s "
                "to the first token",
                flush=True,
            )
    finally:
        await services.gateway.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--library", type=Path)
    options = parser.parse_args()
    if not DATA.is_dir():
        print(f"The evaluation data is not at {DATA}; name its folder in CHATBOT_EVAL_DATA.", file=sys.stderr)
        return 1
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(create_services(options.library or Path(folder))) as services,
    ):
        print(f"answers: {fill(services)} articles")
        asyncio.run(run(services, questions(options.questions, options.seed)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
