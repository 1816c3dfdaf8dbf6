"""What of an answer can be checked: its sentences, list items and table rows, without marks and markers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatbot_app.core.markers import without_markers
from chatbot_app.knowledge.words.lexicon import MONTHS
from chatbot_app.knowledge.words.sentence_ends import sentence_spans

MOST_STATEMENTS = 2_000
LONGEST_STATEMENT = 1_000  # characters: what goes on without an end is checked in pieces

_CODE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`", re.DOTALL)
# "3. Oktober" and "20. Jahrhundert" begin with a number that counts.
_NAMED_BY_NUMBER = "|".join(["jahrhundert", *(month for month in MONTHS if len(month) > 2)])
_MARKS = re.compile(
    rf"^[\s>*#•\-–|]+|^\s*\d+[.)]\s+(?!\s|(?i:{_NAMED_BY_NUMBER})\b)|[*`|]+|(?<![^\W_])_+|_+(?![^\W_])"
)  # no mark inside "max_tokens"
# A number that a sentence begins with counts: "3. Oktober". Quotation marks, commas and the last full stop do not.
_WORDS_AND_SIGNS = re.compile(r"\w+(?:[.,:/’'-]\w+)*|[^\w\s\"'“”„’«».,;:!?*_`|>#•]")
_QUESTION_MARK = re.compile(r"[?？](?=[\"'”’»)]*\s)")
_META = re.compile(
    r"^\s*(?:(?:sure|yes|no|ok(?:ay)?)(?=\s*(?:[,.!:;–—-]|$))|certainly|of course|hello|hi|thank|sorry|i hope|let me know"
    r"|here (?:is|are)|in summary"
    r"|(?:the|these|your) (?:sources?|documents?|passages?|text)s? (?:do|does|did)(?: not|n['’]t))\b",
    re.IGNORECASE,
)


def statements(answer: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the sentences, list items and table rows of an answer that can be checked."""
    code = [
        found.span() for found in _CODE.finditer(answer) if "\n" in found.group() or len(found.group()) > 80
    ]
    count = 0
    for start, end in sentence_spans(answer, 0, len(answer)):
        if any(begin < end and start < stop for begin, stop in code):
            continue
        if not any(c.isalnum() for c in without_markers(answer[start:end])):
            continue
        for begin in range(start, end, LONGEST_STATEMENT):
            yield begin, min(end, begin + LONGEST_STATEMENT)
            count += 1
            if count == MOST_STATEMENTS:
                return


def plain_statement(text: str) -> str:
    """Return a statement without source markers and Markdown marks."""
    return _MARKS.sub(" ", without_markers(text))


def letters_of(statement: str) -> str:
    """Return what two statements have in common that are the same word by word, however they are set."""
    return " ".join(_WORDS_AND_SIGNS.findall(without_markers(statement).casefold()))


def states_nothing(plain: str) -> bool:
    """Whether a sentence asks, greets, or speaks of the answer itself."""
    return plain.rstrip().endswith(("?", "？")) or _META.match(plain) is not None


def with_its_answer(text: str) -> str:
    """Return a question with its answer as one sentence."""
    return _QUESTION_MARK.sub(":", text)


def with_their_questions(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of the statements of a text, each with the questions right before it; last, of those without an answer."""
    spans: list[tuple[int, int]] = []
    asked: int | None = None
    for start, end in statements(text):
        if text[start:end].rstrip("\"'”’»)*_").endswith(("?", "？")):
            asked = start if asked is None else asked
            continue
        spans.append((start if asked is None else asked, end))
        asked = None
    if asked is not None:
        spans.append((asked, len(text.rstrip())))
    return spans
