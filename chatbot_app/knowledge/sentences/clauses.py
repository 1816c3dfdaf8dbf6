"""The clauses of a sentence, and which of them speaks of what a statement names."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from chatbot_app.knowledge.values.measures import Value
from chatbot_app.knowledge.words.names import is_said_by, subject_of, word_forms
from chatbot_app.knowledge.words.words import STOP_WORDS, stems

# Behind no white space: else each place of a long run of it would be a start.
_CONTRAST = r";\s+|(?:,|(?<![\s,]))\s+(?:while|whereas|whilst|but|although|though|während|aber|sondern|tandis que|mais|mientras|pero|а|но)\s+|；"
CLAUSE_END = re.compile(rf"{_CONTRAST}|:\s+|,\s+(?:and|und|et|y|и)\s+|，", re.IGNORECASE)
_CONTRASTED = re.compile(_CONTRAST, re.IGNORECASE)
_LONGEST_SUBJECT = 3  # words of a name
_MOST_CLAUSES = 16  # of a sentence, each compared with each


def clauses(text: str) -> list[str]:
    """Return the main clauses of a sentence, in order; lists and relative clauses stay whole."""
    return [clause for clause in CLAUSE_END.split(text) if clause.strip()]


def clauses_with(
    text: str, values: Sequence[Value], said: Sequence[Value], words: Set[str], scale: float = 1.0
) -> str:
    """Return what of a sentence of contrasts ("…, whereas …") a statement speaks of.

    That is what holds a value that it names, else the part with most of its words. `values` are those of `text`, `said`
    and `words` the values and the stems of the statement.
    """
    spans, start = [], 0
    for end in [*(match.end() for match in _CONTRASTED.finditer(text)), len(text)]:
        spans.append((start, end))
        start = end
    if len(spans) == 1:
        return text
    held = [value for value in values if any(value.says(one, scale) for one in said)]
    kept = [text[start:end] for start, end in spans if any(start <= value.start < end for value in held)]
    if kept:
        return " ".join(kept)
    shares = [len(stems(text[start:end]) & words) for start, end in spans]
    best = max(shares)
    return text if shares.count(best) > 1 else text[slice(*spans[shares.index(best)])]


def other_subject(said: str, source: str) -> tuple[str, str] | None:
    """Return (name, name): the one that a statement says something of, and the one of whom a sentence says that.

    Each of two clauses begins with a name of its own; the statement names one of the two, and has all its other words
    of that sentence from the clause of the other alone.
    """
    forms, words = word_forms(said), stems(said) - STOP_WORDS
    parts: list[tuple[str, frozenset[str]]] = []
    for clause in clauses(source):
        subject = subject_of(clause)
        if not subject and parts:
            parts[-1] = f"{parts[-1][0]} {clause}", parts[-1][1]  # its subject is that of the clause before
        elif len(subject) <= _LONGEST_SUBJECT:
            parts.append((clause, subject))
    named = [part for part in parts if part[1] and part[1] <= forms]
    others = [part for part in parts if part[1] and not any(is_said_by(form, forms) for form in part[1])]
    for clause, subject in named[:_MOST_CLAUSES]:
        mine = _content(clause, subject)
        for another, their_subject in others[:_MOST_CLAUSES]:
            theirs = _content(another, their_subject)
            if words & (theirs - mine) and not words & (mine - theirs):
                return _opening(clause, subject), _opening(another, their_subject)
    return None


def _content(clause: str, subject: frozenset[str]) -> set[str]:
    """Return the stems of a clause's content words but for those of its subject."""
    return stems(clause) - STOP_WORDS - stems(" ".join(subject))


def _opening(clause: str, subject: frozenset[str]) -> str:
    """Return a clause as far as the name goes that it begins with."""
    ends = [match.end() for match in re.finditer(r"[^\s,]+", clause) if word_forms(match.group()) & subject]
    return clause[: max(ends[: len(subject)], default=len(clause))].strip()
