"""A row, or a sentence, with an amount that is said to be what is asked for: by other words, below a section."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.fields.content import without_kinds
from chatbot_app.knowledge.fields.figure_places import FigureAsked
from chatbot_app.knowledge.fields.terms import terms_of
from chatbot_app.knowledge.words.question_language import question_language, small_words
from chatbot_app.knowledge.words.words import UNSPACED, query_terms

CONTEXT = "Pear 2023 › Results\nStatements of operations (in millions)\n|  | 2023 | 2022 |"
SALES = "|  | 2023 | 2022 |\n|---|---|---|\n| Total net sales | $81,797 | $82,959 |"
COSTS = "| Total cost of sales | 45,384 | 47,074 |\n| Gross margin | 36,413 | 35,885 |"
AWS = "| AWS |  |  |\n|   Net sales | $22,140 | $19,739 |\n|   Operating expenses | 16,775 | 14,024 |"
CASH = "| Net cash provided by (used in) operating activities | 16,476 | (8,938) |\n| Cash, end of period | 50,067 | 37,700 |"
PROSE = "The Company repurchased 408 million shares of its common stock for $65.0 billion in the period."
EMPTY = "The Company may repurchase shares of its common stock in the period."


def asked(question: str, *, weight: float = 1.0) -> FigureAsked:
    words = question.casefold().replace("?", "").replace("&", " ").split()
    return FigureAsked(question, dict.fromkeys(words, weight))


def shares(question: str, *texts: str) -> list[float]:
    return [asked(question).share(text, CONTEXT) for text in texts]


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("revenue", 0),
        ("net sales", 0),
        ("umsatz", 0),
        ("cogs", 1),
        ("cost of goods sold", 1),
        ("gross profit", 1),
        ("aws segment revenue", 2),
        ("opex", 2),
        ("scale of buybacks", 3),
        ("cash flows", 4),
        ("operating cash flow", 4),
        ("chiffre d'affaires", 0),
        ("ventas netas", 0),
        ("margen bruto", 1),
        ("marge brute", 1),
        ("валовая прибыль", 1),
        ("ricavi aws", 2),
        ("recompra de acciones", 3),
    ],
)
def test_the_row_or_sentence_is_found_by_other_words(question: str, best: int) -> None:
    found = shares(question, SALES, COSTS, AWS, PROSE, CASH)
    assert found.index(max(found)) == best, found
    assert found[best] > 0


def test_a_section_above_the_passage_counts_with_its_rows() -> None:
    rows = "|   Net sales | $22,140 | $19,739 |"
    below = f"{CONTEXT}\n| AWS |"
    question = asked("aws revenue")
    assert question.share(rows, below) > question.share(rows, CONTEXT)


def test_what_has_no_amount_says_none() -> None:
    assert shares("repurchase of shares", EMPTY, "| Repurchases |  |  |", "") == [0.0, 0.0, 0.0]
    assert not FigureAsked("", {})
    assert FigureAsked("", {}).share(SALES, CONTEXT) == 0.0


def test_a_total_of_anything_is_not_what_a_total_is_asked_of() -> None:
    first, second = shares(
        "total dividends", "| Total assets | 1,234 | 1,300 |", "| Dividends | 3,811 | 3,760 |"
    )
    assert second > first


def test_a_section_and_its_row_are_read_together() -> None:
    table = "| Cash provided by (used in): |  |  |\n|   Operating activities | $11,404 | $21,217 |"
    assert asked("operating cash flow").share(table, CONTEXT) == 1.0
    assert asked("cash flows").share(table, CONTEXT) > 0.9
    assert asked("investing cash flow").share(table, CONTEXT) == 0.0


def test_a_section_that_only_repeats_the_caption_hides_no_row() -> None:
    row = "| Cash paid for interest on debt, net of capitalized interest | $304 | $465 |"
    below = f"| SUPPLEMENTAL CASH FLOW INFORMATION: |  |  |\n{row}"
    assert asked("interest paid on debt").share(below, CONTEXT) > 0.6
    assert asked("interest paid on debt").share(row, CONTEXT) > 0.6


def test_the_signs_of_notes_are_no_words_of_a_label() -> None:
    plain, noted = shares("online stores", "| Online stores | 53,489 |", "| Online stores (1) | 53,489 |")
    assert plain == noted == 1.0
    assert shares("iphone", "| iPhone ® | 51,334 |", "| Services (3)(4) | 20,907 |") == [1.0, 0.0]


def test_words_for_a_time_say_nothing_of_an_amount() -> None:
    prose = "Sales of the second quarter of 2023 rose, and $5 million were spent on the move."
    question = FigureAsked("rent in the second of 2023", {"rent": 3.0, "second": 3.0, "2023": 1.0})
    assert question.share(prose, CONTEXT) == 0.0
    assert question.share("| Rent | 1,200 | 1,300 |", CONTEXT) == 1.0


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Wie hoch war der Umsatz von Pear im dritten Quartal 2023?", True),
        ("Quel était le montant des ventes nettes de Pear au troisième trimestre 2023 ?", True),
        ("¿Cuáles fueron las ventas netas de Pear en el tercer trimestre de 2023?", True),
        ("Какова была выручка Pear в третьем квартале 2023 года?", True),
        ("Pear公司2023年第三季度的净销售额是多少？", True),
        ("Pear公司2023年第三季度的毛利润是多少？", False),
        ("Wie hoch war der Umsatz von Pear mit Musik im dritten Quartal 2023?", False),
        ("Quel était le bénéfice net de Pear au troisième trimestre 2023 ?", False),
    ],
)
def test_a_row_says_all_that_a_question_in_another_language_asks(question: str, said: bool) -> None:
    terms, pairs = query_terms(question, small_words(question_language(question)))
    names = {"pear", "公司"}
    weights = {term: 3.0 for term in [*terms, *pairs] if term not in names and not UNSPACED.match(term)}
    asked = FigureAsked(question, weights)
    assert asked
    assert (asked.share("| Net sales | $81,797 | $82,959 |", CONTEXT) == 1.0) is said


def test_what_nothing_with_an_amount_says_takes_no_weight_from_the_rest() -> None:
    question = FigureAsked("inventory implications", {"inventory": 2.0, "implications": 8.0})
    row = "| Inventories | 34,405 | 35,406 |"
    assert question.share(row, CONTEXT) == pytest.approx(0.2)
    question.keep_to([(row, CONTEXT), ("Implications are discussed below.", CONTEXT)])
    assert question.share(row, CONTEXT) == 1.0
    question.keep_to([(EMPTY, CONTEXT)])
    assert not question


def test_phrases_are_one_term_the_longest_first() -> None:
    names = [term for term, _parts in terms_of("Cost of sales, net sales and R&D per share")]
    assert names[:3] == ["cost of sales", "revenue", "research and development"]


def test_a_kind_of_document_is_no_part_number() -> None:
    assert "10-Q" not in without_kinds("What does Pear's latest 10-Q say about part AX-200-7?")
    assert "AX-200-7" in without_kinds("What does Pear's latest 10-Q say about part AX-200-7?")


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How large was the archive of 3 November 2024?", "3. The amount of EUR 135 is replaced by EUR 142."),
        ("How large was the archive in November?", "A thirteenth salary of 3,650 is paid in November."),
        ("Was kostet eine Tür im März?", "Am 12. dann das Haus, da kostet es 24 €"),
    ],
)
def test_when_and_that_it_costs_is_no_name_of_an_amount(question: str, text: str) -> None:
    assert asked(question).share(text, "") == 0
