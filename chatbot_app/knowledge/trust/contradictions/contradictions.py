"""What a sentence of a source says against a statement that has all of its facts and most of its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Compared:
    """A statement beside a sentence of a source that says much of it.

    `values` are those of the statement, `words` the stems of its content words; `sentences` are all of the sources,
    `share` says which share of the words, but for some, the sentence has, `forms` the other forms in which words stand in the
    sources: "lagern" for "gelagert".
    """

    statement: str
    values: Sequence[Value]
    words: Set[str]
    sentence: SourceSentence
    sentences: Sequence[SourceSentence]
    share: Callable[[Set[str]], float]
    forms: Mapping[str, Set[str]]

    def there(self, terms: Set[str]) -> frozenset[str]:
        """Return words in the form in which the sentence has them."""
        stems_there, forms = self.sentence.stems, self.forms
        return frozenset(
            term if term in stems_there else min(forms.get(term, _NONE) & stems_there, default=term)
            for term in terms
        )

    def beside(self) -> list[SourceSentence]:
        """Return the sentences of the same source right before and behind the sentence."""
        place = self.sentences.index(self.sentence)
        around = [*self.sentences[max(0, place - 1) : place], *self.sentences[place + 1 : place + 2]]
        return [other for other in around if other.source == self.sentence.source]

    def held(self) -> list[tuple[Value, Value]]:
        """Return the values of the statement that the sentence says, each with its own."""
        sentence = self.sentence
        return [
            (value, theirs)
            for value in self.values
            for theirs in sentence.values
            if says(sentence.text, theirs, self.statement, value, sentence.scale)
        ]


def contradiction(compared: Compared) -> str | None:
    """Return, in a sentence, what a source's sentence says against a statement; None where it says nothing against it."""
    beside = compared.beside()
    if (reason := _denied(compared, beside) or _opposed(compared)) is not None:
        return reason
    held = compared.held()
    of_another = _of_another_row(compared, held) if compared.sentence.is_row else _of_another_clause(compared)
    if (reason := of_another or _turned(compared, beside)) is not None:
        return reason
    statement, sentence, sentences = compared.statement, compared.sentence, compared.sentences
    if held and (topics := other_topic(statement, sentence, sentences)) is not None:
        return _of_this_not_that(topics[1], topics[0])
    found = (_of_a_value(compared, value, theirs) for value, theirs in held[:MOST_HELD])
    return next((reason for reason in found if reason is not None), None)


def _denied(compared: Compared, beside: Sequence[SourceSentence]) -> str | None:
    """Return what is said against a statement where it or the sentence, and not both, denies the same."""
    statement, sentence = compared.statement, compared.sentence
    denials = [
        Denial(compared.there(denial.words), compared.there(denial.about))
        for denial in denied(statement)
        if not _is_of_another(denial, sentence, beside)
    ]
    if bool(denials) and bool(_EXCEPTS.search(sentence.text)) and not _EXCEPTS.search(statement):
        return None
    if bool(_OUT.search(statement)) is not bool(_OUT.search(sentence.text)):
        return None
    is_denied = disagree(denials, compared.there(compared.words), sentence.denied, sentence.stems)
    return OPPOSITE if is_denied else None


def _opposed(compared: Compared) -> str | None:
    """Return what is said against a statement by a word with the opposite meaning."""
    statement, sentence = compared.statement, compared.sentence
    told = clauses_with(sentence.text, sentence.values, compared.values, compared.words, sentence.scale)
    opposites = None if _ASKS.search(statement) else contraries_of
    for mine, theirs in opposed(statement, told, _scopes(statement), _scopes(told), opposites):
        if compared.share(stems(mine)) >= CLOSE:
            return f"The answer says “{mine}”, the source “{theirs}”."
    return None


def _of_another_row(compared: Compared, held: Sequence[tuple[Value, Value]]) -> str | None:
    """Return what is said against a statement where a row, or a cell of it, is another one's."""
    statement, sentence = compared.statement, compared.sentence
    rows = [other for other in compared.sentences if other.is_row]
    if held and (row := of_another_row(statement, sentence, rows)) is not None:
        return _of_this_not_that(label_of(sentence.text), label_of(row.text))
    cells = cell_of_another_head(statement, sentence, [theirs for _, theirs in held])
    if cells is not None:
        return _of_this_not_that(*cells)
    if not held and (row := row_of_another_name(statement, sentence, rows)) is not None:
        return _of_this_not_that(label_of(sentence.text), label_of(row.text))
    elsewhere = [
        value
        for value in compared.values
        if all(value is not one for one, _ in held)
        and not follows(statement, value, sentence.text, sentence.values, sentence.dates_above)
    ]
    if (row := row_that_says(statement, elsewhere, sentence, rows)) is not None:
        return _of_this_not_that(label_of(row.text), label_of(sentence.text))
    return None


def _of_this_not_that(this: str, that: str) -> str:
    return f"The source says this of “{this}”, not of “{that}”."


def _of_another_clause(compared: Compared) -> str | None:
    """Return what is said against a statement where the sentence says it of another subject or in another clause."""
    statement, source = compared.statement, compared.sentence.text
    names = other_subject(statement, source)
    names = another_clause(statement, source) if names is None else names
    return None if names is None else f"The answer says this of “{names[0]}”, the source of “{names[1]}”."


def _turned(compared: Compared, beside: Sequence[SourceSentence]) -> str | None:
    """Return what is said against a statement where the sentence says the same in another order, of another case, or changed."""
    statement, sentence = compared.statement, compared.sentence
    source = sentence.text
    if (pair := exchanged(statement, source)) is not None:
        return f"The source has it the other way round: “{pair[0]}” comes before “{pair[1]}”."
    if not sentence.is_row and (reason := _of_the_rest(statement, sentence, beside)) is not None:
        return reason
    if not sentence.is_row and compared_otherwise(statement, source):
        return "The source compares the two the other way round."
    if (condition := condition_turned(statement, source)) is not None:
        return f"The source says this of any other case: “{condition}”."
    if (turned := turned_round(statement, compared.values, source, sentence.values)) is not None:
        return f"The source says this the other way round: “{turned}”."
    if not sentence.is_row and (pair := roles_exchanged(statement, source)) is not None:
        return f"The source has it the other way round: “{pair[0]}” and “{pair[1]}” change their roles."
    if (now := moved_to(statement, source)) is not None:
        return f"The source says that it changed to “{now}”."
    return None


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


def _is_of_another(denial: Denial, sentence: SourceSentence, beside: Sequence[SourceSentence]) -> bool:
    """Whether a denial of a statement that joins two sentences is the other one's, which has more of its words."""
    return any(
        len(denial.words & other.stems) > len(denial.words & sentence.stems)
        and any(map(denial.is_like, other.denied))
        for other in beside
    )


def _of_a_value(compared: Compared, value: Value, theirs: Value) -> str | None:
    """Return what a sentence says against `value` of a statement, which it says itself: `theirs` is its own."""
    statement, values, sentence = compared.statement, compared.values, compared.sentence
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
