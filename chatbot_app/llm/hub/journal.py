"""What is kept beside the parts of a download, so that it can be gone on with after a crash."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from chatbot_app.core.hub_models import RepositoryFile, download_id
from chatbot_app.core.local_models import Origin
from chatbot_app.llm.hub.addresses import is_file_path, is_repository
from chatbot_app.llm.hub.names import flat_name, is_local_name, safe_name

JOURNAL = ".download.json"
PART = ".part"
LOCK = ".lock"
_VERSION = 1
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class JournalPart:
    """One file of a download: where it is on the hub, what it is called here, what it has to be."""

    path: str
    name: str
    size: int
    sha256: str = ""
    git_sha1: str = ""
    etag: str = ""  # of what the part has
    whole: bool = False  # all of it is on the disk and was checked


@dataclass(frozen=True, slots=True)
class Journal:
    """A download in a folder of its own repository; `origin` is what was asked for, `commit` what is fetched."""

    folder: Path
    origin: Origin
    commit: str
    parts: tuple[JournalPart, ...]

    @property
    def id(self) -> str:
        """That of `download_id`."""
        return download_id(Origin(self.origin.repository, self.parts[0].path))

    @property
    def path(self) -> Path:
        """Where it is kept."""
        return journal_path(self.folder, self.parts[0].name)

    @property
    def lock_path(self) -> Path:
        """The file that is locked while somebody downloads."""
        return lock_path(self.folder, self.parts[0].path)

    @property
    def total(self) -> int:
        """Bytes of all parts."""
        return sum(part.size for part in self.parts)

    @property
    def received(self) -> int:
        """Bytes that are on the disk."""
        return sum(min(part.size, self.bytes_of(part)) for part in self.parts)

    def part_path(self, part: JournalPart) -> Path:
        """Where a file grows."""
        return self.folder / f"{part.name}{PART}"

    def target(self, part: JournalPart) -> Path:
        """Where a file lies when all of them are whole."""
        return self.folder / part.name

    def is_moved(self, part: JournalPart) -> bool:
        """Whether a file lies under its own name already: the program ended before all did."""
        return self.target(part).is_file() and not self.part_path(part).is_file()

    def file_of(self, part: JournalPart) -> Path:
        """Return where the bytes of a file are now."""
        return self.target(part) if self.is_moved(part) else self.part_path(part)

    def bytes_of(self, part: JournalPart) -> int:
        """Return how much of a file is on the disk."""
        path = self.file_of(part)
        return path.stat().st_size if path.is_file() else 0

    @property
    def arrived(self) -> Origin:
        """Where it comes from, to the commit and the checksum of its first file ("" where that is not known)."""
        first = self.parts[0]
        return Origin(self.origin.repository, first.path, self.commit, first.sha256)

    def describes(self, file: RepositoryFile) -> bool:
        """Whether the hub describes the same bytes now."""
        if len(file.parts) != len(self.parts):
            return False
        return all(
            (mine.path, mine.size) == (now.path, now.size)
            and now.sha256 in ("", mine.sha256)
            and now.git_sha1 == mine.git_sha1
            for mine, now in zip(self.parts, file.parts, strict=True)
        )

    def noted(self, changed: JournalPart) -> Journal:
        """Return it with what is known now of one part, and keep it. Raises OSError."""
        parts = tuple(changed if known.path == changed.path else known for known in self.parts)
        journal = replace(self, parts=parts)
        journal.write()
        return journal

    def write(self) -> None:
        """Keep it, whole or not at all. Raises OSError."""
        content = {
            "version": _VERSION,
            "origin": self.origin.to_json(),
            "commit": self.commit,
            "parts": [asdict(part) for part in self.parts],
        }
        fresh = self.path.with_name(f"{self.path.name}.new")
        try:
            with fresh.open("w", encoding="utf-8") as stream:
                json.dump(content, stream)
                stream.flush()
                os.fsync(stream.fileno())
            fresh.replace(self.path)
        except OSError:
            fresh.unlink(missing_ok=True)
            raise

    def settle(self) -> None:
        """Give every file its own name; each of them is whole. Raises OSError."""
        for part in self.parts:
            if self.is_moved(part):
                continue
            with self.part_path(part).open("rb") as stream:
                os.fsync(
                    stream.fileno()
                )  # after a crash of the computer the name must not be older than the bytes
            self.part_path(part).replace(self.target(part))

    def remove(self) -> None:
        """Remove all that was kept of it: parts and journal; files that are whole stay, empty folders do not.

        Raises OSError.
        """
        for part in self.parts:
            self.part_path(part).unlink(missing_ok=True)
        self.path.with_name(f"{self.path.name}.new").unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)
        for folder in self._folders():
            with contextlib.suppress(OSError):  # it holds what is whole, or was never made
                folder.rmdir()

    def make_folders(self) -> None:
        """Make the folders inside its own that the files of a set lie in. Raises OSError."""
        for folder in self._folders():
            folder.mkdir(parents=True, exist_ok=True)

    def _folders(self) -> list[Path]:
        """Return the folders inside its own that the files of a set lie in, the innermost first."""
        found = {parent for part in self.parts for parent in self.target(part).parents}
        inside = [folder for folder in found if self.folder in folder.parents]
        return sorted(inside, key=lambda folder: len(folder.parts), reverse=True)


def journal_of(
    folder: Path, origin: Origin, commit: str, file: RepositoryFile, names: tuple[str, ...]
) -> Journal:
    """Return the journal of a download that begins; every part has to have a size."""
    parts = tuple(
        JournalPart(part.path, name, part.size or 0, part.sha256, part.git_sha1)
        for part, name in zip(file.parts, names, strict=True)
    )
    return Journal(folder, origin, commit, parts)


def journal_path(folder: Path, name: str) -> Path:
    """Return where a download is kept whose first file is called `name`."""
    return folder / f"{flat_name(name)}{JOURNAL}"


def lock_path(folder: Path, path: str) -> Path:
    """Return the lock for all that is called here as the file at `path` on the hub: names are chosen under it."""
    return folder / f"{safe_name(path.rpartition('/')[2])}{LOCK}"


def journals_in(folder: Path) -> Iterator[Journal]:
    """Yield the downloads whose journals lie in the folders inside `folder`; what cannot be read is none."""
    try:
        paths = sorted(folder.glob(f"*/*{JOURNAL}"))
    except OSError:
        return
    for path in paths:
        journal = read_journal(path)
        if journal is not None:
            yield journal


def read_journal(path: Path) -> Journal | None:
    """Return what `Journal.write` kept, None where it is absent or damaged."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        content = json.loads(path.read_text("utf-8"))
        origin = Origin.from_json(content["origin"])
        parts = tuple(_part_from(entry) for entry in content["parts"])
        if (
            origin is None
            or not parts
            or content["version"] != _VERSION
            or not is_repository(origin.repository)
        ):
            return None
        journal = Journal(path.parent, origin, str(content["commit"]), parts)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return journal if journal.path == path else None


def _part_from(entry: Any) -> JournalPart:
    """Raises ValueError, KeyError or TypeError for what would lead out of the folder or is no part."""
    part = JournalPart(**entry)
    texts = (part.path, part.name, part.sha256, part.git_sha1, part.etag)
    if not all(isinstance(text, str) for text in texts) or not isinstance(part.size, int) or part.size < 1:
        raise ValueError("no part")
    if not is_file_path(part.path) or not is_local_name(part.name):
        raise ValueError("it leads elsewhere")
    return part
