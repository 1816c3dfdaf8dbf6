"""The built-in embedding model, and that its library keeps to itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from chatbot_app.knowledge.children.built_in_embedder import BuiltInEmbedder
from chatbot_app.knowledge.children.vectors_errors import EmbeddingModelMissing


@pytest.fixture(scope="module")
def built_in() -> BuiltInEmbedder:
    return BuiltInEmbedder()


def test_vectors_are_unit_and_near_where_the_meaning_is(built_in: BuiltInEmbedder) -> None:
    texts = [
        "A cat sits on the mat.",
        "A kitten rests on a rug.",
        "Interest rates rose in March.",
        "x " * 3000,
    ]
    vectors = built_in.embed(texts)
    assert vectors.shape == (4, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_a_vector_does_not_depend_on_its_batch(built_in: BuiltInEmbedder) -> None:
    texts = [f"Sentence {n} " + "about the sea " * n for n in range(1, 40)]
    together = built_in.embed(texts)
    alone = np.concatenate([built_in.embed([text]) for text in texts[::7]])
    assert np.allclose(together[::7], alone, atol=1e-5)


SENTENCES = [
    "The tower is 330 metres tall.",
    "Who?",
    "It was completed in March 1889, after two years of work by 300 workers, and stood for twenty years at first.",
    "",
    "Its painters need sixty tonnes of paint.",
]


def test_sentences_come_with_the_vectors_of_their_tokens(built_in: BuiltInEmbedder) -> None:
    found, whole = built_in.embed_tokens(SENTENCES), built_in.embed(SENTENCES)
    for sentence, vector, text in zip(found, whole, SENTENCES, strict=True):
        assert np.allclose(sentence.vector, vector, atol=1e-5)
        assert len(sentence.tokens) == len(sentence.spans)
        assert "".join(text[slice(*span)] for span in sentence.spans) == text.replace(" ", "")
    alone = built_in.embed_tokens(SENTENCES[2:3])[0]
    assert np.allclose(found[2].tokens, alone.tokens, atol=1e-5)  # whoever comes along
    assert built_in.embed_tokens([]) == []


@pytest.fixture
def without_bytes(monkeypatch: pytest.MonkeyPatch) -> BuiltInEmbedder:
    """The model on a processor that does not multiply bytes, whichever this one is."""
    monkeypatch.setattr(
        "chatbot_app.knowledge.children.onnx_session.processor_features", lambda: frozenset(("avx2",))
    )
    embedder = BuiltInEmbedder()
    embedder.load()
    return embedder


def test_a_processor_that_does_not_multiply_bytes_makes_nearly_the_same_vectors(
    built_in: BuiltInEmbedder, without_bytes: BuiltInEmbedder
) -> None:
    texts = [*SENTENCES, "Wie hoch ist der Turm?", "塔有多高？", "def f(x): return x", "long " * 400]
    near = (built_in.embed(texts) * without_bytes.embed(texts)).sum(axis=1)
    assert near.min() > 0.998
    by_sentence = np.array([one.vector for one in without_bytes.embed_tokens(texts)])
    assert (built_in.embed(texts) * by_sentence).sum(axis=1).min() > 0.998


def test_where_onnxruntime_cannot_multiply_bytes_the_whole_model_is_taken(
    without_bytes: BuiltInEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = "chatbot_app.knowledge.children"
    unknown = tmp_path / "unknown.onnx"
    unknown.write_bytes(b"an operator of another time")
    monkeypatch.setattr(
        f"{place}.onnx_session.processor_features", lambda: frozenset(("avx2", "avx512_vnni"))
    )
    monkeypatch.setattr(f"{place}.built_in_embedder.model_of_bytes", lambda *_model: unknown)
    assert (BuiltInEmbedder().embed(SENTENCES) == without_bytes.embed(SENTENCES)).all()


def test_familiarity_falls_with_the_language(built_in: BuiltInEmbedder) -> None:
    english, german, chinese, code, nothing = built_in.familiarity(
        [
            "The defense of the Panthers gave up just 308 points during the whole season.",
            "Die Verteidigung der Panthers gab in der gesamten Spielzeit nur 308 Punkte ab.",
            "黑豹队的防守只丢了308分，在联赛中排名第六。",
            "def wrap(self, text: str) -> list[str]:\n    return [line[:80] for line in self.lines(text)]",
            "",
        ]
    )
    assert english > 0.9
    assert 0.2 < german < 0.8
    assert chinese < 0.1
    assert code > 0.9  # its words are English, its brackets are of no language
    assert nothing == 0


@pytest.mark.parametrize("content", [None, b"", b"<html>404</html>"], ids=["absent", "empty", "no model"])
def test_a_model_file_that_cannot_be_read_is_said(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "model.onnx"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setattr("chatbot_app.knowledge.children.built_in_embedder.model_path", lambda: file)
    with pytest.raises(EmbeddingModelMissing, match="embedding model cannot be opened"):
        BuiltInEmbedder().embed(["How tall is the Eiffel Tower?"])


def test_token_starts_are_places_in_the_text(built_in: BuiltInEmbedder) -> None:
    assert built_in.token_starts("Hello brave world").tolist() == [0, 6, 12]
    assert len(built_in.token_starts("")) == 0


def test_onnxruntime_writes_nothing_below_the_home_folder(tmp_path: Path) -> None:
    """From 1.32 on it keeps an id of the device there to report with, unless it is told not to before its import."""
    home = tmp_path / "home"
    home.mkdir()
    kept = ("PATH", "PYTHONPATH", "SYSTEMROOT", "LD_LIBRARY_PATH")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= dict.fromkeys(("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA"), os.fspath(home))
    environment["PYTHONPATH"] = os.fspath(Path(__file__).parents[3])
    environment["CHATBOT_MODELS_DIR"] = os.fspath(tmp_path / "models")  # ours, and not onnxruntime's
    script = (
        "from chatbot_app.knowledge.children.built_in_embedder import BuiltInEmbedder; "
        "model = BuiltInEmbedder(); model.model; print(model.embed(['a mill']).shape)"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.split() == ["(1,", "384)"], done.stderr
    assert [os.fspath(path.relative_to(home)) for path in home.rglob("*")] == []


_MEMORY = """
import psutil
from chatbot_app.knowledge.children.built_in_embedder import BuiltInEmbedder
embedder = BuiltInEmbedder()
embedder.embed(["hello"])
before = psutil.Process().memory_info().rss
embedder.embed(["the lighthouse keeper wrote it down " * 40] * 48)
print((psutil.Process().memory_info().rss - before) // 1_000_000)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc is asked to give memory back")
def test_an_import_leaves_its_memory_to_others() -> None:
    ran = subprocess.run([sys.executable, "-c", _MEMORY], capture_output=True, text=True, check=True)
    assert int(ran.stdout) < 60  # 440 with one arena that only grows
