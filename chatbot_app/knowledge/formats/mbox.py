"""Mailboxes that are one file (.mbox, RFC 4155): their mails one after the other, each below a line "From …"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from chatbot_app.core.documents import Block, BlockKind, ParsedDocument
from chatbot_app.core.text import clean_text
from chatbot_app.knowledge.formats.blocks import markdown_blocks, plain_blocks
from chatbot_app.knowledge.formats.mail import MOST_BYTES, mail_of_bytes
from chatbot_app.knowledge.formats.refusals import DocumentDamaged
from chatbot_app.knowledge.formats.registry import title_of

_BEGINS = re.compile(rb"From \S.*\d\d:\d\d.*\d{4}\s*")
_LONGEST_BEGIN = 1000  # bytes of such a line
_QUOTED = re.compile(rb">+From ")  # a line of the text that would begin a mail
_BETWEEN = "\n\n\n"


def read_mailbox(path: Path, read_page: Callable[[str], str]) -> ParsedDocument:
    """Return a mailbox as one document, each mail a section that is named by its subject.

    `read_page` returns a page of HTML as Markdown. Raises OSError, DocumentDamaged.
    """
    text = ""
    parts: list[str] = []
    blocks: list[Block] = []
    begin = unread = 0
    for source in _mails_in(path):
        mail = mail_of_bytes(source)
        text = "" if mail is None else clean_text(mail.as_text(read_page)).strip()
        if mail is None or not text:
            unread += 1
            continue
        blocks += _section(text, mail.subject, begin, has_pages=mail.has_pages)
        parts.append(text)
        begin += len(text) + len(_BETWEEN)
    if not parts:
        raise DocumentDamaged(name=path.name, detail="no mail was found in it")
    warnings = (f"{unread:,} of its mails could not be read.",) if unread else ()
    return ParsedDocument(
        title_of(path), _BETWEEN.join(parts), tuple(blocks), "application/mbox", warnings=warnings
    )


def _section(text: str, subject: str, begin: int, *, has_pages: bool) -> Iterator[Block]:
    """Yield the blocks of a mail that stands at `begin`: its first line, which is its subject mostly, is the heading."""
    first_line = len(text.partition("\n")[0])
    name = subject or text[:first_line]
    yield Block(BlockKind.HEADING, begin, begin + first_line, None, (name,))
    for block in (markdown_blocks if has_pages else plain_blocks)(text[first_line:]):
        start, end = block.start + begin + first_line, block.end + begin + first_line
        yield replace(block, start=start, end=end, heading_path=(name, *block.heading_path))


def _mails_in(path: Path) -> Iterator[bytes]:
    """Yield the mails of a file as they were sent; of one that is larger than any is read the beginning."""
    lines: list[bytes] = []
    size, is_open, after_empty = 0, False, True
    with path.open("rb") as file:
        for line in file:
            if after_empty and len(line) <= _LONGEST_BEGIN and _BEGINS.fullmatch(line):
                if is_open:
                    yield b"".join(lines)
                lines, size, is_open = [], 0, True
            elif is_open and size < MOST_BYTES:
                lines.append(line[1:] if _QUOTED.match(line) else line)
                size += len(line)
            after_empty = not line.strip()
    if is_open:
        yield b"".join(lines)
