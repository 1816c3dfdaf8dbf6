"""A word of a statement that no word of the source stands for, in the place of one that the statement does not have.

"Mit warmem Leitungswasser füllen" of "mit kaltem Leitungswasser füllen": all around the two is the same, and no thesaurus knows
that they may say the same. Unlike `replaced` the order of the rest may be another one, as it is in German.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatbot_app.knowledge.words.inflected_opposites import are_opposite
from chatbot_app.knowledge.words.inflection import forms_of, forms_or_stem
from chatbot_app.knowledge.words.language import is_small
from chatbot_app.knowledge.words.opposites import is_reciprocal
from chatbot_app.knowledge.words.question_language import small_words
from chatbot_app.knowledge.words.thesaurus import LANGUAGES, is_known, kinds_of, synonyms_of

_TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*|[^\w\s]")
_MOST_WORDS = 120  # of either text
_SHORTEST = 4  # letters of a word that may have been replaced
_SHORTEST_PART = 4  # letters of what two compounds have in common
_REACH = 2  # words on each side that are compared
_FEWEST_ALIKE = 3  # content words that both have
_LEAST_ALIKE = 0.6  # of those of the statement
_MOST_LEFT = 3  # words that nothing stands for: more are a paraphrase
_CASE = 2  # letters at the end of a Russian word that tell its case
_SHARED_START = 5  # letters of two forms of a word
_LONGEST_ENDING = 4
_ARTICLES = frozenset(
    "der die das den dem des ein eine einen einem einer eines le la les l un une des el los las una unos unas".split()
)
# Stand for almost anybody and anything.
_ANYTHING = frozenset(
    "mensch person leut sach ding teil jahr monat tag zeit end anfang personn gen chos person persona cos человек люд лиц вещ част".split()
)
_ENDS = frozenset(".,;:!?")
_DENIES = re.compile(
    r"(?:nicht|kein\w*|nie|niemals|ohne|weder|ne|pas|jamais|aucune?|sans|no|nunca|ningun\w*|ningún|sin|ni|не|нет|без|никогда)$"
)
_SHORTEST_OPPOSITE = 3  # letters


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    form: str  # lower-case
    is_content: bool
    is_name: bool  # or a German noun
    is_met: bool  # the other text has it, in some form


def left_over(said: str, source: str, language: str) -> tuple[str, str] | None:
    """Return (word of a statement, word of a sentence in its place), None where none was replaced."""
    if language not in LANGUAGES:
        return None
    mine, theirs = _tokens(said, language), _tokens(source, language)
    mine, theirs = _met(mine, theirs, language), _met(theirs, mine, language)
    content = [token for token in mine if token.is_content]
    left = [place for place, token in enumerate(mine) if token.is_content and not token.is_met]
    alike = len(content) - len(left)
    if (pair := _opposite(mine, theirs, language)) is not None:
        return pair
    if (
        not 0 < len(left) <= _MOST_LEFT
        or alike < _FEWEST_ALIKE - 1
        or alike < _LEAST_ALIKE * (len(content) - 1)
    ):
        return None
    is_close = alike >= _FEWEST_ALIKE
    of_theirs = [place for place, token in enumerate(theirs) if token.is_content and not token.is_met]
    for place in left:
        for other in of_theirs:
            if _in_place_of(mine, place, theirs, other, language, is_close):
                return mine[place].text, theirs[other].text
    return None


def _opposite(mine: Sequence[_Token], theirs: Sequence[_Token], language: str) -> tuple[str, str] | None:
    """Return the words of two texts that say the opposite where nothing is denied and most of the statement's other words are met."""
    if any(_DENIES.match(token.form) for token in (*mine, *theirs)):
        return None
    forms = {token.form for token in mine}, {token.form for token in theirs}
    for one in mine:
        if one.form in forms[1] or len(one.form) < _SHORTEST_OPPOSITE or is_reciprocal(one.text):
            continue
        for other in theirs:
            if other.form in forms[0] or not are_opposite(one.form, other.form, language):
                continue
            if any(are_opposite(one.form, another.form, language) for another in mine):
                continue
            if any(token is not other and may_be_met(one.form, token.form, language) for token in theirs):
                continue
            rest = [token for token in mine if token.is_content and token is not one]
            met = sum(token.is_met for token in rest)
            if met >= _FEWEST_ALIKE - 1 and met >= _LEAST_ALIKE * len(rest):
                return one.text, other.text
    return None


def may_be_met(one: str, other: str, language: str) -> bool:
    """Whether two lower-case words are forms of one."""
    mine, theirs = (forms_or_stem(word, language) for word in (one, other))
    return bool(mine & theirs)


def _in_place_of(
    mine: Sequence[_Token],
    place: int,
    theirs: Sequence[_Token],
    other: int,
    language: str,
    is_close: bool,
) -> bool:
    one, another = mine[place], theirs[other]
    if min(len(one.form), len(another.form)) < _SHORTEST or one.is_name is not another.is_name:
        return False
    if may_say_the_same(one.form, another.form, language):
        return False
    if language == "de" and one.is_name and _same_head(one.form, another.form):
        return True
    if not is_close:
        return False
    if language == "ru" and one.form[-_CASE:] != another.form[-_CASE:]:
        return False
    if (
        language == "de"
        and not one.is_name
        and not (_is_before_noun(mine, place) and _is_before_noun(theirs, other))
    ):
        return False  # a verb: "bekam" for "erhielt"
    before, strong_before = _run(_undescribed(mine[:place], language), _undescribed(theirs[:other], language))
    behind, strong_behind = _run(mine[place + 1 :], theirs[other + 1 :])
    if language == "de" and not behind and _is_at_end(mine[place + 1 :]) and _is_at_end(theirs[other + 1 :]):
        behind = 1
    if language in ("fr", "es"):  # without capitals and cases more has to be the same
        return before > 0 and behind > 0 and before + behind > _REACH and strong_before and strong_behind
    return before > 0 and behind > 0 and (strong_before or strong_behind)


def may_say_the_same(one: str, other: str, language: str) -> bool:
    """Whether two lower-case words are forms of one, or may stand for each other."""
    if min(len(one), len(other)) >= _SHORTEST and (one.endswith(other) or other.endswith(one)):
        return True  # "Unternehmen" of "Bauunternehmen"
    if one[:_SHARED_START] == other[:_SHARED_START] and abs(len(one) - len(other)) <= _LONGEST_ENDING:
        short = min(len(one), len(other))
        alike = next((place for place in range(short) if one[place] != other[place]), short)
        if max(len(one), len(other)) - alike <= _LONGEST_ENDING:
            return True
    mine, theirs = (forms_or_stem(word, language) for word in (one, other))
    if mine & theirs or not _ANYTHING.isdisjoint(mine | theirs):
        return True
    if any(_is_kind(form, theirs, language) for form in mine):
        return True
    if any(_is_kind(form, mine, language) for form in theirs):
        return True
    # A word that both may stand for.
    near = frozenset().union(*(synonyms_of(form, language) for form in mine))
    return any(near & synonyms_of(form, language) for form in theirs)


def _is_kind(form: str, others: frozenset[str], language: str) -> bool:
    """Whether one of the others may stand for a form, or for what such a thing is one of: "Gerät" for "Monitor", an "Anzeigegerät"."""
    near = synonyms_of(form, language)
    if near & others or kinds_of(form, language) & others:
        return True
    long = [other for other in others if len(other) >= _SHORTEST_PART]
    return any(kinds_of(one, language) & others or any(one.endswith(o) for o in long) for one in near)


def _same_head(one: str, other: str) -> bool:
    """Whether two are compounds that end alike: "Energiekosten" and "Personalkosten"."""
    length = 0
    while length < min(len(one), len(other)) and one[-1 - length] == other[-1 - length]:
        length += 1
    head = one[len(one) - length :]
    return (
        length >= _SHORTEST_PART
        and min(len(one), len(other)) - length >= _SHORTEST - 1
        and any(is_known(form, "de") for form in forms_of(head, "de").own)
    )


def _undescribed(before: Sequence[_Token], language: str) -> Sequence[_Token]:
    """Return the words before one, the nearest first, without a German adjective right before it that only one of two texts has."""
    found = before[::-1]
    is_described = bool(
        language == "de"
        and found
        and found[0].is_content
        and not (found[0].is_name or found[0].is_met)
        and found[0].form.endswith(("e", "en", "er", "es", "em"))
    )
    return found[1:] if is_described else found


def _is_before_noun(tokens: Sequence[_Token], place: int) -> bool:
    return place + 1 < len(tokens) and tokens[place + 1].is_name


def _run(mine: Sequence[_Token], theirs: Sequence[_Token]) -> tuple[int, bool]:
    """Return how many words from a place on are the same, and whether one of them is more than an article or an end."""
    count, is_strong = 0, False
    for one, other in zip(mine[:_REACH], theirs[:_REACH], strict=False):
        if one.form in _ENDS and other.form in _ENDS:
            return count + 1, is_strong
        if one.form in _ARTICLES and other.form in _ARTICLES:
            count += 1
            continue
        if one.form != other.form and not (
            one.is_content
            and other.is_content
            and one.is_met
            and other.is_met
            and one.form[:3] == other.form[:3]
        ):
            break
        count, is_strong = count + 1, True
    if not mine or not theirs:
        count += not mine and not theirs
    return count, is_strong


def _is_at_end(tokens: Sequence[_Token]) -> bool:
    """Whether a clause ends here, but for the verbs that stand last in it."""
    rest = list(itertools.takewhile(lambda token: token.form not in _ENDS, tokens[: _REACH + 1]))
    return len(rest) <= _REACH and not any(token.is_name for token in rest)


def _tokens(text: str, language: str) -> list[_Token]:
    small = small_words(language)
    found: list[_Token] = []
    for match in itertools.islice(_TOKEN.finditer(text), _MOST_WORDS):
        word = match.group()
        form = word.casefold()
        is_content = word[0].isalpha() and not (form in small or is_small(form)) and len(word) > 1
        is_name = is_content and word[0].isupper() and bool(found)
        found.append(_Token(word, form, is_content, is_name, False))
    return found


def _met(tokens: Sequence[_Token], others: Sequence[_Token], language: str) -> list[_Token]:
    """Return the tokens with whether one of the others is another form of it, a part of it or one it is a part of, or may say the same."""
    own: set[str] = set()
    parts: set[str] = set()
    for other in others:
        if other.is_content:
            own |= forms_or_stem(other.form, language)
            parts |= forms_of(other.form, language).parts

    def is_met(token: _Token) -> bool:
        mine = forms_or_stem(token.form, language)
        return (
            not own.isdisjoint(mine)
            or not parts.isdisjoint(mine)
            or not own.isdisjoint(forms_of(token.form, language).parts)
            or any(not own.isdisjoint(synonyms_of(form, language)) for form in mine)
        )

    return [replace(token, is_met=token.is_content and is_met(token)) for token in tokens]
