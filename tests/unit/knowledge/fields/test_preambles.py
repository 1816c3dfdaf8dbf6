"""Who makes an agreement and when, read from the sentence with which it begins."""

from __future__ import annotations

import time

import pytest

from chatbot_app.knowledge.fields.preambles import Preamble, preamble_of
from chatbot_app.knowledge.fields.reading import read_fields


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'Exhibit 10.5 TRADEMARK LICENSE AGREEMENT This TRADEMARK LICENSE AGREEMENT (this "Agreement") is made and effective as of '
            'May 4, 2019 (the "Effective Date"), by and among Halden Capital, L.L.C., a Delaware limited liability company (the "Licensor"), '
            'and HLF Senior Loan Fund I, Inc., a Maryland corporation (the "Licensee"). RECITALS WHEREAS, Widget Ltd. is',
            Preamble(("Halden Capital, L.L.C.", "HLF Senior Loan Fund I, Inc."), (), "2019-05-04"),
        ),
        (
            "SPONSORSHIP AGREEMENT\n\nThis agreement is entered into as of the 15th day of December,\n1997, by and between Larkspur, Inc., "
            'a California\ncorporation, located at 5 Broad Street ("Larkspur"), and Independent Fruit Network Corp. ("IFN"), a Delaware corporation.',
            Preamble(("Larkspur, Inc.", "Independent Fruit Network Corp."), ("IFN",), "1997-12-15"),
        ),
        (
            "CO-BRANDING AGREEMENT\nThis agreement is made effective Oct. 11, 1996 by and between PEAR QUOTE, INC. (hereinafter referred to as "
            '"PQ"), a Delaware Corporation with its principal place of business at 300 South Drive, Chicago, Illinois 60605 and Ab Whatley, Inc.'
            ' (hereinafter referred to as "ABW").',
            Preamble(("PEAR QUOTE, INC.", "Ab Whatley, Inc."), ("PQ", "ABW"), "1996-10-11"),
        ),
        (
            'This Celebrity Endorsement Agreement ("Agreement") is made on March 14, 2012 between Bizzo, Inc. ("Bizzo") and Joseph Tarn ("Tarn").',
            Preamble(("Bizzo, Inc.", "Joseph Tarn"), (), "2012-03-14"),
        ),
        (
            "Reseller Agreement BY AND BETWEEN PEVEX CORPORATION AND DELLO TECHNOLOGIES LTD\nThis Agreement is entered as of this ___ day of ____",
            Preamble(("PEVEX CORPORATION", "DELLO TECHNOLOGIES LTD"), (), ""),
        ),
        (
            "Dieser Vertrag wird geschlossen zwischen der Brenner Feinwerk GmbH, Jena, und der Nordlicht Energie AG, Kiel. Präambel",
            Preamble(("Brenner Feinwerk GmbH", "Nordlicht Energie AG"), (), ""),
        ),
    ],
)
def test_an_agreement_says_who_makes_it_and_when(text: str, expected: Preamble) -> None:
    assert preamble_of(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The treaty ended the war. It was an agreement between Egypt and Israel, signed in 1979 by both.",
        "Revenue of Acme Corp. rose after its agreement with Globex GmbH, which was made between two quarters.",
        "How to write an agreement\nSay who makes it, and on which day.",
        "",
    ],
)
def test_what_tells_of_an_agreement_is_none(text: str) -> None:
    assert preamble_of(text) is None


def test_a_long_line_and_the_report_that_an_agreement_was_filed_with_hide_nothing() -> None:
    """A page may be one line, and the name of the file may say "10-Q"."""
    text = (
        "Exhibit 10.1 EXCLUSIVE DISTRIBUTOR AGREEMENT "
        + "This copy is for the record. " * 20
        + 'This Agreement ("Agreement") is made this '
        '12th day of November, 2019 between Water Ahead, Inc. ("Water Ahead") and Bestow Management, LLC ("Distributor").'
    )
    fields = read_fields("WaterAheadInc_20191120_10-Q_EX-10.12_Distributor Agreement.txt", "", text)
    assert fields.company == "Water Ahead, Inc.; Bestow Management, LLC"
    assert (fields.kind, fields.date) == ("contract", "2019-11-12")


def test_a_page_of_openings_takes_no_time() -> None:
    text = "this agreement " * 4000 + "between and " * 4000 + "(" * 4000
    began = time.process_time()
    assert preamble_of(text) is None
    assert time.process_time() - began < 2
