"""The first stage of a search: the candidates that words, vectors and exact names find, each in a list of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from chatbot_app.knowledge.embedder import Embedder, Vectors
from chatbot_app.knowledge.search.fusion import best_by_words, merged
from chatbot_app.knowledge.search.index import KeywordIndex
from chatbot_app.knowledge.search.named_amounts import NamedAmounts
from chatbot_app.knowledge.search.nearest import Ids
from chatbot_app.knowledge.search.query import Query
from chatbot_app.knowledge.search.reranking import PassageReader
from chatbot_app.knowledge.search.vector_matrix import VectorMatrix
from chatbot_app.knowledge.search.vector_search import LIST_DEPTH, VectorSearch
from chatbot_app.knowledge.words.question_language import question_language
from chatbot_app.knowledge.words.word_forms import WordForms
from chatbot_app.storage.passages import PassageStore, PlacedPassage

OF_WORDING = (
    0.5  # of their rarity, that words count which only the wording of the clause has that is asked for
)


@dataclass(frozen=True, slots=True)
class Candidates:
    """What was found for a query, before it is fused; passages by their ids.

    `by_words` holds BM25 and `by_vectors` cosines, at most some hundreds, best first; `exactly` those that hold what is named
    exactly, `named` those whose rows name the amount that is asked for. `weights` are the terms searched with their inverse document frequencies, `words` finds them in a text, `reader`
    reads passages for this query, and `placed` are those that it has read already. `passages` counts those of the library,
    `kept` those of the documents that are searched, None where these are all, and `pending` those without a vector yet; `notes` say to a person what was not searched. `across` looks for the nearest by the
    model of all languages alone, as many as are wanted.
    """

    by_words: Mapping[int, float]
    by_vectors: Mapping[int, float]
    exactly: Sequence[int]
    named: Sequence[int]
    weights: Mapping[str, float]
    words: WordForms
    reader: PassageReader
    placed: Mapping[int, PlacedPassage]
    passages: int
    kept: int | None
    pending: int
    notes: tuple[str, ...]
    across: Callable[[int], Mapping[int, float]]

    def __bool__(self) -> bool:
        return bool(self.by_words or self.by_vectors or self.exactly)


class CandidateSearch:
    """Searches words, vectors and exact names beside each other. Construct once; safe from several threads."""

    def __init__(
        self,
        store: PassageStore,
        keywords: KeywordIndex,
        embedder: Embedder | None,
        matrix: VectorMatrix | None,
    ) -> None:
        self._store = store
        self._keywords = keywords
        self._embedder = embedder
        self._matrix = matrix
        self._amounts = NamedAmounts(store, keywords)

    def begin(self, searched: str, vector: Vectors | None = None) -> VectorSearch:
        """Begin with the vector of what is searched, `vector` where it is known. Raises StoreError.

        It takes longer than all that is looked for meanwhile, and needs nothing but the question.
        """
        if self._matrix is not None:
            self._matrix.refresh()
        return VectorSearch(self._embedder, self._matrix, searched, vector)

    def find(self, query: Query, vectors: VectorSearch) -> Candidates:
        """Return the candidates of a query, of which `vectors` has begun. Raises StoreError."""
        documents = self._documents(query)
        apart = query.searched_apart
        vectors.among([documents, self._store.numbers_of(apart)] if apart else [documents])
        language = question_language(query.searched)
        weights = self._keywords.weights(query.content, language)
        by_words = self._by_words(query, weights, language)
        exact = query.exact_things()
        exactly = self._keywords.with_phrases(exact.phrases(), LIST_DEPTH, *query.scope)
        exactly += self._store.first_of_files(exact.files, documents)  # a mail's title is not its name
        words = WordForms(weights, language)
        reader = PassageReader(words, exact, query.asking)
        # What is on the shortlist whatever the vectors say is read while they are compared.
        named = self._amounts.find(query, weights)
        placed = self._store.passages(list(dict.fromkeys([*best_by_words(by_words), *exactly])))
        placed |= named
        for place in placed.values():
            reader.read(place)
        passages = self._keywords.count()
        pending = self._pending(query, documents, passages)
        by_vectors = vectors.wait_for_result()
        return Candidates(
            by_words,
            by_vectors,
            exactly,
            list(named),
            weights,
            words,
            reader,
            placed,
            passages,
            self._kept(query),
            pending,
            tuple(vectors.notes),
            vectors.across,
        )

    def _documents(self, query: Query) -> Ids:
        """Return the numbers of the documents that are searched."""
        if query.kept_to is not None:
            return self._store.numbers_of(query.kept_to)
        return self._keywords.documents(query.collections)

    def _by_words(self, query: Query, weights: Mapping[str, float], language: str) -> dict[int, float]:
        found = dict(self._keywords.search(weights, LIST_DEPTH, *query.scope, language))
        if apart := query.searched_apart:
            # What the wording of a clause has besides the question only chooses in the agreement that is asked.
            worded = self._keywords.weights(query.wording, language) if query.wording else {}
            worded = {word: OF_WORDING * weight for word, weight in worded.items()} | dict(weights)
            found = merged(found, self._keywords.search(worded, LIST_DEPTH, (), apart, language))
        return found

    def _pending(self, query: Query, documents: Ids, passages: int) -> int:
        """Return how many of the library's passages have no vector yet, 0 without an embedding model."""
        if self._matrix is None:
            return 0
        every = self._keywords.documents() if query.is_narrowed else documents
        return max(0, passages - self._matrix.count_of(every))

    def _kept(self, query: Query) -> int | None:
        """Return how many passages the documents have that collections or a filter leave, None where nothing narrows the search."""
        return self._store.count_searchable(*query.scope) if query.is_narrowed else None
