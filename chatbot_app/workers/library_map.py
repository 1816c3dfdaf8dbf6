"""The work behind the map of the library, outside the GUI thread: read, laid out, asked."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from chatbot_app.core.lab_errors import EmbeddingModelMissing, MapOutdated
from chatbot_app.lab.neighbours import NeighbourGraph, near_duplicates, nearest_to, neighbour_graph, outliers
from chatbot_app.lab.projection import (
    MainDirections,
    Points,
    main_directions,
    neighbour_embedding,
    trustworthiness,
)
from chatbot_app.workers.lab_library import LibraryVectors, read_library

if TYPE_CHECKING:
    from chatbot_app.chat.services import Services
    from chatbot_app.workers.lab_services import Progress

SHOWN_EVERY_SECONDS = 0.4
_RAYS = 8  # nearest passages that a question is joined to
_SAMPLE = 200  # points that trustworthiness is asked of


@dataclass(frozen=True, slots=True)
class LibraryMap:
    """The library with its plane, and what is known of it so far.

    `found` is the share of the passages whose neighbours are known, `share` how far `embedded` has come, 0 to 1. `trust` is the trustworthiness of the plane and of the embedding, 0
    while it is not known.
    """

    library: LibraryVectors
    plane: MainDirections
    flat: Points
    graph: NeighbourGraph | None = None
    found: float = 0.0
    embedded: Points | None = None
    share: float = 0.0
    trust: tuple[float, float] = (0.0, 0.0)
    outliers: tuple[tuple[int, float], ...] = ()
    duplicates: tuple[tuple[int, int, float], ...] = ()


def make_map(house: Services, progress: Progress) -> LibraryMap:
    """Read the library and lay it out, telling each `LibraryMap` on the way; the last one is whole.

    Raises UsageError where there is nothing to draw, StoreError.
    """
    library = read_library(house, progress.check)
    plane = main_directions(library.vectors)
    made = LibraryMap(library, plane, plane.points(library.vectors))
    progress.tell(made)
    graph = neighbour_graph(library.vectors, check=progress.check, tell=_found(made, progress))
    flat_trust = trustworthiness(library.vectors, made.flat, sample=_SAMPLE, check=progress.check)
    made = replace(
        made,
        graph=graph,
        found=1.0,
        outliers=tuple(outliers(graph)),
        duplicates=tuple(near_duplicates(graph)),
        trust=(flat_trust, 0.0),
    )
    progress.tell(made)
    told_at = time.monotonic()
    for layout in neighbour_embedding(graph, made.flat, check=progress.check):
        made = replace(made, embedded=layout.points, share=layout.round / layout.rounds)
        if time.monotonic() - told_at >= SHOWN_EVERY_SECONDS:
            told_at = time.monotonic()
            progress.tell(made)
    embedded = made.embedded if made.embedded is not None else made.flat
    near_trust = trustworthiness(library.vectors, embedded, sample=_SAMPLE, check=progress.check)
    return replace(made, trust=(flat_trust, near_trust))


def _found(made: LibraryMap, progress: Progress) -> Callable[[float], None]:
    """Return what tells how many neighbours are found, not oftener than it can be read."""
    told_at = time.monotonic()

    def tell(share: float) -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= SHOWN_EVERY_SECONDS:
            told_at = time.monotonic()
            progress.tell(replace(made, found=share))

    return tell


@dataclass(frozen=True, slots=True)
class QuestionOnMap:
    """A question: its vector, and the rows of the passages nearest to it with their cosines, nearest first."""

    vector: npt.NDArray[np.float32]
    rows: tuple[int, ...]
    cosines: tuple[float, ...]


def ask_map(house: Services, library: LibraryVectors, question: str) -> QuestionOnMap:
    """Embed a question and find what lies nearest to it. Raises AppError."""
    from chatbot_app.knowledge.embedder import embed_queries

    embedder = house.library.embedder
    if embedder is None:
        raise EmbeddingModelMissing()
    vector = embed_queries(embedder, [question])[0]
    if vector.shape[0] != library.vectors.shape[1]:
        raise MapOutdated()
    rows, cosines = nearest_to(vector, library.vectors, _RAYS)
    return QuestionOnMap(vector, tuple(map(int, rows)), tuple(map(float, cosines)))


def place_of_question(made: LibraryMap, asked: QuestionOnMap, *, is_flat: bool) -> tuple[float, float]:
    """Return where a question lies: in the plane exactly, in the embedding between its nearest passages, by nearness."""
    if is_flat or made.embedded is None:
        x, y = made.plane.points(asked.vector[None, :])[0]
        return float(x), float(y)
    weights = np.exp(8 * (np.array(asked.cosines) - asked.cosines[0]))[:5]
    x, y = np.average(made.embedded[list(asked.rows[:5])], axis=0, weights=weights)
    return float(x), float(y)


def words_of(house: Services, library: LibraryVectors, row: int) -> str:
    """Return the beginning of a passage with the title of its document, "" where it is gone."""
    passage = int(library.ids[row])
    placed = house.library.passages.passages([passage]).get(passage)
    if placed is None:
        return ""
    return f"{placed.title}: {' '.join(placed.passage.text.split())[:300]}"
