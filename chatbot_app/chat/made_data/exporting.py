"""Writes the accepted rows of a data set as files that trainers read; every row names its source."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from chatbot_app.chat.training_data import prompt_completion
from chatbot_app.chat.training_data.examples import Example, Exchange, Words
from chatbot_app.chat.training_data.formats import FORMATS, Format
from chatbot_app.chat.training_data.row_files import TEST, TRAIN, NoRowsError, RowFiles, files_named
from chatbot_app.core.errors import ExportStopped
from chatbot_app.core.made_data import DataJob, DataKind, MadeRow
from chatbot_app.storage.made_rows import MadeRowStore

PROMPT_COMPLETION = Format("prompt-completion", prompt_completion.row)
_OF_TEXTS = {one.name: one for one in (PROMPT_COMPLETION, *FORMATS.values()) if not one.is_of_pairs}
_OF_PAIRS = {one.name: one for one in FORMATS.values() if one.is_of_pairs}
MADE_FORMATS = {
    DataKind.BACKTRANSLATION: _OF_TEXTS,
    DataKind.QUESTIONS: _OF_TEXTS,
    DataKind.FEEDBACK: _OF_PAIRS,
}

ONE_SIDE = (
    "All rows are of documents that share passages: they cannot be parted, and none is kept for a test."
)


@dataclass(frozen=True, slots=True)
class MadeSource:
    """Where a made row comes from: the place in the document, the model, and how it came to be judged."""

    document: str
    place: str
    document_id: str
    passage_id: int
    kind: str
    model: str
    server: str
    prompt_version: str
    created_at: str
    verdict: str
    principle: str
    judgement: str
    is_edited: bool

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping; the same keys with values of the same types for every row."""
        return {
            "document": self.document,
            "place": self.place,
            "document_id": self.document_id,
            "passage_id": self.passage_id,
            "kind": self.kind,
            "model": self.model,
            "server": self.server,
            "prompt_version": self.prompt_version,
            "created_at": self.created_at,
            "verdict": self.verdict,
            "principle": self.principle,
            "judgement": self.judgement,
            "edited": self.is_edited,
        }

    def reworded(self, words: Words) -> MadeSource:
        """Return it with what stands in the document, and what a model said of it, as `words` returns it."""
        return replace(
            self,
            document=words(self.document),
            place=words(self.place),
            judgement=words(self.judgement),
        )


@dataclass(frozen=True, slots=True)
class MadeWish:
    """What is to be written. `test_share` of the rows, 0 to 1, go into the test file, whole documents at a time.

    `with_passage`: the passage stands above the question. Without `path` nothing is written, and all is counted.
    """

    format: Format
    path: Path | None
    test_share: float = 0.0
    with_passage: bool = True
    mask: Callable[[str], str] | None = None


@dataclass(slots=True)
class MadeReport:
    """What is in the files; `tokens` as OpenAI's o200k_base counts. `left_out` says why accepted rows are not in them,
    `notes` what else is to be known."""

    documents: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    tokens: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    files: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {
            "documents": self.documents,
            "rows": {TRAIN: self.rows[TRAIN], TEST: self.rows[TEST]},
            "tokens": {TRAIN: self.tokens[TRAIN], TEST: self.tokens[TEST]},
            "tokenizer": "o200k_base",
            "left_out": [{"reason": reason, "count": count} for reason, count in self.left_out.most_common()],
            "files": [str(path) for path in self.files],
            "notes": list(self.notes),
        }


def made_files(wish: MadeWish) -> list[Path]:
    """Return the files that a wish writes; none where the counts alone are wanted."""
    return [] if wish.path is None else files_named(wish.path, wish.format, is_split=wish.test_share > 0)


def write_made_data(
    store: MadeRowStore,
    job: DataJob,
    wish: MadeWish,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[MadeReport]:
    """Write the accepted rows, and yield the report after each; the last one is whole.

    Without a row no file is written. Documents in the trash are never read. Raises StoreError, ExportFailed where a
    file cannot be written, ExportStopped.
    """
    report = MadeReport()
    shares = _shares(store, job, wish.test_share, report)
    documents: set[str] = set()
    with suppress(NoRowsError), ExitStack() as files:
        rows = RowFiles(wish.format, wish.path, files, is_split=wish.test_share > 0, mask=wish.mask)
        report.rows, report.tokens, report.files = rows.rows, rows.tokens, rows.paths
        for row in store.rows(job.id):
            if should_stop():
                raise ExportStopped(path=str(wish.path or ""))
            example = example_of(row, job.wish.kind, with_passage=wish.with_passage)
            # A row that was accepted since the parts were made is of a document that has a part, or trains.
            reason = _fault(row, job.wish.kind) or rows.add(example, shares.get(row.document_id, TRAIN))
            if reason:
                report.left_out[reason] += 1
            else:
                documents.add(row.document_id)
                report.documents = len(documents)
            yield report
        if not report.rows.total():
            report.files.clear()
            raise NoRowsError  # an earlier data set is not replaced by nothing
    yield report


def example_of(row: MadeRow, kind: DataKind, *, with_passage: bool) -> Example:
    """Return a row as the formats take it."""
    details = row.draft.details or {}

    def said(name: str) -> str:
        return str(details.get(name, ""))

    source = MadeSource(
        row.title,
        row.place,
        row.document_id,
        row.passage_id,
        kind.value,
        said("model"),
        said("server"),
        said("prompt_version"),
        said("created_at"),
        row.draft.verdict,
        said("principle"),
        said("judgement"),
        row.edited,
    )
    return Example(
        source,
        "",
        (Exchange(row.draft.prompt, row.draft.completion),),
        row.draft.rejected if kind is DataKind.FEEDBACK else None,
        row.passage if with_passage and kind is not DataKind.BACKTRANSLATION else "",
    )


def _fault(row: MadeRow, kind: DataKind) -> str:
    if not row.draft.prompt.strip() or not row.draft.completion.strip():
        return "A text of the row is empty."
    if kind is DataKind.FEEDBACK and not row.draft.rejected.strip():
        return "A text of the row is empty."
    if kind is DataKind.FEEDBACK and row.draft.rejected.strip() == row.draft.completion.strip():
        return "Both answers are the same."
    return ""


def _shares(store: MadeRowStore, job: DataJob, share: float, report: MadeReport) -> dict[str, str]:
    """Return which part each document belongs to: those with a passage in common to the same one.

    Groups of documents are taken in the order of a hash until the share is reached, so that a few documents are
    parted as well; each part gets one at least where there are two.
    """
    if share <= 0:
        return {}
    counts = store.count_by_document(job.id)
    groups = sorted(_groups(store.documents_that_share(job.id), counts), key=_hash)
    if len(groups) < 2:
        report.notes.append(ONE_SIDE)
        return {}
    wanted, taken = share * counts.total(), 0
    parts: dict[str, str] = {}
    for number, group in enumerate(groups):
        size = sum(counts[one] for one in group)
        is_first, is_last = number == 0, number == len(groups) - 1
        # Nearer to the share with it than without it.
        is_test = is_first or (not is_last and taken + size / 2 < wanted)
        taken += size if is_test else 0
        parts.update(dict.fromkeys(group, TEST if is_test else TRAIN))
    return parts


def _groups(shared: Sequence[tuple[str, str]], counts: Counter[str]) -> list[list[str]]:
    """Return the documents that have rows, in groups that nothing in common joins."""
    above: dict[str, str] = {}

    def top(one: str) -> str:
        while above.get(one, one) != one:
            above[one] = one = above.get(above[one], above[one])
        return one

    for one, other in shared:
        above[top(one)] = top(other)
    groups: dict[str, list[str]] = defaultdict(list)
    for document in counts:
        groups[top(document)].append(document)
    return [sorted(group) for group in groups.values()]


def _hash(group: list[str]) -> bytes:
    return sha256(group[0].encode()).digest()
