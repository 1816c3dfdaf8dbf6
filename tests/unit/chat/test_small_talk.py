"""Whom a message speaks to, by its words alone; what they leave open is decided by a search."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from chatbot_app.chat.small_talk import Asking, asking_of, is_for_documents
from chatbot_app.core.trust import Quotes
from tests.benchmarks.wikipedia import DATA

SILENT = Quotes((), refused=True, confidence=0.0)
ANSWERING = Quotes((), refused=False, confidence=0.9)
TASKS = (Asking.DOCUMENTS, Asking.TASK)


def messages(label: str) -> list[str]:
    lines = Path(__file__).with_name("messages.txt").read_text("utf-8").splitlines()
    labelled = [line.split("\t") for line in lines if not line.startswith("#")]
    return [message for found, message in labelled if found == label]


def asks(message: str, quotes: Quotes) -> bool:
    asking = asking_of(message)
    return asking in TASKS or (asking is Asking.OPEN and is_for_documents(message, quotes))


@pytest.mark.parametrize("half", [0, 1])
def test_small_talk_and_questions_are_told_apart(half: int) -> None:
    chat, documents = messages("chat")[half::2], messages("documents")[half::2]
    assert len(messages("chat")) + len(messages("documents")) >= 150
    # Small talk is measured in a library that is silent, questions in one that answers them, and that does not.
    taken = [message for message in chat if asks(message, SILENT)]
    missed = [message for message in documents if not asks(message, ANSWERING)]
    unsaid = [message for message in documents if not asks(message, SILENT)]
    assert taken == []
    assert missed == []
    assert len(unsaid) <= 0.03 * len(documents), unsaid


@pytest.mark.parametrize("folder", ["wikipedia", "reports", "xquad-de", "xquad-ru", "xquad-zh"])
def test_questions_of_people_are_questions(folder: str) -> None:
    path = next(
        (
            p
            for name in ("questions", "queries")
            if (p := DATA / "retrieval" / folder / f"{name}.jsonl").exists()
        ),
        None,
    )
    if path is None:
        pytest.skip("needs the evaluation data")
    entries = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    asked = [entry.get("question") or entry.get("query") or entry["text"] for entry in entries]
    wrong = [question for question in asked if asking_of(question) is Asking.CHAT]
    assert len(wrong) <= 0.005 * len(asked), wrong
    bare = [question.rstrip("?？ ") for question in asked]
    wrong = [question for question in bare if not asks(question, SILENT)]
    assert len(wrong) <= 0.03 * len(bare), wrong[:20]


@pytest.mark.parametrize(
    "text",
    [
        "好" * 59,
        "谢谢你" * 19 + "x",
        "哈" * 58 + "x",
        "thank you " * 99,
        "please " * 99,
        "1 + " * 400 + "x",
        "the " * 50_000,
    ],
)
def test_no_message_takes_long(text: str) -> None:
    before = time.process_time()
    asking_of(text)
    assert time.process_time() - before < 2.0  # it would be hours where a pattern tried every way to read it


def test_a_text_that_was_pasted_along_does_not_matter() -> None:
    pasted = "Who knows? According to the report, nobody. " * 400
    assert asking_of(f"Translate this text into French: {pasted}") is Asking.CHAT


@pytest.mark.parametrize(
    ("message", "asking"),
    [
        ("Summarise the main points of my documents", Asking.TASK),
        ("What is this document about?", Asking.TASK),
        ("What does the report say about bananas?", Asking.DOCUMENTS),
        ("Worum geht es in dem Bericht?", Asking.TASK),
        ("总结这份报告", Asking.TASK),
        ("Napoleon", Asking.OPEN),
        ("", Asking.CHAT),
    ],
)
def test_tasks_are_told_from_questions(message: str, asking: Asking) -> None:
    assert asking_of(message) is asking
