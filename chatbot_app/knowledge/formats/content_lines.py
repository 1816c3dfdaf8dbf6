"""The lines of which address books and calendars consist: "ORGANIZER;CN=\"Chair: A\":mailto:…" (RFC 6350, 3.2–3.4; RFC 5545, 3.1).

A line has a name, parameters and a value. Long ones are folded, a fold begins with white space; what vCard 2.1 and vCalendar 1.0
write as Quoted-Printable goes on behind a "=".
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from chatbot_app.knowledge.formats.charsets import decode_labelled

_LINE = re.compile(r"(?:([\w-]+)\.)?([A-Za-z0-9-]+)((?:;(?:[^:;\"]++|\"[^\"]*+\")*+)*+):(.*)", re.DOTALL)
_PARAMETER = re.compile(r";([^=;\"]*+)(?:=((?:[^;\"]++|\"[^\"]*+\")*+))?")
_VALUE = re.compile(r"(?:[^,\"]++|\"[^\"]*+\")++")
_ESCAPED = re.compile(r"\\([\\;,:nN])")
_PIECE = re.compile(r"\\.|;|[^\\;]++|\\", re.DOTALL)
_PARTED_CHARACTER = re.compile(rb"(?<=[\x80-\xff])\r?\n[ \t](?=[\x80-\xbf])")
_QUOTED = "QUOTED-PRINTABLE"
_ENCODINGS = frozenset(
    (_QUOTED, "7BIT", "8BIT", "BASE64")
)  # that stand without their parameter's name, as types do
_IN_PARAMETERS = re.compile(r"\^([n^'])")  # RFC 6868
_MEANT = {"n": " ", "^": "^", "'": '"'}


@dataclass(frozen=True, slots=True)
class ContentLine:
    """One line: `name` and the names of `parameters` in capitals, `value` as it is written, without Quoted-Printable."""

    group: str  # "item1" of "item1.TEL": what the lines of one thing have in common
    name: str
    parameters: Mapping[str, tuple[str, ...]]
    value: str

    def parameter(self, name: str) -> str:
        """Return a parameter that has one value; empty where it is not given."""
        return ",".join(self.parameters.get(name, ())).strip()


def content_lines(text: str) -> Iterator[ContentLine]:
    """Yield the lines of an address book or a calendar; what is none is left out."""
    for line in _unfolded(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        found = _LINE.fullmatch(line.strip())
        if found is not None:
            parameters = _parameters(found[3])
            value = _decoded(found[4], parameters).strip()
            yield ContentLine(found[1] or "", found[2].upper(), parameters, value)


def with_whole_characters(data: bytes) -> bytes:
    """Return an address book or a calendar in which no fold parts a character: lines are folded by their bytes."""
    return _PARTED_CHARACTER.sub(b"", data)


def unescaped(value: str) -> str:
    """Return a value as it is meant: "\\\\n" is the end of a line, and a comma may stand behind a backslash."""
    return _ESCAPED.sub(lambda sign: "\n" if sign[1] in "nN" else sign[1], value)


def parts_of(value: str) -> list[str]:
    """Return the parts of a value between its semicolons, still escaped: those of a name, an address, a company."""
    parts: list[list[str]] = [[]]
    for piece in _PIECE.findall(value):
        if piece == ";":
            parts.append([])
        else:
            parts[-1].append(piece)
    return ["".join(part) for part in parts]


def _unfolded(lines: Iterable[str]) -> Iterator[str]:
    here: list[str] = []
    goes_on = False  # behind a "=" of Quoted-Printable
    for line in lines:
        if goes_on:
            here[-1] = here[-1][:-1]
            here.append(line)
        elif here and line.startswith((" ", "\t")):
            here.append(line[1:])
        else:
            yield "".join(here)
            here = [line]
        goes_on = line.endswith("=") and _QUOTED in here[0].partition(":")[0].upper()
    yield "".join(here)


def _parameters(written: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for parameter in _PARAMETER.finditer(written):
        name, value = parameter[1].strip().upper(), parameter[2]
        if value is None:
            name, value = ("ENCODING" if name in _ENCODINGS else "TYPE"), parameter[1]
        values = (one.replace('"', "") for one in _VALUE.findall(value))
        meant = (_IN_PARAMETERS.sub(lambda sign: _MEANT[sign[1]], one) for one in values)
        found.setdefault(name, []).extend(meant)
    return {name: tuple(values) for name, values in found.items()}


def _decoded(value: str, parameters: Mapping[str, tuple[str, ...]]) -> str:
    if _QUOTED not in (encoding.upper() for encoding in parameters.get("ENCODING", ())):
        return value
    charset = next(iter(parameters.get("CHARSET", ())), "")
    return decode_labelled(quopri.decodestring(value.encode("utf-8", "replace")), charset)
