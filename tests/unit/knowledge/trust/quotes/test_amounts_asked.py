"""Which rows a question names, and whether a report that is asked for an amount states it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatbot_app.core.document_fields import FieldMatch
from chatbot_app.core.documents import Evidence, Passage, StageScores
from chatbot_app.knowledge.sentences.quotable_sentences import sentences_of
from chatbot_app.knowledge.trust.quotes.amounts_asked import (
    LEAST_SAID,
    NamedRows,
    amount_said,
    named_rows,
    odds_of_amount,
)
from chatbot_app.knowledge.trust.quotes.quote_features import Question
from chatbot_app.knowledge.words.words import query_terms

HEADS = "Pear 2023 › Results\nOperating results (in millions)\n|  | Q2 2022 | Q2 2023 |"
RESULTS = "\n".join(
    (
        "| Total net sales | $81,434 | $82,959 |",
        "| Operating expenses: |  |  |",
        "|   Research and development | 5,717 | 6,797 |",
        "|   Total operating expenses | 11,129 | 12,809 |",
        "| Cloud |  |  |",
        "|   Operating income (1) | 5,403 | 6,976 |",
        "| Net cash provided by operating activities | 22,892 | 21,094 |",
        "| Other comprehensive income (loss), net of tax | 31 | 22 |",
        "| Net income (loss) | (2,028) | 6,750 |",
    )
)
PROSE = "Pear Music is a service. Apps are downloaded from the store. Each subscriber may leave at any time."


def evidence(*texts: str, match: FieldMatch = FieldMatch.FITS) -> list[Evidence]:
    return [
        Evidence(
            Passage(n, f"d{n}", n, 0, len(text), text, 1, (), HEADS),
            "Pear 2023",
            "/pear.pdf",
            StageScores(1.0, 0.5, 0.5, 1.0 - n / 10),
            match=match,
        )
        for n, text in enumerate(texts)
    ]


def terms(question: str) -> dict[str, float]:
    words, pairs = query_terms(question)
    return dict.fromkeys([*words, *pairs], 3.0)


def rows_of(question: str, found: list[Evidence]) -> tuple[NamedRows, str]:
    """Return what is named, and the first row of those that are named most."""
    sentences = sentences_of([item.passage for item in found])
    rows = named_rows(Question(question, terms(question)), found, sentences)
    return rows, sentences[int(rows.shares.argmax())].text if rows.is_any else ""


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("total net sales", "Total net sales"),
        ("How did the R&D expenditure change, and with what implications?", "Research and development"),
        ("How do the operating expenses relate to the strategy?", "Total operating expenses"),
        ("What was the operating profit of Cloud?", "Cloud: Operating income"),
        ("What changes of the cash flows were there?", "Net cash provided by"),
        ("Compare the net income of both quarters", "Net income (loss)"),
        ("How high was the net loss?", "Net income (loss)"),
        ("Who founded the company?", ""),
    ],
)
def test_the_row_that_is_asked_for_is_named_whatever_is_said_besides(question: str, row: str) -> None:
    named, first = rows_of(question, evidence(RESULTS))
    assert row in first
    assert named.is_any is bool(row)
    assert not row or named.shares.max() == 1.0


def test_how_much_of_a_question_a_row_says_counts_every_word_of_it() -> None:
    named, _first = rows_of("total net sales in the shops of the capital", evidence(RESULTS))
    assert named.of_question.max() < named.shares.max() == 1.0


def test_a_section_that_is_not_asked_for_is_told() -> None:
    named, _first = rows_of("operating income", evidence(RESULTS))
    assert not named.section_asked[int(named.shares.argmax())]


def test_rows_of_another_report_and_prose_are_not_named() -> None:
    assert not rows_of("total net sales", evidence(RESULTS, match=FieldMatch.DIFFERS))[0].is_any
    assert not rows_of("total net sales", evidence(PROSE))[0].is_any


@pytest.mark.parametrize(
    ("question", "is_said"),
    [
        ("What were the total net sales in Q2 2023?", True),
        ("How much was spent on research and development?", True),
        ("How many subscribers did Pear Music have in Q2 2023?", False),
        ("What were the net sales of robots in Warsaw?", False),
    ],
)
def test_a_report_states_an_amount_or_is_silent(question: str, is_said: bool) -> None:
    found = evidence(RESULTS, PROSE)
    said = amount_said(question, terms(question), found)
    assert said is not None
    assert (said >= LEAST_SAID) is is_said
    rows, _first = rows_of(question, found)
    assert (odds_of_amount(question, said, rows) > 0) is is_said
    assert amount_said(question, terms(question), evidence(RESULTS, match=FieldMatch.DIFFERS)) == 0.0


def test_what_is_to_be_explained_needs_no_row_for_every_word_but_one_for_the_amount() -> None:
    question = "How did net sales change, and what does this suggest about the supply chain?"
    found = evidence(RESULTS)
    assert amount_said(question, terms(question), found) is None
    assert odds_of_amount(question, None, rows_of(question, found)[0]) > 0
    assert odds_of_amount(question, None, rows_of(question, evidence(PROSE))[0]) == 0.0


def test_no_amount_is_asked_for() -> None:
    assert amount_said("Who founded Pear?", terms("Who founded Pear?"), evidence(RESULTS)) is None
    assert odds_of_amount("Who founded Pear?", None, rows_of("net sales", evidence(RESULTS))[0]) == 0.0


def test_rows_of_sections_count_nothing_beside_the_row_of_the_whole() -> None:
    regions = "| Total net sales | $81,434 | $82,959 |\n| Japan: |  |  |\n|   Net sales | 4,821 | 5,446 |"
    rows, _ = rows_of("How did Pear's net sales change in Q2 2023?", evidence(regions))
    assert sorted(rows.section_asked[rows.shares > 0]) == [False, True]
    assert rows.of_a_section(0.75) == 0.0
    alone, _ = rows_of("How did Pear's net sales change in Q2 2023?", evidence(regions.partition("\n")[2]))
    assert alone.of_a_section(0.75) == 0.75


def test_a_cloud_business_is_met_by_its_name() -> None:
    table = "| North America |  |  |\n|   Net sales | 69,244 | 76,881 |\n| AWS |  |  |\n|   Net sales | 18,441 | 21,354 |"
    rows, first = rows_of("What were the net sales of the cloud segment?", evidence(table))
    assert first.startswith("AWS: Net sales")
    assert rows.section_asked.tolist() == [False, True]


LISTED = "|  |  |\n|---|---|\n| Serial no. | GH-20 81 |\n| Rent | £700 a month |\n| Tel. | 0211 55 18 |"


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("What is the rent of Pear?", "Rent: £700 a month"),
        ("What is the serial number of Pear?", "Serial no.: GH-20 81"),
        ("What is the telephone number of Pear?", "Tel.: 0211 55 18"),
    ],
)
def test_a_label_of_a_list_is_named_also_where_it_is_short_for_a_word(question: str, row: str) -> None:
    assert rows_of(question, evidence(LISTED))[1] == row


def test_a_label_counts_less_where_the_rest_of_the_question_is_not_said() -> None:
    found = evidence("Rent: £700 a month", "Rent: £900 a month\n\nThe flat in Dock Street has two rooms.")
    sentences = sentences_of([item.passage for item in found])
    question = "What is the rent of the flat in Dock Street?"
    shares = named_rows(Question(question, terms(question)), found, sentences).shares
    assert 0 < shares[0] < shares[1]


BALANCES = "\n".join(
    (
        "| Changes in operating assets and liabilities: |  |  |",
        "|   Unearned revenue | 1,955 | 738 |",
        "| Current liabilities: |  |  |",
        "|   Unearned revenue | 4,768 | 5,097 |",
        "| Cash flows from investing activities: |  |  |",
        "|   Purchases of property and equipment, including software | (7,804) | (11,955) |",
    )
)


def test_a_balance_is_asked_for_and_not_how_it_has_changed() -> None:
    rows, best = rows_of("How much unearned revenue did Pear have in Q2 2023?", evidence(BALANCES))
    assert best.startswith("Current liabilities: Unearned revenue")
    assert rows.section_asked.tolist() == [False, True, True]
    rows, _ = rows_of("How has unearned revenue changed in Q2 2023?", evidence(BALANCES))
    assert rows.shares[0] > rows.shares[1] > 0


def test_a_label_that_says_it_in_other_words_counts_for_those_that_it_lacks() -> None:
    rows, best = rows_of("What was Pear's capital expenditure in Q2 2023?", evidence(BALANCES))
    assert best.startswith("Cash flows from investing activities: Purchases of property and equipment")
    assert rows.renamed.tolist() == [0.0, 0.0, float(rows.shares[2])]
    rows, _ = rows_of("What did Pear spend on property and equipment in Q2 2023?", evidence(BALANCES))
    assert rows.shares[2] > 0
    assert not rows.renamed.any()


def test_a_label_that_says_more_of_what_is_asked_comes_before_one_that_says_less() -> None:
    sums = "| Total liabilities | 15,430 | 10,906 |\n| Total current liabilities | 5,466 | 4,586 |"
    rows, best = rows_of("What were the current liabilities of Pear in Q2 2023?", evidence(sums))
    assert best.startswith("Total current liabilities")
    assert rows.shares[0] < 0.5 * rows.shares[1]


def test_heads_and_captions_that_say_the_rest_count_a_little() -> None:
    regions = "Property and equipment by region:\n\n|  | Domestic streaming | Abroad |\n|---|---:|---:|\n| Marketing | 553 | 724 |"
    total = "All:\n\n|  | 2023 | 2022 |\n|---|---:|---:|\n| Marketing | 1,278 | 991 |"
    found = [
        replace(item, passage=replace(item.passage, context="Pear 2023")) for item in evidence(total, regions)
    ]
    rows, best = rows_of("What did Pear spend on marketing for domestic streaming in Q2 2023?", found)
    assert "Domestic streaming: 553" in best
    assert rows.of_question[0] == rows.of_question[1]


def test_a_row_of_the_statements_comes_before_one_of_a_note() -> None:
    row = "|  | 2023 | 2022 |\n|---|---:|---:|\n| Trade payables | {} | 65 |"
    note, sheet = row.format("—"), f"CONSOLIDATED BALANCE SHEETS\n\n{row.format('2,785')}"
    found = [
        replace(item, passage=replace(item.passage, context="Pear 2023")) for item in evidence(note, sheet)
    ]
    _, best = rows_of("What trade payables did Pear have in Q2 2023?", found)
    assert "2,785" in best
