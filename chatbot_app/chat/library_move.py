"""A library moves to another embedding model: made beside, taken when whole, and the way back kept open."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatbot_app.core.errors import UsageError
from chatbot_app.knowledge.children.built_in_stamps import built_in_name, is_built_in
from chatbot_app.knowledge.embedding_choice import EMBEDDING_SETTING, EmbeddingChoice, ServerEmbedding
from chatbot_app.knowledge.importing.vector_move import VectorsMade, make_vectors_beside

if TYPE_CHECKING:
    from chatbot_app.chat.embedding_models import EmbeddingModels
    from chatbot_app.knowledge.library import Library
    from chatbot_app.storage.settings import SettingsStore

MOVE_SETTING = "knowledge.embedding_move"
KNOWN_SETTING = "knowledge.embeddings_known"
_BUILT_IN = "built-in"
_NUMBER_BYTES = 4


@dataclass(frozen=True, slots=True)
class KeptVectors:
    """Vectors of the library that are stored: of which model (None: the one that ships), and of how many passages.

    `choice` is unknown where `is_known` is not set: then they can be removed and no more.
    """

    stamp: str
    choice: EmbeddingChoice | None
    passages: int
    bytes: int
    is_used: bool
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Move:
    """Where a library is moving to; None is the model that ships."""

    choice: EmbeddingChoice | None


class LibraryMove:
    """Moves the library of a store. `move_to` is iterated in one thread; the others may be called from any."""

    def __init__(
        self,
        settings: SettingsStore,
        models: EmbeddingModels,
        library: Library,
        library_of: Callable[[ServerEmbedding | None], Library],
    ) -> None:
        """`library_of` makes a second library of the store with another model."""
        self._settings = settings
        self._models = models
        self._library = library
        self._library_of = library_of
        self._moving: Library | None = None

    def pending(self) -> Move | None:
        """Return the move that was begun and is not whole, None for none."""
        text = self._settings.get(MOVE_SETTING)
        if not text:
            return None
        choice = EmbeddingChoice.from_json(text)
        return Move(choice) if choice is not None or text == _BUILT_IN else None

    def move_to(
        self, choice: EmbeddingChoice | None, is_stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[VectorsMade]:
        """Make the vectors of all documents with another model (None: the one that ships), then let it take over.

        The old vectors are searched until then, and stay afterwards (`kept`), but those of another form of the built-in
        model where that is searched already. Where this is left off, by `is_stopped`, an error or a kill, the same call
        carries on. Raises UsageError where the model is gone, and what keeps a passage from its vector.
        """
        library = self._moving = self._library_of(self._models.opened(choice) if choice is not None else None)
        try:
            embedder, newest = library.embedder, None
            if choice is None and self._models.used() is None:
                newest = library.newest_vectors()  # the model stays, its vectors are made anew
                embedder = newest.embedder if newest is not None else embedder
            if embedder is None or (choice is not None and embedder.model != choice.stamped):
                raise UsageError(detail="The embedding model is not on this computer any more.")
            self._settings.set(MOVE_SETTING, _BUILT_IN if choice is None else choice.to_json())
            self._remember(choice)
            stamp = embedder.model.stamp
            while True:
                yield from make_vectors_beside(library.documents, library.passages, embedder, is_stopped)
                if is_stopped():
                    return
                if not library.passages.count_without_vector(stamp):  # else: imported meanwhile
                    break
            self._take(choice, stamp)
            if newest is not None:
                self._library.take_newest()
        finally:
            self._moving = None
            library.close()

    def interrupt(self) -> None:
        """End the computation of vectors that is under way, from any thread; `move_to` raises AppError."""
        moving = self._moving
        if moving is not None:
            moving.interrupt()

    def give_up(self) -> None:
        """Forget a move that was begun; what it has made stays among `kept`, where it can be removed or carried on."""
        self._settings.reset(MOVE_SETTING)

    def kept(self) -> list[KeptVectors]:
        """Return which vectors are stored, those that are searched first."""
        used, embedder = self._models.used(), self._library.embedder
        searched = embedder.model.stamp if embedder is not None else ""
        known = {choice.stamped.stamp: choice for choice in self._known()}
        found = []
        for stamp, dimension, count in self._library.passages.vectors.counts():
            choice = known.get(stamp)
            is_used = stamp == (used.stamped.stamp if used is not None else searched)
            size = count * dimension * _NUMBER_BYTES
            found.append(
                KeptVectors(
                    stamp, choice, count, size, is_used, is_known=is_built_in(stamp) or choice is not None
                )
            )
        return sorted(found, key=lambda vectors: not vectors.is_used)

    def searched_name(self) -> str:
        """Return what a person knows the model by whose vectors are searched."""
        used, embedder = self._models.used(), self._library.embedder
        if used is not None or embedder is None:
            return self._models.name_of(used)
        return built_in_name(embedder.model.stamp)

    def name_of(self, vectors: KeptVectors) -> str:
        """Return what a person knows the model of some vectors by, "" where nobody does."""
        if vectors.choice is None:
            return built_in_name(vectors.stamp) if vectors.is_known else ""
        return self._models.name_of(vectors.choice)

    def remove(self, stamp: str) -> None:
        """Remove the vectors of a model. Raises UsageError for those that are searched, or being made."""
        pending = self.pending()
        if any(vectors.is_used for vectors in self.kept() if vectors.stamp == stamp):
            raise UsageError(detail="These vectors are searched: move the library to another model first.")
        making = self._moving.embedder if self._moving is not None else None
        newest = self._library.newest_vectors()
        being_made = [making, newest.embedder if newest is not None else None]
        if any(embedder is not None and embedder.model.stamp == stamp for embedder in being_made):
            raise UsageError(detail="These vectors are being made: stop that first.")
        self._library.passages.drop_vectors(stamp)
        if pending is not None and pending.choice is not None and pending.choice.stamped.stamp == stamp:
            self.give_up()
        self._keep_known([choice for choice in self._known() if choice.stamped.stamp != stamp])

    def _take(self, choice: EmbeddingChoice | None, stamp: str) -> None:
        before = self._models.choice()
        if before is not None:
            self._remember(before)
        if choice is None:
            self._settings.reset(EMBEDDING_SETTING)
        else:
            self._settings.set(EMBEDDING_SETTING, choice.to_json())
        self._library.renew_embedder()
        self._library.documents.require_vectors(stamp)  # of what was imported in this moment
        self._settings.reset(MOVE_SETTING)  # last: a kill before is followed by the same once more

    def _known(self) -> list[EmbeddingChoice]:
        try:
            listed = json.loads(self._settings.get(KNOWN_SETTING) or "[]")
        except ValueError:
            listed = None
        entries = listed if isinstance(listed, list) else []
        found = (EmbeddingChoice.from_json(json.dumps(entry)) for entry in entries)
        return [choice for choice in found if choice is not None]

    def _remember(self, choice: EmbeddingChoice | None) -> None:
        if choice is not None and choice not in self._known():
            self._keep_known([*self._known(), choice])

    def _keep_known(self, choices: list[EmbeddingChoice]) -> None:
        self._settings.set(KNOWN_SETTING, json.dumps([json.loads(choice.to_json()) for choice in choices]))
