"""Two lists of scores made one."""

from __future__ import annotations

import random

from chatbot_app.knowledge.search.fusion import fuse


def test_what_is_in_either_list_counts_by_its_share_words_first() -> None:
    draw = random.Random(4)
    words = {number: draw.random() for number in draw.sample(range(60), 30)}
    vectors = {number: draw.random() for number in draw.sample(range(60), 30)}
    for share in (0.0, 0.3, 0.7, 1.0):
        fused = fuse(words, vectors, share)
        assert list(fused) == list(dict.fromkeys([*words, *vectors]))
        assert fused == {
            number: (1 - share) * words.get(number, 0.0) + share * vectors.get(number, 0.0)
            for number in fused
        }
    some = [*list(words)[:5], 99]
    assert fuse(words, vectors, 0.7, some) == {
        **{n: fuse(words, vectors, 0.7)[n] for n in some[:-1]},
        99: 0.0,
    }
