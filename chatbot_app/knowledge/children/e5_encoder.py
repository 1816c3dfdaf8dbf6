"""multilingual-e5-small, which knows a hundred languages, run by onnxruntime: the second half of the built-in model.

Each text is given to it alone, several at once: with more texts in one run, or several threads for one, no text takes less
of the processors, and none shares a scale with others, so that a vector depends on its text alone.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from chatbot_app.core.free_memory import return_free_memory
from chatbot_app.knowledge.children.e5_file import END_ID, START_ID, E5File
from chatbot_app.knowledge.children.e5_graph import GRAPH_INPUT, GRAPH_OUTPUT, prepared_graph
from chatbot_app.knowledge.children.onnx_session import THREADS, load_onnxruntime, session_options
from chatbot_app.knowledge.children.side_by_side import side_by_side
from chatbot_app.knowledge.children.unigram_tokenizer import UnigramTokenizer
from chatbot_app.knowledge.children.vectors_errors import EmbeddingModelMissing
from chatbot_app.knowledge.embedder import Vectors
from chatbot_app.llm.model_files import MULTILINGUAL_MODEL, find_model_file

MAX_TOKENS = 512  # with <s> and </s>: as many positions as the model has


class E5Encoder:
    """Loads at first use; safe from several threads, and `threads` texts are computed at once."""

    def __init__(self, threads: int = THREADS, *, path: Path | None = None) -> None:
        """`path` is the file of the weights, where it is not the one that ships."""
        self._threads = threads
        self._path = path
        self._lock = threading.Lock()
        self._loaded: tuple[UnigramTokenizer, E5File, Any] | None = None

    def load(self) -> None:
        """Load the model and its tokenizer. Raises EmbeddingModelMissing."""
        self.parts()

    def embed_batches(self, texts: Sequence[str], prefix: str) -> Iterator[tuple[list[int], Vectors]]:
        """Yield ([an index into `texts`], its unit vector, shape (1, 384)), each as it is done, the longest begun first.

        `prefix` is PASSAGE_PREFIX or QUESTION_PREFIX. Longer texts are read up to 512 tokens. While nobody asks for the next,
        no other is begun (`side_by_side`). Raises EmbeddingModelMissing.
        """
        tokenizer, file, session = self.parts()
        encoded = tokenizer.encode_many([prefix + text for text in texts], MAX_TOKENS - 2)
        tokens = [[START_ID, *ids, END_ID] for ids in encoded]
        longest_first = sorted(range(len(texts)), key=lambda row: -len(tokens[row]))

        def embedded(row: int) -> Vectors:
            return _vector(session, file, tokens[row])

        for place, vector in side_by_side(embedded, longest_first, self._threads):
            yield [longest_first[place]], vector[None, :]

    def parts(self) -> tuple[UnigramTokenizer, E5File, Any]:
        """Return the tokenizer, the file of the weights and onnxruntime's session, loaded at first use.

        Raises EmbeddingModelMissing.
        """
        with self._lock:
            if self._loaded is None:
                path = self._path or find_model_file(MULTILINGUAL_MODEL.name)
                if path is None:
                    file = MULTILINGUAL_MODEL
                    raise EmbeddingModelMissing(
                        detail=f"“{file.name}” of the package “{file.package}” is not there."
                    )
                try:
                    self._loaded = self._opened(path)
                except Exception as exc:  # onnxruntime's errors have no base of their own
                    raise EmbeddingModelMissing(detail=str(exc)) from exc
                return_free_memory()
            return self._loaded

    def _opened(self, path: Path) -> tuple[UnigramTokenizer, E5File, Any]:
        if path.stat().st_size != MULTILINGUAL_MODEL.size:
            raise ValueError(f"“{path.name}” is another file than the one that was published.")
        file = E5File(path)
        onnxruntime = load_onnxruntime()
        options = session_options(onnxruntime, 1)
        # It is written as it is to be computed: onnxruntime would join sums with layer norms (`e5_graph`).
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.enable_cpu_mem_arena = False  # no slower here, and nothing is kept between two texts
        graph = prepared_graph(path)
        session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        return UnigramTokenizer.from_file(path), file, session


def _vector(session: Any, file: E5File, ids: list[int]) -> Vectors:
    """Return the unit vector of a text of these tokens, shape (384,)."""
    (hidden,) = session.run([GRAPH_OUTPUT], {GRAPH_INPUT: file.rows(ids)[None]})
    mean = hidden[0].mean(axis=0)
    vector: Vectors = mean / max(float(np.linalg.norm(mean)), 1e-12)
    return vector
