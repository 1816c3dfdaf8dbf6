"""What a question asks for and the documents do not have: a name, a count, a person, the very deed, a year.

Reports of a company have its words on all their pages, so that something is always found. What is asked of them is not
answered where they never say "India", count no "members", name nobody, or never say "founded".
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence, Set

from chatbot_app.core.document_fields import FieldMatch
from chatbot_app.core.documents import Evidence, YearsAsked
from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.fields.content import without_kinds
from chatbot_app.knowledge.sentences.offices import names_person
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence
from chatbot_app.knowledge.values.measures import Value, ValueKind
from chatbot_app.knowledge.values.values import values_of
from chatbot_app.knowledge.words.names import initials, is_said_by, name_form, names_of, word_forms
from chatbot_app.knowledge.words.question_language import question_language
from chatbot_app.knowledge.words.questions import Asked, asked_for
from chatbot_app.knowledge.words.words import STOP_WORDS, stem, stems

# Of the logarithm of the odds that a question is answered that names documents. Those of one company would choose the same for the
# other: from 2 to 4 less than two of a hundred questions are told otherwise.
NAME_MISSING = 3.0
COUNT_MISSING = 3.0
PERSON_MISSING = 2.0
DEED_MISSING = 3.0  # times the share of the question's words that nothing found has, where a person, day or place is asked for
# Where what is quoted first is of a document that tells of other years than the question's. All 43 articles that answer a
# question with a year (retrieval/wikipedia) tell of it, so that nothing but the certainty of the surest rows sets it.
YEAR_MISSING = 8.0

_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_SENTENCE_END = re.compile(r"[.!?:]\W*$|^\W*$")
# What has capitals and is no name: periods, units, terms that reports write out.
_NO_NAME = LatePattern(
    r"^(?:[qh][1-4]|fy\d*|10-?[qk]s?|20-?f|8-?k|sec|u\.?s\.?a?|uk|eu|eps|r&d|sg&a|md&a|ebitda?|gaap|ceo|cfo|coo|cto|rsus?|ai|it|tv|usd|eur"
    r"|january|february|march|april|may|june|july|august|september|october|november|december)$",
    re.IGNORECASE,
)
_COUNTED = LatePattern(
    r"\bhow many\s+((?:[\w'’-]+\s+){0,4}?[\w'’-]+)\s+(?:did|does|do|has|have|had|are|is|were|was|will|can|could|of|in|by|to|at|on|from|for|with"
    r"|used?|works?|attended|visited|per)\b",
    re.IGNORECASE,
)
_LONGEST_QUESTION = 2000  # characters that are looked at
_AFTER = 40  # characters behind a number where what it counts stands
_FACTS = frozenset({Asked.PERSON, Asked.DATE, Asked.PLACE})


def odds_of_missing(
    question: str,
    terms: Mapping[str, float],
    evidence: Sequence[Evidence],
    sentences: Sequence[Sentence],
    quoted: Sequence[Sentence],
) -> float:
    """Return what is added to the logarithm of the odds that a question is answered, never above 0.

    `terms` are its words with their rarity, without those that name documents; `quoted` are the sentences of the first quote.
    """
    meant = [item for item in evidence if item.match is not FieldMatch.DIFFERS]
    odds = 0.0
    if _missing_names(question, meant):
        odds -= NAME_MISSING
    sources = {number for number, item in enumerate(evidence) if item.match is not FieldMatch.DIFFERS}
    counted = _COUNTED.search(question[:_LONGEST_QUESTION])
    if counted is not None:
        told = (one for one in sentences if one.source in sources)
        if not any(_counts(one, stem(counted[1].split()[-1].casefold())) for one in told):
            odds -= COUNT_MISSING
    asked = asked_for(question)
    if asked is Asked.PERSON:
        if any(_is_all_said(question, terms, one) for one in quoted):
            return odds  # "The landlord pays for water" names nobody, and answers
        if not any(_names_somebody(one, question) for one in quoted):
            odds -= PERSON_MISSING
    if asked in _FACTS:
        odds -= DEED_MISSING * _share_missing(terms, meant)
    return odds


def years_missing(asked: YearsAsked | None, document_id: str) -> tuple[int, ...]:
    """Return the years of a question that a document never tells of, though it tells of others."""
    return asked.years if asked is not None and document_id in asked.silent else ()


def less_sure(confidence: float, odds: float) -> float:
    """Return a confidence, 0 to 1, whose logarithm of the odds is less by `odds`."""
    return confidence / (confidence + (1 - confidence) * math.exp(odds))


def _missing_names(question: str, meant: Iterable[Evidence]) -> list[str]:
    """Return the names of a question, but for those of the documents' companies, that no passage has."""
    forms: set[str] = set()
    own: set[str] = set()
    texts: list[str] = []
    for item in meant:
        texts.append(f"{item.title}\n{item.passage.context}\n{item.passage.text}")
        forms |= word_forms(texts[-1])
        own |= word_forms(" ".join((item.fields.company, *item.fields.aliases)))
    written = {stem(form) for form in forms}
    plain = without_kinds(question[:_LONGEST_QUESTION])
    if plain.isupper():
        return []  # nothing tells names from other words
    nouns_too = question_language(plain) == "de"  # all nouns have a capital letter
    missing = []
    for match in _WORD.finditer(plain):
        word = _POSSESSIVE.sub("", match.group())
        form = name_form(word)
        if word.islower() or not any(c.isupper() for c in word) or word.casefold() in STOP_WORDS:
            continue
        if nouns_too and word.istitle():
            continue
        if _NO_NAME.search(form) or _SENTENCE_END.search(plain[max(0, match.start() - 4) : match.start()]):
            continue
        if form in own or any(one.startswith(form) for one in own):
            continue
        if not (is_said_by(form, forms) or stem(form) in written):
            missing.append(word)
    if not missing:
        return []
    # "Amazon Web Services" is said by "AWS".
    short = initials(names_of(plain)) & forms
    return [] if short else missing


def _counts(sentence: Sentence, thing: str) -> bool:
    """Whether a sentence, or a row that is called so, says how many of a thing there are: no amount of money, no share."""
    if thing not in stems(sentence.text):
        return False
    values = values_of(sentence.text)
    if any(thing in stems(sentence.text[value.start : value.end]) for value in values):
        return True  # "2319 hours" counts hours
    numbers = [value for value in values if _is_count(value, sentence.text)]
    if numbers and sentence.is_row and thing in stems(sentence.text.partition(", ")[0]):
        return True
    return any(thing in stems(sentence.text[value.end : value.end + _AFTER]) for value in numbers)


def _is_count(value: Value, text: str) -> bool:
    if value.kind is ValueKind.DATE or value.dimension:
        return False
    is_note = text[: value.start].endswith("(") and text[value.end :].startswith(")")
    return not is_note and text[value.end : value.end + 1] != "-"  # "third-party"


def _names_somebody(sentence: Sentence, question: str) -> bool:
    return not sentence.is_of_table and names_person(sentence.text, word_forms(question))


def _is_all_said(question: str, terms: Mapping[str, float], sentence: Sentence) -> bool:
    """Whether a sentence itself has every word of a question that says what somebody did, more than a name."""
    deed = [term for term in terms if term in question]  # a name has a capital letter there
    held = stems(sentence.text)
    return not sentence.is_of_table and len(deed) > 1 and all(stem(term) in held for term in terms)


def _share_missing(terms: Mapping[str, float], meant: Iterable[Evidence]) -> float:
    held: Set[str] = stems(" ".join(f"{item.passage.context} {item.passage.text}" for item in meant))
    total = sum(terms.values())
    return sum(rarity for term, rarity in terms.items() if stem(term) not in held) / total if total else 0.0
