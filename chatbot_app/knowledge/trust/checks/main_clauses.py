"""The main clauses that a statement joins: a sentence of its own may say each, of whatever source.

"A was founded in 1977, and B was sold in 1999" is supported where each half is. Held against one sentence it lacks half of its facts,
and a denial of the one half hides behind the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chatbot_app.core.trust import Check, Verdict
from chatbot_app.knowledge.sentences.clauses import CLAUSE_END
from chatbot_app.knowledge.trust.contradictions.decided_checks import NOT_SAID, unsupported
from chatbot_app.knowledge.trust.contradictions.predicates import is_verb
from chatbot_app.knowledge.words.language import is_small

# A question with its answer and reported speech are one.
_ASKS = re.compile(r"[?:“”\"]")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_AND = re.compile(r"\s+and\s+(?=(?P<next>[a-z]+))")
_NAME = r"[A-Z][\w’'.-]*(?: (?:of |de |von )?[A-Z][\w’'.-]*){0,4}"
# "Ann Lee, who built the mill, sold it", and "… by Ann Lee, who built the mill".
_INSERTED = re.compile(r"(?P<subject>[^,]{2,60}), who (?P<said>[^,]+), (?P<rest>(?P<verb>[a-z]+) .+)")
_BEHIND = re.compile(rf"(?P<first>.*?\b(?P<subject>{_NAME})), who (?P<said>[^,]+)")
_ARTICLES = frozenset(("a", "an", "the"))
_FEWEST_WORDS = 4  # of a clause
_MOST_CLAUSES = 6  # more are a list
_LONGEST_SUBJECT = 8  # words


def main_clauses(statement: str, language: str) -> list[str]:
    """Return the main clauses that a statement joins, in order; none where it is a single one, or a part may be a phrase.

    In English a comma stands before the last of a list as well: a clause there has a verb. One that begins with it has the subject
    of the first, and a clause with "who" that of the name before.
    """
    if _ASKS.search(statement):
        return []
    clauses = [clause.strip(" .,;") for clause in CLAUSE_END.split(statement)]
    if language in ("", "en"):
        clauses = _with_their_subjects([one for clause in clauses for one in _parts(clause)])
    if not 1 < len(clauses) <= _MOST_CLAUSES:
        return []
    return clauses if all(len(_WORD.findall(clause)) >= _FEWEST_WORDS for clause in clauses) else []


def joined(whole: Check, clauses: Sequence[str], checks: Sequence[Check]) -> Check:
    """Return the verdict on a statement by those on its main clauses, where all of them can be checked; else `whole`."""
    if any(check.verdict is Verdict.NOT_CHECKED for check in checks):
        return whole
    if all(check.verdict is Verdict.SUPPORTED for check in checks):
        sources = sorted({number for check in checks for number in check.sources})
        spans = tuple(dict.fromkeys(span for check in checks for span in check.spans))
        return Check(whole.start, whole.end, Verdict.SUPPORTED, tuple(sources), spans=spans)
    doubted = [pair for pair in zip(clauses, checks, strict=True) if pair[1].verdict is not Verdict.SUPPORTED]
    for _, check in doubted:
        if check.verdict is Verdict.CONTRADICTED:
            return check
    clause, check = doubted[0]
    if check.reason != NOT_SAID:
        return check
    return unsupported(whole.start, whole.end, f"None of the sources says “{clause}”.")


def _parts(clause: str) -> Iterator[str]:
    """Yield the clauses of an English one: relative clauses with "who", and what "and" joins to its verb."""
    if (found := _INSERTED.fullmatch(clause)) is not None and is_verb(found["verb"]):
        yield f"{found['subject']} {found['said']}"
        clause = f"{found['subject']} {found['rest']}"
    elif (found := _BEHIND.fullmatch(clause)) is not None:
        yield f"{found['subject']} {found['said']}"
        clause = found["first"]
    start = 0
    for found in _AND.finditer(clause):
        before, behind = _WORD.findall(clause[start : found.start()]), _WORD.findall(clause[found.end() :])
        if not (is_verb(found["next"]) and any(map(is_verb, before))):
            continue
        if len(before) < _FEWEST_WORDS or len(behind) + 1 < _FEWEST_WORDS:
            continue
        if before[-2] in ("a", "an") and not is_small(behind[1]):
            continue  # "an old and respected firm"
        yield clause[start : found.start()]
        start = found.end()
    yield clause[start:]


def _with_their_subjects(clauses: Sequence[str]) -> list[str]:
    """Return clauses with the subject of the one before where they begin with a verb; none where a part has no verb or no subject."""
    subject = ""
    whole: list[str] = []
    for clause in clauses:
        verb = next((word for word in _WORD.finditer(clause) if is_verb(word.group())), None)
        if verb is None:
            return []
        own = clause[: verb.start()].strip()
        if own:
            subject = own if _is_subject(own) else ""
        elif not subject:
            return []
        whole.append(clause if own else f"{subject} {clause}")
    return whole


def _is_subject(words: str) -> bool:
    """Whether words before what may be a verb may be its subject: "Belts count as" of "Belts count as wear parts" is none."""
    *before, last = words.split()
    if len(before) >= _LONGEST_SUBJECT or "," in words:
        return False
    return not is_small(last.casefold()) if before else last.casefold() not in _ARTICLES
