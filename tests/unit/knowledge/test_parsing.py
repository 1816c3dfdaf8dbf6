"""Reading: pages, tables, notebooks, code, what is refused, and the child's limits."""

from __future__ import annotations

import io
import json
import sys
import unicodedata
from pathlib import Path

import pytest

from chatbot_app.core.documents import BlockKind
from chatbot_app.knowledge.children.heartbeat import Heartbeat, Patience
from chatbot_app.knowledge.children.parser import ParserProcess
from chatbot_app.knowledge.formats.decoding import decode
from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.formats.refusals import (
    DocumentDamaged,
    DocumentEmpty,
    DocumentRefused,
    FileEmpty,
    FileUnreadable,
    FormatUnknown,
    ParserStopped,
)

PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj
trailer<</Root 1 0 R>>
%%EOF"""


def test_a_table_keeps_its_rows_and_any_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('name;note\nAda;"first; programmer"\nAlan;machines\n')
    parsed = parse_file(path)
    assert parsed.text.split("\n") == [
        "| name | note |",
        "| Ada | first; programmer |",
        "| Alan | machines |",
    ]
    assert [block.kind for block in parsed.blocks] == [BlockKind.TABLE]


def test_a_notebook_becomes_text_and_code(tmp_path: Path) -> None:
    path = tmp_path / "n.ipynb"
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "\n", "Words."]},
        {"cell_type": "code", "source": "print(1)"},
    ]
    path.write_text(json.dumps({"cells": cells}))
    parsed = parse_file(path)
    assert [block.kind for block in parsed.blocks] == [BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.CODE]
    assert parsed.blocks[1].heading_path == ("Title",)


def test_hand_wrapped_lines_are_one_paragraph_and_long_lines_are_each_one(tmp_path: Path) -> None:
    wrapped = tmp_path / "wrapped.txt"
    wrapped.write_text("one line\nof a paragraph\n\nthe next\n")
    assert len(parse_file(wrapped).blocks) == 2
    lines = tmp_path / "lines.txt"
    lines.write_text(("long " * 50 + "\n") * 3)
    assert len(parse_file(lines).blocks) == 3


@pytest.mark.parametrize("name", ["Ärger.txt", "Ärger.md", "Ärger.html", "Ärger.csv", "Ärger.eml"])
def test_letters_with_accents_are_one_character_as_keyboards_write_them(tmp_path: Path, name: str) -> None:
    path = tmp_path / unicodedata.normalize("NFD", name)
    head = "Subject: x\nContent-Type: text/plain; charset=utf-8\n\n" if name.endswith("eml") else ""
    path.write_text(head + unicodedata.normalize("NFD", "Größe über Ärger ещё й\n"), "utf-8")
    parsed = parse_file(path)
    assert "Größe über Ärger ещё й" in parsed.text
    assert parsed.title in ("Ärger", "x")


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("a.bin", b"x", FormatUnknown),
        ("a.txt", b"", FileEmpty),
        ("a.txt", b" \n\n", DocumentEmpty),
        ("a.docx", b"not a zip", DocumentDamaged),
        ("a.ipynb", b"{}", DocumentDamaged),
        ("a.ipynb", b"[" * 100_000, DocumentDamaged),
        ("a.pdf", b"%PDF-1.4 nothing", DocumentRefused),
        ("a.pdf", PDF, DocumentRefused),
        ("a.epub", b"PK\x03\x04 cut", DocumentDamaged),
    ],
)
def test_what_cannot_be_read_has_a_named_reason(
    tmp_path: Path, parser: ParserProcess, name: str, data: bytes, error: type[DocumentRefused]
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(error) as caught:
        parser.parse(path)
    assert name in caught.value.summary


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.png", "a.docx", "a.csv"])
def test_an_empty_file_is_called_empty_and_no_scan(tmp_path: Path, parser: ParserProcess, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"")
    with pytest.raises(FileEmpty) as caught:
        parser.parse(path)
    assert caught.value.summary == f"The file “{name}” is empty."
    assert "OCR" not in str(caught.value)


def test_a_text_of_white_space_is_no_scan_either(tmp_path: Path, parser: ParserProcess) -> None:
    path = tmp_path / "a.md"
    path.write_text(" \n\n")
    with pytest.raises(DocumentEmpty) as caught:
        parser.parse(path)
    assert "OCR" not in str(caught.value)


def test_a_missing_file_is_said(tmp_path: Path, parser: ParserProcess) -> None:
    with pytest.raises(FileUnreadable):
        parser.parse(tmp_path / "gone.txt")


def test_a_child_that_hangs_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("text")
    hanging = [sys.executable, "-c", "import sys\nfor line in sys.stdin:\n    while True: pass"]
    with ParserProcess(hanging, allowed_seconds=lambda _size: 0.2) as process:
        with pytest.raises(ParserStopped):
            process.parse(path)
        assert process.pid is None


SLOW = """
import json, sys
for line in sys.stdin:
    for beat in range(3):
        print(json.dumps({"computed": beat * float(sys.argv[1])}), flush=True)
    print(json.dumps({"error": "FileEmpty", "details": {}}), flush=True)
"""


@pytest.mark.parametrize(("computed_a_beat", "error"), [(20.0, FileEmpty), (40.0, ParserStopped)])
def test_a_child_may_compute_for_so_long(
    tmp_path: Path, computed_a_beat: float, error: type[DocumentRefused]
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("text")
    slow = [sys.executable, "-c", SLOW, str(computed_a_beat)]
    with ParserProcess(slow, allowed_seconds=lambda _size: 60) as process, pytest.raises(error):
        process.parse(path)


def test_a_child_that_a_busy_machine_lets_wait_is_not_stuck() -> None:
    """A file of 30 s of a processor took more than two minutes at a load of 23, and was refused."""
    now = 0.0
    patience = Patience(60, 2, lambda: now)
    assert patience.left() == 120
    for beat in range(200):
        now = 5.0 * beat
        assert patience.note(0.2 * beat)  # a twenty-fifth of a processor
        assert patience.left() == 120
    for _ in range(10):
        now += 5.0
        assert patience.note(0.2 * beat + 0.02)  # the watching itself
    assert patience.left() == pytest.approx(70)
    patience.allow(100)  # it has come a step further
    assert patience.left() == 200
    assert patience.note(0.2 * beat + 99)
    assert not patience.note(0.2 * beat + 101)


def test_a_child_says_what_it_computes_while_it_reads() -> None:
    replies = io.BytesIO()
    heartbeat = Heartbeat(replies, every_seconds=0.001)
    heartbeat.is_working = True
    while replies.getvalue().count(b"\n") < 2:
        pass
    heartbeat.close()
    first, second = (json.loads(line)["computed"] for line in replies.getvalue().splitlines()[:2])
    assert 0 < first <= second


def test_a_child_is_reused(tmp_path: Path, parser: ParserProcess) -> None:
    path = tmp_path / "a.txt"
    path.write_text("text")
    parser.parse(path)
    first = parser.pid
    parser.parse(path)
    assert parser.pid == first


def test_byte_order_marks_and_line_ends() -> None:
    assert decode("a\r\nb\rc".encode("utf-8-sig")) == ("a\nb\nc", "utf-8-sig")
    assert decode("Grüße".encode("utf-16"))[0] == "Grüße"


@pytest.mark.data
def test_pages_of_a_report_are_counted_and_placed(evaluation_data: Path, parser: ParserProcess) -> None:
    path = evaluation_data / "documents" / "reports" / "2022 Q3 AAPL.pdf"
    parsed = parser.parse(path)
    assert parsed.pages == 28
    place = parsed.text.index("Commission File Number")
    assert next(block.page for block in parsed.blocks if block.start <= place < block.end) == 1
    pages = [block.page for block in parsed.blocks]
    assert pages == sorted(pages)
    assert set(pages) | set(parsed.empty_pages) == set(range(1, 29))
