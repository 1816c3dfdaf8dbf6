"""What names one thing exactly and counts nothing: part numbers, versions, ratios, addresses of mail and web, options, file names.

They are told by their shape, in any language; "AX-4711-B" and "AX-4712-B" are as different as two names can be.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from chatbot_app.knowledge.words.lexicon import MAGNITUDES, UNITS
from chatbot_app.knowledge.words.words import UNSPACED

_TOKEN = re.compile(
    rf"(?:https?://|www\.)[\w.:/#+&@~=?%,-]+|(?:(?!{UNSPACED.pattern[:-1]})[\w.:/#+@–‑-]|(?<=\d),(?=\d))+",
    re.IGNORECASE,
)
_TELLING = re.compile(r"[\d@_+#²³\u2070-\u2089]|--|www\.|://", re.IGNORECASE)  # something of it is in each
_AROUND = "._:/,&=?~-–‑"  # what stands around a designation, of a text
_WEB = re.compile(r"(?:https?://|www\.)(?P<rest>[^\s/]+\S*)", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_OPTION = re.compile(r"--[a-z][\w-]+", re.IGNORECASE)
_KEYS = re.compile(r"[^\W\d_]+(?:\+[^\W_]+)+")  # Ctrl+S
_MARKED = re.compile(r"[A-Z]{1,2}(?:\+{1,2}|#)")  # B+, C++, C#
_JOINED = re.compile(r"[^\W_](?:\w*[^\W_])?_+[^\W_][\w.]*")  # max_tokens, report_v2.txt
_PLAIN = re.compile(r"[^\W_]+(?:[./:#-][^\W_]+)*")
# 2.10.1 and 192.168.0.1, but no 1.234.567; 3:1; 2016/679; 978-3-16; 2023-0417. Two numbers alone are as often a span.
_NUMBERED = re.compile(
    r"(?!\d{1,3}(?:\.\d{3})+$)\d+(?:\.\d+){2,}|\d+(?::\d+(?:,\d{3})*)+|\d+(?:/\d+)+|\d+(?:-\d+){2,}|\d+-0\d{2,}"
)
_LENGTHS = re.compile(r"\d+(?:[.,]\d+)?(?:x\d+(?:[.,]\d+)?)+", re.IGNORECASE)  # 20x30, as 20 × 30
_YEARS = re.compile(r"(?:1\d|20)\d\d[-/](?:\d\d|(?:1\d|20)\d\d)")
# A number and what is counted, a day, a decade, a quarter, "10-year-old", "mid-1990s".
_COUNTED = re.compile(r"\d+(?:[.,:]\d+)*-?(?P<unit>[^\W\d_]+)[23]?(?:[/-][^\W\d_]+)*")
_ORDINARY = re.compile(
    r"\d+(?:st|nd|rd|th|s|er|ers|x|h\d\d|[ap]m|ª|º)(?:-.*)?|(?:q|h|fy|cy|kw|t)-?\d{1,4}(?:[-/.]?\d+)?|[1-4](?:q|h)\d{2,4}"
    r"|\d+(?:[.,]\d+)?(?:-\d+)?(?:-[^\W\d_]{3,})+|[^\W\d_]{3,}-(?:1\d|20)\d\d(?:s|er)?|\d+(?:[.,]\d+)?/[^\W\d_]+",
    re.IGNORECASE,
)
_PLURAL = re.compile(r"(?<=\d)['’]?s$")
_BETWEEN = re.compile(r"[\s/:#-]|\.(?!\d)|(?<!\d)\.")
_WORD_BESIDE = re.compile(r"(?:^|-)(?![^\W\d_]*[A-Z]{2})[^\W\d_]{4,}(?=-|$)")  # "MP3-Player", "Formula-1"
# "AX 4711", "iPhone 15", "4711 B": how a text may write what another writes as one.
_APART = re.compile(
    r"(?=(?<![^\W_])(?P<whole>[^\W\d_]{1,12}[ -]\d[\w.]*(?:[ -][A-Z]\b)?|\d+[ -](?:[A-Z]{1,3}|[a-z])\b))"
)
_KEYS_APART = re.compile(r"(?<![^\W_])[^\W\d_]+(?: ?\+ ?[^\W_]+)+")  # "Ctrl + S"
# "3–1" and "3 : 1" are 3:1.
_SCORE = re.compile(r"(?<![\w.,–-])(?P<one>\d{1,3})(?:[–-]| ?: ?)(?P<other>\d{1,3})(?![\w–-]|[.,]\d)")
_SITE = re.compile(
    r"(?<![\w@.-])(?:www\.)?(?P<rest>[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/[\w./?=&%~#-]*)?)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Designation:
    """A designation at characters `start` to `end` of a text; two that name the same have the same `form`."""

    start: int
    end: int
    form: str


def designations_of(text: str) -> Iterator[Designation]:
    """Yield the designations of a text, in order."""
    for match in _TOKEN.finditer(text) if _TELLING.search(text) else ():
        token = match.group()
        if not _TELLING.search(token):
            continue
        start = match.start() + len(token) - len(token.lstrip(_AROUND if not token.startswith("--") else "."))
        end = match.start() + len(token.rstrip(_AROUND))
        form = designation_form(text[start:end]) if start < end and _is_designation(text[start:end]) else ""
        if form:
            yield Designation(start, end, form)


def designation_forms(text: str) -> set[str]:
    """Return the forms of all designations of a text, and of what is one where it is written otherwise."""
    found = {one.form for one in designations_of(text)}
    found.update(designation_form(match["whole"].rstrip(".")) for match in _APART.finditer(text))
    found.update(designation_form(match.group()) for match in _KEYS_APART.finditer(text))
    found.update(f"{match['one']}:{match['other']}" for match in _SCORE.finditer(text))
    found.update(match["rest"].casefold().rstrip(_AROUND) for match in _SITE.finditer(text))
    return found - {""}


def designation_form(word: str) -> str:
    """Return a designation as it is compared: "AX 4711-B" is "ax4711b"; what has no letters keeps what parts its numbers."""
    written = _plain(word)
    plain = written.casefold()
    if (web := _WEB.fullmatch(plain)) is not None:
        return web["rest"].removeprefix("www.")
    if plain[-1] in "+#" or any(one.fullmatch(plain) for one in (_MAIL, _OPTION, _JOINED)):
        return plain
    if _KEYS_APART.fullmatch(plain):
        return plain.replace(" ", "")
    if any(c.isalpha() for c in plain):
        plain = _WORD_BESIDE.sub("", written).casefold() or plain
        return _BETWEEN.sub("", _PLURAL.sub("", plain.removeprefix("v") if plain[1:2].isdigit() else plain))
    plain = plain.replace(",", "")
    return re.sub(r"[-/:]", ":", plain) if plain.count("-") < 2 else plain


def is_exact(form: str) -> bool:
    """Whether the form of a name is that of a designation, which no other word resembles."""
    return any(c in "@_+#:/" or c.isdigit() for c in form) or form.startswith("--")


def _plain(word: str) -> str:
    """Return a word with one kind of hyphens, and its small digits as large ones: "H₂O"."""
    return unicodedata.normalize("NFKC", word).replace("–", "-").replace("‑", "-").replace("‐", "-")


def _is_designation(word: str) -> bool:
    if any(one.fullmatch(word) for one in (_WEB, _MAIL, _OPTION, _KEYS, _MARKED, _JOINED)):
        return True
    plain = _plain(word)
    if not any(c.isdigit() for c in plain):
        return False
    if not any(c.isalpha() for c in plain):
        return _NUMBERED.fullmatch(plain) is not None and _YEARS.fullmatch(plain) is None
    if plain[:2] not in ("0x", "0X") and _LENGTHS.fullmatch(plain):
        return False
    if plain in UNITS or (word != plain and _is_unit(plain[:-1])):
        return False  # m2, m³
    if not _PLAIN.fullmatch(plain) or _ORDINARY.fullmatch(plain):
        return False
    counted = _COUNTED.fullmatch(plain)
    if counted is not None and _is_unit(counted["unit"]):
        return False
    beside = _WORD_BESIDE.sub("", plain)
    return any(c.isalpha() for c in beside) and any(c.isdigit() for c in beside)


def _is_unit(word: str) -> bool:
    return any(one in UNITS or one in MAGNITUDES for one in (word, word.casefold())) or word in "kKMmBbT"
