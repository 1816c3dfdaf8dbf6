"""Rows in words: heads, sections and units with the figures they belong to."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.tables.described import described_rows, quotable_spans
from chatbot_app.knowledge.tables.units import unit_of

HEADS = "|  | Three Months Ended July 1, 2023 | Three Months Ended June 25, 2022 |"
CONTEXT = f"Report › Results\n(In millions, except number of shares, in thousands, and per share amounts) Amounts in $.\n{HEADS}"


def words(text: str, context: str = "") -> list[str]:
    return [row.text for row in described_rows(text, context)]


def test_a_row_far_below_its_heads_says_what_its_figures_are() -> None:
    assert words("|   Total net sales | 81,797 | 82,959 |", CONTEXT) == [
        "Total net sales, Three Months Ended July 1, 2023: $81,797 million; "
        "Three Months Ended June 25, 2022: $82,959 million"
    ]


def test_a_row_stands_under_its_section_until_that_ends() -> None:
    rows = """| Net sales: |  |  |
|   Products | 60,584 | 63,355 |
|   Total net sales | 81,797 | 82,959 |
| Gross margin | 36,413 | 35,885 |
| Operating expenses: |  |  |
|   Research | 7,442 | 6,797 |
| Operating income | 22,998 | 23,076 |"""
    starts = [line.partition(", Three")[0] for line in words(rows, CONTEXT)]
    assert starts == [
        "Net sales: Products",
        "Total net sales",
        "Gross margin",
        "Operating expenses: Research",
        "Operating income",
    ]


def test_signs_of_notes_are_no_part_of_what_a_row_says() -> None:
    rows = "| Online (2): |  |  |\n|   Phones ® (3)(4) | 1,234 | 1,200 |\n|   (1) | 5 | 6 |"
    assert [line.partition(", Three")[0] for line in words(rows, CONTEXT)] == [
        "Online: Phones",
        "Online: (1)",
    ]


def test_a_section_from_the_passage_before_is_in_the_context() -> None:
    found = words("|   Products | 60,584 | 63,355 |", f"{CONTEXT}\n| Net sales |")
    assert found[0].startswith("Net sales: Products, Three Months Ended July 1, 2023: $60,584 million")


def test_what_is_no_money_has_no_unit_of_money() -> None:
    rows = """| Earnings per share: | | |
|   Basic | $1.27 | $1.20 |
| Shares used in computing earnings per share: | | |
|   Basic | 15,697,614 | 16,162,945 |
| Effective tax rate | 12.5 % | 15.7 % |
| Gain/(Loss) | (265) | — |
| Interest rate contracts | 19,375 | 20,125 |"""
    found = [line.partition("2023: ")[2].partition(";")[0] for line in words(rows, CONTEXT)]
    assert found == ["$1.27", "15,697,614 thousand", "12.5 %", "$(265) million", "$19,375 million"]


def test_signs_in_cells_of_their_own_stay_with_their_figures() -> None:
    rows = """|  | 2023 | | | 2022 | | |
|---|---|---|---|---|---|---|
| Products | $ | 60,584 | | $ | 63,355 | |
| Loss | | (265 | ) | | (10 | ) |
| Growth | | 3.5 | % | | 4.5 | % |"""
    assert words(rows) == [
        "Products, 2023: $60,584; 2022: $63,355",
        "Loss, 2023: (265); 2022: (10)",
        "Growth, 2023: 3.5%; 2022: 4.5%",
    ]


def test_a_table_without_heads_keeps_its_figures_in_order() -> None:
    assert words("| Products | 60,584 | 63,355 |\n| Services | 21,213 | 19,604 |") == [
        "Products: 60,584; 63,355",
        "Services: 21,213; 19,604",
    ]


def test_a_table_of_words_names_its_columns() -> None:
    assert words("| Name | City |\n|---|---|\n| Ann | Berlin |") == ["Name: Ann; City: Berlin"]


def test_two_tables_in_one_text_have_their_own_heads() -> None:
    text = "| 2023 |  5 |\n\nThen:\n\n| City | People |\n|---|---|\n| Ulm | 126,000 |"
    assert words(text, "Report\n| Year | Sales |") == ["Year: 2023; Sales: 5", "City: Ulm; People: 126,000"]


def test_a_row_that_goes_on_in_the_next_passage_keeps_its_label() -> None:
    found = words("| 83 | 84 |", "Wide\n| Plant | May | June |\n| Ulm | … |")
    assert found == ["Plant: Ulm; May: 83; June: 84"]


def test_emphasis_is_no_part_of_a_figure() -> None:
    rows = "| | **2023** |\n|---|---|\n| **Total** | **1,500** |"
    assert words(rows) == ["Total, 2023: 1,500"]


def test_a_title_row_is_no_section_and_marks_of_markdown_are_no_words() -> None:
    rows = "| Reading list | | |\n| \\# | **Genre** | Title |\n| 1 | Fiction | The \\*Hound\\* |\n| 2 | Science | A<br>Brief |"
    assert words(rows) == ["#: 1; Genre: Fiction; Title: The Hound", "#: 2; Genre: Science; Title: A Brief"]
    assert words(rows, "Books\nReading list\n| # | Genre | Title |") == words(rows)


def test_the_places_of_rows_are_those_of_the_text() -> None:
    text = f"They grew.\n\nSales (in millions):\n\n{HEADS}\n|---|---|---|\n| Total | 81,797 | 82,959 |\n\nSee the notes. They help."
    spans = list(quotable_spans(text, CONTEXT))
    assert [text[start:end] for start, end, _words in spans] == [
        "They grew.",
        "| Total | 81,797 | 82,959 |",
        "See the notes.",
        "They help.",
    ]
    assert [bool(said) for _s, _e, said in spans] == [False, True, False, False]


@pytest.mark.parametrize(
    ("caption", "scale", "currency"),
    [
        ("(In millions)", "million", ""),
        ("The following table shows net sales (dollars in millions):", "million", "$"),
        ("in thousands of U.S. dollars", "thousand", "$"),
        ("($ in billions)", "billion", "$"),
        ("Umsatz in Mio. €", "Mio. €", ""),
        ("Chiffre d'affaires en millions d’euros", "millions d’euros", ""),
        ("CHF million", "million", "CHF"),
        ("US$'000", "thousand", "US$"),
        ("USD m", "million", "USD"),
        ("in mn €", "million", "€"),
        ("in billions of yen", "billion", "¥"),
        ("₹ in lakhs", "lakh", "₹"),
        ("in 1.000 €", "Tsd. €", ""),
        ("en milliers de francs", "milliers de francs", ""),
        ("T EUR", "T EUR", ""),
        ("in Mio. Fr.", "Mio. Fr.", ""),
        ("EURm", "million", "EUR"),
        ("in thousands of PLN", "thousand", "PLN"),
        ("€ Mio.", "Mio. €", ""),
        ("in Mio. Euro", "Mio. Euro", ""),
        ("In Millionen Schweizer Franken", "Millionen Schweizer Franken", ""),
        ("Tsd. CHF", "Tsd. CHF", ""),
        ("kEUR", "kEUR", ""),
        ("in T€", "T€", ""),
        ("en miles de euros", "miles de euros", ""),
        ("млн руб.", "млн руб.", ""),
        ("в тысячах рублей", "тыс. рублей", ""),
        ("（亿元）", "亿元", ""),
        ("单位：万元", "万元", ""),
        ("百万円", "百万円", ""),
        ("in Mio. Amounts in €.", "Mio. €", ""),
        ("Umsatz von 5 Mio. €", "", ""),
        ("营业收入 12.3 亿元", "", ""),
        ("a fine of CHF 5 million", "", ""),
        ("ALL ABOUT THE MILLIONS", "", ""),
        ("Sales by region", "", ""),
        ("We believe in millions of stars? No: in 2023", "million", ""),
    ],
)
def test_units_are_read_from_captions(caption: str, scale: str, currency: str) -> None:
    found = unit_of(caption)
    assert (found.scale, found.currency) == (scale, currency)


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        (
            "| £ million | Note | 2023 | 2022 |\n|---|---|---|---|\n| Revenue | 2 | 1,377.9 | 1,204.5 |\n"
            "| Employees | 3, 5a | 10,025 | 9,410 |",
            [
                "Revenue, 2023: £1,377.9 million; 2022: £1,204.5 million",
                "Employees, 2023: 10,025; 2022: 9,410",
            ],
        ),
        (
            "| in Mio. € | Anhang | 2023 |\n|---|---|---|\n| Umsatzerlöse | (12) | 412,6 |\n| Mitarbeiter | | 1.507 |",
            ["Umsatzerlöse, 2023: 412,6 Mio. €", "Mitarbeiter, 2023: 1.507"],
        ),
        (
            "| $ in millions | No. | Revenue | Headcount |\n|---|---|---|---|\n| Pumps | 7 | 215.0 | 1,200 |",
            ["Pumps, No.: 7; Revenue: $215.0 million; Headcount: 1,200"],
        ),
        (
            "| Item | Note | Price |\n|---|---|---|\n| Chair | oak | 45 |",
            ["Item: Chair; Note: oak; Price: 45"],
        ),
        (  # a mark at school, and the number of an article: no notes to accounts without a unit
            "| Schülerin | Note |\n|---|---|\n| Anna | 1,3 |",
            ["Schülerin: Anna; Note: 1,3"],
        ),
        (
            "| $ in millions | 2023 |\n|---|---|\n| Revenue from contracts with customers | 45 |\n| Due to employees | 3 |\n"
            "| Customers’ deposits | 7 |\n| Number of loans to customers | 12 |\n| Average number of employees | 900 |",
            [
                "Revenue from contracts with customers, 2023: $45 million",
                "Due to employees, 2023: $3 million",
                "Customers’ deposits, 2023: $7 million",
                "Number of loans to customers, 2023: 12",
                "Average number of employees, 2023: 900",
            ],
        ),
    ],
)
def test_what_counts_no_money_gets_no_unit_of_money(table: str, rows: list[str]) -> None:
    """A reference to a note ("2") was read as two million pounds, ten thousand employees as ten thousand million."""
    assert [row.text for row in described_rows(table)] == rows


@pytest.mark.parametrize(
    ("unit", "money", "counts"),
    [
        ("M€", "Avances aux clients", ["Effectifs", "Nombre de magasins", "Unités vendues", "Surface (m²)", "Résultat par action"]),
        ("millones de euros", "Deudas con empleados", ["Número de clientes", "Tiendas", "Beneficio por acción"]),
        ("млн руб.", "Расчёты с клиентами", ["Численность персонала", "Магазины", "Персонал, чел.", "Прибыль на акцию"]),
        ("万元", "应付职工薪酬", ["员工人数", "门店数量（家）", "毛利率", "每股收益"]),
        ("T€", "Forderungen gegen Mitarbeiter", ["Beschäftigte", "Absatz (Stück)", "Anzahl Kunden"]),
    ],
)  # fmt: skip
def test_what_is_counted_says_so_in_its_own_language(unit: str, money: str, counts: list[str]) -> None:
    rows = "\n".join(f"| {label} | 1,507 |" for label in (money, *counts))
    assert words(f"| {unit} | 2023 |\n|---|---|\n{rows}") == [
        f"{money}, 2023: 1,507 {unit}",
        *(f"{label}, 2023: 1,507{' m²' * ('(m²)' in label)}" for label in counts),
    ]


def test_a_figure_without_decimals_among_such_with_them_counts_no_money() -> None:
    """Whatever the language: Dutch "Medewerkers" are in no list of words."""
    rows = "| Omzet | 412.6 | 398.0 |\n| Winst | 41.0 | 39.5 |\n| Medewerkers | 1,507 | 1,402 |"
    assert words(f"| € million | 2023 | 2022 |\n|---|---|---|\n{rows}") == [
        "Omzet, 2023: €412.6 million; 2022: €398.0 million",
        "Winst, 2023: €41.0 million; 2022: €39.5 million",
        "Medewerkers, 2023: 1,507; 2022: 1,402",
    ]


def test_a_row_has_the_unit_that_its_own_label_names() -> None:
    rows = "| Umsatz (Mio. €) | 412,6 |\n| Investitionen, TEUR | 1.200 |\n| Standorte | 12 |"
    assert [row.partition("2023: ")[2] for row in words(f"| Kennzahl | 2023 |\n|---|---|\n{rows}")] == [
        "412,6 Mio. €",
        "1.200 TEUR",
        "12",
    ]


def test_percents_whose_sign_only_the_first_and_the_last_have_are_no_money() -> None:
    table = (
        "| (in thousands) | 2021 | Growth |\n|---|---:|---:|\n| Leasing | 310,204 | 9.5% |\n| Cards | 88,310 | (3.7) |\n"
        "| Overdrafts | 21,002 | 12.4 |\n| Total | 419,516 | 7.5% |"
    )
    rows = [row.text for row in described_rows(table)]
    assert rows[1:3] == [
        "Cards, 2021: 88,310 thousand; Growth: (3.7)%",
        "Overdrafts, 2021: 21,002 thousand; Growth: 12.4%",
    ]
    # A column of key figures has amounts between its percents.
    mixed = "| | 2021 |\n|---|---:|\n| Margin | 9.5% |\n| Cases | 1,204 |\n| Share | 7.5% |"
    assert [row.text for row in described_rows(mixed)][1] == "Cases, 2021: 1,204"


def test_a_year_above_rows_is_of_all_of_them_also_behind_a_sum() -> None:
    text = (
        "|  | Canada | Total |\n|---|---:|---:|\n| 2021 |  |  |\n|   Total revenue | 27,298 | 195,929 |\n|   Operating income | 1,176 | 6,708 |\n"
        "| 2020 |  |  |\n|   Total revenue | 22,434 | 166,761 |\n|   Operating income | 860 | 5,435 |\n"
        "| Sales |  |  |\n|   Foods | 11 | 12 |\n|   Total sales | 11 | 12 |\n|   Staff | 3 | 4 |"
    )
    assert [row.text for row in described_rows(text)] == [
        "2021: Total revenue, Canada: 27,298; Total: 195,929",
        "2021: Operating income, Canada: 1,176; Total: 6,708",
        "2020: Total revenue, Canada: 22,434; Total: 166,761",
        "2020: Operating income, Canada: 860; Total: 5,435",
        "Sales: Foods, Canada: 11; Total: 12",
        "Total sales, Canada: 11; Total: 12",
        "Staff, Canada: 3; Total: 4",
    ]


def test_a_remark_above_labels_is_not_what_they_are() -> None:
    text = "| {} | 2023 | 2022 |\n|---|---:|---:|\n| Gross profit | 4,044 | 3,368 |"
    assert [row.text for row in described_rows(text.format("(Unaudited)"))] == [
        "Gross profit, 2023: 4,044; 2022: 3,368"
    ]
    assert [row.text for row in described_rows(text.format("Kind"))] == [
        "Kind: Gross profit; 2023: 4,044; 2022: 3,368"
    ]
