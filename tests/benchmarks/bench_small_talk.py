"""Which messages take passages along: small talk must not, questions and keywords must.

`python -m tests.benchmarks.bench_small_talk [--library DIR]`: the labelled messages of
tests/unit/chat/messages.txt, and questions of retrieval/wikipedia as they are, without their question mark and as
keywords, asked of a library of its articles. Patterns were chosen on every second message; the other half is the figure.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from chatbot_app.chat.services import Services
from chatbot_app.chat.small_talk import Asking, asking_of, is_for_documents
from chatbot_app.knowledge.words.words import STOP_WORDS
from tests.benchmarks.answers_of_model import questions, services_with_articles
from tests.benchmarks.wikipedia import DATA

MESSAGES = Path(__file__).resolve().parents[1] / "unit" / "chat" / "messages.txt"


def takes_passages(services: Services, message: str) -> bool:
    asking = asking_of(message)
    if asking is not Asking.OPEN:
        return asking is not Asking.CHAT
    evidence = services.library.evidence
    return is_for_documents(message, evidence.find(message, [], (), 5).quotes)


def labelled(label: str) -> list[str]:
    lines = [
        line.split("\t") for line in MESSAGES.read_text("utf-8").splitlines() if not line.startswith("#")
    ]
    return [message for found, message in lines if found == label]


def report(services: Services, name: str, messages: list[str], *, wanted: bool) -> None:
    wrong = [message for message in messages if takes_passages(services, message) is not wanted]
    verb = "asked the documents" if wanted else "were left alone"
    print(f"small talk: {name}: {len(messages) - len(wrong)} of {len(messages)} {verb}", flush=True)
    for message in wrong[:8]:
        print(f"    not: {message}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", type=Path, help="keep the imported articles between runs here")
    options = parser.parse_args()
    if not DATA.is_dir():
        print(f"The evaluation data is not at {DATA}; name its folder in CHATBOT_EVAL_DATA.", file=sys.stderr)
        return 1
    with services_with_articles(options.library) as services:
        for half, name in ((0, "chosen on"), (1, "reported")):
            report(services, f"greetings, requests ({name})", labelled("chat")[half::2], wanted=False)
            report(services, f"questions, tasks ({name})", labelled("documents")[half::2], wanted=True)
        asked = [question["question"] for question in questions(100, 5)]
        report(services, "wikipedia questions", asked, wanted=True)
        report(services, "without question mark", [question.rstrip("? ") for question in asked], wanted=True)
        keywords = [
            " ".join(word for word in question.rstrip("? ").split() if word.casefold() not in STOP_WORDS)
            for question in asked
        ]
        report(services, "as keywords", keywords, wanted=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
