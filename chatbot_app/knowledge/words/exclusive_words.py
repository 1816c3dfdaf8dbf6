"""Words of which one thing at most is so: Monday or Tuesday, on or off, left or right, 三 or 五.

Other opposites are looked for clause by clause (`opposites`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from chatbot_app.knowledge.words.opposite_groups import Told, opposite_groups
from chatbot_app.knowledge.words.words import stem


@lru_cache(maxsize=1)
def exclusive_words() -> dict[str, tuple[int, int]]:
    """Return, for the stem of each word of which one thing at most is so, its group and the side of it where it stands."""
    sides = (
        (number, *side)
        for number, group in enumerate(opposite_groups(Told.PLACE))
        for side in enumerate(group.sides)
    )
    return {stem(word): (number, side) for number, side, words in sides for word in words}


def exclude(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether a word of one text and the word in its place exclude each other: "Tuesday" and "Monday", 三 and 五."""
    if len(mine) != len(theirs):
        return False
    known = exclusive_words()
    pairs = [(known.get(one), known.get(other)) for one, other in zip(mine, theirs, strict=True)]
    return any(one and other and one[0] == other[0] and one != other for one, other in pairs)
