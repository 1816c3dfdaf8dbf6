"""Reads a question and a passage together, token by token, and says where in the passage the question is answered.

A cross-encoder (Nogueira & Cho 2019): all-MiniLM-L6-v2 trained on, with both texts in one run, on questions of SQuAD 1.1
(Rajpurkar et al. 2016), beside passages of the same articles that share the question's words and answer another one.
`tests/benchmarks/train_cross_encoder.py` makes it. It knows English: what it makes of other languages is not to be used.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from chatbot_app.knowledge.children.built_in_embedder import BuiltInEmbedder
from chatbot_app.knowledge.children.cross_encoder_numbers import Heads, heads_of_cross_encoder
from chatbot_app.knowledge.children.onnx_session import THREADS, session_of_form
from chatbot_app.knowledge.children.prepared_model import cross_encoder_of_bytes, prepared_cross_encoder
from chatbot_app.knowledge.children.side_by_side import side_by_side
from chatbot_app.knowledge.cross_encoding import CrossEncoding, ReadText

LONGEST_QUESTION, LONGEST_ABOVE = 40, 24  # tokens that are read
LONGEST = 256  # with both and four signs between them: as in training
BEGIN_ID, PART_ID, COLON_ID = 101, 102, 1024  # [CLS], [SEP] and ":", as all-MiniLM-L6-v2 numbers them


class _Pair(NamedTuple):
    """A question and a passage as the model reads them: tokens, and where those of the passage begin."""

    ids: list[int]
    second: int  # where the second text begins
    start: int
    spans: tuple[tuple[int, int], ...]


class BuiltInCrossEncoder:
    """Loads at first use; safe from several threads, and `threads` passages are read at once."""

    def __init__(self, model: BuiltInEmbedder, threads: int = THREADS) -> None:
        """`model` is what this one was trained on from: it has the tokenizer, and the vectors of words."""
        self._model = model
        self._threads = threads
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Heads] | None = None

    def load(self) -> None:
        """Load the model. Raises EmbeddingModelMissing."""
        self._model.load()
        self._parts()

    def encode_pairs(self, question: str, passages: Sequence[ReadText]) -> list[CrossEncoding]:
        """Return what reading the question with each passage tells. Raises EmbeddingModelMissing.

        Of a question 40 tokens are read, and so much of a passage that both are 256 with what stands above.
        """
        found = dict(self.encode_one_by_one(question, passages))
        return [found[place] for place in range(len(passages))]

    def encode_one_by_one(
        self, question: str, passages: Sequence[ReadText]
    ) -> Iterator[tuple[int, CrossEncoding]]:
        """Yield (place in `passages`, what reading it tells), each as it is done. Raises EmbeddingModelMissing."""
        if not passages:
            return
        session, heads = self._parts()
        asked, *texts = self._model.encode([question, *(part for one in passages for part in one)])
        pairs = [_pair_of(asked, above, text) for above, text in zip(texts[::2], texts[1::2], strict=True)]
        longest_first = sorted(range(len(pairs)), key=lambda row: -len(pairs[row].ids))
        for place, reading in side_by_side(
            lambda row: _encoded(session, heads, pairs[row]), longest_first, self._threads
        ):
            yield longest_first[place], reading

    def _parts(self) -> tuple[Any, Heads]:
        with self._lock:
            if self._loaded is None:
                path, digest = self._model.file()
                session, _ = session_of_form(
                    lambda: cross_encoder_of_bytes(path, digest),
                    lambda: prepared_cross_encoder(path, digest),
                    1,
                )
                self._loaded = session, heads_of_cross_encoder()
            return self._loaded


def _pair_of(asked: Any, above: Any, text: Any) -> _Pair:
    """Return the pair of three encoded texts, which have [CLS] and [SEP] around them."""
    first = [BEGIN_ID, *asked.ids[1:-1][:LONGEST_QUESTION], PART_ID]
    title = above.ids[1:-1][:LONGEST_ABOVE]
    before = [*first, *title, COLON_ID] if title else first
    room = LONGEST - len(before) - 1
    return _Pair(
        [*before, *text.ids[1:-1][:room], PART_ID],
        len(first),
        len(before),
        tuple(text.offsets[1:-1][:room]),
    )


def _encoded(session: Any, heads: Heads, pair: _Pair) -> CrossEncoding:
    ids = np.array([pair.ids], np.int64)
    types = np.zeros_like(ids)
    types[0, pair.second :] = 1
    feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types}
    (hidden,) = session.run(["last_hidden_state"], feed)
    first = hidden[0, 0]
    return CrossEncoding(
        float(first @ heads.passage + heads.passage_shift),
        float(first @ heads.whole + heads.whole_shift),
        hidden[0, pair.start : pair.start + len(pair.spans)] @ heads.token,
        pair.spans,
    )
