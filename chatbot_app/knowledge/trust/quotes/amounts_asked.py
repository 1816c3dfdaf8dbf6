"""Rows and amounts that a question for an amount names: which rows, and what they tell of whether it is answered.

A report has a row for every amount that it states. Where none of its rows, nor a sentence with an amount, says what is
asked for, it is silent ("How many subscribers did Apple Music have in Q2 2023?"); where an amount is to be explained or
compared, its row is there to begin with, however many words the question has besides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot_app.core.document_fields import FieldMatch
from chatbot_app.core.documents import Evidence, Passage
from chatbot_app.knowledge.fields.figure_places import (
    FigureAsked,
    label_terms,
    telling_terms,
    terms_asked,
    terms_in,
)
from chatbot_app.knowledge.fields.figures import asks_for_analysis, asks_for_figures
from chatbot_app.knowledge.fields.statements import (
    asks_for_change,
    in_other_words,
    names_statement,
    says_change,
    says_no_subject,
)
from chatbot_app.knowledge.fields.terms import PERIOD_STEMS
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence
from chatbot_app.knowledge.tables.named_rows import label_of, named_share, spelt_out
from chatbot_app.knowledge.trust.quotes.quote_features import Features, Question, only_repeats
from chatbot_app.knowledge.words.words import stems

# Of the logarithm of the odds that a question is answered that names documents and asks them for an amount. Set with the figures
# of the reports of both companies in view (`fit_named_rows.py`); from 3 to 9, the first changes what is refused little by little.
AMOUNT_SAID = 6.0  # times how much of it a row or sentence with an amount says, above the least
LEAST_SAID = 0.45
MOST_SAID = 0.6  # more says nothing more
CHANGE_FOR_BALANCE = (
    0.5  # of what a row counts that says how an amount has changed, where that itself is asked for
)
LESS_WHOLE = (
    0.5  # of what a row counts where the label of another one says the same and more of what is asked for
)
_MOST_LABELS = 60  # that say different things, the shortest first
SAID_AROUND = 0.5  # of what a row counts by its label: what its heads and its caption say of the question
OF_A_STATEMENT = 0.15  # more, of a company's own accounts: notes have rows of the same names
ROW_EXPLAINED = 2.0  # where the amount is to be explained or compared, and a row is named


@dataclass(frozen=True, slots=True)
class NamedRows:
    """Of each sentence, shape (sentences,): how much of what rows can say of the question its label takes up, how much of all
    of the question, whether its section is asked for, and how much of its label says in other words what is asked. 0 for prose, and for a document that is another one than is asked.
    """

    shares: Features
    of_question: Features
    section_asked: npt.NDArray[np.bool_]
    renamed: Features

    def of_a_section(self, share: float) -> float:
        """Return what a row counts that stands in a section which is not asked for: `share`, nothing beside one that is as
        much asked for and stands in none ("Total net sales" beside "Japan: Net sales").
        """
        whole = float(self.shares[self.section_asked].max(initial=0.0))
        return 0.0 if 0 < whole >= float(self.shares.max(initial=0.0)) else share

    def names_whole(self, number: int) -> bool:
        """Whether the label of a sentence says all that the question asks for."""
        return float(self.of_question[number]) >= 1.0

    def of_figures(self, said: Features) -> NamedRows:
        """Return the same where a share or a number is asked for: `said`, shape (sentences,), is below 0 for rows of figures that say
        none, which are not meant, and above where they do: "Net sales mix: AWS" is the section that is asked for, not "Net sales: AWS"."""
        is_meant = said >= 0
        return NamedRows(
            self.shares * is_meant,
            self.of_question * is_meant,
            self.section_asked | (said > 0),
            self.renamed * is_meant,
        )

    @property
    def names_any_whole(self) -> bool:
        """Whether the label of any sentence says all that the question asks for."""
        return bool(self.of_question.size) and float(self.of_question.max()) >= 1.0

    @property
    def is_any(self) -> bool:
        """Whether a row is named."""
        return bool(self.shares.any())


def named_rows(asked: Question, evidence: Sequence[Evidence], sentences: Sequence[Sentence]) -> NamedRows:
    """Return what rows the question names. Words for the period count nothing: they stand in the head."""
    shares, of_question, renamed = np.zeros((3, len(sentences)), np.float32)
    section_asked = np.ones(len(sentences), np.bool_)
    # What "Bill number: 0524" of "the total of bill 0524" says chooses the document, and asks nothing of it.
    chosen_by = (stems(one.text) for one in sentences if only_repeats(one, asked))
    topic = {term for term in asked.weights if not term.isdigit()} - PERIOD_STEMS
    topic = topic - set[str]().union(*chosen_by) or topic
    terms = terms_asked(asked.text, topic)
    named: dict[int, frozenset[str]] = {}
    told: set[str] = set()  # what any row says of the question
    changes: set[int] = set()  # rows of how much an amount has changed
    for number, sentence in enumerate(sentences):
        item = evidence[sentence.source]
        if not (sentence.is_row or sentence.value) or item.match is FieldMatch.DIFFERS:
            continue
        row = item.passage.text[sentence.start : sentence.end]
        written = sentence.label or label_of(row)
        label = spelt_out(written, asked.text)
        if sentence.value and (terms_in(label) <= terms_in(item.title) or only_repeats(sentence, asked)):
            continue  # "Statement: No. 4" of "statement 2024-04", "Bill number: 0524" of "bill 0524" say what the document is
        above = "" if sentence.value else sentence.text.partition(written)[0]
        section_asked[number] = is_open_section(above, terms, asked.weights)
        shares[number] = of_question[number] = named_share(row, topic)
        sections = terms_in(above) & terms
        joined = label_terms(f"{above} {label}", terms)
        own = label_terms(label, terms)
        if sentence.value or label != written:
            own = telling_terms(own)
        told |= (own | joined | sections) & terms
        if own and own <= terms:
            named[number] = own | sections
        elif joined and joined <= terms:
            named[number] = joined
        if number in named:
            others = in_other_words(f"{above} {label}", asked.text)
            renamed[number] = len(named[number] & others) / len(named[number])
            if says_change(above) and not asks_for_change(asked.text):
                changes.add(number)
    covered: dict[int, float] = {}
    less_whole = _less_whole(set(named.values()))
    for number, said in named.items():
        shares[number] = max(shares[number], len(said) / len(told))
        if said in less_whole:
            shares[number] *= LESS_WHOLE
        of_question[number] = max(of_question[number], len(said) / len(terms))
        item = evidence[sentences[number].source]
        if not sentences[number].value:
            around = (terms_in(sentences[number].text) | terms_in(item.passage.context)) & terms - said
            shares[number] += SAID_AROUND * len(around) / len(terms)
            if said >= told and item.match is FieldMatch.FITS and is_of_statement(item.passage):
                shares[number] += OF_A_STATEMENT
        if number in changes:
            shares[number] *= CHANGE_FOR_BALANCE
        if sentences[number].value:  # "Salary: …" of an advert is not that of whom the question names
            source = sentences[number].source
            if source not in covered:
                covered[source] = _coverage(asked, evidence[source])
            shares[number] *= covered[source]
            of_question[number] *= covered[source]
    return NamedRows(shares, of_question, section_asked, renamed * shares)


def _less_whole(said: Set[frozenset[str]]) -> frozenset[frozenset[str]]:
    """Return those of what labels say that another label says, and more of what is asked for: "Total liabilities" beside
    "Total current liabilities"."""
    distinct = sorted(said, key=len)[:_MOST_LABELS]
    return frozenset(one for one in distinct if any(one < other for other in distinct))


def is_of_statement(passage: Passage) -> bool:
    """Whether a passage is of the balance sheet, the income statement or the statement of cash flows."""
    first_row = passage.text.find("\n|")
    above = "" if passage.text.startswith("|") else passage.text[: max(first_row, 0)]
    return names_statement(f"{passage.context}\n{above}")


def is_open_section(above: str, terms: Collection[str], words: Collection[str]) -> bool:
    """Whether a row below such sections may be meant by a question: it asks for them, or they are parts of a statement that
    tell no subject apart ("Current liabilities", "Cash flows from investing activities")."""
    return terms_in(above) <= set(terms) or not stems(above) - set(words) or says_no_subject(above)


def _coverage(asked: Question, item: Evidence) -> float:
    """Return the share of the question's words, rare ones counting more, that a passage says with its title and headings."""
    return asked.coverage(stems(f"{item.title} {item.passage.context} {item.passage.text}"))


def amount_said(question: str, terms: Mapping[str, float], evidence: Iterable[Evidence]) -> float | None:
    """Return how much of a question for an amount, 0 to 1, a row or a sentence with an amount says; None where it asks for
    none, or what to make of one. `terms` are its words with their rarity.
    """
    if not asks_for_figures(question) or asks_for_analysis(question):
        return None
    asked = FigureAsked(question, terms)
    if not asked:
        return None
    meant = [item.passage for item in evidence if item.match is not FieldMatch.DIFFERS]
    return max((asked.share(passage.text, passage.context) for passage in meant), default=0.0)


def odds_of_amount(question: str, said: float | None, rows: NamedRows) -> float:
    """Return what is added to the logarithm of the odds that a question is answered; `said` is that of `amount_said`."""
    if said is not None:
        return AMOUNT_SAID * (min(said, MOST_SAID) - LEAST_SAID)
    explains = rows.is_any and asks_for_figures(question) and asks_for_analysis(question)
    return ROW_EXPLAINED if explains else 0.0
