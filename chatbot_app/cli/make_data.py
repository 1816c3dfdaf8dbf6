"""The command that lets a model make a data set of documents, and writes what came of it."""

from __future__ import annotations

import argparse
import asyncio
import sys
from contextlib import aclosing, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot_app.chat.services import Services, create_services
from chatbot_app.cli.document_choice import collection_ids
from chatbot_app.cli.named_servers import named_server
from chatbot_app.cli.printing import one_line, passages, print_json
from chatbot_app.core.errors import AppError, UsageError
from chatbot_app.core.made_data import DataJob, DataKind, DataWish
from chatbot_app.storage.database import Access

if TYPE_CHECKING:
    from chatbot_app.chat.made_data.exporting import MadeReport

_RESUME = "What was made is kept: go on with the same command and --resume."


def make(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Make rows, write the accepted ones and print what is in the files; 1 where there is none. Raises AppError."""
    from chatbot_app.chat.made_data.exporting import MADE_FORMATS, MadeWish, write_made_data
    from chatbot_app.chat.training_data.masking import masker

    kind = DataKind(options.kind)
    formats = MADE_FORMATS[kind]
    name = options.format or next(iter(formats))
    if name not in formats:
        raise UsageError(detail=f"A row of {kind} has no form “{name}”. It has: {', '.join(formats)}.")
    if not options.out.parent.is_dir():
        raise UsageError(detail=f"There is no folder {options.out.parent}.")
    with closing(create_services(data_dir, access=Access.GUEST)) as services:
        job = _job(options, kind, services)
        try:
            job = asyncio.run(_run(services, job, shows=sys.stderr.isatty() and not options.json))
        except (AppError, KeyboardInterrupt):
            print(_RESUME, file=sys.stderr)
            raise
        wish = MadeWish(
            formats[name],
            options.out,
            options.test_share,
            not options.without_passage,
            masker(options.names or ()) if options.mask or options.names else None,
        )
        *_, report = write_made_data(services.made_rows, job, wish)
        failures = services.data_jobs.failures(job.id)
    if options.json:
        print_json({**_as_json(job), **report.to_dict(), "no_row": _listed(failures)})
    else:
        for line in made_lines(job, report, failures):
            print(one_line(line))
    return 0 if report.rows.total() else 1


def _job(options: argparse.Namespace, kind: DataKind, services: Services) -> DataJob:
    collection = next(iter(collection_ids(services.library, options.collection)), "")
    server_id = named_server(services.servers.list(), options.server).id if options.server else None
    if options.resume:
        for job in services.data_jobs.jobs():
            wish = job.wish
            if (
                (wish.kind, wish.collection_id) == (kind, collection)
                and options.model in (None, wish.model)
                and server_id in (None, wish.server_id)
            ):
                return job
        raise UsageError(detail="There is no data set of this kind and collection to go on with.")
    wish = DataWish(
        kind,
        collection,
        options.collection or "",
        server_id or services.servers.default().id,
        options.model,
        options.passages,
        min(options.each, 5),
        not options.no_rating,
        tuple(text for text in options.principles or () if text.strip()),
    )
    begun = services.data_jobs.begin(wish)
    if begun is None:
        raise UsageError(detail="There is no passage that is long enough. Import documents first.")
    return begun


async def _run(services: Services, job: DataJob, *, shows: bool) -> DataJob:
    from chatbot_app.chat.made_data.making import MakingProgressed, MakingTold, MakingWaits

    try:
        async with aclosing(services.data_making.run(job.id)) as events:
            is_told = False
            async for event in events:
                match event:
                    case MakingProgressed():
                        job = event.job
                        if event.is_small and not is_told:
                            is_told = True
                            words = f"{event.model} is a small model: expect poor rows, and look at them."
                            print(words, file=sys.stderr)
                        if shows:
                            left = _left(event.seconds_left)
                            print(f"\r\033[K{_progress(job)}{left}", end="", file=sys.stderr)
                    case MakingWaits(seconds, notice):
                        print(f"{notice.summary} Again in {seconds:.0f} s.", file=sys.stderr)
                    case MakingTold(notice):
                        print(notice.summary, file=sys.stderr)
    finally:
        if shows:
            print(file=sys.stderr)
        await services.gateway.close()
    return job


def _progress(job: DataJob) -> str:
    return f"{job.passages - job.waiting} of {passages(job.passages)}, {job.rows} rows"


def _left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f", about {seconds / 60:.0f} min left" if seconds >= 90 else f", about {seconds:.0f} s left"


def _as_json(job: DataJob) -> dict[str, Any]:
    return {
        "data_set": job.id,
        "kind": job.wish.kind.value,
        "passages": job.passages,
        "made": job.rows,
        "accepted": job.accepted,
    }


def _listed(reasons: Any) -> list[dict[str, Any]]:
    return [{"reason": reason, "count": count} for reason, count in reasons.most_common()]


def made_lines(job: DataJob, report: MadeReport, failures: Any) -> list[str]:
    """Return what was made and what is in the files, in sentences."""
    rows = report.rows
    lines = [f"{job.rows} rows of {passages(job.passages)}, {job.accepted} of them accepted."]
    if rows.total():
        split = f" ({rows['train']} to train, {rows['test']} to test)" if rows["test"] else ""
        documents = "1 document" if report.documents == 1 else f"{report.documents} documents"
        lines.append(f"{rows.total()} rows written{split}, from {documents}.")
        lines.append(f"  {report.tokens.total()} tokens, as o200k_base counts them.")
    else:
        lines.append(
            "Nothing is accepted, so nothing was written. Look at the rows in the window: Data, Make."
        )
    lines += [f"  Written: {path}" for path in report.files]
    lines += report.notes
    lines += [f"  {count} × {reason}" for reason, count in (report.left_out + failures).most_common()]
    return lines
