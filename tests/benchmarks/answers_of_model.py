"""The built-in model as a new user meets it: what it answers from documents and without, and how its answers end.

`python -m tests.benchmarks.answers_of_model [--questions 200] [--seed 7] [--library DIR]`, or the part "model" of
`bench_answers`: whole exchanges with the settings that ship. Each question is asked of no documents; of all articles,
which is answered by quotes; and then for the model's own words on demand. DIR keeps the imported articles between
runs. Data: CHATBOT_EVAL_DATA, default ../shared/data.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatbot_app.application import Services, create_services
from chatbot_app.chat.events import TurnFinished
from chatbot_app.chat.requests import NewAnswer, NewQuestion, TurnRequest
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message
from chatbot_app.core.trust import AnswerMode, Check, Verdict, checks_of, quotes_of, trust_of
from tests.benchmarks.wikipedia import DATA, Wikipedia

REPORTED_EVERY = 25  # questions
REPEATED = 0.3  # of its runs of six words: more than lists and refrains have

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<![.!?:*] )(?<!^)\b[^\W\d_a-z]\w{2,}")  # a capital that no sentence begins with


def questions(count: int, seed: int) -> list[dict[str, Any]]:
    """Return so many questions of retrieval/wikipedia, the same for the same seed."""
    every = Wikipedia().questions
    random.Random(seed).shuffle(every)
    return every[:count]


def fill(services: Services) -> int:
    """Import the articles that have questions; those that are there already cost nothing."""
    wikipedia = Wikipedia()
    names = {question["article"] for question in wikipedia.questions}
    library = services.library
    paths = [wikipedia.folder / "articles" / name for name in sorted(names)]
    for _ in library.create_import_of(paths).run(until_done=True):
        pass
    return len(library.documents.documents())


@contextmanager
def services_with_articles(library: Path | None) -> Iterator[Services]:
    """Services whose documents are the articles: in a folder that is kept between runs, or in one that goes with the run."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(create_services(library or Path(folder))) as services,
    ):
        print(f"{fill(services)} articles", flush=True)
        yield services


def holds(answer: str, gold: str) -> bool:
    """Whether the words of the gold answer stand in the answer, in a row."""
    return f" {_words(gold)} " in f" {_words(answer)} "


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def repeats(text: str) -> bool:
    """Whether much of a text stood in it before, by a measure that `CircleWatch` does not know."""
    words = text.casefold().split()
    runs = [tuple(words[start : start + 6]) for start in range(len(words) - 5)]
    return bool(runs) and 1 - len(set(runs)) / len(runs) > REPEATED


def invented(sentence: str, sent: str) -> list[str]:
    """Return the numbers and names of a sentence that nothing of what was sent holds: it cannot be from there.

    A measure that the checks do not know: plain text, no values, no forms of words.
    """
    known = sent.casefold()
    found = [*_NUMBER.findall(sentence), *_NAME.findall(sentence)]
    return [word for word in found if word.casefold() not in known]


@dataclass(frozen=True)
class Outcome:
    """What is counted of an answer. `unflagged` sentences are invented and were not flagged."""

    end: str  # "circle", "length", "stop"; "refused", "quotes" where no model was asked
    repeats: bool
    right: bool
    unflagged: int = 0
    flagged: int = 0
    sentences: int = 0


def outcome(answer: Message, question: dict[str, Any], sent: str) -> Outcome:
    """Return what is counted of an answer; `sent` is all that its model was sent."""
    trust, text = trust_of(answer.metadata), answer.text
    if trust is not None and trust.refused:
        return Outcome("refused", False, False)
    if trust is not None and trust.mode is AnswerMode.QUOTES:
        right = any(holds(quote.text, question["answer"]) for quote in quotes_of(answer.metadata))
        return Outcome("quotes", False, right)
    end = "circle" if trust is not None and trust.circle else answer.finish_reason or answer.status.value
    checks = checks_of(answer.metadata)
    bad = [check for check in checks if invented(text[check.start : check.end], sent)]
    return Outcome(
        end,
        repeats(text),
        holds(text, question["answer"]),
        sum(not _is_flagged(check) for check in bad),
        sum(_is_flagged(check) for check in checks),
        len(checks),
    )


def _is_flagged(check: Check) -> bool:
    return check.verdict in (Verdict.UNSUPPORTED, Verdict.CONTRADICTED)


async def exchange(services: Services, request: TurnRequest) -> Message:
    """Run an exchange to its end and return the answer."""
    answer: Message | None = None
    async for event in services.run_turn(request):
        if isinstance(event, TurnFinished):
            answer = event.answer
    assert answer is not None
    return answer


async def ask(services: Services, question: dict[str, Any]) -> dict[str, Outcome]:
    """Ask as a new user: without documents; of all documents; and for the model's own words to that."""
    outcomes: dict[str, Outcome] = {}
    for name, collections in (("without documents", None), ("from documents", ())):
        conversation = services.conversations.create_conversation(GenerationSettings(collections=collections))
        answer = await exchange(services, NewQuestion(conversation.id, None, question["question"]))
        outcomes[name] = outcome(answer, question, _sent(services, answer))
    if outcomes["from documents"].end != "refused":  # of a refusal it is offered without documents alone
        again = NewAnswer(conversation.id, str(answer.parent_id), mode=AnswerMode.ANSWER)
        answer = await exchange(services, again)
        outcomes["its own words to it"] = outcome(answer, question, _sent(services, answer))
    return outcomes


def _sent(services: Services, answer: Message) -> str:
    plan = services.conversations.plan(answer.id)
    return "" if plan is None else "\n".join(str(message["content"]) for message in plan.messages())


def report(name: str, outcomes: Sequence[Outcome]) -> None:
    """Print the shares of answers of one way of asking."""
    count = len(outcomes)
    ends = Counter(outcome.end for outcome in outcomes)
    line = ", ".join(f"{end} {number / count:.1%}" for end, number in ends.most_common())
    print(
        f"model: {name}, {count} answers: gold answer in {_share(o.right for o in outcomes)}; ended by {line}"
    )
    written = [outcome for outcome in outcomes if outcome.end not in ("quotes", "refused")]
    if not written:
        return
    long = sum(o.end == "length" and o.repeats for o in written)
    print(f"    to the limit by repeating itself: {long} of {len(written)}")
    if any(outcome.sentences for outcome in written):
        clean = _share(o.right and not o.unflagged for o in written)
        unflagged, sentences = sum(o.unflagged for o in written), sum(o.sentences for o in written)
        print(
            f"    gold answer and nothing invented unflagged: {clean}; sentences with a name or number that was not sent and"
            f" no flag: {unflagged} of {sentences}, flagged {sum(o.flagged for o in written)};"
            f" wrong and not one sentence flagged: {_share(not o.right and not o.flagged for o in written)}"
        )


def _share(values: Iterable[bool]) -> str:
    return f"{statistics.mean(map(float, values)):.1%}"


async def run(services: Services, chosen: Sequence[dict[str, Any]]) -> None:
    try:
        outcomes: dict[str, list[Outcome]] = {}
        for number, question in enumerate(chosen, 1):
            for name, found in (await ask(services, question)).items():
                outcomes.setdefault(name, []).append(found)
            if number % REPORTED_EVERY == 0 or number == len(chosen):
                print(f"model: after {number} questions")
                for name, found_of in outcomes.items():
                    report(name, found_of)
                sys.stdout.flush()
    finally:
        await services.gateway.close()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--library", type=Path, help="keep the imported articles between runs here")
    options = parser.parse_args(arguments)
    if not DATA.is_dir():
        print(f"The evaluation data is not at {DATA}; name its folder in CHATBOT_EVAL_DATA.", file=sys.stderr)
        return 1
    with services_with_articles(options.library) as services:
        asyncio.run(run(services, questions(options.questions, options.seed)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
