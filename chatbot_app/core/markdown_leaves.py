"""Fences and tables, which are read line by line: what grows in them is never read again."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chatbot_app.core.markdown_block import MarkdownBlock, MarkdownKind
from chatbot_app.core.markdown_parts import FENCE, Part
from chatbot_app.core.markdown_tables import is_table_start, split_row

CUT_AT = 3_000  # characters; reading and drawing a block this long takes a few milliseconds
MAX_COLUMNS = 64  # wider tables are shown as their source

_TABLE_END = re.compile(
    r"[ \t]*$| {4}|\t| {0,3}(?:>|</?details[\s>]|#{1,6}(?:\s|$)|`{3,}|~{3,}|[-*+](?:\s|$)|\d{1,9}[.)](?:\s|$)|(?:[-*_][ \t]*){3,}$)"
)


@dataclass(slots=True)
class Leaf:
    """A fence or table that is being read line by line."""

    kind: MarkdownKind
    language: str
    closing: re.Pattern[str]
    indent: int
    text: list[str]

    @property
    def is_full(self) -> bool:
        """Whether it goes on as another block: a table that is shown as written may be one line of any length."""
        return self.kind is MarkdownKind.PLAIN and sum(map(len, self.text)) >= CUT_AT

    def read(self, tail: str, *, finished: bool) -> tuple[bool, str]:
        """Take complete lines from the start of a text; return whether the leaf is closed, and the rest of the text."""
        if self.kind is MarkdownKind.CODE:
            return self._read_fence(tail, finished=finished)
        room = CUT_AT - sum(map(len, self.text)) if self.kind is MarkdownKind.PLAIN else len(tail) + 1
        while tail and room > 0:
            if self.kind is MarkdownKind.PLAIN and "\n" not in tail[:room] and len(tail) >= room:
                self.text.append(tail[:room])
                tail = tail[room:]
                return False, tail
            line, newline, rest = tail.partition("\n")
            if not newline and not finished:
                return False, tail
            if self.closing.match(line):
                return True, tail
            self.text.append(line + "\n")
            tail = rest
            room -= len(line) + 1
        return finished and not tail, tail

    def _read_fence(self, tail: str, *, finished: bool) -> tuple[bool, str]:
        complete = len(tail) if finished else tail.rfind("\n") + 1
        match = self.closing.search(tail, 0, complete)
        body = tail[: match.start() if match else complete]
        if self.indent:
            body = re.sub(rf"^ {{1,{self.indent}}}", "", body, flags=re.MULTILINE)
        self.text.append(body)
        rest = tail[match.end() + 1 if match else complete :]
        return match is not None or finished, rest

    def block(self, tail: str, *, closed: bool, continued: bool) -> MarkdownBlock:
        """Return what was read as a block; of code that is not closed, with the line that arrives in `tail`."""
        text = "".join(self.text)
        self.text[:] = [text]
        if self.kind is MarkdownKind.CODE:
            if not closed and not re.match(r" {0,3}[`~]", tail):
                text += tail  # the line that is arriving; a closing fence is not shown as code
            text = text.removesuffix("\n")
        name = "fence" if self.kind is MarkdownKind.CODE else "table"
        continued = continued and self.kind is MarkdownKind.PLAIN
        return MarkdownBlock(
            self.kind, text, name=name, language=self.language, closed=closed, continued=continued
        )


def opened_leaf(piece: str, part: Part, *, complete: bool) -> tuple[Leaf, int] | None:
    """Return the leaf that begins at `part` and where its content begins, once its first lines are whole."""
    if part.name == "fence":
        end = piece.find("\n", part.start)
        if end < 0 and not complete:
            return None
        line = piece[part.start : end if end >= 0 else None]
        if not (match := FENCE.match(line)):
            return None
        mark = match["mark"]
        closing = re.compile(rf"^ {{0,3}}{mark[0]}{{{len(mark)},}}[ \t]*$", re.MULTILINE)
        language = match["info"].strip().split(" ")[0].strip("{}.")[:40]
        leaf = Leaf(MarkdownKind.CODE, language, closing, match.start("mark"), [])
        return leaf, (end + 1 if end >= 0 else len(piece))
    if part.name == "table":
        lines = piece[part.start : part.end].split("\n", 2)
        if len(lines) < 3 and not (complete and len(lines) == 2):
            return None  # the delimiter row may still grow another column
        if not is_table_start(lines[0], lines[1]):
            return None
        wide = len(split_row(lines[0])) > MAX_COLUMNS
        kind = MarkdownKind.PLAIN if wide else MarkdownKind.TABLE
        return Leaf(kind, "", _TABLE_END, 0, []), part.start
    return None
