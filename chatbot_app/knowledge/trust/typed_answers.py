"""Which sentences hold what a question asks for by its type, in connection with what it asks about.

"How much does a first aid course cost?" is not answered by "Gita asked for a first aid course", nor by the price of something
else. But that nothing of a known shape is found refuses nothing by itself: "The course is a gift of the parish" answers, too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot_app.core.document_fields import FieldMatch
from chatbot_app.core.documents import Evidence
from chatbot_app.knowledge.embedder import Embedder, TokenEmbedder, embed_queries
from chatbot_app.knowledge.search.question_language import question_language
from chatbot_app.knowledge.search.words import STOP_WORDS, stem, stems
from chatbot_app.knowledge.trust.answer_types import DEED_WORDS, TYPE_WORDS, UNSEEN, AnswerType, answer_type
from chatbot_app.knowledge.trust.answer_values import holds, may_hold, measures_something_else
from chatbot_app.knowledge.trust.quote_features import Features, Sentence
from chatbot_app.knowledge.trust.table_scale import table_scale

UNSEEN_SCORE = 3.0  # times the share: more than any feature tells two sentences apart
# Of what a question asks about: a sentence that says so much of it is about it. Set on half 1 of the small libraries and a half
# of `tests/data/asked`.
LEAST_SAID = 0.5
OF_THE_SENTENCE_BEFORE = 0.4  # of a word's weight that stands there alone
# By how much the cosine of a sentence with its subject alone has to be above that with the whole question.
NEARER_TO_SUBJECT = 0.06
_GOES_ON = re.compile(
    r"\W*(?:it|its|they|this|these|that|those|he|she|es|er|sie|dies\w*|das|il|elle|ils|elles|cel\w+|ce|está|este|esto|он|она|оно|они|это)\b",
    re.IGNORECASE,
)  # what the sentence before speaks of
_WORD = re.compile(r"[^\W_]+")
_STOP_STEMS = frozenset(stem(word) for word in STOP_WORDS)


@dataclass(frozen=True, slots=True)
class TypedAnswers:
    """Of each sentence, shape (sentences,): whether it holds what is asked for by its type (`held`), how much of the rest of the
    question it then says with what stands above it (`shares`, 0 to 1), and how much it says, whatever it holds (`said`).

    `subject` is that rest, in the words of the question; `scales` what the numbers of each sentence are counted in.
    """

    kind: AnswerType
    subject: str
    held: npt.NDArray[np.bool_]
    shares: Features
    said: Features
    scales: Features

    @property
    def scores(self) -> Features:
        """What is added to the scores of the sentences: the features of quotes do not tell addresses and numbers to be called."""
        worth = UNSEEN_SCORE if self.kind in UNSEEN else 0.0
        return worth * self.shares * (self.shares >= LEAST_SAID)

    def are_missing(
        self, question: str, best: int, sentences: Sequence[Sentence], embedder: Embedder | None
    ) -> bool:
        """Whether nothing answers: no sentence is connected with the question, that which answers it `best` neither holds nor
        speaks of what is asked for, and something else tells that it is no answer in words that are not known here.

        It is none where it says little of what is asked about, says nothing else, measures something else, or (by `embedder`, of
        an English question) is nearer to the subject alone. Raises AppError where the embedding model cannot be used.
        """
        if float(self.shares.max()) >= LEAST_SAID or self.held[best]:
            return False
        sentence, scale = sentences[best], float(self.scales[best])
        told = [sentence.text]
        is_name = not stems(sentence.text) - stems(question) - _STOP_STEMS
        after = sentences[best + 1] if best + 1 < len(sentences) else sentence
        if after.source == sentence.source and (is_name or _GOES_ON.match(after.text)):
            told.append(after.text)
        verbs = {stem(word) for word in _WORD.findall(question.casefold()) if word in DEED_WORDS}
        if any(may_hold(self.kind, text, scale) or verbs & stems(text) for text in told):
            return False
        is_far = self.said[best] < LEAST_SAID
        if is_far or is_name or measures_something_else(self.kind, sentence.text, scale):
            return True
        is_english = question_language(question) in ("en", None)
        return is_english and embedder is not None and self._is_of_subject_alone(question, sentence, embedder)

    def _is_of_subject_alone(self, question: str, sentence: Sentence, embedder: Embedder) -> bool:
        if not self.subject:
            return False
        texts = [question, self.subject, sentence.text]
        if isinstance(embedder, TokenEmbedder):
            whole, subject, said = (one.vector for one in embedder.embed_tokens(texts))
        else:
            whole, subject = embed_queries(embedder, texts[:2])
            (said,) = embedder.embed(texts[2:])
        return float(said @ subject) > float(said @ whole) + NEARER_TO_SUBJECT


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
    of_tables = [table_scale(f"{item.passage.context}\n{item.passage.text}") for item in evidence]
    scales = np.array([of_tables[one.source] if one.is_row else 1.0 for one in sentences], np.float32)
    shares, all_said = np.zeros(len(sentences), np.float32), np.zeros(len(sentences), np.float32)
    is_held = np.zeros(len(sentences), np.bool_)
    for number, sentence in enumerate(sentences):
        source = sentence.source
        if evidence[source].match is FieldMatch.DIFFERS:
            continue
        within, before = above[source] | stems(sentence.text), set[str]()
        if number and not sentence.is_row and sentences[number - 1].source == source:
            before = stems(sentences[number - 1].text) - within
        of_before = 1.0 if _GOES_ON.match(sentence.text) else OF_THE_SENTENCE_BEFORE
        said = sum(rarity for term, rarity in subject.items() if term in within)
        said += of_before * sum(rarity for term, rarity in subject.items() if term in before)
        all_said[number] = said / total if total else 1.0
        if holds(kind, sentence.text, float(scales[number])):
            is_held[number] = True
            shares[number] = all_said[number]
    words = (word for word in _WORD.findall(question) if word.casefold() not in TYPE_WORDS | STOP_WORDS)
    return TypedAnswers(kind, " ".join(words), is_held, shares, all_said, scales)


def _subject_words(question: str) -> set[str]:
    """Return the words of a question that say what it asks about, lower case; of German ones its nouns, where it has any."""
    words = [word for word in _WORD.findall(question) if word.casefold() not in TYPE_WORDS]
    nouns = [word for word in words if word[0].isupper()] if question_language(question) == "de" else []
    return {word.casefold() for word in nouns or words}
