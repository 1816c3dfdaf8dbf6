"""Who did it to whom: two that changed places around a verb."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from chatbot_app.knowledge.words.irregular_forms import BASE_OF
from chatbot_app.knowledge.words.words import STOP_WORDS, stem

_TOKEN = re.compile(r"[^\W_]+(?:_[^\W_]+)*|[.;:!?]")
_REACH = 4  # content words on each side of the verb
_ASKS = re.compile(r"[?:“\"]|\b(?:what|who|whom|whose|which)\b", re.IGNORECASE)
# Who beat whom is said by each of these, and by "lost to" the other way round.
_WINNING = frozenset(
    "beat beats beaten defeat defeats defeated overcame overcomes thrashed thrashes edged outplayed".split()
)
_AGAINST = {
    "won": ("against", "over"),
    "wins": ("against", "over"),
    "lost": ("to", "against"),
    "loses": ("to", "against"),
}
_BEAT = stem("beat")
# Of two, whoever is named first.
MUTUAL_VERBS = frozenset(
    "married marries met meets wed divorced played plays bordered borders fought resembles resembled".split()
)
_BE = frozenset("is are was were be been being".split())
_PASSIVE = frozenset("by von par por durch".split())


def exchanged(said: str, source: str) -> tuple[str, str] | None:
    """Return (who did it, to whom) as a source says it, where a statement has the two the other way round.

    "Tolmead defeated Brannock" and "Brannock defeated Tolmead" have all their words in common. The verb is one in the past or a
    participle, both are in the same voice, and one of what changed places is a name; None where nothing did.
    """
    if _ASKS.search(said):
        return None  # a question with its answer has an order of its own
    mine, theirs = _sides(said), _sides(source)
    for verb, (before, behind, passive) in mine.items():
        if verb not in theirs or theirs[verb][2] is not passive:
            continue
        their_before, their_behind, _ = theirs[verb]
        first = [
            word
            for term, word in their_before.items()
            if term in behind and term not in before and term not in their_behind
        ]
        second = [
            word
            for term, word in their_behind.items()
            if term in before and term not in behind and term not in their_before
        ]
        if first and second and any(word[0].isupper() or "_" in word for word in (*first, *second)):
            return first[0], second[0]
    return None


def _sides(text: str) -> dict[str, tuple[dict[str, str], dict[str, str], bool]]:
    """Return, for each verb's stem, what stands before and behind it in its sentence, and whether it is passive."""
    found: dict[str, tuple[dict[str, str], dict[str, str], bool]] = {}
    words = [match.group() for match in _TOKEN.finditer(text)]
    for is_word, run in itertools.groupby(words, key=lambda word: word[0].isalnum()):
        sentence = list(run) if is_word else []
        for place, word in enumerate(sentence):
            plain = word.casefold()
            following = [word.casefold() for word in sentence[place + 1 : place + 1 + _REACH]]
            is_of_two = plain in _WINNING or any(word in following for word in _AGAINST.get(plain, ()))
            is_mutual = plain in MUTUAL_VERBS or following[:1] == ["with"]
            if (
                plain in STOP_WORDS
                or is_mutual
                or not (is_of_two or plain in BASE_OF or (plain.endswith("ed") and len(plain) > 4))
            ):
                continue
            verb = _BEAT if is_of_two else stem(plain)
            if verb in found:
                continue
            before = _content(sentence[i] for i in range(place - 1, -1, -1))
            behind = _content(sentence[i] for i in range(place + 1, len(sentence)))
            passive = not _PASSIVE.isdisjoint(following[:3]) or (
                place > 0 and sentence[place - 1].casefold() in _BE
            )
            if is_of_two and (passive or plain.startswith("los")):
                before, behind, passive = behind, before, False
            found[verb] = before, behind, passive
    return found


def _content(words: Iterable[str]) -> dict[str, str]:
    """Return the stem of each of the nearest content words, and the word."""
    content = (word for word in words if word.casefold() not in STOP_WORDS)
    return {stem(word.casefold()): word for word in itertools.islice(content, _REACH)}
