"""Which sentences have the facts of a statement, itself or above it: numbers, dates and names.

Each fact is looked up in an index of all sentences, so that an answer of a thousand lines about a thousand lines is not a
million comparisons; what follows from the values of a sentence is looked for in those that say most of the statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from chatbot_app.knowledge.sentences.facts import Fact, has_another_full_name
from chatbot_app.knowledge.sentences.source_sentences import SourceSentence
from chatbot_app.knowledge.trust.checks.column_sums import column_sums
from chatbot_app.knowledge.trust.checks.sayings import Sayings
from chatbot_app.knowledge.values.derived_values import OF_A_SUM, follows
from chatbot_app.knowledge.values.measures import Value
from chatbot_app.knowledge.values.value_index import ValueIndex
from chatbot_app.knowledge.words.name_index import NameIndex
from chatbot_app.knowledge.words.names import is_said_by
from chatbot_app.knowledge.words.words import stem

VALUE_ABOVE = 0.85  # for a value that stands in the heading or the sentence before
DERIVED = 0.9  # for a value that follows from those of a sentence
NAME_ABOVE = 0.9
NAME_REPLACED = 0.5  # for one that stands in a sentence before, where the sentence has a subject of its own
NAME_SHARE = 0.5  # of a name's words, rare ones counting more
MOST_DERIVED = 64  # sentences, those that say most of the statement, from whose values another may follow
# In words these are no figures: "one" is mostly a pronoun, "no" a denial.
_ONE_OR_NONE = {
    "1": frozenset("one ein eine einer einem einen eins un une uno una один одна одного одну".split()),
    "0": frozenset(
        "no none zero nil nobody nothing without kein keine keiner keinen null aucun ningún ноль ни".split()
    ),
}


class FactIndex:
    """Where the values and names of some sentences stand."""

    def __init__(self, sentences: Sequence[SourceSentence], sayings: Sayings) -> None:
        self.sentences = sentences
        self.sayings = sayings
        scales = [sentence.scale for sentence in sentences]
        self.values = ValueIndex([sentence.values for sentence in sentences], scales)
        self.values_above = ValueIndex([sentence.near_values for sentence in sentences], scales)
        self.names = NameIndex([sentence.forms for sentence in sentences])
        self._ranges: dict[int, tuple[int, int]] = {}  # of the places of a source's sentences
        for place, sentence in enumerate(sentences):
            first, _ = self._ranges.get(sentence.source, (place, place))
            self._ranges[sentence.source] = first, place + 1
        self._above: dict[str, frozenset[int]] = {}
        self._saying: dict[Value, frozenset[int]] = {}

    def saying(self, value: Value) -> frozenset[int]:
        """Return the places of the sentences that say a value themselves."""
        found = self._saying.get(value)
        if found is None:
            alike = replace(value, start=0, end=0)  # wherever it stands
            found = self._saying.get(alike)
            if found is None:
                said = (place for place in self.values.may_say(alike) if self.sentences[place].says(alike))
                found = self._saying[alike] = frozenset(said)
            self._saying[value] = found
        return found

    @cached_property
    def sums(self) -> list[tuple[int, Value]]:
        """What the columns of the sources' tables come to, with the number of each source."""
        return column_sums(self.sentences)

    def names_above(self, form: str) -> frozenset[int]:
        """Return the places above which a name stands: in the headings, or in a sentence before that is no row."""
        if form not in self._above:
            found: set[int] = set()
            said = self.names.places(form)
            for start, stop in self._ranges.values():
                if self.is_in_heading(form, start):
                    found.update(range(start, stop))
                    continue
                first = min(
                    (p for p in said if start <= p < stop and not self.sentences[p].is_row), default=stop
                )
                found.update(range(first + 1, stop))
            self._above[form] = frozenset(found)
        return self._above[form]

    def is_in_heading(self, form: str, place: int) -> bool:
        """Whether a name stands in the title or the headings above a sentence."""
        return is_said_by(form, self.sentences[place].heading_forms)


class HeldFacts:
    """How near the sentences have the facts of one statement; what was compared once is remembered."""

    def __init__(self, text: str, index: FactIndex, scores: Sequence[float]) -> None:
        """`scores` say how much of the statement each sentence says."""
        self._text = text
        self._index = index
        order = sorted(range(len(index.sentences)), key=lambda place: -scores[place])
        self._deriving = set(order[:MOST_DERIVED])
        self._held: dict[tuple[Fact, int], float] = {}
        self._above: dict[Fact, set[int]] = {}
        self._may: dict[Fact, set[int]] = {}

    def saying(self, value: Value) -> list[int]:
        """Return the sentences that say a value themselves, in order."""
        return sorted(self._index.saying(value))

    def has_itself(self, place: int, fact: Fact) -> bool:
        """Whether a fact stands in a sentence itself, all of it."""
        if fact.value is None:
            return all(place in self._index.names.places(form) for form in fact.names)
        return place in self._index.saying(fact.value)

    def count(self, place: int, facts: Iterable[Fact]) -> int:
        """Return how many facts stand in a sentence itself, of a name a word at least."""
        return sum(
            any(place in self._index.names.places(form) for form in fact.names)
            if fact.value is None
            else place in self._index.saying(fact.value)
            for fact in facts
        )

    def candidates(self, fact: Fact) -> set[int]:
        """Return the sentences that may have a fact; what `holds` returns of all others is 0."""
        if fact not in self._may:
            self._may[fact] = self._look_for(fact)
        return self._may[fact]

    def holds(self, place: int, fact: Fact) -> float:
        """Return how near a fact stands to a sentence: 1 in it, less above it, 0 where it does not."""
        key = fact, place
        if key not in self._held:
            self._held[key] = self._holds(place, fact) if place in self.candidates(fact) else 0.0
        return self._held[key]

    def holding_all(self, facts: Iterable[Fact]) -> list[int]:
        """Return the sentences that, with what stands above them, have all facts that have to be held, in order."""
        hard = [fact for fact in facts if not fact.is_soft]
        if not hard:
            return list(range(len(self._index.sentences)))
        among = sorted(set.intersection(*(self.candidates(fact) for fact in hard)))
        return [place for place in among if all(self.holds(place, fact) for fact in hard)]

    def says_all(self, place: int, values: Sequence[Fact]) -> bool:
        """Whether the values of a statement stand in a sentence itself, or follow from its own."""
        return all(self.holds(place, fact) >= DERIVED for fact in values)

    # --- inside --------------------------------------------------------------------------------------

    def _look_for(self, fact: Fact) -> set[int]:
        index = self._index
        found: set[int] = set()
        if fact.value is None:
            for form in fact.names:
                found |= index.names.places(form) | index.names_above(form)
            return found
        for word in (fact.text, *_ONE_OR_NONE.get(fact.text, ())):
            found |= index.names.places_of_word(word)
        return found | index.saying(fact.value) | self._maybe_above(fact) | self._deriving

    def _maybe_above(self, fact: Fact) -> set[int]:
        assert fact.value is not None
        if fact not in self._above:
            self._above[fact] = self._index.values_above.may_say(fact.value)
        return self._above[fact]

    def _is_sum(self, row: SourceSentence, claimed: Value) -> bool:
        return any(
            source == row.source and total.comparable(claimed) and total.says(claimed, row.scale)
            for source, total in self._index.sums
        )

    def _holds(self, place: int, fact: Fact) -> float:
        sentence, index = self._index.sentences[place], self._index
        if fact.value is not None:
            if place in index.saying(fact.value):
                return 1.0
            if fact.text.isdigit() and fact.text in sentence.forms:
                return 1.0  # a part of a designation: "oxygen-18"
            if not _ONE_OR_NONE.get(fact.text, frozenset()).isdisjoint(sentence.forms):
                return 1.0
            if sentence.is_row and OF_A_SUM.search(self._text) and self._is_sum(sentence, fact.value):
                return DERIVED
            if place in self._deriving and follows(
                self._text, fact.value, sentence.text, sentence.values, sentence.dates_above
            ):
                return DERIVED
            is_above = place in self._maybe_above(fact) and any(
                value.says(fact.value, sentence.scale) for value in sentence.near_values
            )
            return VALUE_ABOVE if is_above else 0.0
        total = held = 0.0
        is_another: bool | None = None  # once for all words of a name, of which capitals may make hundreds
        for form in fact.names:
            weight = index.sayings.weight(stem(form))
            total += weight
            if place in index.names.places(form):
                held += weight
            elif place in index.names_above(form):
                if is_another is None:
                    is_another = not sentence.subject <= fact.said or has_another_full_name(sentence, fact)
                replaced = is_another and not index.is_in_heading(form, place)
                held += (NAME_REPLACED if replaced else NAME_ABOVE) * weight
        share = held / total if total else 0.0
        return share if share >= NAME_SHARE else 0.0
