"""Whether a question stands alone, or leans on the one before and needs its words to be searched.

Rules over the words of six languages, measured on labelled questions (`tests/unit/knowledge/test_follow_ups.py`).
A question leans on an earlier one by a word that points out of it ("when was it built?"), by what it leaves out
("and in 2023?", "why?"), or by asking for more of the same. A "there is", an "it takes … to" and a pronoun whose
noun stands in an earlier clause of the same question point nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot_app.knowledge.fields.asking import read_question
from chatbot_app.knowledge.fields.content import without_spans
from chatbot_app.knowledge.fields.figures import why_asked
from chatbot_app.knowledge.fields.periods import periods_of
from chatbot_app.knowledge.fields.terms import amounts_named
from chatbot_app.knowledge.fields.time_ranges import ranges_of
from chatbot_app.knowledge.search.replaced_phrases import LONGEST_FRAGMENT, replaced_spans
from chatbot_app.knowledge.values.dates import dates_of
from chatbot_app.knowledge.words.small_words import (
    ENGLISH,
    FRENCH,
    GERMAN,
    LANGUAGES,
    RUSSIAN,
    SPANISH,
    SmallWords,
)
from chatbot_app.knowledge.words.words import query_terms, stem

_LONGEST_CHAIN = 3  # follow-ups of follow-ups whose words are collected
_LONGEST_FRAGMENT = 80  # characters
_FRAGMENT = 4  # words of a question that only names what is different: "And for children?"
_LONGEST_QUESTION = 2000  # characters that are looked at for times
_ACCORDING = "according|laut|gemäß|selon|según|согласно"
_OPENED = 3  # words of its own that make a question whole, although it begins with "and"


_COMMON = [frozenset(language.common.split()) for language in LANGUAGES]

_CHINESE_POINTS = re.compile(
    r"(?<![吉其])[它他她](?:们)?|这(?!些年|一?年|个?月|周|样的话)|那(?!不勒斯|么多)|(?:前|后)者"
)
_CHINESE_BARE = re.compile(
    r"(?:那|那么|请|再|能|可以|你|给我|我|多|更|详细|具体|一点|一些|一下|说明|解释|举例|举个|例子|继续|还有|别的|其他|吗|呢|呀|啊|了|的|是"
    r"|为什么|为何|怎么|怎么样|如何|什么|什么时候|何时|哪里|哪儿|谁|多少|多少钱|多久|几个|真的|然后|总结|简单|详情|原因|来源|确定)+"
)
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_QUOTED = re.compile(r'["“„«»][^"“”„«»]{2,200}["”“«»]')  # words of somebody else point nowhere
# "En in 2021?", "Och Tesla?", "A w 2021?": questions of other languages that only name what is different.
_OPENED_ELSEWHERE = re.compile(
    r"(?:en|och|og|a|oraz|ed?)(?:\s+(?:in|voor|van|i|för|under|w|we|za|dla|nel|per|em|no|para|do)){0,2}\s+(?:[A-ZÅÄÖØÆŁŚŻ][\w&.-]*\s?|\d[\d./-]*\s?){1,2}\?",
)
_WORDS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def complete_follow_up(question: str, leant_on: Sequence[str]) -> str:
    """Return a question that stands alone: with the key terms of those that it leans on (`leaned_on`), newest first.

    "And in 2023?" after "How much did Acme earn in 2022?" becomes "And in 2023? acme earn". Numbers are not carried over, for they
    are what a follow-up changes, but for the year where it has none; nor is a quarter or a day where it names one itself, or the
    one before; nor an amount of accounts where it names another ("And the net income?"); nor what it names another thing for
    ("And of a scallop?" after "… the size of a lobster?": `replaced_spans`). What a newer question replaces an older one does not
    bring back. That it is asked why is kept.
    """
    if not leant_on:
        return question
    known = {stem(word) for word in query_terms(question)[0]}
    names_part, is_other_year = _names_anew(question)
    has_number = any(character.isdigit() for character in question)
    amounts = amounts_named(question)
    terms: list[str] = []
    language = language_of(question)
    for earlier in leant_on:
        kept = without_spans(earlier, replaced_spans(question, earlier[:_LONGEST_QUESTION], language))
        # A year alone keeps the quarter of the question before.
        replaced = _times(kept, parts=names_part, years=is_other_year)
        words, pairs = query_terms(without_spans(kept, replaced))
        lone_years = set(_YEAR.findall(without_spans(kept, _times(kept))))
        others = amounts_named(earlier)
        if amounts:  # "And the net income?" is not about revenue any more
            known |= {part for parts in others.values() for part in parts}
        for word in words:
            is_kept = not word.isdigit() or (not has_number and word in lone_years)
            if stem(word) not in known and is_kept:
                known.add(stem(word))
                terms.append(word)
        if pairs:
            terms.append(earlier)
        # What one names anew is not that of those before it.
        other_part, other_year = _names_anew(earlier)
        names_part, is_other_year = names_part or other_part, is_other_year or other_year
        has_number = has_number or any(character.isdigit() for character in earlier)
        amounts = amounts or others
    why = why_asked(question, leant_on)
    return " ".join([question, *terms, *([why] if why and why not in question else [])])


def without_times(question: str) -> str:
    """Return a question without the years, quarters, months and days that it names."""
    return without_spans(question, _times(question, years=True))


def leaned_on(question: str, previous_questions: Sequence[str]) -> tuple[str, ...]:
    """Return the questions that one leans on, newest first, up to one that stands alone; none where it does itself."""
    if not previous_questions or not leans(question):
        return ()
    found: list[str] = []
    for earlier in list(reversed(previous_questions))[:_LONGEST_CHAIN]:
        found.append(earlier)
        if not leans(earlier):
            break
    return tuple(found)


def _times(text: str, *, parts: bool = True, years: bool = False) -> list[tuple[int, int]]:
    """Return where a question names quarters, halves and days (`parts`), or years alone ("FY2023")."""
    text = text[:_LONGEST_QUESTION]
    mentions = periods_of(text, lone_years=True)
    found = [(one.start, one.end) for one in mentions if (parts if one.part else years)]
    if not parts:
        return found
    days = [
        (start, end)
        for start, end, meanings in dates_of(text)
        if any(when.month is not None for when in meanings)
    ]
    return found + days + [span for one in ranges_of(text) for span in one.spans]


def _names_anew(question: str) -> tuple[bool, bool]:
    """Return whether a question names a part of a year, and a year, other than those of the questions that it leans on."""
    asked = read_question(question)
    # "And in the year before?" after "… in FY2023?" is not about FY2023.
    is_relative = asked.previous or asked.last_year
    return bool(_times(question)) or is_relative, bool(_times(question, years=True)) or is_relative


def leans(question: str) -> bool:
    """Whether a question cannot be understood without what was asked before."""
    text = " ".join(_QUOTED.sub(" … ", question.replace("’", "'")).split())
    if len(_CHINESE.findall(text)) * 2 > len(re.findall(r"[^\W\d_]", text)):
        return _leans_in_chinese(text)
    words = [word.casefold() for word in _WORDS.findall(text)]
    if not words:
        return True
    if len(text) <= _LONGEST_FRAGMENT and _OPENED_ELSEWHERE.fullmatch(text[:1].lower() + text[1:]):
        return True
    language = _language(text, words)
    if "…" in text:  # what is quoted says what is asked about
        return _points_out(text.lstrip("¿¡ "), language, frozenset(language.common.split()))
    common = frozenset(language.common.split())
    own = [word for word in words if word not in common and not re.fullmatch(f"(?:{language.opener})", word)]
    if all(re.fullmatch(f"(?:{language.bare})", word) for word in own):
        return True
    plain = text.casefold().lstrip("¿¡ ")
    if re.match(rf"(?:{language.about})\b", plain):
        return True
    if re.fullmatch(rf"(?:{language.asks_of})\W*", plain):
        return True
    if len(words) == 1 and text.rstrip().endswith("?"):
        return True
    if _is_fragment(words, own, language, common):
        return True
    return _points_out(text.lstrip("¿¡ "), language, common)


def language_of(text: str) -> SmallWords:
    """Return the language of a question by its small words, letters and signs; English where there are none."""
    return _language(text, [word.casefold() for word in _WORDS.findall(text)])


def _language(text: str, words: Sequence[str]) -> SmallWords:
    """Return the language whose small words, letters and signs a question has most of; English where none."""
    if re.search("[а-яё]", text, re.IGNORECASE):
        return RUSSIAN
    if "¿" in text or "¡" in text:
        return SPANISH
    parts = [part for word in words for part in re.split(r"['-]", word)]
    scores = [
        sum(
            (part in common)
            + (re.fullmatch(f"(?:{language.preposition}|{language.opener})", part) is not None)
            for part in parts
        )
        for language, common in zip(LANGUAGES, _COMMON, strict=True)
    ]
    return LANGUAGES[scores.index(max(scores))]


def _is_fragment(
    words: Sequence[str], own: Sequence[str], language: SmallWords, common: frozenset[str]
) -> bool:
    """Whether a question names only what is different, or asks for a property of nothing."""
    opened = re.fullmatch(f"(?:{language.opener})", words[0]) is not None
    rest = words[1:] if opened else words
    if not rest:
        return True
    asks = _QUESTION_WORDS.fullmatch(rest[0]) is not None or (
        len(rest) > 1 and _QUESTION_WORDS.fullmatch(rest[1])
    )
    if opened and not asks and len(rest) <= _FRAGMENT:
        return not _VERBS.fullmatch(rest[0])
    # "And in the lease of the dentist?" has no verb.
    says_where = re.fullmatch(f"(?:{language.preposition}|{_ACCORDING})", rest[0]) is not None
    if opened and says_where and not asks and len(rest) <= LONGEST_FRAGMENT:
        return not any(_VERBS.fullmatch(word) for word in rest)
    if opened and len(own) <= 1:
        return True
    if re.fullmatch(f"(?:{language.preposition})", rest[0]) and len(rest) <= _FRAGMENT and not asks:
        return True
    # "How tall?", "Which year?", "¿Cuándo se fundó?": a question word and one other
    if language is RUSSIAN and rest[0] in (
        "где",
        "кто",
        "что",
    ):  # "Где ключ?" has a verb that is not written
        return False
    small = [word for word in rest[1:] if word not in _DETERMINERS]
    return (
        bool(_QUESTION_WORDS.fullmatch(rest[0]))
        and len(own) <= 1
        and len(rest) <= 3
        and small == rest[1:]
        and (len(rest) == 2 or rest[1] in ("se", "lo", "la", "le", "much", "many"))
    )


def _points_out(text: str, language: SmallWords, common: frozenset[str]) -> bool:
    """Whether a word points to something that this question does not name."""
    formal = language is GERMAN
    if language is ENGLISH:
        text = re.sub(r"\bIT\b", "…", text)  # the trade, not the pronoun
    if not formal:
        text = text.casefold()
    flags = 0 if formal else re.IGNORECASE
    spared = re.sub(rf"(?<![\w'-])(?:{language.pointless})(?![\w-])", " … ", text, flags=re.IGNORECASE)
    if formal:  # "Sie" and "Ihr" within a sentence speak to somebody
        spared = spared[:1].lower() + re.sub(r"\b(?:Sie|Ihr(?:e[rnms]?)?|Ihnen)\b", "…", spared[1:])
    for found in re.finditer(rf"(?<![\w'-])(?:{language.points})(?![\w'-])", spared, flags):
        if not _named_before(spared[: found.start()], language, common, clause=True):
            return True
    for found in re.finditer(rf"(?<![\w'-])(?:{language.possessive})(?![\w'-])", spared, flags):
        if not _named_before(spared[: found.start()], language, common, clause=False):
            return True
    # French and others turn the subject round: "La garantie couvre-t-elle …?" names it, "Quand a-t-il …?" does not.
    turned = re.search(r"-(?:t-)?(?:il|elle|ils|elles)\b", spared) if language is FRENCH else None
    return turned is not None and not _named_before(
        re.sub(r"[\w']+$", "", spared[: turned.start()]), language, common, clause=False
    )


def _named_before(before: str, language: SmallWords, common: frozenset[str], *, clause: bool) -> bool:
    """Whether a noun that a pronoun may stand for comes before it, in an earlier clause where `clause`."""
    if clause:
        ends = [
            found.start()
            for found in re.finditer(rf"[,;:.]|\b(?:{language.boundary})\b", before, re.IGNORECASE)
        ]
        ends = [end for end in ends if before[:end].strip()]
        if not ends:
            return False
        before = before[: ends[-1]]
    before = re.sub(r"\b(?:how|wie|so|too) \w+", " ", before, flags=re.IGNORECASE)
    return any(
        word.casefold() not in common and not _VERBS.fullmatch(word.casefold())
        for word in _WORDS.findall(before)
    )


_QUESTION_WORDS = re.compile(
    r"what|who|whom|whose|which|when|where|why|how|was|wer|wen|wem|wie|wo|wann|warum|wieso|weshalb|welche[rnms]?"
    r"|qui|que|quoi|quels?|quelles?|quand|où|pourquoi|comment|combien|qu'est-ce|est-ce|qué|quién(?:es)?|cuál(?:es)?|cuándo"
    r"|cuánt[oa]s?|dónde|cómo|что|кто|кого|кому|чем|как|где|когда|почему|зачем|сколько|как(?:ой|ая|ое|ие|их|ую)"
)
_VERBS = re.compile(
    r"is|are|was|were|do|does|did|can|could|should|would|will|may|must|has|have|had|tell|explain|list|give|show|find|name"
    r"|ist|sind|war|waren|hat|haben|kann|können|muss|darf|gibt|wird|est|sont|a|ont|peut|faut|es|son|está|hay|puede"
    r"|есть|можно|нужно|назови|перечисли|happened?|happens?|mean|means|apply|applies|work|works|cost|costs|say|says"
    r"|built|made|founded|written|kostet|kosten|gilt|passiert|funktioniert|gebaut|coûte|cuesta"
)
_DETERMINERS = frozenset(
    "the a an der die das ein eine le la les un une el los las una l' is are was were ist sind war es son est".split()
)


def _leans_in_chinese(text: str) -> bool:
    plain = re.sub(r"[\s？?。！!，,、]+$", "", text)
    if plain.endswith("呢") or re.match(r"(?:那么?|还有|以及|但是?|而)(?!不勒斯)", plain):
        return True
    if _CHINESE_BARE.fullmatch(re.sub(r"[\s，,]", "", plain)):
        return True
    for found in _CHINESE_POINTS.finditer(plain):
        earlier = re.split(r"[，,；;]", plain[: found.start()])
        named = len(earlier) > 1 and len("".join(earlier[:-1])) >= 3
        if not named:
            return True
    return False
