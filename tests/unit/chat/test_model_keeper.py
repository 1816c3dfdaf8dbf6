"""Models of this computer as they are looked after: what each is now, files that come and go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot_app.application import Services, create_services
from chatbot_app.chat.model_keeper import ModelKeeper
from chatbot_app.core.errors import UsageError
from chatbot_app.core.local_models import LocalModel, Machine, Origin
from chatbot_app.llm.local.engines import EngineState
from chatbot_app.storage.models import LocalModelStore
from tests.random_gguf import write_random

MACHINE = Machine(16_000_000_000, 12_000_000_000, 4)


class FakeEngines:
    """Remembers what was unloaded."""

    def __init__(self) -> None:
        self.loaded: set[str] = set()
        self.asleep: set[str] = set()
        self.unloaded: list[str] = []

    def states(self) -> list[EngineState]:
        return [EngineState(one, is_asleep=one in self.asleep) for one in sorted(self.loaded)]

    def load(self, model_id: str) -> None:
        self.loaded.add(model_id)

    def unload(self, model_id: str) -> None:
        self.unloaded.append(model_id)
        self.loaded.discard(model_id)


class FakeDownloads:
    """Downloads are what has an origin."""

    def __init__(self, store: LocalModelStore) -> None:
        self.store = store

    def files_of(self, model: LocalModel) -> tuple[Path, ...]:
        return (model.path,) if model.origin is not None and model.path is not None else ()

    def remove(self, model: LocalModel) -> tuple[Path, ...]:
        self.store.remove(model.id)
        return self.files_of(model)


@pytest.fixture
def services(data_dir: Path) -> Iterator[Services]:
    services = create_services(data_dir)
    yield services
    services.close()


@pytest.fixture
def engines() -> FakeEngines:
    return FakeEngines()


@pytest.fixture
def keeper(services: Services, engines: FakeEngines) -> ModelKeeper:
    return ModelKeeper(services.models, engines, FakeDownloads(services.models), lambda: MACHINE)


def test_files_are_listed_where_they_lie_and_what_is_none_is_told(
    keeper: ModelKeeper, tmp_path: Path
) -> None:
    [whole] = write_random(tmp_path / "Tiny.gguf")
    split = write_random(tmp_path / "Big.gguf", split=4)
    (tmp_path / "page.gguf").write_bytes(b"<html>")
    added = keeper.add([whole, *split, whole, tmp_path / "page.gguf", tmp_path / "gone.gguf"])
    assert [model.name for model in added.models] == ["Tiny", "Big"]
    assert added.models[1].path == split[0]
    assert len(added.problems) == 2
    assert all("gguf" in words for words in added.problems)
    assert [model.name for model in keeper.store.list()] == ["SmolLM2-135M-Instruct", "Tiny", "Big"]


def test_every_model_says_how_it_stands(keeper: ModelKeeper, engines: FakeEngines, tmp_path: Path) -> None:
    [path] = write_random(tmp_path / "Tiny.gguf")
    split = write_random(tmp_path / "Big.gguf", split=4)
    tiny, big = keeper.add([path, split[0]]).models
    keeper.store.set_default(tiny.id)
    engines.loaded = {tiny.id}
    split[1].unlink()
    built_in, first, second = keeper.states()
    assert (built_in.is_default, built_in.is_loaded, built_in.problem) == (False, False, "")
    assert (first.is_default, first.is_loaded, first.problem, first.has_own_files) == (True, True, "", False)
    assert first.fit is not None
    assert first.fit.verdict == "well"
    assert not first.is_asleep
    engines.asleep = {tiny.id}
    assert [state.is_asleep for state in keeper.states()] == [False, True, False]
    assert second.model == big
    assert split[1].name in second.problem


def test_a_model_of_the_persons_leaves_the_list_and_is_unloaded(
    keeper: ModelKeeper, engines: FakeEngines, tmp_path: Path
) -> None:
    [path] = write_random(tmp_path / "Tiny.gguf")
    [model] = keeper.add([path]).models
    assert keeper.remove(model.id) == ()
    assert engines.unloaded == [model.id]
    assert path.exists()
    with pytest.raises(UsageError):
        keeper.remove(model.id)
    with pytest.raises(UsageError):
        keeper.remove("built-in")


def test_a_download_says_that_its_files_go_with_it(keeper: ModelKeeper, tmp_path: Path) -> None:
    [path] = write_random(tmp_path / "Tiny.gguf")
    [model] = keeper.add([path]).models
    keeper.store.add(path, model.facts, origin=Origin("owner/name", "Tiny.gguf"))
    assert [state.has_own_files for state in keeper.states()] == [False, True]
    assert keeper.remove(model.id) == (path,)


def test_folders_of_other_programs_are_read_and_what_is_listed_is_named(
    keeper: ModelKeeper, tmp_path: Path
) -> None:
    folder = tmp_path / "lm"
    folder.mkdir()
    [known] = write_random(folder / "known.gguf")
    [new] = write_random(folder / "new.gguf")
    (folder / "broken.gguf").write_bytes(b"nonsense")
    keeper.add([known])
    found = {file.path: file for file in keeper.look([folder, folder])}
    assert [path.name for path in found] == ["broken.gguf", "known.gguf", "new.gguf"]
    assert found[known].is_listed
    assert found[new].is_usable
    assert found[new].facts.architecture == "llama"
    assert found[folder / "broken.gguf"].problem
