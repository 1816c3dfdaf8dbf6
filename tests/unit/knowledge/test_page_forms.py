"""Forms of web pages are read as a person sees them."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.knowledge.formats.page_forms import with_form_values
from chatbot_app.knowledge.formats.reading import parse_file

SIZE = 2_000_000  # bytes: what takes more than linear time takes longer than a test may


def read(folder: Path, page: str) -> str:
    (path := folder / "form.html").write_text(page, "utf-8")
    return parse_file(path).text


@pytest.mark.parametrize(
    ("field", "seen"),
    [
        ('Name <input type="text" value="Maria Oduya">', "Name Maria Oduya"),
        ("Name:<INPUT VALUE='5 > 4 &amp; *more*'/>.", "Name: 5 > 4 & *more*."),
        ("Name <input value=Ada>ends", "Name Ada ends"),
        ('Key <input type="hidden" value="t123">.', "Key ."),
        ('Key <input type="password" value="s3cret">.', "Key ."),
        ('Key <input type="submit" value="Send">.', "Key ."),
        ('Key <input value="unseen" style="display: none">.', "Key ."),
        ('Town <input placeholder="your town">.', "Town ."),
        ('<input type="checkbox" checked> News <input type="checkbox"> Adverts', "☒ News ☐ Adverts"),
        ("<input type=radio>Meat <input type=radio checked=''>Rice", "☐ Meat ☒ Rice"),
        ("From <select><option>Peru<option selected>Kenya</select>!", "From Kenya!"),
        ("From <select><option>Peru</option><option>Kenya</option></select>!", "From Peru!"),
        (
            "<select multiple><option selected>red</option><option>green</option><option selected>blue</option></select>",
            "red, blue",
        ),
        ("<input value=one><input value=two><select></select>", "one two"),
        ("None <select multiple><option>red</option></select>!", "None !"),
    ],
)
def test_fields_are_what_is_seen_of_them(tmp_path: Path, field: str, seen: str) -> None:
    assert read(tmp_path, f"<p>Form</p><form action='/x'><p>{field}</p></form>") == f"Form\n\n{seen}"


def test_lines_of_a_text_and_cells_of_a_table_keep_their_places(tmp_path: Path) -> None:
    page = (
        "<form><textarea>\nGround floor\n&lt;or lift&gt;</textarea><table><tr><th>Day<th>Hours</tr>"
        "<tr><td>Monday<td><input value='7.5'></tr></table></form>"
    )
    text = read(tmp_path, page)
    assert "Ground floor\n<or lift>" in text
    assert "| Monday | 7.5   |" in text


def test_forms_in_mails_are_read(tmp_path: Path) -> None:
    path = tmp_path / "order.eml"
    path.write_text(
        "From: a@b.example\nSubject: Order\nContent-Type: text/html\n\n<form><p>Size <input value=XL></p></form>"
    )
    assert parse_file(path).text.endswith("Size XL")


@pytest.mark.parametrize(
    "part",
    [
        "<input ",
        "<form>",
        "<select>",
        "<textarea>",
        "<select><option>",
        "<input a='",
        '<input a="b',
        "<input    =",
        "<option ",
    ],
)
def test_pages_of_strangers_take_linear_time(part: str) -> None:
    assert len(with_form_values(part * (SIZE // len(part)))) <= 2 * SIZE
