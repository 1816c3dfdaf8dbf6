"""The forms of words in other languages than English: "gründete" and "gegründet", "nahm … ein" and "Einnahme".

Snowball (Porter 2001) knows the endings. What it leaves of German verbs is read on: the prefix that stands apart in a main
clause, the "ge" of participles, and the vowels of strong verbs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from chatbot_app.knowledge.words.words import SNOWBALL_ALGORITHMS, is_unspaced, snowball, stem

_LANGUAGES = frozenset(("de", "fr", "es", "it", "pt", "nl"))
_PLAIN = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_APART = (
    "zusammen zuruck weiter wieder nieder unter durch uber fest fort nach teil statt dar auf aus bei ein her hin los mit"
    " vor weg ab an um zu"
).split()
_TOGETHER = ("ver", "be", "er", "ent", "emp", "zer", "miss")
# The stems of one verb each; the first is what the others are compared by. From any grammar's list of strong verbs.
_STRONG = """
nehm nimm nahm nomm; geb gib gab; geh ging gang gegang; steh stand; komm kam; lass liess; find fand fund; bind band bund;
ginn gann gonn; winn wann wonn; schreib schrieb; bleib blieb; steig stieg; leih lieh; treib trieb; sprech sprich sprach sproch;
treff triff traf troff; helf hilf half holf; sterb stirb starb storb; werb wirb warb worb; werf wirf warf worf;
brech brich brach broch; zieh zog; bieg bog; flieg flog; lier lor; biet bot; schliess schloss; fliess floss; niess noss;
halt hielt; fall fiel; lauf lief; rat riet; schlaf schlief; trag trug; fahr fuhr; lad lud; schlag schlug; wachs wuchs;
grab grub; les lies las; seh sieh sah; ess iss ass gess; tret tritt trat; sitz sass sess; lieg lag leg; bring bracht;
denk dacht; kenn kannt; nenn nannt; brenn brannt; send sandt; wend wandt; wiss weiss wusst; heiss hiess; ruf rief;
stoss stiess; sing sang sung; sink sank sunk; spring sprang sprung; trink trank trunk; zwing zwang zwung;
schwimm schwamm schwomm; schneid schnitt; leid litt; reit ritt; streit stritt; weis wies; scheid schied; mess mass;
gelt gilt galt golt; fehl fiehl fahl fohl; stehl stiehl stahl stohl; heb hob; schieb schob; wieg wog; frier fror;
hang hing; fang fing; tu tat; lug log; schiess schoss; schwind schwand schwund; streich strich; greif griff; reiss riss;
beiss biss; gleich glich; erlosch erlisch
"""
_ROOT = {
    form: root
    for root, *forms in (verb.split() for verb in _STRONG.replace("\n", " ").split(";"))
    for form in forms
}
_VERB = re.compile(rf"(?P<apart>{'|'.join(_APART)})?(?P<together>{'|'.join(_TOGETHER)})?(?P<core>.+)")
_OF_ERN = ("ert", "er")  # "verringern" loses both
_SHORTEST_CORE = 3  # letters
_SHORTEST_PART = 4  # letters of a part of a compound
_SHORTEST_COMPOUND = 8


@dataclass(frozen=True, slots=True)
class Forms:
    """What a word is compared by: `own` stands for all of it, `parts` for a part, a verb without its prefix.

    A word is met by one with an own form in common; nearly so by one whose own form is a part of it.
    """

    own: frozenset[str]
    parts: frozenset[str] = frozenset()


_NONE = Forms(frozenset())
_LONGEST = 80  # letters of a word: of a compound each cut is kept


def forms_or_stem(word: str, language: str) -> frozenset[str]:
    """Return by what a lower-case word is compared as a whole: its own forms, or its stem where the language tells none."""
    return forms_of(word, language).own or frozenset((stem(word),))


@lru_cache(maxsize=50_000)
def forms_of(word: str, language: str) -> Forms:
    """Return by what a lower-case word, or its stem, is compared in a language; nothing where the language is not known."""
    if language not in _LANGUAGES or len(word) > _LONGEST or not word.isalpha() or is_unspaced(word):
        return _NONE
    stemmed = snowball(SNOWBALL_ALGORITHMS[language], word).translate(_PLAIN)
    if language != "de":
        return Forms(frozenset((stemmed,)))
    own, parts = {stemmed, _weak(stemmed)}, set()
    for plain in (stemmed, stemmed.removeprefix("ge")):
        for ending in _OF_ERN:
            if plain.endswith(ending) and len(plain) - len(ending) >= _SHORTEST_CORE:
                own.add(plain.removesuffix(ending))
        own.add(_root(plain))
        found = _VERB.fullmatch(plain)
        if found is None or len(found["core"]) < _SHORTEST_CORE:
            continue
        apart, together = found["apart"] or "", found["together"] or ""
        for core in (found["core"], found["core"].removeprefix("ge"), found["core"].removeprefix("zu")):
            if len(core) >= _SHORTEST_CORE:
                own.add(f"{apart}{together}{_root(core)}")
                if apart:
                    parts.add(f"{together}{_root(core)}")
    if len(stemmed) >= _SHORTEST_COMPOUND:
        for cut in range(_SHORTEST_PART, len(stemmed) - _SHORTEST_PART + 1):
            parts |= {stemmed[:cut], stemmed[cut:], _weak(stemmed[cut:])}
    return Forms(frozenset(own), frozenset(parts - own))


def _root(core: str) -> str:
    """Return the stem of a verb's infinitive, as far as a table and the ending of weak verbs tell."""
    return _ROOT.get(core) or _weak(core)


def _weak(stemmed: str) -> str:
    """Return what is left without the ending of a past or a participle: "gründet", "verkauft"."""
    for ending in ("et", "t"):
        if stemmed.endswith(ending) and len(stemmed) - len(ending) > _SHORTEST_CORE:
            return _ROOT.get(stemmed.removesuffix(ending), stemmed.removesuffix(ending))
    return stemmed
