"""What an import tells: the one vocabulary of its progress, for the window, the command line and the tests."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from enum import StrEnum

from chatbot_app.core.documents import Document, DocumentState, ImportReport
from chatbot_app.core.errors import AppError

# --- one file, step by step (`importer`) ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DocumentSearchable:
    """All passages of a document can be found by their words; who imports makes their vectors."""

    document: Document


@dataclass(frozen=True, slots=True)
class FileFinished:
    """What became of a file; `document` is None where there is none."""

    report: ImportReport
    document: Document | None


ImportEvent = DocumentSearchable | FileFinished


class ImportStopped(Exception):
    """The import was told to end. What it was doing is done again by the next one."""


# --- all files (`runner`) ------------------------------------------------------------------------------


class FileStep(StrEnum):
    """How far a file has come."""

    WAITING = "waiting"
    READING = "reading"
    VECTORS = "vectors"  # searchable by its words; `done` of `total` passages have their vectors
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class FileProgress:
    """The latest of a file; `document` is None while, or where, there is none.

    `seconds`: its part of the time that its vectors took, of those that were stored just now.
    """

    path: str
    step: FileStep
    document: Document | None = None
    report: ImportReport | None = None
    done: int = 0
    total: int = 0
    seconds: float = field(default=0.0, kw_only=True)

    @classmethod
    def after(cls, document: Document | None, path: str, report: ImportReport | None) -> FileProgress:
        """Return how a file stands after a step that changed its document."""
        if document is not None and waits_for_vectors(document):
            return cls(path, FileStep.VECTORS, document, report, 0, document.passages)
        return cls(path, FileStep.FINISHED, document, report)


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How the whole import is getting on: `done` of `total` files since it last stood still.

    `left_out` files of dropped folders have a format that is not read; the first of them are `named`.
    `pending_vectors` counts passages that are found by their words alone so far, `to_read_again` documents that an
    older version has read, `vectors_to_renew` passages that are found by vectors of another form of the model so far.
    """

    done: int = 0
    total: int = 0
    added: int = 0
    already_there: int = 0
    failed: int = 0
    left_out: int = 0
    named: tuple[str, ...] = ()
    pending_vectors: int = 0
    to_read_again: int = 0
    vectors_to_renew: int = 0
    paused: bool = False

    @property
    def is_running(self) -> bool:
        """Whether files are waiting or being read."""
        return self.done < self.total


@dataclass(frozen=True, slots=True)
class FilesLeftOut:
    """Files of a folder whose format nobody reads."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportFailed:
    """Something other than a file went wrong; where nothing could be kept, the import is paused as well.

    `document` is the one whose vectors could not be made, where it was that.
    """

    error: AppError
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class PermissionNeeded:
    """A web page lies in a private network: a person has to allow it."""

    address: str
    host: str
    collection_id: str


@dataclass(frozen=True, slots=True)
class FieldsRead:
    """What tells documents apart was read of some that an older version had imported."""


Told = FileProgress | ImportProgress | FilesLeftOut | ImportFailed | PermissionNeeded | FieldsRead
Steps = Generator[Told, None, bool]  # whether there was anything to do


def waits_for_vectors(document: Document) -> bool:
    """Whether a document is found by its words and is to get its vectors."""
    return document.state is DocumentState.SEARCHABLE and not document.words_only
