"""Address books (vCard 2.1, 3.0 and 4.0; RFC 6350) as Markdown: a heading for each person, and a line for each entry."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator

_FOLD = re.compile(r"\n[ \t]")
_SOFT_BREAK = re.compile(
    r"^([^:\n]*;ENCODING=QUOTED-PRINTABLE[^:\n]*:(?:[^\n]*=\n)+)", re.IGNORECASE | re.MULTILINE
)
_LINE = re.compile(r"^(?:([\w-]+)\.)?([A-Za-z-]+)((?:;(?:[^:;\"]|\"[^\"]*\")*)*):(.*)$")
_PARTS = re.compile(r"(?<!\\);")
_ESCAPED = re.compile(r"\\([\\;,:nN])")
_TYPE = re.compile(r"^(?:TYPE=)?\"?([\w,-]+)\"?$", re.IGNORECASE)
_LABEL = re.compile(r"^_\$!<(.*)>!\$_$")  # of Apple's own
_OF_NO_USE = frozenset("pref voice internet x400 msg type".split())  # types that tell nothing
_SHOWN = {
    "NICKNAME": "Nickname",
    "ORG": "Organization",
    "TITLE": "Job title",
    "ROLE": "Role",
    "TEL": "Phone",
    "EMAIL": "Email",
    "IMPP": "Messages",
    "ADR": "Address",
    "BDAY": "Birthday",
    "ANNIVERSARY": "Anniversary",
    "X-ABDATE": "Date",
    "RELATED": "Related",
    "X-ABRELATEDNAMES": "Related",
    "URL": "Web page",
    "CATEGORIES": "Groups",
    "NOTE": "Note",
}
_DATES = frozenset(("BDAY", "ANNIVERSARY", "X-ABDATE"))
_COMPACT_DATE = re.compile(r"^(\d{4})(\d\d)(\d\d)(?=$|T)")


def contact_lines(text: str) -> str:
    """Return what an address book says of each person under their name; pictures, keys and the like are left out.

    `text` has "\\n" at the end of its lines. What is nested in a contact (vCard 2.1) counts as a contact of its own.
    """
    text = _SOFT_BREAK.sub(lambda found: found[1].replace("=\n", ""), text)
    contacts: list[str] = []
    entries: list[tuple[str, str, str, str]] = []
    for line in _FOLD.sub("", text).split("\n"):
        found = _LINE.match(line.strip())
        if found is None:
            continue
        group, name, parameters, value = found[1] or "", found[2].upper(), found[3], found[4].strip()
        if name in ("BEGIN", "END"):
            if entries:
                contacts.append("\n".join(_shown(entries)))
            entries = []
        elif value:
            entries.append((group, name, parameters, value))
    if entries:  # a file that is cut off
        contacts.append("\n".join(_shown(entries)))
    return "\n\n".join(contact for contact in contacts if contact)


def _shown(entries: list[tuple[str, str, str, str]]) -> Iterator[str]:
    values = {name: _words(parameters, value) for _group, name, parameters, value in reversed(entries)}
    named = values.get("FN", "") or _of_parts(values.get("N", ""))
    labels = {group: _label(value) for group, name, _p, value in entries if name == "X-ABLABEL" and group}
    if named:
        yield f"## {named}\n"
    for shown_as, heading in _SHOWN.items():
        for group, name, parameters, value in entries:
            if name != shown_as or not (words := _value(name, _words(parameters, value))):
                continue
            kind = labels.get(group) or _kind(parameters)
            yield f"{heading} ({kind}): {words}" if kind else f"{heading}: {words}"


def _words(parameters: str, value: str) -> str:
    if "QUOTED-PRINTABLE" in parameters.upper():
        charset = re.search(r"CHARSET=\"?([\w-]+)", parameters, re.IGNORECASE)
        raw = quopri.decodestring(value.encode("utf-8", "replace"))
        try:
            return raw.decode(charset[1] if charset is not None else "utf-8", "replace")
        except LookupError:
            return raw.decode("utf-8", "replace")
    return value


def _value(name: str, words: str) -> str:
    if name in _DATES:
        return _COMPACT_DATE.sub(r"\1-\2-\3", words)
    if name in ("TEL", "IMPP", "RELATED"):
        words = re.sub(r"^(?:tel|sip|xmpp|urn:uuid):", "", words, flags=re.IGNORECASE)
    if name in ("ADR", "ORG"):
        words = ", ".join(part for part in (_plain(one) for one in _PARTS.split(words)) if part)
        return words
    return _plain(words)


def _of_parts(value: str) -> str:
    """Return a name that is given in parts: family, given, others, before, behind."""
    family, given, others, before, behind = (
        *(_plain(part) for part in _PARTS.split(value)[:5]),
        *("",) * 5,
    )[:5]
    return " ".join(part for part in (before, given, others, family, behind) if part)


def _plain(words: str) -> str:
    return " ".join(_ESCAPED.sub(lambda sign: " " if sign[1] in "nN" else sign[1], words).split())


def _label(value: str) -> str:
    return _LABEL.sub(r"\1", value).casefold()


def _kind(parameters: str) -> str:
    found = (_TYPE.match(one) for one in parameters.split(";")[1:])
    kinds = [kind for one in found if one is not None for kind in one[1].casefold().split(",")]
    return ", ".join(dict.fromkeys(kind for kind in kinds if kind not in _OF_NO_USE))
