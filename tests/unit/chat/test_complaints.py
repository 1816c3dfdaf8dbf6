"""What people complain of in other programs' citations (shared/FIELD.md), each with a test here or where it is named.

| complaint | test |
|---|---|
| citations are wrong | here; `test_trusted_answers.test_a_marker_that_names_the_wrong_source_is_told` |
| nobody checks whether a cited passage supports the sentence | `test_trusted_answers.test_every_sentence_has_its_verdict_…` |
| a number cites what was never sent | `test_evidence.test_what_had_no_room_cannot_be_cited`, `…brackets_that_name_no_source…` |
| cannot be found in the source; it does not open at the place | here; `e2e/test_trusted_answers.test_a_report_is_quoted_…`, |
| | `test_pdf_pages.test_passages_of_real_reports_are_found_on_their_pages`, `test_passage_viewer.test_it_says_what_it_cannot_show` |
| its document changed, and the citation marks another place | `test_stored_citations.test_a_citation_opens_at_its_words_after_…`, |
| | `test_stored_citations.test_words_that_are_gone_mark_nothing_and_are_told` |
| all pages of a PDF are joined at import | here; `test_splitter.test_a_passage_stands_on_one_page` |
| the page is stored and not shown | here; `test_sources.test_sources_are_listed_once_by_number_with_place_text_and_score` |
| a question about a whole document is answered from some passages: "five records" of 159 | here |
| it did not use my document | `test_trusted_answers.test_the_person_may_insist_on_the_documents`, `test_silent_documents_are_said…` |
| follow-up questions retrieve nothing | `test_evidence.test_a_follow_up_is_searched_with_what_it_leans_on` |
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatbot_app.chat.transfer.markdown_export import markdown_lines
from chatbot_app.core.citations import citations_of
from chatbot_app.core.trust import AnswerMode, Verdict, checks_of, quotes_of
from tests.scripted_server import sse_answer
from tests.unit.chat.desk import Desk, finished
from tests.unit.knowledge.test_pdf_text import made, show

LIGHT = "The lighthouse of Corvo was lit in 1898 and burns acetylene gas."
KEEPER = "Its first keeper Teodora Lis kept a diary of forty volumes."


@pytest.fixture
def lighthouse(desk: Desk) -> Desk:
    """A PDF of two pages among the documents."""
    path = desk.folder / "lighthouse.pdf"
    path.write_bytes(made([show(b"F", 11, 700, LIGHT), show(b"F", 11, 700, KEEPER)]))
    runner = desk.services.library.create_import_of([path])
    told = list(runner.run(until_done=True))
    assert runner.progress.added == 1, told
    return desk


def test_a_citation_of_a_pdf_has_the_page_of_its_sentence_and_shows_it(lighthouse: Desk) -> None:
    desk = lighthouse
    desk.server.set_answers(sse_answer(["The first keeper, Teodora Lis, kept a diary of forty volumes."]))
    answer = finished(desk.ask("Who was the first keeper of the lighthouse?"))
    [citation] = citations_of(answer.metadata)
    text = desk.services.library.documents.text(citation.document_id)
    assert (citation.page, text[citation.quote_start : citation.quote_end]) == (2, KEEPER)
    assert "page 2" in "".join(markdown_lines(desk.services.conversations, desk.conversation.id))
    desk.answer_with(AnswerMode.QUOTES)
    quoted = finished(desk.ask("When was the lighthouse of Corvo lit?"))
    best = quotes_of(quoted.metadata)[0]
    assert (best.page, best.text) == (1, LIGHT)
    assert "page 1" in quoted.text


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("The lighthouse of Corvo was lit in 1889 [1].", "1898"),
        ("The lighthouse of Corvo burns diesel oil from Lisbon [1].", "does not say this"),
        ("It was built by Gustave Eiffel [1].", "does not say this"),
    ],
)
def test_a_real_passage_under_a_wrong_sentence_is_no_citation(
    lighthouse: Desk, sentence: str, told: str
) -> None:
    desk = lighthouse
    desk.server.set_answers(sse_answer([sentence]))
    answer = finished(desk.ask("When was the lighthouse of Corvo lit?"))
    [check] = checks_of(answer.metadata)
    assert check.verdict in (Verdict.CONTRADICTED, Verdict.UNSUPPORTED)
    assert told in check.reason
    assert citations_of(answer.metadata)[0].quote_end == 0  # no sentence is shown as its proof


def test_a_count_of_what_was_shown_is_not_taken_for_the_whole(desk: Desk) -> None:
    rows = "\n".join(f"| Ship {n} | port {n % 13} | {1800 + n} |" for n in range(159))
    desk.add("ships.md", f"# Ships\n\n| Ship | Port | Built |\n|---|---|---|\n{rows}\n")
    checked = 0
    for said in ("The table lists 5 ships [1].", "There are five ships in total [1]."):
        desk.server.set_answers(sse_answer([said]))
        answer = finished(desk.ask("Which ship was built in 1807?"))
        if not answer.metadata.get("checks"):
            continue  # refused: nothing is claimed
        [check] = checks_of(answer.metadata)
        assert check.verdict is not Verdict.SUPPORTED
        assert check.reason
        checked += 1
    assert checked


def test_every_complaint_names_a_test_that_there_is() -> None:
    tests = Path(__file__).parents[2]
    named = re.findall(r"`(?:e2e/)?(?:(test_\w+)\.|…)(\w+?)(?:_?…)?`", __doc__ or "")
    assert len(named) >= 11
    file = ""
    for stated, name in named:
        file = stated or file
        texts = [path.read_text("utf-8") for path in tests.rglob(f"{file}.py")]
        assert any(re.search(rf"def test_\w*{name.removeprefix('test_')}", text) for text in texts), (
            f"{file}: {name}"
        )
