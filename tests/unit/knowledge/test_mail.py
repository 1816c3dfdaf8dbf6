"""Mails are read line by line, their headers, plain text and HTML."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.knowledge.formats.reading import parse_file

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
    assert read(tmp_path, source) == f"{READ}\n\nOne\n\nTwo"


def test_parts_within_parts_without_end_are_read_all_the_same(tmp_path: Path) -> None:
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(2000))
    assert "R&D" in read(tmp_path, f"{HEADERS}{nested}Content-Type: text/html\n\n<p>Deep</p>\n")
