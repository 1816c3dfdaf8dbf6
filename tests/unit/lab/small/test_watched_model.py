"""The attention of small models, and that of an encoder-decoder's three kinds, held against the formula and the logits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chatbot_app.lab.attention import Part
from chatbot_app.lab.attention_look import AttentionLook, AttentionSource, SourceKind
from chatbot_app.lab.attention_process import AttentionProcess
from chatbot_app.lab.small import checkpoint, kept_models, training
from chatbot_app.lab.small.model_shape import Kind, ModelShape, Score
from chatbot_app.lab.small.parameters import Parameters
from chatbot_app.lab.small.training_plan import Source, TrainingPlan
from chatbot_app.lab.small.watched_model import WatchedModel, watched_sources
from chatbot_app.lab.weights import WeightsUnusable

SHAPE = ModelShape(1, Kind.ENCODER_DECODER, context=12, width=16, layers=2, heads=4, key_value_heads=2)
SUMS = TrainingPlan(shape=SHAPE, source=Source.ADDITIONS, digits=1, steps=2, batch=4)
TEXTS = replace(SUMS, source=Source.DOCUMENTS)
TEXT = "the cat sat on the mat — and the dög sat on the cat.\n" * 10


def kept(root: Path, plan: TrainingPlan, name: str = "model", text: str = TEXT) -> AttentionSource:
    model = kept_models.create(root, name, plan, text)
    state = training.begin(plan, text)
    state.advance()
    checkpoint.save(state, model.folder)
    replace(model, step=1).write()
    return next(source for source in watched_sources(root) if source.path == str(model.folder))


def rows_sum_to_one(look: AttentionLook) -> None:
    layers, heads = SHAPE.layers, SHAPE.heads
    assert look.record.weights.shape == (layers, heads, len(look.tokens), len(look.asked))
    np.testing.assert_allclose(look.record.weights.sum(-1), 1, atol=1e-5)


@pytest.mark.parametrize("score", Score)
def test_cross_attention_is_what_the_decoder_takes_from_the_source(tmp_path: Path, score: Score) -> None:
    model = WatchedModel(kept(tmp_path, replace(SUMS, shape=replace(SHAPE, score=score))))
    look = model.look("7 + 8 = 15")
    assert look.part is Part.CROSS
    assert look.parts == tuple(Part)
    assert look.tokens == ("↵", " ", "1", "5")
    assert look.asked == tuple("7 + 8 =")
    assert (look.is_causal, look.written, look.unknown) == (False, 0, "")
    rows_sum_to_one(look)
    record = look.record
    assert record.keys.shape == (2, 2, 7, 4)
    # The page's numbers make the weight: the products sum to the score, and softmax of all scores is the row.
    for layer, head, asking in ((0, 0, 0), (1, 3, 2)):
        pair = record.pair(layer, head, asking, 4)
        np.testing.assert_allclose(pair.product.sum() * record.scale, pair.scores[4], rtol=1e-4, atol=1e-6)
        shares = np.exp(pair.scores - pair.scores.max())
        np.testing.assert_allclose(shares / shares.sum(), pair.weights, atol=1e-5)
    assert (record.additive is not None) == (score is Score.ADDITIVE)


def test_each_kind_of_attention_sees_what_it_may(tmp_path: Path) -> None:
    model = WatchedModel(kept(tmp_path, SUMS))
    cross, decoder, encoder = (model.look("7 + 8 = 15", part=part) for part in Part)
    assert (decoder.tokens, decoder.read, decoder.is_causal) == (cross.tokens, None, True)
    assert (encoder.tokens, encoder.read, encoder.is_causal) == (cross.asked, None, False)
    for look in (decoder, encoder):
        rows_sum_to_one(look)
    future = np.triu_indices(4, 1)
    assert not decoder.record.weights[..., *future].any()
    assert encoder.record.weights.all()
    other = model.look("7 + 1 = 15", part=Part.DECODER)
    np.testing.assert_array_equal(decoder.record.weights[0], other.record.weights[0])  # it has not looked yet
    assert np.abs(decoder.record.weights[1] - other.record.weights[1]).max() > 0


def test_the_values_that_are_mixed_in_these_shares_are_what_the_model_goes_on_with(tmp_path: Path) -> None:
    """The rest of the decoder is computed here, from the shares that are shown to the logits."""
    source = kept(tmp_path, replace(SUMS, shape=replace(SHAPE, layers=1, has_skip_connections=False)))
    state = checkpoint.load(Path(source.path), "")
    ids, read = (np.array([state.mapping.encode(text)]) for text in ("\n 1", "7 + 8 ="))
    model, weights = state.model, state.weights
    record = WatchedModel(source).look("7 + 8 = 1").record
    memory = model.memory(weights, read)[0]  # type: ignore[union-attr]
    block: Parameters = weights["decoder0"]
    values = (memory @ block["cross"]["value"]).reshape(7, 2, 4)
    mixed = np.concatenate([record.weights[0, head] @ values[:, head // 2] for head in range(4)], axis=1)
    x = mixed @ block["cross"]["out"]
    centred = x - x.mean(-1, keepdims=True)
    normed = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5)
    normed = normed * block["before_network"]["gain"] + block["before_network"]["bias"]
    inside = np.maximum(normed @ block["expand"] + block["expand_bias"], 0) ** 2
    x = inside @ block["reduce"] + block["reduce_bias"]
    centred = x - x.mean(-1, keepdims=True)
    normed = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5)
    normed = normed * weights["before_head"]["gain"] + weights["before_head"]["bias"]
    np.testing.assert_allclose(normed @ weights["head"], model.logits(weights, ids, read)[0], atol=1e-4)


def test_a_sum_that_only_asks_is_answered_first(tmp_path: Path) -> None:
    model = WatchedModel(kept(tmp_path, SUMS))
    look = model.look("7 + 8 =")
    assert look.written == len(look.tokens) - 1
    assert look.written >= 1
    assert model.look("7 + 8 =", part=Part.ENCODER).written == 0
    assert model.look("7 é+ 8 = 15").unknown == "é"
    with pytest.raises(WeightsUnusable, match="no tokens for these"):
        model.look("éé")


def test_texts_are_read_by_halves_and_as_far_as_the_model_sees(tmp_path: Path) -> None:
    model = WatchedModel(kept(tmp_path, TEXTS))
    look = model.look("the cat sat on the mat")
    assert "".join((*look.asked, *look.tokens)) == "the cat sat "
    assert (look.was_cut, look.limit) == (True, 12)
    one = model.look("t")
    assert one.tokens == one.asked == ("t",)
    assert not one.was_cut


def test_models_without_cross_attention_or_an_encoder_or_any_attention(tmp_path: Path) -> None:
    apart = kept(tmp_path / "apart", replace(SUMS, shape=replace(SHAPE, has_cross_attention=False)))
    assert WatchedModel(apart).look("1 + 2 = 3", part=Part.CROSS).parts == (Part.DECODER, Part.ENCODER)
    gpt = kept(tmp_path / "gpt", replace(SUMS, shape=replace(SHAPE, kind=Kind.GPT)))
    look = WatchedModel(gpt).look("1 + 2 = 3")
    assert (look.part, look.parts, look.read) == (None, (), None)
    assert "".join(look.tokens) == "↵1 + 2 = 3"
    rows_sum_to_one(look)
    kept_models.create(tmp_path / "none", "has learned nothing", SUMS, "")
    assert watched_sources(tmp_path / "none") == []
    with pytest.raises(StopIteration):  # it is not offered
        kept(tmp_path / "gru", replace(SUMS, shape=replace(SHAPE, kind=Kind.GRU)))
    damaged = Path(gpt.path) / checkpoint.STATE
    damaged.write_bytes(b"no state")
    with pytest.raises(WeightsUnusable, match="damaged"):
        WatchedModel(gpt)


@pytest.fixture
def process() -> Iterator[AttentionProcess]:
    process = AttentionProcess()
    yield process
    process.end()


def test_the_child_tells_the_same(tmp_path: Path, process: AttentionProcess) -> None:
    source = kept(tmp_path, replace(SUMS, shape=replace(SHAPE, score=Score.ADDITIVE)))
    assert (source.kind, source.example) == (SourceKind.SMALL, "7 + 8 =")
    expected = WatchedModel(source)
    for part in (None, Part.ENCODER):
        here = expected.look("7 + 8 =", part=part)
        [there] = process.look(source, ["7 + 8 ="], part=part)
        np.testing.assert_allclose(there.record.weights, here.record.weights, atol=1e-6)
        np.testing.assert_array_equal(there.record.additive, here.record.additive)
        assert replace(there, record=here.record) == here
