"""Which words two texts do not share, by difflib's matching of the longest common runs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

MOST_WORDS = 3000  # of a text that are matched word by word; a longer one is matched line by line
# Scripts that are written without spaces are matched letter by letter.
_WORDS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|\w+|[^\w\s]")
_LINES = re.compile(r"[^\n]+")

Span = tuple[int, int]  # from and to, in characters


def differences(left: str, right: str) -> tuple[list[Span], list[Span]]:
    """Return what stands only in the left text and what only in the right one, in order and apart from each other.

    White space alone makes no difference. A text of more than `MOST_WORDS` lines is one difference, or none.
    """
    if left == right:
        return [], []
    for pattern in (_WORDS, _LINES):
        ours, theirs = list(pattern.finditer(left)), list(pattern.finditer(right))
        if max(len(ours), len(theirs)) <= MOST_WORDS:
            matcher = SequenceMatcher(None, [one[0] for one in ours], [one[0] for one in theirs])
            changed = [code for code in matcher.get_opcodes() if code[0] != "equal"]
            return (
                [
                    (ours[start].start(), ours[end - 1].end())
                    for _, start, end, _, _ in changed
                    if start < end
                ],
                [
                    (theirs[start].start(), theirs[end - 1].end())
                    for _, _, _, start, end in changed
                    if start < end
                ],
            )
    return [(0, len(left))], [(0, len(right))]


def pieces(text: str, spans: Sequence[Span]) -> list[tuple[str, bool]]:
    """Return the text cut at the spans, each piece with whether it differs."""
    cut: list[tuple[str, bool]] = []
    done = 0
    for start, end in spans:
        cut += [(text[done:start], False), (text[start:end], True)]
        done = end
    return [(words, differs) for words, differs in (*cut, (text[done:], False)) if words]
