"""Sentences with the question's words that answer another question are told from the one that answers it."""

from __future__ import annotations

import hashlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from chatbot_app.core.checksums import sha256_of
from chatbot_app.knowledge.children import cross_encoder as reading
from chatbot_app.knowledge.children import onnx_session
from chatbot_app.knowledge.children.built_in_embedder import BuiltInEmbedder, model_path
from chatbot_app.knowledge.children.cross_encoder import BuiltInCrossEncoder
from chatbot_app.knowledge.children.cross_encoder_numbers import with_numbers_of_cross_encoder
from chatbot_app.knowledge.children.prepared_model import (
    CROSS_ENCODER_BYTES_NAME,
    CROSS_ENCODER_BYTES_SHA256,
    CROSS_ENCODER_NAME,
    CROSS_ENCODER_SHA256,
    WORDS_NAME,
    WORDS_SHA256,
    cross_encoder_of_bytes,
    prepared_cross_encoder,
)
from chatbot_app.knowledge.children.vectors import VectorsProcess
from chatbot_app.knowledge.cross_encoding import CrossEncoder, CrossEncoding, ReadText

BRIDGE = (
    "The old bridge is 312 metres long and was built of steel. The old bridge was opened to traffic on 4 May 1902 by"
    " Queen Louise. Every year some 2,000 people walk across the old bridge."
)
LAMP = (
    "The safety lamp made coal mines less dangerous. The safety lamp was invented by Ada Mills, a glass blower from"
    " Leeds. The first safety lamp stands in a museum near the river."
)
HARBOUR = (
    "People who work at the harbour live in the northern part of the town. The harbour works day and night. The"
    " harbour employs 1,450 men and women."
)


@pytest.fixture(scope="module")
def model() -> BuiltInCrossEncoder:
    return BuiltInCrossEncoder(BuiltInEmbedder())


@pytest.fixture(scope="module")
def process() -> Iterator[VectorsProcess]:
    process = VectorsProcess()
    process.encode_pairs("Is it loaded?", [ReadText("", "It is.")])
    yield process
    process.close()


def sentence_read(read: CrossEncoding, text: str) -> str:
    """Return the sentence that most likely answers."""
    starts = [0, *(place + 2 for place in range(len(text)) if text.startswith(". ", place))]
    ends = [*(start - 1 for start in starts[1:]), len(text)]
    odds = [read.log_odds(start, end) or -99.0 for start, end in zip(starts, ends, strict=True)]
    best = int(np.argmax(odds))
    return text[starts[best] : ends[best]]


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("When was the old bridge opened?", BRIDGE, "4 May 1902"),
        ("How long is the old bridge?", BRIDGE, "312 metres"),
        ("How many people walk across the old bridge?", BRIDGE, "2,000"),
        ("Who invented the safety lamp?", LAMP, "Ada Mills"),
        ("Where does the first safety lamp stand?", LAMP, "museum"),
        ("How many people work at the harbour?", HARBOUR, "1,450"),
    ],
)
def test_the_sentence_that_answers_comes_first_among_those_with_the_words(
    question: str, text: str, answer: str, model: BuiltInCrossEncoder
) -> None:
    (read,) = model.encode_pairs(question, [ReadText("", text)])
    assert answer in sentence_read(read, text)


def test_the_passage_that_answers_comes_first(model: BuiltInCrossEncoder) -> None:
    others = [ReadText("Bridges", BRIDGE), ReadText("Mines", LAMP), ReadText("Leeds", HARBOUR)]
    odds = [read.passage for read in model.encode_pairs("Who opened the old bridge?", others)]
    assert int(np.argmax(odds)) == 0
    assert odds[0] > 0 > max(odds[1:])


def test_a_passage_is_read_alike_whatever_stands_beside_it(model: BuiltInCrossEncoder) -> None:
    passages = [ReadText("Bridges", BRIDGE), ReadText("Mines", LAMP)]
    together = model.encode_pairs("How long is it?", passages)
    for passage, beside in zip(passages, together, strict=True):
        (alone,) = model.encode_pairs("How long is it?", [passage])
        assert alone.passage == pytest.approx(beside.passage, abs=1e-5)
        assert alone.tokens == pytest.approx(beside.tokens, abs=1e-5)


def test_what_each_token_stands_for_is_told_of_the_passage_alone(model: BuiltInCrossEncoder) -> None:
    (read,) = model.encode_pairs("How long is it?", [ReadText("A title above", BRIDGE)])
    assert len(read.tokens) == len(read.spans)
    assert BRIDGE[slice(*read.spans[0])] == "The"
    assert read.spans[-1][1] == len(BRIDGE)
    everything = read.log_odds(0, len(BRIDGE))
    assert everything == pytest.approx(read.whole + float(read.tokens.mean()), abs=1e-4)
    assert read.log_odds(len(BRIDGE), len(BRIDGE) + 9) is None


def test_texts_of_any_length_are_read(model: BuiltInCrossEncoder) -> None:
    long = "It is so and so. " * 200
    for question, text in (("why " * 200, long), ("", ""), ("?", " "), ("Why?", "水车在河边。" * 50)):
        (read,) = model.encode_pairs(question, [ReadText("Title " * 60, text)])
        assert np.isfinite([read.passage, read.whole, *read.tokens]).all()
        assert len(read.spans) <= reading.LONGEST
    assert model.encode_pairs("Why?", []) == []


def test_the_child_reads_as_the_model_does_and_keeps_what_it_read(
    process: VectorsProcess, model: BuiltInCrossEncoder
) -> None:
    assert isinstance(process, CrossEncoder)
    assert isinstance(process.joined, CrossEncoder)
    passages = [ReadText("Bridges", BRIDGE), ReadText("", LAMP), ReadText("Leeds", "")]
    theirs = process.joined.encode_pairs("How long is the bridge?", passages)
    for ours, read in zip(model.encode_pairs("How long is the bridge?", passages), theirs, strict=True):
        assert read.passage == pytest.approx(ours.passage, abs=1e-4)
        assert read.whole == pytest.approx(ours.whole, abs=1e-4)
        assert read.tokens == pytest.approx(ours.tokens, abs=1e-4)
        assert read.spans == ours.spans
    child = process.pid
    assert child is not None
    os.kill(child, signal.SIGKILL)
    assert process.encode_pairs("How long is the bridge?", passages[1:]) == theirs[1:]
    assert process.pid == child  # no other one was asked


def test_both_forms_are_kept_and_say_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: BuiltInCrossEncoder
) -> None:
    monkeypatch.setenv("CHATBOT_MODELS_DIR", str(tmp_path / "models"))
    path, digest = BuiltInEmbedder().file()
    for make, name, pinned in (
        (prepared_cross_encoder, CROSS_ENCODER_NAME, CROSS_ENCODER_SHA256),
        (cross_encoder_of_bytes, CROSS_ENCODER_BYTES_NAME, CROSS_ENCODER_BYTES_SHA256),
    ):
        place = make(path, digest)
        assert place == tmp_path / "models" / name
        assert sha256_of(tmp_path / "models" / name) == pinned
    assert sha256_of(tmp_path / "models" / WORDS_NAME) == WORDS_SHA256
    monkeypatch.setattr(onnx_session, "takes_bytes", lambda: False)
    of_floats = BuiltInCrossEncoder(BuiltInEmbedder())
    passages = [ReadText("Bridges", BRIDGE), ReadText("Mines", LAMP)]
    for one, other in zip(
        of_floats.encode_pairs("When was the old bridge opened?", passages),
        model.encode_pairs("When was the old bridge opened?", passages),
        strict=True,
    ):
        assert one.passage == pytest.approx(other.passage, abs=1.0)
        assert one.tokens + one.whole == pytest.approx(other.tokens + other.whole, abs=2.0)


def test_another_model_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.onnx"
    other.write_bytes(b"")
    with pytest.raises(ValueError, match="it has no"):
        prepared_cross_encoder(other, hashlib.sha256(b"").hexdigest())
    with pytest.raises(ValueError, match="not an ONNX model"):
        with_numbers_of_cross_encoder(model_path().read_bytes()[:1000])
