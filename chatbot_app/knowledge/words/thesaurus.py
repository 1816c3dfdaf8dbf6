"""Words of German, French, Spanish and Russian that may say the same, by the thesauri that LibreOffice ships.

`resources/words/README.md` says which. As with the English ones (`related_words`) such a word bears a statement out where it is
counted how much a sentence says, and is no other word in the place of the one; it contradicts nothing.
"""

from __future__ import annotations

import lzma
from bisect import bisect_left
from functools import lru_cache

from chatbot_app.core.paths import resources_dir

# What places with a name are, as the thesaurus has it.
_PLACES = frozenset(
    "land nation staat stadt metropol metropolis millionenstadt weltstadt hauptstadt hansestadt bundesland kontinent erdteil insel"
    " fluss strom wasserlauf meer ozean see gebirg berg planet".split()
)
LANGUAGES = frozenset(("de", "fr", "es", "ru"))
_NOTHING: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


def synonyms_of(form: str, language: str) -> frozenset[str]:
    """Return the forms, as `inflection.forms_of` has them, of the words that may say the same as one with a form."""
    return _entry(form, language)[0]


def kinds_of(form: str, language: str) -> frozenset[str]:
    """Return the forms of the words for what a thing is one of: "Frucht" of "Apfel". German alone tells."""
    return _entry(form, language)[1]


def is_common(form: str, language: str) -> bool:
    """Whether a form is one of a common word of a language, and not of a place's name."""
    entry = _entry(form, language)
    return entry is not _NOTHING and _PLACES.isdisjoint(entry[1])


def is_known(form: str, language: str) -> bool:
    """Whether a form is one of a word of a language."""
    return _entry(form, language) is not _NOTHING


@lru_cache(maxsize=20_000)
def _entry(form: str, language: str) -> tuple[frozenset[str], frozenset[str]]:
    if language not in LANGUAGES:
        return _NOTHING
    lines = _lines(language)
    at = bisect_left(lines, f"{form} ")
    if at == len(lines) or not lines[at].startswith(f"{form} "):
        return _NOTHING
    same, _, kinds = lines[at][len(form) :].partition("|")
    return frozenset(same.split()), frozenset(kinds.split())


@lru_cache(maxsize=len(LANGUAGES))
def _lines(language: str) -> list[str]:
    """Return a line for each form, in order: kept as they are, for sets of all would take ten times their room."""
    packed = (resources_dir() / "words" / f"related.{language}.txt.xz").read_bytes()
    return sorted(lzma.decompress(packed).decode("utf-8").splitlines())
