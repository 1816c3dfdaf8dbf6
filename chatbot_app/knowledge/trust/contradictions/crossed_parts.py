"""Parallel parts of a sentence of which a statement takes one thing from each: "the long screws in the sides, the short ones in the base".

Who says that the short ones go in the sides has all words from the sentence, and what stands beside each other in neither part.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from chatbot_app.knowledge.sentences.negation import denied
from chatbot_app.knowledge.words.inflection import forms_or_stem
from chatbot_app.knowledge.words.language import is_small
from chatbot_app.knowledge.words.question_language import small_words
from chatbot_app.knowledge.words.thesaurus import LANGUAGES
from chatbot_app.knowledge.words.words import STOP_WORDS

_BREAK = re.compile(
    r"[,;]\s*|\s[–—]\s|\s(?:and|while|whereas|und|während|et|tandis que|y|mientras(?: que)?|и|а)\s",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_NOT_SO = re.compile(
    r"[,;]\s(?:aber |mais |pero |а |но )?(?P<what>(?:[^\W_]+\s){1,4}?)(?:aber |jedoch |dagegen |hingegen )?(?:nicht|non|pas|no|нет)\s?[.!]?\s*$",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:nicht|kein\w*|nie|non|pas|jamais|aucune?|no|nunca|ningun\w*|не|нет|ни|никогда)\b", re.IGNORECASE
)
_SHORTEST = 4  # letters
_MOST_PARTS = 8  # of a sentence
_MOST_WORDS = 24  # of a part
_LEAST_SHARED = 0.7  # of a statement's content words, that the sentence has
_LONGEST = 1_000  # characters of a sentence


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    forms: frozenset[str]
    before: str  # the small word before it, "^" at the beginning of its part
    is_last: bool


def crossed(said: str, source: str, language: str) -> tuple[str, str] | None:
    """Return (word that a statement has with another part's, word that its own part has there); None where it takes from one part."""
    if (
        language not in LANGUAGES
        or len(source) > _LONGEST
        or _BREAK.search(said.rstrip(" ."))
        or denied(said)
    ):
        return None
    parts = [_words(part, language) for part in _BREAK.split(source)[:_MOST_PARTS]]
    words = _words(said, language)
    mine = frozenset[str]().union(*(word.forms for word in words))
    all_theirs = frozenset[str]().union(*(word.forms for part in parts for word in part))
    if sum(not word.forms.isdisjoint(all_theirs) for word in words) < _LEAST_SHARED * len(words):
        return None
    for one, other in itertools.pairwise(part for part in parts if part):
        for (a, b), (c, d) in itertools.combinations(_pairs(one, other), 2):
            if _has(mine, b, c) and not _has_any(mine, a, d):
                return c.text, d.text
            if _has(mine, a, d) and not _has_any(mine, b, c):
                return a.text, b.text
    return None


def denied_beside(said: str, source: str, language: str) -> str | None:
    """Return that of which a sentence denies what it says of something else ("…, the tank not"), where a statement says it so.

    "The tray is dishwasher-safe, the tank not." None where the statement denies it as well, or speaks of something else.
    """
    found = _NOT_SO.search(source[-_LONGEST:])
    if found is None:
        return None
    own = _words(source[-_LONGEST:][: found.start()], language)
    others = _words(found["what"], language)
    mine = _words(said, language)
    if not own or not others or (_DENIES.search(said) and _NOT_SO.search(said) is None):
        return None
    turned = _NOT_SO.search(said)
    asserted = _words(said[: turned.start()] if turned is not None else said, language)
    if not mine or not asserted:
        return None
    forms = frozenset[str]().union(*(word.forms for word in asserted))
    if _has_any(forms, *others) and _has(forms, own[-1]) and not _has_any(forms, own[0]):
        return others[-1].text
    return None


def _has(mine: Set[str], *words: _Word) -> bool:
    return all(not word.forms.isdisjoint(mine) for word in words)


def _has_any(mine: Set[str], *words: _Word) -> bool:
    return any(not word.forms.isdisjoint(mine) for word in words)


def _pairs(one: Sequence[_Word], other: Sequence[_Word]) -> list[tuple[_Word, _Word]]:
    """Return the words that stand in the same place of two parts, counted from the beginning and from the end."""

    def alike() -> Iterator[tuple[_Word, _Word]]:
        for first, second in (*zip(one, other, strict=False), *zip(one[::-1], other[::-1], strict=False)):
            # A noun is no word for how: "ab 80 Grad" and "selbsttätig" end two parts, but stand in no one's place.
            is_one_kind = first.text[0].isupper() is second.text[0].isupper()
            if first.forms.isdisjoint(second.forms) and (
                (first.before and first.before == second.before)
                or (first.is_last and second.is_last and is_one_kind)
            ):
                yield first, second

    forms_of_one, forms_of_other = (
        frozenset().union(*(word.forms for word in part)) for part in (one, other)
    )
    return [
        (first, second)
        for first, second in dict.fromkeys(alike())
        if first.forms.isdisjoint(forms_of_other) and second.forms.isdisjoint(forms_of_one)
    ]


def _words(text: str, language: str) -> list[_Word]:
    small = small_words(language)
    found: list[_Word] = []
    before = "^"
    for match in itertools.islice(_WORD.finditer(text), _MOST_WORDS):
        form = match.group().casefold()
        if (
            form in small
            or form in STOP_WORDS
            or is_small(form)
            or not form[0].isalpha()
            or len(form) < _SHORTEST
        ):
            before = _like(form)
            continue
        found.append(_Word(match.group(), forms_or_stem(form, language), before, False))
        before = ""
    if found:
        found[-1] = _Word(found[-1].text, found[-1].forms, found[-1].before, True)
    return found


def _like(form: str) -> str:
    """Return one form for all articles."""
    return "the" if form in _ARTICLES else form


_ARTICLES = frozenset(
    "the a an der die das den dem des ein eine einen einem einer eines le la les un une des el los las una".split()
)
