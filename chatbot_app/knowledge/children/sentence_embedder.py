"""A sentence-embedding model of the person's as ONNX, run by onnxruntime in this process: the child of `vectors.py`."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot_app.core.model_errors import ModelFileError
from chatbot_app.core.visible_text import visible_text
from chatbot_app.knowledge.children.batches import in_batches
from chatbot_app.knowledge.children.onnx_session import THREADS, load_onnxruntime, session_options
from chatbot_app.knowledge.embedder import TokenVectors, Vectors
from chatbot_app.llm.local.sentence_folder import SentenceFolder, read_sentence_folder

_LEAST_LENGTH = 1e-12


class SentenceEmbedder:
    """Loads at first use; safe from several threads. `pooling` of POOLINGS takes the place of what the model says."""

    def __init__(self, path: Path, pooling: str = "", threads: int = THREADS) -> None:
        self._path = path
        self._wanted_pooling = pooling
        self._threads = threads
        self._lock = threading.Lock()
        self._loaded: tuple[SentenceFolder, Any, Any] | None = None

    def load(self) -> None:
        """Load the model and its tokenizer. Raises ModelFileError."""
        self._parts()

    def embed_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Yield (indices into `texts`, their unit vectors, float32, shape (indices, dimension)): batches of similar length, longest last.

        Raises ModelFileError.
        """
        folder, tokenizer, session = self._parts()
        encodings = tokenizer.encode_batch(list(texts))
        for rows in in_batches([len(encoding.ids) for encoding in encodings]):
            yield rows, _vectors(folder, session, [encodings[row] for row in rows])

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return each text's vector, without those of tokens: not every such model has any. Raises ModelFileError."""
        found: dict[int, TokenVectors] = {}
        for rows, vectors in self.embed_batches(texts):
            found.update(
                (row, TokenVectors(vector, vectors[:0], ()))
                for row, vector in zip(rows, vectors, strict=True)
            )
        return [found[row] for row in range(len(texts))]

    def _parts(self) -> tuple[SentenceFolder, Any, Any]:
        with self._lock:
            if self._loaded is None:
                folder = read_sentence_folder(self._path, self._wanted_pooling)
                self._loaded = (folder, _open_tokenizer(folder), _open_session(folder, self._threads))
            return self._loaded


def _open_tokenizer(folder: SentenceFolder) -> Any:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(folder.tokenizer))
        tokenizer.enable_truncation(folder.longest)  # what closes a text is kept
    except Exception as exc:  # tokenizers' errors have no base of their own
        detail = f"its “tokenizer.json” cannot be read ({visible_text(str(exc))[:120]})."
        raise ModelFileError(path=visible_text(str(folder.model)), detail=detail) from exc
    tokenizer.no_padding()
    return tokenizer


def _open_session(folder: SentenceFolder, threads: int) -> Any:
    onnxruntime = load_onnxruntime()
    try:
        return onnxruntime.InferenceSession(
            str(folder.model), session_options(onnxruntime, threads), providers=["CPUExecutionProvider"]
        )
    except Exception as exc:  # onnxruntime's errors have no base of their own
        detail = f"onnxruntime cannot load it ({visible_text(str(exc))[:160]})."
        raise ModelFileError(path=visible_text(str(folder.model)), detail=detail) from exc


def _vectors(folder: SentenceFolder, session: Any, encodings: Sequence[Any]) -> Vectors:
    """Return unit vectors, float32, shape (texts, dimension)."""
    width = max(len(encoding.ids) for encoding in encodings) or 1
    ids = np.full((len(encodings), width), folder.pad_id, np.int64)
    mask = np.zeros((len(encodings), width), np.int64)
    for row, encoding in enumerate(encodings):
        length = len(encoding.ids)
        ids[row, :length] = encoding.ids
        mask[row, :length] = 1
    given = {
        "input_ids": ids,
        "attention_mask": mask,
        "token_type_ids": np.zeros_like(ids),
        "position_ids": np.maximum(np.cumsum(mask, axis=1) - 1, 0),
    }
    feed = {name: given[name] for name in folder.inputs}
    (found,) = session.run([folder.output], feed)
    hidden = np.asarray(found, np.float32)
    if hidden.ndim == 3:
        hidden = _joined(hidden, mask, folder.pooling or "mean")
    if hidden.ndim != 2 or len(hidden) != len(encodings):
        detail = f"its output “{visible_text(folder.output)[:40]}” is no vector of a text."
        raise ModelFileError(path=visible_text(str(folder.model)), detail=detail)
    vectors: Vectors = hidden / np.maximum(np.linalg.norm(hidden, axis=1, keepdims=True), _LEAST_LENGTH)
    return vectors


def _joined(
    hidden: npt.NDArray[np.float32], mask: npt.NDArray[np.int64], pooling: str
) -> npt.NDArray[np.float32]:
    """Return one vector a text of `hidden`, shape (texts, tokens, dimension), by the tokens that `mask` keeps."""
    if pooling != "mean":
        places = np.zeros(len(hidden), np.int64) if pooling == "cls" else np.maximum(mask.sum(axis=1) - 1, 0)
        chosen: npt.NDArray[np.float32] = hidden[np.arange(len(hidden)), places]
        return chosen
    sums = np.matmul(mask.astype(np.float32)[:, None, :], hidden)[:, 0]
    means: npt.NDArray[np.float32] = sums / np.maximum(mask.sum(axis=1, keepdims=True), 1)
    return means
