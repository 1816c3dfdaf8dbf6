"""What a follow-up tells besides that it is one, and besides another time that it names by that of the question before."""

from __future__ import annotations

import re

from chatbot_app.knowledge.fields.content import without_spans
from chatbot_app.knowledge.fields.relative_times import relative_spans
from chatbot_app.knowledge.words.small_words import SmallWords, language_of

_LONGEST_QUESTION = 2000  # characters
_WORDS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SPACE_BEFORE_MARK = re.compile(r"\s+(?=[?.!,])|^[\s,]+|,(?=\s*[?.!])")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_OPENED = re.compile(r"^\s*(?:(?:那么?(?!不勒斯)|还有|以及|但是?|而|关于|至于|请问)[，,\s]*)+")
_CLOSED = re.compile(
    r"(?:的(?:情况|话)?)?(?:又?(?:怎么样|怎样|如何|是?多少|是什么))?[呢吗呀啊]?[\s?？。！!]*$"
)


def telling_part(question: str) -> str:
    """Return a follow-up without what says nothing but that it is one, and of which other time it is: no answer says that.

    "And how did that look for Nile the year before, please?" tells "And for Nile?".
    """
    if len(question) > _LONGEST_QUESTION:
        return question
    if is_chinese(question):
        return told_in_chinese(question)
    language = language_of(question)
    idle = [
        match.span()
        for match in re.finditer(rf"(?<![^\W_])(?:{language.idle})(?![^\W_])", question, re.IGNORECASE)
    ]
    spans = [*relative_spans(question), *idle]
    if not spans:
        return question
    told = _SPACE_BEFORE_MARK.sub("", " ".join(without_spans(question, spans).split()))
    return told if _has_own_words(told, language) else ""


def _has_own_words(told: str, language: SmallWords) -> bool:
    common = frozenset(language.common.split())
    return any(
        word not in common and not re.fullmatch(f"(?:{language.opener}|{language.preposition})", word)
        for word in map(str.casefold, _WORDS.findall(told))
    )


def is_chinese(text: str) -> bool:
    """Whether most letters of a question are Chinese."""
    return len(_CHINESE.findall(text)) * 2 > len(re.findall(r"[^\W\d_]", text))


def told_in_chinese(question: str) -> str:
    """Return what a follow-up says besides that it is one, and without a time that it names by another: 亚马逊 of 那亚马逊呢？"""
    told = without_spans(question, relative_spans(question))
    return _CLOSED.sub("", _OPENED.sub("", told)).strip(" ，,")
