"""How an import is getting on, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chatbot_app.core.documents import Document, ImportReport


class FileStep(StrEnum):
    """How far a file has come."""

    WAITING = "waiting"
    READING = "reading"
    VECTORS = "vectors"  # searchable by its words; `done` of `total` passages have their vectors
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class FileProgress:
    """The latest of a file; `document` is None while, or where, there is none."""

    path: str
    step: FileStep
    document: Document | None = None
    report: ImportReport | None = None
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How the whole import is getting on: `done` of `total` files since it last stood still.

    `left_out` files of dropped folders have a format that is not read; the first of them are `named`.
    `pending_vectors` counts passages that are found by their words alone so far, `to_read_again` documents that an
    older version has read.
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
    paused: bool = False

    @property
    def is_running(self) -> bool:
        """Whether files are waiting or being read."""
        return self.done < self.total
