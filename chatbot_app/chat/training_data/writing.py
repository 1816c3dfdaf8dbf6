"""Writes a data set: all of its files or none, and counts what is in them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, TextIO

from chatbot_app.chat.training_data.examples import Example
from chatbot_app.chat.training_data.formats import Format
from chatbot_app.chat.training_data.gathering import Gathered, Tree, examples_of, pairs_of
from chatbot_app.chat.training_data.selection import Selection
from chatbot_app.chat.transfer.export_files import new_file
from chatbot_app.core.errors import ConversationGone, ExportStopped
from chatbot_app.core.text import clean_text
from chatbot_app.core.tokens import TiktokenCounter
from chatbot_app.storage.conversations import ConversationStore

TRAIN, TEST = "train", "test"
REPEATED = "The row says the same as another one."
_MOST = 1 << 40


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be written. `test_share` of the conversations, 0 to 1, go into the test file; `mask` rewords texts.

    Without `path` nothing is written: the counts alone are wanted.
    """

    format: Format
    selection: Selection
    path: Path | None
    test_share: float = 0.0
    mask: Callable[[str], str] | None = None


@dataclass(slots=True)
class Report:
    """What is in the files. `tokens` are those of all texts in OpenAI's o200k_base; other tokenizers count otherwise.

    `considered` are the answers in the conversations that were chosen, `used` those that are learnt; `left_out` says
    why the others are not. Of pairs, `considered` are the pairs, and the questions with several answers that make none.
    """

    conversations: int = 0
    total: int = 0  # conversations to look into
    considered: int = 0
    used: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    tokens: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    files: list[Path] = field(default_factory=list)

    @property
    def share_left_out(self) -> float:
        """0 to 1."""
        return 1 - self.used / self.considered if self.considered else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {
            "conversations": self.conversations,
            "considered": self.considered,
            "used": self.used,
            "share_left_out": round(self.share_left_out, 4),
            "rows": {TRAIN: self.rows[TRAIN], TEST: self.rows[TEST]},
            "tokens": {TRAIN: self.tokens[TRAIN], TEST: self.tokens[TEST]},
            "tokenizer": "o200k_base",
            "left_out": [{"reason": reason, "count": count} for reason, count in self.left_out.most_common()],
            "files": [str(path) for path in self.files],
        }


def part_of(opening: str, test_share: float) -> str:
    """Return which part a conversation belongs to, with all its branches.

    It is decided by a hash of what was written first, so that it stays there next time and copies go with it.
    """
    place = int.from_bytes(sha256(opening.encode("utf-8", "replace")).digest()[:8], "big") / 2**64
    return TEST if place < test_share else TRAIN


def file_of(path: Path, part: str, *, is_split: bool) -> Path:
    """Return the file of a part: `data.jsonl`, or `data.train.jsonl` and `data.test.jsonl`."""
    return path.with_name(f"{path.stem}.{part}{path.suffix}") if is_split else path


def sources_of(path: Path) -> Path:
    """Return the file that names the sources of a file whose rows have no room for them."""
    return path.with_name(f"{path.stem}.sources{path.suffix}")


def files_of(wish: Wish) -> list[Path]:
    """Return the files that a wish writes; none where the counts alone are wanted."""
    if wish.path is None:
        return []
    is_split = wish.test_share > 0
    paths = [
        file_of(wish.path, part, is_split=is_split) for part in ((TRAIN, TEST) if is_split else (TRAIN,))
    ]
    return paths if wish.format.has_sources else [*paths, *map(sources_of, paths)]


def write_training_data(
    store: ConversationStore, wish: Wish, should_stop: Callable[[], bool] = lambda: False
) -> Iterator[Report]:
    """Write a data set, and yield the report after each conversation; the last one is whole.

    Without a row no file is written. Conversations in the trash are never read; where one is deleted meanwhile, all begins
    anew without it. Raises StoreError, ExportFailed where a file cannot be written, ExportStopped.
    """
    while True:
        try:
            yield from _write_once(store, wish, should_stop)
            return
        except ConversationGone:
            continue


def _write_once(store: ConversationStore, wish: Wish, should_stop: Callable[[], bool]) -> Iterator[Report]:
    """Write what is there now; ConversationGone says that it is not there any more, and that no file took its place."""
    chosen = [one.id for one in store.list_conversations(limit=_MOST) if wish.selection.takes(one)]
    report, taken = Report(total=len(chosen)), list[str]()
    with suppress(_NoRowsError), ExitStack() as files:
        rows = _Rows(wish, report, files)
        for conversation_id in chosen:
            if should_stop():
                raise ExportStopped(path=str(wish.path or ""))
            try:
                gathered = _gather(store, conversation_id, wish)
            except ConversationGone:
                report.total -= 1
                continue
            taken.append(conversation_id)
            report.conversations += 1
            rows.add(gathered)
            yield report
        if not {one.id for one in store.list_conversations(limit=_MOST)}.issuperset(taken):
            raise ConversationGone()
        if not report.rows.total():
            report.files.clear()
            raise _NoRowsError  # an earlier data set is not replaced by nothing
    yield report


def _gather(store: ConversationStore, conversation_id: str, wish: Wish) -> Gathered:
    selection = wish.selection
    messages = list(store.tree(conversation_id))
    shown = [one.id for one in store.path(conversation_id)] if selection.shown_branch_only else None
    store.conversation(conversation_id)  # it may have gone into the trash meanwhile
    if wish.format.is_of_pairs:
        return pairs_of(Tree(messages, None), selection)  # variants are never on one branch
    return examples_of(Tree(messages, shown), selection, has_weights=wish.format.has_weights)


class _NoRowsError(Exception):
    """Ends a data set without rows before its files take their places."""


class _Rows:
    """Writes rows and counts them; one that says the same as an earlier one is left out, also of the other part."""

    def __init__(self, wish: Wish, report: Report, files: ExitStack) -> None:
        self._wish = wish
        self._report = report
        self._known: set[bytes] = set()
        self._counter = TiktokenCounter()
        self._files: dict[str, TextIO] = {}
        self._sources: dict[str, TextIO] = {}
        if wish.path is None:
            return
        for part in (TRAIN, TEST) if wish.test_share > 0 else (TRAIN,):
            path = file_of(wish.path, part, is_split=wish.test_share > 0)
            self._files[part] = self._open(files, path)
            if not wish.format.has_sources:
                self._sources[part] = self._open(files, sources_of(path))

    def _open(self, files: ExitStack, path: Path) -> TextIO:
        self._report.files.append(path)
        return files.enter_context(new_file(path))

    def add(self, gathered: Gathered) -> None:
        report = self._report
        report.considered += gathered.considered
        report.used += gathered.used
        report.left_out.update(gathered.left_out)
        part = part_of(gathered.opening, self._wish.test_share)
        for example in gathered.examples:
            reason = self._write(example, part)
            if reason:
                learnt = (
                    1 if example.rejected is not None else sum(one.is_trained for one in example.exchanges)
                )
                report.used -= learnt
                report.left_out[reason] += learnt

    def _write(self, example: Example, part: str) -> str:
        """Write a row; return why it is left out, "" where it is not."""
        if self._wish.mask is not None:
            example = example.reworded(self._wish.mask)
        row = self._wish.format.row(example)
        digest = sha256(_json(row).encode()).digest()
        if digest in self._known:
            return REPEATED
        self._known.add(digest)
        source = example.source.to_dict()
        if self._wish.format.has_sources:
            row = {**row, "source": source}
        if self._files:
            self._files[part].write(_json(row) + "\n")
        if self._sources:
            self._sources[part].write(_json(source) + "\n")
        self._report.rows[part] += 1
        self._report.tokens[part] += sum(self._counter.count_texts(example.texts()))
        return ""


def _json(value: object) -> str:
    # The separators of lines in Unicode are escaped: some readers of JSON Lines split at them.
    text = clean_text(json.dumps(value, ensure_ascii=False))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")
