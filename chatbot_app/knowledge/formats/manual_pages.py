"""Pages of the manual, written with the macros "man" or "mdoc", as Markdown: sections, and options above what is said of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

_IS_MANUAL = re.compile(r"^[.'](?:TH|Dd|SH|Sh)\b", re.MULTILINE)
_LOOKED_AT = 8_000  # characters: a licence may stand above
_FONT = re.compile(r"\\f(?:\[[^\]\n]*\]|\(..|.)|\\s[-+]?\d|\\[&%/,|^:c]")
_ESCAPES = {
    r"\-": "-", r"\e": "\\", r"\ ": " ", r"\~": " ", r"\0": " ", r"\'": "'", r"\`": "`", r"\.": ".", r"\(aq": "'", r"\(dq": '"', r"\(bu": "•",
    r"\(em": "—", r"\(en": "–", r"\(lq": "“", r"\(rq": "”", r"\(oq": "‘", r"\(cq": "’", r"\(co": "©", r"\(rg": "®", r"\(ha": "^", r"\(ti": "~",
    r"\(mu": "×", r"\(+-": "±", r"\(->": "→", r"\(<-": "←", r"\*(lq": "“", r"\*(rq": "”", r"\*(Aq": "'", r"\[aq]": "'", r"\(rs": "\\",
}  # fmt: skip
_ESCAPE = re.compile("|".join(map(re.escape, sorted(_ESCAPES, key=len, reverse=True))))
_SECTIONS = {"SH": "##", "Sh": "##", "SS": "###", "Ss": "###"}
_PARAGRAPHS = frozenset("PP P LP HP sp Pp".split())
_IN_TWO_FONTS = frozenset("BR RB IR RI BI IB".split())  # by turns, without spaces between
_WRITTEN = frozenset("nf EX Bd".split())  # what follows is kept as it is written, to one of the next
_FILLED = frozenset("fi EE Ed".split())
_TITLES = frozenset("TH Dt".split())
_TERMS = frozenset("TP TQ".split())  # the next line is the term of what follows
_WORDS = frozenset(["", "B", "I", "SM", "SB", *_IN_TWO_FONTS])
_MACRO = re.compile(r"[A-Z][a-z]")  # of mdoc, also within a line
_SIGNS = re.compile(r" (?=[,.;:)\]])|(?<=[(\[]) ")


def is_manual_page(text: str) -> bool:
    """Whether a text is written with the macros of a page of the manual."""
    return _IS_MANUAL.search(text[:_LOOKED_AT]) is not None


def manual_text(text: str) -> str:
    """Return such a page as Markdown. Its lines stay lines, so that what follows from a macro that is not known is no more than a break."""
    page = _Page()
    for line in text.replace("\\\n", "").split("\n"):
        page.add(line.partition('\\"')[0].rstrip())
    return page.text()


class _Page:
    def __init__(self) -> None:
        self._lines: list[str] = []
        self._is_written = False
        self._name = ""  # of the program, which mdoc says once

    def add(self, line: str) -> None:
        if line[:1] not in (".", "'"):
            self._lines.append(_plain(line))
            return
        macro, _, rest = line[1:].lstrip().partition(" ")
        words = _arguments(rest)
        if macro in _TITLES and words:
            self._lines += [f"# {words[0]}({words[1]})" if len(words) > 1 else f"# {words[0]}", ""]
        elif macro in _SECTIONS:
            self._write(False)
            self._lines += ["", f"{_SECTIONS[macro]} {' '.join(words)}", ""]
        elif macro in _PARAGRAPHS or macro in _TERMS:
            self._lines.append("")
        elif macro == "IP":
            self._lines += ["", words[0]] if words else []  # without a term it goes on with the one above
        elif macro in _WRITTEN or macro in _FILLED:
            self._write(macro in _WRITTEN)
        elif macro in _WORDS:
            self._lines.append(("" if macro in _IN_TWO_FONTS else " ").join(words))
        elif _MACRO.fullmatch(macro):
            self._add_mdoc(macro, words)

    def text(self) -> str:
        self._write(False)
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip() + "\n"

    def _write(self, is_written: bool) -> None:
        if is_written != self._is_written:
            self._lines.append("```")
            self._is_written = is_written

    def _add_mdoc(self, macro: str, words: Sequence[str]) -> None:
        if macro in ("Dd", "Os", "Bl", "El"):
            return
        if macro == "It":
            self._lines.append("")
        if macro == "Nm":
            self._name = self._name or (words[0] if words else "")
        said: list[str] = []
        dashes = "-" if macro == "Fl" else ""
        for word in words or ([self._name] if macro == "Nm" else []):
            if not _MACRO.fullmatch(word):
                said.append(dashes + word)
                dashes = ""
            elif word == "Fl":
                dashes += "-"
        self._lines.append(_SIGNS.sub("", " ".join(said)))


def _arguments(rest: str) -> list[str]:
    """Return the words behind a macro; those in quotes are one."""
    found = re.findall(r'"((?:[^"]|"")*)"?|((?:\\ |\S)+)', rest)
    return [_plain(quoted.replace('""', '"') or bare) for quoted, bare in found]


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda found: _ESCAPES[found[0]], _FONT.sub("", text))
