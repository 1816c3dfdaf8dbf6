"""A small model is asked as a server's model is, and says what it would write itself."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chatbot_app.core.completion_errors import NothingToContinue
from chatbot_app.lab.next_token import NextToken, write
from chatbot_app.lab.raw_model import SmallModelUnusable
from chatbot_app.lab.repetition import vicious_circle
from chatbot_app.lab.sampling import Sampling
from chatbot_app.lab.small import checkpoint, kept_models, training
from chatbot_app.lab.small.model_shape import Kind, ModelShape
from chatbot_app.lab.small.speaking import SmallModelClient, open_small_model
from chatbot_app.lab.small.training_plan import Source, TrainingPlan

TEXT = "the cat sat on the mat — and the dög sat on the cat.\n" * 40
TINY = ModelShape(vocabulary=1, context=12, width=16, layers=1, heads=2, key_value_heads=2)
TEXTS = TrainingPlan(shape=TINY, steps=8, batch=4, learning_rate=1e-2)
SUMS = replace(TEXTS, source=Source.ADDITIONS, digits=1, steps=3)


def learned(plan: TrainingPlan, kind: Kind, text: str = "") -> training.Training:
    state = training.begin(replace(plan, shape=replace(plan.shape, kind=kind)), text)
    while not state.is_done:
        state.advance()
    return state


def greedy(client: SmallModelClient, text: str, count: int) -> list[int]:
    async def taken() -> list[int]:
        path = await NextToken(client).begin(text)
        async for reached, _ in write(NextToken(client), path, Sampling(), None, count):
            path = reached
        return [one.token.id for one in path.taken if one.token.id is not None and not one.token.is_special]

    return asyncio.run(taken())


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    ("plan", "text", "begin"),
    [
        (TEXTS, TEXT, "the cat sat on"),
        (replace(TEXTS, byte_pair_tokens=64), TEXT, "the"),
        (SUMS, "", "3 + 4 ="),
    ],
)
def test_what_follows_is_what_it_would_write_itself(
    plan: TrainingPlan, text: str, begin: str, kind: Kind
) -> None:
    state = learned(plan, kind, text)
    client = SmallModelClient("mine", state)
    assert greedy(client, begin, 6) == list(state.sample(begin, 6))[:6]
    after = asyncio.run(NextToken(client).after(asyncio.run(NextToken(client).begin(begin))))
    assert len(after.tokens) == state.mapping.size
    assert np.exp(after.logprobs).sum() == pytest.approx(1)
    assert after.offset is not None
    assert after.rest == 0


@pytest.mark.parametrize("tokens", [0, 64])
def test_tokens_have_the_bytes_of_the_text(tokens: int) -> None:
    client = SmallModelClient("mine", training.begin(replace(TEXTS, byte_pair_tokens=tokens), TEXT))
    found = asyncio.run(client.tokens_of("the dög — 雪"))
    # What it does not know is left out.
    assert b"".join(token.data for token in found).decode() == "the dög — "
    assert asyncio.run(client.tokens_of("")) == []
    with pytest.raises(NothingToContinue):
        asyncio.run(client.likeliest([]))


def test_a_phrase_can_be_repeated_and_beams_searched() -> None:
    client = SmallModelClient("mine", learned(TEXTS, Kind.GPT, TEXT))

    async def both() -> tuple[int, int]:
        turns = [turn async for turn in vicious_circle(client, "the", " cat", 2)]
        path = await NextToken(client).begin("the ")
        levels = [level async for level in NextToken(client).beams(path, 3, 4)]
        return len(turns), len(levels)

    assert asyncio.run(both()) == (8, 5)


def test_what_has_learned_is_offered_by_name_and_read_anew_when_it_learned_more(tmp_path: Path) -> None:
    for steps in (0, 2, 1):
        model = kept_models.create(tmp_path, "sums", SUMS, "")
        state = training.begin(SUMS)
        for _ in range(steps):
            state.advance()
        checkpoint.save(state, model.folder)
        replace(model, step=steps).write()
    names = kept_models.offered(tmp_path)
    assert list(names) == ["sums", "sums (2)"]
    first = open_small_model(tmp_path, "sums (2)")
    assert open_small_model(tmp_path, "sums (2)", first) is first
    state.advance()
    checkpoint.save(state, names["sums"].folder)
    checkpoint.save(state, names["sums (2)"].folder)
    assert open_small_model(tmp_path, "sums (2)", first) is not first
    with pytest.raises(SmallModelUnusable, match="“other” cannot be asked"):
        open_small_model(tmp_path, "other")
    (names["sums"].folder / checkpoint.STATE).write_bytes(b"no state")
    with pytest.raises(SmallModelUnusable, match="damaged"):
        open_small_model(tmp_path, "sums")


def test_it_has_no_chats_and_no_endpoint() -> None:
    client = SmallModelClient("mine", training.begin(SUMS))
    assert asyncio.run(client.as_prompt([{"role": "user", "content": "hi"}])) is None
    with pytest.raises(SmallModelUnusable, match="no chats"):
        asyncio.run(client.likeliest_of_answer("hi"))
    with pytest.raises(SmallModelUnusable, match="no endpoint"):
        client.stream("hi", {})
