"""Documents: what is imported, how it is cut, and what is found in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from chatbot_app.core.document_fields import NO_FIELDS, DocumentFields, FieldMatch, FieldsAsked

ALL_DOCUMENTS = ""  # the id of the collection that every document is in


class DocumentState(StrEnum):
    """How far a document has come. Only `SEARCHABLE` and `READY` are ever searched."""

    IMPORTING = "importing"  # known by its bytes; nothing of it can be found yet
    SEARCHABLE = "searchable"  # all passages stored, found by their words; vectors follow
    READY = "ready"  # every passage has its vector: stored count = expected count
    FAILED = "failed"  # the report says why; retryable


class BlockKind(StrEnum):
    """What a stretch of a document is, as far as it changes how it may be cut."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    TABLE = "table"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a document's text: characters `start` to `end` (exclusive) of `ParsedDocument.text`.

    `page` counts from 1 and is None where the format has no pages; `heading_path` holds the headings
    above, outermost first. `continues` says of a table that it goes on with the one before, on another page.
    """

    kind: BlockKind
    start: int
    end: int
    page: int | None = None
    heading_path: tuple[str, ...] = ()
    continues: bool = False


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """The text of a document and its blocks, in order and without overlaps.

    `pages` is the number of pages (0 where the format has none), `empty_pages` those without any text,
    `encoding` the one that plain text was decoded from, `warnings` sentences for the report.
    """

    title: str
    text: str
    blocks: tuple[Block, ...]
    media_type: str
    pages: int = 0
    empty_pages: tuple[int, ...] = ()
    encoding: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PassageDraft:
    """A passage before it is stored: `text` is exactly `document.text[start:end]`.

    `context` is what stands above it (headings, or the header of its table) and is embedded, indexed and
    shown to the model with it. `familiarity` (0–1) says how well the embedding model knows the text, `pairs`
    are its pairs of characters of scripts without spaces, for the full-text index.
    """

    ordinal: int
    start: int
    end: int
    text: str
    page: int | None
    heading_path: tuple[str, ...]
    context: str
    familiarity: float = 1.0
    pairs: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stored passage; see `PassageDraft`. `id` is a number because it is a row of the full-text index."""

    id: int
    document_id: str
    ordinal: int
    start: int
    end: int
    text: str
    page: int | None
    heading_path: tuple[str, ...]
    context: str
    familiarity: float = 1.0


@dataclass(frozen=True, slots=True)
class Document:
    """A document in the library. `size` is in bytes, `sha256` that of the file's bytes, in hex.

    `previous_id` is the version that this one took the place of; `report` what its import said. `words_only`:
    it is so large that it has no vectors until a person asks for them.
    """

    id: str
    title: str
    path: str
    media_type: str
    size: int
    sha256: str
    state: DocumentState
    imported_at: datetime
    pages: int = 0
    characters: int = 0
    passages: int = 0
    previous_id: str | None = None
    report: ImportReport | None = None
    deleted_at: datetime | None = None
    words_only: bool = False
    fields: DocumentFields = NO_FIELDS


@dataclass(frozen=True, slots=True)
class Collection:
    """A named set of documents; a document may be in several."""

    id: str
    name: str
    documents: int = 0


@dataclass(frozen=True, slots=True)
class Shelves:
    """What there is to choose from: `total` documents, `in_trash` others, and whether any can be searched."""

    collections: tuple[Collection, ...]
    total: int
    in_trash: int
    has_searchable: bool


@dataclass(frozen=True, slots=True)
class SearchScope:
    """What a search looked through: `documents` that can be found, in `collections` by name; none means all.

    `kept_to` is what their fields had to say.
    """

    collections: tuple[str, ...] = ()
    documents: int = 0
    kept_to: tuple[str, ...] = ()


class ImportOutcome(StrEnum):
    """How the import of one file ended."""

    IMPORTED = "imported"
    NEW_VERSION = "new version"  # same place, other bytes
    ALREADY_THERE = "already there"  # same bytes; the report names the document
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of one file. `reason` is a sentence for people, `error` the name of the error behind it."""

    path: str
    outcome: ImportOutcome
    reason: str = ""
    error: str = ""
    document_id: str | None = None
    characters: int = 0
    pages: int = 0
    empty_pages: tuple[int, ...] = ()
    passages: int = 0
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {
            "path": self.path,
            "outcome": self.outcome.value,
            "reason": self.reason,
            "error": self.error,
            "document_id": self.document_id,
            "characters": self.characters,
            "pages": self.pages,
            "empty_pages": list(self.empty_pages),
            "passages": self.passages,
            "seconds": round(self.seconds, 3),
            "warnings": list(self.warnings),
        }

    @classmethod
    def from_dict(cls, mapping: dict[str, Any]) -> ImportReport:
        """Rebuild a stored report. Raises KeyError or ValueError where it is not one."""
        return cls(
            mapping["path"],
            ImportOutcome(mapping["outcome"]),
            mapping["reason"],
            mapping["error"],
            mapping["document_id"],
            mapping["characters"],
            mapping["pages"],
            tuple(mapping["empty_pages"]),
            mapping["passages"],
            mapping["seconds"],
            tuple(mapping["warnings"]),
        )


@dataclass(frozen=True, slots=True)
class StageScores:
    """What each stage of a search thought of a passage; None where that stage did not find it.

    `keyword` is BM25 (higher is better), `vector` the cosine of query and passage, `coverage` the share of
    the question's words, weighted by rarity, that the passage holds, `fused` what it was ranked by. `fields` is
    how much of that the document's fields added or took away, `exact` the share of what the question names exactly
    (an identifier, a date, a quoted phrase) that the passage holds. `sentence` is the cosine of the query and the
    nearest of its sentences, where it was looked at because others are as good.
    """

    keyword: float | None
    vector: float | None
    coverage: float
    fused: float
    fields: float = 0.0
    exact: float = 0.0
    sentence: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that was found for a question, and where it stands in its document.

    `match` says how the document's fields stand to the question, `also_in` names other documents that say the same.
    """

    passage: Passage
    title: str
    path: str
    scores: StageScores
    fields: DocumentFields = NO_FIELDS
    match: FieldMatch = FieldMatch.NONE
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class YearsAsked:
    """The years that a question names, and the ids of the documents that were found and tell of other years only. One
    that names no year at all is none of these.
    """

    years: tuple[int, ...]
    silent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Retrieval:
    """The answer of a search, best first.

    `searched` is the query that was really searched (a follow-up question is completed first), `below_floor`
    what was found but is too far from the question to be shown to a model. `vector_weight` is the share that
    vectors had in the ranking, `pending_vectors` the number of passages that were found by words alone
    because their vectors are not there yet. `terms` are the words of the query with their inverse document
    frequencies. `addressed` is the query as it is put to the one document that it names ("Which law governs this agreement?"), "" where it
    names none so. `asked` is what the question names that documents have as fields, None where it names nothing;
    where it asks about several documents, the best passage of each comes first. `kept_to` is how many documents a
    filter by fields has left, None without one. `passages` is how many the library has,
    `kept_passages` how many those documents have that collections or a filter leave, None where nothing does. `come_again` are the documents
    found that come again for each period, where it speaks of no time. `familiarity` says how well the embedding model that compares
    sentences knows the question and what was found (0 to 1), `is_foreign` that what lies nearest is in another language, `is_missed` that nothing in its own one answers it, `is_multilingual` that vectors of all languages were compared.
    `years` tells which years it names and which documents tell of them, None where it names none.
    """

    question: str
    searched: str
    evidence: tuple[Evidence, ...]
    below_floor: tuple[Evidence, ...] = ()
    vector_weight: float = 0.0
    familiarity: float = 0.0
    is_foreign: bool = False
    is_missed: bool = False
    is_multilingual: bool = False
    pending_vectors: int = 0
    seconds: float = 0.0
    notes: tuple[str, ...] = field(default_factory=tuple)
    terms: tuple[tuple[str, float], ...] = ()
    addressed: str = ""
    asked: FieldsAsked | None = None
    kept_to: int | None = None
    passages: int = 0
    come_again: frozenset[str] = frozenset()
    years: YearsAsked | None = None
    kept_passages: int | None = None

    @property
    def asking(self) -> str:
        """The question with which sentences are compared and passages read."""
        return self.addressed or self.searched or self.question

    @property
    def newest_first(self) -> bool:
        """Whether of reports that resemble each other the newest is meant."""
        return len(self.come_again) > 1

    def best_first(self) -> list[Evidence]:
        """Return all that was found, also what is too far from the question to be shown to a model, best first."""
        return sorted([*self.evidence, *self.below_floor], key=lambda item: -item.scores.fused)
