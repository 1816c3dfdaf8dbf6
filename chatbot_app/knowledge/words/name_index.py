"""Which sentences say a name, found over the words of all of them rather than sentence by sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Set

from chatbot_app.knowledge.words.demonyms import also_called
from chatbot_app.knowledge.words.names import LONGEST_NAME, is_said_by

_SHORTEST_HALF = 3  # letters of a name that is written together with another


class NameIndex:
    """The forms of the words of some texts; what is found of a name is remembered."""

    def __init__(self, forms: Sequence[Set[str]]) -> None:
        self._places: defaultdict[str, set[int]] = defaultdict(set)
        for place, words in enumerate(forms):
            for word in words:
                self._places[word].add(place)
        self._by_letter: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._places:
            self._by_letter[word[:1]].append(word)
        self._found: dict[str, frozenset[int]] = {}

    def places(self, form: str) -> frozenset[int]:
        """Return the places of the texts whose words say a name (see `is_said_by`)."""
        if form not in self._found:
            self._found[form] = frozenset(self._look_for(form))
        return self._found[form]

    def places_of_word(self, word: str) -> set[int]:
        """Return the places of the texts that have the very word."""
        return self._places.get(word, set())

    def _look_for(self, form: str) -> set[int]:
        found = set(self._places.get(form, ()))
        for other in also_called(form):
            found |= self._places.get(other, set())
        for word in self._by_letter.get(form[:1], ()):
            if word != form and is_said_by(form, {word}):
                found |= self._places[word]
        if "-" in form:
            found |= set.intersection(*(self._places.get(part, set()) for part in form.split("-")))
        if len(form) <= LONGEST_NAME:
            for at in range(_SHORTEST_HALF, len(form) - _SHORTEST_HALF + 1):
                if (
                    form[:at] in self._places
                    and form[at:] in self._places
                    and is_said_by(form, {form[:at], form[at:]})
                ):
                    found |= self._places[form[:at]] & self._places[form[at:]]
        return found
