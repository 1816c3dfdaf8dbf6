"""An old source opens at its words after its document was read anew, or it is said that they are gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from chatbot_app.core.citations import Citation
from chatbot_app.core.documents import (
    Document,
    Evidence,
    ParsedDocument,
    PassageDraft,
    StageScores,
)
from chatbot_app.core.trust import Check, Quote, SourceSpan, Verdict
from chatbot_app.knowledge.importing.sources import read_source
from chatbot_app.knowledge.places.anchoring import Span
from chatbot_app.knowledge.places.passage_opening import Remark
from chatbot_app.knowledge.places.stored_places import Fit
from chatbot_app.ui.chat.look import look_of
from chatbot_app.ui.chat.sources_view import SourcesView
from chatbot_app.ui.chat.transcript_actions import TranscriptActions
from chatbot_app.ui.knowledge.knowledge_controller import Library
from chatbot_app.ui.knowledge.passage_controller import PassageController
from chatbot_app.ui.knowledge.passage_viewer import PassageViewer
from chatbot_app.workers.task_runner import TaskRunner
from tests.unit.knowledge.conftest import open_library

FEES, TERM = "2\\. Fees", "3\\. Term"
OLD = "\n\n".join(
    (
        "Agreement of RD Works.",
        f"## {FEES}",
        "The fee is 400 euros a month\\. RD costs are paid apart\\.",
        "## Changes",
        "The client may ask for changes at any time\\. They are paid by the hour\\.",
        f"## {TERM}",
        "It ends on 31 March 2024\\. A notice of three months is due\\.",
    )
)
# As a later reader has it: signs that were lost are there, escapes are not, and what stood in a header comes first.
NEW = "Page head of the agreement, which the older reader left out.\n\n" + OLD.replace("RD", "R&D").replace(
    "\\", ""
)


def drafts(text: str) -> list[PassageDraft]:
    found: list[PassageDraft] = []
    heading, place = "", 0
    for part in text.split("\n\n"):
        if part.startswith("## "):
            heading = part.removeprefix("## ")
        else:
            path = (heading,) if heading else ()
            found.append(PassageDraft(len(found), place, place + len(part), part, None, path, heading))
        place += len(part) + 2
    return found


@dataclass
class Desk:
    """A library of one agreement, and what opens its passages."""

    library: Library
    document: Document
    controller: PassageController
    viewer: PassageViewer
    actions: TranscriptActions
    qtbot: QtBot

    def read(self, text: str) -> None:
        parsed = ParsedDocument("Agreement", text, (), "text/markdown")
        self.library.documents.store_passages(self.document.id, parsed, drafts(text))

    def citation(self, part: str, quote: str = "", text: str = OLD) -> Citation:
        passage = next(draft for draft in drafts(text) if part in draft.text)
        inside = passage.start + passage.text.index(quote) if quote else 0
        return Citation(
            number=1,
            document_id=self.document.id,
            document="Agreement",
            path=self.document.path,
            page=None,
            heading=" › ".join(passage.heading_path),
            start=passage.start,
            end=passage.end,
            score=0.9,
            text=passage.text,
            added=False,
            answer_start=0,
            answer_end=10,
            marker_start=10,
            marker_end=13,
            quote_start=inside,
            quote_end=inside + len(quote),
        )

    def open(self, source: Citation | Quote) -> None:
        shown = self.viewer.opened
        self.actions.source_activated.emit(source)
        self.qtbot.waitUntil(lambda: self.viewer.opened is not shown)

    @property
    def passage(self) -> str:
        opened = self.viewer.opened
        assert opened is not None
        return opened.text[opened.highlight.start : opened.highlight.end]

    @property
    def marked(self) -> str:
        opened = self.viewer.opened
        assert opened is not None
        return opened.text[opened.marked.start : opened.marked.end]

    @property
    def remark(self) -> str:
        label = self.viewer.findChild(QLabel, "passage_remark")
        assert label is not None
        return "" if label.isHidden() else label.text()


@pytest.fixture
def desk(qtbot: QtBot, data_dir: Path, tmp_path: Path) -> Iterator[Desk]:
    path = tmp_path / "agreement.md"
    path.write_text("The bytes stay as they are.", "utf-8")
    library = cast(Library, open_library(data_dir, cast(Any, None)))
    document = library.documents.register(read_source(path)).document
    viewer = PassageViewer()
    qtbot.addWidget(viewer)
    viewer.resize(520, 480)
    viewer.show()
    runner = TaskRunner()
    controller = PassageController(lambda: viewer, library, runner)
    actions = TranscriptActions()
    actions.source_activated.connect(controller.open_source)
    made = Desk(library, document, controller, viewer, actions, qtbot)
    made.read(OLD)
    yield made
    runner.shutdown()
    cast(Any, library).database.close()


def test_a_citation_opens_at_its_words_after_its_document_was_read_anew(desk: Desk) -> None:
    source = desk.citation("The fee", "RD costs are paid apart\\.")
    desk.open(source)
    assert (desk.marked, desk.remark) == ("RD costs are paid apart\\.", "")
    desk.read(NEW)
    desk.open(source)
    assert desk.passage == "The fee is 400 euros a month. R&D costs are paid apart."
    assert desk.marked == "R&D costs are paid apart."
    assert desk.remark == ""
    desk.qtbot.waitUntil(lambda: "costs are paid apart" in desk.viewer.highlighted_text())
    assert "client" not in desk.viewer.highlighted_text()


def test_a_quote_and_a_sentence_of_a_check_are_marked_where_they_stand_now(desk: Desk) -> None:
    cited = desk.citation("notice of three")
    words = "A notice of three months is due\\."
    start = OLD.index(words)
    quote = Quote(
        desk.document.id,
        "Agreement",
        desk.document.path,
        None,
        TERM,
        start,
        start + len(words),
        0.9,
        words,
        cited.start,
        cited.end,
    )
    begin = cited.text.index(words)
    check = Check(0, 10, Verdict.SUPPORTED, (1,), "", (SourceSpan(1, begin, begin + len(words)),))
    desk.read(NEW)
    desk.open(quote)
    assert desk.marked == "A notice of three months is due."
    assert desk.passage == "It ends on 31 March 2024. A notice of three months is due."
    sources = SourcesView(look_of(desk.viewer), desk.actions, "m1", {"sources": [cited.to_dict()]}, None)
    desk.qtbot.addWidget(sources)
    shown = desk.viewer.opened
    sources.activate(1, check)
    desk.qtbot.waitUntil(lambda: desk.viewer.opened is not shown)
    assert desk.marked == "A notice of three months is due."
    assert desk.remark == ""


def test_a_passage_of_a_search_and_the_next_one_are_older_than_the_document(desk: Desk) -> None:
    passages = desk.library.passages.passages_of(desk.document.id)
    found = Evidence(passages[1], "Agreement", desk.document.path, StageScores(1.0, None, 0.5, 0.5))
    shown = desk.viewer.opened
    desk.controller.open_evidence(found)
    desk.qtbot.waitUntil(lambda: desk.viewer.opened is not shown)
    assert desk.passage == passages[1].text
    desk.read(NEW)
    shown = desk.viewer.opened
    desk.viewer.next_button.click()  # as it was when the passage was opened
    desk.qtbot.waitUntil(lambda: desk.viewer.opened is not shown)
    assert desk.passage == "The client may ask for changes at any time. They are paid by the hour."
    shown = desk.viewer.opened
    desk.controller.open_evidence(found)
    desk.qtbot.waitUntil(lambda: desk.viewer.opened is not shown)
    assert desk.passage == "The fee is 400 euros a month. R&D costs are paid apart."
    assert desk.remark == ""


def test_words_that_are_gone_mark_nothing_and_are_told(desk: Desk) -> None:
    source = desk.citation("The client may", "They are paid by the hour\\.")
    kept = NEW.replace("The client may ask for changes at any time. They are paid by the hour.", "None.")
    desk.read(kept)
    desk.open(source)
    opened = desk.viewer.opened
    assert opened is not None
    assert (opened.fit, desk.marked, opened.heading) == (Fit.GONE, "", "Changes")
    assert desk.remark == (
        "The text of this document has changed since, and this passage is no longer found in it."
        " It said: “They are paid by the hour.”"
    )
    assert desk.remark in desk.viewer.accessibleDescription()
    assert desk.viewer.highlighted_text() == ""
    desk.viewer.source_button.click()
    assert desk.viewer.text_view.isVisible()
    assert desk.viewer.highlighted_text() == ""


def test_words_that_differ_or_stand_there_twice_are_told(desk: Desk) -> None:
    source = desk.citation("It ends on")
    desk.read(NEW.replace("31 March 2024", "30 June 2025"))
    desk.open(source)
    assert "30 June 2025" in desk.marked
    assert desk.remark == (
        "The text of this document has changed since: the place most like what was cited is marked."
    )
    desk.read("Before all.\n\n" + OLD + "\n\n" + OLD.partition("\n\n")[2])
    desk.open(source)
    assert desk.marked == source.text
    assert desk.remark == (
        "The text of this document has changed since, and these words stand in it more than once:"
        " the place nearest to the old one is marked."
    )


def test_a_file_that_changed_since_is_named_for_text_as_for_pages(desk: Desk) -> None:
    Path(desk.document.path).write_text("Other bytes are here now.", "utf-8")
    desk.open(desk.citation("The fee"))
    opened = desk.viewer.opened
    assert opened is not None
    assert (opened.remark, opened.fit) == (Remark.ORIGINAL_CHANGED, Fit.SAME)
    assert desk.remark == "The original has changed since it was imported; this is the stored text."
    desk.read("Nothing of it.")
    desk.open(desk.citation("The fee"))
    assert desk.remark.startswith("The text of this document has changed since, and this passage")
    assert desk.remark.endswith("The original has changed since it was imported; this is the stored text.")


def test_offsets_of_another_library_never_mark_what_stands_there(desk: Desk) -> None:
    strange = replace(desk.citation("The fee"), text="Nobody has ever written this in here.")
    desk.open(strange)
    opened = desk.viewer.opened
    assert opened is not None
    assert opened.fit is Fit.GONE
    assert opened.highlight == Span(opened.highlight.start, opened.highlight.start)


def test_a_file_that_was_imported_again_is_opened_where_the_cited_document_is_gone(desk: Desk) -> None:
    source, gone = desk.citation("The fee"), desk.citation("It ends on")
    desk.library.documents.delete(desk.document.id)
    desk.library.documents.purge(desk.document.id)
    path = Path(desk.document.path)
    path.write_text("Other bytes of the same agreement.", "utf-8")
    desk.document = desk.library.documents.register(read_source(path)).document
    desk.read(NEW.partition("## 3. Term")[0])
    assert source.document_id != desk.document.id
    desk.open(source)
    assert desk.marked == "The fee is 400 euros a month. R&D costs are paid apart."
    assert desk.remark == "The document that was cited is gone; this is its file as it was imported again."
    desk.actions.source_activated.emit(gone)
    desk.qtbot.waitUntil(lambda: desk.viewer.opened is None)
    assert desk.viewer.highlighted_text() == gone.text
