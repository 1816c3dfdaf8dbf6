"""The command that puts files into the library."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot_app.chat.services import create_services
from chatbot_app.cli.printing import json_text, one_line, passages
from chatbot_app.core.documents import ImportOutcome, ImportReport
from chatbot_app.core.errors import UsageError
from chatbot_app.core.text import clean_text
from chatbot_app.knowledge.library import Library
from chatbot_app.storage.database import Access

if TYPE_CHECKING:
    from chatbot_app.knowledge.importing.events import ImportProgress, Told


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Run the command and return the exit status. Raises AppError."""
    with closing(create_services(data_dir, access=Access.GUEST)) as services:
        return import_files(options, services.library)


def import_files(options: argparse.Namespace, library: Library) -> int:
    """Import files with a report for each; 1 where one failed."""
    from chatbot_app.knowledge.importing.events import FilesLeftOut, ImportFailed
    from chatbot_app.knowledge.importing.file_reports import FileReports

    collection_id = _collection_of(options, library)
    reports: list[ImportReport] = []
    shown = sys.stderr.isatty() and not options.json
    left_out: list[str] = []

    def tell(report: ImportReport) -> None:
        reports.append(report)
        if not options.json:
            print(("\r\033[K" if shown else "") + one_line(_report_line(report)), flush=True)

    # At the end, whatever ends it: what was replaced, and what an import that was killed has left.
    with library.documents.settling() as _:
        runner = library.create_import_of(options.paths, collection_id, vectors_of_all=options.vectors)
        files = FileReports(runner.awaits_vectors)
        with closing(runner.run(until_done=True)) as steps:
            for told in steps:
                for report in files.take(told):
                    tell(report)
                if shown and (place := _place(told, runner.progress)):
                    print(f"\r\033[K{place}", end="", file=sys.stderr, flush=True)
                match told:
                    case FilesLeftOut(paths):
                        left_out += paths
                    case ImportFailed(error, None):
                        for report in files.rest():
                            tell(report)
                        raise error
        for report in files.rest():
            tell(report)
    for name in left_out:
        tell(ImportReport(name, ImportOutcome.SKIPPED, "This format is not read."))
    counts = {
        outcome.value.replace(" ", "_"): sum(report.outcome is outcome for report in reports)
        for outcome in ImportOutcome
    }
    if options.json:
        print(json_text({**counts, "files": [report.to_dict() for report in reports]}))
    elif not reports:
        print("There is nothing to import.")
    return 1 if counts[ImportOutcome.FAILED.value] else 0


def _collection_of(options: argparse.Namespace, library: Library) -> str:
    """Return the id of the collection that is named, made where there is none; "" where none is. Raises UsageError."""
    if options.collection is None:
        return ""
    if not options.collection.strip():
        raise UsageError(detail="A collection needs a name.")
    return library.documents.create_collection(options.collection).id


def _place(told: Told, now: ImportProgress) -> str:
    """Return which file is read, or how many of its vectors are made; "" for what tells of something else."""
    from chatbot_app.knowledge.importing.events import FileProgress, FileStep

    match told:
        case FileProgress(path, FileStep.READING):
            return f"{now.done + 1}/{now.total} {one_line(clean_text(path))}"
        case FileProgress(_, FileStep.VECTORS, done=done, total=total) if done:
            return f"vectors {done}/{total}"
    return ""


def _report_line(report: ImportReport) -> str:
    facts = report.reason
    if report.outcome in (ImportOutcome.IMPORTED, ImportOutcome.NEW_VERSION):
        pages = f", {report.pages} pages" if report.pages else ""
        empty = f", {len(report.empty_pages)} of them without text" if report.empty_pages else ""
        facts = f"{report.characters} characters{pages}{empty}, {passages(report.passages)}, {report.seconds:.1f} s"
    return " ".join([f"{report.outcome.value}: {report.path}: {facts}", *report.warnings])
