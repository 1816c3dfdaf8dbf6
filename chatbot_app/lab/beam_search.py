"""Beam search: not the likeliest next token, but the likeliest whole continuation that a few kept ones lead to.

Greedy decoding keeps one continuation, exhaustive search all of them (vocabulary ^ length); a beam keeps the best
`width` after each step (Lowerre 1976, "The HARPY Speech Recognition System"; for neural decoders Sutskever et al. 2014,
"Sequence to Sequence Learning with Neural Networks").
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

# The likeliest continuations of some tokens, each with its log-probability; at least `width` of them where there are.
Expand = Callable[[Sequence[T]], Awaitable[Sequence[tuple[T, float]]]]


@dataclass(frozen=True, slots=True, eq=False)
class Node(Generic[T]):
    """A token in the tree; `logprob` is its own, `total` that of everything from the root to here, in nats."""

    number: int  # in the order of their making, the root is 0
    parent: Node[T] | None
    token: T | None  # None at the root
    logprob: float
    total: float
    depth: int
    is_end: bool = False

    @property
    def tokens(self) -> list[T]:
        """The tokens from the root to here."""
        found: list[T] = []
        node: Node[T] | None = self
        while node is not None and node.token is not None:
            found.append(node.token)
            node = node.parent
        return found[::-1]

    def score(self, length_penalty: float) -> float:
        """What beams are compared by: the mean over a power of the length (Wu et al. 2016, equation 14); 0 is none."""
        return self.total / float(((5 + self.depth) / 6) ** length_penalty)


@dataclass(frozen=True, slots=True)
class Level(Generic[T]):
    """One step of the search: all that was looked at, and which of it the beam keeps, best first."""

    depth: int
    nodes: tuple[Node[T], ...]
    beam: tuple[Node[T], ...]


@dataclass(slots=True)
class Tree(Generic[T]):
    """All levels so far; `best` is the likeliest continuation, the root where there is none."""

    levels: list[Level[T]] = field(default_factory=list)

    @property
    def best(self) -> Node[T]:
        """The first of the last beam."""
        return self.levels[-1].beam[0]

    def kept(self) -> set[int]:
        """Return the numbers of the nodes that lie on the way to one of the last beam."""
        numbers: set[int] = set()
        for leaf in self.levels[-1].beam if self.levels else ():
            node: Node[T] | None = leaf
            while node is not None and node.number not in numbers:
                numbers.add(node.number)
                node = node.parent
        return numbers


async def beam_search(
    expand: Expand[T],
    width: int,
    depth: int,
    *,
    is_end: Callable[[T], bool] = lambda _: False,
    length_penalty: float = 0.0,
) -> AsyncGenerator[Level[T], None]:
    """Yield the levels of the tree, the root's first.

    `width` continuations are kept, at most `depth` tokens are added; one whose last token `is_end` stays as it is and
    competes with those that grow. With `width` at least vocabulary ^ (depth − 1) this is exhaustive search.
    """
    root: Node[T] = Node(0, None, None, 0.0, 0.0, 0)
    beam: tuple[Node[T], ...] = (root,)
    yield Level(0, (root,), beam)
    made = 1
    for reached in range(1, depth + 1):
        grown: list[Node[T]] = []
        for node in beam:
            if node.is_end:
                continue
            likeliest = sorted(await expand(node.tokens), key=lambda pair: -pair[1])[:width]
            for token, logprob in likeliest:
                total = node.total + logprob
                grown.append(Node(made, node, token, logprob, total, reached, is_end(token)))
                made += 1
        if not grown:
            return
        finished = [node for node in beam if node.is_end]
        ranked = sorted([*finished, *grown], key=lambda node: -node.score(length_penalty))
        beam = tuple(ranked[:width])
        yield Level(reached, tuple(grown), beam)
