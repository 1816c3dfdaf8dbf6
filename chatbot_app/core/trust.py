"""What a person may believe of an answer: quotes word for word, and a verdict for each sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from chatbot_app.core.document_fields import NO_FIELDS, DocumentFields
from chatbot_app.core.generation_choices import AnswerMode as AnswerMode  # kept with each answer, too
from chatbot_app.core.kept_entries import read_entries, read_stretch

_PARTS = re.compile(r"[^\W_]+")


class Verdict(StrEnum):
    """What the sources say to a sentence of an answer."""

    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"
    NOT_CHECKED = "not-checked"


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a document that answers a question: `text` stands at `start` to `end` of its text.

    Offsets are in characters of the document's extracted text; `passage_start` and `passage_end` bound the
    passage around it. `score` is between 0 and 1: how well it answers the question. `described` says in words what
    a row of a table says, with its heads and unit, and lines that are one statement with marks between them; "" of anything else.
    """

    document_id: str
    document: str
    path: str
    page: int | None
    heading: str
    start: int
    end: int
    score: float
    text: str
    passage_start: int
    passage_end: int
    described: str = ""
    fields: DocumentFields = NO_FIELDS

    @property
    def words(self) -> str:
        """What is shown to people."""
        return self.described or self.text

    @property
    def when(self) -> str:
        """The period of its document ("Q3 2023"), or else its date; "" where the document's name says so itself."""
        shown = self.fields.period_shown or self.fields.date
        return "" if set(_PARTS.findall(shown)) <= set(_PARTS.findall(self.document)) else shown

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {**asdict(self), "fields": self.fields.to_dict()}

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> Quote:
        """Rebuild a stored quote. Raises KeyError, ValueError or TypeError where it is not one."""
        return cls(
            *read_stretch(mapping),
            int(mapping["passage_start"]),
            int(mapping["passage_end"]),
            str(mapping.get("described", "")),
            DocumentFields.from_dict(mapping.get("fields")),
        )


def years_shown(years: Sequence[int]) -> str:
    """Return ascending years as they are written in any language: "2019", "2018, 2021", "2018–2020"."""
    if len(years) > 2 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]}–{years[-1]}"
    return ", ".join(map(str, years))


@dataclass(frozen=True, slots=True)
class Quotes:
    """What the documents say to a question, best first.

    `refused` says that they do not answer it; `quotes` are then the nearest sentences. `confidence` is the
    measured estimate, 0 to 1, that the first three hold the answer. `unsaid_years` are those of the question that no
    document which is quoted tells of. Where quotes are not refused and yet not `certain`, they may be about the subject
    alone: whoever shows them says so.
    """

    quotes: tuple[Quote, ...]
    refused: bool
    confidence: float
    unsaid_years: tuple[int, ...] = ()
    certain: bool = True


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """Characters `start` to `end` of the text of source `number` (counted from 1)."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Check:
    """The verdict on the characters `start` to `end` of an answer.

    `sources` are the numbers of the sources (from 1) that support or contradict it, `spans` the sentences in
    them, `reason` says in one sentence for people why. A supported sentence has a reason only where a marker of
    the model's names a source that does not say it.
    """

    start: int
    end: int
    verdict: Verdict
    sources: tuple[int, ...] = ()
    reason: str = ""
    spans: tuple[SourceSpan, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {
            "start": self.start,
            "end": self.end,
            "verdict": self.verdict.value,
            "sources": list(self.sources),
            "reason": self.reason,
            "spans": [[span.number, span.start, span.end] for span in self.spans],
        }

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> Check:
        """Rebuild a stored check. Raises KeyError, ValueError or TypeError where it is not one."""
        return cls(
            int(mapping["start"]),
            int(mapping["end"]),
            Verdict(mapping["verdict"]),
            tuple(int(number) for number in mapping["sources"]),
            str(mapping["reason"]),
            tuple(SourceSpan(int(n), int(a), int(b)) for n, a, b in mapping.get("spans", ())),
        )


@dataclass(frozen=True, slots=True)
class Trust:
    """How a question to the documents was answered: what an answer's metadata holds under "trust".

    `refused`: the documents do not answer it, and no model was asked. `confidence` is that of `Quotes`.
    `searched` is the query that was searched, `collections` the names of the collections (none: all
    documents), `documents` their number. `unchecked` marks a small model's own words. `circle`: the model
    repeated itself and was stopped, so that there is nothing to continue; it may be the only thing that is
    said, of an answer without documents. `unsaid_years` and `certain` are those of `Quotes`.
    """

    mode: AnswerMode
    refused: bool = False
    confidence: float = 0.0
    searched: str = ""
    collections: tuple[str, ...] = ()
    documents: int = 0
    small_model: bool = False
    unchecked: bool = False
    circle: bool = False
    unsaid_years: tuple[int, ...] = ()
    certain: bool = True

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        lists = {"collections": list(self.collections), "unsaid_years": list(self.unsaid_years)}
        return {**asdict(self), "mode": self.mode.value, **lists}

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> Trust:
        """Rebuild what was stored. Raises KeyError, ValueError or TypeError where it is not that."""
        return cls(
            AnswerMode(mapping["mode"]),
            bool(mapping["refused"]),
            float(mapping["confidence"]),
            str(mapping["searched"]),
            tuple(str(name) for name in mapping["collections"]),
            int(mapping["documents"]),
            bool(mapping["small_model"]),
            bool(mapping["unchecked"]),
            bool(mapping["circle"]),
            tuple(int(year) for year in mapping.get("unsaid_years", ())),
            bool(mapping.get("certain", True)),
        )


def trust_of(metadata: Mapping[str, Any]) -> Trust | None:
    """Return what an answer's metadata holds under "trust", None where it is not there or damaged."""
    found = read_entries([metadata.get("trust")], Trust.from_dict)
    return found[0] if found else None


def checks_of(metadata: Mapping[str, Any]) -> list[Check]:
    """Return the checks that an answer's metadata holds under "checks"; damaged ones are left out."""
    return read_entries(metadata.get("checks"), Check.from_dict)


def quotes_of(metadata: Mapping[str, Any]) -> list[Quote]:
    """Return the quotes that an answer's metadata holds under "quotes"; damaged ones are left out."""
    return read_entries(metadata.get("quotes"), Quote.from_dict)


def statements_found(checks: Sequence[Check]) -> tuple[int, int]:
    """Return (supported, checked): what "5 of 6 statements found in your sources" counts."""
    checked = [check for check in checks if check.verdict is not Verdict.NOT_CHECKED]
    return sum(check.verdict is Verdict.SUPPORTED for check in checked), len(checked)
