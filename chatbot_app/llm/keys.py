"""API keys: in the operating system's keychain, else for the session, else in a file if the person says so."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import stat
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeVar

from chatbot_app.core.errors import StoreError
from chatbot_app.core.text import clean_text
from chatbot_app.llm.redaction import mask_key

log = logging.getLogger(__name__)

SERVICE_NAME = "chatbot-app"
TIMEOUT_SECONDS = 2.0  # a keychain that waits for a person answers the next time; one that hangs never does

_T = TypeVar("_T")


class KeyPlace(StrEnum):
    """Where a key is kept."""

    KEYCHAIN = "keychain"
    SESSION = "session"
    FILE = "file"


class KeyState(StrEnum):
    """Where the key of a server is now."""

    KEYCHAIN = "keychain"
    SESSION = "session"
    FILE = "file"
    NONE = "none"
    UNKNOWN = "unknown"  # the keychain does not answer


class Keychain(Protocol):
    """The part of a `keyring` backend that is used; each method raises `keyring.errors.KeyringError` where it fails."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


@dataclass(frozen=True, slots=True)
class KeyStoreState:
    """What the store can do now: `sentence` says it; `places` are where a new key could be kept, best first."""

    has_keychain: bool
    has_file: bool
    sentence: str

    @property
    def places(self) -> tuple[KeyPlace, ...]:
        """The places to offer; the file is always the person's own choice."""
        always = (KeyPlace.SESSION, KeyPlace.FILE)
        return (KeyPlace.KEYCHAIN, *always) if self.has_keychain else always


class _KeychainUnavailable(Exception):
    """There is no keychain, or it refused, raised or hung; the reason is fit for a log."""


class KeyStore:
    """Keeps one key per server; safe to call from any thread, never blocks longer than `timeout` a call.

    `open_keychain` returns the backend or None for none; by default it is the one that `keyring` finds.
    """

    def __init__(
        self,
        keys_file: Path,
        *,
        open_keychain: Callable[[], Keychain | None] | None = None,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._file = keys_file
        self._open_keychain = open_keychain or find_keychain
        self._timeout = timeout
        self._session: dict[str, str] = {}
        self._seen: set[str] = set()  # every key of this process, also those removed since: for `mask`
        self._lock = threading.RLock()
        self._hanging: threading.Thread | None = None

    def __repr__(self) -> str:
        return f"KeyStore({len(self._session)} in memory)"

    def get(self, server_id: str) -> str | None:
        """Return the key of a server, None if there is none or the keychain does not give it."""
        with self._lock:
            key = self._session.get(server_id) or self._read_file().get(server_id)
            if key is not None:
                self._seen.add(key)
                return key
            try:
                key = self._ask(lambda chain: chain.get_password(SERVICE_NAME, server_id))
            except _KeychainUnavailable as reason:
                log.info("No key from the keychain: %s", reason)
                return None
            if not isinstance(key, str) or not key:
                return None
            self._seen.add(key)
            self._session[server_id] = key  # the keychain is asked, and the person with it, once a session
            return key

    def set(self, server_id: str, key: str, *, where: KeyPlace) -> KeyPlace:
        """Keep a key and return the place where it really is.

        A keychain that cannot take it leaves it in memory for the session, never in a file. Copies in
        other places are removed. Raises StoreError if the file cannot be written.
        """
        self._seen.add(key)
        with self._lock:
            if where is KeyPlace.FILE:
                self._write_file({**self._read_file(), server_id: key})
            self._session[server_id] = key
            if where is KeyPlace.KEYCHAIN and not self._put_into_keychain(server_id, key):
                where = KeyPlace.SESSION
            if where is not KeyPlace.FILE:
                self._remove_from_file(server_id)
            if where is not KeyPlace.KEYCHAIN:
                self._remove_from_keychain(server_id)
            return where

    def delete(self, server_id: str) -> bool:
        """Forget a key everywhere; False if a keychain did not answer, so that a copy may remain there."""
        with self._lock:
            self._session.pop(server_id, None)
            self._remove_from_file(server_id)
            return self._remove_from_keychain(server_id)

    def state_of(self, server_id: str) -> KeyState:
        """Return where the key of a server is; asks the keychain."""
        with self._lock:
            if server_id in self._read_file():
                return KeyState.FILE
            in_memory = server_id in self._session
            try:
                kept = self._ask(lambda chain: chain.get_password(SERVICE_NAME, server_id))
            except _NoKeychain:
                kept = None
            except _KeychainUnavailable:
                return KeyState.SESSION if in_memory else KeyState.UNKNOWN
            if kept:
                return KeyState.KEYCHAIN
            return KeyState.SESSION if in_memory else KeyState.NONE

    def mask(self, text: str) -> str:
        """Return `text` with every key that was read or set in this process masked; asks nobody, never blocks."""
        for key in sorted(self._seen, key=len, reverse=True):
            text = mask_key(text, key)
        return text

    def state(self) -> KeyStoreState:
        """Return what is available now; asks the keychain."""
        with self._lock:
            has_file = bool(self._read_file())
            try:
                self._ask(lambda chain: None)
            except _KeychainUnavailable as reason:
                log.info("Keychain: %s", reason)
                sentence = (
                    "No keychain answers here: keys are kept in memory until the program ends, "
                    "or in a file that only you can read."
                )
                return KeyStoreState(False, has_file, sentence)
            return KeyStoreState(True, has_file, "Keys are kept in the keychain of this computer.")

    # --- the keychain ---------------------------------------------------------------------------------

    def _put_into_keychain(self, server_id: str, key: str) -> bool:
        try:
            self._ask(
                lambda chain: chain.set_password(SERVICE_NAME, server_id, key),
                undo=lambda chain: chain.delete_password(SERVICE_NAME, server_id),
            )
        except _KeychainUnavailable as reason:
            log.warning("The keychain did not take a key: %s", reason)
            return False
        return True

    def _remove_from_keychain(self, server_id: str) -> bool:
        def remove(chain: Keychain) -> None:
            if chain.get_password(SERVICE_NAME, server_id) is not None:
                chain.delete_password(SERVICE_NAME, server_id)

        try:
            self._ask(remove)
        except _NoKeychain:
            return True
        except _KeychainUnavailable as reason:
            log.warning("The keychain did not remove a key: %s", reason)
            return False
        return True

    def _ask(self, question: Callable[[Keychain], _T], undo: Callable[[Keychain], None] | None = None) -> _T:
        """Return the keychain's answer, asked in a thread of its own; raises _KeychainUnavailable.

        A question that was given up on and succeeds later is undone.
        """
        if self._hanging is not None and self._hanging.is_alive():
            raise _KeychainUnavailable("an earlier question hangs")
        answers: queue.SimpleQueue[tuple[bool, Any]] = queue.SimpleQueue()
        settled = threading.Lock()
        given_up = threading.Event()

        def run() -> None:
            answer: tuple[bool, Any]
            try:
                chain = self._open_keychain()
                answer = (False, _NoKeychain("there is none")) if chain is None else (True, question(chain))
            except Exception as exc:  # noqa: BLE001  # backends raise anything, D-Bus and COM errors too
                # The text of a backend's exception may quote what it was given.
                answer = (False, _KeychainUnavailable(f"it raised {type(exc).__name__}"))
                chain = None
            with settled:
                if not given_up.is_set():
                    answers.put(answer)
                    return
            if undo is not None and chain is not None and answer[0]:
                with contextlib.suppress(Exception):
                    undo(chain)

        thread = threading.Thread(target=run, name="keychain", daemon=True)
        thread.start()
        thread.join(self._timeout)
        with settled:
            if answers.empty():
                given_up.set()
                self._hanging = thread
                raise _KeychainUnavailable(f"it did not answer in {self._timeout:g} s")
        succeeded, value = answers.get()
        thread.join()
        if not succeeded:
            raise value
        result: _T = value
        return result

    # --- the file ---------------------------------------------------------------------------------------

    def _read_file(self) -> dict[str, str]:
        try:
            with self._file.open(encoding="utf-8") as file:
                if os.name == "posix" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                    os.fchmod(file.fileno(), 0o600)  # copied or restored without its mode
                content = json.load(file)
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as exc:
            log.warning("The file of keys cannot be read: %s", type(exc).__name__)
            return {}
        if not isinstance(content, dict):
            return {}
        return {name: key for name, key in content.items() if isinstance(key, str) and key}

    def _remove_from_file(self, server_id: str) -> None:
        keys = self._read_file()
        if keys.pop(server_id, None) is not None:
            self._write_file(keys)

    def _write_file(self, keys: dict[str, str]) -> None:
        """Replace the file whole; mkstemp makes it 0600 from its first moment. Raises StoreError."""
        problem = ""
        temporary = ""
        try:
            if not keys:
                self._file.unlink(missing_ok=True)
                return
            self._file.parent.mkdir(parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(prefix=".keys-", dir=self._file.parent)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(keys, file)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(self._file)
        except OSError as exc:
            problem = clean_text(exc.strerror or type(exc).__name__)
        if problem:
            if temporary:
                Path(temporary).unlink(missing_ok=True)
            raise StoreError(detail=f"the file of keys: {problem}.")


class _NoKeychain(_KeychainUnavailable):
    """There is none at all, so nothing can be in it either."""


def find_keychain() -> Keychain | None:
    """Return the keychain that `keyring` finds (or PYTHON_KEYRING_BACKEND names); None for none worth it.

    Backends that forget (null), refuse (fail) or keep plain text (`keyrings.alt`, unless named) are none.
    A chain of backends stands for its first good one.
    """
    import keyring
    from keyring.backends import chainer

    backend: Any = keyring.get_keyring()
    candidates = list(backend.backends) if isinstance(backend, chainer.ChainerBackend) else [backend]
    named = bool(os.environ.get("PYTHON_KEYRING_BACKEND"))
    return next((candidate for candidate in candidates if _is_worth_it(candidate, named)), None)


def _is_worth_it(backend: Any, named: bool) -> bool:
    from keyring.backends import chainer, fail, null

    if isinstance(backend, fail.Keyring | null.Keyring | chainer.ChainerBackend):
        return False
    # keyring's own measure of what can be recommended; plain files are below it.
    return named or backend.priority >= 1
