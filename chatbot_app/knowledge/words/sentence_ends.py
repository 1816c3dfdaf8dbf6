"""Where sentences end, in any script, without a model."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A Latin-script sentence ends at a mark before a space; Chinese and Japanese write no space after theirs,
# Hindi's danda and Arabic's question mark count as well. A line break may end one too: see `_ends_line`.
_MARKS, _UNSPACED_MARKS = ".!?…؟۔।", "。！？｡．"
# Their first characters in one class: so they are looked for a fifth as long as as three alternatives.
END_MARKS = re.compile(
    f"[{_MARKS}{_UNSPACED_MARKS}\n](?:"
    f"(?<=[{_MARKS}])[{_MARKS}]*[\"'”’»)\\]]*(?=\\s)"
    f"|(?<=[{_UNSPACED_MARKS}])[{_UNSPACED_MARKS}]*[”’」』）】]*"
    "|(?<=\n)\n*)"
)
_LAST_WORD = re.compile(r"(\w+)\W*$")
_UNIT = re.compile(r"\d[ \u00a0\u202f]?[^\W\d_]$")  # of one letter, behind its number
_WRAPPED_LINE = 40  # characters: a shorter line was ended on purpose
# "- one", "1) one", "3.2 Of mills"; but "1.25 litres" goes on with the line above.
_LIST_ITEM = re.compile(r"[-*+•◦▪–|#>]|\d{1,3}[.)](?!\d)|\d{1,2}(?:\.\d{1,2}){1,3}\.?[ \t]+[A-ZÀ-ÖØ-ÞА-Я]")
# Lines of a chat or a log: "[12/04/24, 08:14] Mia: …", "2024-04-12T08:22:01Z …", "Nov 28 10:41:02 host sshd[311]: …", "127.0.0.1 - …", "<Mia> …",
# and "Jonas Meier: …", which may be another thing.
SAID_LINE = re.compile(
    r"[\[(]?(?:\d{1,4}[-./]\d{1,2}[-./]\d{1,4}[,T ]{1,2}|\d{1,2}[ /-][^\W\d_]{3,4}\.?[ /-]\d{2,4}[ :,]{1,2}"
    r"|(?:[^\W\d_]{2,4}\.?,?\s)?[^\W\d_]{3,4}\.?\s{1,2}\d{1,2},?\s(?:\d{4},?\s)?)\d{1,2}:\d\d|\d{8}T\d{4}"
    r"|[\[(]\d{1,2}:\d\d|\d{1,2}:\d\d(?:\s[-–]\s|\s[\w.-]{1,30}:\s|:\d\d(?:[.,]\d{1,9})?\s)|\[\s*\d{1,9}\.\d{1,9}\]\s|\d{1,3}(?:\.\d{1,3}){3}\s[-\w]"
    r"|\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL|CRITICAL)[ :\]]|<[^\W\d][\w .-]{0,30}>\s"
    r"|(?P<name>[^\W\d_a-zß-ÿ][\w.'’-]{0,30}(?:\s[^\W\d_a-zß-ÿ][\w.'’-]{0,30}){0,2}(?:\s\([^()\n]{1,20}\))?:\s)"
)
_MARKDOWN_HEADING = re.compile(r"#{1,6}[ \t]")  # ends with its line, however long
_SMALL_NAME = re.compile(r"[^\W\d_][\w.'’-]{0,30}(?:\s[^\W\d_][\w.'’-]{0,30})?:\s")  # "mia: …"
# Lines of settings: "pool_size: 40  # of the pool", "max_delay=240", "http:" above others; of few words, for prose has colons, too. Code
# ("DELAY = 1.5") is read in larger pieces: what one line of it says, the lines around it tell.
_SETTING = re.compile(
    r"[ \t]{0,40}(?:- )?[A-Za-z_][\w.-]{0,60}(?:=(?![=>])\S{1,200}|[ \t]?:(?:[ \t]{1,20}[^\s#]\S{0,200}){0,4})(?:[ \t]{1,20}(?:#|//)[^\n]{0,200})?[ \t]{0,20}(?=\n|$)"
)
_SAID_WITHIN = 80  # characters
_WORD_BACK = 16  # no abbreviation is longer

# Written with a full stop inside a sentence; single letters and short numbers are handled by their shape.
_ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof rev hon st sr jr gen col lt sgt capt cmdr sen rep gov pres vs etc approx est fig figs
    no nos vol vols ed eds pp al cf ca dept univ inc ltd co corp bros ave blvd rd jan feb mar apr jun jul aug
    sep sept oct nov dec op viz ibid eg ie bzw usw vgl nr str tel hrsg geb gest abs art bd mio mrd ggf evtl
    zb bspw sog inkl exkl dipl ing mag hl janv févr avr juil mme mlle sra srta ud uds núm pág""".split()
)

# With a full stop inside a sentence where a number follows: "max. 4 W", "Tab. 3", "стр. 12".
_BEFORE_NUMBERS = frozenset(
    """max min incl excl ref refs ext temp avg qty pos ver rev ch chap sec sect para art app wt tol tab abb kap ziff abschn anl abt
    mind höchst stk pl cap chap fol стр рис табл гл тел ул кв см напр""".split()
)
_NEXT_WORD = re.compile(r"\s+[\"“«(]*([^\W\d_]+)\b")
# What opens a sentence and follows no ordinal number: articles, pronouns, prepositions and their like.
_OPENERS = frozenset(
    """the a an this that these those it its he she they we you i his her their our in on at as after before by for from if
    when while since with without during under there here but and or not no all both each some most many one two however
    although because der die das den dem des ein eine er sie es wir ich im am ins zum zur auf bei mit nach von vor für aus
    durch über unter während und aber oder doch auch dies diese dieser sein seine ihr ihre wenn als le la les un une il
    elle ils elles ce cette ces dans en au aux du pour par sur avec mais et el los las una unos este esta estos su sus
    con para por pero y los""".split()
)


def sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence of `text[start:end]`, without the white space around it."""
    begin = start
    for mark in END_MARKS.finditer(text, start, end):
        stop = mark.end()
        first = mark.group()[0]
        if first == "." and not _ends_sentence(text, begin, mark.start(), stop, end):
            continue
        if mark.group() == "\n" and not _ends_line(text, begin, mark.start(), end):
            continue
        span = _strip(text, begin, stop)
        if span is not None:
            yield span
        begin = stop
    span = _strip(text, begin, end)
    if span is not None:
        yield span


def _ends_sentence(text: str, begin: int, dot: int, after: int, end: int) -> bool:
    following = text[after : after + 2].lstrip()
    if after < end and following[:1].islower():
        return False
    if dot > begin and text[dot - 1] in "]】":
        return True  # behind a marker or a note: "tall [2]. It …"
    found = _LAST_WORD.search(text[max(begin, dot - _WORD_BACK) : dot])
    if found is None:
        return True
    word = found.group(1)
    if word.isdigit():
        return len(word) > 2 or _number_ends(text, begin, dot - len(word), after)
    if (
        len(word) == 1 and word.isalpha()
    ):  # initials, "z. B.", "Abs. 1 S. 2", "12 N. Main St."; but "4 W. It …"
        return _opens(text, after) and _UNIT.search(text, max(begin, dot - _WORD_BACK), dot) is not None
    if following[:1].isdigit() and word.lower() in _BEFORE_NUMBERS:
        return False
    return word.lower() not in _ABBREVIATIONS


def ends_with_abbreviation(text: str) -> bool:
    """Whether the full stop at the end of a text belongs to its last word: "Apple Inc.", "Robert Jr.", "J."."""
    found = _LAST_WORD.search(text[-_WORD_BACK:]) if text.endswith(".") else None
    return found is not None and (len(found.group(1)) == 1 or found.group(1).lower() in _ABBREVIATIONS)


def _number_ends(text: str, begin: int, number: int, after: int) -> bool:
    """Whether a sentence ends with a short number: "Python 3.7. The …", not "3. Oktober" or "1. First point"."""
    if not text[begin:number].strip():
        return False
    if text[number - 1] in ".,:$€£-–/":
        return True
    return _opens(text, after)


def _opens(text: str, after: int) -> bool:
    """Whether the next word is one that opens sentences."""
    following = _NEXT_WORD.match(text, after)
    return following is not None and following[1].lower() in _OPENERS


def _ends_line(text: str, begin: int, line_break: int, end: int) -> bool:
    """Whether a single line break ends a sentence: in lists and verse it does, in wrapped text it does not."""
    next_line = line_break + 1
    line_start = max(begin, text.rfind("\n", begin, line_break) + 1)
    if _MARKDOWN_HEADING.match(text, line_start):
        return True
    said = SAID_LINE.match(text, next_line, min(end, next_line + _SAID_WITHIN))
    if said is not None and not said["name"]:
        return True
    # "… only one\nReason: …" of wrapped text looks like "Mia: …" by itself, and not below what somebody said.
    if any(
        speaks.match(text, next_line, min(end, next_line + _SAID_WITHIN))
        and any(speaks.match(text, place, place + _SAID_WITHIN) for place in {line_start, begin})
        for speaks in (SAID_LINE, _SMALL_NAME)
    ):
        return True
    if _SETTING.match(text, next_line, end) and _SETTING.match(text, line_start, line_break):
        return True
    following = text[next_line : min(end, next_line + 14)]
    if following[:1] == ">" and text[text.rfind("\n", 0, line_break) + 1] == ">":
        following = following.lstrip("> \t")  # what a mail repeats is wrapped like other text
        if not following or following[0] == "\n":
            return True
    if following[:4].lstrip()[:1].islower():
        return False
    return line_break - line_start < _WRAPPED_LINE or _LIST_ITEM.match(following.lstrip()) is not None


def _strip(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
