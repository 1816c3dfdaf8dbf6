"""Whether a question stands alone, or leans on the one before and needs its words to be searched.

Rules over the words of six languages, measured on labelled questions (`tests/unit/knowledge/test_follow_ups.py`).
A question leans on an earlier one by a word that points out of it ("when was it built?"), by what it leaves out
("and in 2023?", "why?"), or by asking for more of the same. A "there is", an "it takes … to" and a pronoun whose
noun stands in an earlier clause of the same question point nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot_app.knowledge.fields.telling import is_chinese, telling_part
from chatbot_app.knowledge.search.replaced_phrases import LONGEST_FRAGMENT
from chatbot_app.knowledge.words.small_words import (
    ENGLISH,
    FRENCH,
    GERMAN,
    RUSSIAN,
    SmallWords,
    language_of,
)

_LONGEST_CHAIN = 3  # follow-ups of follow-ups whose words are collected
_LONGEST_FRAGMENT = 80  # characters
_FRAGMENT = 4  # words of a question that only names what is different: "And for children?"
_ACCORDING = "according|laut|gemäß|selon|según|согласно"
_WHOLE = 3  # words of its own that make a question whole, although it begins with "and"
_NAME = re.compile(r"(?<=[^\W_] )[A-ZÀ-ÖØ-ÞА-ЯЁ]|\d")  # in languages that write no noun large


_CHINESE_POINTS = re.compile(
    r"(?<![吉其])[它他她](?:们)?|这(?!些年|一?年|个?月|周|样的话)|那(?!不勒斯|么多)|(?:前|后)者"
)
_CHINESE_BARE = re.compile(
    r"(?:那|那么|请|再|能|可以|你|给我|我|多|更|详细|具体|一点|一些|一下|说明|解释|举例|举个|例子|继续|还有|别的|其他|吗|呢|呀|啊|了|的|是"
    r"|为什么|为何|怎么|怎么样|如何|什么|什么时候|何时|哪里|哪儿|谁|多少|多少钱|多久|几个|真的|然后|总结|简单|详情|原因|来源|确定)+"
)
_QUOTED = re.compile(r'["“„«»][^"“”„«»]{2,200}["”“«»]')  # words of somebody else point nowhere
# "En in 2021?", "Och Tesla?", "A w 2021?": questions of other languages that only name what is different.
_OPENED_ELSEWHERE = re.compile(
    r"(?:en|och|og|a|oraz|ed?)(?:\s+(?:in|voor|van|i|för|under|w|we|za|dla|nel|per|em|no|para|do)){0,2}\s+(?:[A-ZÅÄÖØÆŁŚŻ][\w&.-]*\s?|\d[\d./-]*\s?){1,2}\?",
)
_WORDS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


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


def leans(question: str) -> bool:
    """Whether a question cannot be understood without what was asked before."""
    text = " ".join(_QUOTED.sub(" … ", question.replace("’", "'")).split())
    if is_chinese(text):
        return _leans_in_chinese(text)
    words = [word.casefold() for word in _WORDS.findall(text)]
    if not words:
        return True
    if len(text) <= _LONGEST_FRAGMENT and _OPENED_ELSEWHERE.fullmatch(text[:1].lower() + text[1:]):
        return True
    language = language_of(text)
    if "…" in text:  # what is quoted says what is asked about
        return _points_out(text.lstrip("¿¡ "), language, frozenset(language.common.split()))
    common = frozenset(language.common.split())
    own = [word for word in words if word not in common and not _is_opener(word, language)]
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
    # "And how strong was the wind?" asks of what was spoken of, unless it names something itself.
    names = language is not GERMAN and _NAME.search(text) is not None
    if _is_opener(words[0], language) and len(own) < _WHOLE and not names:
        return True
    told = telling_part(text)
    if not told:
        return True
    if told != text:  # "And how did that look for Nile the year before?" names Nile alone
        left = [word.casefold() for word in _WORDS.findall(told)]
        if _is_fragment(left, [word for word in own if word in left], language, common):
            return True
    return _points_out(text.lstrip("¿¡ "), language, common)


def _is_opener(word: str, language: SmallWords) -> bool:
    """Whether a word joins a question to the one before: "and", "oder", "mais"."""
    return re.fullmatch(f"(?:{language.opener})", word) is not None


def _is_fragment(
    words: Sequence[str], own: Sequence[str], language: SmallWords, common: frozenset[str]
) -> bool:
    """Whether a question names only what is different, or asks for a property of nothing."""
    opened = _is_opener(words[0], language)
    rest = words[1:] if opened else words
    if not rest:
        return True
    asks = _QUESTION_WORDS.fullmatch(rest[0]) is not None or (
        len(rest) > 1 and _QUESTION_WORDS.fullmatch(rest[1])
    )
    if opened and not asks and len(rest) <= _FRAGMENT:
        return not _is_verb(rest[0], language)
    # "And in the lease of the dentist?" has no verb.
    says_where = re.fullmatch(f"(?:{language.preposition}|{_ACCORDING})", rest[0]) is not None
    if opened and says_where and not asks and len(rest) <= LONGEST_FRAGMENT:
        return not any(_is_verb(word, language) for word in rest)
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


def _is_verb(word: str, language: SmallWords) -> bool:
    """Whether a word is a verb that a question may begin with: "a" is one in French alone ("And a dentist?")."""
    return _VERBS.fullmatch(word) is not None and (word != "a" or language is FRENCH)


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
