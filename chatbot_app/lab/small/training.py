"""Training: a step at a time, so that whoever calls may pause, look and save between two of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from autograd import value_and_grad

from chatbot_app.lab.small.data_sets import AdditionData, DataSet, TextData, held_out_from
from chatbot_app.lab.small.dropout import Dropout
from chatbot_app.lab.small.models import Model, make_model
from chatbot_app.lab.small.next_token import Choose, likeliest, next_token
from chatbot_app.lab.small.operations import cross_entropy, token_losses
from chatbot_app.lab.small.optimiser import AdamW, learning_rate
from chatbot_app.lab.small.parameters import Parameters, flattened
from chatbot_app.lab.small.token_mapping import TokenMapping
from chatbot_app.lab.small.training_plan import Source, TrainingPlan

LOOKED_AT = 48  # sequences that are held out, while a model learns
SUMS_LOOKED_AT = 200
MOST_READ = 1_000  # tokens before those that are written; a recurrence reads them one by one


@dataclass(frozen=True, slots=True)
class Look:
    """A point of the curves. Losses are nats a character for a text, nats a token of the answer for sums."""

    step: int
    training_loss: float  # mean since the look before
    held_out_loss: float
    exact: float | None  # share of held-out sums that the model answers exactly, None for texts


@dataclass(slots=True)
class Training:
    """A model that learns, with everything that it needs to go on: `checkpoint` stores it."""

    plan: TrainingPlan  # its shape has the vocabulary of `mapping`
    mapping: TokenMapping
    data: DataSet
    model: Model
    weights: Parameters
    random: np.random.Generator
    optimiser: AdamW = field(default_factory=AdamW)
    step: int = 0
    looks: list[Look] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)  # of the steps since the last look

    @property
    def is_done(self) -> bool:
        """Return whether all steps were made."""
        return self.step >= self.plan.steps

    def advance(self) -> float:
        """Make one step and return its loss in nats a token."""
        batch = self.data.batch(self.random, self.plan.batch)
        share = self.plan.shape.dropout
        dropout = Dropout(share, self.random) if share else None

        def loss(weights: Parameters) -> Any:
            logits = self.model.logits(weights, batch.ids, batch.source, dropout)
            return cross_entropy(logits, batch.targets, batch.weights)

        value, gradients = value_and_grad(loss)(self.weights)
        rate = learning_rate(self.step, self.plan.steps, self.plan.learning_rate)
        self.optimiser.update(dict(flattened(self.weights)), dict(flattened(gradients)), rate)
        self.step += 1
        self.losses.append(float(value))
        return float(value)

    def look(self) -> Look:
        """Measure on what is held out, and begin a new point of the curves."""
        scale = self.data.tokens_per_character
        mean = float(np.mean(self.losses)) if self.losses else float("nan")
        look = Look(self.step, mean * scale, self.held_out_loss(LOOKED_AT), self.exact(SUMS_LOOKED_AT))
        self.losses = []
        self.looks.append(look)
        return look

    def held_out_loss(self, most: int) -> float:
        """Return the mean loss on `most` held-out sequences, in nats a character.

        A model that sees the future would read what it is asked for: of each of its windows only the last token
        counts, after which there is nothing to see.
        """
        total = count = 0.0
        for batch in self.data.held_out(most):
            weights = batch.weights if self.plan.shape.is_causal else _last_only(batch.weights)
            logits = self.model.logits(self.weights, batch.ids, batch.source)
            total += float((token_losses(logits, batch.targets) * weights).sum())
            count += float(weights.sum())
        return total / count * self.data.tokens_per_character

    def exact(self, most: int) -> float | None:
        """Return the share of held-out sums whose whole answer is right when the likeliest token is taken each time."""
        if not isinstance(self.data, AdditionData):
            return None
        if not self.plan.shape.is_causal:
            # It was trained with the answer in sight and must be asked without it; a few sums tell.
            pairs = self.data.held_out_pairs[: min(most, 20)]
            right = sum(self._answers(*pair) for pair in pairs)
            return right / len(pairs)
        right = asked = 0
        for batch in self.data.held_out(most):
            # All tokens before a right one are right: the likeliest ones are what the model would write itself.
            said = self.model.logits(self.weights, batch.ids, batch.source).argmax(axis=-1)
            right += int(((said == batch.targets) | (batch.weights == 0)).all(axis=1).sum())
            asked += len(said)
        return right / asked

    def sample(self, begin: str, length: int, choose: Choose = likeliest) -> Iterator[int]:
        """Yield up to `length` ids that follow `begin`; after a sum's answer there is nothing more."""
        ids = self.mapping.encode(begin)[-MOST_READ:] or [0]
        if isinstance(self.data, AdditionData):
            yield from self._answer(ids, length, choose)
        elif self.plan.has_source:
            yield from self._follow(ids, length, choose)
        else:
            yield from self.model.generate(self.weights, ids, length, choose)

    def _answer(self, asked: list[int], length: int, choose: Choose) -> Iterator[int]:
        line_break = self.mapping.encode("\n")
        begun, source = (line_break, asked) if self.plan.has_source else (line_break + asked, None)
        for token in self.model.generate(self.weights, begun, length, choose, source):
            if [token] == line_break:
                return
            yield token

    def _follow(self, ids: list[int], length: int, choose: Choose) -> Iterator[int]:
        """Go on as an encoder and decoder learned to: it reads the first half of what is seen, and writes behind it."""
        read = self.plan.shape.context // 2
        written = list(ids)
        for _ in range(length):
            seen = written[-self.plan.shape.context :]
            behind = max(1, len(seen) - read)
            source = seen[:-behind] or seen
            written.append(next_token(self.model, self.weights, seen[-behind:], choose, source))
            yield written[-1]

    def _answers(self, first: int, second: int) -> bool:
        assert isinstance(self.data, AdditionData)
        asked, wanted = self.data.asked_and_wanted(first, second)
        said = list(self.sample(asked, len(wanted) + 1))
        return self.mapping.decode(said) == wanted


def begin(plan: TrainingPlan, text: str = "") -> Training:
    """Return a model that has learned nothing yet. Raises ValueError for a text that is too short."""
    random = np.random.default_rng(plan.seed)
    if plan.source is Source.ADDITIONS:
        mapping = TokenMapping.of_characters("0123456789 +=\n")
    elif plan.byte_pair_tokens:
        # What is held out has a share in no pair, but all of its bytes can be written.
        mapping = TokenMapping.of_byte_pairs(text[: held_out_from(text)], plan.byte_pair_tokens, text)
    else:
        mapping = TokenMapping.of_characters(text)
    plan = replace(plan, shape=replace(plan.shape, vocabulary=max(1, mapping.size)))
    plan, data = data_of(plan, text, mapping)
    model = make_model(plan.shape)
    weights = model.initial(random)
    return Training(plan, mapping, data, model, weights, random, AdamW(plan.weight_decay))


def data_of(plan: TrainingPlan, text: str, mapping: TokenMapping) -> tuple[TrainingPlan, DataSet]:
    """Return what is learned from; sums make the context as long as they are."""
    if plan.source is Source.ADDITIONS:
        # Its own generator: which sums are held out does not depend on what else was drawn.
        sums = AdditionData(
            plan.digits,
            is_staged=plan.is_staged,
            random=np.random.default_rng(plan.seed),
            has_source=plan.has_source,
        )
        return replace(plan, shape=replace(plan.shape, context=sums.longest)), sums
    return plan, TextData(text, mapping, plan.shape.context, has_source=plan.has_source)


def _last_only(weights: Any) -> Any:
    last = np.zeros_like(weights)
    for row, counted in enumerate(weights > 0):
        if counted.any():
            last[row, np.flatnonzero(counted)[-1]] = 1
    return last
