"""Writes a data set: all of its files or none, and counts what is in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from chatbot_app.chat.training_data.formats import Format
from chatbot_app.chat.training_data.gathering import Gathered, Tree, examples_of, pairs_of
from chatbot_app.chat.training_data.row_files import TEST, TRAIN, NoRowsError, RowFiles, files_named
from chatbot_app.chat.training_data.selection import Selection
from chatbot_app.core.errors import ConversationGone, ExportStopped
from chatbot_app.storage.conversations import ConversationStore

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


def files_of(wish: Wish) -> list[Path]:
    """Return the files that a wish writes; none where the counts alone are wanted."""
    if wish.path is None:
        return []
    return files_named(wish.path, wish.format, is_split=wish.test_share > 0)


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
    is_split = wish.test_share > 0
    with suppress(NoRowsError), ExitStack() as files:
        rows = RowFiles(wish.format, wish.path, files, is_split=is_split, mask=wish.mask)
        report.rows, report.tokens, report.files = rows.rows, rows.tokens, rows.paths
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
            _add(gathered, rows, report, part_of(gathered.opening, wish.test_share))
            yield report
        if not {one.id for one in store.list_conversations(limit=_MOST)}.issuperset(taken):
            raise ConversationGone()
        if not report.rows.total():
            report.files.clear()
            raise NoRowsError  # an earlier data set is not replaced by nothing
    yield report


def _gather(store: ConversationStore, conversation_id: str, wish: Wish) -> Gathered:
    selection = wish.selection
    messages = list(store.tree(conversation_id))
    shown = [one.id for one in store.path(conversation_id)] if selection.shown_branch_only else None
    store.conversation(conversation_id)  # it may have gone into the trash meanwhile
    if wish.format.is_of_pairs:
        return pairs_of(Tree(messages, None), selection)  # variants are never on one branch
    return examples_of(Tree(messages, shown), selection, has_weights=wish.format.has_weights)


def _add(gathered: Gathered, rows: RowFiles, report: Report, part: str) -> None:
    report.considered += gathered.considered
    report.used += gathered.used
    report.left_out.update(gathered.left_out)
    for example in gathered.examples:
        reason = rows.add(example, part)
        if reason:
            learnt = 1 if example.rejected is not None else sum(one.is_trained for one in example.exchanges)
            report.used -= learnt
            report.left_out[reason] += learnt
