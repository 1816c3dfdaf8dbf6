"""What the vectors of the built-in embedding model are stamped with: of all-MiniLM-L6-v2 alone, or of both models joined.

Stored vectors are told by their stamps, also those that another version of the program made, or the same one on a
computer where the second model is absent.
"""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_app.knowledge.children.prepared_model import ORIGINAL_SHA256, origin_of
from chatbot_app.knowledge.embedder import EmbeddingModel
from chatbot_app.llm.model_files import EMBEDDING_MODEL, MULTILINGUAL_MODEL, find_model_file

BUILT_IN_DIMENSION = 384  # of each of the two
JOINED_DIMENSION = 2 * BUILT_IN_DIMENSION
# Goes up with anything that makes other vectors of the second model: its graph, its means, its tokenizer, the prefix.
JOINED_VERSION = 1
_BUILT_IN = f"{EMBEDDING_MODEL.model_id}-int8@"
_JOINED_BY = f"+{MULTILINGUAL_MODEL.model_id}-q4@"


def stamped(digest: str) -> EmbeddingModel:
    """Return the stamp of the vectors of the model with this SHA-256: the same for both forms of the one that ships."""
    return EmbeddingModel(f"{_BUILT_IN}{origin_of(digest)[:12]}", BUILT_IN_DIMENSION)


def joined(english: EmbeddingModel) -> EmbeddingModel:
    """Return the stamp of the joined vectors, of which those of `english` are the first half."""
    second = f"{_JOINED_BY}{MULTILINGUAL_MODEL.sha256[:12]}.{JOINED_VERSION}"
    return EmbeddingModel(english.name + second, JOINED_DIMENSION)


def is_built_in(stamp: str) -> bool:
    """Whether vectors are of the built-in model, of whichever version and form."""
    return stamp.startswith(_BUILT_IN)


def is_joined(stamp: str) -> bool:
    """Whether vectors are of both models joined, of whichever version."""
    return is_built_in(stamp) and _JOINED_BY in stamp


def joined_model_of(stamp: str, english: EmbeddingModel) -> EmbeddingModel | None:
    """Return what joined vectors are stamped with whose first half is of `english`, None for all others.

    The second half may be of a version that nobody can make any more.
    """
    name, _, dimension = stamp.rpartition(":")
    if name.startswith(english.name + _JOINED_BY) and dimension == str(JOINED_DIMENSION):
        return EmbeddingModel(name, JOINED_DIMENSION)
    return None


def has_usual_stamps(stamps: Sequence[str]) -> bool:
    """Whether no vectors of the built-in model are stored but those of the files that ship, in the newest form.

    The files are taken to be whole: they are looked for, not read.
    """
    english = stamped(ORIGINAL_SHA256)
    usual = (joined(english) if is_multilingual_here() else english).stamp
    return all(stamp == usual for stamp in stamps if is_built_in(stamp))


def is_multilingual_here() -> bool:
    """Whether the second model is on this computer; its file is not read."""
    return find_model_file(MULTILINGUAL_MODEL.name) is not None


def built_in_name(stamp: str | None = None) -> str:
    """Return what a person knows the built-in model by: of vectors, else as it is on this computer."""
    is_both = is_joined(stamp) if stamp is not None else is_multilingual_here()
    return (
        f"{EMBEDDING_MODEL.model_id} + {MULTILINGUAL_MODEL.model_id}" if is_both else EMBEDDING_MODEL.model_id
    )
