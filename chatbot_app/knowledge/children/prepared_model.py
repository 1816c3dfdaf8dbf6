"""The built-in embedding model with its graph rewritten: made once, kept in the folder of models, pinned by its hash.

To rewrite it (`onnx_graph`, `onnx_fusing`) takes a third of a second and 97 MB beside the model. A packaged program
carries the rewritten file alone, in the place of the other. For processors that multiply bytes there is a second form
(`onnx_mixed_products`), made of the first. Both are kept without the vectors of words, which lie in one file beside them
(`onnx_table_beside`): no process holds those 12 MB.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from chatbot_app.core.paths import models_dir, resources_dir
from chatbot_app.knowledge.children.pinned_file import is_kept, is_pinned

ORIGINAL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
PREPARED_SHA256 = "1210366130ab2d8ddcfa1b2a361b5b70c27c9218756a5da0e1e31815a1bcb556"
KEPT_SHA256 = "289f5855444e4476dd6c469aab72532d4f40fe32506c0a36d44ece21fbf78cb9"  # of the same without the vectors of words
PREPARED_NAME = "all-MiniLM-L6-v2.int8.prepared.onnx"
WORDS_SHA256 = "7dce394ff2261de8e2f31e10715227150a3d46e2a3e260a14429c6b1fbadf083"
WORDS_NAME = "all-MiniLM-L6-v2.int8.words"  # the vectors of words, mapped into memory by both
BYTES_SHA256 = "60227738f946f02a7c00a6cbbeab043f9bcfcc346ae47f9fb96ffcfc76f766c9"
BYTES_NAME = "all-MiniLM-L6-v2.int8.bytes.onnx"
CROSS_ENCODER_SHA256 = "a6371b2d4928b32ebfa253a407b519c09ac36145aa71f40d4105f6a05f2fa5f6"
CROSS_ENCODER_NAME = "cross-encoder.int8.onnx"
CROSS_ENCODER_BYTES_SHA256 = "70bb4c5fbe23fa2419f42187e8dbfb96141be69189415a9002924ba73fd8d5a8"
CROSS_ENCODER_BYTES_NAME = "cross-encoder.int8.bytes.onnx"
OUTLYING = "all-minilm-l6-v2.outlying.json"  # made by tests/benchmarks/outlying_inputs.py


def prepared_model(original: Path, digest: str) -> Path | bytes:
    """Return where the rewritten form of a model lies, or the form itself where none can be kept.

    `digest` is the model's SHA-256. Any other model than the one that ships is rewritten anew each time; so is that one where what comes out is not
    what is pinned, or the folder of models cannot be written to. Raises OSError, or ValueError where it is no model.
    """
    if digest == PREPARED_SHA256:
        return original
    if digest == ORIGINAL_SHA256:
        return _kept_beside_words(PREPARED_NAME, KEPT_SHA256, lambda: rewritten(original.read_bytes()))
    return rewritten(original.read_bytes())


def model_of_bytes(original: Path, digest: str) -> Path | bytes:
    """Return the same for the form for processors that multiply bytes.

    `digest` as above. Raises OSError, or ValueError where it is no model.
    """

    def made() -> bytes:
        return _with_mixed_products(_rewritten_once(original, digest))

    if digest in (ORIGINAL_SHA256, PREPARED_SHA256):
        return _kept_beside_words(BYTES_NAME, BYTES_SHA256, made)
    return made()


def prepared_cross_encoder(original: Path, digest: str) -> Path | bytes:
    """Return what `prepared_model` does for the model that reads answers, which is made of all-MiniLM-L6-v2.

    Raises OSError, or ValueError where `original` is another model.
    """
    return _kept_beside_words(
        CROSS_ENCODER_NAME, CROSS_ENCODER_SHA256, lambda: _cross_encoder(original, digest)
    )


def cross_encoder_of_bytes(original: Path, digest: str) -> Path | bytes:
    """Return the same in the form for processors that multiply bytes. Raises OSError, or ValueError as above."""

    def made() -> bytes:
        return _with_mixed_products(_cross_encoder(original, digest))

    return _kept_beside_words(CROSS_ENCODER_BYTES_NAME, CROSS_ENCODER_BYTES_SHA256, made)


def cross_encoder_pins(original: Path, digest: str) -> tuple[str, str]:
    """Return what to pin both forms of the cross-encoder by, which `tests/benchmarks/train_cross_encoder.py` has made anew."""
    from chatbot_app.knowledge.children.onnx_table_beside import with_table_beside

    made = _cross_encoder(original, digest)
    of_floats, of_bytes = (
        hashlib.sha256(with_table_beside(form, WORDS_NAME)[0]).hexdigest()
        for form in (made, _with_mixed_products(made))
    )
    return of_floats, of_bytes


def _cross_encoder(original: Path, digest: str) -> bytes:
    from chatbot_app.knowledge.children.cross_encoder_numbers import with_numbers_of_cross_encoder

    return with_numbers_of_cross_encoder(_rewritten_once(original, digest))


def rewritten(model: bytes) -> bytes:
    """Return an ONNX model as onnxruntime computes it soonest. Raises ValueError where `model` is none."""
    from chatbot_app.knowledge.children.onnx_fusing import with_fused_layers
    from chatbot_app.knowledge.children.onnx_graph import gathered_before_widened

    return with_fused_layers(gathered_before_widened(model))


def origin_of(digest: str) -> str:
    """Return the SHA-256 that vectors are stamped with: of the model as it was published, whichever form lies here."""
    return ORIGINAL_SHA256 if digest == PREPARED_SHA256 else digest


def _rewritten_once(original: Path, digest: str) -> bytes:
    model = original.read_bytes()
    return model if digest == PREPARED_SHA256 else rewritten(model)


def _with_mixed_products(model: bytes) -> bytes:
    from chatbot_app.knowledge.children.onnx_mixed_products import with_mixed_products

    outlying = json.loads((resources_dir() / "embedding" / OUTLYING).read_text("utf-8"))
    return with_mixed_products(model, outlying)


def _kept_beside_words(name: str, pinned: str, make: Callable[[], bytes]) -> Path | bytes:
    """Return where a form lies beside the vectors of words; the form with them where it is not what is pinned, or cannot be kept."""
    from chatbot_app.knowledge.children.onnx_table_beside import with_table_beside

    place, words = models_dir() / name, models_dir() / WORDS_NAME
    if is_pinned(place, pinned) and is_pinned(words, WORDS_SHA256):
        return place
    made = make()
    form, table = with_table_beside(made, WORDS_NAME)
    both = is_kept(table, words, WORDS_SHA256) and is_kept(form, place, pinned)
    return place if both else made
