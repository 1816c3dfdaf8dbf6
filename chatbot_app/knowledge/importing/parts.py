"""What an import works with, put together by `library.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from chatbot_app.core.documents import ALL_DOCUMENTS, ImportReport
from chatbot_app.knowledge.children.parser import ParserProcess
from chatbot_app.knowledge.embedder import Embedder
from chatbot_app.knowledge.importing.importer import Importer
from chatbot_app.knowledge.importing.kept_texts import TextKeeper
from chatbot_app.knowledge.importing.upkeep import Upkeep
from chatbot_app.knowledge.importing.vector_renewal import NewestVectors
from chatbot_app.storage.documents import DocumentStore
from chatbot_app.storage.import_jobs import ImportJob
from chatbot_app.storage.passages import PassageStore


class Jobs(Protocol):
    """The files that wait: `ImportQueue`, which survives the program, or `GivenFiles`, those of a command."""

    def add(self, paths: Sequence[str], collection_id: str = ALL_DOCUMENTS) -> None:
        """Let files wait."""
        ...

    def waiting(self, limit: int = -1) -> list[ImportJob]:
        """Return the files that wait, first come first."""
        ...

    def finish(self, number: int, report: ImportReport) -> None:
        """Take a file off."""
        ...

    def cancel(self) -> None:
        """Drop what waits."""
        ...


@dataclass(frozen=True, slots=True)
class ImportParts:
    """What a runner works with; nobody else uses the importer and the parser.

    `create_importer` and `embedder` are called by who iterates, at first use. Without `upkeep` only what was asked
    for is done: nothing that an earlier import left. `texts` keeps pasted texts and web pages. `interrupt` ends a
    computation of vectors, from any thread. `newest_vectors` says whether those of the library are to be made anew; where
    there is no `upkeep`, nobody asks.
    """

    create_importer: Callable[[Callable[[], bool]], Importer]  # with what says that the import must end
    embedder: Callable[[], Embedder | None]
    parser: ParserProcess
    documents: DocumentStore
    passages: PassageStore
    jobs: Jobs
    upkeep: Upkeep | None = None
    texts: TextKeeper | None = None
    interrupt: Callable[[], None] = lambda: None
    newest_vectors: Callable[[], NewestVectors | None] = lambda: None
