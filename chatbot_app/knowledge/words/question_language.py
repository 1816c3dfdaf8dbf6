"""Which language a question is asked in: short as it is, its small words and letters tell."""

from __future__ import annotations

import re
from functools import lru_cache

from chatbot_app.knowledge.words.small_words import ENGLISH, FRENCH, GERMAN, RUSSIAN, SPANISH

_WORD = re.compile(r"[^\W\d_]{2,}")  # a single letter is mostly none: "N-terminal", "p53"

# The small words of questions; of the first five those that tell whether a question leans on the one before.
_SMALL_WORDS = {
    "en": ENGLISH.common,
    "de": GERMAN.common + " dass damit dessen deren dieser diese dieses wessen welchem wieviel woran woraus worin wozu womit"
    " wodurch wurde wurden waren sein seine seiner seinem ihre ihrer nannte bekam war hatten gab zwischen während durch"
    " sich aller alle mehr ersten erste zwei drei heißt hieß heißen worauf wovon wogegen werden laut ließ einige manche",
    "fr": FRENCH.common + " lequel laquelle lesquels lesquelles duquel étaient fut furent été ses leur leurs entre elle"
    " avait avaient quels depuis durant premier première deux trois",
    "es": SPANISH.common + " cuántos qué cuyo cuya eran fueron había habían sido sus su tuvo tenía primer primera dos tres"
    " desde hasta durante mismo según",
    "it": "il lo la gli le i un uno una di del della dello dei degli delle a al alla ai agli alle da dal dalla in nel nella"
    " nei nelle su sul sulla con per tra fra e o ma non è sono era erano fu furono ha hanno che chi cosa quale quali"
    " quando dove come perché quanto quanta quanti quante si ci suo sua suoi sue",
    "pt": "o os a as um uma uns umas de do da dos das em no na nos nas ao à aos por pelo pela para com sem e ou mas não é são"
    " era eram foi foram há tem têm que quem qual quais quando onde como quanto quanta quantos quantas se seu sua"
    " seus suas entre sobre",
    "nl": "de het een van en of maar niet is zijn was waren werd werden wordt heeft hebben had wat wie welke welk wanneer"
    " waar waarom hoe hoeveel in op te voor met naar door bij uit aan om over onder tussen dat die deze dit zich",
    "sv": "en ett den det de och eller men inte är var har hade vad vem vilka vilken vilket när hur varför många av på i till"
    " för med från om som att sig sin sitt sina under mellan blev",
    "ru": RUSSIAN.common,
}  # fmt: skip
# Verbs of short questions: they tell the language where small words are of several ("Was kostet die Montage?"), and say
# what is asked.
_TELLING = {
    "de": "kostet kosten gilt gelten dauert beträgt gehört steht bekommt bekomme brauche braucht liegt findet schreibt",
    "nl": "kost kosten geldt duurt bedraagt hoort staat krijgt krijg nodig ligt vindt schrijft",
    "fr": "coûte coûtent dure faut appartient trouve vaut",
    "es": "cuesta cuestan dura vale pertenece encuentra tiene",
    "it": "costa costano dura vale appartiene trova",
    "pt": "custa custam dura vale pertence encontra",
    "sv": "kostar gäller varar tillhör står ligger",
}
_LANGUAGES_OF: dict[str, list[str]] = {}
for _language, _words in _SMALL_WORDS.items():
    for _word in dict.fromkeys(f"{_words} {_TELLING.get(_language, '')}".casefold().split()):
        _LANGUAGES_OF.setdefault(_word, []).append(_language)

# Letters that one of these languages has, as much as two small words say.
_LETTERS = {"ß": "de", "ä": "de sv", "ö": "de sv", "ü": "de", "å": "sv", "ñ": "es", "¿": "es", "¡": "es", "ã": "pt", "õ": "pt",
            "œ": "fr", "ê": "fr pt", "ç": "fr pt", "è": "fr it", "ì": "it", "ò": "it", "ù": "fr it"}  # fmt: skip
_CYRILLIC = re.compile("[\u0400-\u052f]")


_COUNTING = frozenset("zwei drei deux trois dos tres".split())  # tell the language, and what is asked as well


@lru_cache
def small_words(language: str) -> frozenset[str]:
    """Return the words of a language that say how a question is asked rather than what about, casefolded.

    `language` is a code as `question_language` gives it; none of English ones, which are left out everywhere
    (`words.STOP_WORDS`), nor where the language is not known.
    """
    if language == "en":
        return frozenset()
    return frozenset(_SMALL_WORDS.get(language, "").casefold().split()) - _COUNTING


@lru_cache(maxsize=64)  # of one question, and of some short passages, it is asked several times
def question_language(text: str) -> str:
    """Return the code of the language that a question is asked in ("de"), "" where nothing tells.

    English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish and Russian are known.
    """
    words = _WORD.findall(text[:2000].casefold())
    if sum(bool(_CYRILLIC.match(word)) for word in words) * 2 > len(words):
        return "ru"
    votes: dict[str, float] = {}
    for word in words:
        found = _LANGUAGES_OF.get(word, ())
        for language in found:
            votes[language] = votes.get(language, 0.0) + 1 / len(found)
    for letter in set(text[:2000].lower()) & _LETTERS.keys():  # casefolded, "ß" is none of them
        found = _LETTERS[letter].split()
        for language in found:
            votes[language] = votes.get(language, 0.0) + 1 / len(found)
    if not votes:
        return ""
    ranked = sorted(votes.items(), key=lambda vote: -vote[1])
    best, weight = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    return best if weight >= 1 and weight > second else ""
