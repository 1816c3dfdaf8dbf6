"""The library as the laboratory's map has it: every passage with its vector, its document and its collections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from chatbot_app.core.documents import ALL_DOCUMENTS
from chatbot_app.core.lab_errors import EmbeddingModelMissing, NoVectorsYet

if TYPE_CHECKING:
    from chatbot_app.chat.services import Services

MOST_PASSAGES = 200_000  # a map of more is a blot; as many are drawn by lot
IN_NONE = ""


@dataclass(frozen=True, slots=True)
class LibraryVectors:
    """Passages with a vector: `ids` and `vectors`, shape (n, dimension), unit length.

    `documents` has for each the place of its document in `titles`; `collections` names collections and `in_collection`
    has for each document the place of the first that it is in, the last place for those in none. `model` names who made
    the vectors, `left_out` counts passages beyond MOST_PASSAGES.
    """

    ids: npt.NDArray[np.int64]
    vectors: npt.NDArray[np.float32]
    documents: npt.NDArray[np.int64]
    titles: tuple[str, ...]
    collections: tuple[str, ...]
    in_collection: npt.NDArray[np.int64]
    model: str
    left_out: int = 0


def read_library(house: Services, check: Callable[[], None] = lambda: None) -> LibraryVectors:
    """Read the vectors of all passages that can be found. Blocks for a second a 100,000.

    Raises EmbeddingModelMissing, NoVectorsYet, StoreError.
    """
    library = house.library
    embedder = library.embedder
    if embedder is None:
        raise EmbeddingModelMissing()
    found = library.passages.searchable_documents()
    ids, numbers, vectors = [], [], []
    for rows in library.passages.vectors.rows(embedder.model.stamp):
        check()
        shown = np.isin(rows.documents, found)
        ids.append(rows.passages[shown])
        numbers.append(rows.documents[shown])
        vectors.append(rows.vectors[shown])
    if not sum(map(len, ids)):
        raise NoVectorsYet()
    all_ids, all_numbers, all_vectors = np.concatenate(ids), np.concatenate(numbers), np.concatenate(vectors)
    left_out = max(0, len(all_ids) - MOST_PASSAGES)
    if left_out:
        kept = np.sort(np.random.default_rng(0).choice(len(all_ids), MOST_PASSAGES, replace=False))
        all_ids, all_numbers, all_vectors = all_ids[kept], all_numbers[kept], all_vectors[kept]
    _, first, documents = np.unique(all_numbers, return_index=True, return_inverse=True)
    of_passage = library.passages.documents_of([int(all_ids[place]) for place in first])
    names = [of_passage.get(int(all_ids[place]), "") for place in first]
    titles = {document.id: document.title for document in library.documents.documents()}
    collections, in_collection = _collections(house, names)
    return LibraryVectors(
        all_ids,
        np.ascontiguousarray(all_vectors, np.float32),
        documents.reshape(-1).astype(np.int64),
        tuple(titles.get(name, "") for name in names),
        collections,
        in_collection,
        house.library_move.searched_name(),
        left_out,
    )


def _collections(house: Services, documents: list[str]) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """Return the names of collections, IN_NONE last, and the place of the first one of each document."""
    store = house.library.documents
    known = store.collections()
    place_of: dict[str, int] = {}
    for place, collection in enumerate(known):
        if collection.id != ALL_DOCUMENTS:
            for document in store.documents(collection.id):
                place_of.setdefault(document.id, place)
    places = np.array([place_of.get(name, len(known)) for name in documents], np.int64)
    return (*(collection.name for collection in known), IN_NONE), places
