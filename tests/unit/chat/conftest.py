"""Documents, a server and a conversation for the tests of exchanges."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot_app.application import Services, create_services
from chatbot_app.knowledge.children.vectors import VectorsProcess
from tests.scripted_server import ScriptedServer, models_answer, sse_answer
from tests.unit.chat.desk import ENGINE, TOWER, Desk, import_text


class SharedVectors(VectorsProcess):
    """A child that many libraries use one after the other: none of them ends it.

    It has the first half of the built-in model alone: what is tested with it does not depend on which vectors there are.
    """

    @property
    def joined(self) -> None:
        return None

    def interrupt(self) -> None:
        pass

    def close(self) -> None:
        pass

    def end(self) -> None:
        super().interrupt()
        super().close()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two texts and a data folder that they were imported into, once for all tests."""
    folder = tmp_path_factory.mktemp("filled")
    services = create_services(folder / "data")
    services.library.vectors = SharedVectors()
    for name, text in (("tower.txt", TOWER), ("engine.txt", ENGINE)):
        import_text(services, folder / name, text)
    services.library.vectors.end()
    services.close()
    return folder


@pytest.fixture(scope="session")
def vectors() -> Iterator[SharedVectors]:
    """The embedding model, loaded once for all tests."""
    process = SharedVectors()
    process.embed(["loaded"])
    yield process
    process.end()


@pytest.fixture
def services(filled: Path, data_dir: Path, vectors: SharedVectors) -> Iterator[Services]:
    shutil.copytree(filled / "data", data_dir)
    services = create_services(data_dir)
    services.library.vectors = vectors
    yield services
    services.close()


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    models = models_answer([{"id": "scripted", "max_model_len": 8192}])
    answer = sse_answer(["It is ", "330 metres tall [1]."])
    with ScriptedServer(answer, paths={"/v1/models": models}) as server:
        yield server


@pytest.fixture
def desk(services: Services, server: ScriptedServer, tmp_path: Path) -> Desk:
    return Desk(services, server, tmp_path)


@pytest.fixture
def empty_desk(
    data_dir: Path, vectors: SharedVectors, server: ScriptedServer, tmp_path: Path
) -> Iterator[Desk]:
    """A desk before the first document."""
    services = create_services(data_dir)
    services.library.vectors = vectors
    yield Desk(services, server, tmp_path)
    services.close()
