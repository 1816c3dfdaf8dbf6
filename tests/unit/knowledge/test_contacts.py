"""Address books and calendars of their own are read as what people say: names, kinds of numbers, days."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.knowledge.formats.contacts import contact_lines
from chatbot_app.knowledge.formats.invitations import invitation_lines
from chatbot_app.knowledge.formats.reading import parse_file
from chatbot_app.knowledge.formats.refusals import DocumentEmpty

CARDS = """BEGIN:VCARD
VERSION:3.0
N:Achebe;Rosalind;;Dr.;
FN:Dr. Rosalind Achebe
ORG:Kestrel Joinery;Stairs
TEL;TYPE=CELL,VOICE;TYPE=pref:+44 7700 900812
item1.TEL:0163 2960
item1.X-ABLabel:_$!<Mother>!$_
ADR;TYPE=WORK:;;3 Sawmill Yard;Hexby;;HX4 2LP;
BDAY:19781123
NOTE:Never before ten.\\nBuilds staircases\\, and a very long line that is
  folded.
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRg
 ABAQAAAQABAAD
UID:4711
END:VCARD
BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Stra=C3=9F;J=C3=BCrgen
TEL;HOME:07551 4018
NOTE;ENCODING=QUOTED-PRINTABLE:Vertretung im August:=20=
Frau Kling
END:VCARD
"""


def test_people_are_headings_above_what_is_known_of_them(tmp_path: Path) -> None:
    path = tmp_path / "friends.vcf"
    path.write_bytes(CARDS.replace("\n", "\r\n").encode())
    parsed = parse_file(path)
    assert parsed.title == "friends"
    assert {block.heading_path for block in parsed.blocks} == {("Dr. Rosalind Achebe",), ("Jürgen Straß",)}
    assert parsed.text.split("\n\n") == [
        "## Dr. Rosalind Achebe",
        "Organization: Kestrel Joinery, Stairs\nPhone (cell): +44 7700 900812\nPhone (mother): 0163 2960\n"
        "Address (work): 3 Sawmill Yard, Hexby, HX4 2LP\nBirthday: 1978-11-23\n"
        "Note: Never before ten. Builds staircases, and a very long line that is folded.",
        "## Jürgen Straß",
        "Phone (home): 07551 4018\nNote: Vertretung im August: Frau Kling",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "BEGIN:VCARD\nEND:VCARD",
        "BEGIN:VCARD\nPHOTO:x\nUID:3",
        "no card at all",
        "TEL:\n:::\n;;;",
        "END:VCARD\n" * 9,
    ],
)
def test_what_holds_nothing_of_a_person_is_empty(text: str, tmp_path: Path) -> None:
    assert contact_lines(text) == ""
    (path := tmp_path / "a.vcf").write_text(text + "\nUID:1", "utf-8")
    with pytest.raises(DocumentEmpty):
        parse_file(path)


def test_a_card_that_is_cut_off_and_unknown_charsets_keep_what_can_be_read() -> None:
    assert contact_lines("BEGIN:VCARD\nFN:Ida\nTEL:1") == "## Ida\n\nPhone: 1"
    odd = "FN;CHARSET=NOWHERE;ENCODING=QUOTED-PRINTABLE:J=C3=BCrg"
    assert contact_lines(odd) == "## Jürg\n"


def calendar(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VCALENDAR", "X-WR-CALNAME:Choir\\, spring", *lines, "END:VCALENDAR", ""))


def test_a_calendar_is_read_with_its_name_and_all_of_its_events(tmp_path: Path) -> None:
    event = (
        "BEGIN:VEVENT",
        "SUMMARY:Rehearsal",
        "DTSTART;VALUE=DATE:20250113",
        "STATUS:CANCELLED",
        "END:VEVENT",
    )
    path = tmp_path / "choir.ics"
    path.write_bytes(
        calendar(*event * 60, "BEGIN:VTODO", "SUMMARY:Pay", "DUE:20250201T120000Z", "END:VTODO").encode()
    )
    parsed = parse_file(path)
    assert parsed.title == "Choir, spring"
    paragraphs = parsed.text.split("\n\n")
    assert len(paragraphs) == 61
    assert paragraphs[0] == "Event: Rehearsal\nBegins: 2025-01-13\nStatus: cancelled"
    assert paragraphs[-1] == "Event: Pay\nDue: 2025-02-01 12:00 UTC"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20250331T235959Z", "every week on Monday, Thursday until 2025-03-31"),
        ("FREQ=MONTHLY;INTERVAL=2;COUNT=6", "every 2 months, 6 times"),
        ("FREQ=YEARLY", "every year"),
        ("FREQ=MONTHLY;BYDAY=2TU", "FREQ=MONTHLY;BYDAY=2TU"),
        ("FREQ=WEEKLY;BYMONTH=3", "FREQ=WEEKLY;BYMONTH=3"),
        ("nonsense", "nonsense"),
    ],
)
def test_how_often_an_event_comes_again_is_said_in_words(rule: str, words: str) -> None:
    text = calendar("BEGIN:VEVENT", "SUMMARY:R", f"RRULE:{rule}", "END:VEVENT")
    assert invitation_lines(text) == f"Event: R\nRepeats: {words}"
