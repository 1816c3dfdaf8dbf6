"""The headers of a mail as the lines that they are: a reader writes them as Markdown, each a paragraph with a bold name."""

from __future__ import annotations

import re

_NAMES = "Subject|From|To|CC|Cc|BCC|Bcc|Reply-To|Date|Sent|Attachments"
_HEADERS = re.compile(rf"\A(?:\*\*(?:{_NAMES})\*\*:[^\n]*\n*)+")
_BOLD_NAME = re.compile(rf"^\*\*({_NAMES})\*\*:", re.MULTILINE)


def plain_headers(text: str) -> str:
    """Return the text of a mail with its headers below each other, apart from what follows."""
    found = _HEADERS.match(text)
    if found is None:
        return text
    lines = (line for line in found[0].split("\n") if line.strip())
    return _BOLD_NAME.sub(r"\1:", "\n".join(lines)) + "\n\n" + text[found.end() :]
