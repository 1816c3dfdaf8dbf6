"""Text of a mail or a web page from its bytes: a label means what mail programs and browsers take it for (WHATWG's Encoding Standard)."""

from __future__ import annotations

import re

from chatbot_app.knowledge.formats.decoding import decode

# What is labelled so is written in its larger relative: 0x80 of "iso-8859-1" is a euro sign, "gb2312" holds traditional
# signs, "shift_jis" NEC's. https://encoding.spec.whatwg.org/#names-and-labels
_MEANT = {
    "ascii": "cp1252",
    "usascii": "cp1252",
    "ansix341968": "cp1252",
    "iso88591": "cp1252",
    "iso88591:1987": "cp1252",
    "latin1": "cp1252",
    "l1": "cp1252",
    "cp819": "cp1252",
    "windows1252": "cp1252",
    "iso88599": "cp1254",
    "latin5": "cp1254",
    "iso885911": "cp874",
    "tis620": "cp874",
    "iso88598i": "iso8859-8",
    "gb2312": "gb18030",
    "gb231280": "gb18030",
    "eucgb2312cn": "gb18030",
    "gbk": "gb18030",
    "xgbk": "gb18030",
    "cngb": "gb18030",
    "big5": "big5hkscs",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "xsjis": "cp932",
    "mskanji": "cp932",
    "iso2022jp": "iso2022_jp_ext",
    "euckr": "cp949",
    "ksc56011987": "cp949",
    "ksc5601": "cp949",
    "macintosh": "mac_roman",
    "xmaccyrillic": "mac_cyrillic",
    "unicode11utf8": "utf-8",
}
_SAYS_NOTHING = frozenset(
    {"", "ascii", "usascii", "ansix341968"}
)  # written by programs that do not know either
# Python's codecs that are no charsets.
_NO_CHARSETS = frozenset(
    {"punycode", "idna", "unicodeescape", "rawunicodeescape", "undefined", "mbcs", "oem"}
)
_NOT_ASCII = bytes(range(0x80, 0x100))
_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Bytes beyond ASCII that a language can be told by; in those of Latin letters they are few beside ASCII's.
_FEWEST_TO_TELL, _WESTERN_SHARE = 6, 4
_SIGNS = re.compile(r"[\s_\-.\"']+")
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:\-]{1,40})", re.IGNORECASE)
_META_WITHIN = 4_096  # bytes


def decode_labelled(data: bytes, label: str) -> str:
    """Return the text of bytes whose charset is named; where none is named, a wrong or an unknown one, by its bytes."""
    name = _SIGNS.sub("", label.lower())
    if name in _SAYS_NOTHING or name in _NO_CHARSETS:
        return _decode_unlabelled(data)
    encoding = _MEANT.get(name, label.strip(" \"'"))
    try:
        return data.decode(encoding)
    except (LookupError, ValueError):  # ValueError: of bytes, or of a label with a NUL
        pass
    if encoding == "cp1252":  # some of its places are empty
        return data.decode("cp1252", "replace")
    try:
        "".encode(encoding)
    except (LookupError, ValueError):
        return _decode_unlabelled(data)
    text = data.decode(encoding, "replace")
    # A few bytes are damaged, or the label is wrong.
    return text if text.count("\ufffd") * 50 < len(text) else _decode_unlabelled(data)


def _decode_unlabelled(data: bytes) -> str:
    strange = len(data) - len(data.translate(None, _NOT_ASCII))
    letters = len(data) - len(data.translate(None, _LETTERS))
    is_western = strange < _FEWEST_TO_TELL or strange * _WESTERN_SHARE < letters
    try:
        return data.decode("utf-8") if strange and is_western else decode(data)[0]
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def label_of_page(data: bytes) -> str:
    """Return the charset that a page of HTML names itself, "" where it names none."""
    found = _META.search(data[:_META_WITHIN])
    return found[1].decode("ascii", "replace") if found is not None else ""
