"""The command that makes data sets for training: from conversations here, of documents in `make_data`."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot_app.chat.services import Services, create_services
from chatbot_app.cli.printing import one_line, print_json
from chatbot_app.core.errors import UsageError
from chatbot_app.storage.database import Access

if TYPE_CHECKING:
    from chatbot_app.chat.training_data.selection import Selection
    from chatbot_app.chat.training_data.writing import Report


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Write a data set and print what is in it; 1 where no row came of what was chosen. Raises AppError."""
    if options.action == "make":
        from chatbot_app.cli.make_data import make

        return make(options, data_dir)
    from chatbot_app.chat.training_data.formats import FORMATS
    from chatbot_app.chat.training_data.masking import masker
    from chatbot_app.chat.training_data.writing import Report, Wish, write_training_data

    with closing(create_services(data_dir, access=Access.READER)) as services:
        wish = Wish(
            FORMATS[options.format],
            _selection(options, services),
            None if options.preview else options.path,
            options.test_share,
            masker(options.names or ()) if options.mask or options.names else None,
        )
        report = Report()
        shown = sys.stderr.isatty() and not options.json
        for report in write_training_data(services.conversations, wish):
            if shown:
                print(f"\r\033[K{report.conversations} of {report.total}", end="", file=sys.stderr)
        if shown:
            print("\r\033[K", end="", file=sys.stderr)
    if options.json:
        print_json(report.to_dict())
    else:
        for line in report_lines(report):
            print(one_line(line))
    return 0 if report.rows.total() else 1


def _selection(options: argparse.Namespace, services: Services) -> Selection:
    from chatbot_app.chat.training_data.selection import Answers, Selection

    ids = options.ids
    if ids is not None:
        ids = frozenset(services.conversations.conversation(one).id for one in ids)  # or ConversationGone
    return Selection(
        Answers(options.answers),
        ids,
        _folder_id(options.folder, services) if options.folder is not None else None,
        options.since or "",
        options.until or "",
        options.branches == "shown",
        options.with_documents,
    )


def _folder_id(name: str, services: Services) -> str:
    folders = services.conversation_order.folders()
    found = [folder.id for folder in folders if folder.name.casefold() == name.casefold()]
    if not found:
        raise UsageError(detail=f"There is no folder “{name}”.")
    return found[0]


def report_lines(report: Report) -> list[str]:
    """Return what is in the files, and what is not and why, in sentences."""
    rows, tokens = report.rows, report.tokens
    if rows.total():
        split = f" ({rows['train']} to train, {rows['test']} to test)" if rows["test"] else ""
        lines = [f"{rows.total()} rows{split} from {report.conversations} conversations."]
        lines.append(f"  {tokens.total()} tokens, as o200k_base counts them.")
    else:
        lines = ["Nothing of what was chosen makes a row."]
    lines += [f"  Written: {path}" for path in report.files]
    if report.left_out:
        share = f"{report.share_left_out:.0%}"
        lines.append(f"Left out: {report.considered - report.used} of {report.considered} ({share}).")
        lines += [f"  {count} × {reason}" for reason, count in report.left_out.most_common()]
    return lines
