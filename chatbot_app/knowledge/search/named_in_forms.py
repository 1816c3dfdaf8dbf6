"""Documents of one form, told apart by what one of them alone has: "the pilot who crashed near Tallahassee", "the engine of N4396T".

Reports of an authority, results of a laboratory and their likes have the same labels, and most of their passages name neither the
place nor the number by which people ask for them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chatbot_app.core.document_fields import FieldMatch, FieldsAsked
from chatbot_app.knowledge.fields.content import without_spans
from chatbot_app.knowledge.fields.known_documents import KnownLibrary
from chatbot_app.knowledge.fields.matching import Wanted
from chatbot_app.knowledge.words.lexicon import MONTHS
from chatbot_app.knowledge.words.words import STOP_WORDS, query_terms
from chatbot_app.storage.word_search import WordSearch

_LONGEST_QUESTION = 500  # characters that are looked at
_MOST_NAMES = 16
_MOST_CHOSEN = 4  # documents; who names more means none in particular
_TELLING = 8  # a name that one document of so many has, or one alone, tells them apart
_SAYS_NOTHING = 0.5  # share of the documents of a form: what more of them have belongs to it
_SHORTEST_WORD = 4  # letters of a name in a question without capitals
_SHORTEST_NUMBER = 5  # digits of a number that nothing else has

_TOKEN = re.compile(r"[^\W_]+(?:[-./][^\W_]+)*")
_PARTS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Name:
    start: int
    end: int
    match: str  # an FTS5 expression
    may_tell: bool  # a short number only goes with other names
    is_written_so: bool  # as names, codes and numbers are, not any word of a question without capitals


def named_in_forms(
    question: str,
    searched: str,
    earlier: Sequence[str],
    wanted: Wanted,
    library: KnownLibrary,
    words: WordSearch,
) -> Wanted:
    """Return `wanted` with the documents of one form that a question names, by itself or as a question before it does (`earlier`,
    newest first), as it is where it names none. `searched` is what is searched for it. Raises StoreError.
    """
    fits = FieldMatch.FITS if wanted.matches else FieldMatch.NONE
    forms = [[one for one in form if wanted.match_of(one) is fits] for form in library.forms]
    forms = [form for form in forms if len(form) > 1]
    if not forms or wanted.several or len(searched) > _LONGEST_QUESTION:
        return wanted
    every = [one for form in forms for one in form]
    texts = [
        (text, {name: words.documents_with(name.match, every) for name in _names_in(text)})
        for text in (question, *earlier)
    ]
    for _text, held in texts:
        for form in forms:
            if chosen := _chosen(form, held):
                return _told(wanted, form, chosen, _without_names(searched, _gone(texts, form, chosen)))
    return wanted


def _told(wanted: Wanted, form: Sequence[str], chosen: Sequence[str], content: str) -> Wanted:
    matches = dict.fromkeys(form, FieldMatch.DIFFERS) | dict.fromkeys(chosen, FieldMatch.FITS)
    is_several = len(chosen) > 1
    asked = wanted.asked or FieldsAsked(by_names=True)
    return replace(
        wanted,
        matches={**wanted.matches, **matches},
        fitting=tuple(chosen),
        several=is_several,
        strength=1.0,
        asked=replace(asked, documents=len(chosen), several=is_several),
        content=content,
    )


def _gone(
    texts: Sequence[tuple[str, Mapping[_Name, set[str]]]], form: Sequence[str], chosen: Sequence[str]
) -> set[str]:
    """Return the names that have chosen documents of a form, and those of others of it, as they stand in questions, casefolded."""
    gone: set[str] = set()
    for text, held in texts:
        for name, documents in held.items():
            holding = documents & set(form)
            is_theirs = bool(holding & set(chosen)) and len(holding) <= _SAYS_NOTHING * len(form)
            is_of_others = not holding & set(chosen) and 0 < len(holding) <= _most_told(form)
            if name.is_written_so and (is_theirs or is_of_others):
                gone |= {text[name.start : name.end].casefold(), *_parts(text[name.start : name.end])}
    return gone


def _parts(word: str) -> list[str]:
    return [part for part in _PARTS.findall(word.casefold()) if len(part) > 1]


def _without_names(searched: str, gone: set[str]) -> str:
    """Return a question without names; all of it where nothing would be left."""
    spans = [found.span() for found in _TOKEN.finditer(searched) if found.group().casefold() in gone]
    left = " ".join(without_spans(searched, spans).split())
    return left if any(query_terms(left)) else searched


def _chosen(form: Sequence[str], held: Mapping[_Name, set[str]]) -> list[str]:
    """Return the documents of a form that names tell from the others, each by a name of its own and all that it has."""
    counts = {name: documents & set(form) for name, documents in held.items()}
    scores = dict.fromkeys(form, 0.0)
    for documents in counts.values():
        for one in documents if len(documents) <= _SAYS_NOTHING * len(form) else ():
            scores[one] += math.log(len(form) / len(documents))
    chosen: dict[str, None] = {}
    for name, documents in counts.items():
        if name.may_tell and 0 < len(documents) <= _most_told(form):
            best = max(scores[one] for one in documents)
            chosen.update(dict.fromkeys(one for one in form if one in documents and scores[one] >= best))
    return list(chosen) if len(chosen) <= min(_MOST_CHOSEN, len(form) - 1) else []


def _most_told(form: Sequence[str]) -> int:
    return max(1, len(form) // _TELLING)


def _names_in(text: str) -> list[_Name]:
    """Return the names, codes and numbers of a question; all longer words where it has no capitals."""
    tokens = list(_TOKEN.finditer(text[:_LONGEST_QUESTION]))
    has_capitals = any(token.group()[:1].isupper() for token in tokens[1:])
    names: list[_Name] = []
    for place, token in enumerate(tokens):
        word = token.group()
        if word.casefold() in STOP_WORDS or word.casefold() in MONTHS:
            continue
        digits = sum(map(str.isdigit, word))
        is_code = 0 < digits < len(word) or digits >= _SHORTEST_NUMBER
        is_name = place > 0 and word[:1].isupper()
        is_word = not has_capitals and not digits and len(word) >= _SHORTEST_WORD
        if digits or is_name or is_word:
            phrase = " ".join(_PARTS.findall(word))
            is_telling = is_code or is_name or is_word
            names.append(_Name(*token.span(), f'"{phrase}"', is_telling, bool(digits) or is_name))
    return names[:_MOST_NAMES]
