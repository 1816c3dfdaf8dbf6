"""To what a value belongs where a sentence, or a row of a table, gives several: 3.1 % with aspirin, 1.9 % with placebo."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot_app.knowledge.sentences.source_sentences import SourceSentence
from chatbot_app.knowledge.values.measures import Value, ValueKind
from chatbot_app.knowledge.words.language import is_small, language_of
from chatbot_app.knowledge.words.names import name_form, names_of
from chatbot_app.knowledge.words.words import STOP_WORDS, UNSPACED, pieces_of, stem, stems

_BREAK = re.compile(
    r"[;,()|、，；]|\b(?:and|while|whereas|compared (?:with|to)|versus|vs|but|against|or|than|und|während|gegenüber|et|tandis que"
    r"|contre|y|mientras|frente a|и|а)\b|和|而",
    re.IGNORECASE,
)
_ARTICLES = frozenset("the a an its their our der die das ein eine le la les un une el los las una".split())
# "Four cents more than for 2022" is of another year.
_COMPARED_WITH = re.compile(
    r"\b(?:than|compared (?:with|to)|versus|against|from|over|since|up on|down on)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_LOOK_BACK = 40  # characters before a date
_ASIDE = re.compile(r"(?<=\w) \([^()\d]{1,60}\)")
_LONGEST_OPENING = 60  # characters
# "Three Months Ended" is the quarter, and heads a column.
# In one sentence: each is compared with each, and what lists more has no parts that stand beside each other.
_MOST_VALUES = 60
_IN_MONTHS = {"quarter": ("three", "month"), "year": ("twelv", "month")}


@dataclass(frozen=True, slots=True)
class _Part:
    """A value with the words of its part of the sentence."""

    value: Value
    start: int
    before: tuple[str, ...]  # stems of content words, in order
    behind: tuple[str, ...]
    dates: tuple[Value, ...]


def misplaced(
    said: str,
    said_values: Sequence[Value],
    source: str,
    values: Sequence[Value],
    fact: Value,
    held: Value,
    scale: float = 1.0,
) -> str | None:
    """Return what the source says in place of `fact`, a value of `said` that it tells of something else; else None.

    `said_values` and `values` are the values of `said` and of `source`, `held` the one of these that says `fact`,
    `scale` that of its table. A value belongs to the words of its part of the sentence, between commas, "and" and their
    like. It is misplaced where the statement has all the words that are another part's own, whose value it does not
    name, and not all of its part's own.
    """
    if held.kind is ValueKind.DATE and not any(date.month for date in held.dates):
        return None  # a year stands beside more than it is of
    if len(values) > _MOST_VALUES:
        return None
    parts = _parts(source, [value for value in values if _measure(value) == _measure(held)], values)
    mine = next((part for part in parts if part.value is held), None)
    if mine is None:
        return None
    words = stems(said)
    for period, months in _IN_MONTHS.items():
        if period in words:
            words.update(months)
    said_dates = [
        value
        for value in said_values
        if value.kind is ValueKind.DATE
        and value is not fact
        and not _COMPARED_WITH.search(said, max(0, value.start - _LOOK_BACK), value.start)
    ]
    for other in parts:
        if (
            other.start != mine.start
            and _is_of(words, said_dates, other, mine)
            and not any(says(source, other.value, said, one, scale) for one in said_values)
        ):
            return source[other.value.start : other.value.end].rstrip(".")
    return None


def says(source: str, value: Value, said: str, claimed: Value, scale: float = 1.0) -> bool:
    """Whether a value of a source says a claimed one, also by its digits alone: what a table counts may have no scale."""
    if value.says(claimed, scale):
        return True
    written = said[claimed.start : claimed.end]
    return (
        written.isdigit()
        and value.kind is claimed.kind
        and written == source[value.start : value.end].split(" ")[0]
    )


def _measure(value: Value) -> tuple[ValueKind, str]:
    """Return what values that stand for each other have in common."""
    return value.kind, "duration" if value.dimension in ("time", "calendar") else value.dimension


def _is_of(words: set[str], dates: Sequence[Value], part: _Part, against: _Part) -> bool:
    """Whether a statement speaks of one part rather than of the other."""
    named = _has_date(dates, part, against), _has_date(dates, against, part)
    if named[0] != named[1]:
        return named[0]
    before = bool(part.before and against.before)
    # What stands behind "118 were randomised to metformin" ends with what it is of, "two weeks' notice" begins with it.
    behind = [word for word in against.behind if word not in part.behind]
    if before and part.start > against.start and not part.behind:
        behind = []  # what is counted is not said again: "Berlin has 3.6 million inhabitants, Hamburg 1.8 million"
    if words & set(behind[:1] if before else behind[-1:]):
        return False
    mine, theirs = (
        set(part.before if before else part.behind),
        set(against.before if before else against.behind),
    )
    mine, theirs = mine - theirs, theirs - mine
    return bool(mine and theirs) and mine <= words and not theirs <= words


def _has_date(dates: Sequence[Value], part: _Part, against: _Part) -> bool:
    own = [
        date
        for date in part.dates
        if not any(date.says(other) or other.says(date) for other in against.dates)
    ]
    return any(date.says(said) for date in own for said in dates)


def other_topic(
    said: str, sentence: SourceSentence, sentences: Sequence[SourceSentence]
) -> tuple[str, str] | None:
    """Return (what the sentence before is about, what this one is about) where a statement names the first alone.

    "Revenue was 3.4 billion. Profit fell to 210 million." says of no revenue that it was 210 million. Both sentences
    begin with what they are about and give a value of one measure.
    """
    place = sentences.index(sentence)
    before = sentences[place - 1] if place else None
    if before is None or before.source != sentence.source or before.is_row or sentence.is_row:
        return None
    if not {_measure(value) for value in before.values} & {_measure(value) for value in sentence.values}:
        return None
    words, mine, theirs = stems(said), _topic(sentence.text), _topic(before.text)
    if not mine or not theirs or stem(mine.casefold()) in words or stem(theirs.casefold()) not in words:
        return None
    if stem(theirs.casefold()) in sentence.stems:
        return None
    is_name = name_form(theirs) in {name.form for name in names_of(said)}
    if is_name and language_of(f"{before.text} {sentence.text}") != "de":
        return None  # "ABC … The network …": the second may stand for the first
    return theirs, mine


def _topic(text: str) -> str:
    """Return the word that a sentence begins with, behind an article; "" where it begins otherwise."""
    words = pieces_of(text[:_LONGEST_OPENING])
    if words[:1] and words[0].casefold() in _ARTICLES:
        words = words[1:]
    if not words or UNSPACED.match(words[0]):
        return ""  # where no space is written, a word is a whole clause
    return words[0] if words[0].casefold() not in STOP_WORDS and not is_small(words[0]) else ""


def of_another_row(said: str, row: SourceSentence, rows: Sequence[SourceSentence]) -> SourceSentence | None:
    """Return the row of a table that a statement names where it has the figure of `row`, whose label it does not have.

    What two rows have in common, the heads of their columns, says of neither what it is.
    """
    words = stems(said)
    mine = set(_content(_masked(row.text, row.values)))
    for other in rows:
        if other is row or other.source != row.source or not other.values:
            continue
        theirs = set(_content(_masked(other.text, other.values)))
        if words & (theirs - mine) and not words & (mine - theirs) and mine - theirs:
            return other
    return None


def row_that_says(
    said: str, values: Sequence[Value], row: SourceSentence, rows: Sequence[SourceSentence]
) -> SourceSentence | None:
    """Return another row of the same source that has a figure which `row` has not, and that a statement does not name."""
    figures = [
        value
        for value in values
        if value.kind is ValueKind.NUMBER and any(c.isdigit() for c in said[value.start : value.end])
    ]
    if not figures:
        return None
    words = stems(said)
    mine = set(_content(_masked(row.text, row.values)))
    for other in rows:
        if other is row or other.source != row.source:
            continue
        theirs = set(_content(_masked(other.text, other.values))) - mine
        if not theirs or words & theirs:
            continue
        if any(other.says(value) for value in figures):
            return other
    return None


def label_of(row: str) -> str:
    """Return what a row in words is called: "Net sales: Mac" of "Net sales: Mac, 2023: $6,840 million"."""
    return re.split(r"[;,]\s", row, maxsplit=1)[0]


def _parts(text: str, wanted: Sequence[Value], values: Sequence[Value]) -> list[_Part]:
    """Return each of the `wanted` values with the words of its part; `values` are all of the text, both in order."""
    plain = _masked(_without_asides(text), values)
    breaks = [match.span() for match in _BREAK.finditer(plain)]
    starts = [0, *(end for _, end in breaks)]
    ends = [*(start for start, _ in breaks), len(text)]

    def part_of(value: Value) -> int:
        return bisect_right(starts, value.start) - 1

    dates: defaultdict[int, list[Value]] = defaultdict(list)
    for value in values:
        if value.kind is ValueKind.DATE:
            dates[part_of(value)].append(value)
    found = []
    for place, group in itertools.groupby(wanted, key=part_of):
        inside = list(group)  # several: "from 8.2 % to 7.1 %"
        start, end = starts[place], ends[place]
        before = _content(plain[start : inside[0].start])
        behind = _content(plain[inside[-1].end : end])
        for value in inside:
            beside = tuple(date for date in dates[place] if date is not value)
            found.append(_Part(value, start, before, behind, beside))
    return found


def _masked(text: str, values: Sequence[Value]) -> str:
    """Return the text with its figures as spaces, at the same offsets: no comma inside them ends a part."""
    pieces, done = [], 0
    for value in values:
        if not any(c.isdigit() for c in text[value.start : value.end]):
            continue  # "Nine Months Ended" is no figure, but says what one is of
        pieces += [text[done : value.start], " " * (value.end - value.start)]
        done = value.end
    return "".join([*pieces, text[done:]])


def _without_asides(text: str) -> str:
    """Return a text with spaces for what stands in brackets behind a word without a figure, at the same offsets: it ends no part."""
    return _ASIDE.sub(lambda found: " " * len(found.group()), text)


def _content(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in pieces_of(text.casefold()) if word not in STOP_WORDS)
