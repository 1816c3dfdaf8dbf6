"""Comments of Word documents are read behind the paragraph that they are about."""

from __future__ import annotations

import zipfile
from pathlib import Path

from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.formats.word_comments import has_comments, with_comments
from tests.unit.knowledge.test_word_preparation import MAIN, word_file


def run(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def about(number: int, words: str) -> str:
    return (
        f'<w:commentRangeStart w:id="{number}"/>{run(words)}<w:commentRangeEnd w:id="{number}"/>'
        f'<w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:commentReference w:id="{number}"/></w:r>'
    )


def comment(number: int, author: str, *paragraphs: str) -> str:
    lines = "".join(f"<w:p><w:r><w:annotationRef/></w:r>{run(words)}</w:p>" for words in paragraphs)
    return f'<w:comment w:id="{number}" w:author="{author}" w:initials="A">{lines}</w:comment>'


def read(folder: Path, body: str, comments: str, name: str = "comments") -> str:
    path = word_file(folder)
    with zipfile.ZipFile(path) as archive:
        parts = {entry: archive.read(entry) for entry in archive.namelist()}
    parts["word/document.xml"] = parts["word/document.xml"].replace(
        b"</w:body>", body.encode() + b"</w:body>"
    )
    parts[f"word/{name}.xml"] = f'<w:comments xmlns:w="{MAIN}">{comments}</w:comments>'.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for entry, part in parts.items():
            archive.writestr(entry, part)
    return parse_file(path).text


def test_a_comment_stands_behind_its_paragraph_and_leaves_its_words(tmp_path: Path) -> None:
    body = f"<w:p>{run('The budget ')}{about(0, 'of 48,000 euro')}{run(' is approved.')}</w:p><w:p>{run('June.')}</w:p>"
    text = read(tmp_path, body, comment(0, "Ana &amp; Silva", "Without scaffolding", "&lt; 3,900 euro."))
    assert text == (
        "The budget of 48,000 euro is approved.\n\n"
        "[Comment, Ana & Silva: Without scaffolding < 3,900 euro.]\n\nJune."
    )


def test_a_comment_in_a_table_stands_in_its_cell(tmp_path: Path) -> None:
    cells = f"<w:tc><w:p>{run('Paint')}</w:p></w:tc><w:tc><w:p>{about(4, 'Bruno')}</w:p></w:tc>"
    text = read(tmp_path, f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>", comment(4, "Olaf", "On leave."))
    assert "| Paint | Bruno [Comment, Olaf: On leave.] |" in text


def test_several_are_read_in_order_once_and_empty_or_missing_ones_not(tmp_path: Path) -> None:
    body = f"<w:p>{about(1, 'One')}{about(2, ' two')}{about(9, ' nine')}</w:p><w:p>{about(1, 'again')}</w:p>"
    said = comment(2, "", "Second.") + comment(1, "Ana", "First.") + comment(3, "Ana")
    assert (
        read(tmp_path, body, said) == "One two nine\n\n[Comment, Ana: First.]\n\n[Comment: Second.]\n\nagain"
    )


def test_a_document_whose_comments_are_missing_keeps_its_words(tmp_path: Path) -> None:
    assert read(tmp_path, f"<w:p>{about(1, 'One')}</w:p>", "", name="other") == "One"
    assert with_comments(b"<w:commentReference w:id='1'/>", b"") == b"<w:commentReference w:id='1'/>"
    assert not has_comments(b"<w:commentRangeStart/>")
