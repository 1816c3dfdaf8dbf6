"""Word documents keep their signs: kreuzberg loses the entities of a DOCX."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.formats.word_preparation import word_bytes

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)


def word_file(folder: Path, *paragraphs: str) -> Path:
    """Write a Word document of paragraphs, given as they stand in its XML, and a picture."""
    body = "".join(f"<w:p><w:r><w:t>{paragraph}</w:t></w:r></w:p>" for paragraph in paragraphs)
    path = folder / "letter.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        document = f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{MAIN}"><w:body>{body}</w:body></w:document>'
        archive.writestr("word/document.xml", document)
        archive.writestr("word/media/image1.png", b"no picture")
    return path


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("R&amp;D at AT&amp;T", "R&D at AT&T"),
        ("the other party&apos;s &quot;Agreement&quot;", 'the other party\'s "Agreement"'),
        ("5 &lt; 7 and 9 &gt; 8", "5 < 7 and 9 > 8"),
        ("caf&#233; &#xE9;t&#xe9; &#8217;", "café été ’"),
        ("&amp;amp; is written so", "&amp; is written so"),
    ],
)
def test_signs_that_are_written_as_entities_are_read(tmp_path: Path, written: str, read: str) -> None:
    assert parse_file(word_file(tmp_path, written)).text == read


def test_a_document_without_entities_is_read_as_it_is(tmp_path: Path) -> None:
    assert word_bytes(word_file(tmp_path, "Nothing of the kind")) is None


def test_what_is_given_instead_has_no_pictures_and_leaves_no_file(tmp_path: Path) -> None:
    path = word_file(tmp_path, "R&amp;D")
    written = word_bytes(path)

    assert written is not None
    assert b"no picture" not in written
    assert list(tmp_path.iterdir()) == [path]


def test_a_damaged_archive_is_left_to_who_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(b"PK\x03\x04 and nothing else")

    assert word_bytes(path) is None
