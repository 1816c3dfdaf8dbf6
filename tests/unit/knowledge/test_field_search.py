"""Reports that resemble each other, in the search: the right one first, several of them, filters, old libraries."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from chatbot_app.core.document_fields import FieldMatch
from chatbot_app.core.documents import ParsedDocument
from chatbot_app.knowledge.fields import READER_VERSION
from chatbot_app.knowledge.fields.filtering import FieldFilter
from chatbot_app.knowledge.fields.old_documents import FieldReading
from chatbot_app.knowledge.fields.reading import read_fields
from chatbot_app.knowledge.formats.blocks import markdown_blocks
from chatbot_app.knowledge.search.retriever import Retriever
from chatbot_app.knowledge.splitting.splitter import Splitter
from chatbot_app.knowledge.trust.quotes.quotes import PASSAGES, find_quotes
from chatbot_app.storage.documents import Source
from tests.unit.knowledge.conftest import SentenceEmbedder, word_starts

REPORT = """FORM 10-Q

For the quarterly period ended {end}

{company}

(Exact name of registrant as specified in its charter)

# Results

Total net sales were ${sales} million. The Company sells phones, services and books in all the regions of the world.

# Risks

The business depends on suppliers and on foreign exchange rates, as was said in every report of the Company before.
"""
ENDS = {"Q1": "March 31, 2023", "Q2": "June 30, 2023", "Q3": "September 30, 2023"}


@pytest.fixture
def reports(library, embedder):
    for number, (quarter, end) in enumerate(ENDS.items()):
        for place, company in enumerate(("Pear Inc.", "Nile, Inc.")):
            name = f"{company.split()[0].strip(',')} 2023 {quarter}"
            keep(
                library,
                embedder,
                name,
                REPORT.format(end=end, company=company, sales=f"{10 * number + place},123"),
            )
    keep(library, embedder, "pears", "Pears are fruit. Their sales as fruit are high in autumn.")
    return library


def keep(library, embedder, title: str, text: str, folder: str = "/x") -> None:
    """Store a document with its fields and vectors, without a parser's process."""
    source = Source(f"{folder}/{title}.md", title, len(text), hashlib.sha256(text.encode()).hexdigest())
    document = library.documents.register(source).document
    parsed = ParsedDocument(title, text, markdown_blocks(text), "text/markdown")
    drafts = list(Splitter(word_starts).split(parsed))
    library.documents.store_passages(document.id, parsed, drafts)
    library.fields.keep_read({document.id: read_fields(source.path, title, text)}, READER_VERSION)
    missing = library.passages.without_vector(embedder.model.stamp, 100, document.id)
    vectors = embedder.embed([f"{context}\n{passage}" for _id, context, passage in missing])
    library.passages.add_vectors(embedder.model.stamp, [row[0] for row in missing], vectors)
    library.documents.finish(document.id, embedder.model.stamp)


def test_fields_are_read_at_import_and_come_with_every_passage(reports, embedder) -> None:
    found = Retriever(reports.passages, embedder, reports.fields).search(
        "What were Pear's net sales in Q2 2023?"
    )
    first = found.evidence[0]
    assert first.title == "Pear 2023 Q2"
    assert (first.fields.company, first.fields.kind, first.fields.period, first.fields.date) == (
        "Pear Inc.",
        "10-Q",
        "2023-Q2",
        "2023-06-30",
    )
    assert first.match is FieldMatch.FITS
    others = [item for item in [*found.evidence, *found.below_floor] if item.match is FieldMatch.DIFFERS]
    assert others
    assert all(item.scores.fields < 0 for item in others)
    assert found.asked is not None
    assert (found.asked.companies, found.asked.periods) == (("Pear Inc.",), ("Q2 2023",))


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("What were Nile's net sales in the latest quarter?", "Nile 2023 Q3"),
        ("Pear net sales for the quarter ended March 31, 2023", "Pear 2023 Q1"),
        ("What were Pear's total net sales in the third quarter of 2023?", "Pear 2023 Q3"),
    ],
)
def test_the_right_report_comes_first(reports, embedder, question: str, title: str) -> None:
    for model in (embedder, None):
        retriever = Retriever(reports.passages, model, reports.fields)
        assert retriever.search(question).evidence[0].title == title
        (many,) = retriever.search_many([question])
        assert many.evidence[0].title == title


def test_a_question_about_several_reports_gets_a_passage_of_each(reports, embedder) -> None:
    retriever = Retriever(reports.passages, embedder, reports.fields)
    found = retriever.search("How have Pear's net sales changed over time?", 5)
    first = {evidence.title for evidence in found.evidence[:3]}
    assert first == {"Pear 2023 Q1", "Pear 2023 Q2", "Pear 2023 Q3"}
    by_score = sorted([*found.evidence, *found.below_floor], key=lambda item: -item.scores.fused)
    assert {evidence.title for evidence in by_score[:3]} == first


def test_a_question_about_two_companies_gets_each_of_them_by_turns(reports, embedder) -> None:
    retriever = Retriever(reports.passages, embedder, reports.fields)
    found = retriever.search("How have the net sales of Pear and of Nile changed over time?", 4)
    companies = [evidence.fields.company for evidence in found.evidence[:4]]
    assert sorted(companies[:2]) == sorted(companies[2:]) == ["Nile, Inc.", "Pear Inc."]
    assert len({evidence.title for evidence in found.evidence[:4]}) == 4


def test_what_several_reports_say_in_the_same_words_is_told_apart(reports, embedder) -> None:
    retriever = Retriever(reports.passages, embedder, reports.fields)
    question = "How have the risks of foreign exchange rates at Pear changed over these quarters?"
    titles = {item.title for item in retriever.search(question, 5).evidence if "foreign" in item.passage.text}
    assert len(titles) == 3
    one = retriever.search("What are the risks of foreign exchange rates at Pear in Q1 2023?", 5)
    risk = next(item for item in one.evidence if "foreign" in item.passage.text)
    assert risk.title == "Pear 2023 Q1"
    assert risk.also_in  # the other reports that say it in the same words


def test_a_question_without_fields_is_ranked_as_before(reports, embedder) -> None:
    for question in ("Are pears fruit?", "foreign exchange rates", "What is the capital of France in 1969?"):
        with_fields = Retriever(reports.passages, embedder, reports.fields).search(question)
        without = Retriever(reports.passages, embedder).search(question)
        assert [item.passage.id for item in with_fields.evidence] == [
            item.passage.id for item in without.evidence
        ]
        assert [item.scores for item in with_fields.evidence] == [item.scores for item in without.evidence]


def test_a_filter_keeps_to_documents(reports, embedder) -> None:
    retriever = Retriever(reports.passages, embedder, reports.fields)
    only = FieldFilter.from_words(company="nile", period="Q1 2023")
    found = retriever.search("net sales", only=only)
    assert found.kept_passages is not None
    assert 0 < found.kept_passages < found.passages
    assert {item.title for item in [*found.evidence, *found.below_floor]} == {"Nile 2023 Q1"}
    nothing = retriever.search("net sales", only=FieldFilter.from_words(company="nobody"))
    assert not nothing.evidence
    assert nothing.notes


def test_a_correction_counts_at_once_and_can_be_taken_back(reports, embedder) -> None:
    retriever = Retriever(reports.passages, embedder, reports.fields)
    question = "What were Pear's net sales in Q2 2023?"
    wrong = next(d for d in reports.documents.documents() if d.title == "Pear 2023 Q1")
    right = retriever.search(question).evidence[0].passage.document_id
    corrected = reports.fields.correct(wrong.id, {"period": "2023-Q2", "date": "2023-06-30"})
    assert corrected.corrected == {"period", "date"}
    reports.fields.correct(right, {"period": "", "date": ""})  # the person says: none
    assert retriever.search(question).evidence[0].title == "Pear 2023 Q1"
    reports.fields.correct(wrong.id, dict.fromkeys(("period", "date")))
    reports.fields.correct(right, {"period": None, "date": None})
    assert retriever.search(question).evidence[0].passage.document_id == right
    assert reports.documents.document(wrong.id).fields.period == "2023-Q1"


def test_fields_come_with_the_import_and_corrections_stay(library, tmp_path: Path) -> None:
    path = tmp_path / "Pear 2023 Q1.md"
    path.write_text(REPORT.format(end=ENDS["Q1"], company="Pear Inc.", sales=5), "utf-8")
    document = library.add(path, None).document
    assert document.fields.summary == "Pear Inc., 10-Q, Q1 2023, ended 2023-03-31"
    library.fields.correct(document.id, {"company": "Pear of California"})
    *_, finished = library.importer(None).import_file(path, again=True)
    assert finished.document.fields.company == "Pear of California"
    path.write_text(path.read_text("utf-8") + "\nOne more line.\n", "utf-8")
    fresh = library.add(path, None).document
    assert fresh.id != document.id
    assert fresh.fields.company == "Pear of California"


def test_documents_are_found_by_their_fields(reports) -> None:
    titles = {document.title for document in reports.documents.documents(containing="nile q3 2023")}
    assert titles == {"Nile 2023 Q3"}


def test_an_old_library_gets_its_fields_step_by_step(reports, embedder) -> None:
    with reports.database.write() as connection:
        connection.execute("DELETE FROM document_fields")
        connection.execute("UPDATE library SET fields_generation = fields_generation + 1")
    retriever = Retriever(reports.passages, embedder, reports.fields)
    question = "What were Pear's net sales in Q2 2023?"
    assert retriever.search(question).asked is None
    assert retriever.search(question).evidence  # search works meanwhile
    assert len(reports.fields.unread(READER_VERSION, 100)) == 7
    assert FieldReading(
        reports.fields, reports.documents.text_between
    ).step()  # all seven; another one goes on
    again = FieldReading(reports.fields, reports.documents.text_between)
    again.finish()
    assert not again.step()
    assert not reports.fields.unread(READER_VERSION, 100)
    assert retriever.search(question).evidence[0].title == "Pear 2023 Q2"


def test_a_purged_document_leaves_no_fields(reports) -> None:
    document = reports.documents.documents()[-1]
    reports.documents.delete(document.id)
    reports.documents.purge(document.id)
    with reports.database.read() as connection:
        rows = connection.execute(
            "SELECT count(*) FROM document_fields WHERE document_id = ?", [document.id]
        ).fetchone()
    assert rows[0] == 0


def test_the_kind_that_is_named_is_no_exact_thing_of_a_passage(library, embedder) -> None:
    signed = "# Exhibit\n\nI certify this Form 10-Q of Pear Inc. for the quarterly period that it is about.\n"
    for quarter, end in ENDS.items():
        text = REPORT.format(end=end, company="Pear Inc.", sales="9,001") + signed
        keep(library, embedder, f"Pear 2023 {quarter}", text)
    found = Retriever(library.passages, embedder, library.fields).search(
        "How high were total net sales in Pear's Q2 2023 10-Q?"
    )
    assert "9,001" in found.evidence[0].passage.text
    assert all(item.scores.exact == 0 for item in found.evidence)


def test_a_question_about_several_reports_is_quoted_from_each(reports, embedder) -> None:
    retriever = Retriever(reports.passages, embedder, reports.fields)
    found = retriever.search("How have Pear's total net sales changed over these quarters?", PASSAGES)
    quotes = find_quotes(found).quotes
    assert {quote.document for quote in quotes[:3]} == {"Pear 2023 Q1", "Pear 2023 Q2", "Pear 2023 Q3"}
    one = retriever.search("What were Pear's total net sales in Q2 2023?", PASSAGES)
    assert len(find_quotes(one).quotes) <= 3


def test_sentences_do_not_tell_which_report_is_asked_for(reports) -> None:
    embedder = SentenceEmbedder()
    retriever = Retriever(reports.passages, embedder, reports.fields)
    found = retriever.search("What were the total net sales of Pear Inc.?")
    assert found.asked is not None
    assert embedder.asked == []
    retriever.search("Which regions of the world are phones and services sold in?")
    assert embedder.asked != []  # of whatever report: their sentences are compared


def test_without_a_time_the_newest_report_is_first_and_quoted_first(reports, embedder) -> None:
    retriever = Retriever(reports.passages, embedder, reports.fields)
    for question, title in (
        ("What are Pear's total net sales?", "Pear 2023 Q3"),
        ("What are Nile's total net sales?", "Nile 2023 Q3"),
    ):
        found = retriever.search(question, PASSAGES)
        assert found.newest_first
        assert found.evidence[0].title == title
        first = find_quotes(found, embedder).quotes[0]
        assert (first.document, first.fields.period_shown) == (title, "Q3 2023")
    assert not retriever.search("What were Pear's total net sales in Q1 2023?").newest_first


def test_also_where_all_reports_are_of_one_company_or_none_is_named(reports, embedder) -> None:
    retriever = Retriever(reports.passages, embedder, reports.fields)
    only = FieldFilter(companies=("Pear Inc.",))
    assert retriever.search("What are the total net sales?", only=only).evidence[0].title == "Pear 2023 Q3"
    titles = [item.title for item in retriever.search("What are the total net sales?", PASSAGES).evidence]
    assert next(title for title in titles if title != "pears") == "Pear 2023 Q3"


def test_of_two_rows_alike_that_of_the_report_that_is_asked_for_comes_first(library, embedder) -> None:
    table = "\n# Data\n\n| | 2023 | 2022 |\n|---|---|---|\n| Gross margin | 2,320 | 2,112 |\n| Other income | 17 | 21 |\n"
    keep(library, embedder, "margins", f"Gross margin of Pear in Q2 2023, as a trade paper put it.\n{table}")
    keep(library, embedder, "Pear", REPORT.format(end=ENDS["Q2"], company="Pear Inc.", sales="1,111") + table)
    keep(
        library, embedder, "Nile", REPORT.format(end=ENDS["Q2"], company="Nile, Inc.", sales="2,222") + table
    )
    best = Retriever(library.passages, embedder, library.fields).search(
        "What was Pear's gross margin in Q2 2023?"
    )
    assert [(item.title, item.match) for item in best.evidence[:1]] == [("Pear", FieldMatch.FITS)]
