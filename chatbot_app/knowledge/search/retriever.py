"""From a question to the passages that answer it: words and vectors, fused and checked sentence by sentence."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from chatbot_app.core.documents import ALL_DOCUMENTS, Retrieval
from chatbot_app.core.errors import AppError
from chatbot_app.knowledge.cross_encoding import CrossEncoder, ReadText
from chatbot_app.knowledge.embedder import Embedder, TokenEmbedder, Vectors, embed_queries
from chatbot_app.knowledge.fields.content import without_kinds
from chatbot_app.knowledge.fields.filtering import FieldFilter
from chatbot_app.knowledge.fields.matching import NOTHING_WANTED, Wanted
from chatbot_app.knowledge.search.exact_things import ExactThings
from chatbot_app.knowledge.search.field_ranking import (
    SEARCHED_APART,
    KnownFields,
    best_of_documents,
    not_differing,
    one_of_each,
    ranked_by_fields,
    shifted,
)
from chatbot_app.knowledge.search.follow_ups import complete_follow_up, leaned_on
from chatbot_app.knowledge.search.fusion import (
    best_by_words,
    best_of_each,
    fuse,
    merged,
    min_max,
)
from chatbot_app.knowledge.search.index import KeywordIndex
from chatbot_app.knowledge.search.nearest_sentences import nearest_first
from chatbot_app.knowledge.search.newest_first import coming_again, newest_first
from chatbot_app.knowledge.search.reading_order import READ, read_and_cut
from chatbot_app.knowledge.search.reranking import (
    PassageReader,
    apart_from_copies,
    coverage_weight_of,
    rerank,
    with_first_of_each,
)
from chatbot_app.knowledge.search.vector_matrix import VectorMatrix
from chatbot_app.knowledge.search.vector_search import LIST_DEPTH, VectorSearch
from chatbot_app.knowledge.search.vector_share import KNOWN_WELL, NO_VECTORS, full_vector_weight, vector_share
from chatbot_app.knowledge.search.years_asked import read_years, tells_of, years_asked
from chatbot_app.knowledge.values.spelled_numbers import load_spellings
from chatbot_app.knowledge.words.question_language import question_language
from chatbot_app.knowledge.words.word_forms import WordForms
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
        self._matrix = VectorMatrix(store.vectors, embedder.model.stamp) if embedder is not None else None
        self._clock = clock
        self._familiarity_counts = familiarity_counts

    def warm_up(self) -> None:
        """Load the matrix and the model, so that the first search is as fast as the next; asks no server."""
        with ThreadPoolExecutor(1, "vector-search") as pool:
            # Of a million passages two seconds: what the words need is read beside it.
            loading = pool.submit(self._matrix.refresh) if self._matrix is not None else None
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
        searched = complete_follow_up(question, previous_questions)
        wanted = self._wanted(question, chosen, leaned_on(question, previous_questions), only)
        depth = max(limit, READ) if reads else limit
        found = self._search(question, searched, depth, chosen, None, wanted, self._kept_to(only, chosen))
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
        kept_to = self._kept_to(only, tuple(collections))
        for start in range(0, len(questions), EMBEDDED_AT_ONCE):
            portion = questions[start : start + EMBEDDED_AT_ONCE]
            vectors: Vectors | None = None
            if self._embedder is not None:
                try:
                    vectors = embed_queries(self._embedder, portion)
                except AppError:
                    vectors = None  # each search says so in its notes
            for row, question in enumerate(portion):
                vector = None if vectors is None else vectors[row]
                wanted = self._wanted(question, tuple(collections), (), only)
                found = self._search(question, question, depth, tuple(collections), vector, wanted, kept_to)
                yield read_and_cut(found, self._reader, limit) if reads else found

    def _kept_to(self, only: FieldFilter | None, collections: tuple[str, ...]) -> list[str] | None:
        """Return the ids of the documents that a filter keeps to, None without one."""
        if only is None:
            return None
        if self._fields is None:
            return []
        return [document.document_id for document in self._fields.library(collections, only).documents]

    def _wanted(
        self, question: str, collections: tuple[str, ...], earlier: Sequence[str], only: FieldFilter | None
    ) -> Wanted:
        if self._fields is None:
            return NOTHING_WANTED
        return self._fields.wanted(question, collections, earlier, only)

    def _search(
        self,
        question: str,
        searched: str,
        limit: int,
        collections: tuple[str, ...],
        vector: Vectors | None,
        wanted: Wanted,
        kept_to: Sequence[str] | None,
    ) -> Retrieval:
        started = self._clock()
        if kept_to is not None and not kept_to:
            note = "No document of the library has these fields."
            return Retrieval(question, searched, (), notes=(note,), kept_to=0)
        if self._matrix is not None:
            self._matrix.refresh()
        allowed = (
            self._keywords.documents(collections) if kept_to is None else self._store.numbers_of(kept_to)
        )
        # Words are searched without those that only name documents; a vector of the whole question finds more.
        content = searched
        if wanted.content:
            content = wanted.content + searched.removeprefix(question)
        apart = wanted.fitting if len(wanted.fitting) <= SEARCHED_APART else ()
        searched_documents = [allowed, self._store.numbers_of(apart)] if apart else [allowed]
        vectors = VectorSearch(self._embedder, self._matrix, searched, searched_documents, vector)
        language = question_language(searched)
        weights = self._keywords.weights(content, language)
        searched_in = collections if kept_to is None else ()
        by_words = dict(self._keywords.search(weights, LIST_DEPTH, searched_in, kept_to or (), language))
        if apart:
            found = self._keywords.search(weights, LIST_DEPTH, (), apart, language)
            by_words = merged(by_words, found)
        is_of_kind = wanted.asked is not None and bool(wanted.asked.kinds)
        exact = ExactThings(without_kinds(searched) if is_of_kind else searched)
        exactly = self._keywords.with_phrases(exact.phrases(), LIST_DEPTH, searched_in, kept_to or ())
        exactly += self._store.first_of_files(exact.files, allowed)  # a mail's title is not its name
        # What is on the shortlist whatever the vectors say is read while they are compared.
        words = WordForms(weights, language)
        reader = PassageReader(words, exact, searched)
        placed = self._store.passages(list(dict.fromkeys([*best_by_words(by_words), *exactly])))
        for place in placed.values():
            reader.read(place)
        share_of_words = min_max(by_words)
        passages, pending = self._keywords.count(), 0
        if self._matrix is not None:
            every = allowed if kept_to is None and not collections else self._keywords.documents()
            pending = max(0, passages - self._matrix.count_of(every))
        by_vectors = vectors.wait_for_result()
        if not by_words and not by_vectors and not exactly:
            return Retrieval(
                question,
                searched,
                (),
                seconds=self._clock() - started,
                notes=tuple(vectors.notes),
                kept_to=None if kept_to is None else len(kept_to),
            )

        share_of_vectors = min_max(by_vectors)
        full_weight = full_vector_weight(self._embedder)
        first = fuse(share_of_words, share_of_vectors, full_weight if by_vectors else 0.0)
        document_of: dict[int, str] = {}
        if wanted.matches:
            document_of = self._store.documents_of(list(first))
            first = shifted(first, document_of, wanted)
        shortlist = best_of_each(by_words, by_vectors, first)
        if wanted.several:
            shortlist = list(dict.fromkeys([*shortlist, *best_of_documents(first, document_of, apart)]))
        shortlist = list(dict.fromkeys([*shortlist, *exactly]))
        placed |= self._store.passages([i for i in shortlist if i not in placed])
        shown = [placed[i].passage for i in shortlist if i in placed]
        share = NO_VECTORS
        if by_vectors:
            first_near = placed.get(next(iter(by_vectors)))
            nearest = None if first_near is None else first_near.passage
            share = vector_share(
                self._embedder, searched, shown, nearest, familiarity_counts=self._familiarity_counts
            )
        fused = fuse(share_of_words, share_of_vectors, share.weight, shortlist)
        scored = rerank(
            [placed[i] for i in shortlist if i in placed],
            reader,
            fused,
            by_words,
            by_vectors,
            coverage_weight=coverage_weight_of(searched),
            words_alone=max(0.0, 1 - share.weight / full_weight),
        )
        near = by_vectors if share.weight >= full_weight / 2 else {}
        if wanted.matches:
            scored = ranked_by_fields(scored, wanted, weights)
            by_words = not_differing(by_words, document_of, wanted)
            near = not_differing(near, document_of, wanted)
        # Which report, and which of its rows, is told by other things than by sentences.
        elif self._tokens is not None and share.familiarity >= KNOWN_WELL:
            with suppress(AppError):  # they stay as they are
                scored = nearest_first(scored, searched, words, self._tokens)
        if wanted.several:
            scored = one_of_each(scored, wanted)
        else:
            scored = with_first_of_each(newest_first(scored, wanted.newness), limit, by_words, near)
        kept, below = apart_from_copies(scored, limit, share, several=wanted.several)
        return Retrieval(
            question,
            searched,
            tuple(kept),
            tuple(below),
            vector_weight=share.weight,
            familiarity=share.familiarity,
            is_foreign=share.is_foreign,
            is_multilingual=share.is_multilingual,
            pending_vectors=pending,
            seconds=self._clock() - started,
            notes=tuple(vectors.notes),
            terms=tuple(weights.items()),
            asked=wanted.asked,
            kept_to=None if kept_to is None else len(kept_to),
            passages=passages,
            come_again=coming_again([*kept, *below], wanted.newness),
            years=read_years(searched, [*kept, *below], self._store.words),
        )
