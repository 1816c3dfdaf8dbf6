"""Words of German, French, Spanish and Russian that say the opposite of each other, in any form: parties, sides, trends, states.

English ones are read by `opposites`. Comparatives and who won or lost are none of these: with the two sides exchanged the opposite
says the same.
"""

from __future__ import annotations

from functools import lru_cache

from chatbot_app.knowledge.words.inflection import forms_or_stem
from chatbot_app.knowledge.words.opposite_groups import Told, opposite_groups


def are_opposite(one: str, other: str, language: str) -> bool:
    """Whether two lower-case words of a language say the opposite, or name two things of which one at most is so."""
    known = _sides(language)
    mine = {place for form in forms_or_stem(one, language) for place in known.get(form, ())}
    theirs = {place for form in forms_or_stem(other, language) for place in known.get(form, ())}
    groups = {group for group, _ in mine} & {group for group, _ in theirs}
    return bool(groups) and not mine & theirs


@lru_cache
def _sides(language: str) -> dict[str, frozenset[tuple[int, int]]]:
    """Return, for each form, the (group, side) of the language's groups in which it stands."""
    found: dict[str, set[tuple[int, int]]] = {}
    groups = (group for group in opposite_groups(Told.FORM) if language in group.languages)
    for number, group in enumerate(groups):
        for side, words in enumerate(group.sides):
            for word in words:
                for form in forms_or_stem(word, language):
                    found.setdefault(form, set()).add((number, side))
    return {form: frozenset(places) for form, places in found.items()}
