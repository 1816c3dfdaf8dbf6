"""Whether a question names a row of a table: "total net sales" asks for the row of that label, not for prose about it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from chatbot_app.knowledge.tables.counted import names_unit, scaled_measure
from chatbot_app.knowledge.tables.figures import is_figure
from chatbot_app.knowledge.tables.markdown import cells_of, is_row
from chatbot_app.knowledge.words.lexicon import UNITS
from chatbot_app.knowledge.words.words import STOP_WORDS, stems

_REMEMBERED = 8192  # labels: the same tables are found again and again
_MARKS = re.compile(r"(?:\s*(?:\(\d{1,2}\)|[®™*†‡]))+\s*$")
_WORD = re.compile(r"[^\W\d_]{4,}")
_ABBREVIATION = re.compile(r"\b([^\W\d_]{2,5})\.")
_NUMBERS = ("number", "nummer", "numér", "númer", "номер")
_OF_NUMBERS = frozenset({"no", "nr", "num", "núm"})  # of "numero", in all languages
_LONGEST_LABEL = 120  # characters: a longer one is a sentence
_ASIDE = re.compile(r"\s*\(([^()]{1,40})\)")
_IN = re.compile(r"^in\s+(?=\S)", re.IGNORECASE)
# What goes on behind a comma says of what an amount is reckoned, not which it is: "Capital expenditures, net of construction payable".
_QUALIFIED = re.compile(
    r",\s*(?:including|net|excluding|less|before|after|other than|exclusive|inclusive|gross|einschließlich|ohne|abzüglich|netto|y compris|hors|incluyendo|excluyendo)"
    r"\b.*$",
    re.IGNORECASE,
)
_LONGEST_SIGN = 3  # words: "(gain from sale)"


def readings_of(label: str) -> tuple[str, ...]:
    """Return in what words a label may be asked for: "Net income (loss)" as "Net income" and "Net loss", "Length (km)" as "Length".

    What stands in parentheses counts like the rest, but for the other sign of an amount and for units; the label as it is is
    the last of them.
    """
    plain = without_marks(label)
    if (short := unqualified(plain)) != plain:
        return (*readings_of(short), plain)
    asides = [found for found in _ASIDE.finditer(plain) if _is_other_sign(found[1]) or _is_unit(found[1])]
    if not asides:
        return (plain,)
    readings = [_without(plain, asides)]
    for aside in asides:
        if _is_other_sign(aside[1]):
            before = plain[: aside.start()].split()[: -len(aside[1].split())]
            behind = _without(plain[aside.end() :], [*_ASIDE.finditer(plain[aside.end() :])])
            readings.append(" ".join([*before, aside[1], behind]).strip())
    return (*readings, plain)


def _is_other_sign(aside: str) -> bool:
    """Whether words in parentheses are what an amount of the other sign is: "(loss)", "(used in)", "(Fehlbetrag)"."""
    words = aside.split()
    return len(words) <= _LONGEST_SIGN and not stems(aside).isdisjoint(_OTHER_SIGNS)


def _is_unit(aside: str) -> bool:
    """Whether words in parentheses are a unit, of money too, a share, or a scale: "(km)", "(in EUR)", "(%)", "(thousand t)"."""
    words = _IN.sub("", aside)
    return words.casefold() in UNITS or names_unit(words) or scaled_measure(f"({words})") is not None


def _without(label: str, asides: Sequence[re.Match[str]]) -> str:
    for aside in reversed(asides):
        label = label[: aside.start()] + label[aside.end() :]
    return " ".join(label.split())


def named_share(text: str, query: Collection[str]) -> float:
    """Return the share (0 to 1) of a question's words that the label of one row takes up.

    `query` are the stems of the question, stop words left out. Only a row with figures counts, and only where all
    words of its label are in the question, as one of its readings has them.
    """
    query = frozenset(query)
    if not query or not (text.startswith("|") or "\n|" in text):
        return 0.0
    best = 0
    for line in text.split("\n"):
        if not is_row(line):
            continue
        label = without_marks(line.strip()[1:].partition("|")[0])
        if not label or len(label) > _LONGEST_LABEL:
            continue
        named = max((len(words) for words in _words_of(label) if words <= query), default=0)
        if named > best and any(is_figure(cell) for cell in cells_of(line)[1:]):
            best = named
    return best / len(query)


def label_of(row: str) -> str:
    """Return the label of a row as it is written, "| Online stores (1) | 7 |", without its marks."""
    return without_marks(row.strip(" |").partition("|")[0])


def without_marks(label: str) -> str:
    """Return a label without the signs of its notes and trade marks: "Online stores (1)" as "Online stores", "(1)" as it is."""
    return _MARKS.sub("", label).strip() or label.strip()


def unqualified(label: str) -> str:
    """Return a label without what it says behind a comma of how its amount is reckoned: "Receivables, net" as "Receivables"."""
    return _QUALIFIED.sub("", label) or label


@lru_cache(_REMEMBERED)
def _words_of(label: str) -> tuple[frozenset[str], ...]:
    """Return the stems of each reading of a label, stop words left out."""
    return tuple(frozenset(stems(reading) - _STOP_STEMS) for reading in readings_of(label))


# What statements of accounts put in parentheses behind an amount, where one below nought is called otherwise.
_OTHER_SIGNS = stems(
    "loss losses gain gains income expense benefit charge deficit surplus decrease increase used outflow inflow credit debit"
    " recovery reversal repayment provision provided verlust fehlbetrag gewinn überschuss rückgang abnahme zunahme aufwand ertrag abfluss zufluss"
    " perte pertes bénéfice déficit diminution augmentation baisse hausse pérdida pérdidas ganancia ganancias disminución aumento"
    " perdita perdite utile diminuzione убыток убытки прибыль уменьшение увеличение"
)
_STOP_STEMS = frozenset(stem for word in STOP_WORDS for stem in stems(word))


def spelt_out(label: str, question: str) -> str:
    """Return a label with its abbreviations as the words of a question that they are short for: "Tel." as "telephone"."""
    if "." not in label:
        return label
    words = _WORD.findall(question)

    def long(match: re.Match[str]) -> str:
        short = match[1].casefold()
        return next((word for word in words if _is_short_for(short, word.casefold())), match[0])

    return _ABBREVIATION.sub(long, label)


def _is_short_for(short: str, word: str) -> bool:
    """Whether letters stand for a word: its first one, and the others in its order ("Nr." for "Nummer")."""
    if word.startswith(_NUMBERS) and short in _OF_NUMBERS:
        return True
    rest = iter(word[1:])
    return len(word) > len(short) + 1 and word[0] == short[0] and all(letter in rest for letter in short[1:])
