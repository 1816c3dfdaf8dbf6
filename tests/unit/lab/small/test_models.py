"""What each switch of a small model promises."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chatbot_app.lab.small.attention import MultiHeadSelfAttention
from chatbot_app.lab.small.gpt import GPT
from chatbot_app.lab.small.gru import GRU
from chatbot_app.lab.small.model_shape import Kind, ModelShape, Positions, Score
from chatbot_app.lab.small.models import make_model
from chatbot_app.lab.small.next_token import generate, likeliest
from chatbot_app.lab.small.parameters import count, flattened

IDS = np.random.default_rng(5).integers(0, 11, (2, 9))


def shape(**switches: Any) -> ModelShape:
    sizes: dict[str, Any] = {"vocabulary": 11, "context": 12, "width": 16, "layers": 2, "heads": 4}
    return ModelShape(**{**sizes, **switches})


def logits(of: ModelShape, ids: Any = IDS) -> Any:
    model = make_model(of)
    return model.logits(model.initial(np.random.default_rng(1)), ids, IDS[:, :3])


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("score", Score)
def test_a_causal_model_does_not_see_what_follows(kind: Kind, score: Score) -> None:
    changed = IDS.copy()
    changed[:, 6:] = (changed[:, 6:] + 1) % 11
    first, second = (logits(shape(kind=kind, score=score), ids) for ids in (IDS, changed))
    assert first.dtype == np.float32
    np.testing.assert_allclose(first[:, :6], second[:, :6], atol=1e-5)
    assert np.abs(first[:, 6:] - second[:, 6:]).max() > 1e-3


def test_without_the_mask_it_does() -> None:
    changed = IDS.copy()
    changed[:, 8] = (changed[:, 8] + 1) % 11
    first, second = (logits(shape(is_causal=False), ids) for ids in (IDS, changed))
    assert np.abs(first[:, 0] - second[:, 0]).max() > 1e-5


@pytest.mark.parametrize("heads", [4, 2, 1])
@pytest.mark.parametrize("score", Score)
def test_attention_is_a_mean_of_what_was_seen(heads: int, score: Score) -> None:
    of = shape(key_value_heads=heads, score=score)
    attention = MultiHeadSelfAttention(of, is_causal=True)
    random = np.random.default_rng(2)
    x = random.standard_normal((2, 6, 16)).astype(np.float32)
    weights = attention.attention_weights(attention.initial(random), x)
    assert weights.shape == (2, 4, 6, 6)
    np.testing.assert_allclose(weights.sum(axis=-1), 1, atol=1e-5)
    assert (weights[..., *np.triu_indices(6, 1)] == 0).all()


def test_multi_query_has_one_head_of_keys_and_values_as_published() -> None:
    many, one = (
        dict(flattened(GPT(shape(key_value_heads=k)).initial(np.random.default_rng(1)))) for k in (4, 1)
    )
    assert many["block0.attention.key"].shape == (16, 16)
    assert one["block0.attention.key"].shape == one["block0.attention.value"].shape == (16, 4)


def test_multi_query_is_multi_head_with_the_same_keys_and_values_for_all_heads() -> None:
    one = MultiHeadSelfAttention(shape(key_value_heads=1), is_causal=True)
    many = MultiHeadSelfAttention(shape(), is_causal=True)
    random = np.random.default_rng(4)
    weights = one.initial(random)
    repeated = {**weights, "key": np.tile(weights["key"], 4), "value": np.tile(weights["value"], 4)}
    x = random.standard_normal((2, 5, 16)).astype(np.float32)
    np.testing.assert_allclose(one(weights, x), many(repeated, x), atol=1e-5)


def test_without_positions_order_before_the_last_token_is_not_seen() -> None:
    exchanged = IDS[:, [1, 0, 2, 3, 4, 5, 6, 7, 8]]
    for positions in Positions:
        of = shape(positions=positions, layers=1)
        apart = np.abs(logits(of, IDS)[:, -1] - logits(of, exchanged)[:, -1]).max()
        assert (apart < 1e-5) == (positions is Positions.NONE), positions


def test_rotary_positions_know_distances_alone() -> None:
    of = shape(positions=Positions.ROTARY, layers=1, is_causal=False)
    attention = MultiHeadSelfAttention(of, is_causal=False)
    random = np.random.default_rng(6)
    weights = attention.initial(random)
    token, other = random.standard_normal((2, 1, 1, 16)).astype(np.float32)
    early = np.concatenate([token, other, *[token] * 4], axis=1)
    late = np.concatenate([*[token] * 4, token, other], axis=1)
    near = attention.attention_weights(weights, early)[0, :, 0, 1]
    far = attention.attention_weights(weights, late)[0, :, 4, 5]
    # The same pair at the same distance scores alike against the same token at its own place.
    own_near = attention.attention_weights(weights, early)[0, :, 0, 0]
    own_far = attention.attention_weights(weights, late)[0, :, 4, 4]
    np.testing.assert_allclose(near / own_near, far / own_far, rtol=1e-3)


@pytest.mark.parametrize("switch", ["has_layer_norm", "has_skip_connections"])
@pytest.mark.parametrize("kind", Kind)
def test_norms_and_skips_can_be_left_out(kind: Kind, switch: str) -> None:
    with_it, without = shape(kind=kind), shape(kind=kind, **{switch: False})
    assert np.abs(logits(with_it) - logits(without)).max() > 1e-3
    if switch == "has_layer_norm":
        sizes = [count(make_model(s).initial(np.random.default_rng(1))) for s in (with_it, without)]
        assert sizes[0] > sizes[1]


def test_a_gru_carries_its_state_to_the_same_answer() -> None:
    model = GRU(shape(kind=Kind.GRU))
    weights = model.initial(np.random.default_rng(1))
    whole = model.logits(weights, IDS[:1])[0]
    states = model.first_states()
    for place, token in enumerate(IDS[0]):
        said, states = model.step(weights, int(token), states)
        np.testing.assert_allclose(said, whole[place], atol=1e-5)
    ids = IDS[0].tolist()
    assert list(model.generate(weights, ids, 3, likeliest)) == list(
        generate(model, weights, ids, 3, likeliest)
    )


def test_generation_sees_the_last_tokens_alone_and_asks_the_chooser_each_time() -> None:
    model = GPT(shape(context=4, positions=Positions.LEARNED))
    weights = model.initial(np.random.default_rng(1))
    asked: list[int] = []

    def choose(values: Any, ids: Any) -> int:
        asked.append(len(ids))
        return int(values.argmax())

    long = list(model.generate(weights, IDS[0].tolist(), 5, choose))
    assert asked == [9, 10, 11, 12, 13]
    assert long == list(model.generate(weights, IDS[0, -4:].tolist(), 5, likeliest))


def test_an_encoder_decoder_looks_at_its_source() -> None:
    model = make_model(shape(kind=Kind.ENCODER_DECODER))
    weights = model.initial(np.random.default_rng(1))
    other = (IDS[:, :3] + 1) % 11
    assert np.abs(model.logits(weights, IDS, IDS[:, :3]) - model.logits(weights, IDS, other)).max() > 1e-3
    with pytest.raises(ValueError, match="source"):
        model.logits(weights, IDS)


def test_without_cross_attention_it_sees_nothing_of_its_source() -> None:
    whole = make_model(shape(kind=Kind.ENCODER_DECODER))
    model = make_model(shape(kind=Kind.ENCODER_DECODER, has_cross_attention=False))
    weights = model.initial(np.random.default_rng(1))
    other = (IDS[:, :3] + 1) % 11
    np.testing.assert_array_equal(model.logits(weights, IDS, IDS[:, :3]), model.logits(weights, IDS, other))
    assert count(weights) < count(whole.initial(np.random.default_rng(1)))


@pytest.mark.parametrize(
    "switches",
    [{"heads": 3}, {"key_value_heads": 3}, {"layers": 0}, {"dropout": 1.0}, {"width": 12, "heads": 4}],
)
def test_shapes_that_do_not_fit_are_refused(switches: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        shape(**switches)


def test_a_shape_is_read_as_it_was_written() -> None:
    of = shape(kind=Kind.ENCODER_DECODER, score=Score.ADDITIVE, positions=Positions.NONE, is_causal=False)
    assert ModelShape.from_dict(of.to_dict()) == of


@pytest.mark.parametrize("width", [16, 64, 128])
def test_tokens_begin_larger_by_the_root_of_the_width_where_sines_are_added(width: int) -> None:
    shape = ModelShape(50, Kind.GPT, 32, width, 1, 2, 2, positions=Positions.SINUSOIDAL)
    tokens = GPT(shape).initial(np.random.default_rng(0))["tokens"]
    assert tokens.dtype == np.float32
    assert float(np.std(tokens)) == pytest.approx(0.1 * width**0.5, rel=0.1)
