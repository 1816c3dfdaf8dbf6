"""Who holds which office: read from signatures and prose, quoted where it is asked for, checked where it is stated."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatbot_app.core.document_fields import DocumentFields, FieldsAsked
from chatbot_app.core.documents import Evidence, Passage, Retrieval, StageScores
from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.sentences.offices import holders_of
from chatbot_app.knowledge.sentences.quotable_sentences import sentences_of
from chatbot_app.knowledge.trust.checks.claims import Source, check_answer
from chatbot_app.knowledge.trust.quotes.offices_asked import office_said
from chatbot_app.knowledge.trust.quotes.quotes import find_quotes
from chatbot_app.knowledge.words.words import query_terms

CEO = (
    "likely to adversely affect the Registrant’s ability to record, process, summarize and report financial information.\n"
    "Date: July 28, 2022\nBy: /s/ Timothy D. Cook\nTimothy D. Cook\nChief Executive Officer"
)
CFO = (
    "Pursuant to the requirements of the Securities Exchange Act of 1934, this report has been signed.\n"
    "Date: July 28, 2022 Apple Inc.\nBy: /s/ Luca Maestri\nLuca Maestri\nSenior Vice President,\nChief Financial Officer"
)
HEADING = (
    "Exhibit 32.1\nCERTIFICATIONS OF CHIEF EXECUTIVE OFFICER AND CHIEF FINANCIAL OFFICER\nPURSUANT TO\n18 U.S.C. SECTION 1350\n\n"
    "31.1 Certification of Chief Executive Officer. 31.2 Certification of Chief Financial Officer."
)
PART = "On May 5, 2023, Adam Selipsky, CEO Amazon Web Services, adopted a trading plan to sell up to 136,996 shares."


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Tim Cook is Apple's CEO.", [("ceo", "Tim Cook")]),
        ("Apple's chief executive is Tim Cook.", [("ceo", "Tim Cook")]),
        ("The CFO of Amazon is Brian Olsavsky.", [("cfo", "Brian Olsavsky")]),
        ("Apple CEO Tim Cook said that sales rose.", [("ceo", "Tim Cook")]),
        ("our Chief Executive Officer, Tim Cook, certifies", [("ceo", "Tim Cook")]),
        (
            "By: /s/ Luca Maestri\nLuca Maestri\nSenior Vice President,\nChief Financial Officer",
            [("cfo", "Luca Maestri")],
        ),
        (
            "Timothy D. Cook, as Chief Executive Officer, and Luca Maestri, as Chief Financial Officer",
            [("ceo", "Timothy D. Cook"), ("cfo", "Luca Maestri")],
        ),
        (
            "The chief financial officer is Luca Maestri, and its CEO is Tim Cook.",
            [("cfo", "Luca Maestri"), ("ceo", "Tim Cook")],
        ),
        (
            "Certification of Brian T. Olsavsky, Senior Vice President and Chief Financial Officer of Amazon.com, Inc.",
            [("cfo", "Brian T. Olsavsky")],
        ),
        (
            "Shelley L. Reynolds\nVice President, Worldwide Controller",
            [("controller", "Shelley L. Reynolds")],
        ),
        ("Chief Human Resources Officer: Ann Lee", [("chro", "Ann Lee")]),
        ("Vorstandsvorsitzender: Karl Meier", [("ceo", "Karl Meier")]),
        ("Dr. Anna Berg ist die Vorstandsvorsitzende der Firma.", [("ceo", "Anna Berg")]),
        ("Certification of Chief Financial Officer.", []),
        ("CERTIFICATIONS OF CHIEF EXECUTIVE OFFICER AND CHIEF FINANCIAL OFFICER", []),
        ("Ann Lee, Senior Vice President", []),  # several are
        ("The company has a chief executive officer.", []),
    ],
)
def test_name_and_title_beside_each_other(text: str, held: list[tuple[str, str]]) -> None:
    assert [(holder.office, holder.person) for holder in holders_of(text)] == held


def test_an_office_behind_an_office_is_not_what_it_is_of() -> None:
    text = "Ann Lee, Chief Financial Officer, Senior Vice President. Bo Ray, CEO, Acme Labs"
    assert [holder.unit for holder in holders_of(text)] == ["", "Acme Labs"]


@pytest.mark.parametrize("run", ["of A- ", "of the Company ", "the bank's ", "(Inc' A' A' "])
def test_runs_that_read_in_many_ways_end(run: str) -> None:
    """Each word more once took twice the time."""
    assert holders_of(f"CEO {run * 60}! Bob Lee {run * 60}! CEO") == []
    assert holders_of(f"CEO {run * 20}! Bob Lee {run * 20}! CEO") == []
    assert holders_of("Bob Lee " + run * 3_000 + "CEO " * 24) == []


SOURCES = [Source(CEO, "2022 Q3 AAPL\nApple Inc."), Source(CFO, "2022 Q3 AAPL\nApple Inc.")]


@pytest.mark.parametrize(
    "statement",
    [
        "Tim Cook is Apple's CEO.",
        "Timothy D. Cook is the Chief Executive Officer of Apple.",
        "Luca Maestri serves as chief financial officer.",
        "The CEO is Tim Cook and the CFO is Luca Maestri.",
    ],
)
def test_an_office_that_a_signature_says_is_supported(statement: str) -> None:
    [check] = check_answer(statement, SOURCES)
    assert check.verdict is Verdict.SUPPORTED, check.reason
    [span] = check.spans
    quoted = SOURCES[span.number - 1].text[span.start : span.end]
    assert "Cook\nChief Executive" in quoted or "Maestri\nSenior Vice" in quoted


@pytest.mark.parametrize(
    ("statement", "holder"),
    [
        ("Luca Maestri is the CEO.", "Timothy D. Cook"),
        ("Tim Cook is the chief financial officer.", "Luca Maestri"),
        ("Jeff Bezos is the CEO of Apple.", "Timothy D. Cook"),
        ("The CFO is Tim Cook and the CEO is Luca Maestri.", "Luca Maestri"),
    ],
)
def test_an_office_of_another_person_is_contradicted(statement: str, holder: str) -> None:
    [check] = check_answer(statement, SOURCES)
    assert check.verdict is Verdict.CONTRADICTED
    assert f"the source “{holder}”" in check.reason


def test_another_company_and_another_time_are_no_contradiction_by_the_office() -> None:
    for statement in ("Andy Jassy is the CEO of Amazon.", "Steve Jobs was formerly the CEO of Apple."):
        [check] = check_answer(statement, SOURCES)
        assert "Timothy D. Cook" not in check.reason


def test_the_offices_of_two_companies_in_one_source_are_apart() -> None:
    text = "Bob Lee, CEO of Acme, opened the meeting. Ann Ray, CEO of Beta Systems, presented the plan."
    for statement, verdict in (
        ("Ann Ray is the CEO of Beta Systems.", Verdict.SUPPORTED),
        ("Ann Ray is the CEO of Beta.", Verdict.SUPPORTED),
        ("Ann Ray is the CEO of Acme.", Verdict.CONTRADICTED),
        ("Bob Lee is the CEO of Beta.", Verdict.CONTRADICTED),
    ):
        [check] = check_answer(statement, [Source(text, "Visit")])
        assert check.verdict is verdict, (statement, check.reason)


def test_a_statement_that_says_more_is_checked_for_the_rest() -> None:
    [check] = check_answer("Tim Cook is Apple's CEO and signed on July 28, 2021.", SOURCES)
    assert check.verdict is not Verdict.SUPPORTED


def _found(question: str, *texts: str, company: str = "Apple Inc.") -> Retrieval:
    fields = DocumentFields(company, "10-Q", "2022-Q3", "2022-06-25")
    evidence = tuple(
        Evidence(
            Passage(n, f"d{n}", n, 0, len(text), text, 1, (), ""),
            f"Report {n}",
            f"/{n}.pdf",
            StageScores(1.0, 0.5, 0.5, 1.0 - n / 10),
            fields,
        )
        for n, text in enumerate(texts)
    )
    words, pairs = query_terms(question)
    terms = tuple((term, 3.0) for term in [*words, *pairs])
    asked = FieldsAsked((company,), (), (), len(texts))
    return Retrieval(question, question, evidence, terms=terms, asked=asked)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Who is the Chief Executive Officer?", "Timothy D. Cook\nChief Executive Officer"),
        (
            "Who is the Chief Financial Officer?",
            "Luca Maestri\nSenior Vice President,\nChief Financial Officer",
        ),
        ("Who is Apple's CFO?", "Luca Maestri\nSenior Vice President,\nChief Financial Officer"),
    ],
)
def test_the_first_quote_has_the_name_and_the_title(question: str, name: str) -> None:
    found = find_quotes(_found(question, HEADING, CEO, CFO))
    assert not found.refused
    assert found.quotes[0].text.endswith(name)
    assert "information" not in found.quotes[0].text


def test_the_head_of_a_part_is_not_who_is_asked_for() -> None:
    whole = "/s/ Andrew R. Jassy\nAndrew R. Jassy\nPresident and Chief Executive Officer"
    found = find_quotes(_found("Who is the CEO of Amazon?", PART, whole, company="Amazon.com, Inc."))
    assert "Jassy" in found.quotes[0].text
    of_the_part = find_quotes(
        _found("Who is the CEO of Amazon Web Services?", PART, whole, company="Amazon.com, Inc.")
    )
    assert "Selipsky" in of_the_part.quotes[0].text


def test_an_office_of_what_the_document_never_says_is_not_who_is_asked_for() -> None:
    texts = ("Timothy D. Cook\nChief Executive Officer", "Microsoft sells phones.")
    for question, is_said in (
        ("Who is the CEO of Apple?", True),
        ("Who is the CEO of Microsoft?", False),
        ("Who is Microsoft's CEO?", False),
        ("Who is the CEO of IBM?", False),
    ):
        found = _found(question, *texts)
        sentences = sentences_of([item.passage for item in found.evidence])
        said = office_said(question, sentences, found.evidence)
        assert said is not None
        assert bool(said.any()) is is_said, question


def test_initials_of_what_the_document_says_are_its_name() -> None:
    question = "Who is the CEO of IBM?"
    found = _found(question, "Ann Lee, CEO", company="International Business Machines")
    sentences = sentences_of([item.passage for item in found.evidence])
    assert office_said(question, sentences, found.evidence) == [1]


def test_an_office_that_nobody_holds_makes_an_answer_less_probable() -> None:
    asked = "Who is the treasurer of Apple?"
    text = "The treasurer of Apple reports to the board of Apple."
    without, with_one = (
        find_quotes(_found(asked, text)),
        find_quotes(_found(asked, f"{text}\n\nTreasurer: Ann Lee")),
    )
    assert without.confidence < with_one.confidence
    assert "Ann Lee" in with_one.quotes[0].text


def test_lines_of_a_signature_are_shown_apart() -> None:
    first = find_quotes(_found("Who is Apple's CFO?", CFO)).quotes[0]
    assert first.words == (
        "Date: July 28, 2022 Apple Inc. · By: /s/ Luca Maestri · Luca Maestri · Senior Vice President · Chief Financial Officer"
    )
    assert first.text == CFO[first.start : first.end]


def test_a_quote_says_the_period_where_the_name_of_its_document_does_not() -> None:
    quote = find_quotes(_found("Who is Apple's CFO?", CFO)).quotes[0]
    assert quote.when == "Q3 2022"
    assert replace(quote, document="2022_Q3 AAPL").when == ""
    assert replace(quote, document="AAPL 2022").when == "Q3 2022"
    dated = replace(quote, fields=DocumentFields("Acme", "letter", "", "2021-03-04"))
    assert dated.when == "2021-03-04"
    assert replace(dated, document="letter 2021-03-04").when == ""
    assert replace(quote, fields=DocumentFields()).when == ""
