"""How many of them, and whether it has to be: "all" of what a source says of most, "must" of what it leaves open.

Each is looked for where a statement and a clause of the source speak of the same; the clause may say neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.words.language import content_stems

_ALL = re.compile(
    r"\b(?:all|every|everyone|everybody|everything|each|always|entire(?:ly)?|whole|any|invariably|exclusively|completely|without exception)\b",
    re.IGNORECASE,
)
_SOME = re.compile(
    r"\b(?:most(?:ly)?|majority|some|several|many|often|usually|generally|typically|sometimes|occasionally|rarely|partly|partially"
    r"|half|few|nearly all|almost all|not all|not every|not always|mainly|largely|primarily|in part|one in \w+|except|apart from|unless)\b",
    re.IGNORECASE,
)
_NOT_ALL = re.compile(
    r"\b(?:not|n['’]t|nearly|almost|virtually|practically|hardly|at|after|above|in|over)\s+(?:all|every|any|always|each)\b|\ball (?:the )?(?:more|over|but)\b"
    r"|\bany (?:more|longer)\b|\bin all\b|\bof all\b",
    re.IGNORECASE,
)
_MUST = re.compile(
    r"\b(?:must|ha(?:s|ve|d) to|need(?:s|ed)? to|(?:is|are) (?:required|obliged|forced|bound) to|mandatory|compulsory|obligatory|required)\b(?!\s+not\b)",
    re.IGNORECASE,
)
_MAY = re.compile(
    r"\b(?:may|can|could|might|(?:is|are) (?:allowed|permitted|free|entitled) to|optional(?:ly)?|voluntar(?:y|ily)|at (?:their|its|his|her|your) discretion)\b(?!\s+(?:not|only)\b)",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"\b(?:not|no|never|nor|neither|cannot|without|nobody|none|only)\b|n['’]t\b", re.IGNORECASE
)
_EITHER_WAY = re.compile(r"\bor without\b", re.IGNORECASE)
_ONLY = LatePattern(r"\b(?:only|solely|exclusively)\b\s+(?P<what>[^.;:!?]{2,60})", re.IGNORECASE)
_ONLY_WHO = re.compile(r"\s*only\s+(?:the |a |an )?[^\W\d_]+", re.IGNORECASE)
_OF_EACH = re.compile(
    r"[\s\d.*-]*(?:either|both|all|every|everyone|everybody|each|any|anyone|anybody)\b", re.IGNORECASE
)
_EXCLUDED = LatePattern(
    r"\b(?:except(?: for| on| in| the)?|apart from|other than|no longer|not|never|cannot)\b\s+(?P<what>[^.;:!?]{2,60})",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[.;:!?](?:\s+|$)|,\s+(?=(?:but|and|while|whereas|although|though|which|who|as|because|so)\b)"
)
_BEHIND = 3  # content words behind "all" or "must"
_AMONG = 6  # content words on each side
_EXCEPTIONS = frozenset(("except", "apart from", "unless"))
_AND = re.compile(r"\band\b", re.IGNORECASE)
_FEWEST = 2  # content words that two clauses must share
_SHARE = 0.6  # of a statement's
_MOST = 8  # clauses of a sentence


def all_of_some(said: str, source: str) -> bool:
    """Whether a statement says of all what a sentence says of most, some or half of the same."""
    if not _ALL.search(said) or _NOT_ALL.search(said) or _SOME.search(said) or _ALL.search(source):
        return False
    found = _ALL.search(said)
    assert found is not None
    of = set(content_stems(said[found.end() :])[:_BEHIND]) or set(
        content_stems(said[: found.start()])[-_BEHIND:]
    )
    for before, clause in _clauses(source):
        some = _SOME.search(clause)
        if some is None:
            continue
        told = before + clause
        if some.group().casefold() in _EXCEPTIONS:
            # From the last of two: "kept for a week and renewed, unless …".
            told = _AND.split(clause[: some.start()])[-1] + clause[some.start() :]
        if len(of & set(content_stems(told))) >= min(len(of), _FEWEST):
            return True
    return False


def must_for_may(said: str, source: str) -> bool:
    """Whether a statement says that something has to be that a clause only allows."""
    found = _MUST.search(said)
    if found is None or _DENIAL.search(said) or _MAY.search(said):
        return False
    mine = set(content_stems(said))
    if len(mine) < _FEWEST:
        return False
    done = set(content_stems(said[found.end() :])[:_BEHIND])
    for _, clause in _clauses(_EITHER_WAY.sub("", source)):
        allowed = _MAY.search(clause)
        if allowed is None or _MUST.search(clause) or _DENIAL.search(clause):
            continue
        theirs = set(content_stems(clause))
        if done & set(content_stems(clause[allowed.end() :])) and len(mine & theirs) >= max(
            _FEWEST, _SHARE * len(mine)
        ):
            return True
    return False


def only_what_is_excluded(said: str, source: str) -> bool:
    """Whether a statement says "only" of what a sentence excludes: "only while running" of "no longer while running"."""
    for mine in _ONLY.finditer(said):
        if _DENIAL.search(said[: mine.start()]):
            continue
        what = content_stems(mine["what"])
        for theirs in _EXCLUDED.finditer(source):
            excluded = content_stems(theirs["what"])
            among = set(what[:_BEHIND]) <= set(excluded[:_AMONG]) or set(excluded[:_BEHIND]) <= set(
                what[:_AMONG]
            )
            if what and excluded and among and not _ONLY.search(source):
                return True
    return False


def only_one_of_all(said: str, source: str) -> bool:
    """Whether a statement says of one alone what a clause says of either, both or all: "only the landlord" of "either party"."""
    found = _ONLY_WHO.match(said)
    if found is None or _DENIAL.search(said[found.end() :]):
        return False
    mine = set(content_stems(said[found.end() :]))
    return any(
        _OF_EACH.match(clause)
        and not _DENIAL.search(clause)
        and len(mine & set(content_stems(clause))) >= max(_FEWEST, _SHARE * len(mine))
        for _, clause in _clauses(source)
    )


def _clauses(text: str) -> Iterator[tuple[str, str]]:
    """Yield (the clause before, clause) of a sentence."""
    before = ""
    for clause in [part for part in _CLAUSE.split(text) if part and part.strip()][:_MOST]:
        yield before, clause
        before = clause + " "
