"""Quotes stand before a model's words, silence of the documents is said, and a small model is named as small."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from chatbot_app.core.document_fields import DocumentFields
from chatbot_app.core.messages import MessageStatus, Notice
from chatbot_app.core.trust import AnswerMode, Quote, Quotes
from chatbot_app.ui.chat.look import look_of, sized
from chatbot_app.ui.chat.message_banner import MessageBanner
from chatbot_app.ui.chat.message_view import MessageView
from chatbot_app.ui.chat.quote_row import QuoteRow, place_of
from chatbot_app.ui.chat.quotes_view import QuotesView
from chatbot_app.ui.chat.refusal_card import RefusalCard
from chatbot_app.ui.chat.small_model import SmallModelLine, UncheckedLabel, short_name
from chatbot_app.ui.chat.sources_view import SourceRow, SourcesView
from chatbot_app.ui.chat.support_line import FindingRow
from chatbot_app.ui.chat.transcript import Transcript
from tests.trust_data import checked_answer, quote, quotes, source, trust
from tests.ui.chat.support import answer, button, question, settle, streaming

SMALL = "/models/SmolLM2-135M-Instruct-Q4_1.gguf"


def show(qtbot: QtBot, transcript: Transcript, text: str, **values: Any) -> MessageView:
    transcript.show_conversation([question("When?"), answer(text, **values)], has_older=False)
    settle(qtbot, transcript)
    view = transcript.view_of("a")
    assert view is not None
    return view


def shown(view: MessageView, kind: type) -> list[Any]:
    return [one for one in view.findChildren(kind) if one.isVisible()]


def test_quotes_are_the_answer_in_their_order_with_their_places(qtbot: QtBot, transcript: Transcript) -> None:
    metadata = {"quotes": quotes(4), "trust": trust(AnswerMode.QUOTES, small_model=True)}
    view = show(qtbot, transcript, "1. “Total net sales…”", metadata=metadata, model=SMALL)
    rows = shown(view, QuoteRow)
    assert len(rows) == 4
    assert rows[0].text().startswith("Total net sales were $82,959 million")
    assert rows[0].place().endswith("page 2  ·  Net sales")
    assert rows[1].text() == "A number in brackets after a sentence names the passage that supports it."
    assert rows[1].place() == "Guide to Chatbot  ·  Where an answer comes from"
    assert [row.y() for row in rows] == sorted(row.y() for row in rows)
    assert not view.body.isVisible()
    assert view.footer.facts == ""
    assert not shown(view, SmallModelLine)


def test_a_quote_opens_at_its_place_and_can_be_copied(qtbot: QtBot, transcript: Transcript) -> None:
    metadata = {"quotes": quotes(2), "trust": trust(AnswerMode.QUOTES)}
    view = show(qtbot, transcript, "", metadata=metadata)
    opened: list[Quote] = []
    transcript.user_actions.source_activated.connect(opened.append)
    first, second = shown(view, QuoteRow)
    QTest.mouseClick(first, Qt.MouseButton.LeftButton)
    QTest.keyClick(second, Qt.Key.Key_Return)
    assert opened == [quote(0), quote(1)]
    QTest.keyClick(first, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("“Total net sales were")


@pytest.mark.parametrize(
    ("heading", "shown_as"),
    [
        ("Changes › v1.18.0 › Features", "Guide to Chatbot  ·  v1.18.0 › Features"),
        ("Guide to Chatbot › Features", "Guide to Chatbot  ·  Features"),
        ("Changes › What is new", "Guide to Chatbot  ·  What is new"),
    ],
)
def test_a_heading_of_one_word_is_shown_with_the_one_above(heading: str, shown_as: str) -> None:
    assert place_of(quote(1, heading=heading)) == shown_as


def test_code_is_shown_as_it_is_written(qtbot: QtBot, transcript: Transcript) -> None:
    words = "    livenessProbe:\n\n      path: /livez"
    metadata = {
        "quotes": [quote(0, text=words, path="/k8s/app.yml").to_dict()],
        "trust": trust(AnswerMode.QUOTES),
    }
    view = show(qtbot, transcript, "", metadata=metadata)
    row = shown(view, QuoteRow)[0]
    assert row.text() == "livenessProbe:\n  path: /livez"
    prose = replace(quote(0), text="livenessProbe: path: /livez")
    one_line = QuoteRow(look_of(view), transcript.user_actions, prose, 1, view)
    assert row.height_for(600) > one_line.height_for(600)  # two lines are two


def test_stars_of_a_document_that_is_no_markdown_stay(qtbot: QtBot, transcript: Transcript) -> None:
    words = "a **b** c, x_1_y"
    metadata = {"quotes": [quote(0, text=words).to_dict()], "trust": trust(AnswerMode.QUOTES)}
    view = show(qtbot, transcript, "", metadata=metadata)
    assert shown(view, QuoteRow)[0].text() == words


def test_a_quote_says_company_and_period_of_a_document_whose_name_does_not(
    qtbot: QtBot, transcript: Transcript
) -> None:
    fields = DocumentFields("Apple Inc.", "10-Q", "2023-Q3", "2023-07-01", ("AAPL",))
    names = ("report.pdf", "2023 Q3 AAPL", "Apple notes")
    named = [replace(quote(0), document=name, fields=fields) for name in names]
    metadata = {"quotes": [one.to_dict() for one in named], "trust": trust(AnswerMode.QUOTES)}
    rows = shown(show(qtbot, transcript, "", metadata=metadata), QuoteRow)
    assert rows[0].place().startswith("report.pdf  ·  Apple Inc.  ·  Q3 2023  ·  page")
    assert rows[1].place().startswith("2023 Q3 AAPL  ·  page")
    assert rows[2].place().startswith("Apple notes  ·  Q3 2023  ·  page")
    assert "Apple Inc.  ·  10-Q  ·  Q3 2023" in rows[0].toolTip()


def test_the_model_is_asked_on_demand(qtbot: QtBot, transcript: Transcript) -> None:
    metadata = {"quotes": quotes(2), "trust": trust(AnswerMode.QUOTES, small_model=True)}
    view = show(qtbot, transcript, "", metadata=metadata)
    asked: list[str] = []
    transcript.user_actions.model_answer_requested.connect(asked.append)
    button(view, "ask_model_button").click()
    assert asked == ["a"]


def test_a_small_models_own_words_stand_below_the_quotes_under_their_label(
    qtbot: QtBot, transcript: Transcript
) -> None:
    metadata = {
        "quotes": quotes(2),
        "trust": trust(AnswerMode.ANSWER, small_model=True, unchecked=True),
    }
    view = show(qtbot, transcript, "The founder is Elon Musk.", metadata=metadata, model=SMALL)
    [label], [line] = shown(view, UncheckedLabel), shown(view, SmallModelLine)
    [listed] = shown(view, QuotesView)
    assert listed.is_open
    assert listed.y() < label.y() < view.body.y() < line.y()
    assert label.words() == "Unchecked words of a very small model"
    assert line.words() == "SmolLM2-135M, very small: check what it says"
    asked: list[str] = []
    transcript.user_actions.remedy_requested.connect(asked.append)
    button(view, "better_model_button").click()
    assert asked == ["use-better-model"]


def test_quotes_stand_folded_below_a_larger_models_answer(qtbot: QtBot, transcript: Transcript) -> None:
    view = show(qtbot, transcript, "Yes.", metadata={"quotes": quotes(3), "trust": trust()})
    [listed] = shown(view, QuotesView)
    assert not listed.is_open
    assert listed.y() > view.body.y()
    fold = button(view, "quotes_fold_button")
    assert fold.text() == "3 quotes from your documents"
    before = view.height()
    QTest.keyClick(fold, Qt.Key.Key_Return)
    settle(qtbot, transcript)
    assert listed.is_open
    assert view.height() > before + 40


def test_quotes_are_there_while_the_model_thinks_and_fold_at_its_first_word(
    qtbot: QtBot, transcript: Transcript
) -> None:
    transcript.add_message(question("When?"))
    transcript.begin_answer(streaming())
    transcript.remarks.set_quotes("a", Quotes((quote(0), quote(1)), False, 0.9))
    settle(qtbot, transcript)
    view = transcript.view_of("a")
    assert view is not None
    assert len(shown(view, QuoteRow)) == 2
    transcript.append_text("a", "In 1987")
    settle(qtbot, transcript)
    assert not shown(view, QuoteRow)
    transcript.set_message(answer("In 1987.", metadata={"quotes": quotes(2), "trust": trust()}))
    settle(qtbot, transcript)
    assert len(shown(view, QuotesView)) == 1


def test_quotes_that_may_not_answer_say_so_while_the_answer_comes_and_after(
    qtbot: QtBot, transcript: Transcript
) -> None:
    transcript.add_message(question("When?"))
    transcript.begin_answer(streaming())
    transcript.remarks.set_quotes("a", Quotes((quote(0), quote(1)), False, 0.6, certain=False))
    settle(qtbot, transcript)
    view = transcript.view_of("a")
    assert view is not None
    doubtful = "2 quotes from your documents, which may not answer it"
    assert button(view, "quotes_fold_button").text() == doubtful
    for mode in AnswerMode:
        said = {"quotes": quotes(2), "trust": trust(mode=mode, certain=False)}
        transcript.set_message(answer("In 1987.", metadata=said))
        settle(qtbot, transcript)
        assert button(view, "quotes_fold_button").text() == doubtful


def test_quotes_that_a_person_reads_do_not_fold(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.add_message(question("When?"))
    transcript.begin_answer(streaming())
    transcript.remarks.set_quotes("a", Quotes((quote(0),), False, 0.9))
    settle(qtbot, transcript)
    view = transcript.view_of("a")
    assert view is not None
    fold = button(view, "quotes_fold_button")
    fold.click()
    fold.click()
    transcript.append_text("a", "In 1987")
    settle(qtbot, transcript)
    assert len(shown(view, QuoteRow)) == 1


def test_quotes_stay_open_before_a_small_models_words(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.remarks.set_small_models(lambda server_id, model: model == SMALL)
    transcript.add_message(question("When?"))
    transcript.begin_answer(answer("", status=MessageStatus.STREAMING, model=SMALL))
    transcript.remarks.set_quotes("a", Quotes((quote(0),), False, 0.9), AnswerMode.ANSWER)
    transcript.append_text("a", "In 1987")
    settle(qtbot, transcript)
    view = transcript.view_of("a")
    assert view is not None
    [label], [row] = shown(view, UncheckedLabel), shown(view, QuoteRow)
    assert label.y() < view.body.y()
    assert row.isVisible()


def test_a_small_model_is_named_below_an_answer_without_documents(
    qtbot: QtBot, transcript: Transcript
) -> None:
    transcript.remarks.set_small_models(lambda server_id, model: model == SMALL)
    view = show(qtbot, transcript, "Hello!", model=SMALL)
    assert len(shown(view, SmallModelLine)) == 1
    assert not shown(view, UncheckedLabel)
    view = show(qtbot, transcript, "Hello!", model="qwen3-8b")
    assert not shown(view, SmallModelLine)


def test_a_refusal_says_what_was_searched_and_what_can_be_done(qtbot: QtBot, transcript: Transcript) -> None:
    metadata = {
        "quotes": quotes(2),
        "trust": trust(refused=True, collections=("Reports", "B", "C", "D"), documents=12),
        "retrieval": {"searched": "x", "found": 3, "shown": 0},
    }
    view = show(qtbot, transcript, "Your documents do not answer this.", metadata=metadata, model="qwen3-8b")
    [card] = shown(view, RefusalCard)
    assert card.words() == (
        "Your documents do not answer this\nSearched for “total net sales third quarter 2022” in “Reports”, “B”, “C” "
        "and 1 more (12 documents)."
    )
    assert not view.body.isVisible()
    assert not shown(view, SourcesView)
    assert view.footer.facts == ""
    assert not shown(view, QuoteRow)
    fold = button(view, "quotes_fold_button")
    assert fold.text() == "The nearest 2 passages, which do not answer it"
    fold.click()
    assert len(shown(view, QuoteRow)) == 2
    asked: list[str] = []
    transcript.user_actions.answer_without_documents_requested.connect(asked.append)
    button(view, "without_documents_button").click()
    assert asked == ["a"]
    with qtbot.waitSignal(transcript.user_actions.collections_requested):
        button(view, "choose_collections_button").click()


def test_a_circle_is_said_and_never_continued(qtbot: QtBot, transcript: Transcript) -> None:
    for status, reason in ((MessageStatus.STOPPED, None), (MessageStatus.COMPLETE, "length")):
        notice = Notice("Offline", "One thing more.", action="continue")
        view = show(
            qtbot,
            transcript,
            "The sum is 12.",
            status=status,
            finish_reason=reason,
            notices=(notice,),
            metadata={"trust": trust(AnswerMode.ANSWER, circle=True)},
        )
        banners = shown(view, MessageBanner)
        assert banners[-1].text.summary == "It began to repeat itself, so it was stopped."
        assert all("continue" not in banner.text.actions for banner in banners)
        asked: list[str] = []
        transcript.user_actions.regenerate_requested.connect(asked.append)
        button(view, "try_again_button").click()
        assert asked == ["a"]
        transcript.user_actions.regenerate_requested.disconnect(asked.append)


def test_a_source_shows_the_sentence_that_matched_and_no_marks(qtbot: QtBot, transcript: Transcript) -> None:
    passage = (
        "# Guide to Chatbot\n\nA **number** in [brackets](https://e.org/x_y) names it. The rest is `code`."
    )
    sources = [
        source(1, "First words of it. The very sentence.", "The very sentence."),
        source(2, passage),
    ]
    view = show(
        qtbot, transcript, "A [1]. B [2].", metadata={"sources": sources, "retrieval": {"searched": "x"}}
    )
    first, second = shown(view, SourceRow)
    assert first.accessibleDescription() == "The very sentence."
    assert second.accessibleDescription() == "A number in brackets names it. The rest is code."
    assert second.accessibleName() == "Source 2: Guide to Chatbot  ·  Where an answer comes from"


def test_names_of_models_are_short() -> None:
    assert short_name(SMALL) == "SmolLM2-135M"
    assert short_name("C:\\models\\qwen2.5-0.5b-instruct-q4_k_m.gguf") == "qwen2.5-0.5b"
    assert short_name("gemma3:270m") == "gemma3:270m"
    assert short_name(None) == ""
    assert len(short_name("x" * 300)) == 40


def test_what_was_opened_stays_open_in_another_text_size(qtbot: QtBot, transcript: Transcript) -> None:
    text, metadata = checked_answer()
    view = show(qtbot, transcript, text, metadata=metadata)
    button(view, "findings_fold_button").click()
    button(view, "quotes_fold_button").click()
    transcript.setFont(sized(transcript.font(), 1.3))
    settle(qtbot, transcript)
    other = transcript.view_of("a")
    assert other is not None
    assert other is not view
    assert len(shown(other, FindingRow)) == 3
    assert len(shown(other, QuoteRow)) == 3


def test_quotes_that_are_the_answer_leave_no_room_for_its_text(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.remarks.set_small_models(lambda server_id, model: model == SMALL)
    for mode, model in ((AnswerMode.QUOTES, "qwen3-8b"), (None, SMALL)):
        transcript.clear()
        transcript.add_message(question("When?"))
        transcript.begin_answer(answer("", status=MessageStatus.STREAMING, model=model))
        transcript.remarks.set_quotes("a", Quotes((quote(0),), False, 0.9), mode)
        transcript.append_text("a", "> Total net sales")
        settle(qtbot, transcript)
        view = transcript.view_of("a")
        assert view is not None
        assert len(shown(view, QuoteRow)) == 1
        assert not view.body.isVisible()
        assert not shown(view, UncheckedLabel)


def test_a_refusal_under_way_shows_no_words(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.add_message(question("When?"))
    transcript.begin_answer(streaming())
    transcript.remarks.set_quotes("a", Quotes((quote(0),), True, 0.1), AnswerMode.BOTH)
    transcript.append_text("a", "Your documents do not answer")
    settle(qtbot, transcript)
    view = transcript.view_of("a")
    assert view is not None
    assert not view.body.isVisible()
    assert not shown(view, QuoteRow)
    final = answer("Your documents do not answer", metadata={"trust": trust(refused=True)})
    transcript.set_message(final)
    settle(qtbot, transcript)
    assert len(shown(view, RefusalCard)) == 1


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ((2019,), "2019"),
        ((2019, 2020, 2021), "2019–2021"),
        ((2015, 2020), "2015, 2020"),
    ],
)
def test_the_card_says_of_which_year_the_documents_are_silent(
    qtbot: QtBot, transcript: Transcript, years: tuple[int, ...], said: str
) -> None:
    view = show(qtbot, transcript, "None.", metadata={"trust": trust(refused=True, unsaid_years=years)})
    [card] = shown(view, RefusalCard)
    assert card.words().startswith(f"Your documents do not answer this for {said}\n")


def test_without_any_document_the_card_says_so(qtbot: QtBot, transcript: Transcript) -> None:
    view = show(qtbot, transcript, "None.", metadata={"trust": trust(refused=True, documents=0)})
    [card] = shown(view, RefusalCard)
    assert card.words() == "There are no documents to search yet\nAdd some, or ask without documents."


def test_what_the_notes_say_is_not_said_twice(qtbot: QtBot, transcript: Transcript) -> None:
    text, metadata = checked_answer()
    notices = (Notice("NothingSupported", "None."), Notice("ParameterDropped", "Something else."))
    view = show(qtbot, transcript, text, metadata=metadata, notices=notices)
    assert [banner.text.summary for banner in shown(view, MessageBanner)] == ["Something else."]


def test_a_text_in_its_own_sentences_leads_to_the_model_and_is_no_small_models_word(
    qtbot: QtBot, transcript: Transcript
) -> None:
    transcript.remarks.set_small_models(lambda *_: True)
    view = show(qtbot, transcript, "> One.\n\n> Two.", metadata={"own_sentences": [2, 9]})
    assert view.body.isVisible()
    assert not shown(view, SmallModelLine)
    asked: list[str] = []
    transcript.user_actions.model_answer_requested.connect(asked.append)
    button(view, "ask_model_button").click()
    assert asked == ["a"]
    view = show(qtbot, transcript, "There is no text yet.", metadata={"own_sentences": [0, 0]})
    assert not [one for one in view.findChildren(QAbstractButton, "ask_model_button") if one.isVisible()]


def test_a_heading_that_a_sentence_repeats_is_not_shown_before_it(
    qtbot: QtBot, transcript: Transcript
) -> None:
    told = quote(0, text="iPhone\niPhone net sales decreased in 2023.")
    other = quote(1, text="Paris is large.\nParisians know.")
    metadata = {"quotes": [told.to_dict(), other.to_dict()], "trust": trust(AnswerMode.QUOTES)}
    view = show(qtbot, transcript, "", metadata=metadata)
    assert [row.text() for row in shown(view, QuoteRow)] == [
        "iPhone net sales decreased in 2023.",
        "Paris is large. Parisians know.",
    ]
