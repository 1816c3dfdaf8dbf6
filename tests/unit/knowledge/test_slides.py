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


C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
DGM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"


def points(*values: str) -> str:
    return "".join(f'<c:pt idx="{n}"><c:v>{value}</c:v></c:pt>' for n, value in enumerate(values))


def chart(title: str, form: str, *values: str) -> str:
    return (
        f'<c:chartSpace xmlns:c="{C}" xmlns:a="{A}"><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>{title}</a:t></a:r></a:p>'
        "</c:rich></c:tx></c:title><c:plotArea><c:barChart><c:ser><c:tx><c:strRef><c:strCache>"
        f"{points('Use')}</c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:strCache>{points('2024', '2025')}"
        f"</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:numCache><c:formatCode>{form}</c:formatCode>{points(*values)}"
        "</c:numCache></c:numRef></c:val></c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>"
    )


def frame(inner: str) -> str:
    return f"<p:graphicFrame><a:graphic><a:graphicData>{inner}</a:graphicData></a:graphic></p:graphicFrame>"


def test_what_charts_and_diagrams_show_is_read(tmp_path: Path) -> None:
    path = tmp_path / "show.pptx"
    compatible = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    boxed = (
        f'<mc:AlternateContent xmlns:mc="{compatible}"><mc:Choice Requires="x">{shape("The newer form")}</mc:Choice>'
        f"<mc:Fallback>{shape('The older form')}</mc:Fallback></mc:AlternateContent>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        order = '<p:sldIdLst><p:sldId id="1" r:id="r1"/></p:sldIdLst>'
        archive.writestr("ppt/presentation.xml", f"<p:presentation {SPACES}>{order}</p:presentation>")
        archive.writestr("ppt/_rels/presentation.xml.rels", links(r1="slides/slide1.xml"))
        shown = (
            shape("Electricity", "title"),
            frame(f'<c:chart xmlns:c="{C}" r:id="c1"/>'),
            frame(f'<c:chart xmlns:c="{C}" r:id="c2"/>'),
            frame(f'<dgm:relIds xmlns:dgm="{DGM}" r:dm="d1"/>'),
            boxed,
        )
        archive.writestr("ppt/slides/slide1.xml", part("sld", *shown))
        targets = {"c1": "../charts/chart1.xml", "c2": "../charts/chart2.xml", "d1": "../diagrams/data1.xml"}
        archive.writestr("ppt/slides/_rels/slide1.xml.rels", links(**targets))
        archive.writestr("ppt/charts/chart1.xml", chart("GWh a year", "General", "6.8", "4.9000000000000004"))
        archive.writestr("ppt/charts/chart2.xml", chart("Share", "0%", "0.38", "0.425"))
        steps = "".join(
            f"<dgm:pt><dgm:t><a:p><a:r><a:t>{step}</a:t></a:r></a:p></dgm:t></dgm:pt>"
            for step in ("Plan", "Build")
        )
        archive.writestr(
            "ppt/diagrams/data1.xml",
            f'<dgm:dataModel xmlns:dgm="{DGM}" xmlns:a="{A}">{steps}</dgm:dataModel>',
        )
    assert parse_file(path).text.split("\n\n") == [
        "# Electricity",
        "GWh a year",
        "|  | Use |\n| 2024 | 6.8 |\n| 2025 | 4.9 |",
        "Share",
        "|  | Use |\n| 2024 | 38% |\n| 2025 | 42.5% |",
        "Plan",
        "Build",
        "The newer form",
    ]


def test_a_damaged_chart_is_left_out_and_the_slide_is_read(tmp_path: Path) -> None:
    path = tmp_path / "show.pptx"
    uses = "".join(frame(f'<c:chart xmlns:c="{C}" r:id="c{n}"/>') for n in range(4))
    with zipfile.ZipFile(path, "w") as archive:
        order = '<p:sldIdLst><p:sldId id="1" r:id="r1"/></p:sldIdLst>'
        archive.writestr("ppt/presentation.xml", f"<p:presentation {SPACES}>{order}</p:presentation>")
        archive.writestr("ppt/_rels/presentation.xml.rels", links(r1="slides/slide1.xml"))
        archive.writestr("ppt/slides/slide1.xml", part("sld", shape("Electricity", "title"), uses))
        targets = {f"c{n}": f"../charts/chart{n}.xml" for n in range(4)}
        archive.writestr("ppt/slides/_rels/slide1.xml.rels", links(**targets))
        archive.writestr("ppt/charts/chart0.xml", "<c:chartSpace")
        archive.writestr("ppt/charts/chart1.xml", "<!DOCTYPE x>" + chart("Share", "0%", "0.38"))
        far = chart("Use", "0%", "0.38").replace('idx="0"', f'idx="{"9" * 5000}"')
        archive.writestr("ppt/charts/chart2.xml", far)
    assert parse_file(path).text == "# Electricity\n\nUse"
