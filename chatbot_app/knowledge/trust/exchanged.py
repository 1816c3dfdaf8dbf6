"""Who did it to whom: two that changed places around a verb."""

from __future__ import annotations

import re

from chatbot_app.knowledge.search.irregular_forms import BASE_OF
from chatbot_app.knowledge.search.words import STOP_WORDS, stem

_TOKEN = re.compile(r"[^\W_]+(?:_[^\W_]+)*|[.;:!?]")
_REACH = 4  # content words on each side of the verb
_ASKS = re.compile(r"[?:“\"]|\b(?:what|who|whom|whose|which)\b", re.IGNORECASE)
_PASSIVE = frozenset("by von par por durch".split())


def exchanged(said: str, source: str) -> tuple[str, str] | None:
    """Return (who did it, to whom) as a source says it, where a statement has the two the other way round.

    "Tolmead beat Brannock" and "Brannock beat Tolmead" have all their words in common. The verb is one in the past or a
    participle, both are in the same voice; None where nothing changed places.
    """
    if _ASKS.search(said):
        return None  # a question with its answer has an order of its own
    mine, theirs = _sides(said), _sides(source)
    for verb, (before, behind, passive) in mine.items():
        if verb not in theirs or theirs[verb][2] is not passive:
            continue
        their_before, their_behind, _ = theirs[verb]
        first = [
            w for s, w in their_before.items() if s in behind and s not in before and s not in their_behind
        ]
        second = [
            w for s, w in their_behind.items() if s in before and s not in behind and s not in their_before
        ]
        if first and second and any(word[0].isupper() or "_" in word for word in (*first, *second)):
            return first[0], second[0]
    return None


def _sides(text: str) -> dict[str, tuple[dict[str, str], dict[str, str], bool]]:
    """Return, for each verb's stem, what stands before and behind it in its sentence, and whether it is passive."""
    words = [match.group() for match in _TOKEN.finditer(text)]
    found: dict[str, tuple[dict[str, str], dict[str, str], bool]] = {}
    for place, word in enumerate(words):
        plain = word.casefold()
        if plain in STOP_WORDS or not (plain in BASE_OF or (plain.endswith("ed") and len(plain) > 4)):
            continue
        start = max((i + 1 for i in range(place) if not words[i][0].isalnum()), default=0)
        end = min((i for i in range(place, len(words)) if not words[i][0].isalnum()), default=len(words))
        before = _content(words[start:place][::-1])
        behind = _content(words[place + 1 : end])
        passive = any(w.casefold() in _PASSIVE for w in words[place + 1 : place + 4])
        found.setdefault(stem(plain), (before, behind, passive))
    return found


def _content(words: list[str]) -> dict[str, str]:
    """Return (stem, word) of the nearest content words."""
    content = [word for word in words if word.casefold() not in STOP_WORDS][:_REACH]
    return {stem(word.casefold()): word for word in content}
