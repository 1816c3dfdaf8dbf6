"""Whether a file on the disk is the one that a hub describes."""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from pathlib import Path

from chatbot_app.llm.hub.journal import JournalPart

_BLOCK = 1 << 22  # bytes


def checked(part: JournalPart, path: Path) -> Generator[int, None, str | None]:
    """Read a file, yield how many bytes were read, return its SHA-256, or None where it is another file.

    It has to have the size, and the SHA-256 of Git LFS or, for a small one, the SHA-1 of Git's blob; where the hub
    names neither, the size alone is compared. Raises OSError.
    """
    if path.stat().st_size != part.size:
        return None
    digest = hashlib.sha256()
    blob = hashlib.sha1(b"blob %d\0" % part.size, usedforsecurity=False)  # Git Internals, "Object Storage"
    read = 0
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            if part.git_sha1:
                blob.update(block)
            read += len(block)
            yield read
    found = digest.hexdigest()
    right = part.sha256 in ("", found) and part.git_sha1 in ("", blob.hexdigest())
    return found if right and read == part.size else None
