"""The main clauses that a statement joins: a sentence of its own may say each, of whatever source.

"A was founded in 1977, and B was sold in 1999" is supported where each half is. Held against one sentence it lacks half of its facts,
and a denial of the one half hides behind the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from chatbot_app.core.trust import Check, Verdict
from chatbot_app.knowledge.trust.clauses import CLAUSE_END
from chatbot_app.knowledge.trust.decided_checks import NOT_SAID
from chatbot_app.knowledge.trust.predicates import is_verb

# A question with its answer and reported speech are one.
_ASKS = re.compile(r"[?:“”\"]")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_FEWEST_WORDS = 4  # of a clause
_MOST_CLAUSES = 6  # more are a list


def main_clauses(statement: str, language: str) -> list[str]:
    """Return the main clauses that a statement joins, in order; none where it is a single one, or a part may be a phrase.

    In English a comma stands before the last of a list as well: a clause there has a verb, and does not begin with it.
    """
    if _ASKS.search(statement):
        return []
    clauses = [clause.strip(" .,;") for clause in CLAUSE_END.split(statement)]
    if not 1 < len(clauses) <= _MOST_CLAUSES:
        return []
    for clause in clauses:
        words = _WORD.findall(clause)
        if len(words) < _FEWEST_WORDS:
            return []
        if language in ("", "en") and (is_verb(words[0]) or not any(map(is_verb, words))):
            return []
    return clauses


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
    return (
        replace(check, reason=f"None of the sources says “{clause}”.") if check.reason == NOT_SAID else check
    )
