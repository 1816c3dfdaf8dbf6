"""What quotes are chosen among: the sentences of the passages that were found for a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot_app.core.document_fields import FieldMatch
from chatbot_app.core.documents import Evidence, Retrieval
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence, sentences_of
from chatbot_app.knowledge.trust.quotes.quote_features import Question
from chatbot_app.knowledge.words.questions import terms_beside_names


@dataclass(frozen=True, slots=True)
class Candidates:
    """A question and the sentences that may answer it.

    `terms` are the words of the question with their rarity, without those that name documents; `evidence` holds the passages,
    best first, and the `source` of a sentence is the place of its passage there.
    """

    retrieval: Retrieval
    question: Question
    terms: Mapping[str, float]
    evidence: Sequence[Evidence]
    sentences: Sequence[Sentence]

    @property
    def names_documents(self) -> bool:
        """Whether the question names documents that are there, by company, kind or time."""
        return self.retrieval.asked is not None

    def passage_of(self, sentence: Sentence) -> Evidence:
        """Return the passage that one of the sentences is from."""
        return self.evidence[sentence.source]

    def of_another(self) -> npt.NDArray[np.bool_]:
        """Return which sentences are of a document that is another one than the question names, shape (sentences,)."""
        return self._of_match(FieldMatch.DIFFERS)

    def beside_fitting(self) -> npt.NDArray[np.bool_]:
        """Return which sentences are of a document that may be meant where others are named, shape (sentences,)."""
        is_any = any(item.match is FieldMatch.FITS for item in self.evidence)
        return self._of_match(FieldMatch.NONE) & is_any

    def _of_match(self, match: FieldMatch) -> npt.NDArray[np.bool_]:
        matches = np.array([item.match is match for item in self.evidence])
        of_match: npt.NDArray[np.bool_] = matches[[sentence.source for sentence in self.sentences]]
        return of_match

    def documents_asked(self) -> npt.NDArray[np.intp] | None:
        """Return the number, from 0, of the document that each sentence is of, shape (sentences,), where the question asks
        about several of them; -1 for others. None where it does not.
        """
        asked = self.retrieval.asked
        if asked is None or not asked.several:
            return None
        numbers: dict[str, int] = {}
        for item in self.evidence:
            if item.match in (FieldMatch.FITS, FieldMatch.ALSO):
                numbers.setdefault(item.passage.document_id, len(numbers))
        if len(numbers) < 2:
            return None
        return np.array([numbers.get(self.passage_of(one).passage.document_id, -1) for one in self.sentences])


def candidates_of(retrieval: Retrieval) -> Candidates:
    """Return the sentences of all passages that were found, with the question as it was searched."""
    evidence = retrieval.best_first()
    terms = terms_beside_names(dict(retrieval.terms), retrieval.asked)
    asked = Question(retrieval.asking, terms)
    return Candidates(retrieval, asked, terms, evidence, sentences_of([item.passage for item in evidence]))
