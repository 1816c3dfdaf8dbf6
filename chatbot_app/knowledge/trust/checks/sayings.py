"""How much of a statement the sentences of the sources say: of its words, by how rare they are."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Sequence, Set

import numpy as np
import numpy.typing as npt

from chatbot_app.knowledge.sentences.source_sentences import SourceSentence
from chatbot_app.knowledge.words.inflection import forms_of
from chatbot_app.knowledge.words.language import content_stems
from chatbot_app.knowledge.words.related_words import related_to
from chatbot_app.knowledge.words.thesaurus import synonyms_of

FROM_CONTEXT = 0.6  # of a word that stands in the title, the headings or the sentence before
IN_OTHER_WORDS = 0.6  # of a word that a related one stands for: "acquisition" for "acquired"
IN_ANOTHER_FORM = 0.95  # of a word that stands in another form: "gründete" for "gegründet"
OF_ONE = 0.8  # of a clause's words
_NOWHERE: list[int] = []


class Words:
    """The words of a statement, as stems, and how far each sentence says each of them."""

    def __init__(self, weights: dict[str, float], said: npt.NDArray[np.float64]) -> None:
        """`weights` say how rare each word is, `said` (words, sentences) how far it is said: 0 to 1."""
        self.weights = weights
        self._said = said
        self._weights = np.fromiter(weights.values(), np.float64, len(weights))

    def scores(self, without: Set[str] = frozenset()) -> list[float]:
        """Return the share, 0 to 1, of the words, but for some, that each sentence says; 1 where no word is left."""
        kept = np.array([term not in without for term in self.weights], np.float64) * self._weights
        total = float(kept.sum())
        if not total:
            return [1.0] * self._said.shape[1]
        return [float(score) for score in kept @ self._said / total]

    def of_two(self, place: int, others: Sequence[int]) -> float:
        """Return the greatest share of the words that a sentence says together with one of some others, 0 to 1."""
        total = float(self._weights.sum())
        both = np.maximum(self._said[:, [place]], self._said[:, list(others)])
        return float((self._weights @ both).max()) / total if total else 1.0

    def gain(self, place: int, nearest: int, without: Set[str]) -> float:
        """Return the share of the words, but for some, that a sentence says beyond what the nearest one does."""
        kept = np.array([term not in without for term in self.weights], np.float64) * self._weights
        total = float(kept.sum()) or 1.0
        return float(kept @ np.maximum(0.0, self._said[:, place] - self._said[:, nearest])) / total

    def scores_by_words_alone(self) -> list[float]:
        """Return the same of the words that stand in the sentences themselves, as they are."""
        total = float(self._weights.sum()) or 1.0
        return [float(score) for score in self._weights @ (self._said == 1.0) / total]


class Sayings:
    """The words of the sentences of some sources, whose language is that of `language_of`."""

    def __init__(self, sentences: Sequence[SourceSentence], language: str = "") -> None:
        self._language = language
        self._count = len(sentences)
        self._in: defaultdict[str, list[int]] = defaultdict(list)
        self._above: defaultdict[str, list[int]] = defaultdict(list)
        for place, sentence in enumerate(sentences):
            for terms, places in ((sentence.stems, self._in), (sentence.above, self._above)):
                for term in terms:
                    places[term].append(place)
        self._own: defaultdict[str, set[str]] = defaultdict(set)  # the words of the sources, by their forms
        self._parts: defaultdict[str, set[str]] = defaultdict(set)
        for term in self._in:
            forms = forms_of(term, language)
            for form in forms.own:
                self._own[form].add(term)
            for form in forms.parts:
                self._parts[form].add(term)

    def words(self, terms: Collection[str]) -> Words:
        """Return what the sentences say of some words, given as stems."""
        said = np.zeros((len(terms), self._count))
        for row, term in zip(said, terms, strict=True):
            for related in related_to(term) | self.synonyms(term):
                row[self._in.get(related, _NOWHERE)] = IN_OTHER_WORDS
            row[self._above.get(term, _NOWHERE)] = FROM_CONTEXT
            same, nearly = self.other_forms(term)
            for word in nearly:
                row[self._in[word]] = np.maximum(row[self._in[word]], IN_OTHER_WORDS)
            for word in same:
                row[self._above.get(word, _NOWHERE)] = FROM_CONTEXT
            for word in same:
                row[self._in[word]] = IN_ANOTHER_FORM
            row[self._in.get(term, _NOWHERE)] = 1.0
        return Words({term: self.weight(term) for term in terms}, said)

    def is_of_one(self, clauses: Sequence[str]) -> bool:
        """Whether one sentence says nearly all words of each of some clauses as they are: they are joined there, too."""
        said = [self.words(frozenset(content_stems(clause))).scores_by_words_alone() for clause in clauses]
        return any(min(shares) >= OF_ONE for shares in zip(*said, strict=True))

    def other_forms(self, term: str) -> tuple[set[str], set[str]]:
        """Return (words of the sources that are another form of a word, those that it is a part of or that are one of it)."""
        forms = forms_of(term, self._language)
        same = {word for form in forms.own for word in self._own.get(form, ())} - {term}
        nearly = {word for form in forms.own for word in self._parts.get(form, ())}
        nearly |= {word for form in forms.parts for word in self._own.get(form, ())}
        return same, nearly - same

    def synonyms(self, term: str) -> set[str]:
        """Return the words of the sources that may say the same as a word of their language."""
        found: set[str] = set()
        for form in forms_of(term, self._language).own or (term,):
            for synonym in synonyms_of(form, self._language):
                found |= self._own.get(synonym, {synonym})
        return found - {term}

    def weight(self, term: str) -> float:
        """Return how rare a word is in the sources."""
        return math.log(1 + (self._count + 1) / (len(self._in.get(term, _NOWHERE)) + 1))
