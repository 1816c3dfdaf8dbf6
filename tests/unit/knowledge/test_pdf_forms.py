"""What a person filled in on a PDF is read where it is seen: behind its label, in its cell, or at the end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.formats.refusals import DocumentNeedsOcr
from tests.unit.knowledge.test_hostile_files import pdf, stream

APPEARS = b"/AP<</N<</On 5 0 R/Off 5 0 R>>>>"


def label(x: int, y: int, words: str) -> bytes:
    return b"BT /F 10 Tf %d %d Td (%s) Tj ET\n" % (x, y, words.encode())


def rect(x: int, y: int, width: int = 150, height: int = 14) -> bytes:
    return b"/Rect[%d %d %d %d]" % (x, y - 3, x + width, y - 3 + height)


def text_field(x: int, y: int, value: str, more: bytes = b"", **size: int) -> bytes:
    return b"/Subtype/Widget/FT/Tx/T(n%d%d)/V(%s)%s%s" % (x, y, value.encode(), rect(x, y, **size), more)


def box(x: int, y: int, state: str) -> bytes:
    return b"/Subtype/Widget/FT/Btn/T(b%d%d)/V/%s/AS/%s%s%s" % (
        x,
        y,
        *[state.encode()] * 2,
        rect(x, y, 10),
        APPEARS,
    )


def form(drawn: bytes, annotations: Sequence[bytes], page: bytes = b"", fields: bool = True) -> bytes:
    numbers = b" ".join(b"%d 0 R" % (7 + place) for place in range(len(annotations)))
    catalog = b"/AcroForm<</Fields[%s]/DA(/F 10 Tf)>>" % numbers if fields else b""
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Annots[%s]%s/Resources<</Font<</F 6 0 R>>>>>>"
            % (numbers, page),
            stream(drawn),
            stream(b"", b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]"),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            *(b"<</Type/Annot%s>>" % one for one in annotations),
        ]
    )


def read(
    folder: Path, drawn: bytes, annotations: Sequence[bytes], page: bytes = b"", fields: bool = True
) -> str:
    path = folder / "form.pdf"
    path.write_bytes(form(drawn, annotations, page, fields))
    return parse_file(path).text


def test_values_stand_behind_their_labels_and_boxes_before_theirs(tmp_path: Path) -> None:
    drawn = (
        label(50, 700, "Name:")
        + label(50, 670, "Dog in the house:")
        + label(170, 670, "yes")
        + label(220, 670, "no")
    )
    drawn += label(50, 640, "Sent within a fortnight.")
    fields = [text_field(120, 700, "Annelies Zurbriggen"), box(155, 670, "On"), box(205, 670, "Off")]
    assert read(tmp_path, drawn, fields).split("\n") == [
        "Name: Annelies Zurbriggen",
        "Dog in the house: ☒ yes ☐ no",
        "Sent within a fortnight.",
    ]


def test_values_below_labels_stand_behind_each_of_them(tmp_path: Path) -> None:
    drawn = label(50, 700, "Name of the driver") + label(300, 700, "Colour")
    lines = read(tmp_path, drawn, [text_field(50, 680, "Hedda Brunn"), text_field(300, 680, "Green")])
    assert " ".join(lines.split()) == "Name of the driver Hedda Brunn Colour Green"


def test_values_in_a_ruled_table_are_its_cells(tmp_path: Path) -> None:
    drawn = b"".join(b"50 %d m 450 %d l S\n" % (y, y) for y in (720, 695, 670, 645))
    drawn += b"".join(b"%d 645 m %d 720 l S\n" % (x, x) for x in (50, 200, 320, 450))
    drawn += label(55, 703, "Part") + label(205, 703, "Damage") + label(325, 703, "Cost")
    drawn += label(55, 678, "Bumper") + label(55, 653, "Lamp")
    fields = [
        text_field(x, y, v)
        for x, y, v in ((205, 678, "dented"), (325, 678, "240.00"), (205, 653, "broken"), (325, 653, "85.50"))
    ]
    text = read(tmp_path, drawn, [one.replace(b"350", b"310").replace(b"475", b"440") for one in fields])
    assert "| Bumper | dented | 240.00 |" in text
    assert "| Lamp | broken | 85.50 |" in text


def test_what_nobody_sees_and_passwords_are_not_read(tmp_path: Path) -> None:
    fields = [
        text_field(120, 700, "hidden", b"/F 2"),
        text_field(120, 680, "4711", b"/Ff 8192"),
        text_field(120, 660, ""),
        box(50, 640, "Off"),
    ]
    assert read(tmp_path, label(50, 700, "Name:"), fields) == "Name:"


def test_choices_are_read_as_they_are_shown(tmp_path: Path) -> None:
    choice = b"/Subtype/Widget/FT/Ch/Ff 131072/T(c)/Opt[[(r)(Red)][(g)(Green)]]/V(g)%s" % rect(120, 700)
    assert read(tmp_path, label(50, 700, "Colour:"), [choice]) == "Colour: Green"


def test_text_that_was_typed_on_top_needs_no_form(tmp_path: Path) -> None:
    typed = b"/Subtype/FreeText/Contents(paid in cash)/DA(/F 10 Tf)%s" % rect(120, 700)
    comment = b"/Subtype/Text/Contents(a remark)%s" % rect(300, 700)
    assert read(tmp_path, label(50, 700, "Remark:"), [typed, comment], fields=False) == "Remark: paid in cash"


def test_values_without_a_label_and_pages_on_their_side_stand_at_the_end(tmp_path: Path) -> None:
    drawn = label(50, 700, "Only a title")
    assert read(tmp_path, drawn, [text_field(120, 300, "far away")]) == "Only a title\nfar away"
    turned = read(tmp_path, drawn, [text_field(120, 700, "beside")], b"/Rotate 90")
    assert turned.split("\n") == ["Only a title", "beside"]


def test_a_picture_with_fields_is_read_by_its_fields(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatbot_app.knowledge.formats.ocr.languages", lambda: ())
    drawn = b"10 10 100 100 re f"
    assert read(tmp_path, drawn, [text_field(50, 700, "Ida"), text_field(50, 680, "Bern")]).split() == [
        "Ida",
        "Bern",
    ]
    with pytest.raises(DocumentNeedsOcr):
        read(tmp_path, drawn, [text_field(50, 700, "")])


def test_broken_annotations_leave_the_text(tmp_path: Path) -> None:
    broken = [
        b"/Subtype/Widget/FT/Tx/V(x)",
        b"/Subtype/Widget/FT/Xx/Rect[1 2]",
        b"/Subtype/FreeText/Rect[a b c d]",
    ]
    assert read(tmp_path, label(50, 700, "Name:"), broken) == "Name:"
