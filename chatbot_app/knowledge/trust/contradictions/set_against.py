"""What a source sets against what it denies ("for lack of powder, not of food"), and what belongs to which of two labels.

"The anode is graphite, the cathode a metal oxide" and "Common: nausea. Uncommon: rash" have parts that begin with what they are
about. A statement that names one label alone has what it says from that part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.words.language import content_stems
from chatbot_app.knowledge.words.opposites import opposites_of
from chatbot_app.knowledge.words.related_words import related_to

# "…, not of food", "and not from Ann", "rather than the bearing", "instead of Montpellier".
_NOT_THIS = LatePattern(
    r"(?:,\s*(?:and |but )?not|\b(?:and|but) not|\brather than|\binstead of)\s+(?P<what>[^,.;:!?()]{2,60})",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"\b(?:not|no|never|nor|neither|cannot|without|nobody|none|only|rather|instead|unlike|than|deni\w+|reject\w+|refus\w+)\b|n['’]t\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|does|did|do|will|would|can|could|may|must|should)\b",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"[.;](?:\s+|$)|,\s+(?:and|while|whereas|but)\s+|,\s+(?=(?:the|those|that)\b)", re.IGNORECASE
)
_IF = re.compile(
    r"^(?:if|when|while|whenever)\b(?P<label>[^,]{2,60}),\s*(?P<body>.+)$", re.IGNORECASE | re.DOTALL
)
_COLON = re.compile(r"^(?P<label>[^:]{2,60}):\s+(?P<body>.+)$", re.DOTALL)
_PRONOUN = re.compile(
    r"^\s*(?:it|its|they|their|he|she|his|her|this|these|those|that|which|who|there|you|we|i)\b",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\b(?:is|are|was|were|means?|shows?|consists?|has|have|had|costs?|contains?|stands? for|belongs?|can|may|must|should|will)\b",
    re.IGNORECASE,
)
_BODY_WITHOUT_VERB = re.compile(r"\b(?:of|for|from|to|by|with|in|at)\b", re.IGNORECASE)
_ADVERB = re.compile(r"\b\w{3,}ly\b", re.IGNORECASE)
_MOST_APART = 3  # content words of what is set apart
_LOOK_BACK = 120  # characters before it
_MOST_LABEL = 5  # content words
_MOST_OTHERS = 2  # words of a statement for each that the other part has
_MOST = 10  # parts
_LONGEST = 1_200  # characters


def denied_alternative(said: str, source: str) -> str | None:
    """Return what a source sets apart ("not of food") that a statement says without what it is set against; else None."""
    if _DENIAL.search(said):
        return None
    words = set(content_stems(said))
    for found in _NOT_THIS.finditer(source):
        if _VERB.search(found["what"]):
            continue  # a clause of its own
        what = set(content_stems(found["what"])[:_MOST_APART])
        before = content_stems(source[max(0, found.start() - _LOOK_BACK) : found.start()])
        kept = before[-1:]  # what it is set against: the "powder" of "powder, not of food"
        if not what or not what <= words or words & set(kept) - what:
            continue
        if words & set(before) and not any(related_to(word) & words for word in kept):
            return found["what"].strip()
    return None


@dataclass(frozen=True, slots=True)
class _Part:
    """The stems of what a part of a sentence is about and of what it says of that; `written` is the former as it stands."""

    label: frozenset[str]
    body: frozenset[str]
    written: str


def of_another_label(said: str, sources: Sequence[str]) -> tuple[str, str] | None:
    """Return (label of a statement, label under which the source has what it says); None where it has it under that one.

    `sources` are a sentence and those beside it, in order.
    """
    parts = _parts(sources)
    if len(parts) < 2:
        return None
    words = set(content_stems(said))
    for own in parts:
        for other in parts:
            if other is own or not own.label or not other.label:
                continue
            mine, theirs = own.label - other.label, other.label - own.label
            if not mine or not theirs or not mine <= words or theirs & words:
                continue
            if not (own.label & other.label or _are_opposite(mine, theirs) or _is_gapped(own, other)):
                continue
            own_body, other_body = own.body - other.body - other.label, other.body - own.body - own.label
            taken = words & other_body
            if (
                taken
                and own_body
                and not _says_any(words, own_body)
                and len(words - mine - own.label) <= _MOST_OTHERS * len(taken) + 1
            ):
                return own.written, other.written
    return None


def _says_any(words: set[str], body: frozenset[str]) -> bool:
    return bool(words & body) or 2 * sum(bool(related_to(word) & words) for word in body) >= len(body)


def _are_opposite(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    return any(
        opposites_of(word) & theirs or f"un{word}" in theirs or f"dis{word}" in theirs for word in mine
    ) or any(f"un{word}" in mine or f"dis{word}" in mine for word in theirs)


def _is_gapped(one: _Part, other: _Part) -> bool:
    """Whether one part has no verb of its own: "the cathode of a metal oxide"."""
    return len(one.label) == 1 == len(other.label) and bool(one.body) and bool(other.body)


def _parts(sources: Sequence[str]) -> list[_Part]:
    found: list[_Part] = []
    for source in sources:
        if len(source) > _LONGEST:
            continue
        for piece in _BREAK.split(source):
            if not piece or not piece.strip() or _PRONOUN.match(piece):
                continue
            labelled = _IF.match(piece.strip()) or _COLON.match(piece.strip())
            if labelled is not None:
                label, body = labelled["label"], labelled["body"]
            else:
                split = _BODY.search(piece) or _BODY_WITHOUT_VERB.search(piece)
                if split is None or not piece[: split.start()].strip():
                    continue
                label, body = piece[: split.start()], piece[split.start() :]
            stems = content_stems(_ADVERB.sub(" ", re.sub(r"\([^)]*\)", " ", label)))
            if 0 < len(stems) <= _MOST_LABEL:
                found.append(_Part(frozenset(stems), frozenset(content_stems(body)), label.strip()))
    return found[:_MOST]
