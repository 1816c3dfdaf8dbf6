"""Beam search finds what looking at every continuation finds, and its tree says how."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest

from chatbot_app.lab.beam_search import Tree, beam_search

VOCABULARY, DEPTH = 4, 4


class ToyModel:
    """Each token's probability depends on all tokens before it."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.asked = 0

    def logprobs(self, before: Sequence[int]) -> np.ndarray:
        scores = np.random.default_rng([self._seed, *before]).normal(size=VOCABULARY) * 2
        return scores - np.logaddexp.reduce(scores)

    async def expand(self, before: Sequence[int]) -> list[tuple[int, float]]:
        self.asked += 1
        return [(token, float(score)) for token, score in enumerate(self.logprobs(before))]

    def total(self, tokens: Sequence[int]) -> float:
        return sum(float(self.logprobs(tokens[:place])[token]) for place, token in enumerate(tokens))

    def likeliest(self) -> tuple[int, ...]:
        return max(product(range(VOCABULARY), repeat=DEPTH), key=self.total)


def search(model: ToyModel, width: int, depth: int = DEPTH, **options: object) -> Tree[int]:
    async def run() -> Tree[int]:
        tree: Tree[int] = Tree()
        async for level in beam_search(model.expand, width, depth, **options):  # type: ignore[arg-type]
            tree.levels.append(level)
        return tree

    return asyncio.run(run())


@pytest.mark.parametrize("seed", range(4))
def test_a_beam_of_all_prefixes_is_exhaustive_search(seed: int) -> None:
    model = ToyModel(seed)
    best = search(model, VOCABULARY ** (DEPTH - 1)).best
    assert tuple(best.tokens) == model.likeliest()
    assert best.total == pytest.approx(model.total(best.tokens))


def test_a_narrow_beam_is_at_least_as_good_as_greedy_decoding_and_finds_more() -> None:
    found = 0
    for seed in range(8):
        model = ToyModel(seed)
        greedy, beam = search(model, 1).best, search(model, 8).best
        assert beam.total >= greedy.total - 1e-9
        found += tuple(beam.tokens) == model.likeliest() != tuple(greedy.tokens)
    assert found > 0


def test_a_beam_of_one_is_greedy_decoding() -> None:
    model = ToyModel(3)
    tokens: list[int] = []
    for _ in range(DEPTH):
        tokens.append(int(np.argmax(model.logprobs(tokens))))
    assert search(model, 1).best.tokens == tokens


def test_the_tree_names_every_node_once_and_its_parent() -> None:
    tree = search(ToyModel(1), 3)
    nodes = [node for level in tree.levels for node in level.nodes]
    assert [node.number for node in nodes] == list(range(len(nodes)))
    assert [len(level.beam) for level in tree.levels] == [1, 3, 3, 3, 3]
    assert [len(level.nodes) for level in tree.levels] == [1, 3, 9, 9, 9]
    for node in nodes[1:]:
        assert node.parent is not None
        assert node.total == pytest.approx(node.parent.total + node.logprob)
        assert node.depth == node.parent.depth + 1
    assert {0, *(node.number for node in tree.levels[-1].beam)} <= tree.kept()


def test_what_has_ended_competes_and_does_not_grow() -> None:
    model = ToyModel(2)
    tree = search(model, 3, 6, is_end=lambda token: token == 0)
    for level in tree.levels:
        for node in level.nodes:
            assert node.parent is None or not node.parent.is_end
    ended = [node for level in tree.levels for node in level.beam if node.is_end]
    assert all(node.tokens[-1] == 0 for node in ended)


def test_where_everything_has_ended_the_search_does_too() -> None:
    tree = search(ToyModel(2), 2, 50, is_end=lambda _: True)
    assert len(tree.levels) == 2


def test_a_length_penalty_prefers_longer_ones() -> None:
    model = ToyModel(7)
    plain = search(model, 8, 6, is_end=lambda token: token == 1).best
    longer = search(model, 8, 6, is_end=lambda token: token == 1, length_penalty=2.0).best
    assert longer.depth >= plain.depth
