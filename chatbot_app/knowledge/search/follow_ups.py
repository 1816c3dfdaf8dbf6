"""A follow-up with the words of the questions that it leans on (`leaning`), so that it can be searched by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot_app.knowledge.fields.asking import read_question
from chatbot_app.knowledge.fields.content import without_spans
from chatbot_app.knowledge.fields.figures import asks_itself, why_asked
from chatbot_app.knowledge.fields.periods import periods_of
from chatbot_app.knowledge.fields.telling import is_chinese, telling_part
from chatbot_app.knowledge.fields.terms import amounts_named
from chatbot_app.knowledge.fields.time_ranges import ranges_of
from chatbot_app.knowledge.search.chinese_follow_ups import replaced_in_chinese
from chatbot_app.knowledge.search.leaning import leans
from chatbot_app.knowledge.search.replaced_phrases import replaced_spans
from chatbot_app.knowledge.values.dates import dates_of
from chatbot_app.knowledge.words.questions import fact_words
from chatbot_app.knowledge.words.small_words import SmallWords, language_of
from chatbot_app.knowledge.words.words import query_terms, stem

_LONGEST_QUESTION = 2000  # characters that are looked at for times
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def complete_follow_up(question: str, leant_on: Sequence[str]) -> str:
    """Return a question that stands alone: with the key terms of those that it leans on (`leaned_on`), newest first.

    "And in 2023?" after "How much did Acme earn in 2022?" becomes "And in 2023? acme earn". Numbers are not carried over, for they
    are what a follow-up changes, but for the year where it has none; nor is a quarter or a day where it names one itself, or the
    one before; nor an amount of accounts where it names another ("And the net income?"); nor what it names another thing for
    ("And of a scallop?" after "… the size of a lobster?": `replaced_spans`). What a newer question replaces an older one does not
    bring back. That it is asked why, how much, when or who is kept. What the question itself says of nothing but another time is
    left out (`telling_part`).
    """
    if not leant_on:
        return question
    language = language_of(question)
    told = telling_part(question)
    carried = _carried_terms(question, told, leant_on, language)
    why = why_asked(question, leant_on)
    fact = _fact_asked(question, leant_on)
    searched = " ".join([*([told] if told else []), *carried])
    asked = [word for word in (fact, why) if word and word.casefold() not in searched.casefold()]
    return " ".join([*([searched] if searched else []), *asked]) or question


def _carried_terms(question: str, told: str, leant_on: Sequence[str], language: SmallWords) -> list[str]:
    """Return the words of the questions that one leans on, newest first, that are meant with what it tells itself (`told`)."""
    known = {stem(word) for word in query_terms(told)[0]} if told else set()
    names_part, is_other_year = _names_anew(question)
    has_number = any(character.isdigit() for character in question)
    amounts = amounts_named(question)
    terms: list[str] = []
    for earlier in leant_on:
        whole = telling_part(earlier) if earlier is not leant_on[-1] or leans(earlier) else earlier
        in_chinese = is_chinese(whole[:_LONGEST_QUESTION])
        kept = without_spans(
            whole,
            replaced_in_chinese(without_times(told), whole[:_LONGEST_QUESTION])
            if in_chinese
            else replaced_spans(told, whole[:_LONGEST_QUESTION], language),
        )
        # A year alone keeps the quarter of the question before.
        rest = without_spans(kept, _times(kept, parts=names_part, years=is_other_year))
        words, pairs = query_terms(rest)
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
            terms.append(" ".join(rest.split()))
        # What one names anew is not that of those before it.
        other_part, other_year = _names_anew(earlier)
        names_part, is_other_year = names_part or other_part, is_other_year or other_year
        has_number = has_number or any(character.isdigit() for character in earlier)
        amounts = amounts or others
    return terms


def _fact_asked(question: str, leant_on: Sequence[str]) -> str:
    """Return the words by which the question that one leans on asks for a number, a day, a person or a place; "" where one asks
    something itself."""
    for one in (question, *leant_on):
        words = fact_words(one)
        if words or asks_itself(one):
            return words
    return ""


def without_times(question: str) -> str:
    """Return a question without the years, quarters, months and days that it names."""
    return without_spans(question, _times(question, years=True))


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
    is_relative = asked.previous or asked.last_year or asked.is_followed or asked.is_year_after
    return bool(_times(question)) or is_relative or bool(asked.ordinals), bool(
        _times(question, years=True)
    ) or is_relative
