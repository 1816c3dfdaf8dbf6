"""Passages that follow each other made into one, as a prompt shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from chatbot_app.core.documents import Evidence, Passage
from chatbot_app.storage.documents import DocumentGone


def join_neighbours(
    evidence: Sequence[Evidence], text_between: Callable[[str, int, int], str]
) -> list[Evidence]:
    """Return the evidence with passages that follow each other in one document made into one, for a prompt.

    The joined passage stands where the better of them stood. `text_between` returns characters `start` to
    `end` of a document's text.
    """
    joined: list[Evidence] = []
    for item in evidence:
        for number, other in enumerate(joined):
            first, second = sorted((item.passage, other.passage), key=lambda passage: passage.start)
            if first.document_id == second.document_id and _touch(first, second):
                start, end = first.start, max(first.end, second.end)
                text = _text_of(first, second, text_between)
                if text is None:
                    continue
                passage = replace(first, start=start, end=end, text=text)
                joined[number] = replace(other, passage=replace(passage, ordinal=second.ordinal))
                break
        else:
            joined.append(item)
    return joined


def _text_of(first: Passage, second: Passage, text_between: Callable[[str, int, int], str]) -> str | None:
    """Return the text of two passages and what is between them, None where their document is not what it was when they
    were found: it was read anew meanwhile, or is gone.
    """
    try:
        text = text_between(first.document_id, first.start, max(first.end, second.end))
    except DocumentGone:
        return None
    is_same = text.startswith(first.text) and text[second.start - first.start :].startswith(second.text)
    return text if is_same else None


def _touch(first: Passage, second: Passage) -> bool:
    return second.ordinal - first.ordinal == 1 and second.page == first.page
