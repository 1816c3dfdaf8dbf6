"""What kind of thing a question asks for, in the languages whose question words are few."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from enum import StrEnum

from chatbot_app.core.document_fields import FieldsAsked
from chatbot_app.knowledge.words.words import stem, stems


class Asked(StrEnum):
    """What an answer must hold."""

    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    REASON = "reason"
    DEFINITION = "definition"
    THING = "thing"  # "what …", "which …"
    OTHER = "other"


# What stands behind "how" where a number is asked for.
_MEASURES = "many|much|old|tall|high|large|big|fast|far|deep|wide|heavy|long|often|frequently"

# The first that matches counts. English, German, French, Spanish, Russian, Chinese.
_FORMS = tuple(
    (asked, re.compile(form, re.IGNORECASE))
    for asked, form in (
        (
            Asked.DATE,
            r"\bwhen\b|\b(?:what|which) (?:\w+ )?(?:year|years|date|day|month|century|decade|season)\b|\bwann\b"
            r"|welche[mns]? (?:jahr|tag|monat|jahrhundert)|\bquand\b|quelle (?:année|date)|\bcuándo\b|qué (?:año|fecha)"
            r"|\bкогда\b|како[мй] (?:году|год|день)|什么时候|何时|哪一?年|哪天",
        ),
        (
            Asked.NUMBER,
            rf"\bhow (?:{_MEASURES}|close)\b"
            r"|\b(?:what|which) (?:\w+ )?(?:percent|percentage|number|amount|share|proportion|population|price|cost|speed"
            r"|temperature|size|rate|age)\b|\bwie ?(?:viele?n?|lange?|hoch|gro(?:ß|ss)|alt|weit|oft)\b|\bcombien\b"
            r"|\bcuánt\w+|\bсколько\b|多少|几[个次年天]",
        ),
        (
            Asked.PERSON,
            r"\bwho(?:se|m)?\b|\bwer\b|\bwem\b|\bwen\b|\bwessen\b|\bqui\b|\bquién(?:es)?\b|\bкто\b|\bкого\b|\bкем\b|谁",
        ),
        (
            Asked.PLACE,
            r"\bwhere\b|\b(?:what|which) (?:\w+ )?(?:city|country|state|town|place|location|river|continent|region|county"
            r"|island|stadium|venue)\b|\bwo(?:hin|her)?\b|\boù\b|\bdónde\b|\bгде\b|\bкуда\b|哪里|何处|什么地方",
        ),
        (
            Asked.REASON,
            r"\bwhy\b|\bwhat (?:caused|causes|was the reason|is the reason|led to)\b|\bwarum\b|\bweshalb\b|\bwieso\b"
            r"|\bpourquoi\b|\bpor qué\b|\bпочему\b|\bзачем\b|为什么|为何",
        ),
        (
            Asked.DEFINITION,
            r"^\W*(?:what(?:'s| is| are| was| were)|define|was (?:ist|sind|war)|qu['’]est-ce que|qué (?:es|son)"
            r"|что такое)\b|是什么",
        ),
        (
            Asked.THING,
            r"\bwhat\b|\bwhich\b|\bwas\b|\bwelche\w*|\bquel\w*|\bqué\b|\bcuál\w*|\bчто\b|\bкак\w+\b|什么|哪",
        ),
    )
)

_FACTS = frozenset({Asked.NUMBER, Asked.DATE, Asked.PERSON, Asked.PLACE})

REASON_WORDS = re.compile(
    r"\b(?:because|due to|owing to|since|as a result|result(?:ed|s)? (?:of|in|from)|reasons?|caused?|in order to|so that"
    r"|therefore|thus|weil|wegen|aufgrund|denn|damit|deshalb|parce que|car|afin|grâce|porque|debido|потому|из-за|чтобы)\b"
    r"|因为|由于|所以",
    re.IGNORECASE,
)
DEFINING_WORDS = re.compile(
    r"\b(?:is|are|was|were|means?|refers? to|called|known as|defined as|ist|sind|bezeichnet|est|sont|es|son|это|является)\b"
    r"|是|指",
    re.IGNORECASE,
)

# "Which kinds of files can be read?" asks for files: no text that answers needs the word.
_CLASS = re.compile(
    r"\b(?:what|which) (?:\w+ )?(kinds?|types?|sorts?|forms?) of\b|\bwelche[mnrs]? (arten?|sorten?|typen?)\b"
    r"|\bquels? (types?|genres?|sortes?) de\b|\bqué (tipos?|clases?) de\b|\bкак(?:ие|ой) (виды?|типы?)\b",
    re.IGNORECASE,
)


# "How much is the rent?" asks for a number: the answer says "$2,350", and no "much".
_MEASURE = re.compile(
    rf"\bhow ({_MEASURES}|soon)\b"
    r"|\bwie (viele?|lange?|hoch|groß|alt|weit|oft|schnell|tief|breit|schwer|teuer)\b"
    # "What percentage of sales …?": the answer says "%", and what of.
    r"|\b(?:what|which) (percentage|percent|share|proportion|fraction) of\b|\bwie viel (prozent)\b|\bwelche[rn] (prozentsatz|anteil)\b"
    r"|\bquel (pourcentage)\b|\bqué (porcentaje)\b|\bкакой (процент)\b",
    re.IGNORECASE,
)

_MARK = re.compile("[?？؟¿]|;\\s*$")  # Greek ends a question with a semicolon


def class_words(question: str) -> set[str]:
    """Return the words of a question that only say "kind of" or ask for a measure or a share, lower case."""
    found = itertools.chain(_CLASS.finditer(question), _MEASURE.finditer(question))
    return {word.casefold() for match in found for word in match.groups() if word}


def terms_beside_names(terms: Mapping[str, float], asked: FieldsAsked | None) -> dict[str, float]:
    """Return the words of a question, with their rarity, without those that name the documents it asks: "Apple" stands in
    all of Apple's reports, also where they do not say when it was founded. All, where no other is there."""
    named = stems(" ".join((*asked.companies, *asked.kinds))) if asked is not None else set()
    beside = {term: rarity for term, rarity in terms.items() if stem(term) not in named}
    return beside or dict(terms)


def asked_for(question: str) -> Asked:
    """Return what a question asks for."""
    for asked, form in _FORMS:
        if form.search(question):
            return asked
    return Asked.OTHER


def fact_words(question: str) -> str:
    """Return the words by which a question asks for a number, a day, a person or a place ("how much", "wann"), "" where for none."""
    for asked, form in _FORMS:
        found = form.search(question)
        if found is not None:
            return found.group() if asked in _FACTS else ""
    return ""


def is_question(text: str) -> bool:
    """Whether something is asked, rather than stated or described: by its mark, or by the word that it begins with."""
    return _MARK.search(text) is not None or asked_for(" ".join(text.split()[:2])) is not Asked.OTHER
