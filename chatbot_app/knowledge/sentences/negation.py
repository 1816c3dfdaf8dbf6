"""What a sentence denies: the content words that stand right behind a word of negation."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from chatbot_app.knowledge.words.language import SMALL_WORDS
from chatbot_app.knowledge.words.opposites import opposites_of
from chatbot_app.knowledge.words.question_language import small_words
from chatbot_app.knowledge.words.related_words import related_to
from chatbot_app.knowledge.words.words import STOP_WORDS, stem

_TOKEN = re.compile(r"[^\W_]+(?:['’]t\b)?|[.;:!?。；，,]")
_NEGATIONS = frozenset(
    """not no never none nobody nothing neither nor cannot without isn't aren't wasn't weren't don't doesn't
    didn't won't wouldn't can't couldn't shouldn't hasn't haven't hadn't mustn't nicht kein keine keinen keiner
    keinem nie niemals ohne weder pas jamais aucun aucune sans ni nunca ningún ninguna sin tampoco не нет ни
    никогда без нельзя niemand niemandem niemanden nadie никто никому никого failed unable lacked lacks lack""".split()
)
# Whose clauses end with a comma, and whose small words are known.
_LANGUAGES_OF = {
    word: language
    for language, words in (
        ("de", "nicht kein keine keinen keiner keinem nie niemals ohne weder"),
        ("ru", "не нет ни никогда без нельзя"),
        ("fr", "pas jamais aucun aucune sans"),
        ("es", "nunca ningún ninguna tampoco"),
    )
    for word in words.split()
}
_COMMA_ENDS = frozenset(("de", "ru"))
_CHINESE = re.compile(
    r"(?:不是|没有|沒有|禁止|严禁|不准|不得|不许|不能|不|没|未|无|非)([\u4e00-\u9fff]{1,6})"
)
_CHINESE_AND = re.compile("[和或及与、]")
# "Not only … but also" and "no later than" deny nothing; "not less active" does.
_NO_DENIAL = frozenset("only just merely least doubt other nur seulement sólo solo только".split())
# "May not sublet without consent" and "must not be missing" say what has to be.
_DOUBLE = re.compile(
    r"\b(?:not|never|no|cannot|forbidden|prohibited|banned|nicht|kein\w*|verboten|untersagt|pas|interdite?s?|не)\b([^.;:!?]{1,80}?)\b(?:without|unless|except|ohne|sans|sin|без)\b",
    re.IGNORECASE,
)
# Small words of other languages, but for those that mean more in English.
_NO_CONTENT = STOP_WORDS | _NEGATIONS | (SMALL_WORDS - frozenset("die son van den per met como".split()))
# "With or without food" denies nothing.
_EITHER_WAY = re.compile(
    r"\b(?:with|mit|avec|con|с)\s+(?:or|oder|ou|o|или)\s+(?:without|ohne|sans|sin|без)\b", re.IGNORECASE
)
# Denying in two words.
# "Profit declined by 4 %" and "fell" say the same.
_FELL = re.compile(
    r"\bdeclin(?:es?|ed)\b(?=\s*(?:[.,;:]|$|to (?:about |nearly |just )?[$€£]?\d|(?:by|from|in|since|for|during|over|at|and|but|\w+ly|[$€£]?\d[\d.,]*)\b))",
    re.IGNORECASE,
)
_REJECTED = re.compile(r"\b(?:turn(?:ed|s|ing)?\s+down|rul(?:ed|es|ing)\s+out)\b", re.IGNORECASE)
_BOUND = re.compile(
    r"\bno (?:later|fewer|more|less|sooner|longer|older|higher) than\b|\b(?:can|could|may|must|shall|should|do|does|will|would)\s?not exceed\b"
    r"|\bnot exceeding\b|\bnicht (?:mehr|länger|höher|größer|älter|später) als\b|\bnicht (?:übersteigen|überschreiten)\b",
    re.IGNORECASE,
)
# What denies by itself, before or behind what it denies: "phones are prohibited", "rejected the offer".
_DENYING = frozenset(
    """forbidden forbid forbids prohibited prohibit prohibits banned bans excluded excludes rejected rejects refused refuses
    declined declines denied denies absent missing verboten untersagt ausgeschlossen abgelehnt
    verweigert verweigerte lehnt lehnte lehnten ablehnt ablehnte ablehnten untersagte interdit interdite interdits interdites
    exclu exclue exclus refusé refusée refusés rejeté rejetée rejetés prohibido prohibida prohíbe excluido excluida rechazó
    rechazado rechazada запрещено запрещён запрещена отклонил отклонила отклонено отклонён""".split()
)
# What may say the same as a denial in the other text: "drops support" is "no longer supports".
_LIKE_A_DENIAL = frozenset(
    map(
        stem,
        """drop remove cancel dismiss reject refuse decline forbid forbidden prohibit ban exclude end stop cease lack miss absent
        shortage short scarce scarcity
        fail failure unable free except optional prevent against avoid instead keep kept only unless other abolish withdraw close
        verboten untersagt fehlen fehlte scheitern scheiterte misserfolg gegen contre prohibir prohibido interdit contra против""".split(),
    )
)
_SAID_OTHERWISE = _LIKE_A_DENIAL | frozenset(map(stem, _DENYING))
_REASON = "because"  # what stands behind it is not denied
_OF_DENIAL = frozenset("longer yet".split())  # "no longer", "not yet"
# Behind a comma, what goes on without what is denied before it.
_NEW_CLAUSE = frozenset("only but and as because while which who so though although instead".split())
DENIED_SHARE = 0.5  # of the words behind a negation, for a sentence to be about the same
_FEWEST_BEHIND = 2  # content words, below which what is denied stands before it as well
_FEWEST_WITHOUT_HEAD = 3  # words of a denial that have to be said where what is not done is not
_SCOPE = 4  # content words behind the negation
_REACH = 64  # words and marks, among which they are looked for


@dataclass(frozen=True, slots=True)
class Denial:
    """What a negation denies: the stems of the content words in its scope, and these with what it speaks of."""

    words: frozenset[str]
    about: frozenset[str]
    head: str = field(default="", compare=False)  # the first of the words: what is not done, "" if unknown

    def is_like(self, other: Denial) -> bool:
        """Whether two denials are of the same."""
        return _alike(self.words, other.words) or _alike(self.about, other.about)

    def is_of_same(self, other: Denial) -> bool:
        """Whether that is sure: they share two words or more, or all of the other's, which may be related ones."""
        shared = sum(
            word in self.about or not self.about.isdisjoint(related_to(word)) for word in other.about
        )
        return shared == len(other.about) > 0 or (shared > 1 and self.is_like(other))


def denied(text: str, with_conditions: bool = False) -> list[Denial]:
    """Return the negations of a text.

    What is denied under a condition alone ("not without consent") counts only `with_conditions`.
    """
    text = _EITHER_WAY.sub(" ", _FELL.sub("fell", _REJECTED.sub("rejected", _BOUND.sub("than", text))))
    if not with_conditions:
        text = _DOUBLE.sub(r"\1", text)
    tokens = [match.group().casefold().replace("’", "'") for match in _TOKEN.finditer(text)]
    scopes: list[Denial] = []
    clause = 0
    for place, token in enumerate(tokens):
        if not token[0].isalnum():
            clause = place + 1
            continue
        if token in _DENYING and not any(word in _NEGATIONS for word in tokens[max(0, place - 3) : place]):
            both = frozenset(_content_before(tokens, place) + _content_behind(tokens, place))
            scopes.append(Denial(both, both))
            continue
        if token not in _NEGATIONS or (place + 1 < len(tokens) and tokens[place + 1] in _NO_DENIAL):
            continue
        language = _LANGUAGES_OF.get(token, "")
        behind = about = _content_behind(tokens, place, language)
        if len(behind) < _FEWEST_BEHIND:  # "Flood damage is not covered."
            before = tokens[clause:place]
            if _NEGATIONS.isdisjoint(before):
                about = behind + _content(before[: -_REACH - 1 : -1], language)
        scopes.append(Denial(frozenset(behind), frozenset(about), next(filter(str.isalpha, behind), "")))
    runs = (frozenset(_pairs(match.group(1))) for match in _CHINESE.finditer(text))
    return scopes + [Denial(run, run) for run in runs]


def _content_behind(tokens: Sequence[str], place: int, language: str = "") -> list[str]:
    return _content(tokens[place + 1 : place + 1 + _REACH], language)


def _content_before(tokens: Sequence[str], place: int) -> list[str]:
    return _content(tokens[max(0, place - _REACH) : place][::-1])


def _content(tokens: Sequence[str], language: str = "") -> list[str]:
    """Return the stems of the first content words of some tokens, as far as the clause goes: in German and Russian to a comma."""
    scope: list[str] = []
    last = "."
    end = ".,;:!?" if language in _COMMA_ENDS else ".;:!?。；"
    small = small_words(language) if language else frozenset()
    for word in tokens:
        if word in end or len(scope) == _SCOPE or (scope and word == _REASON):
            break
        if scope and word in _NEW_CLAUSE and last in ",，":
            break  # "Do not use soap, and never put it into …"
        last = word
        if word not in _NO_CONTENT and word not in small and word not in _OF_DENIAL and word[0].isalnum():
            scope.append(stem(word))
    return scope


def _pairs(run: str) -> list[str]:
    found = [part[i : i + 2] for part in _CHINESE_AND.split(run) for i in range(len(part) - 1)]
    return found or [run]


def disagree(
    said: Sequence[Denial],
    said_words: Set[str],
    in_source: Sequence[Denial],
    source_words: Set[str],
) -> bool:
    """Whether one of two matching sentences denies what the other states.

    `said` and `in_source` are what each denies (see `denied`), the words are the stems of each. A denial is met by one of
    the other text, each by its own, or by a word that says the opposite of what is denied ("forbidden").
    """
    left, unmet = list(in_source), []
    # What both deny, each in its words, is no contradiction.
    own = frozenset[str]().union(*(other.words for other in in_source))
    for denial in said:
        alike = max(left, key=lambda other: len(denial.about & other.about), default=None)
        if alike is not None and (not denial.words or denial.is_like(alike)):
            left.remove(alike)
        else:
            unmet.append(denial)
    # A denial of the source that the statement speaks of, or whose words are not known, may be what the statement denies.
    if not any((other.words or other.about) <= said_words for other in left) and any(
        _mostly(denial, source_words - own)
        and not any(map(denial.is_like, in_source))
        and not source_words & _SAID_OTHERWISE - said_words
        for denial in unmet
    ):
        return True
    both = frozenset[str]().union(*(denial.words for denial in said))
    return not (said_words & _SAID_OTHERWISE - source_words) and any(
        _mostly(denial, said_words, 1.0 if said else DENIED_SHARE)
        and not (denial.words and denial.words <= both)
        and _has_head(denial, said_words)
        and _is_spoken_of(denial, said_words)
        and not any((opposites_of(word) - source_words) & said_words for word in denial.words)
        for denial in left
    )


def _has_head(denial: Denial, words: Set[str]) -> bool:
    """Whether some words have what a denial says is not done, or else all the rest: "not together with milk" is not of milk."""
    rest = denial.words - {denial.head}
    if not denial.head or denial.head in words or not words.isdisjoint(related_to(denial.head)):
        return True
    return len(rest) >= _FEWEST_WITHOUT_HEAD and rest <= words


def _is_spoken_of(denial: Denial, words: Set[str]) -> bool:
    """Whether some words name what a denial is of, where that stands before it: "children must not *take* it"."""
    before = denial.about - denial.words
    return len(before) < _FEWEST_BEHIND or not words.isdisjoint(before)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return 2 * len(one & other) >= min(len(one), len(other)) > 0


def _mostly(denial: Denial, words: Set[str], share: float = DENIED_SHARE) -> bool:
    """Whether most of what a negation denies stands among some words: more than half, where they are words and no characters."""
    scope = denial.words
    least = share * len(scope) + bool(denial.head and share < 1.0 and len(scope) > 1) / 2
    return len(scope & words) >= max(1, least) if scope else False
