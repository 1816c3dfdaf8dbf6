"""Questions that name a year, and documents that tell of other years: they do not answer."""

from __future__ import annotations

import hashlib

import pytest

from chatbot_app.chat.refusal import refusal
from chatbot_app.core.documents import Evidence, ParsedDocument, Passage, SearchScope, StageScores, YearsAsked
from chatbot_app.core.trust import Quotes
from chatbot_app.knowledge.fields import READER_VERSION
from chatbot_app.knowledge.fields.reading import read_fields
from chatbot_app.knowledge.formats.blocks import markdown_blocks
from chatbot_app.knowledge.search.retriever import Retriever
from chatbot_app.knowledge.search.years_asked import read_years, tells_of, years_asked
from chatbot_app.knowledge.splitting.splitter import Splitter
from chatbot_app.knowledge.trust.quotes.quotes import PASSAGES, find_quotes
from chatbot_app.storage.documents import Source
from tests.unit.knowledge.conftest import word_starts

REPORT = """# Annual report 2023

Nordwind Pumps AG

For the year ended December 31, 2023

The Chief Financial Officer is Philipp Remmers.

| EUR million | 2023 | 2022 |
| --- | --- | --- |
| Revenue | 412.6 | 388.1 |
| Profit for the year | 27.8 | 23.9 |
"""
LONG = REPORT + "\n".join(
    f"\n# Note {number}\n\nPumps of kind {number} are made in Kiel." for number in range(30)
)
CONTRACT = """# Tenancy agreement

This agreement is made on 3 February 2024 between Margaret Holloway and Idris Bello.

# Rent

The rent is 1,150 pounds a month, payable in advance on the first working day of each month.
"""
NOTES = "# Pump room\n\nThe code of the pump room's door is 4471. The revenue office has no key to it."


def keep(library, title: str, text: str) -> None:
    source = Source(f"/x/{title}.md", title, len(text), hashlib.sha256(text.encode()).hexdigest())
    document = library.documents.register(source).document
    parsed = ParsedDocument(title, text, markdown_blocks(text), "text/markdown")
    library.documents.store_passages(document.id, parsed, list(Splitter(word_starts).split(parsed)))
    library.fields.keep_read({document.id: read_fields(source.path, title, text)}, READER_VERSION)


def unsaid(library, question: str) -> tuple[tuple[int, ...], bool]:
    retriever = Retriever(library.passages, None, library.fields)
    quotes = find_quotes(retriever.search(question, PASSAGES))
    return quotes.unsaid_years, quotes.refused


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("What was the revenue in 2019?", (2019,)),
        ("Wie hoch war der Umsatz von 2019 bis 2021?", (2019, 2020, 2021)),
        ("What was the revenue in Q3 FY24?", (2024,)),
        ("What was decided on 9 April 2024?", (2024,)),
        ("2023年的收入是多少？", (2023,)),
        ("公司在2019年的收入是多少？", (2019,)),
        ("二〇一九年的收入是多少？", (2019,)),
        ("Wie hoch war der Kassenstand am 31.12.19?", (2019,)),
        ("What was the cash as of 12/31/19?", (2019,)),
        ("What was the revenue in May '19?", (2019,)),
        ("What was the revenue in ’19?", (2019,)),
        ("When was the battle of 14 October 1066?", ()),  # a number, in any text that is searched
        ("Is 3.11.12 a version of it?", ()),
        ("What was the revenue by region in 2019?", (2019,)),
        ("What does the invoice from 2019 say?", (2019,)),
        ("What was the cash as of 31 December 2019?", (2019,)),
        ("Who has joined since 2020?", ()),  # somebody in 2022, it may be
        ("Which projects ended before May 2022?", ()),
        ("What happened after 2015 and before 2020?", ()),
        ("Wer ist seit dem 1. Mai 2020 dabei?", ()),
        ("Que s'est-il passé depuis 2020 ?", ()),
        ("¿Quién llegó después de 2020?", ()),
        ("Кто пришёл после 2020 года?", ()),
        ("2020年以后谁加入了？", ()),
        ("How many people work there?", ()),
        ("What costs 2019 euros?", (2019,)),  # it may be one, and then nothing follows of what says so
        ("What is in room 204?", ()),
    ],
)
def test_years_of_a_question(question: str, years: tuple[int, ...]) -> None:
    assert years_asked(question) == years


@pytest.mark.parametrize(
    ("year", "text"),
    [
        (2019, "in 2019 it rained"),
        (2019, "the season 2018/19"),
        (2019, "FY19 results"),
        (2019, "am 31.12.19 fällig"),
        (2019, "am 31.12.2019 fällig"),
        (2019, "January 1,2019"),
        (2019, "从2015至2020年"),
        (2019, "between 2015 and 2020"),
        (2019, "from 2015 to 2021"),
        (2019, "Lena Fischer has been CFO since 2015"),
        (2019, "seit dem 1. Mai 2015 im Amt"),
        (2019, "von 2015–2021 im Amt"),
        (1995, "in the 1990s"),
        (1995, "in den 1990er Jahren"),
        (2019, "二〇一九年"),
        (2019, "2015年以来"),
    ],
)
def test_a_text_tells_of_a_year(year: int, text: str) -> None:
    assert tells_of([year], text)


@pytest.mark.parametrize(
    "text",
    [
        "in 2018 and 2020",
        "20190 pieces",
        "from 1 January to 31 December 2023",
        "since 2021",
        "2,019 pieces",
        "",
    ],
)
def test_a_text_does_not_tell_of_2019(text: str) -> None:
    assert not tells_of([2019], text)


def test_a_report_does_not_answer_for_another_year(library) -> None:
    for title, text in (("Nordwind 2023", LONG), ("contract", CONTRACT), ("notes", NOTES)):
        keep(library, title, text)
    for question in (
        "What was Nordwind's revenue in 2019?",
        "What was Nordwind's profit for the year 2027?",
        "Who was the Chief Financial Officer of Nordwind in 2021?",
    ):
        years, refused = unsaid(library, question)
        assert years == years_asked(question), question
        assert refused, question
    for question in ("What was Nordwind's revenue in 2022?", "What was Nordwind's revenue in 2023?"):
        assert unsaid(library, question) == ((), False)


def test_the_year_may_stand_anywhere_in_the_document(library) -> None:
    keep(
        library,
        "Nordwind 2023",
        f"{LONG}\n\n# History\n\nThe revenue office opened a branch beside us in 2019.",
    )
    assert unsaid(library, "What was Nordwind's revenue in 2019?")[0] == ()
    assert unsaid(library, "What was Nordwind's revenue in 2018?")[0] == (2018,)


def test_what_holds_on_and_what_names_no_year_answers_for_later_years(library) -> None:
    keep(library, "contract", CONTRACT)
    keep(library, "notes", NOTES)
    assert unsaid(library, "How much is the rent a month in 2026?") == ((), False)
    assert unsaid(library, "How much was the rent a month in 2021?")[0] == (2021,)
    assert unsaid(library, "What is the code of the pump room's door in 2026?") == ((), False)


def test_what_came_since_a_year_may_be_told_of_a_later_one(library) -> None:
    keep(library, "Nordwind 2023", LONG)
    assert unsaid(library, "Who was the Chief Financial Officer of Nordwind in 2020?")[0] == (2020,)
    assert unsaid(library, "Who has been the Chief Financial Officer of Nordwind since 2020?")[0] == ()


@pytest.mark.parametrize("rent", ["1500 Euro", "1800 руб."])
def test_a_price_is_no_year(library, rent: str) -> None:
    keep(library, "letter", f"Dear Idris Bello,\n\nas rent the flat costs {rent} a month.")
    assert unsaid(library, "How much is the rent a month for the flat in 1790?")[0] == ()


@pytest.mark.parametrize("text", ["a" * 60_000, "一九" * 30_000, "\n" * 60_000, "seit a " * 8_000], ids=len)
def test_long_words_and_empty_lines_are_read_in_a_moment(library, text: str) -> None:
    """With a pattern that is quadratic in a word's length this took minutes, more than a test may."""
    passage = Passage(1, "d", 0, 0, len(text), text, None, (), "")
    found = [Evidence(passage, "notes", "/x/notes.md", StageScores(None, None, 0.0, 1.0))]
    assert read_years("What was it in 2019?", found, library.passages.words) == YearsAsked((2019,))


def test_a_refusal_says_which_year_is_missing() -> None:
    text, _ = refusal(
        Quotes((), True, 0.0, (2019,)), SearchScope(documents=3), "What in 2019?", "What in 2019?"
    )
    assert "tells of other years, not of 2019." in text
    text, _ = refusal(Quotes((), True, 0.0, (2018, 2019)), SearchScope(documents=3), "What?", "What?")
    assert "not of 2018, 2019." in text
    text, _ = refusal(Quotes((), True, 0.0, (2015, 2018, 2023)), SearchScope(documents=3), "What?", "What?")
    assert "not of 2015, 2018, 2023." in text
    text, _ = refusal(Quotes((), True, 0.0, (2018, 2019, 2020)), SearchScope(documents=3), "What?", "What?")
    assert "not of 2018–2020." in text
