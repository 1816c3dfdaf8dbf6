"""What text from outside must go through before it is kept or shown."""

from __future__ import annotations

import re
import unicodedata

# A lone surrogate cannot be encoded as UTF-8, NUL ends a C string, U+FFFE and U+FFFF are noncharacters
# that some renderers abort on.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")


def clean_text(text: str) -> str:
    """Return `text` with everything that cannot be stored or drawn replaced by U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def composed_text(text: str) -> str:
    """Return `clean_text` of a text in the form in which keyboards write it: "é" as one character (NFC).

    Files of a Mac may have it as two, and neither words nor names would be those of a question. Its length may change.
    """
    return clean_text(unicodedata.normalize("NFC", text))


def shortened(text: str, limit: int) -> str:
    """Return `text`, at most `limit` characters of it: the last one says that it goes on."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def first_words(text: str, limit: int = 48) -> str:
    """Return the first words of `text` on one line, at most `limit` characters, cut at a word."""
    line = " ".join(clean_text(text[: limit * 20]).split())
    if len(line) <= limit:
        return line
    cut = line[:limit].rsplit(" ", 1)[0] if " " in line[:limit] else line[: limit - 1]
    return cut.rstrip(".,;:!?") + "…"
