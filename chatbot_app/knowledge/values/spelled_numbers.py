"""Numbers that are written in words: "five hundred and twenty-three", "fünfhundertdreiundzwanzig", "пятисот", 五百.

What the words are is told by Unicode's rules for spelling numbers (CLDR's rule-based number formats): the small numbers and the
powers of ten are spelled once a language, in every case and gender that has a rule, and what a text has is put together of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from unicode_rbnf import FormatPurpose, RbnfEngine

from chatbot_app.knowledge.words.language import language_of
from chatbot_app.knowledge.words.names import name_form

_WESTERN = ("en", "de", "fr", "es", "it", "pt", "nl")
_OF_SCRIPT = {"han": "zh", "kana": "ja", "hangul": "ko"}
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_UNSPACED = ("zh", "ja", "ko")
_SMALL = (*range(101), *range(200, 1000, 100))
_POWERS = (10**2, 10**3, 10**6, 10**9, 10**12)
_EASTERN_POWERS = (10**2, 10**3, 10**4, 10**8, 10**12)
_TIMES = (1, 2, 3, 5, 21)  # a power's word may be another one behind each: тысяча, тысячи, тысяч
_JOINERS = ("and", "und", "et", "y", "e", "en", "零", "〇")  # "two hundred and five"
# Numbers of one language that are other words of another: nothing tells which, where the language is in doubt.
_OTHER_WORDS = frozenset(
    "acht cent cien dieci dix dos due elf mil mille null once otto sei seize sette tre tres".split()
)
_MOST_WORDS = 12  # of one number
_MOST_SIGNS = 24  # of one number, where each is a word
_WORD = re.compile(r"[^\W\d_]+")
_BETWEEN = re.compile(r"[ \u00a0\u00ad-]?")
_NO_LETTERS = re.compile(r"[\s\u00ad'’ʼ-]")


@dataclass(frozen=True, slots=True)
class SpelledNumber:
    """A number in words at characters `start` to `end` of a text."""

    start: int
    end: int
    number: int
    is_ordinal: bool = False


def spelled_numbers(text: str) -> Iterator[SpelledNumber]:
    """Yield the numbers of a text that are written in words, in order; of one, what is an article in many languages, none."""
    language = language_of(text)
    language = _OF_SCRIPT.get(language, language)
    if language in _UNSPACED:
        yield from _in_unspaced(text, spelling_of(language))
    elif language == "en":
        yield from _in_words(text, language, ("en",))
    elif language == "ru" or (not language and _CYRILLIC.search(text)):
        yield from _in_words(text, "ru", ("ru",))
    elif language in _WESTERN or not language:
        yield from _in_words(text, language, _WESTERN)  # "de" and "en" alone make a French sentence Dutch


def load_spellings() -> None:
    """Read how every language spells, which else the first text in it waits for: 10 to 150 ms each."""
    for language in (*_WESTERN, "ru", *_UNSPACED):
        spelling_of(language)


# --- how a language spells --------------------------------------------------------------------------------


class _Spelling:
    """How a language spells numbers; words are compared without spaces, hyphens and case."""

    def __init__(self, language: str) -> None:
        self.language = language
        engine = RbnfEngine.for_language(language)
        self.parts: set[str] = set(_JOINERS)
        self._letters: set[str] = set()

        def spelled(number: int, purpose: FormatPurpose) -> set[str]:
            found = engine.format_number(number, purpose).text_by_ruleset
            forms = {text for name, text in found.items() if "financial" not in name}
            self._letters.update(c for form in forms for c in form if c > "z")
            self.parts.update(
                _key(part) for form in forms for part in _WORD.findall(form.replace("\u00ad", ""))
            )
            return {_key(form) for form in forms}

        cardinals = {number: spelled(number, FormatPurpose.CARDINAL) for number in _SMALL}
        self._small: dict[str, int] = {
            form: number for number in reversed(_SMALL) for form in cardinals[number]
        }
        self._ordinals = {
            form: number for number in range(100, 0, -1) for form in spelled(number, FormatPurpose.ORDINAL)
        }
        self._powers: list[tuple[str, int]] = []
        whole = {*self._small}
        for power in reversed(_EASTERN_POWERS if language in _UNSPACED else _POWERS):
            forms = {
                rest
                for times in _TIMES
                for form in spelled(times * power, FormatPurpose.CARDINAL)
                for rest in [_behind(form, cardinals[times]) or (form if times == 1 else "")]
            }
            whole |= spelled(power, FormatPurpose.CARDINAL)
            self._powers += [(form, power) for form in sorted(forms, key=len, reverse=True) if form]
        # "(in millions)", "EUR thousand": what is spelled with "one" where it is a number, as "mille" is not.
        self._no_numbers = {form for form, _ in self._powers} - whole
        hundreds = {form: number for form, number in self._small.items() if number >= 100}
        self._behind_hundred: dict[str, int] = {}
        for number in range(
            1, 100
        ):  # as they are said behind a hundred: "ciento dos", "centotto", 一百一十, "cento e dois"
            for form in spelled(100 + number, FormatPurpose.CARDINAL):
                if rest := _behind(form, cardinals[100]):
                    self._behind_hundred[rest] = number
                ends = [end for end in cardinals[number] if not rest and form.endswith(end)]
                hundreds.update({_without_joiner(form.removesuffix(end)): 100 for end in ends})
        self._hundreds = sorted(hundreds.items(), key=lambda one: -len(one[0]))
        # Of a language without spaces: what its numbers are made of, not behind another syllable of a word.
        letter = f"[{''.join(sorted(self._letters)) or 'x'}]"
        self.run = re.compile(f"(?<![가-힣]){letter}(?: ?{letter})*")
        self._starts = tuple(sorted({*self._small, *(form for form, _ in self._powers)}))

    def may_begin(self, word: str) -> bool:
        """Whether a word, lower case, may be a number or the first part of one."""
        return word in self.parts or word.startswith(self._starts)

    def number(self, key: str) -> tuple[int, bool] | None:
        """Return (number, whether it is an ordinal) of words without spaces between them, None where they are none."""
        if (ordinal := self._ordinals.get(key)) is not None and key not in self._small:
            return ordinal, True
        number = None if key in self._no_numbers else self._value(key, 10**15)
        return None if number is None else (number, False)

    def _value(self, key: str, below: int) -> int | None:
        if (number := self._small.get(key)) is not None:
            return number if number < below else None
        for form, power in self._powers:
            if power >= below or (at := key.find(form)) < 0:
                continue
            left = self._value(key[:at], power) if at else 1
            right = self._rest(key[at + len(form) :], power) if left else None
            if left and right is not None:
                return left * power + right
        for form, number in self._hundreds:
            rest = self._rest(key[len(form) :], 100) if number < below and key.startswith(form) else None
            if rest is not None:
                return number + rest
        return None

    def _rest(self, key: str, below: int) -> int | None:
        """Return the value of what stands behind a power, 0 of nothing."""
        if not key:
            return 0
        if below == 100 and (number := self._behind_hundred.get(key)) is not None:
            return number
        behind = (key.removeprefix(joiner) for joiner in _JOINERS if key.startswith(joiner) and key != joiner)
        return next((value for one in (key, *behind) if (value := self._value(one, below)) is not None), None)


@lru_cache
def spelling_of(language: str) -> _Spelling:
    """Return how a language spells numbers; read once, which takes some ten milliseconds."""
    return _Spelling(language)


def _key(words: str) -> str:
    plain = _NO_LETTERS.sub("", words.casefold())
    return plain if plain.isascii() else name_form(plain)


def _without_joiner(key: str) -> str:
    return next((key.removesuffix(one) for one in _JOINERS if key.endswith(one) and key != one), key)


def _behind(form: str, starts: Iterable[str]) -> str:
    """Return what stands in a form behind the longest of some starts, "" where none begins it."""
    found = max((start for start in starts if form.startswith(start)), key=len, default="")
    return form[len(found) :] if found else ""


# --- numbers of a text ------------------------------------------------------------------------------------


def _in_words(text: str, language: str, languages: tuple[str, ...]) -> Iterator[SpelledNumber]:
    words = [(match.start(), match.end(), _key(match.group())) for match in _WORD.finditer(text)]
    at = 0
    while at < len(words):
        found = [
            one
            for spelling in spellings_beginning(words[at][2], languages)
            for one in [_longest(text, words, at, spelling, spelling.language != language)]
            if one is not None
        ]
        if not found:
            at += 1
            continue
        count, number = max(found, key=lambda one: one[0])
        yield number
        at += count


@lru_cache(maxsize=20_000)
def spellings_beginning(word: str, languages: tuple[str, ...]) -> tuple[_Spelling, ...]:
    """Return how those of some languages spell that have a number that may begin with a word."""
    return tuple(one for one in map(spelling_of, languages) if one.may_begin(word))


def _longest(
    text: str, words: list[tuple[int, int, str]], at: int, spelling: _Spelling, is_doubtful: bool
) -> tuple[int, SpelledNumber] | None:
    """Return (how many words, number) of the longest number that begins with a word, None where none does."""
    stop = at + 1
    while (
        stop < min(len(words), at + _MOST_WORDS)
        and spelling.may_begin(words[stop][2])
        and _BETWEEN.fullmatch(text, words[stop - 1][1], words[stop][0])
    ):
        stop += 1
    for end in range(stop, at, -1):
        if words[at][2] in _JOINERS or words[end - 1][2] in _JOINERS:
            continue
        found = spelling.number("".join(word for _, _, word in words[at:end]))
        if found is None or (found[0] <= 1 and not found[1]):
            continue
        if is_doubtful and end == at + 1 and words[at][2] in _OTHER_WORDS:
            continue
        return end - at, SpelledNumber(words[at][0], words[end - 1][1], *found)
    return None


def _in_unspaced(text: str, spelling: _Spelling) -> Iterator[SpelledNumber]:
    for match in spelling.run.finditer(text):
        start = match.start()
        while start < match.end():
            for end in range(min(match.end(), start + _MOST_SIGNS), start, -1):
                found = spelling.number(_key(text[start:end]))
                if (
                    found is not None
                    and found[0] > 1
                    and " " not in (text[start], text[end - 1])
                    and not text.startswith("分之", end)
                ):
                    yield SpelledNumber(start, end, *found)
                    start = end
                    break
            else:
                start += 1
