"""The files of a data set: rows are written once each, counted, and all files take their places at the end."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import TextIO

from chatbot_app.chat.training_data.examples import Example
from chatbot_app.chat.training_data.formats import Format
from chatbot_app.chat.transfer.export_files import new_file
from chatbot_app.core.text import clean_text
from chatbot_app.core.tokens import TiktokenCounter

TRAIN, TEST = "train", "test"
REPEATED = "The row says the same as another one."


def file_of(path: Path, part: str, *, is_split: bool) -> Path:
    """Return the file of a part: `data.jsonl`, or `data.train.jsonl` and `data.test.jsonl`."""
    return path.with_name(f"{path.stem}.{part}{path.suffix}") if is_split else path


def sources_of(path: Path) -> Path:
    """Return the file that names the sources of a file whose rows have no room for them."""
    return path.with_name(f"{path.stem}.sources{path.suffix}")


def files_named(path: Path, row_format: Format, *, is_split: bool) -> list[Path]:
    """Return the files that a data set consists of."""
    paths = [file_of(path, part, is_split=is_split) for part in ((TRAIN, TEST) if is_split else (TRAIN,))]
    return paths if row_format.has_sources else [*paths, *map(sources_of, paths)]


class NoRowsError(Exception):
    """Ends a data set without rows before its files take their places."""


class RowFiles:
    """Writes rows and counts them; one that says the same as an earlier one is left out, also of the other part.

    `tokens` are those of all texts in OpenAI's o200k_base; other tokenizers count otherwise.
    """

    def __init__(
        self,
        row_format: Format,
        path: Path | None,
        files: ExitStack,
        *,
        is_split: bool,
        mask: Callable[[str], str] | None = None,
    ) -> None:
        """Without `path` nothing is written: the counts alone are wanted. Raises ExportFailed."""
        self.rows: Counter[str] = Counter()
        self.tokens: Counter[str] = Counter()
        self.paths: list[Path] = []
        self._format = row_format
        self._mask = mask
        self._known: set[bytes] = set()
        self._counter = TiktokenCounter()
        self._files: dict[str, TextIO] = {}
        self._sources: dict[str, TextIO] = {}
        if path is None:
            return
        for part in (TRAIN, TEST) if is_split else (TRAIN,):
            name = file_of(path, part, is_split=is_split)
            self._files[part] = self._open(files, name)
            if not row_format.has_sources:
                self._sources[part] = self._open(files, sources_of(name))

    def _open(self, files: ExitStack, path: Path) -> TextIO:
        self.paths.append(path)
        return files.enter_context(new_file(path))

    def add(self, example: Example, part: str) -> str:
        """Write a row; return why it is left out, "" where it is not."""
        if self._mask is not None:
            example = example.reworded(self._mask)
        row = self._format.row(example)
        digest = sha256(_json(row).encode()).digest()
        if digest in self._known:
            return REPEATED
        self._known.add(digest)
        source = example.source.to_dict()
        if self._format.has_sources:
            row = {**row, "source": source}
        if self._files:
            self._files[part].write(_json(row) + "\n")
        if self._sources:
            self._sources[part].write(_json(source) + "\n")
        self.rows[part] += 1
        self.tokens[part] += sum(self._counter.count_texts(example.texts()))
        return ""


def _json(value: object) -> str:
    # The separators of lines in Unicode are escaped: some readers of JSON Lines split at them.
    text = clean_text(json.dumps(value, ensure_ascii=False))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")
