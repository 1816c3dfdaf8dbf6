"""Parts of a file that is a ZIP archive: Word, workbooks, OpenDocument."""

from __future__ import annotations

import zipfile
import zlib

# What an archive that is damaged, encrypted or packed in an unknown way may raise when it is opened and read.
DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, EOFError, RuntimeError)


def read_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return a part as long as it says to be: what would unpack to more is cut, not unpacked. Raises one of `DAMAGED`."""
    with archive.open(entry) as part:
        return part.read(entry.file_size)
