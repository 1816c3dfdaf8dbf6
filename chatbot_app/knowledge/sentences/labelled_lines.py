"""Labels with what is said of them: rows of lists, and lines of their own ("**Landlord:** Percival Ltd", "押金：一百元")."""

from __future__ import annotations

import re

from chatbot_app.knowledge.tables.figures import is_figure
from chatbot_app.knowledge.tables.markdown import cells_of, is_row
from chatbot_app.knowledge.tables.named_rows import without_marks
from chatbot_app.knowledge.words.sentence_ends import SAID_LINE, ends_with_abbreviation

_LABEL_AND_VALUE = 2
_LONGEST_LINE = 140  # characters
_MOST_WORDS = 5  # of a label
# A label begins with a letter, has no figure ("at 7:30") and no sentence in it; what leads to a list has nothing behind it.
_LINE = re.compile(
    r"[ \t]*(?:[-*+•]\s+)?(?P<mark>\*\*|__)?(?P<label>[^\W\d_][^:：\d.!?*\n]{0,34}\.?)(?:(?P<inside>[:：])(?(mark)(?P=mark))|(?(mark)(?P=mark))[:：])"
    r"(?:[ \t]+|(?<=：))(?P<value>\S[^\n]*)"
)
_ENDS = re.compile(r"[.!?。！？;；,]$")


def labelled_lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return (start, end) of the lines of a sentence that are a label and what is said of it, each; none where one is not.

    What goes on behind it, or ends as a sentence does, is prose with a colon.
    """
    if text[text.rfind("\n", 0, start) + 1 : start].strip() or text[end:].partition("\n")[0].strip():
        return []
    found = []
    for line in text[start:end].split("\n"):
        if not _is_labelled(line) or _is_of_a_chat(line, text):
            return []
        found.append((start, start + len(line.rstrip())))
        start += len(line) + 1
    return found


def _is_labelled(line: str) -> bool:
    match = _LINE.fullmatch(line.rstrip()) if len(line) <= _LONGEST_LINE else None
    if match is None or match["value"].startswith("//"):
        return False
    is_sentence = _ENDS.search(match["value"]) and not ends_with_abbreviation(match["value"])
    return len(match["label"].split()) <= _MOST_WORDS and not is_sentence


def _is_of_a_chat(line: str, text: str) -> bool:
    """Whether a line is what somebody says, "Mia: see you there", of whom there is more in the text."""
    said = SAID_LINE.match(line)
    return said is not None and text.count(said.group().rstrip()) > 1


def value_of_label(line: str, words: str = "") -> str:
    """Return what a line, or a row whose words are given, says of its label; "" where it has none or more than one.

    A figure alone in a row is the amount of a statement or a report, which is found by its label.
    """
    if not is_row(line):
        match = _LINE.fullmatch(line.rstrip())
        return match["value"] if match is not None else ""
    cells = cells_of(line)
    if len(cells) != _LABEL_AND_VALUE or not all(cells) or is_figure(cells[1]):
        return ""
    return cells[1] if words == f"{without_marks(cells[0].rstrip(' :'))}: {cells[1]}" else ""
