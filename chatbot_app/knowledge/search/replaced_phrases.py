"""What a follow-up names in place of something of the question before: "And of a scallop?" after "… the size of a lobster?".

Its words are not to be searched with the follow-up's own: they stand in the answer that was given already.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Set
from dataclasses import dataclass

from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.words.lexicon import MONTHS
from chatbot_app.knowledge.words.small_words import ENGLISH, GERMAN, SmallWords

_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
_CAPITAL = "A-ZÀ-ÖØ-ÞА-ЯЁ"
_NAME_RUN = re.compile(rf"(?<!^)(?<![.?!:]\s)\b[{_CAPITAL}][\w'’.&-]*(?:\s[{_CAPITAL}][\w'’.&-]*)*")
_MORE_PREPOSITIONS = {ENGLISH: "of|about|between|against|like", GERMAN: "um|gegen|durch|aus"}
# A question that only names what is different has no more words.
LONGEST_FRAGMENT = 8
# "And that of …", "Und das von …", "Et celle d'…", "¿Y el de …?", "А у …": what is asked is not said anew.
_THAT_OF = LatePattern(
    r"(?:(?:that|those|the\s+ones?)\s+(?P<en>of|for)|(?:de[rnms]|die|das)\s+(?P<de>von|vom|bei|für)|(?:cel(?:le|ui|les)|ceux)\s+(?:de|du|des)"
    r"|(?:el|la|los|las)\s+del?|у)\s+(?:la\s+|l['’])?|(?:cel(?:le|ui|les)|ceux)\s+d['’]",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"['’]s?$")
_MOST_OF_A_NAME = 4  # words before "'s"
_WHOSE = re.compile(r"(?<![^\W_])(?P<whose>(?:[^\W_][\w.&-]*\s){0,3}[^\W_][\w.&-]*)['’]s?(?![\w])")
_ARTICLES = frozenset("the a an our my your".split())
# "And a dentist?" after "What does a nurse get for a weekend?": the first that is spoken of in the same way.
_INDEFINITE = frozenset("a an ein eine einen einem einer un une una".split())
_NOUN_BEFORE = frozenset({"one", "ones"})  # "the red one"
_TITLES = frozenset("dr prof professor mr mrs ms sir herr frau st m mme don doña г".split())

_PERIOD = re.compile(r"[qht][1-4]|[1-4][qht]\d*|fy\d*")
_WEEKDAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag".split()
)


@dataclass(frozen=True, slots=True)
class _Named:
    """What a follow-up names: `words` behind a `preposition`, or before "'s" where it is `whose`."""

    preposition: str
    words: list[str]
    is_whose: bool = False


def replaced_spans(question: str, earlier: str, language: SmallWords) -> list[tuple[int, int]]:
    """Return where the question before has what a follow-up names instead, none where that cannot be told.

    The name before the same word, in the same form ("Anna Koch's" for "Ivan Petrenko's") or of as many words; else the phrase behind
    the same preposition, or before "'s", of as many words that say something. `question` is one that only names what is different.
    """
    named = _what_differs(question, language)
    if not named.words:
        return []
    small = frozenset(language.common.split())
    own = [word for word in named.words if not (_is_small(word, small) or word.casefold() in _NOUN_BEFORE)]
    if not own:
        return []
    name = _name_replaced(earlier, named, language)
    if name is not None:
        return [name]
    if set(map(str.casefold, own)) & _words_of(earlier):
        return []
    candidates = list(reversed(_phrases(named.preposition, earlier, language))) if named.preposition else []
    if named.is_whose or named.preposition == "of":
        candidates += _whose(earlier, len(own))
    if not named.preposition and named.words[0].casefold() in _INDEFINITE:
        return _first_of_a_kind(earlier, len(own), small)
    for start, end in candidates:
        said = [w for w in _WORD.finditer(earlier, start, end) if not _is_small(w.group(), small)]
        if len(own) < len(named.words) and len(said) > len(own):
            return [(said[0].start(), said[len(own) - 1].end())]  # "the red one" for "the blue jacket"
        if said and len(said) == len(own):
            return [(start, end)]
    return []


def named_anew(question: str, language: SmallWords) -> list[str]:
    """Return the names that a question has which only names what is different, without their titles; none where it has other words."""
    words = [word for word in _what_differs(question, language).words if not _is_no_name(word)]
    is_noun = language is GERMAN and len(words) == 1
    return words if words and not is_noun and all(word[:1].isupper() for word in words) else []


def _is_no_name(word: str) -> bool:
    return word.casefold() in _TITLES | _ARTICLES | _NOUN_BEFORE


def _what_differs(question: str, language: SmallWords) -> _Named:
    """Return what a question names that only names what is different."""
    plain = re.sub(
        rf"^[¿¡\s]*(?:(?:{language.about})\s+|(?:{language.opener})\s*,?\s+)?",
        "",
        question,
        flags=re.IGNORECASE,
    )
    that_of = _THAT_OF.compiled.match(plain)
    if that_of is not None:
        preposition = (that_of["en"] or that_of["de"] or "de").casefold()
        return _Named(preposition, _WORD.findall(plain[that_of.end() :])[:LONGEST_FRAGMENT])
    words = re.findall(rf"{_WORD.pattern}['’]?", plain)
    if len(words) > LONGEST_FRAGMENT or not words:
        return _Named("", [])
    whose = next((n for n, word in enumerate(words[:_MOST_OF_A_NAME]) if _POSSESSIVE.search(word)), None)
    if whose is not None and language is ENGLISH:
        named = [*words[:whose], _POSSESSIVE.sub("", words[whose])]
        named = named[1:] if _is_preposition(named[0], language) else named
        return _Named("of", [word for word in named if word.casefold() not in _ARTICLES], is_whose=True)
    words = [word.rstrip("'’") for word in words]
    if _is_preposition(words[0], language):
        return _Named(words[0].casefold(), words[1:])
    return _Named("", words)


def _is_preposition(word: str, language: SmallWords) -> bool:
    forms = f"{language.preposition}|{_MORE_PREPOSITIONS.get(language, '')}"
    return re.fullmatch(f"(?:{forms.strip('|')})", word, re.IGNORECASE) is not None


def _is_small(word: str, small: Set[str]) -> bool:
    return word.casefold() in small or word.isdigit()


def _phrases(preposition: str, text: str, language: SmallWords) -> list[tuple[int, int]]:
    """Return the places of what stands behind a preposition, up to the next one, a mark, or the end."""
    words = list(_WORD.finditer(text))
    found = []
    for number, word in enumerate(words):
        if word.group().casefold() != preposition or number + 1 == len(words):
            continue
        start = end = words[number + 1].start()
        for after in words[number + 1 :]:
            if _is_preposition(after.group(), language) or re.search(r"[,;:?!.]", text[end : after.start()]):
                break
            end = after.end()
        if end > start:
            found.append((start, end))
    return found


def _first_of_a_kind(text: str, count: int, small: Set[str]) -> list[tuple[int, int]]:
    """Return the place of at most `count` words behind the first "a" or "an" of a text, up to a word that says nothing by itself."""
    words = list(_WORD.finditer(text))
    for number, word in enumerate(words[:-1]):
        if word.group().casefold() not in _INDEFINITE:
            continue
        behind = list(itertools.takewhile(lambda w: not _is_small(w.group(), small), words[number + 1 :]))
        if behind:  # the last of several is what is asked of it: "a locker cost"
            last = behind[min(count, max(1, len(behind) - 1)) - 1]
            return [(behind[0].start(), last.end())]
    return []


def _whose(text: str, count: int) -> list[tuple[int, int]]:
    """Return the places of the words before "'s", at most `count` of them: "landlord" in "the landlord's address"."""
    found = []
    for match in _WHOSE.finditer(text):
        words = list(_WORD.finditer(text, match.start(), match.end("whose")))[-count:]
        found.append((words[0].start(), match.end()))
    return found


def _name_replaced(earlier: str, named: _Named, language: SmallWords) -> tuple[int, int] | None:
    """Return the name of the question before in whose place the follow-up has another one.

    German writes every noun like a name: there, only names of several words are told.
    """
    words = [word for word in named.words if not (_is_no_name(word) or _is_time(word.casefold()))]
    capitals = [word for word in words if word[:1].isupper()]
    is_name_alone = len(capitals) == len([word for word in words if not word.isdigit()])
    if not capitals or (language is GERMAN and not (is_name_alone and len(capitals) > 1)):
        return None
    said = {word.casefold() for word in words}
    runs = [run for run in map(_name_of, _NAME_RUN.finditer(earlier)) if run is not None]
    runs = [run for run in runs if not _is_same(run, said, len(capitals))]
    behind = [run for run in runs if _next_word(earlier, run.end) in said]
    if len(behind) == 1:
        return behind[0].start, behind[0].end
    if not (is_name_alone or named.is_whose):
        return None
    for alike in (
        [run for run in runs if run.is_whose and named.is_whose],
        runs if language is not GERMAN else [],
        [run for run in runs if len(run.words) == len(capitals)],
    ):
        if len(alike) == 1:
            return alike[0].start, alike[0].end
    # "Anna Kochs Gehalt"
    longer = [
        run for run in runs if len(run.words) > len(capitals) and run.words[len(capitals) - 1].endswith("s")
    ]
    if language is GERMAN and len(longer) == 1:
        last = list(_WORD.finditer(earlier, longer[0].start))[len(capitals) - 1]
        return longer[0].start, last.end()
    return None


@dataclass(frozen=True, slots=True)
class _Name:
    """A name at characters `start` to `end` of a question, without its titles; `is_whose` before "'s"."""

    start: int
    end: int
    words: tuple[str, ...]
    is_whose: bool


def _name_of(run: re.Match[str]) -> _Name | None:
    """Return the name that capitalised words are, None where they are months, days of the week or quarters."""
    words = list(_WORD.finditer(run.string, run.start(), run.end()))
    while words and words[0].group().casefold() in _TITLES:
        words.pop(0)
    plain = tuple(_POSSESSIVE.sub("", word.group()) for word in words)
    if not words or all(_is_time(word.casefold()) for word in plain):
        return None
    is_whose = run.string[words[-1].start() : run.end()] != plain[-1] and bool(
        _WHOSE.search(run.string[run.start() : run.end()])
    )
    return _Name(run.start(), run.end(), plain, is_whose)


def _is_time(word: str) -> bool:
    return word in MONTHS or word in _WEEKDAYS or _PERIOD.fullmatch(word) is not None


def _is_same(run: _Name, said: Set[str], count: int) -> bool:
    """Whether a name is the one that the follow-up has, or a part of it, and not another of the same family."""
    words = {word.casefold() for word in run.words}
    return bool(words & said) and (words <= said or len(run.words) != count)


def _words_of(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}


def _next_word(text: str, at: int) -> str:
    found = _WORD.match(text[at:].lstrip())
    return found.group().casefold() if found is not None and text[at : at + 1].isspace() else ""
