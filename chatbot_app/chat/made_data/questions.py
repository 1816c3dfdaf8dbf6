"""Questions about a passage with their answers, each answer tested against the passage."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, Any

from chatbot_app.chat.form_asker import ReplyUnusableError, object_of, without_thoughts
from chatbot_app.chat.made_data.asking import Asks, about_passage, passage_content
from chatbot_app.core.made_data import PassageTask, RowDraft
from chatbot_app.core.trust import Check, Verdict

if TYPE_CHECKING:
    from chatbot_app.knowledge.embedder import Embedder

VERSION = "questions-1"
MOST_EACH = 5
LONGEST_QUESTION = 500  # characters

_WRITE = about_passage(
    "You are given a passage. Write {count} about it that a person would really ask, and the answer to each, in full"
    " sentences. An answer says only what the passage says, with its numbers, dates and names as they stand there. A"
    " question can be understood without the passage: it names what it is about. Write in the language of the"
    ' passage. Reply with one JSON object and nothing else: as "pairs" a list of objects with "question" and "answer".'
)
_SPOKEN = re.compile(
    r"^\W*(?:q(?:uestion)?)\W*\d*\s*[:.)]\W*(?P<question>.+?)\s*^\W*(?:a(?:nswer)?)\W*\d*\s*[:.)]\W*(?P<answer>.+?)"
    r"(?=^\W*q(?:uestion)?\W*\d*\s*[:.)]|\Z)",
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)


async def ask_and_answer(
    ask: Asks, task: PassageTask, each: int, embedder: Callable[[], Embedder | None]
) -> list[RowDraft]:
    """Return the rows of a passage, each with the verdict on its answer. Raises ReplyUnusableError, AppError."""
    count = "one question" if each == 1 else f"{each} different questions"
    pair = {
        "type": "object",
        "properties": {"question": {"type": "string"}, "answer": {"type": "string"}},
        "required": ["question", "answer"],
        "additionalProperties": False,
    }
    form = {"pairs": {"type": "array", "items": pair}}
    reply = await ask(
        _WRITE.format(count=count), passage_content(task), form=form, max_tokens=300 + 300 * each
    )
    pairs = read_pairs(reply)[:each]
    if not pairs:
        raise ReplyUnusableError("It wrote no question with an answer.")
    return [await checked(question, answer, task, embedder) for question, answer in pairs]


def read_pairs(reply: str) -> list[tuple[str, str]]:
    """Return the questions and answers of a reply, also of one without the form; each question once."""
    found = object_of(reply)
    pairs: list[tuple[str, str]] = []
    if found is not None:
        listed: Any = found.get("pairs", [found])
        for one in listed if isinstance(listed, list) else []:
            if isinstance(one, dict):
                question, answer = one.get("question"), one.get("answer")
                if isinstance(question, str) and isinstance(answer, str):
                    pairs.append((question, answer))
    else:
        pairs = [(one["question"], one["answer"]) for one in _SPOKEN.finditer(without_thoughts(reply))]
    usable: dict[str, tuple[str, str]] = {}
    for question, answer in pairs:
        question, answer = " ".join(question.split()).strip("*_ "), answer.strip("*_ \r\n\t")
        if question and answer and len(question) <= LONGEST_QUESTION:
            usable.setdefault(question.casefold(), (question, answer))
    return list(usable.values())


async def checked(
    question: str, answer: str, task: PassageTask, embedder: Callable[[], Embedder | None]
) -> RowDraft:
    """Return a row with the verdict of the house on its answer: supported by the passage, or left out with the reason.

    Raises AppError where the embedding model cannot be used.
    """
    verdict, reason = await asyncio.to_thread(verdict_on, question, answer, task, embedder)
    return RowDraft(
        question, answer, verdict=verdict.value, reason=reason, accepted=verdict is Verdict.SUPPORTED
    )


def verdict_on(
    question: str, answer: str, task: PassageTask, embedder: Callable[[], Embedder | None]
) -> tuple[Verdict, str]:
    """Return what the passage says to an answer as a whole, and why, for people; blocks.

    The worst verdict on one of its sentences is that on the whole; one that states nothing beside does no harm.
    Raises AppError.
    """
    from chatbot_app.knowledge.sentences.statements import statements
    from chatbot_app.knowledge.trust.checks.claims import Source, check_answer

    source = Source(task.text, "\n".join(part for part in (task.title, task.context) if part))
    # The question lends its words to an answer that is too short to stand alone ("308."), and to no longer one.
    is_short = next(islice(statements(answer), 1, None), None) is None
    checks = check_answer(answer, [source], embedder(), question if is_short else "")
    by_verdict = {check.verdict: check for check in reversed(checks)}
    for verdict in (Verdict.CONTRADICTED, Verdict.UNSUPPORTED):
        if verdict in by_verdict:
            return verdict, _why(by_verdict[verdict], answer)
    if Verdict.SUPPORTED in by_verdict:
        return Verdict.SUPPORTED, ""
    if checks:
        return Verdict.NOT_CHECKED, _why(checks[0], answer)
    return Verdict.NOT_CHECKED, "The answer states nothing that could be checked."


def _why(check: Check, answer: str) -> str:
    sentence = " ".join(answer[check.start : check.end].split())
    cut = sentence if len(sentence) <= 80 else sentence[:79] + "…"
    said = "The passage does not say this." if check.verdict is Verdict.UNSUPPORTED else check.reason
    return f"“{cut}”: {said}"
