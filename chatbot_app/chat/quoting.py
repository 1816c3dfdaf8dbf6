"""An answer made of quotes alone: sentences of the documents, word for word, each with its place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot_app.chat.citations import citation_of_quote
from chatbot_app.core.citations import Citation
from chatbot_app.core.trust import Quote

MAY_NOT_ANSWER = "It is not certain that these sentences answer the question."

# What Markdown would take for a mark of its own within a line, and at its beginning.
_INLINE = re.compile(r"[\\`*\[\]<>|~]|(?<!\w)_|_(?!\w)|\$(?!\d)|&(?=#?\w+;)")
_LINE_START = re.compile(r"^(\s*)([#+\-=]|\d+(?=[.)]))")


def quoted_text(quotes: Sequence[Quote], before: str = "") -> tuple[str, list[Citation]]:
    """Return the quotes as Markdown below the text `before`, and the citation that each of them is.

    Source n is the n-th quote. Copying, export, search and history see this text; the exact words and places are
    in the citations.
    """
    parts: list[str] = [before] if before else []
    citations: list[Citation] = []
    length = len(before)
    for number, quote in enumerate(quotes, 1):
        start = length + 2 if parts else 0
        marker = f"[{number}]"
        text = f"> {plain_line(quote.words)}\n>\n> — {plain_line(_place(quote))} {marker}"
        end = start + len(text)
        citations.append(citation_of_quote(number, quote, (start, end), (end - len(marker), end)))
        parts.append(text)
        length = end
    return "\n\n".join(parts), citations


def _place(quote: Quote) -> str:
    page = f"page {quote.page}" if quote.page is not None else ""
    return ", ".join(filter(None, (quote.document, quote.when, page)))


def plain_line(text: str) -> str:
    """Return a document's words in one line, as Markdown that shows just these words."""
    line = _INLINE.sub(lambda mark: f"\\{mark[0]}", " ".join(text.split()))
    return _LINE_START.sub(
        lambda mark: f"{mark[1]}\\{mark[2]}" if not mark[2].isdigit() else f"{mark[1]}{mark[2]}\\", line
    )
