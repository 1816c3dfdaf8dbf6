"""Which language a text is in, as far as comparing two texts needs to know: by script and by its small words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict

from chatbot_app.knowledge.words.words import STOP_WORDS, stem

_WORD = re.compile(r"[^\W\d_]+")

# The commonest function words that the languages do not share.
_SMALL_WORDS = {
    "en": "the of and to in is was that for with by from are were which this at has have his their it".split(),
    "de": "der die das und ist von den des dem ein eine nicht mit für auf im wurde werden sich auch zu".split(),
    "fr": "le la les des est et une du dans que pour par sur il au qui avec sont été cette ne pas".split(),
    "es": "el los las una que y en por con del su para fue como más se son esta ha al no".split(),
    "it": "il di che è della per un una con sono del nel gli dei alla non si anche delle".split(),
    "pt": "o os que do da em um uma para com não por dos foi ao na no se mais as são".split(),
    "nl": "de het een van en is dat op te voor met zijn niet aan werd door ook bij wordt".split(),
    "ru": "и в не на что он с как это по но из у за от для его был к бы".split(),
}
_LANGUAGES_OF = {
    word: [language for language, words in _SMALL_WORDS.items() if word in words]
    for words in _SMALL_WORDS.values()
    for word in words
}
SMALL_WORDS = frozenset(_LANGUAGES_OF)
_FEWEST = 2  # small words that must speak for a language


def content_stems(text: str) -> list[str]:
    """Return the stems of a text's words in order, without the small words of any language."""
    return [
        stem(word)
        for word in re.findall(r"[^\W_]+", text.casefold())
        if word not in STOP_WORDS and word not in SMALL_WORDS
    ]


def language_of(text: str) -> str:
    """Return the code of a text's language ("en"), the name of its script where that says more ("han"), "" in doubt."""
    scripts: Counter[str] = Counter()
    for character, times in Counter(text[:4000]).items():
        if character.isalpha():
            scripts[_script(character)] += times
    if not scripts:
        return ""
    script, count = scripts.most_common(1)[0]
    if script == "han" and scripts["kana"] > 0.1 * count:
        script = "kana"
    if script not in ("latin", "cyrillic"):
        return script
    votes: defaultdict[str, float] = defaultdict(float)
    for word in _WORD.findall(text[:4000].casefold()):
        found = _LANGUAGES_OF.get(word, ())
        for language in found:
            votes[language] += 1 / len(found)
    if not votes:
        return ""
    ranked = sorted(votes.items(), key=lambda vote: -vote[1])
    best, weight = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    return best if weight >= _FEWEST and weight >= 1.3 * second else ""


def is_small(word: str) -> bool:
    """Whether a word is one of the commonest function words of any of the languages."""
    return word.casefold() in _LANGUAGES_OF


def differ(one: str, other: str) -> bool:
    """Whether two languages, as `language_of` names them, are known and not the same."""
    return bool(one and other and one != other)


def _script(character: str) -> str:
    if character < "\u0250":
        return "latin"
    name = unicodedata.name(character, "")
    for start, script in (
        ("CJK", "han"),
        ("HIRAGANA", "kana"),
        ("KATAKANA", "kana"),
        ("HANGUL", "hangul"),
        ("CYRILLIC", "cyrillic"),
        ("LATIN", "latin"),
    ):
        if name.startswith(start):
            return script
    return name.partition(" ")[0].casefold()
