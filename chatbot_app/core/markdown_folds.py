"""`<details>` as a fold: where one begins, what its title is, and where it ends."""

from __future__ import annotations

import re
from dataclasses import dataclass

TITLE_MOST = 2_000  # characters
FOLD = "fold"  # name of the part that a fold begins or ends with

_OPENING = re.compile(r" {0,3}<details(?P<attributes>\s[^<>\n]{0,300})?>", re.IGNORECASE)
_OPEN = re.compile(r"(?:^|\s)open(?:\s|=|$)", re.IGNORECASE)
_SUMMARY = re.compile(r"\s*<summary(?:\s[^<>]{0,300})?>(.*?)</summary\s*>", re.IGNORECASE | re.DOTALL)
_SUMMARY_BEGINS = re.compile(r"\s*(?:<summary\b|\Z)", re.IGNORECASE)
_TITLE_SO_FAR = re.compile(r"\s*<summary(?:\s[^<>]{0,300})?>(.*?)(?:<[^<>]*)?\Z", re.IGNORECASE | re.DOTALL)
_ENDING = re.compile(r" {0,3}</details\s*>", re.IGNORECASE)
_EITHER = re.compile(r"<(/?)details(?:\s[^<>\n]{0,300})?>", re.IGNORECASE)
_CODE = re.compile(
    r"(`+)(?!`)(?:(?!\1).)*?(?<!`)\1(?!`)|^[ >\t]*(~{3,}).*?^[ >\t]*\2", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class FoldStart:
    """The start of a fold: its title as Markdown, where what it holds begins, and whether it is open at first.

    One that is not `whole` may still get a title, or a longer one.
    """

    title: str
    end: int
    expanded: bool
    whole: bool


def fold_start(text: str, *, complete: bool) -> FoldStart | None:
    """Return the fold that begins a text; `complete` says that nothing follows the text. None where none does."""
    opening = _OPENING.match(text)
    if opening is None:
        return None
    expanded = bool(_OPEN.search(opening["attributes"] or ""))
    start = opening.end()
    ahead = text[start : start + TITLE_MOST]
    summary = _SUMMARY.match(ahead)
    if summary is not None:
        return FoldStart(" ".join(summary[1].split()), start + summary.end(), expanded, True)
    if not complete and len(ahead) < TITLE_MOST and _may_have_title(ahead):
        so_far = _TITLE_SO_FAR.match(ahead)
        return FoldStart(" ".join(so_far[1].split()) if so_far else "", start, expanded, False)
    return FoldStart("", start, expanded, True)


def fold_end(text: str) -> int:
    """Return where the end of a fold that begins a text ends; 0 where none does."""
    ending = _ENDING.match(text)
    return ending.end() if ending is not None else 0


def end_inside(source: str) -> int:
    """Return where in a block the fold ends that the block stands in; -1 where it does not. Code is passed over."""
    if "</details" not in source.lower():
        return -1
    plain = (
        _CODE.sub(lambda match: " " * len(match[0]), source) if "`" in source or "~~~" in source else source
    )
    depth = 0
    for match in _EITHER.finditer(plain):
        depth += -1 if match[1] else 1
        if depth < 0:
            return match.start()
    return -1


def _may_have_title(ahead: str) -> bool:
    """Whether what stands after `<details>` so far may be or become a title."""
    start = ahead.lstrip().lower()
    return "<summary".startswith(start) or bool(_SUMMARY_BEGINS.match(ahead))
