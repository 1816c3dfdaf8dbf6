"""Numbers that stand before the paragraphs of an RTF file are read; bullets are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.formats.rtf_numbers import rtf_bytes

OF_WORD = r"\pard\plain\ltrpar \rtlch\fcs1 \af0 \ltrch\fcs0 \hich\af43\dbch\af31505\loch\f43 "


def written(folder: Path, *paragraphs: str) -> Path:
    path = folder / "contract.rtf"
    path.write_text(
        r"{\rtf1\ansi\deff0{\fonttbl{\f0 Arial;}}" + r"\par ".join(paragraphs) + r"\par }", "ascii"
    )
    return path


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (r"{\listtext 5.2\tab}", "5.2 Rent"),
        (rf"{{\listtext{OF_WORD}(b)\tab}}", "(b) Rent"),
        (r"{\pntext\f0 1.\tab}", "1. Rent"),
        (r"{\listtext \'a7 4\tab}", "§ 4 Rent"),
        (r"{\listtext\f3 \'b7\tab}", "Rent"),
        (r"{\listtext\f2 o\tab}", "Rent"),
        (r"{\listtext \tab}", "Rent"),
    ],
)
def test_numbers_are_the_first_words_of_their_paragraphs(tmp_path: Path, number: str, shown: str) -> None:
    path = written(tmp_path, "First words.", f"{number}Rent", "Last words.")
    assert parse_file(path).text.split("\n\n") == ["First words.", shown, "Last words."]


def test_a_file_without_numbers_is_read_as_it_is(tmp_path: Path) -> None:
    assert rtf_bytes(written(tmp_path, "Words")) is None
    path = written(tmp_path, "Words", r"{\listtext 1.\tab no end of it " + "x" * 1000)
    assert rtf_bytes(path) is None
