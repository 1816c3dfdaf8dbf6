"""The built-in embedding model with its graph rewritten: made once, kept in the folder of models, pinned by its hash.

To rewrite it (`onnx_graph`, `onnx_fusing`) takes a third of a second and 97 MB beside the model. A packaged program
carries the rewritten file alone, in the place of the other. For single questions there is a second form
(`onnx_int8_products`), made of the first, with the vectors of words in a file beside it (`onnx_table_beside`).
"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from pathlib import Path

from chatbot_app.core.checksums import sha256_of
from chatbot_app.core.paths import models_dir

ORIGINAL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
PREPARED_SHA256 = "1210366130ab2d8ddcfa1b2a361b5b70c27c9218756a5da0e1e31815a1bcb556"
PREPARED_NAME = "all-MiniLM-L6-v2.int8.prepared.onnx"
QUESTIONS_SHA256 = "41822da90a0c2b867901840416939926be3b7cc3da734e01647f05e05e197847"
QUESTIONS_NAME = "all-MiniLM-L6-v2.int8.questions.onnx"
WORDS_SHA256 = "7dce394ff2261de8e2f31e10715227150a3d46e2a3e260a14429c6b1fbadf083"
WORDS_NAME = "all-MiniLM-L6-v2.int8.words"  # the vectors of words that it maps into memory


def prepared_model(original: Path, digest: str) -> Path | bytes:
    """Return where the rewritten form of a model lies, or the form itself where none can be kept.

    `digest` is the model's SHA-256. Any other model than the one that ships is rewritten anew each time; so is that one where what comes out is not
    what is pinned, or the folder of models cannot be written to. Raises OSError, or ValueError where it is no model.
    """
    if digest == PREPARED_SHA256:
        return original
    place = models_dir() / PREPARED_NAME
    if digest == ORIGINAL_SHA256 and _is_pinned(place, PREPARED_SHA256):
        return place
    made = rewritten(original.read_bytes())
    return _kept(made, place, PREPARED_SHA256) if digest == ORIGINAL_SHA256 else made


def model_for_questions(original: Path, digest: str) -> Path | bytes:
    """Return where the form of a model lies that makes the vector of one short text soonest, or the form itself.

    `digest` as above. Raises OSError, or ValueError where it is no model.
    """
    from chatbot_app.knowledge.children.onnx_int8_products import with_int8_products
    from chatbot_app.knowledge.children.onnx_table_beside import with_table_beside

    place, words = models_dir() / QUESTIONS_NAME, models_dir() / WORDS_NAME
    is_ours = digest in (ORIGINAL_SHA256, PREPARED_SHA256)
    if is_ours and _is_pinned(place, QUESTIONS_SHA256) and _is_pinned(words, WORDS_SHA256):
        return place
    prepared = prepared_model(original, digest)
    made = with_int8_products(prepared if isinstance(prepared, bytes) else prepared.read_bytes())
    if is_ours:
        without_words, table = with_table_beside(made, WORDS_NAME)
        if isinstance(_kept(table, words, WORDS_SHA256), Path):
            kept = _kept(without_words, place, QUESTIONS_SHA256)
            if isinstance(kept, Path):
                return kept
    return made


def rewritten(model: bytes) -> bytes:
    """Return an ONNX model as onnxruntime computes it soonest. Raises ValueError where `model` is none."""
    from chatbot_app.knowledge.children.onnx_fusing import with_fused_layers
    from chatbot_app.knowledge.children.onnx_graph import gathered_before_widened

    return with_fused_layers(gathered_before_widened(model))


def origin_of(digest: str) -> str:
    """Return the SHA-256 that vectors are stamped with: of the model as it was published, whichever form lies here."""
    return ORIGINAL_SHA256 if digest == PREPARED_SHA256 else digest


def _is_pinned(place: Path, pinned: str) -> bool:
    try:
        return sha256_of(place) == pinned
    except OSError:
        return False


def _kept(made: bytes, place: Path, pinned: str) -> Path | bytes:
    """Return where a form lies now; the form itself where it is not what is pinned, or nothing can be kept."""
    if hashlib.sha256(made).hexdigest() == pinned:
        with contextlib.suppress(OSError):  # a full disk, or a folder of somebody else
            _keep(made, place)
            return place
    return made


def _keep(content: bytes, place: Path) -> None:
    """Write a file whole or not at all; several processes may do so at once. Raises OSError."""
    place.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=place.parent, prefix=f"{place.name}.", suffix=".new")
    try:
        with open(number, "wb") as stream:  # noqa: PTH123
            stream.write(content)
        Path(name).chmod(0o644)  # temporary files are private, the folder is shared by data folders
        Path(name).replace(place)
    finally:
        Path(name).unlink(missing_ok=True)
