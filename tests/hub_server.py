"""A model hub on loopback that speaks as the Hugging Face Hub does, and a storage of another origin that it sends to.

    with FakeHub() as hub:
        hub.add("owner/tiny-GGUF", {"tiny.Q4_K_M.gguf": content})
        ...                                        # HF_ENDPOINT=hub.address
        assert hub.asked("storage")[0].headers.get("authorization") is None

Search, model info with sizes and checksums, `resolve` with redirects, ranges, ETags and If-Range, gated answers, rate
limits, cuts. Every request is recorded. As `python -m tests.hub_server` it runs on its own, for a look at the window.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, quote, unquote, urlsplit

_LEFT_OUT = "left out"
_GGUF = {"total": 1_500_000_000, "architecture": "llama", "context_length": 32768}


@dataclass(frozen=True)
class AskedOf:
    """One request; header names are in lower case. `server` is "hub" or "storage"."""

    server: str
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]


@dataclass
class HubRepository:
    """What a repository holds; files in `in_git` are no LFS files."""

    files: dict[str, bytes]
    gated: str | bool = False
    private: bool = False
    licence: str = "apache-2.0"
    downloads: int = 1000
    in_git: set[str] = field(default_factory=set)
    sizes: dict[str, object] = field(default_factory=dict)  # told instead of the true ones
    checksums: dict[str, str] = field(default_factory=dict)  # likewise
    more: dict[str, Any] = field(default_factory=dict)  # further fields of the model info

    @property
    def commit(self) -> str:
        """Changes with the files, as Git's do."""
        together = b"".join(name.encode() + content for name, content in sorted(self.files.items()))
        return hashlib.sha1(together, usedforsecurity=False).hexdigest()


@dataclass
class Reply:
    """An answer that takes the place of the next one."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class FakeHub:
    """The hub and its storage; attributes say how they behave, and can be changed at any time."""

    def __init__(self) -> None:
        self.repositories: dict[str, HubRepository] = {}
        self.commits: dict[str, HubRepository] = {}
        self.tokens: set[str] = set()  # that are accepted; others are no tokens
        self.allowed: set[str] = set()  # tokens whose accounts have accepted all terms
        self.renamed: dict[str, str] = {}
        self.redirect = (
            "absolute"  # to the storage; "relative": first to another path here; "none": served here
        )
        self.has_ranges = True
        self.has_etags = True
        self.etag_suffix: Callable[[], str] = lambda: ""
        self.says_checksums = True  # in X-Linked-Etag
        self.next_of_hub: list[Reply] = []
        self.next_of_storage: list[Reply] = []
        self.cut_after: Callable[[], int | None] = lambda: None  # bytes of a body that are sent
        self.length_told: int | None = None  # instead of the true one
        self.before_packet: Callable[[int], None] = lambda sent: None  # bytes sent so far of this body
        self.packet = 1 << 16
        self.requests: list[AskedOf] = []
        self._blobs: dict[str, bytes] = {}
        self._lock = threading.Lock()
        self._hub = _server(self, "hub")
        self._storage = _server(self, "storage")
        self.address = f"http://127.0.0.1:{self._hub.server_port}"
        self.storage_address = f"http://127.0.0.1:{self._storage.server_port}"
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        for server in (self._hub, self._storage):
            thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(self, *_: object) -> None:
        for server in (self._hub, self._storage):
            server.shutdown()
            server.server_close()
        for thread in self._threads:
            thread.join()

    def add(self, name: str, files: Mapping[str, bytes], **options: Any) -> HubRepository:
        """Add a repository, or put another content in the place of one."""
        repository = HubRepository(dict(files), **options)
        self.repositories[name] = repository
        self.commits[repository.commit] = repository
        return repository

    def asked(self, server: str, method: str = "GET") -> list[AskedOf]:
        """Return what one of the two was asked so far."""
        with self._lock:
            return [asked for asked in self.requests if (asked.server, asked.method) == (server, method)]

    # --- answers -----------------------------------------------------------------------------------------

    def note(self, asked: AskedOf) -> None:
        with self._lock:
            self.requests.append(asked)

    def _take(self, replies: list[Reply]) -> Reply | None:
        with self._lock:
            return replies.pop(0) if replies else None

    def answer_of_hub(self, handler: _Handler, asked: AskedOf) -> None:
        """Answer a request to the hub itself."""
        planned = self._take(self.next_of_hub)
        if planned is not None:
            return handler.reply(planned)
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if token and token not in self.tokens:
            message = "Invalid credentials in Authorization header"
            return handler.refuse(401, "", message)
        parts = [unquote(part) for part in asked.path.split("/") if part]
        if parts[:2] == ["api", "models"] and len(parts) == 2:
            return handler.json(self._search(asked.query))
        if parts[:2] == ["api", "models"]:
            return self._info(handler, parts[2:], token)
        if len(parts) > 4 and parts[2] == "resolve":
            return self._resolve(handler, asked, parts, token)
        if parts and parts[0] == "stored":
            return self.answer_of_storage(handler, asked)
        return handler.refuse(404, "", "Not Found")

    def _search(self, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        wanted = query.get("search", [""])[0].lower()
        most = int(query.get("limit", ["1000"])[0])
        tags = set(query.get("filter", []))
        found = [
            {"id": name, **_described(repository)}
            for name, repository in self.repositories.items()
            if wanted in name.lower() and not repository.private and tags <= set(_tags(repository))
        ]
        return sorted(found, key=lambda entry: -entry["downloads"])[:most]

    def _open(
        self, handler: _Handler, name: str, revision: str, token: str, *, content: bool
    ) -> HubRepository | None:
        repository = self.repositories.get(name)
        if repository is None or (repository.private and token not in self.allowed):
            handler.refuse(404 if token else 401, "RepoNotFound", "Repository not found")
            return None
        if revision not in ("main", repository.commit):
            repository = self.commits.get(revision)
            if repository is None:
                handler.refuse(404, "RevisionNotFound", f"Invalid rev id: {revision}")
                return None
        if content and repository.gated and token not in self.allowed:
            handler.refuse(403 if token else 401, "GatedRepo", f"Access to model {name} is restricted")
            return None
        return repository

    def _info(self, handler: _Handler, parts: list[str], token: str) -> None:
        name = "/".join(parts[:2])
        revision = parts[3] if parts[2:3] == ["revision"] else "main"
        name = self.renamed.get(name, name)
        repository = self._open(handler, name, revision, token, content=False)
        if repository is None:
            return
        siblings = []
        for path, content in repository.files.items():
            size = repository.sizes.get(path, len(content))
            entry: dict[str, Any] = {"rfilename": path, "size": size, "blobId": _git_sha1(content)}
            if path not in repository.in_git:
                sha256 = repository.checksums.get(path, hashlib.sha256(content).hexdigest())
                entry["lfs"] = {"sha256": sha256, "size": size, "pointerSize": 135}
            if size == _LEFT_OUT:
                del entry["size"]
                entry.pop("lfs", None)
            siblings.append(entry)
        handler.json(
            {
                "id": name,
                "sha": repository.commit,
                "siblings": siblings,
                **_described(repository),
                **repository.more,
            }
        )

    def _resolve(self, handler: _Handler, asked: AskedOf, parts: list[str], token: str) -> None:
        name, revision, path = "/".join(parts[:2]), parts[3], "/".join(parts[4:])
        if name in self.renamed:
            rest = "/".join(quote(part) for part in parts[2:])
            return handler.reply(Reply(307, {"Location": f"/{self.renamed[name]}/{rest}"}))
        repository = self._open(handler, name, revision, token, content=True)
        if repository is None:
            return None
        content = repository.files.get(path)
        if content is None:
            return handler.refuse(404, "EntryNotFound", "Entry not found")
        digest = hashlib.sha256(content).hexdigest()
        self._blobs[digest] = content
        headers = {"X-Repo-Commit": repository.commit}
        if path in repository.in_git:
            return self._send(handler, asked, content, {**headers, "ETag": f'"{_git_sha1(content)}"'})
        if self.says_checksums:
            headers |= {"X-Linked-Etag": f'"{digest}"', "X-Linked-Size": str(len(content))}
        match self.redirect:
            case "none":
                return self._send(handler, asked, content, headers)
            case "relative":
                return handler.reply(Reply(302, {**headers, "Location": f"/stored/{digest}?signature=x"}))
            case _:
                location = f"{self.storage_address}/stored/{digest}?signature=x"
                return handler.reply(Reply(302, {**headers, "Location": location}))

    def answer_of_storage(self, handler: _Handler, asked: AskedOf) -> None:
        """Answer a request to the storage."""
        planned = self._take(self.next_of_storage)
        if planned is not None:
            return handler.reply(planned)
        content = self._blobs.get(asked.path.rpartition("/")[2])
        if content is None:
            return handler.reply(Reply(403, {}, b"<Error>AccessDenied</Error>"))
        return self._send(handler, asked, content, {})

    def _send(self, handler: _Handler, asked: AskedOf, content: bytes, headers: Mapping[str, str]) -> None:
        etag = f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}{self.etag_suffix()}"'
        sent = {**({"ETag": etag} if self.has_etags else {}), **headers}
        start = 0
        wanted = asked.headers.get("range", "")
        same = asked.headers.get("if-range", etag) == sent.get("ETag", etag)
        if wanted.startswith("bytes=") and self.has_ranges and same:
            start = int(wanted.removeprefix("bytes=").partition("-")[0])
            if start >= len(content):
                return handler.reply(Reply(416, {"Content-Range": f"bytes */{len(content)}"}))
            sent["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        body = content[start:]
        length = self.length_told if self.length_told is not None else len(body)
        handler.begin(206 if start else 200, {**sent, "Content-Length": str(length)})
        if asked.method == "HEAD":
            return None
        most = self.cut_after()
        body = body if most is None else body[:most]
        for offset in range(0, len(body), self.packet):
            self.before_packet(offset)
            handler.wfile.write(body[offset : offset + self.packet])
        return None


class _Handler(BaseHTTPRequestHandler):
    """One request to either server; `hub` and `role` are set on a subclass."""

    hub: FakeHub
    role: str

    def do_GET(self) -> None:
        split = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = AskedOf(self.role, self.command, split.path, parse_qs(split.query), headers)
        self.hub.note(asked)
        try:
            if self.role == "hub":
                self.hub.answer_of_hub(self, asked)
            else:
                self.hub.answer_of_storage(self, asked)
        except OSError:
            self.close_connection = True  # who asked has gone

    do_HEAD = do_GET

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Send status and headers."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def reply(self, reply: Reply) -> None:
        """Send a whole answer."""
        self.begin(reply.status, {"Content-Length": str(len(reply.body)), **reply.headers})
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def json(self, value: object) -> None:
        """Send a value."""
        self.reply(Reply(200, {"Content-Type": "application/json"}, json.dumps(value).encode()))

    def refuse(self, status: int, code: str, message: str) -> None:
        """Refuse as the hub does, with a code for programs."""
        headers = {"X-Error-Message": message, **({"X-Error-Code": code} if code else {})}
        self.reply(Reply(status, headers, json.dumps({"error": message}).encode()))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Tests print nothing."""


def _server(hub: FakeHub, role: str) -> ThreadingHTTPServer:
    handler = type("Handler", (_Handler,), {"hub": hub, "role": role})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    return server


def _described(repository: HubRepository) -> dict[str, Any]:
    return {
        "downloads": repository.downloads,
        "likes": 7,
        "gated": repository.gated,
        "private": repository.private,
        "lastModified": "2026-05-04T10:00:00.000Z",
        "tags": [*_tags(repository), f"license:{repository.licence}"],
        **({"gguf": _GGUF} if "gguf" in _tags(repository) else {}),
    }


def _tags(repository: HubRepository) -> list[str]:
    """What the hub itself makes of the files, and what publishers of embedding models write."""
    has_gguf, has_onnx = (any(path.endswith(end) for path in repository.files) for end in (".gguf", ".onnx"))
    return ["gguf"] * has_gguf + ["onnx", "feature-extraction"] * has_onnx


def _git_sha1(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


if __name__ == "__main__":
    with FakeHub() as shown:
        shown.add("owner/tiny-GGUF", {"tiny.Q4_K_M.gguf": b"GGUF" + bytes(50_000_000)})
        shown.before_packet = lambda sent: time.sleep(0.02)
        print(f"HF_ENDPOINT={shown.address}")  # noqa: T201
        threading.Event().wait()
