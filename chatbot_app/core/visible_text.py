"""Characters that hide or reorder text, made visible before anything is drawn or copied.

What is kept: joiners (Persian ZWNJ, emoji ZWJ), direction marks of right-to-left scripts, and the three
flags that are spelled with tag characters.
"""

from __future__ import annotations

import re

MARKS_IN_A_ROW = 16  # no script stacks more; thousands on one letter stop every layout engine

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_HIDDEN = re.compile(
    "\U0001f3f4(?:\U000e0067\U000e0062)(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074"
    "|\U000e0077\U000e006c\U000e0073)\U000e007f"  # the flags of England, Scotland and Wales
    "|[\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e007f]+"
)
_MARK = "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_MARKS = re.compile(f"({_MARK}{{{MARKS_IN_A_ROW}}}){_MARK}+")
_STRAY = re.compile("[\ud800-\udfff]")  # in the name of a file whose bytes are no text
_BREAKS = re.compile("\r\n?|[\u2028\u2029]")
_SUSPECT = re.compile("[^\t\n\x20-\x7e\xa0-\u02ff]")


def visible_text(text: str) -> str:
    """Return `text` with escapes, bidi overrides, tag characters and floods of marks shown as signs."""
    if _SUSPECT.search(text) is None:
        return text
    text = _BREAKS.sub("\n", _STRAY.sub("\ufffd", text))
    text = _CONTROL.sub(_picture, text)
    text = _HIDDEN.sub(_named, text)
    return _MARKS.sub(r"\1…", text)


def _picture(match: re.Match[str]) -> str:
    code = ord(match.group(0))
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def _named(match: re.Match[str]) -> str:
    hidden = match.group(0)
    if hidden.startswith("\U0001f3f4"):
        return hidden
    first = f"⟨U+{ord(hidden[0]):04X}⟩"
    return first if len(hidden) == 1 else f"⟨{len(hidden)} hidden characters from U+{ord(hidden[0]):04X}⟩"
