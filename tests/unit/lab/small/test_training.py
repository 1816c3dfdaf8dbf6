"""A model learns, is stored, and goes on as if it had never stopped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chatbot_app.lab.small import additions, checkpoint, training
from chatbot_app.lab.small.data_sets import AdditionData, TextData
from chatbot_app.lab.small.model_shape import Kind, ModelShape
from chatbot_app.lab.small.n_grams import NGramModel
from chatbot_app.lab.small.optimiser import learning_rate
from chatbot_app.lab.small.parameters import flattened
from chatbot_app.lab.small.token_mapping import TokenMapping
from chatbot_app.lab.small.training_plan import Source, TrainingPlan

TEXT = "the cat sat on the mat, and the dog sat on the cat.\n" * 60
TINY = ModelShape(vocabulary=1, context=12, width=16, layers=1, heads=2, key_value_heads=2, dropout=0.1)
PLAN = TrainingPlan(shape=TINY, steps=30, batch=8, learning_rate=1e-2)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("tokens", [0, 64])
def test_a_text_is_learned(kind: Kind, tokens: int) -> None:
    plan = replace(PLAN, shape=replace(TINY, kind=kind), byte_pair_tokens=tokens)
    state = training.begin(plan, TEXT)
    before = state.held_out_loss(10)
    for _ in range(plan.steps):
        state.advance()
    look = state.look()
    assert state.is_done
    assert look.held_out_loss < 0.8 * before
    assert look.exact is None
    said = state.mapping.decode(list(state.sample("the ", 10)))
    assert set(said) <= set(TEXT)


@pytest.mark.parametrize("kind", Kind)
def test_it_goes_on_after_a_load_as_if_it_had_not_stopped(tmp_path: Path, kind: Kind) -> None:
    plan = replace(PLAN, shape=replace(TINY, kind=kind), byte_pair_tokens=64)
    whole = training.begin(plan, TEXT)
    stopped = training.begin(plan, TEXT)
    for _ in range(4):
        whole.advance()
        stopped.advance()
    stopped.look()
    whole.look()
    checkpoint.save(stopped, tmp_path)
    again = checkpoint.load(tmp_path, TEXT)
    assert [again.advance() for _ in range(4)] == [whole.advance() for _ in range(4)]
    assert again.looks == whole.looks
    for (name, one), (_, other) in zip(flattened(again.weights), flattened(whole.weights), strict=True):
        assert (one == other).all(), name


def test_a_state_takes_the_place_of_the_last_one_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = training.begin(PLAN, TEXT)
    checkpoint.save(state, tmp_path)
    state.advance()

    def killed(*_: object, **__: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr(np, "savez", killed)
    with pytest.raises(OSError, match="space"):
        checkpoint.save(state, tmp_path)
    assert checkpoint.load(tmp_path, TEXT).step == 0


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"nothing of the kind" * 100])
def test_a_damaged_state_is_said_so(tmp_path: Path, damage: bytes) -> None:
    checkpoint.save(training.begin(PLAN, TEXT), tmp_path)
    whole = (tmp_path / checkpoint.STATE).read_bytes()
    (tmp_path / checkpoint.STATE).write_bytes(damage or whole[: len(whole) // 2])
    with pytest.raises(checkpoint.StateDamaged):
        checkpoint.load(tmp_path, TEXT)


def test_sums_are_written_in_stages() -> None:
    asked, said = additions.question(111, 222), additions.answer(111, 222, is_staged=True)
    assert asked + said == "111 + 222 = 3 + 30 + 300 = 333"
    assert additions.answer(57, 68, is_staged=True) == " 15 + 110 = 125"
    assert additions.answer(57, 68, is_staged=False) == " 125"


def test_no_held_out_sum_is_learned_from_either_way_round() -> None:
    learned, held_out = additions.pairs(2, np.random.default_rng(1))
    assert len(held_out) == 810
    assert not {tuple(sorted(pair)) for pair in learned} & {tuple(sorted(pair)) for pair in held_out}
    assert all(10 <= number <= 99 for pair in learned + held_out for number in pair)


@pytest.mark.parametrize("has_source", [False, True])
def test_only_the_answers_of_sums_count(has_source: bool) -> None:
    random = np.random.default_rng(1)
    sums = AdditionData(2, is_staged=True, random=random, has_source=has_source)
    batch = sums.encoded([(57, 68), (10, 11)])
    counted = [
        sums.mapping.decode(row[weights > 0])
        for row, weights in zip(batch.targets, batch.weights, strict=True)
    ]
    assert counted == [" 15 + 110 = 125\n", " 1 + 20 = 21\n"]
    assert sums.longest >= batch.ids.shape[1]


@pytest.mark.parametrize("kind", Kind)
def test_the_share_of_exact_sums_is_that_of_sums_that_are_written_out(kind: Kind) -> None:
    shape = replace(TINY, kind=kind, dropout=0.0)
    plan = TrainingPlan(
        shape=shape, source=Source.ADDITIONS, digits=1, is_staged=False, steps=60, batch=8, learning_rate=2e-2
    )
    state = training.begin(plan)
    assert isinstance(state.data, AdditionData)
    # Three sums that it has seen, and three that it has not.
    state.data.training_pairs = [(2, 3), (4, 4), (9, 9)]
    state.data.held_out_pairs = [(2, 3), (4, 4), (9, 9), (1, 7), (8, 2), (5, 1)]
    for _ in range(plan.steps):
        state.advance()
    written = 0
    for pair in state.data.held_out_pairs:
        asked, wanted = state.data.asked_and_wanted(*pair)
        written += state.mapping.decode(list(state.sample(asked, 20))) == wanted
    assert state.exact(1000) == written / 6 >= 0.5


def test_a_model_that_sees_the_future_learns_to_read_it_and_cannot_write() -> None:
    noise = "".join(np.random.default_rng(2).choice(list("abcd"), 2000))
    plan = replace(PLAN, shape=replace(TINY, is_causal=False, dropout=0.0), learning_rate=2e-2, steps=80)
    state = training.begin(plan, noise)
    for _ in range(plan.steps):
        state.advance()
    look = state.look()
    assert state.losses == []
    assert float(np.mean([state.advance() for _ in range(3)])) < 0.5 * np.log(4)
    assert look.held_out_loss > 0.95 * np.log(4)


@pytest.mark.parametrize("text", ["", "short", "😀" * 30])
def test_a_text_that_is_too_short_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="shorter"):
        training.begin(PLAN, text)


def test_plans_that_cannot_be_trained_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="GB"):
        TrainingPlan(shape=replace(TINY, width=8192, layers=40))
    with pytest.raises(ValueError, match="by character"):
        TrainingPlan(source=Source.ADDITIONS, byte_pair_tokens=512)
    assert TrainingPlan.from_dict(PLAN.to_dict()) == PLAN


def test_tokens_come_back_as_the_text() -> None:
    text = "Grüße, 😀 世界! The cat.\n"
    for mapping in (TokenMapping.of_characters(text), TokenMapping.of_byte_pairs(text * 20, 80)):
        again = TokenMapping.from_json(mapping.to_json())
        assert again.decode(again.encode(text)) == text
        assert again.encode(text) == mapping.encode(text)
        assert max(mapping.encode(text)) < mapping.size == len(mapping.tokens())
        assert mapping.unknown("The Ω cat") == "Ω"
    with pytest.raises(ValueError):
        TokenMapping.from_json('{"tokenizer": "{}"}')


def test_byte_pairs_are_learned_from_what_is_not_held_out_and_can_write_all() -> None:
    random = np.random.default_rng(1)
    text = "".join(random.choice(list("abcd"), 2000)) + "é" + "".join(random.choice(list("xyz"), 200))
    mapping = training.begin(replace(PLAN, byte_pair_tokens=64), text).mapping
    assert mapping.decode(mapping.encode("éxyz")) == "éxyz"
    pairs = [token for token in mapping.tokens() if len(token) > 1]
    assert len(pairs) > 20
    assert set("".join(pairs)) <= set("abcd")


def test_held_out_windows_count_each_token_at_most_once() -> None:
    mapping = TokenMapping.of_characters(TEXT)
    data = TextData(TEXT, mapping, 12)
    batches = list(data.held_out(1000))
    counted = sum(int(batch.weights.sum()) for batch in batches)
    assert 0.8 * len(data.held_out_ids) < counted <= len(data.held_out_ids)
    assert sum(len(batch.ids) for batch in data.held_out(5)) == 5


def test_an_n_gram_model_is_a_distribution_and_knows_what_it_counted() -> None:
    random = np.random.default_rng(1)
    ids = random.integers(0, 4, 300)
    model = NGramModel(ids, 4, order=3)
    for before in ([0, 1], [3, 3], [2, 0]):
        total = sum(np.exp(-model.losses(np.array([*before, token]))[0]) for token in range(4))
        assert total == pytest.approx(1)
    learned = np.array(TokenMapping.of_characters(TEXT).encode(TEXT))
    assert NGramModel(learned, 20).losses(learned).mean() < 0.3
    with pytest.raises(ValueError, match="too large"):
        NGramModel(ids, 2**20)


def test_the_rate_rises_and_falls() -> None:
    rates = [learning_rate(step, 1000, 0.01) for step in range(1000)]
    assert max(rates) == rates[100] == pytest.approx(0.01)
    assert rates[0] < 0.001
    assert rates[-1] < 0.001
