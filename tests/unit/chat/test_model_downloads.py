"""A download becomes a model of the list when it is whole and can be run; what was downloaded goes with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chatbot_app.chat.hub_token import HubToken
from chatbot_app.chat.model_catalogue import ModelCatalogue
from chatbot_app.chat.model_downloads import ModelDownloads, ModelReady
from chatbot_app.chat.services import create_services
from chatbot_app.core.errors import KeyInvalid
from chatbot_app.core.hub_errors import DownloadUnusable, HubFileNotFound, NoModelAddress
from chatbot_app.core.hub_models import DownloadStage
from chatbot_app.core.local_models import Fit, LocalModel, ModelFacts, Origin
from chatbot_app.core.model_errors import ModelFileError
from chatbot_app.llm.hub.hub import TOKEN_ID, Hub
from chatbot_app.llm.keys import KeyPlace, KeyState, KeyStore
from chatbot_app.llm.model_files import DownloadProgressed
from chatbot_app.storage.models import LocalModelStore
from tests.hub_server import FakeHub

CONTENT = b"GGUF" + bytes(5000)
NAME = "owner/tiny-GGUF"


def examined(path: Path) -> ModelFacts:
    if not path.read_bytes().startswith(b"GGUF"):
        raise ModelFileError(path=path.name, detail="it is not a GGUF file.")
    return ModelFacts(architecture="llama", bytes=path.stat().st_size)


def fits(facts: ModelFacts) -> Fit:
    verdict = "well" if facts.bytes <= 200 else "slowly" if facts.bytes <= 400 else "no"
    return Fit(verdict, facts.bytes, 8192, f"It takes {facts.bytes} bytes.")  # type: ignore[arg-type]


@pytest.fixture
def fake() -> Iterator[FakeHub]:
    with FakeHub() as hub:
        hub.add(NAME, {"tiny-Q4_0.gguf": CONTENT, "page.gguf": b"<html>"})
        yield hub


@pytest.fixture
def store(data_dir: Path) -> Iterator[LocalModelStore]:
    with closing(create_services(data_dir)) as services:
        yield services.models


@pytest.fixture
def downloads(fake: FakeHub, store: LocalModelStore, tmp_path: Path) -> ModelDownloads:
    return ModelDownloads(Hub(fake.address), store, examined, lambda: tmp_path / "hub")


def fetched(downloads: ModelDownloads, file: str = "tiny-Q4_0.gguf") -> LocalModel:
    *_, last = downloads.fetch(Origin(NAME, file))
    assert isinstance(last, ModelReady)
    return last.model


def test_a_download_is_in_the_list_and_goes_from_it_with_its_file(
    downloads: ModelDownloads, store: LocalModelStore
) -> None:
    model = fetched(downloads)
    assert store.list()[1:] == [model]
    assert model.path is not None
    assert (model.origin and model.origin.file, model.path.read_bytes()) == ("tiny-Q4_0.gguf", CONTENT)
    assert fetched(downloads) == model
    assert downloads.remove(model) == (model.path,)
    assert not model.path.parent.exists()
    assert len(store.list()) == 1


def test_a_split_model_goes_with_all_its_parts(fake: FakeHub, downloads: ModelDownloads) -> None:
    names = ["m-00001-of-00002.gguf", "m-00002-of-00002.gguf"]
    fake.add(NAME, dict.fromkeys(names, CONTENT))
    model = fetched(downloads, names[0])
    assert [path.name for path in downloads.remove(model)] == names


def test_a_file_of_the_person_is_only_forgotten(
    downloads: ModelDownloads, store: LocalModelStore, tmp_path: Path
) -> None:
    own = tmp_path / "own.gguf"
    own.write_bytes(CONTENT)
    for origin in (None, Origin(NAME, "own.gguf")):  # it does not lie where downloads do
        model = store.add(own, examined(own), origin=origin)
        assert downloads.remove(model) == ()
        assert own.exists()


def test_what_cannot_be_run_is_no_model(
    downloads: ModelDownloads, store: LocalModelStore, tmp_path: Path
) -> None:
    with pytest.raises(DownloadUnusable, match="not a GGUF"):
        fetched(downloads, "page.gguf")
    assert len(store.list()) == 1
    assert downloads.unfinished() == []
    assert list((tmp_path / "hub").iterdir()) == []


def test_unfinished_ones_are_listed_and_discarded(
    fake: FakeHub, downloads: ModelDownloads, tmp_path: Path
) -> None:
    events = downloads.fetch(Origin(NAME, "tiny-Q4_0.gguf"))
    next(event for event in events if isinstance(event, DownloadProgressed))
    assert [state.stage for state in downloads.unfinished()] == [DownloadStage.RECEIVING]
    events.close()
    (state,) = downloads.unfinished()
    assert (state.stage, state.title, state.total) == (DownloadStage.PAUSED, "tiny-Q4_0.gguf", len(CONTENT))
    downloads.discard(state)
    assert downloads.unfinished() == []
    assert list((tmp_path / "hub").iterdir()) == []


# --- what there is -------------------------------------------------------------------------------------------


@pytest.fixture
def catalogue(fake: FakeHub, store: LocalModelStore) -> ModelCatalogue:
    return ModelCatalogue(Hub(fake.address), store, fits)


def test_the_quantisation_for_this_computer_is_marked(fake: FakeHub, catalogue: ModelCatalogue) -> None:
    sizes = {"Q2_K": 50, "Q4_0": 100, "Q4_K_M": 150, "Q8_0": 300, "F16": 600}
    files = {f"m-{name}.gguf": bytes(size) for name, size in sizes.items()}
    fake.add(NAME, {**files, "mmproj-Q4_K_M.gguf": b"x"})
    offers = catalogue.look(NAME)
    assert offers.best is not None
    assert offers.best.file.quantisation == "Q4_K_M"
    assert offers.best.file.path == "m-Q4_K_M.gguf"
    assert [offer.fit.verdict for offer in offers.offers] == ["well", "well", "well", "well", "slowly", "no"]
    assert offers.wanted is None
    named = catalogue.look(f"{fake.address}/{NAME}/blob/main/m-Q8_0.gguf")
    assert named.wanted is not None
    origin = named.origin_of(named.wanted)
    assert (origin.file, len(origin.sha256), len(origin.revision)) == ("m-Q8_0.gguf", 64, 40)
    assert catalogue.look(f"{NAME}:q2_k").wanted == next(
        o for o in offers.offers if o.file.quantisation == "Q2_K"
    )
    fake.add(NAME, {"m-Q8_0.gguf": bytes(300), "m-F16.gguf": bytes(600)})
    slow = catalogue.look(NAME).best
    assert slow is not None
    assert slow.fit.verdict == "slowly"
    repository = fake.add(NAME, {"m-F16.gguf": bytes(600), "m-Q4_K_M.gguf": bytes(100)})
    repository.sizes["m-Q4_K_M.gguf"] = "left out"  # then nobody knows whether it fits
    assert catalogue.look(NAME).best is None


def test_wrong_addresses_are_said(catalogue: ModelCatalogue) -> None:
    with pytest.raises(NoModelAddress):
        catalogue.look("a nice model")
    with pytest.raises(HubFileNotFound):
        catalogue.look(f"{NAME}:Q9_Z")


def test_the_recommended_list_knows_what_is_here(
    fake: FakeHub, catalogue: ModelCatalogue, downloads: ModelDownloads
) -> None:
    listed = catalogue.recommended()
    assert all(entry.here is None for entry in listed)
    assert any(entry.fit is not None for entry in listed)
    assert fake.requests == []
    first = listed[0].model
    fake.add(first.repository, {first.file: CONTENT})
    *_, last = downloads.fetch(Origin(first.repository, first.file))
    assert isinstance(last, ModelReady)
    assert catalogue.recommended()[0].here == last.model


def test_a_token_is_kept_where_keys_are(tmp_path: Path, fake: FakeHub) -> None:
    keys = KeyStore(tmp_path / "keys.json", open_keychain=lambda: None)
    token = HubToken(keys)
    assert token.state() is KeyState.NONE
    with pytest.raises(KeyInvalid):
        token.keep("hf_a b")
    assert token.keep(" hf_abcdefghijklmnop\n") is KeyPlace.SESSION
    fake.tokens.add("hf_abcdefghijklmnop")
    Hub(fake.address, lambda: keys.get(TOKEN_ID)).search("tiny")
    assert fake.requests[-1].headers["authorization"] == "Bearer hf_abcdefghijklmnop"
    token.keep("")
    assert token.state() is KeyState.NONE
