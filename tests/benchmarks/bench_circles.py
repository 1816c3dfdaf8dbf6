"""How often the built-in model runs in a circle, and what each setting of its sampler costs in right answers.

`python -m tests.benchmarks.bench_circles [--questions 60] [--tokens 300] [--settings NAME …] [--library DIR]`: so many questions
without documents and so many with their passages; the share that `CircleWatch` cuts, the share that goes on to the
limit and of it the share that repeats itself unseen, and the share of answers that hold the gold answer. Data: CHATBOT_EVAL_DATA, default ../shared/data.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import Counter
from contextlib import aclosing
from pathlib import Path
from typing import Any

from chatbot_app.chat.circles import CircleWatch
from chatbot_app.chat.requests import PlanRequest
from chatbot_app.chat.services import Services
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.llm.chat_client import StreamFinished, TextDelta
from chatbot_app.llm.connection import Connection
from tests.benchmarks.answers_of_model import holds, questions, repeats, services_with_articles
from tests.benchmarks.wikipedia import DATA

SEED, REPORTED_EVERY = 11, 20

# What is tried: llama.cpp's names, sent with each request in the place of the built-in server's own.
SETTINGS: dict[str, dict[str, Any]] = {
    "none": {"repeat_penalty": 1.0, "dry_multiplier": 0.0},
    "penalty 1.1": {"repeat_penalty": 1.1, "dry_multiplier": 0.0},
    "penalty 1.1, DRY 0.8": {
        "repeat_penalty": 1.1, "dry_multiplier": 0.8, "dry_base": 1.75, "dry_allowed_length": 3,
        "dry_penalty_last_n": 1024,
    },
    "penalty 1.05, DRY 0.8": {
        "repeat_penalty": 1.05, "dry_multiplier": 0.8, "dry_base": 1.75, "dry_allowed_length": 3,
        "dry_penalty_last_n": 1024,
    },
}  # fmt: skip


async def answer(
    connection: Connection, messages: Any, question: str, parameters: dict[str, Any]
) -> tuple[str, str]:
    """Return an answer and how it ended: "stop", "length" or "circle"."""
    watch = CircleWatch(question)
    text: list[str] = []
    async with aclosing(connection.client.stream(messages, connection.model, parameters)) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                text.append(event.text)
                if watch.append(event.text) is not None:
                    return "".join(text), "circle"
            elif isinstance(event, StreamFinished):
                return "".join(text), event.finish_reason or "cut"
    return "".join(text), "cut"


async def run(services: Services, options: argparse.Namespace) -> None:
    chosen = questions(options.questions, SEED)
    try:
        for kind, collections in (("without documents", None), ("with documents", ())):
            settings = GenerationSettings(collections=collections)
            connection = await services.gateway.open(settings)
            prompts = []
            for question in chosen:
                request = PlanRequest(
                    "", None, question["question"], search=collections is not None, settings=settings
                )
                prompts.append((question, (await services.plan_turn(request)).messages()))
            tallies = {name: Counter[str]() for name in options.settings}
            for number, (question, messages) in enumerate(prompts, 1):
                for name, tally in tallies.items():  # one after the other: the prompt is read once
                    parameters = {"temperature": 0.0, "max_tokens": options.tokens, **SETTINGS[name]}
                    text, end = await answer(connection, messages, question["question"], parameters)
                    tally[end] += 1
                    tally["repeats"] += end == "length" and repeats(text)
                    tally["right"] += holds(text, question["answer"])
                if number % REPORTED_EVERY and number != len(prompts):
                    continue
                for name, tally in tallies.items():
                    print(
                        f"circles: {kind}, {name}: cut {tally['circle'] / number:.1%}, to the limit"
                        f" {tally['length'] / number:.1%} (repeating {tally['repeats'] / number:.1%}), gold answer {tally['right'] / number:.1%}"
                        f" of {number} questions",
                        flush=True,
                    )
    finally:
        await services.gateway.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--library", type=Path, help="keep the imported articles between runs here")
    parser.add_argument("--tokens", type=int, default=300)
    parser.add_argument("--settings", nargs="*", default=list(SETTINGS), choices=list(SETTINGS))
    options = parser.parse_args()
    if not DATA.is_dir():
        print(f"The evaluation data is not at {DATA}; name its folder in CHATBOT_EVAL_DATA.", file=sys.stderr)
        return 1
    with services_with_articles(options.library) as services:
        asyncio.run(run(services, options))
    return 0


if __name__ == "__main__":
    sys.exit(main())
