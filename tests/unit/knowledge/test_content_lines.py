"""The lines of address books and calendars, as RFC 6350 and RFC 5545 fold, quote and escape them, and as programs do."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.knowledge.formats.content_lines import (
    ContentLine,
    content_lines,
    parts_of,
    unescaped,
    with_whole_characters,
)
from chatbot_app.knowledge.formats.invitations import invitation_lines
from chatbot_app.knowledge.formats.reading import parse_file


def line(written: str) -> ContentLine:
    [found] = content_lines(written)
    return found


def test_a_line_is_its_group_name_parameters_and_value() -> None:
    assert line("item1.tel;type=Cell,voice;TYPE=pref;x-a=1: +44 1 ") == ContentLine(
        "item1", "TEL", {"TYPE": ("Cell", "voice", "pref"), "X-A": ("1",)}, "+44 1"
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_folds_are_undone_whatever_ends_a_line(end: str) -> None:
    text = end.join(("NOTE:a long", "  line", "\tof words", "FN:Ida"))
    assert [(found.name, found.value) for found in content_lines(text)] == [
        ("NOTE", "a long lineof words"),
        ("FN", "Ida"),
    ]


def test_quoted_parameters_may_hold_what_else_ends_them() -> None:
    found = line('ATTENDEE;CN="Lee; Ann: chair";ROLE=a,"b,c",d;X="":mailto:ann@example.org')
    assert found.parameter("CN") == "Lee; Ann: chair"
    assert found.parameters["ROLE"] == ("a", "b,c", "d")
    assert found.parameter("X") == found.parameter("ABSENT") == ""
    assert found.value == "mailto:ann@example.org"
    assert line('X;CN="unclosed: a":v').parameter("CN") == "unclosed: a"
    assert line("X;CN=Ann ^'the axe^' Lee^^:v").parameter("CN") == 'Ann "the axe" Lee^'  # RFC 6868


@pytest.mark.parametrize("text", ["", ":", ";;;", "words alone", 'SUMMARY;CN="open:a', ":value", "ä:1"])
def test_what_is_no_line_is_left_out(text: str) -> None:
    assert list(content_lines(text)) == []


def test_values_of_old_address_books_are_decoded() -> None:
    """vCard 2.1 names types and encodings without their parameter; Quoted-Printable goes on behind a "="."""
    found = line("NOTE;HOME;QUOTED-PRINTABLE;CHARSET=iso-8859-1:Stra=DFe=\n  und=\nHof=21")
    assert found.value == "Straße  undHof!"
    assert found.parameters == {
        "TYPE": ("HOME",),
        "ENCODING": ("QUOTED-PRINTABLE",),
        "CHARSET": ("iso-8859-1",),
    }
    assert line("N;ENCODING=QUOTED-PRINTABLE:J=FCrgen").value == "Jürgen"  # who names no charset
    assert line("N;CHARSET=punycode;ENCODING=QUOTED-PRINTABLE:J=C3=BCrgen").value == "Jürgen"
    assert [found.value for found in content_lines("PHOTO;ENCODING=b:AA==\nFN:Ida")] == ["AA==", "Ida"]


def test_escapes_and_parts() -> None:
    assert unescaped(r"a\, b\; c\\n\nd\Ne\x") == "a, b; c\\n\nd\ne\\x"
    assert parts_of(r"Lee;Ann\; B;;x\\;y") == ["Lee", r"Ann\; B", "", r"x\\", "y"]
    assert parts_of("") == [""]


@pytest.mark.parametrize("word", ["Grüße", "三月", "🎻 Abend"])
def test_a_fold_within_a_character_parts_none(word: str, tmp_path: Path) -> None:
    raw = word.encode()
    for place in range(1, len(raw)):
        folded = b"SUMMARY:" + raw[:place] + b"\r\n " + raw[place:] + b"\r\n"
        assert line(with_whole_characters(folded).decode()).value == word
        (path := tmp_path / f"{place}.ics").write_bytes(b"BEGIN:VEVENT\r\n" + folded + b"END:VEVENT\r\n")
        assert parse_file(path).text == f"Event: {word}"
    in_latin = "NOTE:é\r\n €".encode("cp1252")
    assert line(with_whole_characters(in_latin).decode("cp1252")).value == "é€"


def test_the_zone_of_a_calendar_is_read_whole() -> None:
    """Outlook names zones with colons and commas."""
    text = 'BEGIN:VEVENT\nDTSTART;TZID="(UTC+01:00) Berlin, Rom":20250113T100000\nEND:VEVENT'
    assert invitation_lines(text) == "Begins: 2025-01-13 10:00 ((UTC+01:00) Berlin, Rom)"
