"""From a question to the passages that answer it: candidates by words and vectors, then their order, then copies left out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from chatbot_app.core.documents import ALL_DOCUMENTS, Retrieval
from chatbot_app.core.errors import AppError
from chatbot_app.knowledge.cross_encoding import CrossEncoder, ReadText
from chatbot_app.knowledge.embedder import Embedder, TokenEmbedder, Vectors, embed_queries
from chatbot_app.knowledge.fields.filtering import FieldFilter
from chatbot_app.knowledge.fields.matching import NOTHING_WANTED, Wanted
from chatbot_app.knowledge.search.candidate_ranking import CandidateRanking
from chatbot_app.knowledge.search.candidates import CandidateSearch
from chatbot_app.knowledge.search.field_ranking import KnownFields
from chatbot_app.knowledge.search.follow_ups import complete_follow_up
from chatbot_app.knowledge.search.index import KeywordIndex
from chatbot_app.knowledge.search.inherited_times import wanted_of_others
from chatbot_app.knowledge.search.leaning import leaned_on
from chatbot_app.knowledge.search.named_in_forms import named_in_forms
from chatbot_app.knowledge.search.newest_first import coming_again
from chatbot_app.knowledge.search.query import Query
from chatbot_app.knowledge.search.reading_order import READ, read_and_cut
from chatbot_app.knowledge.search.reranking import apart_from_copies
from chatbot_app.knowledge.search.vector_matrix import VectorMatrix
from chatbot_app.knowledge.search.vector_search import VectorSearch
from chatbot_app.knowledge.search.years_asked import read_years, tells_of, years_asked
from chatbot_app.knowledge.values.spelled_numbers import load_spellings
from chatbot_app.knowledge.words.instructions import without_instructions
from chatbot_app.storage.document_fields import FieldStore
from chatbot_app.storage.passages import PassageStore

EMBEDDED_AT_ONCE = 256  # questions of a list
# As long as questions are: a model may have another form for them than for a word or two.
_ANY_QUESTION = "What do the documents say about it?"
_QUESTION_OF_TIME = "What has been said of it since 2023?"


class Retriever:
    """Searches the library. Construct once; safe from several threads.

    Without an embedder (its file is missing, its server is away) the words alone are searched, and the
    result's `notes` say so.
    """

    def __init__(
        self,
        store: PassageStore,
        embedder: Embedder | None,
        fields: FieldStore | None = None,
        *,
        clock: Callable[[], float] = time.perf_counter,
        familiarity_counts: bool = True,
    ) -> None:
        """With `fields`, what a question names of documents (company, kind, time) counts in the ranking.

        `familiarity_counts`: vectors weigh less where the embedding model knows few words of a passage.
        """
        self._store = store
        self._fields = KnownFields(fields) if fields is not None else None
        self._embedder = embedder
        self._tokens: TokenEmbedder | None = embedder if isinstance(embedder, TokenEmbedder) else None
        self._reader: CrossEncoder | None = embedder if isinstance(embedder, CrossEncoder) else None
        self._keywords = KeywordIndex(store)
        self.matrix = VectorMatrix(store.vectors, embedder.model.stamp) if embedder is not None else None
        self._candidates = CandidateSearch(store, self._keywords, embedder, self.matrix)
        self._ranking = CandidateRanking(store, embedder, familiarity_counts=familiarity_counts)
        self._clock = clock

    def warm_up(self) -> None:
        """Load the matrix and the model, so that the first search is as fast as the next; asks no server."""
        with ThreadPoolExecutor(1, "vector-search") as pool:
            # Of a million passages two seconds: what the words need is read beside it.
            loading = pool.submit(self.matrix.refresh) if self.matrix is not None else None
            self._store.words.warm_up()
            has_documents = len(self._keywords.documents()) > 0
            if has_documents and self._embedder is not None and self._tokens is not None:
                embed_queries(self._embedder, [_ANY_QUESTION])
            if has_documents and self._reader is not None:
                self._reader.encode_pairs(_ANY_QUESTION, [ReadText("", _QUESTION_OF_TIME)])
            if has_documents:
                tells_of(years_asked(_QUESTION_OF_TIME), _QUESTION_OF_TIME)  # compiles what reads times
                load_spellings()
            if loading is not None:
                loading.result()

    def search(
        self,
        question: str,
        limit: int = 5,
        *,
        collection_id: str = ALL_DOCUMENTS,
        collections: Sequence[str] = (),
        previous_questions: Sequence[str] = (),
        only: FieldFilter | None = None,
        reads: bool = False,
    ) -> Retrieval:
        """Return the passages that answer `question` best. Raises StoreError.

        Only documents of `collections` are searched, or of the one collection; none means all. `only` keeps to
        documents by their fields. `reads`: the first passages are read with the question, where the embedding model can
        (`reading_order`), which takes longer than the search.
        """
        chosen = tuple(collections) or ((collection_id,) if collection_id != ALL_DOCUMENTS else ())
        started = self._clock()
        leant_on = leaned_on(question, previous_questions)
        searched = complete_follow_up(without_instructions(question), leant_on)
        kept_to = self._kept_to(only, chosen)
        if kept_to == []:
            return _nothing_kept(question, searched)
        vectors = self._candidates.begin(searched)
        wanted = self._wanted(question, searched, chosen, leant_on, only)
        depth = max(limit, READ) if reads else limit
        query = Query(question, searched, depth, wanted, chosen, kept_to)
        found = self._search(query, self._begun_anew(query) or vectors, started)
        return read_and_cut(found, self._reader, limit) if reads else found

    def search_many(
        self,
        questions: Sequence[str],
        limit: int = 5,
        *,
        collections: Sequence[str] = (),
        only: FieldFilter | None = None,
        reads: bool = False,
    ) -> Iterator[Retrieval]:
        """Yield the result for each question, in order; they are embedded in batches. Raises StoreError."""
        depth = max(limit, READ) if reads else limit
        chosen = tuple(collections)
        kept_to = self._kept_to(only, chosen)
        if kept_to == []:
            yield from (_nothing_kept(question, question) for question in questions)
            return
        for start in range(0, len(questions), EMBEDDED_AT_ONCE):
            portion = questions[start : start + EMBEDDED_AT_ONCE]
            searched = [without_instructions(question) for question in portion]
            vectors: Vectors | None = None
            if self._embedder is not None:
                try:
                    vectors = embed_queries(self._embedder, searched)
                except AppError:
                    vectors = None  # each search says so in its notes
            for row, (question, asked) in enumerate(zip(portion, searched, strict=True)):
                started = self._clock()
                begun = self._candidates.begin(asked, None if vectors is None else vectors[row])
                wanted = self._wanted(question, asked, chosen, (), only)
                query = Query(question, asked, depth, wanted, chosen, kept_to)
                found = self._search(query, self._begun_anew(query) or begun, started)
                yield read_and_cut(found, self._reader, limit) if reads else found

    def _begun_anew(self, query: Query) -> VectorSearch | None:
        """Return the search by vectors for a question that is put to one agreement: names would lead to its title and signatures."""
        if not query.wanted.addressed:
            return None
        return self._candidates.begin(f"{query.asking} {query.wording}".strip())

    def _kept_to(self, only: FieldFilter | None, collections: tuple[str, ...]) -> list[str] | None:
        """Return the ids of the documents that a filter keeps to, None without one."""
        if only is None:
            return None
        if self._fields is None:
            return []
        return [document.document_id for document in self._fields.library(collections, only).documents]

    def _wanted(
        self,
        question: str,
        searched: str,
        collections: tuple[str, ...],
        earlier: Sequence[str],
        only: FieldFilter | None,
    ) -> Wanted:
        fields = self._fields
        if fields is None:
            return NOTHING_WANTED
        wanted = wanted_of_others(
            question,
            earlier,
            lambda leant_on: fields.wanted(question, collections, leant_on, only, searched),
            self._store.words,
        )
        library = fields.library(collections, only)
        return named_in_forms(question, searched, earlier, wanted, library, self._store.words)

    def _search(self, query: Query, vectors: VectorSearch, started: float) -> Retrieval:
        """Return what is found for a query, of which `vectors` has begun; `started` by the clock. Raises StoreError."""
        kept_to = None if query.kept_to is None else len(query.kept_to)
        found = self._candidates.find(query, vectors)
        if not found:
            return Retrieval(
                query.question,
                query.searched,
                (),
                seconds=self._clock() - started,
                notes=found.notes,
                kept_to=kept_to,
            )
        wanted = query.wanted
        scored, share = self._ranking.rank(query, found)
        kept, below = apart_from_copies(scored, query.limit, share, several=wanted.several, named=found.named)
        return Retrieval(
            query.question,
            query.searched,
            tuple(kept),
            tuple(below),
            vector_weight=share.weight,
            familiarity=share.familiarity,
            is_foreign=share.is_foreign,
            is_missed=share.is_missed,
            is_multilingual=share.is_multilingual,
            pending_vectors=found.pending,
            seconds=self._clock() - started,
            notes=found.notes,
            terms=tuple(found.weights.items()),
            addressed=wanted.addressed,
            asked=wanted.asked,
            kept_to=kept_to,
            passages=found.passages,
            kept_passages=found.kept,
            come_again=coming_again([*kept, *below], wanted.newness),
            years=read_years(query.searched, [*kept, *below], self._store.words),
        )


def _nothing_kept(question: str, searched: str) -> Retrieval:
    note = "No document of the library has these fields."
    return Retrieval(question, searched, (), notes=(note,), kept_to=0)
