"""A library moves to another embedding model: the old vectors answer until the new ones are whole, and stay."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot_app.__main__ import main
from chatbot_app.application import Services, create_services
from chatbot_app.chat.library_move import MOVE_SETTING
from chatbot_app.core.embedding_prefixes import Prefixes, PrefixRule
from chatbot_app.core.errors import AppError, UsageError
from chatbot_app.core.model_errors import ModelMakesNoVectors
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.knowledge.embedding_choice import EmbeddingChoice
from tests.scripted_server import Answer, Request, ScriptedServer, json_answer
from tests.tiny_onnx import DIMENSION, write_sentence_model
from tests.unit.chat.desk import import_text
from tests.unit.knowledge.test_vector_renewal import add
from tests.unit.knowledge.two_halves import ENGLISH, JOINED, TwoHalves

QUESTION = "How tall is the Eiffel Tower?"


@pytest.fixture(scope="module")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sentence_model(tmp_path_factory.mktemp("models") / "words", prompts={"query": "query : "})


class LetterServer:
    """Vectors that count letters. After `patience` requests it answers no more, and says so."""

    def __init__(self) -> None:
        self.patience = 1_000_000
        self.hangs = False
        self.is_out_of_patience, self.may_go_on = threading.Event(), threading.Event()
        self.asked: list[str] = []

    def __call__(self, request: Request) -> Answer:
        self.patience -= 1
        if self.patience < 0:
            self.is_out_of_patience.set()
            if self.hangs:
                self.may_go_on.wait(60)
            return json_answer({"error": {"message": "out of memory"}}, status=500)
        self.asked += request.json["input"]
        vectors = [
            [1 + text.lower().count(letter) for letter in "etaoinshrdlu"] for text in request.json["input"]
        ]
        return json_answer({"data": [{"index": i, "embedding": vector} for i, vector in enumerate(vectors)]})


@pytest.fixture
def letters() -> LetterServer:
    return LetterServer()


@pytest.fixture
def server(services: Services, letters: LetterServer) -> Iterator[Server]:
    with ScriptedServer(paths={"/v1/embeddings": letters}) as scripted:
        kept = Server("letters", "Letters", scripted.base_url, ServerKind.OTHER)
        services.servers.add(kept)
        yield kept


def found(services: Services) -> tuple[list[str], tuple[str, ...]]:
    retrieval = services.library.retriever.search(QUESTION)
    return [evidence.title for evidence in retrieval.evidence], tuple(retrieval.notes)


def stamps(services: Services) -> dict[str, int]:
    return {stamp: count for stamp, _, count in services.library.passages.vectors.counts()}


def test_a_library_moves_and_goes_back(services: Services, model_file: Path) -> None:
    before = stamps(services)
    ((old, count),) = before.items()
    model = services.embedding_models.find_local(str(model_file.parent))
    trial = services.embedding_models.try_local(model, sentences=("the cat", "a cat", "profits fell"))
    assert (trial.choice.dimension, trial.rule.source) == (DIMENSION, "config_sentence_transformers.json")
    assert trial.near > trial.far
    assert trial.seconds > 0

    retriever = services.library.retriever
    told = []
    for made in services.library_move.move_to(trial.choice):
        told.append((made.done, made.total))
        assert services.library.retriever is retriever  # the old vectors answer
        assert services.embedding_models.choice() is None
    assert told[0] == (0, count)
    assert told[-1] == (count, count)
    assert services.embedding_models.used() == trial.choice
    assert services.library.retriever is not retriever
    assert stamps(services) == {**before, trial.choice.stamped.stamp: count}
    titles, notes = found(services)
    assert (titles[:1], notes) == (["tower"], ())
    used, kept = services.library_move.kept()
    assert (used.choice, used.passages, used.bytes) == (trial.choice, count, count * DIMENSION * 4)
    assert (kept.choice, kept.is_known, kept.stamp) == (None, True, old)

    with pytest.raises(UsageError, match="searched"):
        services.library_move.remove(used.stamp)
    with pytest.raises(UsageError, match="vectors of your documents"):
        services.model_downloads.remove(model)
    assert len(list(services.library_move.move_to(None))) == 1  # they are all there
    assert services.embedding_models.choice() is None
    assert services.library_move.kept()[1].choice == trial.choice
    services.library_move.remove(used.stamp)
    assert stamps(services) == before
    services.model_downloads.remove(model)


def test_what_is_left_off_is_carried_on(services: Services, server: Server, letters: LetterServer) -> None:
    old = stamps(services)
    wanted = PrefixRule(Prefixes("Q: ", "P: "), "person")
    choice = services.embedding_models.try_server(server, "small", wanted).choice
    letters.patience = 2  # the check that it is the same model, and the first of two documents
    with pytest.raises(AppError, match="out of memory"):
        list(services.library_move.move_to(choice))
    pending = services.library_move.pending()
    assert pending is not None
    assert pending.choice == choice
    half = stamps(services)[choice.stamped.stamp]
    assert 0 < half < sum(old.values())
    assert services.embedding_models.choice() is None
    assert found(services)[1] == ()

    letters.patience = 1_000_000
    letters.asked.clear()
    first, *_, last = services.library_move.move_to(choice)
    assert (first.done, last.done) == (half, sum(old.values()))
    assert services.library_move.pending() is None
    passages = [text for text in letters.asked if text.startswith("P: ")]
    assert len(passages) == sum(old.values()) - half  # nothing is made twice
    letters.asked.clear()
    assert found(services)[1] == ()
    assert f"Q: {QUESTION}" in letters.asked


def test_a_move_can_be_given_up_and_its_vectors_removed(services: Services, server: Server) -> None:
    choice = services.embedding_models.try_server(server, "small").choice
    calls = iter([False])
    list(services.library_move.move_to(choice, lambda: next(calls, True)))
    assert services.library_move.pending() is not None
    services.library_move.give_up()
    assert services.library_move.pending() is None
    _, half = services.library_move.kept()
    assert half.choice == choice
    services.library_move.remove(half.stamp)
    assert choice.stamped.stamp not in stamps(services)


def test_a_kill_amid_a_move_loses_nothing(
    services: Services, server: Server, letters: LetterServer, data_dir: Path
) -> None:
    letters.patience, letters.hangs = 3 + 2, True  # the trial, the check, and the first document
    command = [
        sys.executable,
        "-m",
        "chatbot_app",
        "--data-dir",
        str(data_dir),
        "embedding",
        "Letters",
        "small",
    ]
    child = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        assert letters.is_out_of_patience.wait(120)
        os.kill(child.pid, signal.SIGKILL)
    finally:
        letters.may_go_on.set()
        assert child.wait(60) == -signal.SIGKILL
    assert found(services) == (["tower"], ())
    pending = services.library_move.pending()
    assert pending is not None
    letters.patience = 1_000_000
    list(services.library_move.move_to(pending.choice))
    assert services.embedding_models.choice() == pending.choice
    assert services.settings.get(MOVE_SETTING) == ""


def test_what_was_imported_meanwhile_is_moved_too(services: Services, server: Server, tmp_path: Path) -> None:
    choice = services.embedding_models.try_server(server, "small").choice
    moving = services.library_move.move_to(choice)
    next(moving)
    import_text(services, tmp_path / "late.txt", "The late text tells of lighthouses.")
    list(moving)
    assert not services.library.passages.count_without_vector(choice.stamped.stamp)


def test_a_model_that_is_gone_is_said_and_does_not_stop_the_search(
    services: Services, model_file: Path
) -> None:
    gone = EmbeddingChoice("built-in", "no such model", 16, ())
    with pytest.raises(UsageError, match="not on this computer"):
        list(services.library_move.move_to(gone))
    services.settings.set("knowledge.embedding", gone.to_json())
    assert services.embedding_models.used() is None
    assert found(services)[1] == ()
    with pytest.raises(ModelMakesNoVectors):
        services.embedding_models.find_local("SmolLM2-135M-Instruct")
    for damaged in ("{", "[1]", '[{"server_id": 1}]', "7"):
        services.settings.set("knowledge.embeddings_known", damaged)
        assert len(services.library_move.kept()) == 1


@pytest.fixture
def older(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """A library whose vectors are the built-in model's, but of its first half alone."""
    first = create_services(data_dir)
    first.library.vectors = TwoHalves(is_multilingual=False)
    for number in range(2):
        add(first.library, f"old{number}", 3)
    first.close()
    monkeypatch.setattr("chatbot_app.knowledge.children.vectors.VectorsProcess", TwoHalves)
    services = create_services(data_dir)
    yield services
    services.close()


def test_the_built_in_models_older_vectors_are_made_anew_when_it_is_asked_for(older: Services) -> None:
    (used,) = older.library_move.kept()
    assert (used.stamp, used.is_used, older.library_move.name_of(used)) == (
        ENGLISH.stamp,
        True,
        "all-MiniLM-L6-v2",
    )
    assert older.library_move.searched_name() == "all-MiniLM-L6-v2"
    moving = older.library_move.move_to(None)
    assert next(moving).total == 6
    assert older.library.embedder is not None
    assert older.library.embedder.model == ENGLISH
    with pytest.raises(UsageError, match="searched"):
        older.library_move.remove(ENGLISH.stamp)
    with pytest.raises(UsageError, match="being made"):
        older.library_move.remove(JOINED.stamp)
    list(moving)
    assert older.library.embedder.model == JOINED
    (used,) = older.library_move.kept()
    assert (used.stamp, used.is_used) == (JOINED.stamp, True)
    assert older.library_move.name_of(used) == "all-MiniLM-L6-v2 + multilingual-e5-small"
    assert older.library_move.searched_name() == older.library_move.name_of(used)
    assert older.library_move.pending() is None


def test_the_command_says_that_older_vectors_are_searched_and_makes_the_newer_ones(
    older: Services, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["--data-dir", str(data_dir), "embedding"]
    assert main(command) == 0
    assert "older vectors; of 6 passages the newer ones are not made yet" in capsys.readouterr().out
    assert main([*command, "built-in"]) == 0
    assert capsys.readouterr().out == "all-MiniLM-L6-v2 + multilingual-e5-small\n"
    assert stamps(older) == {JOINED.stamp: 6}


def test_who_comes_back_to_the_built_in_model_is_not_kept_waiting_for_its_newer_vectors(
    older: Services, letters: LetterServer
) -> None:
    with ScriptedServer(paths={"/v1/embeddings": letters}) as scripted:
        server = Server("letters", "Letters", scripted.base_url, ServerKind.OTHER)
        older.servers.add(server)
        choice = older.embedding_models.try_server(server, "small").choice
        list(older.library_move.move_to(choice))
        assert older.library.newest_vectors() is None
        (told,) = older.library_move.move_to(None)
    assert (told.done, told.total) == (6, 6)
    assert older.library.embedder is not None
    assert older.library.embedder.model == ENGLISH
    newest = older.library.newest_vectors()
    assert newest is not None
    assert newest.embedder.model == JOINED
