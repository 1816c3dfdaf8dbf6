"""Parts of strangers' messages that are no plain words, written so that a person can read them."""

from __future__ import annotations

import json
import re
from typing import Any

from chatbot_app.chat.transfer.plain_values import as_str
from chatbot_app.chat.transfer.reading_limits import LONGEST_NAME, LeftOut
from chatbot_app.core.visible_text import visible_text

PICTURES = "Pictures are not shown: their names stand in the text."
RECORDINGS = "Recordings are not played: what was said stands in the text where it was written down."
FILES = "Attached files are not copied: their names stand in the text."
UNKNOWN = "Parts of messages are of a kind that is not known here."
HIDDEN = "Messages were hidden: instructions, memories, and what a tool did unseen."

_MARKS = re.compile(r"([\\`*_\[\]<>#|~$])")


def fenced(text: str, language: str = "") -> str:
    """Return text as a code block, whatever marks are in it."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    language = re.sub(r"[^A-Za-z0-9+#_.-]", "", language)[:20]
    return f"{fence}{language}\n{text.strip(chr(10))}\n{fence}"


def call_of(tool: str, arguments: Any, language: str = "") -> str:
    """Return the call of a tool."""
    text = arguments if isinstance(arguments, str) else _as_json(arguments)
    return f"*Call of {named(tool)}:*\n\n{fenced(as_str(text), language)}"


def result_of(tool: str, text: str) -> str:
    """Return what a tool returned."""
    return f"*Result of {named(tool)}:*\n\n{fenced(text, 'text')}"


def picture(name: str, left_out: LeftOut, *, size: str = "", words: str = "", why: str = PICTURES) -> str:
    """Return what stands for a picture; `why` it is left out, "" where it comes along."""
    if why:
        left_out.add(why)
    parts = (named(name) if name else "", size, named(words, 2_000) if words else "")
    said = ", ".join(part for part in parts if part)
    return f"*Picture: {said}*" if said else "*Picture*"


def attached(name: str, left_out: LeftOut, text: str = "") -> str:
    """Return what stands for a file, with its text where that is there."""
    if not text:
        left_out.add(FILES)
        return f"*File: {named(name)}*"
    return f"*File: {named(name)}*\n\n{fenced(text, 'text')}"


def named(name: str, longest: int = LONGEST_NAME) -> str:
    """Return a name on one line so that Markdown shows it as it is."""
    return _MARKS.sub(r"\\\1", " ".join(visible_text(name[:longest]).split())) or "?"


def _as_json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return ""
