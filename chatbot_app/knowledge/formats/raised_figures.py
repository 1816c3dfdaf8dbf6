"""Raised figures in plain text: a power and a note keep apart from the figure or the word that they stand at."""

from __future__ import annotations

import re

_RAISED = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_FIGURE = re.compile(r"[+\-−–]?\d{1,9}")
_WHOLE_NUMBER = re.compile(r"(?<![\d.,'’])\d+$")
_BEFORE = 40  # characters of the text before that are looked at
_OF_PAGES = re.compile(r"<sup\b[^<>]{0,200}>\s*([^<>\s]{1,10})\s*</sup\s*>", re.IGNORECASE)


def raised(words: str, before: str) -> str:
    """Return a raised `words` behind the text `before`: "m²", "10^6", "5.2¹" (mostly a note), and "1st" as it is."""
    if _FIGURE.fullmatch(words) is None:
        return words
    return f"^{words}" if _WHOLE_NUMBER.search(before[-_BEFORE:]) else words.translate(_RAISED)


def with_raised_figures(page: str) -> str:
    """Return a page of HTML with its raised figures as text: who reads it drops what raises them ("106 m2")."""

    def plain(found: re.Match[str]) -> str:
        words = raised(found[1], page[max(0, found.start() - _BEFORE) : found.start()])
        return found[0] if words == found[1] else words

    return _OF_PAGES.sub(plain, page)
