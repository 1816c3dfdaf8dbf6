"""Mails as files (.eml): headers in words, the text that a mail program shows, and the mails that are attached.

Which part is the text is told by how parts are put together (RFC 2046); pages of HTML are read by kreuzberg, which would
put attachments in their base64 into the text and read no charset but a few where it read a mail whole.
"""

from __future__ import annotations

import email
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from email.policy import Compat32
from enum import StrEnum
from pathlib import Path

from chatbot_app.knowledge.formats.charsets import decode_labelled, label_of_page
from chatbot_app.knowledge.formats.content_lines import with_whole_characters
from chatbot_app.knowledge.formats.decoding import normal_lines
from chatbot_app.knowledge.formats.invitations import invitation_lines
from chatbot_app.knowledge.formats.mail_headers import header_lines, subject_of, text_of_raw, words_of
from chatbot_app.knowledge.formats.web_pages import without_head, without_pictures

ENDINGS = frozenset({".eml", ".msg", ".mbox"})
MOST_BYTES = 64 * 1024**2  # of a mail that is read whole: its attachments stand in it
_LONGEST_KIND = (
    4000  # characters of a header that says what a part is: Python reads it in the square of its length
)
_DEEPEST = 300  # parts within parts, and mails within mails
_MOST_NAMES = 50  # of attachments
_STUB_WORDS = 40  # "Your program cannot show this mail" is less, beside a page that says much more
_STUB_SHARE = 4
_ENRICHED = frozenset({"text/enriched", "text/richtext"})
_MARKUP = re.compile(r"<[^<>]*>")
_DASHES = re.compile(
    r'^--([^\s"\\-][^\r\n"\\]{0,68}?)[ \t]*\r?\n(?=content-[a-z-]{1,40}:|\r?\n)', re.IGNORECASE | re.MULTILINE
)
_NOT_READ = (("<style", "</style"), ("<script", "</script"), ("<!--", "-->"))
# Of the texts that a part without a name may be, those that are data for programs, and no mail program shows as they are.
_DATA = frozenset(
    (
        "xml",
        "x-amp-html",
        "css",
        "javascript",
        "json",
        "vcard",
        "x-vcard",
        "directory",
        "x-vcalendar",
        "rfc822-headers",
    )
)
_SIGNATURES = frozenset({"pkcs7-signature", "x-pkcs7-signature", "pgp-signature"})
_ENCRYPTED = ("application/pkcs7-mime", "application/x-pkcs7-mime")


class Form(StrEnum):
    """How a text of a mail is written."""

    PLAIN = "plain"
    PAGE = "page"  # of HTML
    INVITATION = "invitation"


@dataclass(frozen=True, slots=True)
class Written:
    """A text of a mail and how it is written."""

    form: Form
    text: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it is shown: `headers` a line each (`subject` among them), `texts` in their order, `attached` the mails in it.

    `is_encrypted`: its text is for its receiver alone.
    """

    subject: str
    headers: str
    texts: tuple[Written, ...]
    attached: tuple[Mail, ...] = ()
    is_encrypted: bool = False

    @property
    def has_pages(self) -> bool:
        """Whether any text is HTML."""
        return any(one.form is Form.PAGE for one in self.texts) or any(one.has_pages for one in self.attached)

    def as_text(self, read_page: Callable[[str], str]) -> str:
        """Return headers and texts, apart by empty lines; `read_page` returns a page of HTML as Markdown."""
        parts = [self.headers]
        for one in self.texts:
            if one.form is Form.PAGE:
                parts.append(without_pictures(read_page(without_head(one.text))))
            else:
                parts.append(one.text)
        parts += [one.as_text(read_page) for one in self.attached]
        return "\n\n".join(part.strip("\n").rstrip() for part in parts if part.strip())


def read_mail(path: Path) -> Mail | None:
    """Return a mail; None where a file is no .eml, is too large, or has parts within parts without end. Raises OSError."""
    if path.suffix.lower() != ".eml" or path.stat().st_size > MOST_BYTES:
        return None
    return mail_of_bytes(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))


def mail_of_bytes(data: bytes) -> Mail | None:
    """Return a mail as it was sent; None where it has parts within parts without end."""
    try:
        return _mail_of(email.message_from_bytes(data.lstrip(b"\r\n"), policy=_BOUNDED), 0)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError):
        return None


class _Bounded(Compat32):
    """The older policy, for the newer one's parser of headers stumbles over what strangers write there."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_KIND] if name.lower().startswith("content-") else value


_BOUNDED = _Bounded()


def _mail_of(message: Message, depth: int) -> Mail:
    for part in _parts_of(message):
        _part_by_its_own_boundary(part)
    texts = _texts_of(message, depth, is_root=True)
    if not texts and not message.is_multipart() and message.get_content_maintype() == "text":
        texts = [_written(message)]  # a file that was sent alone
    label = next((one.get_content_charset() or "" for one in _parts_of(message) if _is_text(one)), "")
    names = _names_of(message, label)
    headers = header_lines(message, label)
    if names:
        headers = f"{headers}\nAttachments: {', '.join(names)}".strip()
    attached = tuple(_mail_of(inner, depth + 1) for inner in _attached_to(message) if depth < _DEEPEST)
    kept = tuple(one for one in texts if one.text.strip())
    return Mail(subject_of(message, label), headers, kept, attached, _is_encrypted(message))


def _part_by_its_own_boundary(part: Message) -> None:
    """Let the parts of what says no boundary, or a wrong one, be those that its first line of dashes parts."""
    text = part.get_payload()
    if part.get_content_maintype() != "multipart" or not isinstance(text, str):
        return
    if (found := _DASHES.search(text)) is not None:
        head = f'Content-Type: {part.get_content_type()}; boundary="{found[1]}"\n\n'
        if children := _children(email.message_from_string(head + text, policy=_BOUNDED)):
            part.set_payload(list[Message | str](children))


def _texts_of(part: Message, depth: int, *, is_root: bool = False) -> list[Written]:
    """Return what a mail program shows of a part; the root is the only part of a mail, or all of it."""
    kind = part.get_content_type()
    if not part.is_multipart():
        return [_written(part)] if _is_shown(part, is_root=is_root) else []
    if kind.startswith("message/") or depth > _DEEPEST:
        return []
    children = [_texts_of(child, depth + 1) for child in _children(part)]
    if kind == "multipart/alternative":
        return _best_of(children)
    if kind in ("multipart/related", "multipart/signed"):
        return next((texts for texts in children if texts), [])  # what comes behind it belongs to it
    return _with_each_event_once(text for texts in children for text in texts)


def _is_shown(part: Message, *, is_root: bool) -> bool:
    kind = part.get_content_type()
    if kind == "text/calendar":
        return True
    if part.get_content_disposition() == "attachment" or kind == "text/rfc822-headers":
        return False
    if not is_root and (part.get_content_subtype() in _DATA or kind.endswith("+xml")):
        return False
    # What is a mail's only part is its text, named or not; one of several parts without a boundary is text, too.
    return part.get_content_maintype() in ("text", "multipart") and (is_root or not part.get_filename())


def _written(part: Message) -> Written:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    label = part.get_content_charset() or ""
    kind = part.get_content_type()
    if kind == "text/html":
        return Written(Form.PAGE, normal_lines(decode_labelled(data, label or label_of_page(data))))
    if kind == "text/calendar":
        text = normal_lines(decode_labelled(with_whole_characters(data), label))
        return Written(Form.INVITATION, invitation_lines(text))
    text = normal_lines(decode_labelled(data, label))
    if kind in _ENRICHED:
        text = _MARKUP.sub("", text)
    return Written(Form.PLAIN, text)


def _best_of(children: list[list[Written]]) -> list[Written]:
    """Return the plain one of some forms of the same text, where it says it; an invitation adds when and where."""
    forms = [[one for one in texts if one.text.strip()] for texts in children]
    plain = next((texts for texts in forms if any(one.form is Form.PLAIN for one in texts)), [])
    page = next((texts for texts in forms if any(one.form is Form.PAGE for one in texts)), [])
    invitations = [one for texts in forms for one in texts if one.form is Form.INVITATION]
    chosen = page if page and (not plain or _is_stub(plain, page)) else plain
    return [*(one for one in chosen if one.form is not Form.INVITATION), *invitations[:1]]


def _is_stub(plain: list[Written], page: list[Written]) -> bool:
    words = sum(len(one.text.split()) for one in plain)
    return words < _STUB_WORDS and _STUB_SHARE * words < sum(_count_words(one.text) for one in page)


def _count_words(page: str) -> int:
    """Return about how many words a page of HTML shows; linear in whatever a stranger wrote."""
    lower = page.lower()
    if len(lower) != len(page):
        lower = page
    words = place = 0
    while (opens := lower.find("<", place)) >= 0:
        words += len(page[place:opens].split())
        ends = next((end for begin, end in _NOT_READ if lower.startswith(begin, opens)), ">")
        closes = lower.find(ends, opens + 1)
        if closes < 0:
            return words
        place = closes if ends[0] == "<" else closes + len(ends)
    return words + len(page[place:].split())


def _with_each_event_once(texts: Iterator[Written]) -> list[Written]:
    """Return texts in their order; an invitation comes as a text and as a file."""
    kept: list[Written] = []
    known: set[Written] = set()
    for one in texts:
        if one.form is not Form.INVITATION or one not in known:
            kept.append(one)
            known.add(one)
    return kept


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _parts_of(message: Message) -> Iterator[Message]:
    """Yield the parts of a mail, not those of the mails in it."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        yield part
        if not part.get_content_type().startswith("message/"):
            waiting += reversed(_children(part))


def _attached_to(message: Message) -> Iterator[Message]:
    for part in _parts_of(message):
        if part.get_content_type() == "message/rfc822":
            coding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
            yield from map(_from_base64, _children(part)) if coding == "base64" else _children(part)


def _from_base64(attached: Message) -> Message:
    """Return an attached mail that was sent in base64, against RFC 2046: it was parsed as a text without headers."""
    if attached.keys() or attached.is_multipart():
        return attached
    attached["Content-Transfer-Encoding"] = "base64"
    data = attached.get_payload(decode=True)
    return email.message_from_bytes(data, policy=_BOUNDED) if isinstance(data, bytes) else attached


def _is_text(part: Message) -> bool:
    return part.get_content_maintype() == "text"


def _names_of(message: Message, label: str) -> list[str]:
    """Return the names of what is attached; pictures within a page and signatures are none."""
    if _is_encrypted(message):
        return []
    names: list[str] = []
    for part in _parts_of(message):
        name = _name_of(part, label)
        is_within = part.get("Content-ID") is not None and part.get_content_disposition() != "attachment"
        is_body = part is message and _is_text(part) and part.get_content_disposition() != "attachment"
        is_signature = part.get_content_subtype() in _SIGNATURES
        if name and not (is_within or is_body or is_signature or part.is_multipart()):
            names.append(words_of(name))
    return list(dict.fromkeys(name for name in names if name))[:_MOST_NAMES]


def _name_of(part: Message, label: str) -> str:
    """Return the name of a part, also where its bytes beyond ASCII were not encoded."""
    headers = Message()
    for key, value in part.raw_items():
        if key.lower() in ("content-disposition", "content-type"):
            headers[key] = text_of_raw(str(value), label)
    return headers.get_filename("")


def _is_encrypted(message: Message) -> bool:
    kind = message.get_content_type()
    if kind == "multipart/encrypted":
        return True
    return kind in _ENCRYPTED and "signed" not in str(message.get_param("smime-type") or "")
