"""True and changed statements about articles with known answers: what `bench_answers` checks the checker with.

A changed statement differs from a true one in a single number, date, name or denial; what takes the place
stands elsewhere in the same article.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_NUMBER = re.compile(
    r"(?<![\w.,$€£-])\$?\d{1,3}(?:,\d{3})+(?:\.\d+)?%?(?![\w-])|(?<![\w.,$€£-])\$?\d+(?:\.\d+)?%?(?![\w,.]\d|\w|-)"
)
_YEAR = re.compile(r"^1[0-9]\d\d$|^20\d\d$")
_DATE = re.compile(
    r"\b(?:(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"(?: \d{1,2},)? )?(?:1[0-9]\d\d|20\d\d)\b"
)
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]+(?: (?:of |the |de |von )?[A-Z][a-z]+){0,3}\b")
_CALENDAR = set(
    "January February March April May June July August September October November December Monday Tuesday"
    " Wednesday Thursday Friday Saturday Sunday".split()
)
_VERB = re.compile(r"\b(is|are|was|were|has|had|can|could|will|would)\b(?! not\b)")
_DENIED = re.compile(r"\b(is|are|was|were|has|had|can|could|will|would|did|does|do) not\b")
_OPENING = re.compile(r"^((?:In|On|At|During|After|Before|By|Since|From|Under|With)\b[^,]{3,60}), (.+)$")

SYNONYMS = dict(
    pair.split(":")
    for pair in (
        "began:started started:began large:big big:large many:numerous numerous:many located:situated "
        "situated:located often:frequently frequently:often usually:commonly commonly:usually built:constructed "
        "constructed:built created:made important:significant significant:important major:main main:primary "
        "primary:main several:multiple received:got obtained:gained showed:demonstrated used:employed "
        "employed:used allowed:permitted permitted:allowed near:close_to approximately:about about:roughly "
        "roughly:about however:yet also:too considered:regarded regarded:considered known:recognised "
        "became:turned_into helped:assisted required:needed needed:required entire:whole whole:entire "
        "initially:at_first later:afterwards various:different different:various additional:further "
        "further:additional produced:made established:founded founded:established quickly:rapidly "
        "rapidly:quickly ended:finished finished:ended chosen:selected selected:chosen lived:resided "
        "purchased:bought bought:purchased annual:yearly yearly:annual famous:well-known defeated:beat "
        "increased:rose decreased:fell common:widespread difficult:hard announced:declared declared:announced"
    ).split()
)  # fmt: skip


@dataclass(frozen=True)
class Statement:
    """A statement, whether it is true, what was changed ("" where nothing was), and how it was made."""

    text: str
    is_true: bool
    change: str
    made_by: str
    question: int


def statements(
    questions: Sequence[dict[str, Any]], articles: dict[str, str], seed: int = 13
) -> Iterator[Statement]:
    """Yield statements about the questions' articles; the same ones for the same seed."""
    for number, question in enumerate(questions):
        chance = random.Random(f"{seed}/{question['id']}")
        article = articles[question["article"]]
        answer = question["answer"]
        kind = kind_of(answer)
        made_by, template = chance.choice(_templates(question["question"]))
        yield Statement(template.format(a=answer), True, "", made_by, number)
        other = _another(answer, kind, article, chance)
        if other:
            yield Statement(template.format(a=other), False, kind, made_by, number)
        sentence = _gold_sentence(question, article)
        if sentence is None:
            continue
        reworded = reword(sentence, chance)
        yield Statement(reworded, True, "", "sentence", number)
        changed = change(reworded, article, chance)
        if changed is not None:
            yield Statement(changed[0], False, changed[1], "sentence", number)


def kind_of(text: str) -> str:
    """Return what a short answer is: "date", "number", "name", or "" for none of them."""
    if _DATE.fullmatch(text.strip()):
        return "date"
    if re.fullmatch(r"[$€£]?\d[\d.,]*\s?(?:%|percent|million|billion|thousand|[a-z]+)?", text.strip()):
        return "number"
    if re.fullmatch(r"(?:the )?[A-Z][\w.’'-]+(?: (?:of |the |de |von )?[A-Z][\w.’'-]+){0,3}", text.strip()):
        return "name"
    return ""


def reword(sentence: str, chance: random.Random) -> str:
    """Return a sentence with synonyms in place of some words, and its opening clause moved to the end."""

    def swapped(match: re.Match[str]) -> str:
        word = match.group()
        return SYNONYMS[word].replace("_", " ") if word in SYNONYMS and chance.random() < 0.8 else word

    text = re.sub(r"[a-z-]+", swapped, sentence)
    opening = _OPENING.match(text)
    if opening and chance.random() < 0.8:
        rest = opening[2].rstrip(".")
        first = opening[1][0].lower() + opening[1][1:]
        text = f"{rest[0].upper()}{rest[1:]} {first}."
    return text


def change(sentence: str, article: str, chance: random.Random) -> tuple[str, str] | None:
    """Return (the sentence with one fact changed, what was changed), None where it has none."""
    ways = ["number", "date", "name", "negation"]
    chance.shuffle(ways)
    for way in ways:
        if way == "negation":
            if _DENIED.search(sentence):
                return _DENIED.sub(r"\1", sentence, count=1), way
            if _VERB.search(sentence):
                return _VERB.sub(r"\1 not", sentence, count=1), way
            continue
        form = {"number": _NUMBER, "date": _DATE, "name": _NAME}[way]
        found = [m for m in form.finditer(sentence) if way != "number" or not _YEAR.match(m.group())]
        if not found:
            continue
        spot = chance.choice(found)
        other = _another(spot.group(), way, article, chance, sentence)
        if other:
            return sentence[: spot.start()] + other + sentence[spot.end() :], way
    return None


def _another(text: str, kind: str, article: str, chance: random.Random, sentence: str = "") -> str | None:
    if not kind:
        return None
    if kind == "number":
        bare = re.match(r"[$€£]?\d[\d.,]*", text)
        if bare is None:
            return None
        number = bare.group().rstrip(".,")
        others = {m.group().strip("$%") for m in _NUMBER.finditer(article)} - {number.strip("$%")}
        others = {o for o in others if not _YEAR.match(o) and o not in sentence}
        if not others:
            return None
        return text.replace(number.strip("$"), chance.choice(sorted(others)), 1)
    form = {"date": _DATE, "name": _NAME}[kind]
    words = set(text.split())
    if kind == "name" and words & _CALENDAR:
        return None
    others = {m.group() for m in form.finditer(article)}
    others = {o for o in others if not words & set(o.split()) and o not in sentence}
    if kind == "date":
        others = {o for o in others if (" " in o) == (" " in text)}
    if kind == "name":
        others = {o for o in others if not set(o.split()) & _CALENDAR}
        others = {o for o in others if abs(len(o.split()) - len(text.split())) <= 1}
    return chance.choice(sorted(others)) if others else None


def _gold_sentence(question: dict[str, Any], article: str) -> str | None:
    start, stop = question["paragraph_char_start"], question["paragraph_char_end"]
    paragraph = article[start:stop]
    at = question["answer_char_start"] - start
    for found in re.finditer(r"[^.!?]+(?:[.!?](?=\S)[^.!?]*)*[.!?](?=\s|$)", paragraph):
        if found.start() <= at < found.end():
            sentence = found.group().strip()
            return sentence if 40 <= len(sentence) <= 300 else None
    return None


def _templates(question: str) -> list[tuple[str, str]]:
    plain = question.strip().rstrip("?").replace("{", "(").replace("}", ")")
    made = [
        ("question and answer", plain + "? {a}."),
        ("the answer to", f"The answer to “{plain}” is {{a}}."),
    ]
    if found := re.match(r"(?i)^who ((?!is|was|are|were|did|do|does)\w+ .+)$", plain):
        made.append(("declarative", f"{{a}} {found[1]}."))
    elif found := re.match(r"(?i)^(?:what|who) (is|was|are|were) (.+)$", plain):
        made.append(("declarative", f"{found[2][0].upper()}{found[2][1:]} {found[1]} {{a}}."))
    elif found := re.match(r"(?i)^(?:in|on) (?:what|which) (\w+) (did|was|were|is|are) (.+)$", plain):
        verb = "" if found[2].lower() == "did" else f" {found[2]}"
        made.append(("declarative", f"{found[3][0].upper()}{found[3][1:]}{verb} in {{a}}."))
    elif found := re.match(r"(?i)^when (did|was|were) (.+)$", plain):
        made.append(("declarative", f"{found[2][0].upper()}{found[2][1:]} in {{a}}."))
    elif found := re.match(r"(?i)^how (?:many|much) (.+?) (did|do|does|were|was|are|is) (.+)$", plain):
        made.append(("declarative", f"{found[3][0].upper()}{found[3][1:]} {{a}} {found[1]}."))
    return made
