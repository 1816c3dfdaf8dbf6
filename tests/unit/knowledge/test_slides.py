"""Slides are pages in the order of the show; their titles are headings; tables, notes and merged cells are kept."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from chatbot_app.core.documents import BlockKind
from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.formats.refusals import DocumentDamaged

P = "http://schemas.openxmlformats.org/presentationml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = f'xmlns:p="{P}" xmlns:a="{A}" xmlns:r="{R}"'


def shape(text: str, kind: str = "") -> str:
    placeholder = f'<p:ph type="{kind}"/>' if kind else ""
    return (
        f"<p:sp><p:nvSpPr><p:nvPr>{placeholder}</p:nvPr></p:nvSpPr>"
        f"<p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def part(root: str, *shapes: str) -> str:
    return f"<p:{root} {SPACES}><p:cSld><p:spTree>{''.join(shapes)}</p:spTree></p:cSld></p:{root}>"


def links(**targets: str) -> str:
    made = "".join(
        f'<Relationship Id="{name}" Type="{R}/{target.rpartition("/")[2].rstrip("123.xml")}" Target="{target}"/>'
        for name, target in targets.items()
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{made}</Relationships>'


TABLE = (
    "<p:graphicFrame><a:graphic><a:graphicData><a:tbl>"
    "<a:tr><a:tc><a:txBody><a:p><a:r><a:t>Class</a:t></a:r></a:p></a:txBody></a:tc><a:tc hMerge='1'/></a:tr>"
    "<a:tr><a:tc><a:txBody><a:p><a:r><a:t>1</a:t></a:r></a:p></a:txBody></a:tc>"
    "<a:tc><a:txBody><a:p><a:r><a:t>2</a:t></a:r></a:p></a:txBody></a:tc></a:tr>"
    "</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
)


@pytest.fixture
def show(tmp_path: Path) -> Path:
    path = tmp_path / "show.pptx"
    with zipfile.ZipFile(path, "w") as archive:
        order = "".join(f'<p:sldId id="{n}" r:id="r{n}"/>' for n in (2, 3, 1))
        archive.writestr(
            "ppt/presentation.xml",
            f"<p:presentation {SPACES}><p:sldIdLst>{order}</p:sldIdLst></p:presentation>",
        )
        archive.writestr(
            "ppt/_rels/presentation.xml.rels",
            links(r1="slides/slide1.xml", r2="slides/slide2.xml", r3="/ppt/slides/slide3.xml"),
        )
        archive.writestr(
            "ppt/slides/slide1.xml",
            part("sld", shape("# no heading"), shape("The end", "title"), shape("7", "sldNum")),
        )
        archive.writestr("ppt/slides/slide2.xml", part("sld", shape("The start", "ctrTitle"), TABLE))
        archive.writestr("ppt/slides/slide3.xml", part("sld"))
        archive.writestr("ppt/slides/_rels/slide1.xml.rels", links(n="../notesSlides/notesSlide1.xml"))
        archive.writestr("ppt/notesSlides/notesSlide1.xml", part("notes", shape("Thank them", "body")))
    return path


def test_slides_are_pages_and_titles_are_headings(show: Path) -> None:
    parsed = parse_file(show)
    assert parsed.pages == 3
    assert parsed.empty_pages == (2,)
    assert [(parsed.text[b.start : b.end].rstrip(), b.page, b.heading_path) for b in parsed.blocks] == [
        ("# The start", 1, ("The start",)),
        ("| Class | Class |\n| 1 | 2 |", 1, ("The start",)),
        ("# The end", 3, ("The end",)),
        ("\\# no heading", 3, ("The end",)),
        ("Thank them", 3, ("The end",)),
    ]
    assert parsed.blocks[1].kind is BlockKind.TABLE


def test_a_document_type_in_a_slide_is_refused(show: Path) -> None:
    with zipfile.ZipFile(show, "a") as archive:
        archive.writestr("ppt/slides/_rels/slide2.xml.rels", '<!DOCTYPE x [<!ENTITY e "e">]><x/>')
    with pytest.raises(DocumentDamaged, match="slides"):
        parse_file(show)


@pytest.mark.data
def test_a_real_presentation_has_its_pages(evaluation_data: Path) -> None:
    for name in ("pptx/powerpoint_sample.pptx", "odf/odf_presentation_01.odp"):
        parsed = parse_file(evaluation_data / "documents" / name)
        assert parsed.pages == 3
        (second,) = {b.page for b in parsed.blocks if b.heading_path == ("Second slide title",)} - {3}
        assert second == 2
        assert any(b.kind is BlockKind.TABLE and b.page == 1 for b in parsed.blocks)
