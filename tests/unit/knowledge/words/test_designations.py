"""What names one thing exactly: told by its shape, and never taken for another that is nearly the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement
from chatbot_app.knowledge.words.designations import designation_forms, designations_of


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        (
            "The team lost 3:1, the other drew 24/7 at COVID-19 and bought F-16s.",
            ["3:1", "24:7", "covid19", "f16"],
        ),
        ("Version v2.10.1 on 192.168.0.1; the scale is 1:25,000.", ["2.10.1", "192.168.0.1", "1:25000"]),
        (
            "AX-4711-B, SKU4711, report_v2.txt, max_tokens=3",
            ["ax4711b", "sku4711", "report_v2.txt", "max_tokens"],
        ),
        ("Use --verbose, Ctrl+S and C++.", ["--verbose", "ctrl+s", "c++"]),
        ("anna.berg@example.com, https://www.example.com/a/", ["anna.berg@example.com", "example.com/a"]),
        ("A4纸和B12", ["a4", "b12"]),
        ("H₂O in an MP3-Player of the Formula-1", ["h2o", "mp3"]),
        # Amounts, dates and words that have a number.
        ("5km, 20m², 3rd, 1990s, 10-year-old, mid-1990s, Q3, FY2023, 1Q24, 10am, 14h30, €12m, 100km/h", []),
        ("1.234.567 and 10–12 people from 1990-1999 in 2016–17, 3-Zimmer-Wohnung, 50er, $ 12/hour", []),
        ("U.S. companies, e.g. those of St. Louis, and/or others.", []),
    ],
)
def test_designations_are_told_by_their_shape(text: str, forms: list[str]) -> None:
    assert [one.form for one in designations_of(text)] == forms


_SIGNS = [*"012:/-+#@_.,vab'’–²₂ 百가\u0301\ud800", "two ", "www.", "--", "Ctrl+"]


@given(st.lists(st.sampled_from(_SIGNS), max_size=30).map("".join))
def test_any_text_has_designations_inside_it(text: str) -> None:
    for one in designations_of(text):
        assert 0 <= one.start < one.end <= len(text)
        assert one.form
        assert one.form in designation_forms(text)
    assert "" not in designation_forms(text)


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("The team lost 3:1.", "The team lost 4:1."),
        ("Bayern won 3:1 against Köln.", "Bayern won 2:1 against Köln."),
        ("The screen has a ratio of 16:9.", "The screen has a ratio of 16:10."),
        ("Version 2.10.1 fixes the crash.", "Version 2.1.10 fixes the crash."),
        ("The update to version 4.2 fixes the crash.", "The update to version 4.3 fixes the crash."),
        ("The server listens on port 8080.", "The server listens on port 8081."),
        ("The gateway is 192.168.0.1.", "The gateway is 192.168.0.2."),
        ("The meeting is in room 310.", "The meeting is in room 311."),
        ("See section 3.2.1 for details.", "See section 3.2.2 for details."),
        ("Order part AX-4711-B for the pump.", "Order part AX-4712-B for the pump."),
        ("Order part SKU4711 for the pump.", "Order part SKU4712 for the pump."),
        ("The error E1042 means a blocked filter.", "The error E1043 means a blocked filter."),
        ("The IBAN is DE89 3704 0044 0532 0130 00.", "The IBAN is DE89 3704 0044 0532 0130 01."),
        ("Write to anna.berg@example.com for help.", "Write to anna.borg@example.com for help."),
        ("The form is at https://example.com/a/forms.", "The form is at https://example.com/b/forms."),
        ("Open the file report_v2.txt first.", "Open the file report_v3.txt first."),
        ("Call 030 1234567 for help.", "Call 030 1234568 for help."),
        ("Call +49 30 1234567 for help.", "Call +49 30 1234568 for help."),
        ("The flight LH 1042 leaves at noon.", "The flight LH 1043 leaves at noon."),
        ("Take bus 42 to the harbour.", "Take bus 43 to the harbour."),
        ("Paper of size A4 is used.", "Paper of size A5 is used."),
        ("Use the setting max_tokens for this.", "Use the setting min_tokens for this."),
        ("The train runs on line U7.", "The train runs on line U8."),
        ("The invoice number is 2023-0417.", "The invoice number is 2023-0418."),
        ("The licence plate is B-AB 1234.", "The licence plate is B-AB 1235."),
        ("The ISBN is 978-3-16-148410-0.", "The ISBN is 978-3-16-148410-1."),
        ("The ratio of cement to sand is 1:3.", "The ratio of cement to sand is 1:4."),
        ("Mix them in the ratio 1/3.", "Mix them in the ratio 2/3."),
        ("Set the flag --verbose for more output.", "Set the flag --quiet for more output."),
        ("The address is Hauptstraße 12a.", "The address is Hauptstraße 12b."),
        ("The postcode is 10115.", "The postcode is 10117."),
        ("Row 7 of the table holds the totals.", "Row 8 of the table holds the totals."),
        ("The password is hunter2.", "The password is hunter3."),
        ("Press Ctrl+S to save the drawing.", "Press Ctrl+D to save the drawing."),
        ("The chapter is on page 250.", "The chapter is on page 251."),
        ("Die Wohnung liegt im Haus Nr. 120.", "Die Wohnung liegt im Haus Nr. 121."),
        ("The hotline is 0800-123-456.", "The hotline is 0800-123-457."),
        ("The scale is 1:25,000.", "The scale is 1:50,000."),
        ("Regulation (EU) 2016/679 applies here.", "Regulation (EU) 2016/680 applies here."),
        ("Use screws of type M8x40.", "Use screws of type M8x50."),
        ("Torque is 40 Nm for the bolts.", "Torque is 45 Nm for the bolts."),
        ("The blood group is AB+.", "The blood group is AB-."),
        ("The grade is B+ in maths.", "The grade is B- in maths."),
    ],
)
def test_what_is_nearly_the_same_designation_is_another(statement: str, source: str) -> None:
    verdicts = [check.verdict for check in check_statement(statement, [Source(source)])]

    assert Verdict.UNSUPPORTED in verdicts or Verdict.CONTRADICTED in verdicts


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("Order part AX-4711-B for the pump.", "Order the part AX 4711 B for the pump."),
        ("The team lost 3:1 in Kiel.", "The team lost 3–1 in Kiel."),
        (
            "The pandemic of COVID-19 closed the schools.",
            "The schools were closed by the pandemic of Covid 19.",
        ),
        ("The air force bought three F-16s.", "The air force bought three of the F-16 jets."),
        ("Press Ctrl+S to save the drawing.", "To save the drawing press Ctrl + S."),
        ("The form is at https://www.example.com/forms.", "The form is at example.com/forms/."),
        ("The form is at www.example.com.", "The form is at https://example.com."),
        ("Version v4.2.0 fixes the crash.", "The crash is fixed in version 4.2.0."),
        ("Version 4.2.0 fixes the crash.", "v4.2.0 fixes the crash."),
        ("The map has a scale of 1:25,000.", "The map has a scale of 1:25000."),
        ("The room has 20 m² of floor.", "The room has 20m² of floor."),
        ("The molecule H2O freezes at zero degrees.", "The molecule H₂O freezes at zero degrees."),
        ("See § 3.2.1 for the details.", "For the details see section 3.2.1."),
        ("The MP3 player costs 30 euros.", "The MP3-Player costs 30 euros."),
        ("The season 2016/17 was wet.", "The season 2016–17 was wet."),
        ("Set `max_tokens` to 300 for short answers.", "For short answers set max_tokens=300."),
        ("The server listens on port 8080.", "The server is listening on port 8080/tcp."),
        ("About 310 guests came to the party.", "311 guests came to the party."),
        ("The town has 91,500 inhabitants.", "The town has 91,482 inhabitants."),
        ("The invoice is due within 14 days.", "The invoice is due within 14 (fourteen) days."),
        ("The A4 sheet is folded twice.", "A sheet of size A4 is folded twice."),
        ("The flight LH1042 leaves at noon.", "Flight LH 1042 leaves at noon."),
        ("Write to Anna.Berg@Example.com for help.", "Write to anna.berg@example.com for help."),
        ("The 10-year-old boy won the race.", "The boy, 10 years old, won the race."),
        ("In the mid-1990s the mine was closed.", "The mine was closed in the middle of the 1990s."),
        ("In Q3 2023 sales rose by 5 %.", "Sales rose by 5 % in Q3/2023."),
        ("A 3-room flat costs 900 euros.", "A flat of 3 rooms costs 900 euros."),
        ("The film runs 24/7.", "The film runs 24/7 in the hall."),
        ("The lens costs €350 at the shop.", "The shop sells the lens for 350€."),
        ("Type C++ is a language of the 1980s.", "C++ is a language of the 1980s."),
        ("The ISBN is 978-3-16-148410-0.", "ISBN: 978-3-16-148410-0"),
        ("The ratio of sand to cement is 3:1.", "Mix sand and cement in a ratio of 3 : 1."),
        ("The white board measures 20x30 cm.", "The white board measures 20 x 30 cm."),
        ("The image has 1920x1080 pixels in colour.", "The image has 1920 × 1080 pixels in colour."),
        ("Jamaica won the 4x100 m relay.", "The 4 x 100 m relay was won by Jamaica."),
        ("The first train leaves at 5:40.", "The first train leaves at 5.40 am."),
    ],
)
def test_the_same_designation_in_another_notation_is_no_other(statement: str, source: str) -> None:
    assert {check.verdict for check in check_statement(statement, [Source(source)])} == {Verdict.SUPPORTED}


def test_another_length_in_a_product_is_told() -> None:
    source = Source("The board measures 20 x 30 cm and is white.")
    [check] = check_statement("The board measures 20x40 cm.", [source])
    assert check.verdict is Verdict.UNSUPPORTED
    assert [one.form for one in designations_of("the register 0x30 of the 20x30 board")] == ["0x30"]


def test_a_plain_number_is_not_the_one_it_would_be_rounded_to() -> None:
    room, people = [Source("The meeting is in room 311.")], [Source("The town has 91,482 inhabitants.")]

    [check] = check_statement("The meeting is in room 310.", room)
    assert check.reason == "The answer says “310”, the source “311”."
    [check] = check_statement("The town has 91,500 inhabitants.", people)
    assert check.verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("statement", "source", "reason"),
    [
        ("Open from 9 am to 5 pm.", "Open from 9 am to 6 pm.", "The answer says “5 pm”, the source “6 pm”."),
        ("Call 030 1234567.", "Call 030 1234568.", "The answer says “1234567”, the source “1234568”."),
        (
            "The price is five hundred euros.",
            "The price is six hundred euros.",
            "The answer says “five hundred euros”, the source “six hundred euros”.",
        ),
        (
            "The temperature is -5 °C.",
            "The temperature is 5 °C.",
            "The answer says “-5 °C”, the source “5 °C”.",
        ),
    ],
)
def test_what_the_source_says_instead_is_what_the_statement_has_not(
    statement: str, source: str, reason: str
) -> None:
    assert [check.reason for check in check_statement(statement, [Source(source)])] == [reason]
