"""An embedding model in ONNX form comes as a set: whole or not at all, gone on with after a kill, checked file by file."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot_app.chat.model_catalogue import ModelCatalogue
from chatbot_app.chat.model_downloads import ModelDownloads, ModelReady
from chatbot_app.chat.services import create_services
from chatbot_app.core.errors import AppError
from chatbot_app.core.hub_errors import DownloadDiskFull, DownloadWrong
from chatbot_app.core.local_models import Fit, LocalModel, ModelKind, Origin
from chatbot_app.llm.hub.download import discard, unfinished
from chatbot_app.llm.hub.hub import Hub
from chatbot_app.llm.local.examine import examine
from tests.hub_server import FakeHub
from tests.tiny_onnx import published
from tests.unit.llm.hub.support import events_of, files_in
from tests.unit.llm.hub.test_killed import ended, start

REPOSITORY = "owner/multilingual-e5-tiny"
FILE = "onnx/model_quantized.onnx"
FOLDER = "owner--multilingual-e5-tiny/multilingual-e5-tiny (quantized)"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    prompts = {"query": "query: ", "passage": "passage: "}
    files, _ = published(tmp_path_factory.mktemp("sentence"), "onnx/model.onnx", FILE, prompts=prompts)
    return {"model.safetensors": b"x" * 99, **files}


@pytest.fixture
def fake(files: dict[str, bytes]) -> Iterator[FakeHub]:
    with FakeHub() as hub:
        hub.add(REPOSITORY, files, in_git={name for name in files if name.endswith(".json")})
        yield hub


def arrive(fake: FakeHub, folder: Path) -> None:
    for _ in events_of(fake, folder, FILE, repository=REPOSITORY):
        pass


def whole_set(files: dict[str, bytes]) -> dict[str, bytes]:
    settings = {name: content for name, content in files.items() if name.endswith(".json")}
    return {"model_quantized.onnx": files[FILE], **settings}


def lies(folder: Path, files: dict[str, bytes]) -> bool:
    place = folder / FOLDER
    found = {
        path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()
    }
    return found == whole_set(files)


def test_it_arrives_whole_becomes_one_entry_and_goes_as_a_set(
    fake: FakeHub, files: dict[str, bytes], tmp_path: Path, data_dir: Path
) -> None:
    services = create_services(data_dir)
    folder = tmp_path / "hub"
    downloads = ModelDownloads(
        Hub(fake.address), services.models, lambda path: examine(path).facts, lambda: folder
    )

    def fetched() -> LocalModel:
        *_, last = downloads.fetch(Origin(REPOSITORY, FILE))
        assert isinstance(last, ModelReady)
        return last.model

    try:
        fits = lambda facts: Fit("well", facts.bytes, 0, "It fits.")  # noqa: E731
        offers = ModelCatalogue(Hub(fake.address), services.models, fits).look(REPOSITORY)
        assert [offer.file.quantisation for offer in offers.offers] == ["ONNX", "ONNX int8"]
        assert offers.best is not None
        assert offers.best.file.path == FILE
        assert [found.makes_vectors for found in Hub(fake.address).search("e5")] == [True]

        model = fetched()
        assert lies(folder, files)
        assert (model.name, model.facts.licence) == ("multilingual-e5-tiny (quantized)", "apache-2.0")
        assert (model.facts.kind, model.facts.dimension, model.is_onnx) == (ModelKind.EMBEDDING, 16, True)
        assert services.models.list()[1:] == [model]
        assert fetched() == model  # here already
        assert len(downloads.remove(model)) == len(whole_set(files))
        assert list(folder.iterdir()) == []
        assert len(services.models.list()) == 1
    finally:
        services.close()


def test_a_pause_anywhere_is_gone_on_with(fake: FakeHub, files: dict[str, bytes], tmp_path: Path) -> None:
    for stop in range(1, 40):
        events = events_of(fake, tmp_path, FILE, repository=REPOSITORY)
        if len(list(itertools.islice(events, stop))) < stop:
            break
        events.close()
        assert len(unfinished(tmp_path)) <= 1
    arrive(fake, tmp_path)
    assert lies(tmp_path, files)
    assert not [name for name in files_in(tmp_path) if name.endswith((".part", ".json.new", ".lock"))]


def test_a_small_file_that_is_another_one_is_refused_and_nothing_is_left(
    fake: FakeHub, files: dict[str, bytes], tmp_path: Path
) -> None:
    repository = fake.repositories[REPOSITORY]
    told = repository.commit
    other = dict(files)
    other["tokenizer.json"] = bytes(len(files["tokenizer.json"]))
    changed = False

    def change(_: int) -> None:
        nonlocal changed
        if not changed:
            changed = True
            repository.files.update(other)
            fake.commits[told] = repository

    fake.before_packet = change
    with pytest.raises(DownloadWrong):
        arrive(fake, tmp_path)
    assert unfinished(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is full needs Linux")
@pytest.mark.parametrize("place", [0, 1, -1], ids=["the model", "its tokenizer", "the last of the set"])
def test_a_disk_that_becomes_full_in_any_file_is_left_as_it_was(
    fake: FakeHub, files: dict[str, bytes], tmp_path: Path, place: int
) -> None:
    first, folder = tmp_path / "first", tmp_path / "hub"
    arrive(fake, first)
    arrived = [path for path in (first / FOLDER).rglob("*") if path.is_file()]
    in_order = sorted(arrived, key=lambda path: path.stat().st_mtime_ns)
    events = events_of(fake, folder, FILE, repository=REPOSITORY)
    next(events)
    target = folder / in_order[place].relative_to(first)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.with_name(f"{target.name}.part").symlink_to("/dev/full")
    with pytest.raises(DownloadDiskFull, match="full"):
        list(events)
    assert files_in(folder) == []
    assert unfinished(folder) == []


def test_a_set_never_mixes_two_states_of_its_repository(
    fake: FakeHub, files: dict[str, bytes], tmp_path: Path
) -> None:
    newer = {name: content.replace(b"passage: ", b"Passage: ") for name, content in files.items()}
    assert newer != files
    in_git = {name for name in files if name.endswith(".json")}
    refused = 0
    for number in range(len(whole_set(files))):
        fake.commits.clear()
        fake.add(REPOSITORY, files, in_git=in_git)
        begun = 0

        def write_history_anew(sent: int, number: int = number) -> None:
            nonlocal begun
            begun += sent == 0
            if begun == number + 1 and sent == 0:
                fake.commits.clear()
                fake.add(REPOSITORY, newer, in_git=in_git)

        fake.before_packet = write_history_anew
        folder = tmp_path / str(number)
        try:
            arrive(fake, folder)
        except AppError:
            refused += 1
            fake.before_packet = lambda _: None
            arrive(fake, folder)
        assert lies(folder, newer) or lies(folder, files), number
    assert refused


def test_one_that_was_begun_is_discarded_as_a_set(fake: FakeHub, tmp_path: Path) -> None:
    events = events_of(fake, tmp_path, FILE, repository=REPOSITORY)
    while not list(tmp_path.rglob("*.part")):
        next(events)
    events.close()
    (journal,) = unfinished(tmp_path)
    assert discard(tmp_path, journal.id, lambda _: False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="kills forked children")
def test_killed_in_any_file_of_the_set_it_is_never_a_broken_model(
    downloader: subprocess.Popen[str], fake: FakeHub, files: dict[str, bytes], tmp_path: Path
) -> None:
    reached, killed = threading.Event(), threading.Event()

    def wait_for_the_kill(_: int) -> None:
        reached.set()
        killed.wait(60)

    last = len(whole_set(files)) - 1
    for number in (0, last // 2, last):  # the model itself, settings, the last of the set
        begun = 0

        def wait_in_file(sent: int, number: int = number) -> None:
            nonlocal begun
            begun += sent == 0
            if begun == number + 1:
                wait_for_the_kill(sent)

        fake.before_packet = wait_in_file
        reached.clear()
        killed.clear()
        folder = tmp_path / str(number)
        child = start(downloader, fake, folder, REPOSITORY, FILE)
        assert reached.wait(60)
        os.kill(child, signal.SIGKILL)
        killed.set()
        assert ended(downloader) == -signal.SIGKILL
        assert not (folder / FOLDER / "model_quantized.onnx").exists()
        fake.before_packet = lambda _: None
        start(downloader, fake, folder, REPOSITORY, FILE)
        assert ended(downloader) == 0
        assert lies(folder, files)
        shutil.rmtree(folder)
