"""Names in a text: capitalised words, abbreviations and designations such as "COVID-19"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Set
from dataclasses import dataclass

from chatbot_app.knowledge.words.demonyms import also_called
from chatbot_app.knowledge.words.designations import designation_forms, designations_of, is_exact
from chatbot_app.knowledge.words.language import is_small
from chatbot_app.knowledge.words.words import SPACED, stem

# In Chinese text "在IPCC的" is a name between words that are none.
_TOKEN = re.compile(rf"{SPACED.pattern}(?:['’.&-]{SPACED.pattern})*\.?")
_POSSESSIVE = re.compile(r"['’]s?$")
_ACRONYM = re.compile(r"(?:^|['’])[A-ZÀ-ÖØ-ÞА-ЯЁ][A-ZÀ-ÖØ-ÞА-ЯЁ&.]+s?$")
_ELISION = re.compile(r"^(?:[ldnsjmct]|qu)['’](?=\w\w)")  # "L'Union"
_SENTENCE_END = re.compile(r"[.!?:;…\n\"“”«»•(|-]\s*$|^\s*$")
_LONGEST_SUBJECT = 80  # characters
_NUMERAL = re.compile(r"[ivxlcdm]+$")  # XXXII and XXXIII are two
_LONG_NAME = 6  # letters, from which one may be missing
LONGEST_NAME = 60  # letters; a longer one is no two words in one
_SHARED_START = 5  # letters that "America" and "American" have in common
# Capitalised for grammar's sake.
NO_NAMES = frozenset(
    "i i'm i've mr mrs ms dr sir st herr herrn frau january february march april may june july august september october"
    " november december".split()
)


@dataclass(frozen=True, slots=True)
class Name:
    """A word of a name at characters `start` to `end`; `form` is what it is compared by."""

    start: int
    end: int
    form: str
    is_first: bool  # of its sentence, where every word is capitalised
    is_acronym: bool = False  # capitals alone, where not all of the text is


def names_of(text: str) -> list[Name]:
    """Return the words of names in a text, in order; words that merely begin a sentence are marked."""
    found = [Name(one.start, one.end, one.form, False) for one in designations_of(text)]
    exact = [(one.start, one.end) for one in found]
    for match in _TOKEN.finditer(text):
        word = match.group().rstrip(".")
        if not _looks_like_name(word) or (
            exact and any(s < match.end() and match.start() < e for s, e in exact)
        ):
            continue
        form = name_form(word)
        if form in NO_NAMES or not form:
            continue
        first = _SENTENCE_END.search(text[max(0, match.start() - 3) : match.start()]) is not None
        found.append(
            Name(match.start(), match.start() + len(word), form, first, _ACRONYM.search(word) is not None)
        )
    return sorted(found, key=lambda name: name.start) if exact else found


def runs_of(text: str, names: Iterable[Name]) -> list[list[Name]]:
    """Return the words of names, in order, those that stand beside each other together."""
    runs: list[list[Name]] = []
    for name in names:
        if runs and not text[runs[-1][-1].end : name.start].strip(" .-"):
            runs[-1].append(name)
        else:
            runs.append([name])
    return runs


def subject_of(text: str) -> frozenset[str]:
    """Return the forms of the name that a sentence begins with ("Tim Cook has been …"), empty where it begins otherwise."""
    run: list[Name] = []
    for name in names_of(text[:_LONGEST_SUBJECT]):
        if is_small(name.form):
            continue
        between = text[run[-1].end if run else 0 : name.start].strip(" .").casefold()
        if between and not is_small(between) and between not in NO_NAMES:
            break
        run.append(name)
    # A single first word may be any word.
    return (
        frozenset(name.form for name in run) if len(run) > 1 or (run and not run[0].is_first) else frozenset()
    )


def name_form(word: str) -> str:
    """Return a word as names are compared: without possessive, accents and case."""
    plain = _POSSESSIVE.sub("", word)
    decomposed = unicodedata.normalize("NFKD", plain)
    form = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold().replace(".", "")
    return _ELISION.sub("", form) if "'" in form or "’" in form else form


def is_said_by(form: str, words: Set[str]) -> bool:
    """Whether a name stands among the forms of a text's words, also as "America" for "American"."""
    if form in words:
        return True
    if is_exact(form):
        return False
    if "-" in form and all(part in words for part in form.split("-")):
        return True
    if any(other in words for other in also_called(form)):
        return True
    if "\u0400" <= form[0] <= "\u04ff":  # "Ольги Мещеряковой" is Ольга Мещерякова
        bare = stem(form)
        if any(stem(word) == bare for word in words if word[:1] == form[0]):
            return True
    if len(form) < _SHARED_START or _NUMERAL.match(form):
        return False
    if _is_written_together(form, words):
        return True
    start = form[: max(_SHARED_START, len(form) - 3)]
    alike = [word for word in words if word[:1] == form[0] and abs(len(word) - len(form)) <= 3]
    return any(word.startswith(start) or _is_misspelt(form, word) for word in alike)


def _is_written_together(form: str, words: Set[str]) -> bool:
    """Whether a name is two words of a text in one: "Superbowl"."""
    if len(form) > LONGEST_NAME:
        return False
    return any(form[:at] in words and form[at:] in words for at in range(3, len(form) - 2))


def _is_misspelt(form: str, word: str) -> bool:
    """Whether two long names differ by a letter that is missing, or by two that changed places: "Bedigo" of "Bendigo"."""
    if (
        min(len(form), len(word)) < _LONG_NAME
        or _NUMERAL.match(form)
        or form[0] != word[0]
        or abs(len(form) - len(word)) > 1
    ):
        return False
    if len(form) == len(word):
        apart = [place for place in range(len(form)) if form[place] != word[place]]
        return (
            len(apart) == 2
            and apart[1] == apart[0] + 1
            and form[apart[0]] == word[apart[1]]
            and form[apart[1]] == word[apart[0]]
        )
    short, long = sorted((form, word), key=len)
    place = next((i for i, letter in enumerate(short) if letter != long[i]), len(short))
    return short[place:] == long[place + 1 :]


def initials(names: list[Name]) -> set[str]:
    """Return the abbreviations that runs of capitalised words would have: "National Football League" → "nfl"."""
    letters = [name.form[0] for name in names]
    made = set()
    for start in range(len(letters)):
        for stop in range(start + 2, min(len(letters), start + 6) + 1):
            made.add("".join(letters[start:stop]))
    return made


def word_forms(text: str) -> set[str]:
    """Return all words of a text in the form that names are compared by."""
    forms = set()
    for match in _TOKEN.finditer(text):
        form = name_form(match.group().rstrip("."))
        forms.add(form)
        if "-" in form:
            forms.update(form.split("-"))
    return forms | designation_forms(text)


def _looks_like_name(word: str) -> bool:
    if word.islower():
        return False  # most words
    letters = [c for c in word if c.isalpha()]
    if not letters:
        return False
    if any(c.isdigit() for c in word):
        return any(c.isupper() for c in letters)
    return len(word) > 1 and (word[0].isupper() or sum(c.isupper() for c in letters) > 1)
