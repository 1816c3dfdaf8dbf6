"""Words that are against each other, of one table: by language, by where they tell that two texts disagree, and how they are opposed.

Antonyms of English words in general are WordNet's (`antonyms`). In `resources/words/opposites.txt` stand words for the same movement,
place or party, so that “grew” and “declined” meet, what excludes each other of several, and what no list of antonyms has.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from chatbot_app.core.paths import resources_dir


class Told(Enum):
    """Where a word of one side for a word of another tells that two texts disagree, and how words are met there."""

    CLAUSE = (
        "clause"  # in clauses that speak of the same, by Snowball's English stem; Chinese as it is written
    )
    PLACE = "place"  # in the very place of the other, where all around is the same, by the same stem
    FORM = "form"  # where most of the rest is met, in any form that the language has of the word
    DEGREE = "degree"  # of two comparatives, beside all that tells in clauses


class Opposition(Enum):
    """How the sides of a group are opposed, as far as a rule asks."""

    OPPOSITE = "opposite"  # two sides, or several of which one at most is so
    TREND = "trend"  # the first says that something rises, the second that it falls: against each other whatever the language
    CONVERSE = "converse"  # “A before B” is “B after A”
    FREQUENCY = "frequency"  # “monthly” is not “month”
    DIRECTION = "direction"  # with a capital letter part of a name, “North Carolina”


@dataclass(frozen=True, slots=True)
class OppositeGroup:
    """Words by sides, casefolded: each side speaks against each other one."""

    languages: tuple[str, ...]
    told: tuple[Told, ...]
    opposition: Opposition
    sides: tuple[tuple[str, ...], ...]

    @property
    def words(self) -> tuple[str, ...]:
        """All words, side by side."""
        return tuple(word for side in self.sides for word in side)


@lru_cache
def opposite_groups(told: Told) -> tuple[OppositeGroup, ...]:
    """Return the groups that tell somewhere, in the order of the table."""
    return tuple(group for group in _table() if told in group.told)


@lru_cache(maxsize=1)
def _table() -> tuple[OppositeGroup, ...]:
    """Return all groups: below "[languages: where it is told: how it is opposed]" one a line, its sides between bars."""
    found: list[OppositeGroup] = []
    for line in (resources_dir() / "words" / "opposites.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            languages, told, *opposition = (part.split() for part in line.strip("[]").split(":"))
            where = tuple(map(Told, told))
            how = Opposition(opposition[0][0]) if opposition else Opposition.OPPOSITE
        elif line:
            # As texts are compared: "größte" is "grösste".
            sides = tuple(tuple(side.casefold().split()) for side in line.split("|"))
            found.append(OppositeGroup(tuple(languages), where, how, sides))
    return tuple(found)
