"""Every note of a Word document is read, and stands behind the paragraph that it belongs to."""

from __future__ import annotations

import zipfile
from pathlib import Path

from chatbot_app.knowledge.formats.reading import parse_file
from tests.unit.knowledge.test_word_preparation import MAIN, word_file

DRAWN = '<w:{0} w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:{0}>'


def mark(kind: str, number: int) -> str:
    return f'</w:t></w:r><w:r><w:{kind}Reference w:id="{number}"/></w:r><w:r><w:t xml:space="preserve">'


def with_notes(path: Path, kind: str, *texts: str) -> Path:
    """Add notes with the numbers from 1, as Word gives them."""
    notes = "".join(
        f'<w:{kind} w:id="{n}"><w:p><w:r><w:{kind}Ref/></w:r><w:r><w:t> {text}</w:t></w:r></w:p></w:{kind}>'
        for n, text in enumerate(texts, 1)
    )
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(
            f"word/{kind}s.xml", f'<w:{kind}s xmlns:w="{MAIN}">{DRAWN.format(kind)}{notes}</w:{kind}s>'
        )
    return path


def test_each_note_stands_behind_its_paragraph(tmp_path: Path) -> None:
    path = word_file(
        tmp_path,
        f"The train{mark('footnote', 1)} takes a night{mark('footnote', 2)}.",
        f"It costs 69 euros{mark('footnote', 3)}.",
        "Nobody knows why.",
    )
    with_notes(path, "footnote", "Of R&amp;D Rail.", "Eleven hours.", "In May 2023.")
    assert parse_file(path).text.split("\n\n") == [
        "The train[^1] takes a night[^2].",
        "[^1]: Of R&D Rail.",
        "[^2]: Eleven hours.",
        "It costs 69 euros[^3].",
        "[^3]: In May 2023.",
        "Nobody knows why.",
    ]


def test_the_only_note_is_read_too_and_endnotes_are_numbered_apart(tmp_path: Path) -> None:
    path = word_file(tmp_path, f"Mills{mark('footnote', 1)} turn{mark('endnote', 1)}.")
    with_notes(with_notes(path, "footnote", "Of wind."), "endnote", "Mostly.")
    assert parse_file(path).text == "Mills[^1] turn[^e1].\n\n[^1]: Of wind.\n\n[^e1]: Mostly."


def test_a_note_that_is_missing_leaves_its_sign(tmp_path: Path) -> None:
    path = word_file(tmp_path, f"Mills{mark('footnote', 7)} turn.")
    with_notes(path, "footnote", "Of wind.")
    assert parse_file(path).text == "Mills[^1] turn."


def test_the_sign_of_a_note_has_no_others_around_it_where_it_is_raised_by_hand(tmp_path: Path) -> None:
    raised = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    path = word_file(
        tmp_path, f"Mills{mark('footnote', 1).replace('<w:footnote', f'{raised}<w:footnote')} turn."
    )
    with_notes(path, "footnote", f"Of wind.</w:t></w:r><w:r>{raised}<w:footnoteRef/></w:r><w:r><w:t>")
    assert parse_file(path).text == "Mills[^1] turn.\n\n[^1]: Of wind."
