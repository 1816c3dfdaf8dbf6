"""The commands that list conversations and carry them out and in."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot_app.chat.services import Services, create_services
from chatbot_app.cli.printing import one_line, print_json
from chatbot_app.core.carried import Arrival
from chatbot_app.core.errors import ConversationGone
from chatbot_app.core.messages import Conversation
from chatbot_app.storage.database import Access

if TYPE_CHECKING:
    from chatbot_app.chat.transfer.export_files import Exported
    from chatbot_app.chat.transfer.importing import ImportSummary
    from chatbot_app.chat.transfer.own_json import BesideConversations

_ALL = 1 << 40


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Run a command and return the exit status. Raises AppError."""
    access = Access.GUEST if options.action == "import" else Access.READER
    with closing(create_services(data_dir, access=access)) as services:
        match options.action:
            case "list":
                return list_conversations(options, services)
            case "export":
                return export_conversations(options, services)
            case _:
                return import_conversations(options, services)


def list_conversations(options: argparse.Namespace, services: Services) -> int:
    """Print the conversations that are not in the trash."""
    conversations = services.conversations.list_conversations(limit=_ALL)
    if options.json:
        print_json(
            [
                {
                    "id": conversation.id,
                    "title": conversation.title,
                    "messages": conversation.message_count,
                    "created_at": conversation.created_at,
                    "updated_at": conversation.updated_at,
                }
                for conversation in conversations
            ]
        )
        return 0
    for conversation in conversations:
        print(
            f"{conversation.id}  {conversation.updated_at[:10]}  {conversation.message_count:>5}  "
            f"{one_line(conversation.title)}"
        )
    if not conversations:
        print("There are no conversations.", file=sys.stderr)
    return 0


def export_conversations(options: argparse.Namespace, services: Services) -> int:
    """Write conversations into a file, or into a folder; 1 where one of those that were named is gone."""
    from chatbot_app.chat.transfer import own_json
    from chatbot_app.storage.conversation_order import ConversationOrder
    from chatbot_app.workers.formula_drawer import FormulaDrawer

    chosen = _chosen(options.ids, services)
    with FormulaDrawer() as drawer:
        order = ConversationOrder(services.database)
        beside = own_json.BesideConversations.of(services.summaries, order, drawer.draw)
        written = _write(options, chosen, services, beside)
    if options.json:
        print_json({"conversations": len(chosen), "files": [str(path) for path in written]})
    else:
        count = len(chosen)
        print(f"{count} conversation{'' if count == 1 else 's'} written to {one_line(str(options.path))}")
    return 0


def _write(
    options: argparse.Namespace,
    chosen: Sequence[Conversation],
    services: Services,
    beside: BesideConversations,
) -> list[Path]:
    """Write the conversations; return the files."""
    if options.path.is_dir():
        ending = f".{options.format or 'md'}"
        return [_export_into(options.path, ending, conversation, services, beside) for conversation in chosen]
    ids = [conversation.id for conversation in chosen]
    for _ in _writer(options.path)(services.conversations, beside, ids, options.path):
        pass
    return [options.path]


def _chosen(ids: Sequence[str] | None, services: Services) -> list[Conversation]:
    """Return the conversations that are named, or all. Raises ConversationGone."""
    store = services.conversations
    if ids is None:
        return store.list_conversations(limit=_ALL)
    return [store.conversation(conversation_id) for conversation_id in ids]


def _writer(path: Path) -> Callable[..., Iterator[Exported]]:
    """Return what writes a file of this ending."""
    if path.suffix.lower() != ".pdf":
        from chatbot_app.chat.transfer.export_files import write_conversations

        return write_conversations
    from chatbot_app.workers.pdf_process import write_pdf

    return write_pdf


def _export_into(
    folder: Path, ending: str, conversation: Conversation, services: Services, beside: BesideConversations
) -> Path:
    from chatbot_app.chat.transfer.export_files import suggested_name

    path = folder / suggested_name(conversation.title, folder, ending)
    for exported in _writer(path)(services.conversations, beside, [conversation.id], path):
        if exported.gone:
            raise ConversationGone()
    return path


def import_conversations(options: argparse.Namespace, services: Services) -> int:
    """Read conversations from files and print what came, or would come; 1 where nothing was found in them."""
    from chatbot_app.chat.transfer import importing
    from chatbot_app.chat.transfer.reading import ConversationReader
    from chatbot_app.storage.conversation_merging import ConversationMerger
    from chatbot_app.storage.database import utc_now

    reader = ConversationReader(options.paths)
    merger = ConversationMerger(services.database, now=utc_now)
    summary = importing.ImportSummary()
    step = importing.preview if options.preview else importing.import_conversations
    shown = sys.stderr.isatty() and not options.json
    for arrived in step(reader, merger, summary):
        if shown:
            print(f"\r\033[K{summary.conversations} {one_line(arrived.title)[:60]}", end="", file=sys.stderr)
    if shown:
        print("\r\033[K", end="", file=sys.stderr)
    if options.json:
        print_json(summary.to_dict())
    else:
        for line in report_lines(summary, is_preview=options.preview):
            print(one_line(line))
    return 0 if summary.conversations else 1


def report_lines(summary: ImportSummary, *, is_preview: bool) -> list[str]:
    """Return what came, or would come, in sentences."""
    if not summary.conversations:
        lines = ["No conversations were found."]
    else:
        names = ", ".join(f"{count} of {name}" for name, count in summary.formats.items())
        lines = [f"{'Found' if is_preview else 'Read'}: {summary.conversations} conversations ({names})."]
        words = {
            Arrival.NEW: "new",
            Arrival.GROWN: "with new messages",
            Arrival.KNOWN: "here already",
            Arrival.IN_TRASH: "in the trash: they stay there",
        }
        lines += [f"  {summary.arrivals[one]} {words[one]}" for one in Arrival if summary.arrivals[one]]
        lines.append(f"  {summary.new_messages} of {summary.messages} messages are new.")
        if summary.earliest:
            lines.append(f"  From {summary.earliest[:10]} to {(summary.latest or summary.earliest)[:10]}.")
    if summary.left_out:
        lines.append("Left out:")
        lines += [f"  {count} × {reason}" for reason, count in summary.left_out.items()]
    return lines
