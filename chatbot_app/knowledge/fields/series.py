"""Documents that follow each other: alike in title or name but for a date, a version, a number; and in which order they come."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache

from chatbot_app.knowledge.fields.series_names import (
    NO_YEAR,
    VERSION,
    DocumentNames,
    Place,
    counts_in,
    place_of,
    shape_of,
    versions_in,
)
from chatbot_app.knowledge.words.words import stems

_MOST_MEMBERS = 2000  # of a series of which anything is read
_OTHERS_WITH_A_WORD = (
    1.5  # documents with a word in their names, of those of a series, for it to be a word of that series
)


@dataclass(frozen=True)
class Series:
    """Documents whose names are alike. `shapes` are the words that their names share, one set for each kind of name."""

    members: tuple[DocumentNames, ...]
    shapes: tuple[frozenset[str], ...]
    days: Mapping[str, date] = field(default_factory=dict, compare=False)

    @cached_property
    def words(self) -> frozenset[str]:
        """The stems of all words that its names share."""
        return frozenset().union(*self.shapes)

    @cached_property
    def places(self) -> dict[str, Place]:
        """Where each member stands, by its id."""
        found = {one.document_id: place_of(one, self.days.get(one.document_id)) for one in self.members}
        if any(place.day is not None and place.day.year > NO_YEAR for place in found.values()):
            # A month alone tells nothing beside days of which the year is known.
            for document, place in found.items():
                if place.day is not None and place.day.year == NO_YEAR:
                    found[document] = replace(place, day=None)
        return found

    @property
    def is_dated(self) -> bool:
        """Whether days or versions tell the order, and not numbers alone, which may be those of houses."""
        return any(place.day is not None or place.version is not None for place in self.places.values())

    def ordered(self, *, by_version: bool = False) -> list[list[str]]:
        """Return the ids of its members, oldest first, those of one place together; [] where nothing tells an order.

        A date counts first and the version next; the version alone where one has no date, or where it is asked for.
        """
        keys: dict[str, tuple[object, ...]] = {}
        places = self.places
        have_days = all(place.day is not None for place in places.values())
        have_versions = all(place.version is not None for place in places.values())
        have_numbers = all(place.number is not None for place in places.values())
        any_version = any(place.version is not None for place in places.values())
        for document, place in places.items():
            version = place.version or (0.0,)
            if have_versions and (by_version or not have_days):
                keys[document] = (version, place.number or ())
            elif have_days:
                keys[document] = (place.day, version, place.number or ())
            elif have_numbers:
                keys[document] = (place.number,)
            elif any_version and all(place.day is None for place in places.values()):
                keys[document] = (version,)  # "policy", "policy final"
            elif place.day is not None:
                keys[document] = (place.day, version, place.number or ())
        steps: dict[object, list[str]] = {}
        for document in sorted(keys, key=lambda one: keys[one]):  # of one form in each series
            steps.setdefault(keys[document], []).append(document)
        return list(steps.values()) if len(steps) > 1 else []

    def named_in(self, question: str, days: Iterable[date] = ()) -> set[str]:
        """Return the members that a question names by their version, number or day ("2.10.0", "week 12")."""
        versions, counts = versions_in(question), counts_in(question)
        found = set()
        for document, place in self.places.items():
            numbers = place.number or ()
            is_version = place.version is not None and place.version in versions
            if is_version or any(number in counts for number in numbers) or place.day in set(days):
                found.add(document)
        return found


class SeriesIndex:
    """The series of a library, by the words that their names share."""

    def __init__(self, names: Iterable[DocumentNames], days: Mapping[str, date]) -> None:
        by_shape: dict[tuple[str, ...], dict[str, DocumentNames]] = {}
        self._of_version: dict[
            str, set[str]
        ] = {}  # ids of the documents that are called by a version like "2.10.0"
        self._counts: Counter[str] = Counter()  # documents that have a word in their names
        for one in names:
            words = set[str]()
            for name in one.each():
                shape = shape_of(name)
                for match in VERSION.finditer(name):
                    self._of_version.setdefault(match["numbers"], set()).add(one.document_id)
                if shape:
                    by_shape.setdefault(shape, {})[one.document_id] = one
                    words.update(shape)
            self._counts.update(stem for word in words for stem in _stems_of(word))
        by_members: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        for shape, members in by_shape.items():
            if 1 < len(members) <= _MOST_MEMBERS:
                by_members.setdefault(tuple(members), []).append(shape)
        self.series = [
            Series(
                tuple(by_shape[shapes[0]].values()),
                tuple(frozenset(stem for word in shape for stem in _stems_of(word)) for shape in shapes),
                days,
            )
            for shapes in by_members.values()
        ]
        self._by_word: dict[str, list[Series]] = {}
        for series in self.series:
            for word in series.words:
                self._by_word.setdefault(word, []).append(series)

    def of_each(self) -> dict[str, tuple[str, ...]]:
        """Return what tells the series of each document from others: of several the one with the most members."""
        found: dict[str, tuple[str, ...]] = {}
        for series in sorted(self.series, key=lambda one: (len(one.members), *sorted(one.words))):
            for member in series.members:
                found[member.document_id] = tuple(sorted(series.words))
        return found

    def asked(self, question: str) -> list[tuple[Series, bool]]:
        """Return (series, whether the question has all words of a name) of those that its words choose, best first.

        Some words are enough where they stand in hardly any names of other documents; a version ("2.10.0") is where no word is.
        """
        asked = stems(question)
        found: list[tuple[float, Series, bool]] = []
        candidates = dict.fromkeys(id(one) for word in asked for one in self._by_word.get(word, ()))
        by_id = {id(one): one for word in asked for one in self._by_word.get(word, ())}
        for key in candidates:
            series = by_id[key]
            hits = series.words & asked
            is_whole = any(shape <= asked for shape in series.shapes)
            own = [word for word in hits if self._counts[word] <= _OTHERS_WITH_A_WORD * len(series.members)]
            if is_whole or own:
                weight = sum(math.log(1 + len(self._counts) / self._counts[word]) for word in hits)
                found.append((weight, series, is_whole))
        found.sort(key=lambda one: (-one[0], len(one[1].members)))
        if not found:
            versions = [self._of_version.get(one["numbers"], set()) for one in VERSION.finditer(question)]
            called = set[str]().union(*versions)
            return (
                [(one, False) for one in self.series if called & {it.document_id for it in one.members}]
                if called
                else []
            )
        return [(series, is_whole) for weight, series, is_whole in found if weight == found[0][0]]


_OTHERS_WITH_A_WORD = (
    1.5  # documents with a word in their names, of those of a series, for it to be a word of that series
)


@lru_cache(20_000)
def _stems_of(word: str) -> frozenset[str]:
    return frozenset(stems(word))
