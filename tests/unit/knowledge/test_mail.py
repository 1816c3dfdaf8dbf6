"""Mails are read line by line, their headers, plain text and HTML."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from chatbot_app.core.documents import BlockKind
from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.formats.refusals import DocumentDamaged
from tests.unit.knowledge.outlook_mails import outlook_mail

HEADERS = (
    "From: Ada <ada@engine.example>\nTo: Charles <charles@engine.example>\nSubject: R&D\nMIME-Version: 1.0\n"
)
READ = 'Subject: R&D\nFrom: "Ada" <ada@engine.example>\nTo: "Charles" <charles@engine.example>'
HTML = (
    "<html><head><style>p{color:red}</style></head><body><p>Dear Charles,</p><ul><li>it runs &amp; runs</li></ul>"
    "<table><tr><th>Mill</th><th>Output</th></tr><tr><td>Ulm</td><td>500</td></tr></table><p>Gr&uuml;&szlig;e<br>Ada</p></body></html>"
)


def read(folder: Path, source: str, encoding: str = "utf-8") -> str:
    path = folder / "mail.eml"
    path.write_bytes(source.encode(encoding))
    return parse_file(path).text


def test_plain_text_keeps_its_lines_and_signs(tmp_path: Path) -> None:
    body = "Dear Charles,\n\n- it runs & runs\n- C:\\.config is *not* read\n> quoted\n\nBest\nAda"
    assert read(tmp_path, f"{HEADERS}Content-Type: text/plain\n\n{body}\n") == f"{READ}\n\n{body}"


@pytest.mark.parametrize(
    ("charset", "encoding"), [("utf-8", "utf-8"), ("iso-8859-1", "latin-1"), ("nobody-knows", "utf-8")]
)
def test_html_alone_is_read_as_a_page(tmp_path: Path, charset: str, encoding: str) -> None:
    text = read(tmp_path, f"{HEADERS}Content-Type: text/html; charset={charset}\n\n{HTML}\n", encoding)

    assert text.startswith(f"{READ}\n\nDear Charles,\n\n- it runs & runs\n\n| Mill | Output |")
    assert text.endswith("Grüße\nAda")


def test_of_two_forms_the_plain_one_is_read(tmp_path: Path) -> None:
    source = (
        f"{HEADERS}Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nIt runs.\nAda\n\n"
        f"--b\nContent-Type: text/html\n\n{HTML}\n--b--\n"
    )
    assert read(tmp_path, source) == f"{READ}\n\nIt runs.\nAda"


def test_html_with_an_attached_text_is_read(tmp_path: Path) -> None:
    source = (
        f"{HEADERS}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>One</p><p>Two</p>\n"
        "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=notes.txt\n\nAttached\n--b--\n"
    )
    assert read(tmp_path, source) == f"{READ}\nAttachments: notes.txt\n\nOne\n\nTwo"


def test_parts_within_parts_without_end_are_read_all_the_same(tmp_path: Path) -> None:
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(2000))
    assert "R&D" in read(tmp_path, f"{HEADERS}{nested}Content-Type: text/html\n\n<p>Deep</p>\n")


PICTURE = f"Content-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\n{'iVBORw0K' * 40}\n"
INNER = "From: Eve <eve@x.example>\nSubject: Inner\nMIME-Version: 1.0\nContent-Type: text/html\n\n<p>Inner</p><p>words</p>\n"
INNER_READ = 'Subject: Inner\nFrom: "Eve" <eve@x.example>\n\nInner\n\nwords'
EVENT = (
    "Content-Type: text/calendar; method=REQUEST; charset=utf-8\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Board\n  meeting\\, July\n"
    'ORGANIZER;CN="Ada":mailto:ada@engine.example\nDTSTART;TZID=Europe/Berlin:20260706T100000\nDTEND:20260706T090000Z\n'
    "BEGIN:VALARM\nDESCRIPTION:Wake\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n"
)
EVENT_READ = (
    "Event: Board meeting, July\nBegins: 2026-07-06 10:00 (Europe/Berlin)\nEnds: 2026-07-06 09:00 UTC\n"
    'Organizer: "Ada" <ada@engine.example>'
)


def parts(*parts: str, kind: str = "mixed", boundary: str = "b") -> str:
    inside = "".join(f"--{boundary}\n{part}" for part in parts)
    return f"Content-Type: multipart/{kind}; boundary={boundary}\n\n{inside}--{boundary}--\n"


def page(*lines: str) -> str:
    return "Content-Type: text/html\n\n" + "".join(f"<p>{line}</p>" for line in lines) + "\n"


def plain(text: str) -> str:
    return f"Content-Type: text/plain\n\n{text}\n"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (PICTURE, "\nAttachments: a.png"),
        ("Content-Type: text/html\n\n<img src='cid:a' alt=''>\n", ""),
        (parts(page("One"), PICTURE + "\n", kind="related"), "\nAttachments: a.png\n\nOne"),
        (parts(page("One"), f"Content-ID: <a>\n{PICTURE}", kind="related"), "\n\nOne"),
        (parts(page("One"), PICTURE, page("Two")), "\nAttachments: a.png\n\nOne\n\nTwo"),
        (parts(plain("One"), PICTURE, plain("Two")), "\nAttachments: a.png\n\nOne\n\nTwo"),
        (parts(plain("x"), plain("x")), "\n\nx\n\nx"),
        (parts(page("Outer"), f"Content-Type: message/rfc822\n\n{INNER}"), f"\n\nOuter\n\n{INNER_READ}"),
        (
            parts(PICTURE, f"Content-Type: message/rfc822\n\n{INNER}"),
            f"\nAttachments: a.png\n\n{INNER_READ}",
        ),
        (parts(page("One", "Two"), "Content-Type: application/pkcs7-signature; name=s\n\nMIAG\n", kind="signed"), "\n\nOne\n\nTwo"),
        (parts(plain("It is a call."), page("It is a call"), EVENT, kind="alternative"), f"\n\nIt is a call.\n\n{EVENT_READ}"),
        (parts(plain("A call."), EVENT, EVENT.replace("\n\n", "\nContent-Disposition: attachment; filename=i.ics\n\n", 1)), f"\nAttachments: i.ics\n\nA call.\n\n{EVENT_READ}"),
        (EVENT, f"\n\n{EVENT_READ}"),
        (parts(plain("Your program shows no pages."), page(*["An invoice of 400 euros is due."] * 9), kind="alternative"), "\n\n" + "\n\n".join(["An invoice of 400 euros is due."] * 9)),
        (parts(plain(" "), page("One"), kind="alternative"), "\n\nOne"),
        (
            parts(parts(plain("Alt"), page("Alt"), kind="alternative", boundary="c"), "Content-Type: application/pdf; name=r.pdf\n\nJVBERi0=\n"),
            "\nAttachments: r.pdf\n\nAlt",
        ),
        ("Content-Type: text/html; name=body.html\n\n<p>Named</p><p>body</p>\n", "\n\nNamed\n\nbody"),
        ("Content-Type: text/plain\nContent-Disposition: attachment; filename=n.txt\n\nNotes\n", "\nAttachments: n.txt\n\nNotes"),
        ("Content-Type: application/pdf; name=r.pdf\n\nJVBERi0=\n", "\nAttachments: r.pdf"),
        ("", ""),
        ("Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\nIt is=\n soft =E2=82=AC A=3DB=\n\nTwo\n", "\n\nIt is soft € A=B\nTwo"),
        ("Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPHA+T25lPC9wPjxwPlR3bzwvcD\n", "\n\nOne\n\nTwo"),
        ("Content-Type: text/html\n\n<html><head><title>\nMine\n</title><meta name=description content=d></head><p>One</p>\n", "\n\nOne"),
        ("Content-Type: multipart/mixed\n\nJust words.\n", "\n\nJust words."),
        ("Content-Type: multipart/alternative\n" + parts(plain("One"), page("<p>Two</p>")).partition("\n")[2], "\n\nOne"),
        (parts(plain("One"), "Content-Type: application/zip; name=a.zip\n\nUEsD\n").replace("boundary=b", "boundary=c", 1), "\nAttachments: a.zip\n\nOne"),
        (parts(plain("One")).replace("boundary=b", 'boundary="c"', 1) + "\n-- \nAda\n", "\n\nOne"),
        (parts(plain("One"), f"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{b64encode(INNER.encode()).decode()}\n"), f"\n\nOne\n\n{INNER_READ}"),
        (parts(plain("One"), f"Content-Type: message/rfc822\nContent-Transfer-Encoding: Base64\n\n{INNER}"), f"\n\nOne\n\n{INNER_READ}"),
        (parts(plain("One"), "Content-Type: text/xml\n\n<a><b>1</b></a>\n", "Content-Type: text/vcard\n\nBEGIN:VCARD\n"), "\n\nOne"),
        (parts("Content-Type: text/x-amp-html\n\n<p>One</p>\n", page("Two"), kind="alternative"), "\n\nTwo"),
        (parts(plain("One"), 'Content-Type: application/pdf; name="Größe.pdf"\n\nJVBERi0=\n'), "\nAttachments: Größe.pdf\n\nOne"),
        (parts(plain("One"), "Content-Type: application/pdf\nContent-Disposition: attachment;\n filename*0*=utf-8''Gr%C3%B6;\n filename*1*=%C3%9Fe.pdf\n\nJVBERi0=\n"), "\nAttachments: Größe.pdf\n\nOne"),
    ],
)  # fmt: skip
def test_the_text_that_a_mail_program_shows_is_read(tmp_path: Path, source: str, text: str) -> None:
    assert read(tmp_path, f"{HEADERS}{source}") == f"{READ}{text}"


@pytest.mark.parametrize("source", ["Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nMIAG\n", parts("Content-Type: application/octet-stream; name=a.asc\n\nabc\n", kind="encrypted")])  # fmt: skip
def test_of_an_encrypted_mail_the_headers_are_read_and_it_is_said(tmp_path: Path, source: str) -> None:
    path = tmp_path / "mail.eml"
    path.write_text(HEADERS + source, "utf-8")
    parsed = parse_file(path)
    assert parsed.text == READ
    assert parsed.warnings == ("Its text is encrypted, so that only its headers are read.",)


@pytest.mark.parametrize(
    ("label", "encoding", "text"),
    [
        ("iso-8859-1", "cp1252", "5 € – “Grüße”"),
        ("US-ASCII", "cp1252", "5 € grüße"),
        ("", "utf-8", "5 € Grüße"),
        ("", "cp1252", "Grüße an Käthe und Jürgen"),
        ("x-unknown", "utf-8", "5 € Grüße"),
        ("koi8-r", "koi8-r", "Привет, мир"),
        ("gb2312", "gbk", "你好，世界 镕"),
        ("shift_jis", "cp932", "こんにちは①"),
        ("iso-2022-jp", "iso-2022-jp", "こんにちは世界"),
        ("euc-kr", "cp949", "안녕하세요 똠"),
        ("unicode_escape", "utf-8", r"C:\x41 stays"),
        ("utf-8", "cp1252", "Grüße an Käthe, Jürgen, Zoë"),
    ],
)
def test_a_charset_is_what_mail_programs_take_its_label_for(
    tmp_path: Path, label: str, encoding: str, text: str
) -> None:
    named = f"; charset={label}" if label else ""
    for kind, written, shown in (("plain", text, text), ("html", f"<p>{text}</p><p>x</p>", f"{text}\n\nx")):
        head = f"{HEADERS}Content-Type: text/{kind}{named}\nContent-Transfer-Encoding: 8bit\n\n".encode()
        (tmp_path / "mail.eml").write_bytes(head + written.encode(encoding) + b"\n")
        assert parse_file(tmp_path / "mail.eml").text == f"{READ}\n\n{shown}"


def test_a_page_may_name_its_charset_itself(tmp_path: Path) -> None:
    source = (
        f'{HEADERS}Content-Type: text/html\n\n<html><head><meta charset="windows-1251"></head><p>Привет</p>\n'
    )
    assert read(tmp_path, source, "cp1251") == f"{READ}\n\nПривет"


def test_headers_are_unfolded_and_decoded(tmp_path: Path) -> None:
    source = (
        "\ufeffFrom: =?utf-8?Q?J=C3=BCrgen_M=C3=BCller=2C_Ulm?= <j@x.example>\n"
        'To: =?iso-8859-1?Q?K=E4the?= <k@x.example>,\n Max <m@x.example>, z@y.example\nCC: "Roe, R." <r@x.example>\n'
        "Subject: =?utf-8?B?R3LDvMOf?=\n =?utf-8?B?ZSDigqw=?= and =?iso-8859-1*de?Q?5_=80?=\n folded =?utf-8?B?w7w?=\n"
        "Date: Mon, 6 Jul 2026 10:00:00 +0200\nContent-Type: text/plain\n\nOne\n"
    )
    assert read(tmp_path, source) == (
        'Subject: Grüße € and 5 € folded ü\nFrom: "Jürgen Müller, Ulm" <j@x.example>\n'
        'To: "Käthe" <k@x.example>, "Max" <m@x.example>, z@y.example\nCC: "Roe, R." <r@x.example>\n'
        "Date: Mon, 6 Jul 2026 10:00:00 +0200\n\nOne"
    )
    raw = "Subject: Grüße\nTo: Käthe <k@x.example>\nContent-Type: text/plain; charset=iso-8859-1\n\nÜber\n"
    assert read(tmp_path, raw, "latin-1") == 'Subject: Grüße\nTo: "Käthe" <k@x.example>\n\nÜber'


def test_mails_of_strangers_are_read_in_linear_time(tmp_path: Path) -> None:
    people = ", ".join(f"a{n} <a{n}@x.example>" for n in range(20_000))
    odd = f"To: {people}\nCc: {'(' * 50_000}\nSubject: {'=?a?q?' * 50_000}\n"
    source = odd + parts(
        plain("hi"), "Content-Type: text/html\n\n" + "<style>" * 100_000 + "\n", kind="alternative"
    )
    assert read(tmp_path, source).endswith("\n\nhi")
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(100))
    assert read(tmp_path, f"{HEADERS}{nested}{plain('Deep')}") == f"{READ}\n\nDeep"
    large = (
        "Content-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\n"
        + ("QUJD" * 19 + "\n") * 40_000
    )
    assert read(tmp_path, HEADERS + parts(page("One"), large)) == f"{READ}\nAttachments: a.zip\n\nOne"
    long = 'a="b;";' * 400_000  # Python reads the parameters of a part in the square of their length
    assert read(tmp_path, f"{HEADERS}Content-Type: text/plain; {long}\n\nOne") == f"{READ}\n\nOne"
    assert read(tmp_path, HEADERS + parts(f"Content-Type: text/plain; {long}\n\nOne\n")) == f"{READ}\n\nOne"


def test_the_title_of_a_mail_is_its_subject(tmp_path: Path) -> None:
    path = tmp_path / "4711_x.eml"
    path.write_text("Subject: =?utf-8?Q?Gr=C3=B6=C3=9Fe?=\n of the pump\n\nIt runs.\n", "utf-8")
    assert parse_file(path).title == "Größe of the pump"
    path.write_text("From: ada@engine.example\nSubject: \n\nIt runs.\n", "utf-8")
    assert parse_file(path).title == "4711 x"
    path.write_text(f"Subject: {'pump ' * 100}\n\nIt runs.\n", "utf-8")
    assert parse_file(path).title == ("pump " * 40).strip()


def test_a_mail_of_outlook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mail.msg"
    fields = {0x001A: "IPM.Note", 0x0037: "Größe", 0x0C1A: "Ada", 0x0C1F: "ada@engine.example"}
    path.write_bytes(outlook_mail({**fields, 0x1000: "Dear Charles,\r\n\r\nit runs & runs.\r\n"}))
    parsed = parse_file(path)
    head = 'Subject: Größe\nFrom: "Ada" <ada@engine.example>'
    assert (parsed.title, parsed.text, parsed.warnings) == (
        "Größe",
        f"{head}\n\nDear Charles,\n\nit runs & runs.",
        (),
    )
    path.write_bytes(outlook_mail(fields))  # its text is a page, or RTF, alone
    parsed = parse_file(path)
    assert parsed.text == head
    assert parsed.warnings == (
        "Only its headers could be read. If it shows a text, save it as .eml in its mail program and import that.",
    )
    path.write_bytes(b"no mail of Outlook")
    with pytest.raises(DocumentDamaged):
        parse_file(path)


FROM = "From - Mon Jul 06 10:00:00 2026\n"


def mailbox(folder: Path, source: str, name: str = "Inbox.mbox") -> Path:
    path = folder / name
    path.write_text(source, "utf-8")
    return path


def test_a_long_line_begins_no_mail_and_takes_no_time(tmp_path: Path) -> None:
    line = "From x" + "12:001234" * 50_000
    assert line in parse_file(mailbox(tmp_path, f"{FROM}{HEADERS}\nIt runs.\n\n{line}x\n")).text


def test_each_mail_of_a_mailbox_is_a_section_with_its_subject(tmp_path: Path) -> None:
    source = (
        f"{FROM}{HEADERS}\nIt runs.\n>From Ulm it is sent.\nFrom here on it is yours.\n\n"
        f"From ada@x.example Sat Jan  3 01:05:34 1996\nSubject: Mill\n{page('One', 'Two')}\n"
        f"{FROM}From: ada@x.example\n\nNo subject.\n"
    )
    for name in ("Inbox.mbox", "mbox"):  # Apple keeps it as a folder with a file of the second name
        parsed = parse_file(mailbox(tmp_path, source, name))
        assert parsed.text == (
            f"{READ}\n\nIt runs.\nFrom Ulm it is sent.\nFrom here on it is yours.\n\n\n"
            "Subject: Mill\n\nOne\n\nTwo\n\n\nFrom: ada@x.example\n\nNo subject."
        )
        assert [
            (block.heading_path[0], parsed.text[block.start : block.end])
            for block in parsed.blocks
            if block.kind is BlockKind.HEADING
        ] == [
            ("R&D", "Subject: R&D"),
            ("Mill", "Subject: Mill"),
            ("From: ada@x.example", "From: ada@x.example"),
        ]
        assert [
            block.heading_path for block in parsed.blocks if parsed.text[block.start : block.end] == "Two"
        ] == [("Mill",)]
    assert parse_file(mailbox(tmp_path, source)).title == "Inbox"


def test_a_mailbox_without_mails_says_so_and_a_large_one_is_read_at_once(tmp_path: Path) -> None:
    with pytest.raises(DocumentDamaged, match="no mail was found"):
        parse_file(mailbox(tmp_path, "From here on there are no mails.\n\nNone.\n"))
    many = "".join(f"{FROM}Subject: R{n}\n\nIt runs {n}.\n\n" for n in range(2000))
    parsed = parse_file(mailbox(tmp_path, f"{many}{FROM}\n"))
    assert parsed.text.endswith("Subject: R1999\n\nIt runs 1999.")
    assert parsed.warnings == ("1 of its mails could not be read.",)
