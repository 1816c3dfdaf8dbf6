"""What a question asks of documents, without the words that say which documents it asks.

"How has Apple's inventory changed across these quarters?" is asked of Apple's reports, and asks them for
"inventory". The other words stand in every report, mostly in passages that say nothing else. A period that is
named stays: it stands above the columns of tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from chatbot_app.knowledge.fields.kinds import KINDS
from chatbot_app.knowledge.words.names import name_form
from chatbot_app.knowledge.words.words import STOP_WORDS

_WORD = re.compile(r"[^\W_]+(?:['’&.-][^\W_]+)*")
# What is current in a balance sheet: due or used up within a year.
_ACCOUNT = re.compile(
    r"assets?|liabilit(?:y|ies)|portion|part|maturit(?:y|ies)|ratio|debts?|borrowings?|receivables?|payables?|provisions?|inventor(?:y|ies)|investments?",
    re.IGNORECASE,
)
_LONGEST_ACCOUNT = 4  # words
_POSSESSIVE = re.compile(r"['’]s?$")
# Which of several documents, and that they are compared: begins of words of six languages.
_FRAME = re.compile(
    r"(?:quarter(?:s|ly)?|years?|yearly|annual(?:ly)?|periods?|fiscal|reports?|reported|reporting|filings?|filed|documents?|statements?"
    r"|latest|recent(?:ly)?|newest|current(?:ly)?|previous(?:ly)?|prior|preceding|earlier|same|last|most|over|time|across|each|these|those|all|every"
    r"|separately|respectively|compar\w+|versus|vs|between|trends?|chang(?:e|es|ed|ing)|evolv\w+|fluctuat\w+|develop(?:ed|ment|s)?|identif\w+"
    r"|significant(?:ly)?|notable|major|summari[sz]e|list|analy[sz]e|examine|discuss\w*|describe\w*|disclos\w+|mention\w*|according|based"
    r"|relationship|correlat\w+|relat(?:e|es|ed)|align|insights?|sections?|information|details?|provided|company|companies|much|many|out|up"
    r"|quartal\w{0,2}|jahr\w{0,2}|geschäftsjahr\w{0,2}|bericht\w{0,2}|letzt\w{2}|neuest\w{1,2}|vorig\w{2}|vorjahr\w{0,2}|verglich\w*|vergleich\w*"
    r"|entwickl?\w+|verändert?\w*|trimestres?|années?|exercices?|rapports?|derni[eè]re?s?|évolu\w+|comparé\w*|años?|ejercicios?|informes?|últim\w{1,2}"
    r"|квартал\w*|год\w{0,2}|отч[её]т\w*|последн\w+|предыдущ\w+|сравн\w+)",
    re.IGNORECASE,
)


def content_of(question: str, companies: Iterable[tuple[str, ...]], aliases: Iterable[str] = ()) -> str:
    """Return the words of a question that say what is asked for; all of it where hardly any would be left."""
    names = {word for key in companies for word in key} | {name_form(alias) for alias in aliases}
    taken = bytearray(len(question))
    for start, end in _kind_spans(question):
        taken[start:end] = b"\1" * (end - start)
    kept: list[str] = []
    telling = 0
    words = [*_WORD.finditer(question)]
    for place, match in enumerate(words):
        word = match.group()
        plain = name_form(_POSSESSIVE.sub("", word))
        is_frame = _FRAME.fullmatch(plain) and not (plain == "current" and _names_account(words[place + 1 :]))
        if 1 in taken[match.start() : match.end()] or is_frame:
            continue
        if plain in names or all(
            part in names or part == "com" for part in re.split(r"[.-]", _POSSESSIVE.sub("", word).casefold())
        ):
            continue
        kept.append(word)
        telling += plain not in STOP_WORDS
    return " ".join(kept) if telling else question


def _names_account(words: Sequence[re.Match[str]]) -> bool:
    """Whether "current" before these words is a part of the balance sheet ("current operating lease liabilities"), and no time."""
    return any(_ACCOUNT.fullmatch(word.group()) for word in words[:_LONGEST_ACCOUNT])


def without_kinds(text: str) -> str:
    """Return a question without the kinds of documents that it names: "10-Q" is no part number in it."""
    return without_spans(text, _kind_spans(text))


def without_spans(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return a text with blanks in place of the characters `start` to `end` of each span; everything else stays where it is."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _kind_spans(question: str) -> list[tuple[int, int]]:
    return [
        match.span()
        for kind in KINDS
        if "filing" in kind.broader
        for match in (kind.asked or kind.pattern).finditer(question)
    ]
