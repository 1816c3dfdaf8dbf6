"""What a sentence of a source says against a statement that has all of its facts and most of its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set
from types import MappingProxyType

from chatbot_app.knowledge.sentences.clauses import clauses_with, other_subject
from chatbot_app.knowledge.sentences.negation import Denial, denied, disagree
from chatbot_app.knowledge.sentences.source_sentences import SourceSentence
from chatbot_app.knowledge.trust.contradictions.arguments import another_argument
from chatbot_app.knowledge.trust.contradictions.clause_names import another_clause
from chatbot_app.knowledge.trust.contradictions.comparisons import compared_otherwise, condition_turned
from chatbot_app.knowledge.trust.contradictions.decided_checks import differing
from chatbot_app.knowledge.trust.contradictions.exchanged import exchanged
from chatbot_app.knowledge.trust.contradictions.marked_roles import roles_exchanged
from chatbot_app.knowledge.trust.contradictions.opposed import opposed
from chatbot_app.knowledge.trust.contradictions.order_in_time import in_another_order
from chatbot_app.knowledge.trust.contradictions.parallels import (
    label_of,
    misplaced,
    of_another_row,
    other_topic,
    row_that_says,
    says,
)
from chatbot_app.knowledge.trust.contradictions.quantifiers import (
    all_of_some,
    must_for_may,
    only_one_of_all,
    only_what_is_excluded,
)
from chatbot_app.knowledge.trust.contradictions.set_against import denied_alternative, of_another_label
from chatbot_app.knowledge.trust.contradictions.table_rows import cell_of_another_head, row_of_another_name
from chatbot_app.knowledge.values.bounds import bound_of, rate_of
from chatbot_app.knowledge.values.changes import changed_to, moved_to, turned_round, way_of_change
from chatbot_app.knowledge.values.derived_values import follows
from chatbot_app.knowledge.values.measures import Value, ValueKind
from chatbot_app.knowledge.words.contraries import contraries_of
from chatbot_app.knowledge.words.opposites import way_of
from chatbot_app.knowledge.words.words import stems

_NONE: frozenset[str] = frozenset()
OPPOSITE = "The source says the opposite: one of the two is a denial."
_ASKS = re.compile(r"[?“\"]|\b(?:what|who|whom|whose|which|how|when|where|why)\b", re.IGNORECASE)
# Nothing is left of what has run out, and what is left out is without it.
_OUT = re.compile(
    r"\b(?:run|runs|ran|running|leave|leaves|left|leaving|sold|dried|died)(?: \w+){0,3} out\b", re.IGNORECASE
)
# What is denied may be the exception.
_EXCEPTS = re.compile(r"\b(?:außer|ausgenommen|sauf|hormis|salvo|excepto|кроме)\b|除", re.IGNORECASE)
AS_NEAR_ELSEWHERE = 0.6  # of the match of the sentence that supports it, for one that says the opposite
MOST_ELSEWHERE = 3  # such sentences
MOST_HELD = 32  # pairs of a value of the statement and one of the sentence that says it
CLOSE = 0.4  # of the words of a statement, for its sentence to speak of the very same


def contradiction(
    statement: str,
    values: Sequence[Value],
    words: Set[str],
    sentence: SourceSentence,
    sentences: Sequence[SourceSentence] = (),
    share: Callable[[Set[str]], float] = lambda without: 1.0,
    forms: Mapping[str, Set[str]] = MappingProxyType({}),
) -> str | None:
    """Return, in a sentence, what a source's sentence says against a statement; None where it says nothing against it.

    `values` are those of the statement, `words` the stems of its content words; `sentences` are all of the sources,
    `share` says which share of the words, but for some, the sentence has, `forms` the other forms in which words stand in the
    sources: "lagern" for "gelagert".
    """
    beside = _beside(sentence, sentences)
    denials = [denial for denial in denied(statement) if not _is_of_another(denial, sentence, beside)]

    def there(terms: Set[str]) -> frozenset[str]:
        """Return words in the form in which the sentence has them."""
        return frozenset(
            term if term in sentence.stems else min(forms.get(term, _NONE) & sentence.stems, default=term)
            for term in terms
        )

    denials = [Denial(there(denial.words), there(denial.about)) for denial in denials]
    excepts = bool(denials) and bool(_EXCEPTS.search(sentence.text)) and not _EXCEPTS.search(statement)
    if (
        not excepts
        and bool(_OUT.search(statement)) is bool(_OUT.search(sentence.text))
        and disagree(denials, there(words), sentence.denied, sentence.stems)
    ):
        return OPPOSITE
    told = clauses_with(sentence.text, sentence.values, values, words, sentence.scale)
    opposites = None if _ASKS.search(statement) else contraries_of
    for mine, theirs_word in opposed(statement, told, _scopes(statement), _scopes(told), opposites):
        if share(stems(mine)) >= CLOSE:
            return f"The answer says “{mine}”, the source “{theirs_word}”."
    held = [
        (value, theirs)
        for value in values
        for theirs in sentence.values
        if says(sentence.text, theirs, statement, value, sentence.scale)
    ]
    if sentence.is_row:
        rows = [other for other in sentences if other.is_row]
        if held and (row := of_another_row(statement, sentence, rows)) is not None:
            return f"The source says this of “{label_of(sentence.text)}”, not of “{label_of(row.text)}”."
        cells = cell_of_another_head(statement, sentence, [theirs for _, theirs in held])
        if cells is not None:
            return f"The source says this of “{cells[0]}”, not of “{cells[1]}”."
        if not held and (row := row_of_another_name(statement, sentence, rows)) is not None:
            return f"The source says this of “{label_of(sentence.text)}”, not of “{label_of(row.text)}”."
        elsewhere = [
            value
            for value in values
            if all(value is not one for one, _ in held)
            and not follows(statement, value, sentence.text, sentence.values, sentence.dates_above)
        ]
        if (row := row_that_says(statement, elsewhere, sentence, rows)) is not None:
            return f"The source says this of “{label_of(row.text)}”, not of “{label_of(sentence.text)}”."
    elif (names := other_subject(statement, sentence.text)) is not None or (
        names := another_clause(statement, sentence.text)
    ) is not None:
        return f"The answer says this of “{names[0]}”, the source of “{names[1]}”."
    if (pair := exchanged(statement, sentence.text)) is not None:
        return f"The source has it the other way round: “{pair[0]}” comes before “{pair[1]}”."
    if not sentence.is_row and (reason := _of_the_rest(statement, sentence, beside)) is not None:
        return reason
    if not sentence.is_row and compared_otherwise(statement, sentence.text):
        return "The source compares the two the other way round."
    if (condition := condition_turned(statement, sentence.text)) is not None:
        return f"The source says this of any other case: “{condition}”."
    if (turned := turned_round(statement, values, sentence.text, sentence.values)) is not None:
        return f"The source says this the other way round: “{turned}”."
    if not sentence.is_row and (pair := roles_exchanged(statement, sentence.text)) is not None:
        return f"The source has it the other way round: “{pair[0]}” and “{pair[1]}” change their roles."
    if (now := moved_to(statement, sentence.text)) is not None:
        return f"The source says that it changed to “{now}”."
    if held and sentences and (topics := other_topic(statement, sentence, sentences)) is not None:
        return f"The source says this of “{topics[1]}”, not of “{topics[0]}”."
    found = (_of_a_value(statement, values, sentence, value, theirs) for value, theirs in held[:MOST_HELD])
    return next((reason for reason in found if reason is not None), None)


def opposed_elsewhere(
    statement: str, place: int, scores: Sequence[float], sentences: Sequence[SourceSentence]
) -> tuple[SourceSentence, str] | None:
    """Return (sentence, what it says of the same as a statement with the opposite of a word that the supporting one has not); else None.

    `place` is that of the supporting sentence, `scores` say how much of the statement each sentence says.
    """
    if _ASKS.search(statement):
        return None  # a question with its answer
    for other in sorted(range(len(scores)), key=lambda i: -scores[i])[:MOST_ELSEWHERE]:
        sentence = sentences[other]
        if other == place or sentence.is_row or scores[other] < AS_NEAR_ELSEWHERE * scores[place]:
            continue
        scopes = _scopes(statement), _scopes(sentence.text)
        for mine, theirs in opposed(statement, sentence.text, *scopes, contraries_of, fewest=2):
            if not stems(mine) & sentences[place].stems:
                return sentence, f"The answer says “{mine}”, the source “{theirs}”."
    return None


def _of_the_rest(statement: str, sentence: SourceSentence, beside: Sequence[SourceSentence]) -> str | None:
    """Return what a sentence says against how many, whether, which of two and in which order, by its words alone."""
    source = sentence.text
    if _ASKS.search(statement):
        return None  # a question with its answer
    if all_of_some(statement, source):
        return "The answer says this of all; the source does not."
    if must_for_may(statement, source):
        return "The answer says that this has to be; the source allows it."
    if only_what_is_excluded(statement, source) or only_one_of_all(statement, source):
        return "The answer says this of one alone; the source does not."
    if (apart := denied_alternative(statement, source)) is not None:
        return f"The source says this, but not of “{apart}”."
    if (arguments := another_argument(statement, source)) is not None:
        return differing(*arguments)
    around = sorted((sentence, *(other for other in beside if not other.is_row)), key=lambda one: one.start)
    if (labels := of_another_label(statement, [one.text for one in around])) is not None:
        return f"The source says this of “{labels[1]}”, not of “{labels[0]}”."
    if (steps := in_another_order(statement, source)) is not None:
        return f"The source has it the other way round: “{steps[0]}” comes before “{steps[1]}”."
    return None


def _scopes(text: str) -> list[frozenset[str]]:
    return [denial.words for denial in denied(text, with_conditions=True)]


def _beside(sentence: SourceSentence, sentences: Sequence[SourceSentence]) -> list[SourceSentence]:
    """Return the sentences of the same source right before and behind a sentence."""
    place = sentences.index(sentence) if sentences else 0
    around = [*sentences[max(0, place - 1) : place], *sentences[place + 1 : place + 2]]
    return [other for other in around if other.source == sentence.source]


def _is_of_another(denial: Denial, sentence: SourceSentence, beside: Sequence[SourceSentence]) -> bool:
    """Whether a denial of a statement that joins two sentences is the other one's, which has more of its words."""
    return any(
        len(denial.words & other.stems) > len(denial.words & sentence.stems)
        and any(map(denial.is_like, other.denied))
        for other in beside
    )


def _of_a_value(
    statement: str, values: Sequence[Value], sentence: SourceSentence, value: Value, theirs: Value
) -> str | None:
    """Return what a sentence says against `value` of a statement, which it says itself: `theirs` is its own."""
    if sentence.is_row and value.kind is ValueKind.DATE:
        return None  # the head of a column
    written = statement[value.start : value.end].rstrip(".")
    if (
        sentence.is_row
        and value.dimension == "%"
        and way_of(statement) == -way_of_change(sentence.text, theirs) != 0
    ):
        return "The source says that it went the other way."
    in_words = not any(c.isdigit() for c in written)
    # "Two of them" need not be a figure of anything, and "Nine Months" stands in the head of a column.
    if not in_words or (value.dimension and not sentence.is_row):
        other = misplaced(statement, values, sentence.text, sentence.values, value, theirs, sentence.scale)
        if other is not None:
            return f"The source says “{written}” of something else, and “{other}” of this."
    rates = rate_of(statement, value), rate_of(sentence.text, theirs)
    if rates[0] and rates[1] and rates[0] != rates[1]:
        return f"The answer says “{written}” per {rates[0]}, the source per {rates[1]}."
    bound = bound_of(statement, value)
    is_as_denied = bool(denied(statement, True)) is bool(sentence.denied)
    if bound is not None and is_as_denied and bound_of(sentence.text, theirs) is bound.opposite:
        return f"The source puts the limit on the other side of “{written}”."
    if (now := changed_to(statement, values, sentence.text, sentence.values, theirs)) is not None:
        return f"The source says that it changed from “{written}” to “{now}”."
    return None
