"""Sentences of articles and abstracts in four languages, whole, joined and with one thing changed: `bench_answers sentences`.

What takes a number's or a name's place stands in the same passage, most often in the sentence beside it: the hardest place to
take it from. Made by rules, the same at each run; no constant of the checks was chosen on them.
Data: CHATBOT_EVAL_DATA, default ../shared/data.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement
from tests.benchmarks.wikipedia import DATA

SEED = 1
STATEMENTS = 400  # of each kind of text
KINDS = (
    ("wikipedia", "en"),
    ("abstracts", "en"),
    ("xquad-de", "de"),
    ("xquad-ru", "ru"),
    ("xquad-zh", "zh"),
)

_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)*%?(?![\w-]|[.,]\d)")
_NAME = re.compile(r"(?<=[a-zа-я,;] )[A-ZА-ЯЁ][a-zа-яё]{3,}\b")
_DENIED = re.compile(r"\bnot |nicht|не |不|没")
_DENIALS = {
    "en": [(f" {verb} ", f" {verb} not ") for verb in ("was", "is", "are", "were", "has")],
    "de": [(f" {verb} ", f" {verb} nicht ") for verb in ("ist", "wurde", "war", "sind", "kann")],
    "ru": [(f" {verb} ", f" не {verb} ") for verb in ("был", "была", "было", "были", "является", "может")],
    "zh": [("是", "不是"), ("可以", "不可以")],
}
_AND = {"en": ", and ", "de": ", und ", "ru": ", и ", "zh": ", 并且"}
_LONGEST, _SHORTEST = 350, 50  # characters of a sentence; of a Chinese one a third


@dataclass(frozen=True)
class Sentence:
    """A statement about a passage, whether that says it, and how it was made of its sentences."""

    text: str
    passage: str
    is_true: bool
    made: str


def bench_sentences(embedder: Any) -> None:
    """Print how many of the changed and of the true sentences are flagged, by kind of text and of change."""
    print("sentences: flagged, by kind of text; true ones first")
    for kind, language in KINDS:
        flagged: dict[tuple[bool, str], list[bool]] = {}
        for sentence in sentences_of(kind, language):
            checks = check_statement(sentence.text, [Source(sentence.passage)], embedder)
            bad = any(check.verdict in (Verdict.UNSUPPORTED, Verdict.CONTRADICTED) for check in checks)
            flagged.setdefault((not sentence.is_true, sentence.made), []).append(bad)
        line = ", ".join(f"{made} {sum(bad)} of {len(bad)}" for (_, made), bad in sorted(flagged.items()))
        print(f"  {kind:10} {line}", flush=True)


def sentences_of(kind: str, language: str) -> list[Sentence]:
    """Return the statements about one kind of text, the same at each call."""
    chosen = random.Random(SEED)
    passages = _passages(kind)
    chosen.shuffle(passages)
    found: list[Sentence] = []
    for passage in passages:
        whole = _sentences(passage, language)
        if whole:
            found += _true(passage, whole, language, chosen)
            found += _changed(passage, whole, language, chosen)
        if len(found) >= STATEMENTS:
            break
    return found


def _true(passage: str, whole: list[str], language: str, chosen: random.Random) -> Iterator[Sentence]:
    sentence = chosen.choice(whole)
    yield Sentence(sentence, passage, True, "whole")
    first = re.split(r"[,，;] ?", sentence)[0]
    if len(first) > _shortest(language):
        yield Sentence(f"{first}.", passage, True, "first clause")
    place = chosen.randrange(len(whole))
    pair = whole[place : place + 2]
    if len(pair) == 2 and re.search(rf"{re.escape(pair[0])} ?{re.escape(pair[1])}", passage):
        yield Sentence(f"{pair[0].rstrip('.!?。！？')}{_AND[language]}{pair[1]}", passage, True, "two joined")


def _changed(passage: str, whole: list[str], language: str, chosen: random.Random) -> Iterator[Sentence]:
    for made, pattern in (("number", _NUMBER), ("name", _NAME)):
        having = [sentence for sentence in whole if pattern.search(sentence)]
        if not having or (made == "name" and language in ("de", "zh")):
            continue
        sentence = chosen.choice(having)
        match = chosen.choice(list(pattern.finditer(sentence)))
        others = sorted({other.group() for other in pattern.finditer(passage)})
        others = [
            other for other in others if other not in sentence and _may_stand(other, match.group(), made)
        ]
        if others:
            text = f"{sentence[: match.start()]}{chosen.choice(others)}{sentence[match.end() :]}"
            yield Sentence(text, passage, False, made)
    deniable = [
        (sentence, plain, denied)
        for sentence in whole
        for plain, denied in _DENIALS[language]
        if sentence.count(plain) == 1 and not _DENIED.search(sentence)
    ]
    if deniable:
        sentence, plain, denied = chosen.choice(deniable)
        yield Sentence(sentence.replace(plain, denied), passage, False, "denial")


def _may_stand(other: str, own: str, made: str) -> bool:
    """Whether something may take another's place: a year a year's, a share a share's, another name than that in other form."""
    if made == "name":
        return other[:4] != own[:4]
    return ("%" in other) == ("%" in own) and (len(other) == 4) == (len(own) == 4)


def _shortest(language: str) -> int:
    return _SHORTEST // 3 if language == "zh" else _SHORTEST


def _sentences(passage: str, language: str) -> list[str]:
    end = r"(?<=[。！？])" if language == "zh" else r'(?<=[.!?]) +(?=[A-ZА-ЯЁÄÖÜ„"])'
    return [s.strip() for s in re.split(end, passage) if _shortest(language) < len(s.strip()) < _LONGEST]


def _passages(kind: str) -> list[str]:
    folder = DATA / "retrieval" / kind
    if kind == "wikipedia":
        texts = (path.read_text("utf-8") for path in sorted((folder / "articles").iterdir()))
        return [text for whole in texts for text in whole.split("\n") if 400 < len(text) < 1500]
    lines = (folder / "corpus.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]
