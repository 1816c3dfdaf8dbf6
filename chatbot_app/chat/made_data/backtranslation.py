"""Instruction backtranslation: what would a model have been asked, if this passage were its answer?

Li et al. 2023, “Self-Alignment with Instruction Backtranslation” (arXiv 2308.06259): the instruction is generated from
the text (self-augmentation), then the model rates each pair from 1 to 5 and good ones are kept (self-curation). Köksal et
al. 2023, “LongForm” (arXiv 2304.08460), call the first step reverse instructions. Both prompts are ours.
"""

from __future__ import annotations

import re

from chatbot_app.chat.form_asker import ReplyUnusableError, object_of, without_thoughts
from chatbot_app.chat.made_data.asking import Asks, about_passage, passage_content
from chatbot_app.core.made_data import PassageTask, RowDraft

VERSION = "backtranslation-1"
GOOD_RATING = 4  # of 5; Li et al. keep the highest ones
LONGEST_PROMPT = 1_000  # characters: what is longer is no instruction but a text

_WRITE = about_passage(
    "You are given a passage. Write the one instruction or question that a person would have given to an assistant"
    " so that the passage is a complete and exact answer to it. Name what it is about: whoever reads it does not see"
    " the passage, and it must not speak of a passage or a text. Do not give the answer away. Write it in the"
    ' language of the passage. Reply with one JSON object and nothing else, with the instruction as "prompt".'
)
_RATE = about_passage(
    "You are given an instruction and a passage that is to answer it. Say how well it does, from 1 to 5: 5 where the"
    " passage is a complete and exact answer, which an expert could have written for this instruction; 4 where it"
    " answers it but holds something beside; 3 where it answers only a part; 2 where it has the same subject and does"
    ' not answer; 1 where it has nothing to do with it. Reply with one JSON object and nothing else: as "reason" one'
    ' sentence, as "rating" the number.'
)
_WRITE_FORM = {"prompt": {"type": "string"}}
_RATE_FORM = {
    "reason": {"type": "string"},
    "rating": {"type": "integer", "enum": [1, 2, 3, 4, 5]},
}
_LABEL = re.compile(r"\A\s*(?:the\s+)?(?:instruction|question|prompt|task)\s*:\s*", re.IGNORECASE)
_RATING = re.compile(
    r"(?:rating|score)\D{0,12}([1-5])\b|\b([1-5])\s*(?:/|out of|of)\s*5\b|\A\s*([1-5])\b", re.I
)
_AROUND = " \t\r\n\"'“”‘’«»`"


async def backtranslate(ask: Asks, task: PassageTask, *, is_rated: bool) -> list[RowDraft]:
    """Return the row of a passage. Raises ReplyUnusableError, AppError."""
    prompt = read_prompt(await ask(_WRITE, passage_content(task), form=_WRITE_FORM, max_tokens=300))
    if reason := fault_of(prompt, task.text):
        return [RowDraft(prompt, task.text, verdict="unusable", reason=reason, accepted=False)]
    if not is_rated:
        return [RowDraft(prompt, task.text)]
    content = passage_content(task, instruction=prompt)
    rating, why = read_rating(await ask(_RATE, content, form=_RATE_FORM, max_tokens=300))
    if rating is None:
        return [
            RowDraft(
                prompt, task.text, verdict="not rated", reason="The model gave no rating.", accepted=False
            )
        ]
    reason = f"The model rated it {rating} of 5" + (f": {why}" if why else ".")
    return [
        RowDraft(
            prompt,
            task.text,
            verdict=f"{rating} of 5",
            reason=reason,
            accepted=rating >= GOOD_RATING,
            details={"rating": rating, "judgement": why},
        )
    ]


def read_prompt(reply: str) -> str:
    """Return the instruction of a reply, also of one without the form. Raises ReplyUnusableError where it has none."""
    found = object_of(reply)
    if found is not None:
        said = found.get("prompt")
        if not isinstance(said, str):
            raise ReplyUnusableError("It answered otherwise than it was asked to.")
    else:
        said = _LABEL.sub("", without_thoughts(reply))
    prompt = said.strip(_AROUND)
    if not prompt:
        raise ReplyUnusableError("It wrote no instruction.")
    return prompt


def read_rating(reply: str) -> tuple[int | None, str]:
    """Return the rating of a reply and its reason, also of one without the form; None where it has none."""
    found = object_of(reply)
    if found is not None:
        rating, why = found.get("rating"), found.get("reason")
        if isinstance(rating, str) and rating.strip().isdigit():
            rating = int(rating)
        is_rating = isinstance(rating, int) and not isinstance(rating, bool) and 1 <= rating <= 5
        return (rating if is_rating else None), one_sentence(why)
    match = _RATING.search(without_thoughts(reply))
    return (int(next(filter(None, match.groups()))), "") if match else (None, "")


def fault_of(prompt: str, passage: str) -> str:
    """Return why an instruction cannot stand before its passage, "" where it can."""
    if len(prompt) > LONGEST_PROMPT:
        return "What it wrote is no instruction but a text."
    plain, whole = _plain(prompt), _plain(passage)
    if len(plain) >= 20 and plain.rstrip(" .!") in whole:
        return "It copied the passage instead of asking for it."
    if plain in ("", "...", "…"):
        return "It wrote no instruction."
    return ""


def one_sentence(value: object, longest: int = 400) -> str:
    """Return what a model gave as a reason, on one line of some length."""
    return " ".join(value.split())[:longest] if isinstance(value, str) else ""


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
