"""Address books (vCard 2.1, 3.0 and 4.0; RFC 6350) as Markdown: a heading for each person, and a line for each entry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chatbot_app.knowledge.formats.content_lines import ContentLine, content_lines, parts_of, unescaped

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

    What is nested in a contact (vCard 2.1) counts as a contact of its own.
    """
    contacts: list[str] = []
    entries: list[ContentLine] = []
    for line in content_lines(text):
        if line.name in ("BEGIN", "END"):
            if entries:
                contacts.append("\n".join(_shown(entries)))
            entries = []
        elif line.value:
            entries.append(line)
    if entries:  # a file that is cut off
        contacts.append("\n".join(_shown(entries)))
    return "\n\n".join(contact for contact in contacts if contact)


def _shown(entries: Sequence[ContentLine]) -> Iterator[str]:
    values = {entry.name: entry.value for entry in reversed(entries)}
    named = values.get("FN", "") or _of_parts(values.get("N", ""))
    labels = {
        entry.group: _label(entry.value) for entry in entries if entry.name == "X-ABLABEL" and entry.group
    }
    if named:
        yield f"## {named}\n"
    for shown_as, heading in _SHOWN.items():
        for entry in entries:
            if entry.name != shown_as or not (words := _words(entry)):
                continue
            kind = labels.get(entry.group) or _kind(entry)
            yield f"{heading} ({kind}): {words}" if kind else f"{heading}: {words}"


def _words(entry: ContentLine) -> str:
    if entry.name in _DATES:
        return _COMPACT_DATE.sub(r"\1-\2-\3", entry.value)
    if entry.name in ("ADR", "ORG"):
        return ", ".join(part for part in map(_plain, parts_of(entry.value)) if part)
    if entry.name in ("TEL", "IMPP", "RELATED"):
        return _plain(re.sub(r"^(?:tel|sip|xmpp|urn:uuid):", "", entry.value, flags=re.IGNORECASE))
    return _plain(entry.value)


def _of_parts(value: str) -> str:
    """Return a name that is given in parts: family, given, others, before, behind."""
    family, given, others, before, behind = (*map(_plain, parts_of(value)[:5]), *("",) * 5)[:5]
    return " ".join(part for part in (before, given, others, family, behind) if part)


def _plain(words: str) -> str:
    return " ".join(unescaped(words).split())


def _label(value: str) -> str:
    return _LABEL.sub(r"\1", value).casefold()


def _kind(entry: ContentLine) -> str:
    kinds = [kind for types in entry.parameters.get("TYPE", ()) for kind in types.casefold().split(",")]
    told = (kind for kind in kinds if re.fullmatch(r"[\w-]+", kind) and kind not in _OF_NO_USE)
    return ", ".join(dict.fromkeys(told))
