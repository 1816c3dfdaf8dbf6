"""Documents in words: size, pages, state. Names come from outside and are shown literally, on one line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale

from chatbot_app.core.documents import Document, DocumentState, ImportOutcome
from chatbot_app.core.visible_text import visible_text
from chatbot_app.knowledge.formats.registry import title_of as file_title
from chatbot_app.knowledge.importing.events import FileProgress, FileStep
from chatbot_app.ui.knowledge.field_words import day_shown, fields_line

_DOT = "  ·  "


@dataclass(frozen=True, slots=True)
class DocumentRow(FileProgress):
    """What one row shows: a document, or a file that is none yet. `days_left` is how long it stays in the trash."""

    days_left: int | None = None

    @classmethod
    def of_document(cls, document: Document, days_left: int | None = None) -> DocumentRow:
        """Return the row of a stored document."""
        if document.words_only or document.deleted_at is not None:  # nothing more happens by itself
            step = FileStep.FINISHED
            return cls(document.path, step, document, document.report, 0, document.passages, days_left)
        step = {
            DocumentState.IMPORTING: FileStep.WAITING,
            DocumentState.SEARCHABLE: FileStep.VECTORS,
            DocumentState.READY: FileStep.FINISHED,
            DocumentState.FAILED: FileStep.FINISHED,
        }[document.state]
        return cls(document.path, step, document, document.report, 0, document.passages, days_left)

    @classmethod
    def of_progress(cls, progress: FileProgress) -> DocumentRow:
        """Return the row of a file under way."""
        return cls(
            progress.path,
            progress.step,
            progress.document,
            progress.report,
            progress.done,
            progress.document.passages
            if progress.document and progress.document.words_only
            else progress.total,
        )

    @property
    def document_id(self) -> str:
        """The document's id, "" for a file that is none."""
        return self.document.id if self.document is not None else ""

    @property
    def is_words_only(self) -> bool:
        """Whether it is so large that it has no vectors until a person asks for them."""
        return (
            self.document is not None
            and self.document.words_only
            and self.document.state is DocumentState.SEARCHABLE
        )

    @property
    def has_failed(self) -> bool:
        """Whether the import failed: it can be retried."""
        if self.step is not FileStep.FINISHED:
            return False
        if self.document is not None:
            return self.document.state is DocumentState.FAILED
        return self.report is not None and self.report.outcome is ImportOutcome.FAILED


def one_line(text: str) -> str:
    """Return text from outside on one line, with hidden characters made visible."""
    return " ".join(visible_text(text).split())


def title_of(row: DocumentRow) -> str:
    """Return the name of a row."""
    if row.document is not None and row.document.title:
        return one_line(row.document.title)
    return one_line(PurePath(row.path).name or row.path)


def kind_of(path: str) -> str:
    """Return what stands on the badge of a file: its extension, at most four letters."""
    suffix = PurePath(path).suffix.removeprefix(".")
    short = "".join(character for character in suffix if character.isalnum())[:4].upper()
    return {"MARKDOWN": "MD", "JPEG": "JPG", "HTM": "HTML"}.get(short, short) or "TEXT"


def counted(number: int, one: str, many: str) -> str:
    """Return `one` for 1, else `many` with the number in place of {n}."""
    return one if number == 1 else many.format(n=QLocale().toString(number))


def size_of(size: int) -> str:
    """Return a number of bytes as people write it."""
    shape = QLocale.DataSizeFormat.DataSizeSIFormat
    return QLocale().formattedDataSize(size, 1 if size >= 1_000_000 else 0, shape)


def stay_of(days: int) -> str:
    """Return how long something stays in the trash."""
    tr = QCoreApplication.translate
    if days <= 0:
        return tr("Documents", "goes today")
    return counted(days, tr("Documents", "1 day left"), tr("Documents", "{n} days left"))


def date_of(document: Document) -> str:
    """Return when a document was imported: the time today, else the day."""
    moment = QDateTime.fromSecsSinceEpoch(int(document.imported_at.timestamp()))
    if moment.date() == QDate.currentDate():
        return QLocale().toString(moment.time(), QLocale.FormatType.ShortFormat)
    return day_shown(moment.date())


def facts_of(row: DocumentRow) -> str:
    """Return the quiet line of a row: state, or size, pages, passages and date."""
    tr = QCoreApplication.translate
    document = row.document
    if row.step is FileStep.WAITING:
        return tr("Documents", "Waiting")
    if row.step is FileStep.READING:
        return tr("Documents", "Reading…")
    if row.has_failed:
        return one_line(row.report.reason) if row.report is not None else tr("Documents", "Failed")
    if document is None:
        return one_line(row.report.reason) if row.report is not None else ""
    parts = [] if row.days_left is None else [stay_of(row.days_left)]
    if document.fields:
        parts.append(fields_line(document.fields))
    if document.title.casefold() != file_title(Path(row.path)).casefold():  # a mail's is its subject
        parts.append(one_line(PurePath(row.path).name))
    parts.append(size_of(document.size))
    if document.pages:
        parts.append(counted(document.pages, tr("Documents", "1 page"), tr("Documents", "{n} pages")))
    passages = tr("Documents", "1 passage"), tr("Documents", "{n} passages")
    parts.append(counted(document.passages, *passages))
    if row.step is FileStep.VECTORS:
        left = tr("Documents", "1 vector left"), tr("Documents", "{n} vectors left")
        parts.append(counted(max(0, row.total - row.done), *left))
    elif row.is_words_only and row.days_left is None:
        parts.append(tr("Documents", "found by its words"))
    else:
        parts.append(date_of(document))
    return _DOT.join(parts)


def state_of(row: DocumentRow) -> str:
    """Return the state in words, for screen readers and the details."""
    tr = QCoreApplication.translate
    if row.has_failed:
        return tr("Documents", "Failed")
    match row.step:
        case FileStep.WAITING:
            return tr("Documents", "Waiting")
        case FileStep.READING:
            return tr("Documents", "Being read")
        case FileStep.VECTORS:
            return tr("Documents", "Found by its words; vectors follow")
        case FileStep.FINISHED if row.document is not None and row.document.state is DocumentState.SEARCHABLE:
            return tr("Documents", "Found by its words")
        case _:
            return tr("Documents", "Ready")
