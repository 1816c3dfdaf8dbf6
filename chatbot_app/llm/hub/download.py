"""Downloads a model from a hub: resumable, checked, atomic, into a folder of its repository.

`huggingface_hub` has a download of its own (`hf_hub_download`). It cannot be used for this: it reports to a progress
bar on the terminal and to nobody else, cannot be paused or told a limit, waits and tries again for minutes unseen,
compares the length but no checksum of what arrived over HTTP, and has a second engine (hf-xet) with connections of its
own that know nothing of our client. So the library finds, describes, gives addresses and names errors; the bytes are
received by `llm.receiving`, as those of wheels are.
"""

from __future__ import annotations

import contextlib
import errno
import re
import shutil
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path

from chatbot_app.core.hub_errors import (
    DownloadChanged,
    DownloadDiskFull,
    DownloadFolderUnusable,
    DownloadNeedsSpace,
    HubAnswersOddly,
    HubError,
    HubNotFound,
    HubRevisionNotFound,
)
from chatbot_app.core.hub_models import FilePart, Repository, RepositoryFile, download_id
from chatbot_app.core.local_models import Origin
from chatbot_app.llm.download_lock import POLL_SECONDS, DownloadLock, is_free
from chatbot_app.llm.hub.events import DownloadRestarted, DownloadStarted, HubEvent, ModelArrived
from chatbot_app.llm.hub.hub import Hub, chosen_file, title_of
from chatbot_app.llm.hub.journal import PART, Journal, journal_of, journal_path, journals_in, lock_path
from chatbot_app.llm.hub.names import folder_name, local_names
from chatbot_app.llm.hub.patience import Waiting
from chatbot_app.llm.model_files import DownloadWaiting

SPARE_BYTES = 1 << 24  # that are left free on the disk
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


def download(
    hub: Hub,
    origin: Origin,
    folder: Path,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Generator[HubEvent, None, None]:
    """Download the model that `origin` names into a folder of its repository inside `folder`.

    `origin.file` is the path of a GGUF file (of a split model any of them), of an ONNX file, which comes with its
    tokenizer and settings, or a quantisation; `origin.revision` a branch
    or commit, "" the newest; `origin.sha256`, where given, what it has to be. What an earlier call left is gone on
    with. Closing the generator pauses: what has arrived stays until `discard`. Raises HubError, KeyInvalid, ProxyUnusable.
    """
    return _Download(hub, origin, folder, clock, sleep).run()


def unfinished(folder: Path) -> list[Journal]:
    """Return the downloads in `folder` that were begun and not ended, in the order of their names."""
    return list(journals_in(folder))


def is_running(journal: Journal) -> bool:
    """Whether some process is downloading it now; where nothing can be written, nobody is."""
    try:
        with is_free(journal.lock_path) as free:
            return not free
    except OSError:
        return False


def discard(folder: Path, wanted: str, is_listed: Callable[[Path], bool]) -> bool:
    """Remove all that there is of the unfinished download with the id `wanted`; False while somebody downloads it.

    Files that are whole go with it unless `is_listed` says that they are a model of the list. Raises OSError.
    """
    for journal in journals_in(folder):
        if journal.id != wanted:
            continue
        lock = DownloadLock(journal.lock_path)
        if not lock.take():
            return False
        if not is_listed(journal.target(journal.parts[0])):
            for part in journal.parts:
                journal.target(part).unlink(missing_ok=True)
        journal.remove()
        lock.release(remove=True)
        _remove_empty(journal.folder)
    return True


class _Download:
    """One call of `download`."""

    def __init__(
        self,
        hub: Hub,
        origin: Origin,
        folder: Path,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._hub = hub
        self._origin = origin
        self._folder = folder
        self._clock = clock
        self._waiting = Waiting(title_of(origin.repository, origin.file), clock, sleep)

    def run(self) -> Generator[HubEvent, None, None]:
        """Do it."""
        known = self._known()
        repository = yield from self._waiting.patiently(lambda: self._described(known))
        file = chosen_file(repository, known.parts[0].path if known is not None else self._origin.file)
        self._waiting.title = title_of(repository.id, file.path)
        file = yield from self._waiting.patiently(lambda: self._with_sizes(repository, file))
        said, wanted = file.parts[0].sha256, self._origin.sha256.lower()
        if said and wanted and said != wanted:
            raise DownloadChanged(title=self._waiting.title, hub=self._hub.name, repository=repository.id)
        folder = self._folder / folder_name(repository.id)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = DownloadLock(lock_path(folder, file.path))
            try:
                yield from self._lock(lock)
                yield from self._run(folder, repository, file)
            finally:
                lock.release(remove=True)
        except OSError as exc:
            raise self._disk_error(exc) from exc
        finally:
            _remove_empty(folder)

    def _run(self, folder: Path, repository: Repository, file: RepositoryFile) -> Iterator[HubEvent]:
        journal, is_present = yield from self._begun(folder, repository, file)
        title = self._waiting.title
        yield DownloadStarted(title, journal.id, journal.arrived, journal.received, journal.total)
        if not is_present:
            try:
                self._check_space(journal)
                journal.make_folders()
                journal.write()
                journal = yield from self._transferred(journal)
            except HubError:
                if journal.path.exists() and not journal.received:
                    journal.remove()  # there is nothing to go on with
                raise
            except OSError as exc:
                if exc.errno in _FULL or exc.errno == errno.EFBIG:
                    with contextlib.suppress(OSError):
                        journal.remove()
                raise
        paths = tuple(journal.target(part) for part in journal.parts)
        licence = repository.licence
        yield ModelArrived(title, paths[0], paths, journal.arrived, fetched=not is_present, licence=licence)
        journal.remove()

    def _transferred(self, journal: Journal) -> Generator[HubEvent, None, Journal]:
        from chatbot_app.llm.hub.transfer import (
            Transfer,  # it brings httpx2, which a present file does not need
        )

        transfer = Transfer(self._hub, journal, self._waiting, self._clock)
        yield from transfer.run()
        transfer.journal.settle()
        return transfer.journal

    # --- what is to be downloaded ------------------------------------------------------------------------

    def _known(self) -> Journal | None:
        wanted = download_id(self._origin)
        for journal in journals_in(self._folder):
            if wanted in (journal.id, download_id(journal.origin)):
                return journal if self._is_wanted(journal) else None
        return None

    def _is_wanted(self, journal: Journal) -> bool:
        """Whether what was begun is what is asked for now: another commit or checksum is another file."""
        said, wanted = journal.parts[0].sha256, self._origin.sha256.lower()
        if said and wanted:
            return said == wanted
        return not is_commit(self._origin.revision) or self._origin.revision == journal.commit

    def _described(self, known: Journal | None) -> Repository:
        if known is not None:
            # Where its history was written anew, what is there now counts.
            with contextlib.suppress(HubRevisionNotFound, HubNotFound):
                return self._hub.repository(known.origin.repository, known.commit)
        try:
            return self._hub.repository(self._origin.repository, self._origin.revision)
        except HubRevisionNotFound:
            if not self._origin.sha256:
                raise
        return self._hub.repository(self._origin.repository)  # what it has to be is known by its checksum

    def _with_sizes(self, repository: Repository, file: RepositoryFile) -> RepositoryFile:
        parts = []
        for part in file.parts:
            size = part.size or self._asked_size(repository, part)
            if not size:
                raise HubAnswersOddly(hub=self._hub.name, detail=": it does not say how large the file is")
            parts.append(replace(part, size=size))
        return replace(file, parts=tuple(parts))

    def _asked_size(self, repository: Repository, part: FilePart) -> int | None:
        from huggingface_hub import get_hf_file_metadata, hf_hub_url

        endpoint, token = self._hub.endpoint, self._hub.token()
        asked = self._hub.asked(repository.id, repository.commit, part.path, has_token=bool(token))
        with asked.in_our_errors():
            address = hf_hub_url(repository.id, part.path, revision=repository.commit, endpoint=endpoint)
            return get_hf_file_metadata(address, token=token or False, endpoint=endpoint).size

    def _begun(
        self, folder: Path, repository: Repository, file: RepositoryFile
    ) -> Generator[HubEvent, None, tuple[Journal, bool]]:
        """Return the journal to go on with, and whether all of it is here already."""
        origin = replace(self._origin, repository=repository.id)
        for journal in journals_in(self._folder):
            if journal.folder != folder or journal.parts[0].path != file.path:
                continue
            if journal.describes(file):
                return replace(journal, commit=repository.commit), False
            journal.remove()
            reason = "It was changed on the hub since it was begun, so it is downloaded anew."
            yield DownloadRestarted(self._waiting.title, reason)
        taken: set[str] = set()
        while True:
            names = local_names(file, taken.__contains__, repository.id)
            journal = journal_of(folder, origin, repository.commit, file, names)
            if (yield from self._is_present(journal)):
                return journal, True
            used = {name for name in names if (folder / name).exists() or journal_path(folder, name).exists()}
            if not used:
                break
            taken |= used
        for name in names:  # of a download whose journal is gone
            (folder / f"{name}{PART}").unlink(missing_ok=True)
        return journal, False

    def _is_present(self, journal: Journal) -> Generator[HubEvent, None, bool]:
        if journal.path.exists() or not all(part.sha256 or part.git_sha1 for part in journal.parts):
            return False
        targets = [journal.target(part) for part in journal.parts]
        if not all(target.is_file() for target in targets):
            return False
        from chatbot_app.llm.hub.transfer import in_steps

        for part, target in zip(journal.parts, targets, strict=True):
            if (yield from in_steps(part, target, self._waiting.title)) is None:
                return False
        return True

    # --- the disk ------------------------------------------------------------------------------------------

    def _lock(self, lock: DownloadLock) -> Iterator[HubEvent]:
        while not lock.take():
            yield DownloadWaiting(self._waiting.title)
            self._waiting.sleep(POLL_SECONDS)

    def _check_space(self, journal: Journal) -> None:
        """Raise DownloadNeedsSpace where the rest of this download, and of others that run, does not fit."""
        others = (
            other.total - other.received
            for other in journals_in(self._folder)
            if other.path != journal.path and is_running(other)
        )
        needed = journal.total - journal.received + sum(others) + SPARE_BYTES
        free = shutil.disk_usage(journal.folder).free
        if free < needed:
            raise DownloadNeedsSpace(
                title=self._waiting.title, needed=in_units(needed), free=in_units(free), folder=self._folder
            )

    def _disk_error(self, error: OSError) -> DownloadDiskFull | DownloadFolderUnusable:
        about = {"title": self._waiting.title, "folder": str(self._folder)}
        if error.errno in _FULL:
            return DownloadDiskFull(**about)
        if error.errno == errno.EFBIG:
            return DownloadFolderUnusable(**about, detail="its disk takes no file of this size")
        return DownloadFolderUnusable(**about, detail=error.strerror or type(error).__name__)


def is_commit(revision: str) -> bool:
    """Whether a revision names a commit, which never changes, and no branch."""
    return re.fullmatch("[0-9a-f]{40}", revision) is not None


def in_units(count: int) -> str:
    """Return a number of bytes for people, as disks are sold."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{max(1, count // 1_000_000)} MB"


def _remove_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):  # it is not empty, or was never made
        folder.rmdir()
