"""Which form of the built-in model's vectors a library is searched with, and which other form it is to have.

A form is told by its stamp. The newest is the one that this program makes on this computer: of both models, or of the
first alone where the second is absent. A library that has vectors of another form is searched with those, and
`importing/vector_renewal.py` makes the newest beside them; once these are whole they are searched (`taken` says so, in a
setting), and the others go. Meanwhile imports make vectors of the form that is searched, where that can still be made, else
of the newest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatbot_app.knowledge.children.built_in_stamps import is_built_in, is_joined, joined_model_of
from chatbot_app.knowledge.children.joined_vectors import FirstHalf

if TYPE_CHECKING:
    from chatbot_app.knowledge.children.joined_vectors import JoinedVectors
    from chatbot_app.knowledge.children.vectors import VectorsProcess
    from chatbot_app.knowledge.embedder import Embedder

BUILT_IN_SETTING = "knowledge.built_in_vectors"


@dataclass(frozen=True, slots=True)
class BuiltInVectors:
    """The forms of a library: `searched` is asked for questions, `imported` makes vectors of what comes in.

    `newest` makes those that are to be; None where nothing but these is stored. `removed` are the stamps of those
    that go once the newest are whole.
    """

    searched: Embedder
    imported: Embedder
    newest: Embedder | None = None
    removed: tuple[str, ...] = ()


def built_in_vectors(process: VectorsProcess, stored: Sequence[str], taken: str) -> BuiltInVectors:
    """Return the forms of a library with vectors of the stamps `stored`, where `taken` is the form that was whole.

    Raises OSError where the first model's file is absent.
    """
    newest: JoinedVectors | VectorsProcess = process.joined or process
    stamp = newest.model.stamp
    others = [other for other in stored if is_built_in(other) and other != stamp]
    if not others:
        return BuiltInVectors(newest, newest.for_imports)
    # What this computer cannot make anew stays: the library may go back to another one that can.
    removed = tuple(other for other in others if is_joined(stamp) or not is_joined(other))
    found = [] if taken == stamp else [_searching(process, other) for other in others]
    searched = next((embedder for embedder in found if embedder is not None), newest)
    imported = process.for_imports if searched is process else newest.for_imports
    return BuiltInVectors(searched, imported, newest.for_imports, removed)


def _searching(process: VectorsProcess, stamp: str) -> Embedder | None:
    """Return what searches vectors of another form, None where nobody can any more."""
    if stamp == process.model.stamp:
        return process
    model = joined_model_of(stamp, process.model)
    return FirstHalf(process, model) if model is not None else None
