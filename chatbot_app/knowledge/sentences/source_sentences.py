"""The sentences of what a model was shown, with all that a statement is compared by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.sentences.line_blocks import statement_spans
from chatbot_app.knowledge.sentences.negation import Denial, denied
from chatbot_app.knowledge.sentences.statements import letters_of
from chatbot_app.knowledge.values.changes import way_of_change
from chatbot_app.knowledge.values.measures import Value
from chatbot_app.knowledge.values.notation import decimal_mark_of
from chatbot_app.knowledge.values.table_scale import table_scale
from chatbot_app.knowledge.values.values import values_of
from chatbot_app.knowledge.words.names import names_of, subject_of, word_forms
from chatbot_app.knowledge.words.opposites import words_of_way
from chatbot_app.knowledge.words.words import stem, stems

_SALUTATION = LatePattern(
    r"\A\s*(?:hi|hello|dear|hallo|liebe[rs]?|sehr geehrte[rs]?|guten tag|bonjour|ch[eè]re?s?|hola|estimad[oa]s?|querid[oa]s?"
    r"|здравствуйте|уважаем\w+|дорог\w+)\s+([^,!:\n]{2,60})[,!:\n]",
    re.IGNORECASE,
)
_SIGNATURE = LatePattern(
    r"(?:(?:kind|best|warm)\s+(?:regards|wishes)|best|regards|sincerely|faithfully|yours|cheers|thanks|love|grüße?n?|gruß|cordialement|bien à vous"
    r"|saludos|atentamente|с уважением|всего доброго)\s*[,!]?\s*([^\n,.!?]{2,60})\.?\s*\Z",
    re.IGNORECASE,
)
_END_OF_A_LETTER = 120  # characters: in more, spaces alone would take the expression minutes
_FLAT = frozenset(map(stem, "flat unchanged stable".split()))


@dataclass(frozen=True, slots=True)
class Source:
    """What a model was shown: the passage, and the title and headings above it."""

    text: str
    context: str = ""


@dataclass(slots=True, eq=False)
class SourceSentence:
    """A sentence of a source, with what is compared; of a row of a table, `text` says in words what it says.

    Each is equal to itself alone: comparing all of it, to find its place among the others, would take long.
    """

    source: int
    start: int
    end: int
    text: str
    stems: set[str]
    above: set[str]
    values: list[Value]
    near_values: list[Value]
    forms: set[str]
    scale: float
    denied: list[Denial] = field(default_factory=list)
    is_row: bool = False
    heading_forms: set[str] = field(default_factory=set)
    subject: frozenset[str] = frozenset()
    last_year: list[Value] = field(default_factory=list)

    @property
    def dates_above(self) -> list[Value]:
        """The values from which another may follow here: those above it, and the last year that was named."""
        return [*self.near_values, *self.last_year]

    def says(self, claimed: Value) -> bool:
        """Whether a value of the sentence itself says a claimed one."""
        return any(value.says(claimed, self.scale) for value in self.values)


def source_sentences(sources: Sequence[Source]) -> list[SourceSentence]:
    """Return the sentences of all sources, in order."""
    found: list[SourceSentence] = []
    for number, source in enumerate(sources, 1):
        context_stems, context_forms = (
            stems(source.context),
            word_forms(source.context) | _of_a_letter(source.text),
        )
        context_values = values_of(source.context)
        whole = f"{source.context}\n{source.text}"
        decimal_mark = decimal_mark_of(whole)
        spans = [
            (
                start,
                end,
                words,
                [value.in_notation(decimal_mark) for value in values_of(words or source.text[start:end])],
            )
            for start, end, words, *_ in statement_spans(source.text, source.context)
        ]
        # Where rows say the scale of their table, it is that of no other figure.
        is_said = any(value.says_scale for _start, _end, words, values in spans if words for value in values)
        scale = 1.0 if is_said else table_scale(whole)
        year: list[Value] = []
        before: SourceSentence | None = None  # that is no row: a row says nothing of what comes next
        for start, end, words, values in spans:
            text = words or source.text[start:end]
            forms = word_forms(text)
            sentence = SourceSentence(
                number,
                start,
                end,
                text,
                stems(text) | (_said_by_signs(text, values) if words else set()),
                context_stems | (before.stems if before is not None else set()),
                values,
                context_values + (before.values if before is not None else []),
                forms,
                scale,
                denied(text),
                bool(words),
                context_forms,
                subject_of(text),
                year,
            )
            found.append(sentence)
            # "Two years later" counts from the last year that was named, however far above.
            year = [value for value in values if any(date.year for date in value.dates)][-1:] or year
            before = before if words else sentence
    return found


def word_by_word(sentences: Sequence[SourceSentence]) -> dict[str, SourceSentence]:
    """Return the first of the sentences that are the same word by word, by `letters_of`."""
    found: dict[str, SourceSentence] = {}
    for sentence in sentences:
        found.setdefault(letters_of(sentence.text), sentence)
    return found


def _of_a_letter(text: str) -> set[str]:
    """Return the forms of the names of who wrote a letter and to whom: its sentences say "I" and "you"."""
    ends = _SALUTATION.search(text), _SIGNATURE.search(text.rstrip()[-_END_OF_A_LETTER:])
    return {name.form for found in ends if found is not None for name in names_of(found[1])}


def _said_by_signs(row: str, values: Sequence[Value]) -> set[str]:
    """Return the stems of the words for what a row's signs say: that it fell by "(1)%", rose by "8 %" or was flat."""
    said: set[str] = set()
    for value in values:
        if value.dimension == "%":
            said |= words_of_way(way_of_change(row, value))
            if value.readings[0] == 0:
                said |= _FLAT
    return said
