"""Which sentences hold what a question asks for by its type, in connection with what it asks about.

"How much does a first aid course cost?" is not answered by "Gita asked for a first aid course", nor by the price of
something else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot_app.core.document_fields import FieldMatch
from chatbot_app.core.documents import Evidence
from chatbot_app.knowledge.search.question_language import question_language
from chatbot_app.knowledge.search.words import stem, stems
from chatbot_app.knowledge.trust.answer_types import TYPE_WORDS, UNSEEN, answer_type, holds
from chatbot_app.knowledge.trust.quote_features import Features, Sentence
from chatbot_app.knowledge.trust.table_scale import table_scale

UNSEEN_SCORE = 3.0  # times the share: more than any feature tells two sentences apart
# Of what a question asks about: where no sentence says so much and holds what is asked for, it is not answered. Set on half 1 of
# the small libraries and a half of `tests/data/asked`; of the other halves nothing that is answered is refused for it.
LEAST_SAID = 0.5
OF_THE_SENTENCE_BEFORE = 0.4  # of a word's weight that stands there alone
_GOES_ON = re.compile(
    r"\W*(?:it|its|they|this|these|that|those|he|she|es|er|sie|dies\w*|das|il|elle|ils|elles|cel\w+|ce|está|este|esto|он|она|оно|они|это)\b",
    re.IGNORECASE,
)  # what the sentence before speaks of
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class TypedAnswers:
    """Of each sentence, shape (sentences,): whether it holds what is asked for by its type, and how much of the rest of the
    question it then says with what stands above it, 0 to 1. `is_unseen`: the features of quotes do not tell who does.
    """

    held: npt.NDArray[np.bool_]
    shares: Features
    is_unseen: bool

    @property
    def scores(self) -> Features:
        """What is added to the scores of the sentences."""
        worth = UNSEEN_SCORE if self.is_unseen else 0.0
        return worth * self.shares * (self.shares >= LEAST_SAID)

    def are_missing(self, best: int) -> bool:
        """Whether none is connected with the question, nor stands in the sentence that answers it `best`: what is asked in other
        words has few in common.
        """
        return float(self.shares.max()) < LEAST_SAID and not self.held[best]


def typed_answers(
    question: str,
    terms: Mapping[str, float],
    evidence: Sequence[Evidence],
    sentences: Sequence[Sentence],
    *,
    is_foreign: bool = False,
) -> TypedAnswers | None:
    """Return which sentences hold what is asked for; None where the question's form does not tell what that is.

    `terms` are its words with their rarity, without those that name documents.
    """
    kind = answer_type(question)
    if kind is None:
        return None
    about = _subject_words(question)
    subject = {stem(term): rarity for term, rarity in terms.items() if term in about}
    above = [stems(f"{item.title} {item.passage.context}") for item in evidence]
    if is_foreign:  # of its words only names are said there
        said_there = set[str]().union(*above, *(stems(item.passage.text) for item in evidence))
        subject = {term: rarity for term, rarity in subject.items() if term in said_there}
    total = sum(subject.values())
    scales = [table_scale(f"{item.passage.context}\n{item.passage.text}") for item in evidence]
    shares, is_held = np.zeros(len(sentences), np.float32), np.zeros(len(sentences), np.bool_)
    for number, sentence in enumerate(sentences):
        source = sentence.source
        if evidence[source].match is FieldMatch.DIFFERS:
            continue
        if not holds(kind, sentence.text, scales[source] if sentence.is_row else 1.0):
            continue
        is_held[number] = True
        held, before = above[source] | stems(sentence.text), set[str]()
        if number and not sentence.is_row and sentences[number - 1].source == source:
            before = stems(sentences[number - 1].text) - held
        of_before = 1.0 if _GOES_ON.match(sentence.text) else OF_THE_SENTENCE_BEFORE
        said = sum(rarity for term, rarity in subject.items() if term in held)
        said += of_before * sum(rarity for term, rarity in subject.items() if term in before)
        shares[number] = said / total if total else 1.0
    return TypedAnswers(is_held, shares, kind in UNSEEN)


def _subject_words(question: str) -> set[str]:
    """Return the words of a question that say what it asks about, lower case; of German ones its nouns, where it has any."""
    words = [word for word in _WORD.findall(question) if word.casefold() not in TYPE_WORDS]
    nouns = [word for word in words if word[0].isupper()] if question_language(question) == "de" else []
    return {word.casefold() for word in nouns or words}
