"""Whether a passage has a row or a sentence with an amount that is said to be what a question asks for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chatbot_app.knowledge.fields.content import without_spans
from chatbot_app.knowledge.fields.periods import periods_of
from chatbot_app.knowledge.fields.terms import NAMES_OF_CASH, PERIOD_STEMS, other_words_for, terms_of
from chatbot_app.knowledge.tables.described import Sections
from chatbot_app.knowledge.tables.figures import is_amount
from chatbot_app.knowledge.tables.markdown import cells_of, depth_of, is_row, is_rule
from chatbot_app.knowledge.tables.named_rows import readings_of, unqualified, without_marks
from chatbot_app.knowledge.values.dates import dates_of
from chatbot_app.knowledge.words.lexicon import MONTHS
from chatbot_app.knowledge.words.sentence_ends import sentence_spans
from chatbot_app.knowledge.words.words import is_unspaced, stem, stems

_SENTENCE = 0.8  # of the weight of its terms: a row says more surely whose amount it has
_ABOVE = 0.5  # of the weight of a term that stands above a row: in its caption, a heading
_LONGEST_LABEL = 160  # characters; a longer one is a sentence
_REMEMBERED = 8192
_PASSAGES_REMEMBERED = 128  # each is looked at twice for a question
_MOST_OF_OTHER_WORDS = 4.0  # what a term weighs by words for it that the documents need not have
_AMOUNT = re.compile(
    r"[$€£¥]\s?\d|\d[\d.,]*\s?(?:%|million|billion|thousand|percent|mio|mrd|millionen|milliarden|prozent|€|eur\b|usd\b)"
    r"|\d{1,3}(?:[,.’']\d{3})+",
    re.IGNORECASE,
)
_COMMON_WORDS = frozenset(
    {"total", "net", "other", "gesamt", "summe"}
)  # of labels: they name nothing by themselves
_COMMON_TOTALS = frozenset({"total", "gesamt", "summe"})
_LEAST_OF_LABEL = 0.34
# Of a question for an amount: its time, and words that any amount may be asked for with.
_SAYS_NOTHING = PERIOD_STEMS | stems(
    "kostet kostete bring come make earn get move spend spending worth record generate report amount number level total many much more half high large"
    " usd eur gbp dollar euro million billion thousand"
    " hoch groß höhe geld betrag betrug beträgt belief erzielt erzielte erzielten macht machte gibt gab ausgegeben verdient verdiente"
    " élevé montant argent dépensé gagné réalisé enregistré importe dinero gastó ganó tuvo obtuvo registró каков какова каково составил составила"
)
_MONTHS = frozenset(stem(name) for name in MONTHS)
_LABEL = re.compile(r"^\|\s*([^|\n]{2,160})\|", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_BEGINNING = 5  # letters, of a word in any form
_YEAR = re.compile(r"(?:19|20)\d\d")
_IMPLIED = frozenset({"cash", "flow"})


class FigureAsked:
    """The terms of one question, weighed by how rare they are."""

    def __init__(self, question: str, weights: Mapping[str, float]) -> None:
        """`weights` are by word, as the index gives them (see `KeywordIndex.weights`)."""
        by_stem = {stem(word): weight for word, weight in weights.items()}
        self._terms: dict[str, float] = {}
        for term, parts in terms_of(_without_times(question)):
            weight = max((by_stem.get(part, 0.0) for part in parts), default=0.0)
            if term not in parts:  # said in other words, which may be nowhere in the library
                weight = min(weight or _weight_without_spaces(parts), _MOST_OF_OTHER_WORDS)
            if weight and term not in _SAYS_NOTHING and not (_YEAR.fullmatch(term) or term in _MONTHS):
                self._terms[term] = max(weight, self._terms.get(term, 0.0))
        self._total = sum(self._terms.values())

    def __bool__(self) -> bool:
        return bool(self._total)

    @property
    def other_words(self) -> str:
        """The words with which reports name the amounts that are asked for."""
        return " ".join(filter(None, map(other_words_for, self._terms)))

    def may_name(self, text: str) -> bool:
        """Whether the labels of a text's rows may say what is asked for: half of its terms, by how their words begin. Quick."""
        labels = _LABEL.findall(text.casefold())
        patterns = [_beginnings(term) for term in self._terms]
        return any(2 * sum(1 for one in patterns if one.search(label)) >= len(patterns) for label in labels)

    def keep_to(self, passages: Iterable[tuple[str, str]]) -> None:
        """Forget the terms that no row or sentence with an amount says, nor what stands above it, in any of some
        passages, (text, context) each: they tell none of these apart.
        """
        said: set[str] = set()
        for text, context in passages:
            said |= self._held(terms_in(context))
            for place in _places(text, context):
                said |= self._held(place.said)
        self._terms = {term: weight for term, weight in self._terms.items() if term in said}
        self._total = sum(self._terms.values())

    def share(self, text: str, context: str) -> float:
        """Return how much of the question, 0 to 1, the best row or sentence with an amount says."""
        if not self._total:
            return 0.0
        headings = self._held(terms_in(context))
        best = 0.0
        for place in _places(text, context):
            said = self._held(place.said)
            factor = _SENTENCE
            if place.label:
                if not said or (said <= _COMMON_WORDS and len(said) < len(self._terms)):
                    continue
                if len(said & place.label) < _LEAST_OF_LABEL * len(_told(place.label)):
                    continue
                factor = 0.5 + 0.5 * min(1.0, len(said) / len(_told(place.said)))
            weight = sum(self._terms[term] for term in said)
            weight += _ABOVE * sum(self._terms[term] for term in headings - said)
            best = max(best, factor * weight)
        return min(1.0, best / self._total)

    def _held(self, terms: frozenset[str]) -> frozenset[str]:
        return terms & self._terms.keys()


@lru_cache(_REMEMBERED)
def _beginnings(term: str) -> re.Pattern[str]:
    """Return the pattern of how the words of a term begin."""
    words = {word[:_BEGINNING] for word in _WORD.findall(f"{term} {other_words_for(term)}".casefold())}
    return re.compile("|".join(map(re.escape, sorted(words))))


def _weight_without_spaces(parts: Sequence[str]) -> float:
    """Return what a term weighs whose pairs of characters nothing has, so that the search left them out; 0 for other scripts."""
    return _MOST_OF_OTHER_WORDS if all(is_unspaced(part) for part in parts) else 0.0


def _without_times(question: str) -> str:
    """Return a question without its days and periods: "3 November", "im dritten Quartal 2023" is when, and no amount's name."""
    times = [(start, end) for start, end, meanings in dates_of(question) if meanings[0].month is not None]
    times += [(mention.start, mention.end) for mention in periods_of(question)]
    return without_spans(question, times)


@dataclass(frozen=True, slots=True)
class _Place:
    """The terms that a sentence with an amount says, or a row with its open sections; `label` are those of the row's own
    label, nothing for a sentence.
    """

    said: frozenset[str]
    label: frozenset[str] = frozenset()


def _told(terms: frozenset[str]) -> frozenset[str]:
    """Return the terms of a label without those that another of its terms implies."""
    return terms - _IMPLIED if terms & NAMES_OF_CASH else terms


@lru_cache(_PASSAGES_REMEMBERED)
def _places(text: str, context: str) -> tuple[_Place, ...]:
    """Return what of a passage has an amount: its rows and its sentences."""
    return tuple(_read_places(text, context))


def _read_places(text: str, context: str) -> Iterator[_Place]:
    sections = Sections()
    rows_above = [line for line in context.split("\n")[1:] if is_row(line)][1:]
    for line in rows_above:
        sections.enter(depth_of(line), cells_of(line)[0])
    begin = 0
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if is_row(line):
            yield from _sentences(text, begin, start)
            begin = end
            if not is_rule(line):
                cells = cells_of(line)
                label = unqualified(without_marks(cells[0]))[:_LONGEST_LABEL] if cells else ""
                if any(is_amount(cell) for cell in cells[1:]):
                    yield from _row(label, sections.of_row(depth_of(line), label))
                elif len(cells) > 1 and label and not any(cells[1:]):
                    sections.enter(depth_of(line), label)
        start = end + 1
    yield from _sentences(text, begin, len(text))


def _row(label: str, above: Sequence[str]) -> Iterator[_Place]:
    own = terms_in(label)
    if not own:
        return
    named = own.union(*map(terms_in, above))
    yield _Place(named, own)
    if above:  # "Cash provided by (used in):" goes on with "Operating activities"
        joined = terms_in(f"{above[-1]} {label}")
        if not joined <= named:
            yield _Place(joined, joined)


def _sentences(text: str, start: int, end: int) -> Iterator[_Place]:
    if _AMOUNT.search(text, start, end) is None:
        return
    for first, last in sentence_spans(text, start, end):
        if _AMOUNT.search(text, first, last) is not None:
            yield _Place(terms_in(text[first:last]))


@lru_cache(_REMEMBERED)
def terms_in(text: str) -> frozenset[str]:
    """Return the terms of a text."""
    found: set[str] = set()
    for term, _parts in terms_of(text):
        found.add(term)
        if term in NAMES_OF_CASH:
            found.update(_IMPLIED)  # "cash flows" asks for those of all activities
    return frozenset(found)


def terms_asked(question: str, telling: Collection[str]) -> frozenset[str]:
    """Return the terms of a question that its telling words, given by their stems, are in."""
    return frozenset(
        term
        for term, parts in terms_of(_without_times(question))
        if term not in _SAYS_NOTHING
        and (any(part in telling for part in parts) or (term not in parts and _weight_without_spaces(parts)))
    )


def label_terms(label: str, asked: frozenset[str]) -> frozenset[str]:
    """Return the terms of a row's label as a question with the terms `asked` may name it: "Total operating expenses" is
    asked for as operating expenses, each of the cash flows as "cash flows", and "Net income (loss)" as either.
    """
    readings = [_reading_terms(reading, asked) for reading in readings_of(label)]
    return max((own for own in readings if own <= asked), key=len, default=readings[-1])


def _reading_terms(label: str, asked: frozenset[str]) -> frozenset[str]:
    own = terms_in(label[:_LONGEST_LABEL])
    if own & NAMES_OF_CASH:
        own -= _IMPLIED if own & asked & NAMES_OF_CASH else NAMES_OF_CASH
    return own - _COMMON_TOTALS or own


def telling_terms(label: frozenset[str]) -> frozenset[str]:
    """Return the terms of a label without those that any amount may be asked for with: of "Serial number", "serial"."""
    return label - _SAYS_NOTHING or label
