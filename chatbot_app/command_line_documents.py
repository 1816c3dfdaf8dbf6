"""The commands about documents: import, documents, search; and what `ask --documents` prints of its sources."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot_app.core.document_filter import DocumentFilter
from chatbot_app.core.documents import Citation, Evidence, ImportOutcome, ImportReport, Retrieval
from chatbot_app.core.errors import UsageError
from chatbot_app.core.text import clean_text, first_words
from chatbot_app.core.visible_text import visible_text

if TYPE_CHECKING:
    from chatbot_app.core.document_fields import DocumentFields
    from chatbot_app.knowledge.fields.filtering import FieldFilter
    from chatbot_app.library import Library

_LINE = 100  # characters of a passage on the terminal


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Run one of the commands and return the exit status. Raises AppError."""
    from chatbot_app.application import create_services
    from chatbot_app.storage.database import Access

    with closing(create_services(data_dir, access=Access.GUEST)) as services:
        match options.command:
            case "import":
                return import_files(options, services.library)
            case "documents":
                return list_documents(options, services.library)
            case _:
                return search(options, services.library)


def import_files(options: argparse.Namespace, library: Library) -> int:
    """Import files with a report for each; 1 where one failed."""
    from chatbot_app.knowledge.folders import files_left_out
    from chatbot_app.knowledge.importer import FileFinished, FileStarted, VectorsStored

    collection_id = ""
    if options.collection is not None:
        if not options.collection.strip():
            raise UsageError(detail="A collection needs a name.")
        collection_id = library.documents.create_collection(options.collection).id
    reports: list[ImportReport] = []
    shown = sys.stderr.isatty() and not options.json
    # At the end, whatever ends it: what was replaced, and what an import that was killed has left.
    with library.documents.settling() as _, library.create_parser() as parser:
        importer = library.create_importer(parser)
        for event in importer.import_paths(options.paths, collection_id, vectors_of_all=options.vectors):
            match event:
                case FileStarted(path, number, total) if shown:
                    print(f"\r\033[K{number}/{total} {one_line(path)}", end="", file=sys.stderr, flush=True)
                case VectorsStored(_, done, total) if shown:
                    print(f"\r\033[Kvectors {done}/{total}", end="", file=sys.stderr, flush=True)
                case FileFinished(report):
                    reports.append(report)
                    if not options.json:
                        print(("\r\033[K" if shown else "") + one_line(_report_line(report)), flush=True)
    for path in options.paths:
        for file in files_left_out(path):
            reason = "This format is not read."
            report = ImportReport(os.fspath(file), ImportOutcome.SKIPPED, reason)
            reports.append(report)
            if not options.json:
                print(one_line(_report_line(report)))
    counts = {
        outcome.value.replace(" ", "_"): sum(report.outcome is outcome for report in reports)
        for outcome in ImportOutcome
    }
    if options.json:
        print(json_text({**counts, "files": [report.to_dict() for report in reports]}))
    elif not reports:
        print("There is nothing to import.")
    return 1 if counts[ImportOutcome.FAILED.value] else 0


def list_documents(options: argparse.Namespace, library: Library) -> int:
    """Print the documents of the library, or of a collection, newest first."""
    from chatbot_app.knowledge.fields.matching import KnownDocument

    chosen = collection_ids(library, options.collection)
    documents = library.documents.documents(*chosen)  # of one collection, or of all
    only = field_filter(options)
    if only is not None:
        meant = set(only.chosen(KnownDocument(document.id, document.fields) for document in documents))
        documents = [document for document in documents if document.id in meant]
    if options.json:
        listed = (
            {
                "id": document.id,
                "document": document.title,
                "path": document.path,
                "type": document.media_type,
                "size": document.size,
                "pages": document.pages,
                "characters": document.characters,
                "passages": document.passages,
                "state": document.state.value,
                "imported_at": document.imported_at.isoformat(),
                "fields": fields_as_json(document.fields),
            }
            for document in documents
        )
        print(json_text(list(listed)))
        return 0
    for document in documents:
        pages = f"{document.pages} p." if document.pages else ""
        print(
            f"{document.state.value:<10} {_passages(document.passages):>14} {pages:>8}  "
            f"{one_line(document.title)}  ({one_line(document.path)})"
            + (f"  {one_line(document.fields.summary)}" if document.fields else "")
        )
    if not documents:
        print("The library is empty. Add documents with: chatbot-app import PATH…", file=sys.stderr)
    return 0


def search(options: argparse.Namespace, library: Library) -> int:
    """Print the best passages for one query, or for every query of a file."""
    if (options.query is None) == (options.queries is None):
        raise UsageError(detail="Give either a query or --queries FILE.")
    collections = collection_ids(library, options.collection)
    only = field_filter(options)
    if options.queries is None:
        found = library.retriever.search(options.query, options.k, collections=collections, only=only)
        if options.json:
            print(json_text({"query": options.query, "results": _results(found)}))
        else:
            _print_passages(found)
        return 0
    queries = read_queries(options.queries)
    results = library.retriever.search_many(
        [query for _, query in queries], options.k, collections=collections, only=only
    )
    for (query_id, query), found in zip(queries, results, strict=True):
        if options.json:
            print(json_text({"id": query_id, "results": _results(found)}))
        else:
            print(f"== {one_line(query)}")
            _print_passages(found)
    return 0


def collection_ids(library: Library, name: str | None) -> tuple[str, ...]:
    """Return the id of a collection, nothing where none is named. Raises UsageError."""
    if name is None:
        return ()
    known = library.documents.collections()
    for collection in known:
        if collection.name.casefold() == " ".join(name.split()).casefold():
            return (collection.id,)
    names = ", ".join(collection.name for collection in known) or "none yet"
    raise UsageError(detail=f"There is no collection named “{name}”. There are: {names}.")


def document_filter(options: argparse.Namespace) -> DocumentFilter:
    """Return what the options keep to. Raises UsageError for a period that is none."""
    from chatbot_app.knowledge.fields.filtering import FieldFilter

    chosen = DocumentFilter(
        *(
            tuple(filter(None, map(str.strip, texts)))
            for texts in (options.company, options.kind, options.period)
        )
    )
    for text in FieldFilter.of(chosen).unread:
        raise UsageError(
            detail=f"“{text}” is no period. Write a year, a quarter or a day: 2022, Q3 2023, 2023-07-01."
        )
    return chosen


def field_filter(options: argparse.Namespace) -> FieldFilter | None:
    """Return what the options keep to, None where they name nothing. Raises UsageError for a period that is none."""
    from chatbot_app.knowledge.fields.filtering import FieldFilter

    chosen = document_filter(options)
    return FieldFilter.of(chosen) if chosen else None


def citation_as_json(citation: Citation) -> dict[str, Any]:
    """Return a citation with the fields of a search result, and what it says about the answer."""
    return {
        "number": citation.number,
        "document": citation.document,
        "path": citation.path,
        "page": citation.page,
        "start": citation.start,
        "end": citation.end,
        "score": round(citation.score, 6),
        "text": citation.text,
        "heading": citation.heading,
        "added": citation.added,
        "answer_start": citation.answer_start,
        "answer_end": citation.answer_end,
        "fields": fields_as_json(citation.fields),
    }


def fields_as_json(fields: DocumentFields) -> dict[str, Any]:
    """Return the fields of a document; null where nothing says. "corrected" names those that a person wrote."""
    return {
        "company": fields.company or None,
        "kind": fields.kind or None,
        "period": fields.period_shown or None,
        "date": fields.date or None,
        "corrected": sorted(fields.corrected),
    }


def print_sources(citations: Iterable[Citation]) -> None:
    """Print each cited source once, below an answer."""
    cited = {citation.number: citation for citation in citations}
    for number, citation in sorted(cited.items()):
        place = f", page {citation.page}" if citation.page is not None else ""
        fields = f" ({one_line(citation.fields.summary)})" if citation.fields else ""
        words = one_line(first_words(citation.text, _LINE))
        print(f"[{number}] {one_line(citation.document)}{place}{fields}: {words}")


def _results(found: Retrieval) -> list[dict[str, Any]]:
    return [
        {
            "document": evidence.title,
            "path": evidence.path,
            "page": evidence.passage.page,
            "start": evidence.passage.start,
            "end": evidence.passage.end,
            "score": round(evidence.scores.fused, 6),
            "text": evidence.passage.text,
            "fields": fields_as_json(evidence.fields),
            "match": evidence.match.value or None,
            "also_in": list(evidence.also_in),
        }
        for evidence in _best_first(found)
    ]


def _best_first(found: Retrieval) -> list[Evidence]:
    # A search shows also what a model would not be shown.
    return sorted([*found.evidence, *found.below_floor], key=lambda evidence: -evidence.scores.fused)


def _print_passages(found: Retrieval) -> None:
    for evidence in _best_first(found):
        passage = evidence.passage
        place = f", page {passage.page}" if passage.page is not None else ""
        weak = "" if evidence in found.evidence else "  (too far from the question for an answer)"
        print(f"{evidence.scores.fused:.3f}  {one_line(evidence.title)}{place}{weak}")
        if evidence.fields:
            print(f"       {one_line(evidence.fields.summary)}")
        print(f"       {one_line(first_words(passage.text, _LINE))}")
    if not found.evidence and not found.below_floor:
        print("Nothing was found.", file=sys.stderr)
    for note in found.notes:
        print(note, file=sys.stderr)


def read_queries(path: Path) -> list[tuple[Any, str]]:
    """Return the ids and queries of a file of {"id": …, "query": …} lines. Raises UsageError."""
    queries = []
    for number, entry in read_records(path, ("id", "query"), '{"id": 1, "query": "…"}'):
        if not isinstance(entry["query"], str):
            raise UsageError(detail=f"The query in line {number} of {path} is not a text.")
        queries.append((entry["id"], entry["query"]))
    return queries


def read_records(path: Path, names: Sequence[str], form: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line, object) of a JSON Lines file ("-": standard input) whose objects hold all `names`.

    `form` shows what a line looks like. Raises UsageError.
    """
    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        lines = content.decode("utf-8-sig").split("\n")  # JSON may hold the other ends of lines
    except (OSError, UnicodeDecodeError) as exc:
        raise UsageError(detail=f"{path} cannot be read: {exc}") from exc
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            entry = None
        if not isinstance(entry, dict) or not all(name in entry for name in names):
            raise UsageError(detail=f"Line {number} of {path} is not like {form}.")
        yield number, entry


def _report_line(report: ImportReport) -> str:
    facts = report.reason
    if report.outcome in (ImportOutcome.IMPORTED, ImportOutcome.NEW_VERSION):
        pages = f", {report.pages} pages" if report.pages else ""
        empty = f", {len(report.empty_pages)} of them without text" if report.empty_pages else ""
        facts = f"{report.characters} characters{pages}{empty}, {_passages(report.passages)}, {report.seconds:.1f} s"
    return " ".join([f"{report.outcome.value}: {report.path}: {facts}", *report.warnings])


def _passages(count: int) -> str:
    return f"{count} passage" if count == 1 else f"{count} passages"


def json_text(value: Any) -> str:
    """Return JSON that can be printed."""
    return clean_text(json.dumps(value, ensure_ascii=False))  # names of files may be no valid text


def one_line(text: str) -> str:
    """Return a document's words as they may be written on a terminal: no control characters, one line."""
    return " ".join(visible_text(clean_text(text)).split())
