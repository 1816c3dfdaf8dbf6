"""Files that lie beside a text that is read, in its archive or folder: pictures are among them."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

# What reading a broken archive may raise, a password and a method that nobody has among it.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)


class FilesBeside(Protocol):
    """Names, with `/` between folders, and the bytes behind them."""

    @property
    def names(self) -> Sequence[str]:
        """All that can be read."""

    def read(self, name: str, size: int) -> bytes | None:
        """Return at most so many bytes from the beginning of a file; None where it cannot be read."""


class NoFiles:
    """Nothing lies beside the text."""

    names: Sequence[str] = ()

    def read(self, _name: str, _size: int) -> bytes | None:
        """Return nothing."""
        return None


class InFolder:
    """Files of a folder; a link is none of them, wherever it leads."""

    def __init__(self, folder: Path, files: Iterable[Path]) -> None:
        self._files = {one.relative_to(folder).as_posix(): one for one in files}
        self.names: Sequence[str] = tuple(self._files)

    def read(self, name: str, size: int) -> bytes | None:
        """Return the first bytes of a file of the folder."""
        path = self._files.get(name)
        try:
            if path is None or path.is_symlink() or not path.is_file():
                return None
            with path.open("rb") as file:
                return file.read(size)
        except OSError:
            return None


class InArchive:
    """Members of a ZIP archive, opened once more when the first of them is read, until nobody holds this."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        self._path = path
        self._archive: zipfile.ZipFile | None = None
        self.names = names

    def read(self, name: str, size: int) -> bytes | None:
        """Return the first bytes of a member."""
        try:
            if self._archive is None:
                self._archive = zipfile.ZipFile(self._path)
            with self._archive.open(name) as file:
                return file.read(size)
        except (*BROKEN, OSError, KeyError):
            return None
