"""Runs of Word documents are read whole: tabs, text boxes, raised and lowered figures, and nothing that was moved away."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.formats.word_runs import with_lost
from tests.unit.knowledge.test_word_preparation import MAIN, word_file

SPACES = (
    f'xmlns:w="{MAIN}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)
OUT, IN = "</w:t></w:r>", '<w:r><w:t xml:space="preserve">'


def part(inner: str) -> str:
    return f"{OUT}{inner}{IN}"


def raised(words: str, how: str = "super") -> str:
    return part(f'<w:r><w:rPr><w:vertAlign w:val="{how}script"/></w:rPr><w:t>{words}</w:t></w:r>')


def box(words: str) -> str:
    content = f"<w:txbxContent><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:txbxContent>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>{content}</wps:txbx></wps:wsp>'
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )


def read(folder: Path, *paragraphs: str) -> str:
    path = word_file(folder, *paragraphs)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/document.xml"] = parts["word/document.xml"].replace(
        f'xmlns:w="{MAIN}"'.encode(), SPACES.encode()
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return parse_file(path).text


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (f"Total{part('<w:r><w:tab/></w:r>')}5.00", "Total 5.00"),
        (f"well{part('<w:r><w:noBreakHyphen/></w:r>')}known", "well-known"),
        (f"H{raised('2', 'sub')}O", "H2O"),
        (f"10{raised('6')} cells in 4 m{raised('2')}", "10^6 cells in 4 m²"),
        (f"the 1{raised('st')} of May", "the 1st of May"),
        (
            "It is " + part('<w:moveFrom w:id="1"><w:r><w:t>gone </w:t></w:r></w:moveFrom>') + "here.",
            "It is here.",
        ),
    ],
)
def test_what_stands_between_words_is_read(tmp_path: Path, written: str, text: str) -> None:
    assert read(tmp_path, f"<w:r/>{written}".replace("<w:r/>", "")) == text


def test_a_paragraph_keeps_its_words_beside_a_text_box(tmp_path: Path) -> None:
    text = read(tmp_path, f"Before the box{part(box('Pay by 5 May.'))} and after it.", "The end.")
    assert text.split("\n\n") == ["Before the box and after it.", "Pay by 5 May.", "The end."]


def test_old_boxes_and_boxes_in_boxes_are_read_once(tmp_path: Path) -> None:
    old = (
        "<w:r><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>Old one.</w:t></w:r></w:p></w:txbxContent>"
        "</v:textbox></v:shape></w:pict></w:r>"
    )
    nested = box(f"Outer{part(box('Inner.'))}.")
    text = read(tmp_path, f"Above{part(old)}.", f"Beside{part(nested)}.")
    assert text.split("\n\n") == ["Above.", "Old one.", "Beside.", "Outer.", "Inner."]


def test_stops_of_tabs_stay_what_they_are() -> None:
    stops = b'<w:p><w:pPr><w:tabs><w:tab w:val="left" w:pos="720"/></w:tabs></w:pPr></w:p>'
    assert with_lost(stops) == stops


def test_a_document_that_cannot_be_written_anew_is_read_as_it_is(tmp_path: Path) -> None:
    moved = '<w:moveFrom w:id="1"><w:r><w:t>gone</w:t></w:r><!-- </w:moveFrom> --></w:moveFrom>'
    assert "It is here." in read(tmp_path, f"It is here.{part(moved)}")


def test_a_paragraph_that_was_moved_is_gone_and_no_other() -> None:
    mark = '<w:pPr><w:rPr><w:moveFrom w:id="1" w:author="x"/></w:rPr></w:pPr>'
    before, after = f"<w:p><w:r>{mark}</w:r>", "</w:p><w:p><w:r><w:t>Stays.</w:t></w:r></w:p>"
    moved = '<w:moveFrom w:id="2"><w:r><w:t>gone</w:t></w:r></w:moveFrom>'
    assert with_lost(f"{before}{moved}{after}".encode()) == f"{before}{after}".encode()


def test_what_was_moved_and_never_ends_takes_no_time() -> None:
    part = b"<w:moveFrom>x" * 300_000
    assert with_lost(part) == part
