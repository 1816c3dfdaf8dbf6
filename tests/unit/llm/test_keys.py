"""Keys with a keychain that works, is absent, refuses, raises or hangs."""

from __future__ import annotations

import importlib
import logging
import os
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.core
import pytest

from chatbot_app.core.errors import StoreError
from chatbot_app.llm.keys import SERVICE_NAME, KeyPlace, KeyStore, find_keychain

KEY = "sk-test-0123456789abcdef"


class MemoryKeychain:
    """A keychain that works."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.questions = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.questions += 1
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class RaisingKeychain(MemoryKeychain):
    """A keychain that is locked or denied: it raises, and quotes what it was given."""

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError(f"denied {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError(f"cannot store {password}")


class HangingKeychain(MemoryKeychain):
    """A keychain whose dialog nobody answers until `released`."""

    def __init__(self) -> None:
        super().__init__()
        self.released = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.released.wait(30)
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.released.wait(30)
        super().set_password(service, username, password)


@pytest.fixture
def keys_file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "keys.json"


@pytest.fixture
def hanging() -> Iterator[HangingKeychain]:
    chain = HangingKeychain()
    yield chain
    chain.released.set()
    for thread in threading.enumerate():
        if thread.name == "keychain":
            thread.join(60)


def test_a_keychain_keeps_keys(keys_file: Path) -> None:
    chain = MemoryKeychain()
    store = KeyStore(keys_file, open_keychain=lambda: chain)
    assert store.get("s") is None
    assert store.set("s", KEY, where=KeyPlace.KEYCHAIN) is KeyPlace.KEYCHAIN
    assert chain.kept == {(SERVICE_NAME, "s"): KEY}
    assert not keys_file.exists()
    later = KeyStore(keys_file, open_keychain=lambda: chain)
    assert later.get("s") == KEY
    asked = chain.questions
    assert later.get("s") == KEY
    assert chain.questions == asked
    assert later.state().has_keychain
    assert later.delete("s")
    assert chain.kept == {}
    assert later.get("s") is None


def test_a_key_moves_between_places_and_leaves_no_copy(keys_file: Path) -> None:
    chain = MemoryKeychain()
    store = KeyStore(keys_file, open_keychain=lambda: chain)
    store.set("s", KEY, where=KeyPlace.FILE)
    assert KEY in keys_file.read_text()
    store.set("s", KEY, where=KeyPlace.KEYCHAIN)
    assert not keys_file.exists()
    store.set("s", KEY, where=KeyPlace.SESSION)
    assert chain.kept == {}
    assert store.get("s") == KEY
    assert KeyStore(keys_file, open_keychain=lambda: chain).get("s") is None


def test_without_a_keychain_a_key_lives_for_the_session(keys_file: Path) -> None:
    store = KeyStore(keys_file, open_keychain=lambda: None)
    assert store.state().places == (KeyPlace.SESSION, KeyPlace.FILE)
    assert store.set("s", KEY, where=KeyPlace.KEYCHAIN) is KeyPlace.SESSION
    assert store.get("s") == KEY
    assert not keys_file.parent.exists()
    assert store.delete("s")
    assert store.get("s") is None


def test_a_file_only_if_asked_and_only_for_its_owner(keys_file: Path) -> None:
    store = KeyStore(keys_file, open_keychain=lambda: None)
    previous = os.umask(0)
    try:
        assert store.set("s", KEY, where=KeyPlace.FILE) is KeyPlace.FILE
        store.set("t", "other", where=KeyPlace.FILE)
    finally:
        os.umask(previous)
    if sys.platform != "win32":
        assert stat.S_IMODE(keys_file.stat().st_mode) == 0o600
    later = KeyStore(keys_file, open_keychain=lambda: None)
    assert (later.get("s"), later.get("t")) == (KEY, "other")
    assert later.state().has_file
    later.delete("s")
    assert KEY not in keys_file.read_text()
    later.delete("t")
    assert list(keys_file.parent.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no modes there")
def test_a_file_that_others_could_read_is_closed(keys_file: Path) -> None:
    keys_file.parent.mkdir()
    keys_file.write_text('{"s": "key"}')
    keys_file.chmod(0o644)
    assert KeyStore(keys_file, open_keychain=lambda: None).get("s") == "key"
    assert stat.S_IMODE(keys_file.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"[1]", b'{"s": 5}', b'{"s": "k'])
def test_a_damaged_file_holds_no_keys(keys_file: Path, content: bytes) -> None:
    keys_file.parent.mkdir()
    keys_file.write_bytes(content)
    store = KeyStore(keys_file, open_keychain=lambda: None)
    assert store.get("s") is None
    store.set("s", KEY, where=KeyPlace.FILE)
    assert KeyStore(keys_file, open_keychain=lambda: None).get("s") == KEY


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, no folder")
    store = KeyStore(blocked / "keys.json", open_keychain=lambda: None)
    with pytest.raises(StoreError) as raised:
        store.set("s", KEY, where=KeyPlace.FILE)
    assert KEY not in str(raised.value)


def test_a_keychain_that_raises_is_none(keys_file: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    chain = RaisingKeychain()
    store = KeyStore(keys_file, open_keychain=lambda: chain)
    assert store.set("s", KEY, where=KeyPlace.KEYCHAIN) is KeyPlace.SESSION
    assert store.get("s") == KEY
    assert store.get("other") is None
    assert not store.delete("s")
    assert KEY not in caplog.text
    assert KEY not in repr(store)


def test_a_keychain_that_cannot_be_opened_is_none(keys_file: Path) -> None:
    def broken() -> MemoryKeychain:
        raise ImportError("no such backend")

    store = KeyStore(keys_file, open_keychain=broken)
    assert not store.state().has_keychain
    assert store.get("s") is None


def test_a_hanging_keychain_is_asked_once_and_given_up(keys_file: Path, hanging: HangingKeychain) -> None:
    store = KeyStore(keys_file, open_keychain=lambda: hanging, timeout=0.05)
    assert store.get("s") is None
    assert store.set("s", KEY, where=KeyPlace.KEYCHAIN) is KeyPlace.SESSION
    assert store.get("s") == KEY
    assert not store.state().has_keychain
    assert len([thread for thread in threading.enumerate() if thread.name == "keychain"]) == 1
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "keychain")


def test_what_a_keychain_takes_too_late_is_taken_back(keys_file: Path, hanging: HangingKeychain) -> None:
    store = KeyStore(keys_file, open_keychain=lambda: hanging, timeout=0.05)
    assert store.set("s", KEY, where=KeyPlace.KEYCHAIN) is KeyPlace.SESSION
    (thread,) = [thread for thread in threading.enumerate() if thread.name == "keychain"]
    hanging.released.set()
    thread.join(60)
    assert hanging.kept == {}
    assert store.state().has_keychain
    assert store.set("s", KEY, where=KeyPlace.KEYCHAIN) is KeyPlace.KEYCHAIN


@pytest.fixture
def undecided_keyring() -> Iterator[None]:
    """A keyring that has chosen no backend: it does once a process, and again when it is loaded anew."""
    importlib.reload(keyring.core)
    yield
    importlib.reload(keyring.core)


@pytest.mark.parametrize(
    "backend", ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring", "no.such.Backend"]
)
def test_backends_that_keep_nothing_count_as_none(
    keys_file: Path, monkeypatch: pytest.MonkeyPatch, backend: str, undecided_keyring: None
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    store = KeyStore(keys_file)
    assert not store.state().has_keychain
    assert store.set("s", KEY, where=KeyPlace.KEYCHAIN) is KeyPlace.SESSION


def test_a_named_backend_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, undecided_keyring: None
) -> None:
    (tmp_path / "named_backend.py").write_text(
        "from keyring.backend import KeyringBackend\n"
        "class Keyring(KeyringBackend):\n"
        "    priority = 0.5\n"
        "    def get_password(self, service, username): return 'from it'\n"
        "    def set_password(self, service, username, password): pass\n"
        "    def delete_password(self, service, username): pass\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "named_backend.Keyring")
    assert KeyStore(tmp_path / "keys.json").get("s") == "from it"
    # The same backend, found instead of named, is below what keyring recommends: a plain file perhaps.
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    assert find_keychain() is None


def test_a_chain_stands_for_its_first_good_backend(undecided_keyring: None) -> None:
    from keyring.backend import KeyringBackend
    from keyring.backends import chainer, null

    class Good(KeyringBackend):
        priority = 5  # type: ignore[assignment]
        get_password = set_password = null.Keyring.set_password

    class Chain(chainer.ChainerBackend):
        backends = (null.Keyring(), Good())

    class EmptyChain(chainer.ChainerBackend):
        backends = ()

    keyring.set_keyring(Chain())
    assert isinstance(find_keychain(), Good)
    keyring.set_keyring(EmptyChain())
    assert find_keychain() is None


def test_where_a_key_is(tmp_path: Path) -> None:
    chain: dict[str, str] = {}

    class Chain:
        def get_password(self, service: str, username: str) -> str | None:
            return chain.get(username)

        def set_password(self, service: str, username: str, password: str) -> None:
            chain[username] = password

        def delete_password(self, service: str, username: str) -> None:
            del chain[username]

    def opened() -> KeyStore:
        return KeyStore(tmp_path / "keys.json", open_keychain=Chain)

    store = opened()
    for name, place in (("a", KeyPlace.KEYCHAIN), ("b", KeyPlace.SESSION), ("c", KeyPlace.FILE)):
        store.set(name, "sk-0123456789", where=place)
    assert [store.state_of(name) for name in "abcd"] == ["keychain", "session", "file", "none"]
    assert [opened().state_of(name) for name in "abcd"] == ["keychain", "none", "file", "none"]

    def broken() -> Chain:
        raise OSError

    assert KeyStore(tmp_path / "keys.json", open_keychain=broken).state_of("a") == "unknown"
