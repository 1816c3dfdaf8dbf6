"""The headers of a mail in words: folded lines, encoded words (RFC 2047) in any charset, names of people."""

from __future__ import annotations

import binascii
import quopri
import re
from email.message import Message
from email.utils import getaddresses

from chatbot_app.knowledge.formats.charsets import decode_labelled

_ENCODED = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=(?:\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=))?")
_FOLD = re.compile(r"\s+")
_LONGEST = 20_000  # characters of a header
_PEOPLE = (("From", "From"), ("To", "To"), ("Cc", "CC"))
_MOST_PEOPLE = 200


def header_lines(message: Message, label: str = "") -> str:
    """Return what is read of the headers, a line each: subject, people, date. Those that are missing or empty are left out.

    `label` is the charset of the mail's text: that of headers which were not encoded, too.
    """
    lines = [("Subject", subject_of(message, label))]
    lines += [(shown, _people(_raw(message, name, label))) for name, shown in _PEOPLE]
    lines.append(("Date", words_of(_raw(message, "Date", label))))
    return "\n".join(f"{name}: {words}" for name, words in lines if words)


def subject_of(message: Message, label: str = "") -> str:
    """Return the subject of a mail, "" where it has none."""
    return words_of(_raw(message, "Subject", label))


def words_of(value: str) -> str:
    """Return the value of a header on one line, its encoded words decoded."""
    pieces: list[str] = []
    waiting, charset = b"", ""  # a sign of several bytes may be cut between two encoded words
    end = 0
    for found in _ENCODED.finditer(value):
        label = found[1].partition("*")[0]  # RFC 2231: a language may follow
        if waiting and (found.start() > end or label.lower() != charset.lower()):
            pieces.append(decode_labelled(waiting, charset))
            waiting = b""
        pieces.append(value[end : found.start()])
        waiting, charset, end = waiting + _bytes_of(found[2], found[3]), label, found.end()
    if waiting:
        pieces.append(decode_labelled(waiting, charset))
    return _FOLD.sub(" ", "".join([*pieces, value[end:]])).strip()


def _bytes_of(coding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if coding in "qQ":
        return quopri.decodestring(data, header=True)
    try:
        return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        return data


def _raw(message: Message, name: str, label: str) -> str:
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            return text_of_raw(str(value), label)
    return ""


def text_of_raw(value: str, label: str = "") -> str:
    """Return a value of a header whose bytes beyond ASCII the parser has kept as lone surrogates."""
    value = value[:_LONGEST]
    if value.isascii():
        return value
    data = value.encode("utf-8", "surrogateescape")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return decode_labelled(data, label)


def _people(value: str) -> str:
    try:
        people = getaddresses([_FOLD.sub(" ", value)])[:_MOST_PEOPLE]
    except RecursionError:  # comments within comments without end
        people = []
    shown = [
        f'"{words}" <{address}>' if (words := words_of(person)) and words != address else address
        for person, address in people
        if address
    ]
    return ", ".join(shown) or words_of(value)
