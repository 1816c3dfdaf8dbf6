"""Which documents a question asks: by company, kind and time, and by the documents' own dates."""

from __future__ import annotations

import pytest

from chatbot_app.core.document_fields import DocumentFields, FieldMatch
from chatbot_app.core.document_filter import DocumentFilter
from chatbot_app.knowledge.fields.content import content_of
from chatbot_app.knowledge.fields.figures import (
    asks_for_figures,
    asks_for_reasons,
    asks_why,
    share_of_figures,
)
from chatbot_app.knowledge.fields.filtering import FieldFilter, facets_of
from chatbot_app.knowledge.fields.known_documents import KnownDocument, KnownLibrary
from chatbot_app.knowledge.fields.matching import Wanted, wanted_documents


def known(**fields: DocumentFields) -> KnownLibrary:
    return KnownLibrary(KnownDocument(name, value) for name, value in fields.items())


REPORTS = known(
    pear22=DocumentFields("Pear Inc.", "10-Q", "2022-Q3", "2022-06-25", ("PEAR",)),
    pear23q1=DocumentFields("Pear Inc.", "10-Q", "2023-Q1", "2022-12-31", ("PEAR",)),
    pear23q2=DocumentFields("Pear Inc.", "10-Q", "2023-Q2", "2023-04-01", ("PEAR",)),
    pear23=DocumentFields("Pear Inc.", "10-Q", "2023-Q3", "2023-07-01", ("PEAR",)),
    nile22=DocumentFields("NILE.COM, INC.", "10-Q", "2022-Q3", "2022-09-30"),
    nile23=DocumentFields("NILE.COM, INC.", "10-Q", "2023-Q3", "2023-09-30"),
    pear22year=DocumentFields("Pear Inc.", "10-K", "2022", "2022-09-24", ("PEAR",)),
    minutes=DocumentFields("Town Council", "minutes", "", "2021-03-04"),
    minutes2=DocumentFields("Town Council", "minutes", "", "2021-04-08"),
    lease=DocumentFields("Acme Corp.; Globex GmbH", "contract", "", "2021-03-03"),
    bill=DocumentFields("Globex GmbH", "invoice", "", "2023-05-02"),
    bill2=DocumentFields("Globex GmbH", "invoice", "", "2023-06-02"),
)


def fitting(wanted: Wanted) -> set[str]:
    return {name for name, match in wanted.matches.items() if match is FieldMatch.FITS}


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("What were Pear's net sales in Q3 2022?", {"pear22"}),
        ("What were Pear's net sales in the third quarter of 2023?", {"pear23"}),
        ("pear net sales 3Q23", {"pear23"}),
        ("Pear's severance in the first half of 2023", {"pear23q2"}),
        ("Pear's severance in the first six months of 2023", {"pear23q2"}),
        ("Pear's severance in the first nine months of fiscal 2023", {"pear23"}),
        ("Pears Umsatz in den ersten neun Monaten 2022", {"pear22"}),
        ("PEAR sales for the quarter ended July 1, 2023", {"pear23"}),
        ("Wie hoch war der Umsatz von Pear im 3. Quartal 2023?", {"pear23"}),
        ("Quel était le chiffre d'affaires de Pear au troisième trimestre 2022 ?", {"pear22"}),
        ("What was the gross margin in Nile's latest 10-Q?", {"nile23"}),
        ("What was the gross margin in the latest 10-Q?", {"pear23", "nile23"}),
        ("Wie hoch war die Marge im neuesten Quartalsbericht von Nile?", {"nile23"}),
        ("Nile.com's revenue in the most recent quarter", {"nile23"}),
        ("What did Pear earn last year?", {"pear22", "pear22year"}),
        # Of a quarter without a report of its own the one of the year after has the figures beside its own, before the one that
        # ended in that quarter by the calendar.
        ("What were Pear's net sales in the second quarter of 2022?", {"pear23q2"}),
        ("What were Nile's net sales in Q3 2021?", {"nile22"}),
        ("How did Pear's net sales of Q2 2022 compare with those of Q2 2023?", {"pear23q2"}),
        ("What did the previous 10-Q of Pear say about inventory?", {"pear23q2"}),
        ("Pear's revenue in 2022", {"pear22year"}),  # the report about the year, not about a part of it
        ("What did the council decide in the minutes of 4 March 2021?", {"minutes"}),
        ("What was decided at the last meeting in the minutes of the Town Council?", {"minutes2"}),
        ("What is the rent in the contract with Acme?", {"lease"}),
        ("How much is the latest invoice from Globex?", {"bill2"}),
        ("invoice of May 2023", {"bill"}),
    ],
)
def test_a_question_names_its_documents(question: str, documents: set[str]) -> None:
    assert fitting(wanted_documents(question, REPORTS)) == documents


@pytest.mark.parametrize(
    "question",
    [
        "How many minutes does it take to boil an egg?",
        "What is a letter of credit?",
        "What is the target price?",
        "Who wrote the report on pears and niles?".replace("pears and niles", "fruit"),
        "What happened in 1969?",
        "Was the second half better?",
        "Who scored the touchdown in the fourth quarter?",
        "What are current assets?",
    ],
)
def test_what_is_no_name_of_a_document_tells_nothing_apart(question: str) -> None:
    assert not fitting(wanted_documents(question, REPORTS)) or not any(
        match is FieldMatch.DIFFERS for match in wanted_documents(question, REPORTS).matches.values()
    )


def test_its_likes_are_set_aside_and_others_left_alone() -> None:
    wanted = wanted_documents("What were Pear's net sales in Q3 2022?", REPORTS)
    assert wanted.match_of("pear23") is FieldMatch.DIFFERS
    assert wanted.match_of("nile22") is FieldMatch.DIFFERS
    assert wanted.match_of("pear22year") is FieldMatch.NONE  # of another kind: it may hold the answer
    assert wanted.match_of("lease") is FieldMatch.NONE
    assert wanted.match_of("unknown") is FieldMatch.NONE


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        (
            "How have Pear's net sales changed across these quarters?",
            {"pear22", "pear23q1", "pear23q2", "pear23"},
        ),
        ("Compare Pear's revenue in Q3 2022 and Q3 2023", {"pear22", "pear23"}),
        ("Compare Pear and Nile in the latest 10-Q", {"pear23", "nile23"}),
        ("How did Pear's Q3 2023 compare with the same quarter last year?", {"pear22", "pear23"}),
        ("How did sales in Nile's latest quarter develop year over year?", {"nile22", "nile23"}),
        ("What do the two invoices from Globex say about all invoices?", {"bill", "bill2"}),
    ],
)
def test_a_question_about_several_documents(question: str, documents: set[str]) -> None:
    wanted = wanted_documents(question, REPORTS)
    assert wanted.several
    assert documents <= set(wanted.fitting)


def test_a_pasted_page_takes_no_time() -> None:
    for text, named in (
        ("株式会社GmbH" * 2000, set()),
        ("latest report of the " * 1000, {"pear23", "nile23", "pear22year"}),
        ("x" * 50_000, set()),
    ):
        wanted = wanted_documents(text, REPORTS)  # the time limit of the suite is an assertion, too
        assert fitting(wanted) == named
        assert wanted.content == ""  # all of it is looked for


def test_a_comparison_inside_one_report_is_about_one() -> None:
    question = "How did Pear's operating expenses in Q1 2023 compare with its revenue for the same quarter?"
    wanted = wanted_documents(question, REPORTS)
    assert wanted.fitting == ("pear23q1",)
    assert not wanted.several


def test_the_fiscal_quarter_counts_before_the_calendar() -> None:
    fiscal = known(
        third=DocumentFields("Pear Inc.", "10-Q", "2023-Q3", "2023-07-01"),
        fourth=DocumentFields("Pear Inc.", "10-Q", "2023-Q4", "2023-09-30"),
        second=DocumentFields("Pear Inc.", "10-Q", "2023-Q2", "2023-04-01"),
    )
    wanted = wanted_documents("Pear's sales in Q3 2023", fiscal)
    assert fitting(wanted) == {"third"}
    assert wanted.match_of("fourth") is FieldMatch.NONE  # ends in the third calendar quarter
    assert wanted.match_of("second") is FieldMatch.DIFFERS
    # Where no report calls itself so, the end of the period counts.
    assert fitting(wanted_documents("Pear's sales in Q3 2023", KnownLibrary(fiscal.documents[1:]))) == {
        "fourth"
    }


def test_a_follow_up_leans_on_the_question_before() -> None:
    first = "What were Pear's net sales in Q3 2022?"
    assert fitting(wanted_documents("And the gross margin?", REPORTS, [first])) == {"pear22"}
    assert fitting(wanted_documents("And in 2023?", REPORTS, [first])) >= {"pear23"}
    assert fitting(wanted_documents("And for Nile?", REPORTS, [first])) == {"nile22"}


SERIES = known(
    **{
        f"{company[0].lower()}{year % 100}{part.lower()}": DocumentFields(
            company, "10-Q" if part else "10-K", f"{year}-{part}" if part else str(year), f"{year}-{end}"
        )
        for company in ("Pear Inc.", "Nile & Sons", "Oak Ltd.")
        for year in (2021, 2022, 2023)
        for part, end in (("Q1", "03-31"), ("Q2", "06-30"), ("Q3", "09-30"), ("", "12-31"))
        if (year, part) != (2023, "")
    }
)
OF_2022 = {"p22q1", "p22q2", "p22q3", "p22"}
OF_2023 = {"p23q1", "p23q2", "p23q3"}


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("Pear's net sales since 2022", OF_2022 | OF_2023),
        ("Pear's net sales from 2022 onwards", OF_2022 | OF_2023),
        ("Umsatz von Pear seit 2022", OF_2022 | OF_2023),
        ("ventes de Pear depuis 2022", OF_2022 | OF_2023),
        ("自2022年以来 Pear 的销售额", OF_2022 | OF_2023),
        ("Pear's net sales after 2022", OF_2023),
        ("2022年以后 Pear 的销售额", OF_2023),
        ("Pear's net sales since the third quarter of 2022", {"p22q3", "p22", *OF_2023}),
        ("Pear's net sales before March 2022", {"p21q1", "p21q2", "p21q3", "p21"}),
        ("Pear's risks prior to Q3 2021", {"p21q1", "p21q2"}),
        ("Pear's net sales until Q2 2021", {"p21q1", "p21q2"}),
        ("Pear's net sales from March 1, 2022 to July 31, 2022", {"p22q1", "p22q2"}),
        ("Pear's net sales from February to July 2022", {"p22q1", "p22q2"}),
        ("Umsatz von Pear zwischen September 2021 und April 2022", {"p21q3", "p21", "p22q1"}),
        ("Compare the latest two reports of Pear", {"p23q3", "p23q2"}),
        ("Umsatz von Pear in den letzten drei Quartalen", OF_2023),
        ("les deux derniers rapports de Pear", {"p23q3", "p23q2"}),
        ("Pear's net sales over the past two years", {"p22", *OF_2023}),
        ("How were Pear's Q3 sales in 2021 and 2022?", {"p21q3", "p22q3"}),
        ("What were Pear's sales in each quarter of 2022?", OF_2022),
        ("Net sales of each company in Q2 2023", {"p23q2", "n23q2", "o23q2"}),
        ("Which of the three companies had the highest sales in Q2 2023?", {"p23q2", "n23q2", "o23q2"}),
        ("Which company had the higher net income in Q2 2023?", {"p23q2", "n23q2", "o23q2"}),
        ("Welches Unternehmen hatte im Q2 2023 den niedrigeren Umsatz?", {"p23q2", "n23q2", "o23q2"}),
        # Who compares companies and names no time means their newest reports.
        ("Which company has the most employees?", {"p23q3", "n23q3", "o23q3", "p22", "n22", "o22"}),
        ("How does Pear compare to Nile?", {"p23q3", "n23q3", "p22", "n22"}),
    ],
)
def test_times_that_are_open_or_counted_mean_several_documents(question: str, documents: set[str]) -> None:
    wanted = wanted_documents(question, SERIES)
    assert fitting(wanted) == documents
    assert wanted.several


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("Pear's year-to-date net sales", {"p23q3", "p22"}),
        ("What did the second most recent 10-Q of Pear say?", {"p23q2"}),
        ("Pear's sales two years ago", {"p21q1", "p21q2", "p21q3", "p21"}),
        ("Pear's sales in 2022 before income taxes", {"p22"}),
        ("the latest 10-Q report of Pear", {"p23q3"}),  # not ten reports
        ("Pear's Q3 sales in 2022", {"p22q3"}),
    ],
)
def test_times_that_look_open_or_counted(question: str, documents: set[str]) -> None:
    wanted = wanted_documents(question, SERIES)
    assert fitting(wanted) == documents
    assert not wanted.several


def test_a_company_that_stands_for_one_report_is_not_each_company() -> None:
    assert not wanted_documents("Which company sells phones?", SERIES).matches


def test_what_grew_since_last_year_is_asked_of_the_newest_and_the_year_before() -> None:
    wanted = wanted_documents("Did sales increase at Pear compared with last year?", SERIES)
    assert wanted.match_of("p23q3") is FieldMatch.FITS
    assert wanted.match_of("p22q3") is FieldMatch.ALSO


def test_another_companys_report_is_set_aside_by_whatever_word_a_person_calls_it() -> None:
    library = known(
        asked=DocumentFields("Pear Inc.", "10-Q", "2023-Q3", "2023-09-30"),
        other=DocumentFields("Nile & Sons", "site report of mine", "2023-Q2", "2023-06-30"),
        notes=DocumentFields("Nile & Sons", "scrapbook"),
    )
    wanted = wanted_documents("What were Pear's net sales in Q3 2023?", library)
    assert wanted.match_of("other") is FieldMatch.DIFFERS
    assert wanted.match_of("notes") is FieldMatch.NONE  # of no time: it may tell of anything


@pytest.mark.parametrize(
    ("period", "documents"),
    [
        ("since 2022", OF_2022 | OF_2023),
        ("before Q2 2021", {"p21q1"}),
        ("seit Q2 2023", {"p23q2", "p23q3"}),
        ("2022", OF_2022),
    ],
)
def test_a_filter_takes_times_that_are_open_to_one_side(period: str, documents: set[str]) -> None:
    chosen = FieldFilter.from_words("Pear", "", period)
    assert set(chosen.chosen(SERIES.documents)) == documents


def test_a_chain_of_follow_ups_keeps_company_part_and_year() -> None:
    first = "What were Pear's net sales in the third quarter of 2022?"
    assert fitting(wanted_documents("And in 2021?", SERIES, [first])) == {"p21q3"}
    chain = ["And in 2021?", first]
    assert fitting(wanted_documents("And the gross margin?", SERIES, chain)) == {"p21q3"}
    assert fitting(wanted_documents("What about Nile?", SERIES, chain)) == {"n21q3"}
    assert fitting(wanted_documents("And in the quarter before?", SERIES, ["What about Nile?", *chain])) == {
        "n21q2"
    }


def test_the_content_of_a_question_is_without_what_names_documents() -> None:
    wanted = wanted_documents("How has Pear's inventory changed across these quarters?", REPORTS)
    assert "inventory" in wanted.content
    assert not {"Pear", "quarters", "changed"} & set(wanted.content.replace("'s", "").split())


def test_a_library_in_which_all_fit_is_searched_as_it_was() -> None:
    assert not wanted_documents(
        "What were Pear's net sales?", known(only=REPORTS.documents[0].fields)
    ).matches
    assert not wanted_documents("Pear in Q3 2022", KnownLibrary([])).matches
    undated = known(a=DocumentFields("Pear Inc.", "10-Q"), b=DocumentFields("Pear Inc.", "10-Q"))
    assert not wanted_documents("Pear's latest 10-Q", undated).matches


def test_two_reports_with_the_same_title_are_told_apart_by_their_dates() -> None:
    twins = known(
        old=DocumentFields("", "annual report", "2021"), new=DocumentFields("", "annual report", "2022")
    )
    assert fitting(wanted_documents("profit in the 2021 annual report", twins)) == {"old"}
    assert fitting(wanted_documents("profit in the latest annual report", twins)) == {"new"}


@pytest.mark.parametrize(
    ("company", "kind", "period", "documents"),
    [
        ("pear", "", "Q3 2023", {"pear23"}),
        ("", "quarterly report", "2022", {"pear22", "pear23q1", "nile22"}),  # one ends in 2022
        ("", "invoice", "2023-06-02", {"bill2"}),
        ("globex", "", "", {"lease", "bill", "bill2"}),
        ("PEAR", "10-K", "", {"pear22year"}),
        ("", "", "March 2021", {"minutes", "lease"}),
        ("nobody", "", "", set()),
    ],
)
def test_filters(company: str, kind: str, period: str, documents: set[str]) -> None:
    assert set(FieldFilter.from_words(company, kind, period).chosen(REPORTS.documents)) == documents


def test_a_filter_to_a_fiscal_quarter_leaves_out_the_one_that_ends_in_it_by_the_calendar() -> None:
    both = known(
        named=DocumentFields("Pear Inc.", "10-Q", "2023-Q1", "2022-12-31"),
        calendar=DocumentFields("Pear Inc.", "10-Q", "2023-Q2", "2023-04-01"),
    ).documents
    assert FieldFilter.from_words("Pear", "", "Q1 2023").chosen(both) == ["named"]


def test_a_filter_of_several_values_takes_each() -> None:
    chosen = FieldFilter.of(DocumentFilter((), ("invoice", "10-K"), ()))
    assert {"bill", "bill2", "pear22year"} <= set(chosen.chosen(REPORTS.documents))
    unread = FieldFilter.of(DocumentFilter(periods=("some day",)))
    assert unread
    assert unread.chosen(REPORTS.documents) == []  # it names no time: nothing fits, rather than everything


def test_what_there_is_to_choose_from_is_counted_newest_time_first() -> None:
    facets = facets_of((document.fields, 2) for document in REPORTS.documents)
    assert {facet.text: facet.documents for facet in facets.companies}["Pear Inc."] >= 6
    times = [facet.text for facet in facets.periods]
    assert times.index("2023") < times.index("Q3 2023") < times.index("Q1 2023") < times.index("2022")


def test_a_filter_refuses_a_period_that_is_none() -> None:
    with pytest.raises(ValueError, match="soon"):
        FieldFilter.from_words(period="soon")


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("What were Pear's net sales in Q3 2022?", True),
        ("Wie hoch war der Umsatz?", True),
        ("Combien a gagné Pear ?", True),
        ("收入是多少", True),
        ("What did advertisers pay Pear?", True),
        ("How fast did Pear's services grow?", True),
        ("Who signed the contract?", False),
        ("What legal proceedings are disclosed?", False),
    ],
)
def test_a_question_for_an_amount(question: str, asks: bool) -> None:
    assert asks_for_figures(question) is asks


def test_a_table_is_full_of_figures_and_prose_with_years_is_not() -> None:
    assert (
        share_of_figures(
            "Total net sales | 81,797 | 82,959 | 293,787 | 304,182 | 1,234 | 5,678 | 12.5 | 36,413"
        )
        == 1
    )
    assert share_of_figures("In 2022 and 2023 the 3 segments grew.") == 0


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("What was the primary driver behind the change in Pear's net income?", True),
        ("How did foreign exchange rates affect the results?", True),
        ("Warum ist der Umsatz gefallen?", True),
        ("Was waren die Gründe für den Verlust?", True),
        ("What were Pear's net sales in Q3 2022?", False),
        ("How much did Nile spend on marketing?", False),
    ],
)
def test_a_question_for_reasons_is_known(question: str, why: bool) -> None:
    assert asks_for_reasons(question) is why


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("Why did Pear's net sales fall in Q3 2022?", True),
        ("What drove the growth of Nile's advertising revenue in Q2 2023?", True),
        ("What were the main reasons for the higher costs?", True),
        ("Warum sank der Umsatz von Pear im dritten Quartal 2023?", True),
        ("Pourquoi les ventes de Pear ont-elles baissé ?", True),
        ("¿Por qué bajaron las ventas de Pear?", True),
        ("Почему упала выручка Pear?", True),
        ("Pear的销售额为什么下降？", True),
        ("How did foreign exchange rates affect the net sales?", False),  # its figures answer, too
        ("What were Pear's net sales in Q3 2022?", False),
    ],
)
def test_who_asks_why_asks_for_no_figure(question: str, why: bool) -> None:
    assert asks_why(question) is why
    assert asks_for_figures(question)
    named = wanted_documents(f"{question} (Pear, Q3 2022)", REPORTS)
    assert named.asks_for_figures is not why


@pytest.mark.parametrize(
    ("before", "question", "figures"),
    [
        ("What were Pear's net sales in Q3 2022?", "And at Nile?", True),
        ("Why did Pear's net sales fall in Q3 2022?", "And those of Nile?", False),
        ("Why did Pear's net sales fall in Q3 2022?", "How much did they fall at Nile?", True),
        ("Who leads Pear?", "And Nile?", False),
        (
            "What were Pear's net sales in Q3 2022?",
            "And in the year before?",
            True,
        ),  # the row, and nothing that says "year"
        ("What were Pear's net sales in Q3 2022?", "And the tablets in 2023?", False),
    ],
)
def test_a_follow_up_asks_for_what_the_question_before_does(
    before: str, question: str, figures: bool
) -> None:
    assert wanted_documents(question, REPORTS, [before]).asks_for_figures is figures


def test_a_question_without_a_time_prefers_the_newest_of_each_series() -> None:
    for question in (
        "What are Pear's net sales?",
        "Who is the treasurer?",
        "How high is the income before taxes?",
    ):
        newness = wanted_documents(question, REPORTS).newness
        assert newness["pear23"] == newness["nile23"] == newness["minutes2"] == newness["bill2"] == 1.0
        assert newness["pear23"] > newness["pear23q2"] > newness["pear23q1"] > newness["pear22"]
        assert "pear22year" not in newness  # the only one of its kind
        assert "lease" not in newness


@pytest.mark.parametrize(
    "question",
    [
        "What were Pear's net sales in Q3 2022?",
        "What were Pear's net sales in 2022?",
        "What were Pear's first net sales?",
        "When did Pear begin to pay dividends?",
        "What were the net sales in Pear's earliest report?",
        "How do Pear's net sales compare with those of Nile?",
        "How have Pear's net sales developed over time?",
        "What did Pear earn in the previous quarter?",
        "What did Pear earn in June?",
        "Wann hat Pear zuerst eine Dividende gezahlt?",
    ],
)
def test_a_question_with_a_time_or_a_comparison_prefers_none(question: str) -> None:
    assert not wanted_documents(question, REPORTS).newness


def test_what_leans_on_a_question_with_a_time_prefers_none() -> None:
    assert not wanted_documents("And the margin?", REPORTS, ["What were Pear's sales in Q3 2022?"]).newness
    assert wanted_documents("And the margin?", REPORTS, ["What are Pear's sales?"]).newness


COMPANIES = known(
    plum3=DocumentFields("Plum plc", "quarterly report", "2021-Q3", "2021-09-30"),
    plum4=DocumentFields("Plum plc", "earnings release", "2021-Q4", "2021-12-31"),
    fig1=DocumentFields("Fig AB", "half-year report", "2021-H1", "2021-06-30"),
    fig2=DocumentFields("Fig AB", "earnings release", "2021", "2021-12-31"),
    survey=DocumentFields("Institute of Fruit", "paper", "", "2021-11-02"),
)


def test_reports_of_other_companies_are_set_aside_whatever_their_kind() -> None:
    wanted = wanted_documents("What was Plum's revenue in the third quarter of 2021?", COMPANIES)
    assert fitting(wanted) == {"plum3"}
    assert [wanted.match_of(name) for name in ("fig1", "fig2", "plum4")] == [FieldMatch.DIFFERS] * 3
    assert wanted.match_of("survey") is FieldMatch.NONE  # it may tell of them


def test_the_report_on_the_last_quarter_has_the_figures_of_the_year() -> None:
    assert fitting(wanted_documents("What did Plum earn in 2021?", COMPANIES)) == {"plum4"}
    quarters = wanted_documents("What did Plum earn in the quarters of 2021?", COMPANIES)
    assert {"plum3", "plum4"} <= set(quarters.fitting)


def test_the_newest_of_a_company_is_so_among_its_reports_and_releases() -> None:
    assert fitting(wanted_documents("What is the latest margin of Plum?", COMPANIES)) == {"plum4"}
    assert fitting(wanted_documents("What is the latest margin of Fig?", COMPANIES)) == {"fig2"}


@pytest.mark.parametrize(
    ("earlier", "question", "documents"),
    [
        ("What were Pear's net sales in Q2 2023?", "And in the quarter before?", {"pear23q1"}),
        ("What were Pear's net sales in Q2 2023?", "And in the previous quarter?", {"pear23q1"}),
        ("What were Pear's net sales in Q3 2023?", "What were they a quarter earlier?", {"pear23q2"}),
        ("What were Pear's net sales in Q3 2023?", "And a year earlier?", {"pear22"}),
        (
            "What were Pear's net sales in Q3 2022?",
            "And in the quarter before?",
            {"pear22"},
        ),  # it has the columns
        ("Wie hoch war der Umsatz von Pear im 2. Quartal 2023?", "Und im Quartal davor?", {"pear23q1"}),
    ],
)
def test_the_time_before_is_meant_from_the_question_before(
    earlier: str, question: str, documents: set[str]
) -> None:
    assert fitting(wanted_documents(question, REPORTS, [earlier])) == documents


@pytest.mark.parametrize(
    ("question", "times"),
    [
        ("What were Pear's net sales in Q3 2022?", ("Q3 2022",)),
        ("What were Pear's net sales in the quarter ended in July 2022?", ()),
        ("What were Pear's net sales in 2022?", ("2022",)),
        ("Pear's net sales from February to July 2022", ("2022-02 – 2022-07",)),
        ("How were Pear's Q3 sales in 2021 and 2022?", ("Q3 2021", "Q3 2022")),
        ("the latest 10-Q report of Pear", ("Q3 2023",)),  # what is latest, the documents say
        ("What were sales in the year 2022 of pears, the fruit?", ()),  # a year alone narrows nothing
    ],
)
def test_the_times_shown_are_those_that_were_asked_and_narrowed(
    question: str, times: tuple[str, ...]
) -> None:
    wanted = wanted_documents(question, SERIES)
    assert (wanted.asked.periods if wanted.asked is not None else ()) == times


BULLETINS = known(
    **{f"b{month}": DocumentFields("", "", "", f"2024-{month:02}") for month in (3, 4, 5, 6)},
    lease=DocumentFields("", "lease", "", "2021-04-15"),
)


@pytest.mark.parametrize(
    ("question", "documents", "times"),
    [
        ("What did the collection raise from April to May 2024?", {"b4", "b5"}, ("2024-04 – 2024-05",)),
        (
            "What was collected between 20 March and 10 April 2024?",
            {"b3"},
            ("2024-03-20 – 2024-04-10",),
        ),
        (
            "What did the collection raise since April 2024?",
            set(),
            (),
        ),  # open to one side: any may tell of it
    ],
)
def test_months_that_are_joined_choose_of_all_that_has_a_date_as_one_month_does(
    question: str, documents: set[str], times: tuple[str, ...]
) -> None:
    wanted = wanted_documents(question, BULLETINS)
    assert fitting(wanted) == documents
    assert (wanted.asked.periods if wanted.asked is not None else ()) == times


@pytest.mark.parametrize(
    ("question", "is_kept"),
    [
        ("What were Pear's total current liabilities?", True),
        ("What is Pear's current portion of long-term debt?", True),
        ("How high are Pear's current content assets, net?", True),
        ("What are Pear's sales of the current quarter?", False),
        ("How high are the current sales of Pear?", False),
    ],
)
def test_current_is_a_part_of_the_balance_sheet_or_a_time(question: str, is_kept: bool) -> None:
    assert ("current" in content_of(question, [("pear",)]).split()) is is_kept


AGREEMENTS = known(
    sponsor=DocumentFields("Larkspur, Inc.; NetPantry, Inc.", "contract", "", "1997-12-15"),
    brand=DocumentFields("VertiNet, Inc.; Impresso Corporation", "contract", "", "2000-03-03"),
    brand2=DocumentFields("VertiNet, Inc.; LeadersAloft, Inc.", "contract", "", "2000-03-15", ("LOFT",)),
    report=DocumentFields("VertiNet, Inc.", "10-Q", "2000-Q1", "2000-03-31"),
)


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("Which law governs the co-branding agreement between VertiNet and Impresso?", {"brand"}),
        ("Under the law of which state is the VertiNet LeadersAloft co-branding agreement?", {"brand2"}),
        ("When does the exclusive co-branding and content licence agreement with LOFT expire?", {"brand2"}),
        ("What is the term of the sponsorship agreement of Larkspur?", {"sponsor"}),
        ("Is the contract between VertiNet and NetPantry renewed?", {"sponsor", "brand", "brand2"}),
    ],
)
def test_an_agreement_is_meant_by_its_parties(question: str, documents: set[str]) -> None:
    wanted = wanted_documents(question, AGREEMENTS)
    assert fitting(wanted) == documents
    assert wanted.several == (len(documents) > 1)


def test_reports_of_two_companies_are_compared_though_there_is_an_agreement_between_them() -> None:
    library = known(
        lease=DocumentFields("Acme Corp.; Globex GmbH", "contract", "", "2021-03-03"),
        acme=DocumentFields("Acme Corp.", "annual report", "2022", "2022-12-31"),
        globex=DocumentFields("Globex GmbH", "annual report", "2022", "2022-12-31"),
    )
    assert {"acme", "globex"} <= fitting(
        wanted_documents("Compare the revenue of Acme and Globex in 2022", library)
    )


def test_the_only_agreement_of_a_library_is_asked_without_its_names() -> None:
    library = known(lease=DocumentFields("Acme Corp.; Globex GmbH", "contract", "", "2021-03-03"))
    wanted = wanted_documents("When does the lease between Acme and Globex expire?", library)
    assert not wanted.matches
    assert wanted.addressed == "When does this lease expire?"
