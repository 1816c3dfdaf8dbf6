"""Words that no dictionary of ours knows: one with a capital letter that begins a sentence is a name then ("Nokia acquired …")."""

from __future__ import annotations

from functools import lru_cache

from chatbot_app.knowledge.words.antonyms import antonyms
from chatbot_app.knowledge.words.language import is_small
from chatbot_app.knowledge.words.related_words import related_to
from chatbot_app.knowledge.words.thesaurus import LANGUAGES, is_common
from chatbot_app.knowledge.words.words import STOP_WORDS, stem

_SHORTEST = 4  # letters
_ENDINGS = (
    "ing",
    "ed",
    "ly",
    "ers",
    "ists",
    "ors",
    "ies",
    "ment",
    "tion",
    "sis",
    "ness",
    "ity",
    "isch",
    "ung",
)


@lru_cache(maxsize=4096)
def is_unknown(form: str) -> bool:
    """Whether no dictionary knows a lower-case word of four letters or more, and it is not made of one as words are."""
    bare = stem(form)
    if len(form) < _SHORTEST or is_small(form) or form in STOP_WORDS or form.endswith(_ENDINGS):
        return False
    if related_to(bare) or bare in antonyms():
        return False
    return not any(is_common(one, language) for one in {form, bare} for language in LANGUAGES)
