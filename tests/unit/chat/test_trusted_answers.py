"""Quotes, refusals, small talk and checks in whole exchanges: a real library, a scripted server."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from chatbot_app.chat.events import (
    NoticeAdded,
    PassagesFound,
    QuotesFound,
    TextAppended,
    TurnEvent,
    UserMessageStored,
)
from chatbot_app.chat.evidence import EvidenceFinder, without_added_markers
from chatbot_app.chat.own_sentences import text_to_summarise
from chatbot_app.chat.quoting import MAY_NOT_ANSWER
from chatbot_app.chat.requests import Continuation, NewAnswer, NewQuestion, PlanRequest
from chatbot_app.core.citations import citations_of
from chatbot_app.core.messages import Message, MessageStatus
from chatbot_app.core.prompt_plan import PartKind, PromptPlan
from chatbot_app.core.trust import AnswerMode, Verdict, checks_of, quotes_of, trust_of
from tests.patience import PATIENCE_SECONDS
from tests.prose import words
from tests.scripted_server import DONE, chunk, event, raw_sse, sse_answer
from tests.unit.chat.desk import ENGINE, TOWER, Desk, finished, notices

TALL = "How tall is the Eiffel Tower?"
SILENT = "Which enzymes break down lactose in mammals?"


def quotes_found(events: list[TurnEvent]) -> QuotesFound:
    (found,) = [event for event in events if isinstance(event, QuotesFound)]
    return found


def trust(answer: Message):  # type: ignore[no-untyped-def]
    known = trust_of(answer.metadata)
    assert known is not None
    return known


# --- quotes ------------------------------------------------------------------------------------------------


def test_quotes_that_may_not_answer_are_said_to_be_so_and_keep_their_places(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatbot_app.knowledge.trust.quotes.quotes.is_certain", lambda *_: False)
    desk.answer_with(AnswerMode.QUOTES)
    events = desk.ask(TALL)
    assert not quotes_found(events).quotes.certain
    answer = finished(events)
    assert answer.text.startswith(f"{MAY_NOT_ANSWER}\n\n> ")
    assert not trust(answer).certain
    for citation in citations_of(answer.metadata):
        assert answer.text[citation.answer_start : citation.answer_end].startswith("> ")
        assert answer.text[citation.marker_start : citation.marker_end] == f"[{citation.number}]"


def test_quotes_answer_without_a_model(desk: Desk) -> None:
    desk.answer_with(AnswerMode.QUOTES)
    events = desk.ask(TALL)
    assert [type(event) for event in events[:4]] == [
        UserMessageStored,
        PassagesFound,
        QuotesFound,
        TextAppended,
    ]
    answer = finished(events)
    assert answer.status is MessageStatus.COMPLETE
    assert answer.model is answer.server_id is None
    assert desk.server.requests == []
    best = quotes_of(answer.metadata)[0]
    assert "330 metres tall" in best.text
    assert best.text in TOWER
    assert answer.text.startswith("> ")
    assert "— tower [1]" in answer.text
    known = trust(answer)
    assert (known.mode, known.refused, known.unchecked, known.documents) == (
        AnswerMode.QUOTES,
        False,
        False,
        2,
    )
    assert desk.services.conversations.message(answer.id) == answer
    assert json.loads(json.dumps(answer.metadata)) == answer.metadata


def test_every_quote_is_a_citation_with_its_exact_place(desk: Desk) -> None:
    desk.answer_with(AnswerMode.QUOTES)
    answer = finished(desk.ask(TALL))
    citations = citations_of(answer.metadata)
    assert [citation.number for citation in citations] == list(range(1, len(citations) + 1))
    for citation in citations:
        text = desk.services.library.documents.text(citation.document_id)
        assert text[citation.quote_start : citation.quote_end] == citation.text
        assert answer.text[citation.marker_start : citation.marker_end] == f"[{citation.number}]"
    assert "[1]" not in without_added_markers(answer)


def test_quotes_are_there_before_the_server_is_spoken_to(desk: Desk) -> None:
    desk.answer_with(AnswerMode.BOTH)
    asked: list[int] = []

    async def follow() -> None:
        request = NewQuestion(desk.conversation.id, None, TALL)
        async for happened in desk.services.run_turn(request):
            if isinstance(happened, QuotesFound):
                asked.append(len(desk.server.requests))
        await desk.services.gateway.close()

    asyncio.run(follow())
    assert asked == [0]
    assert len(desk.server.chat_requests) == 1


def test_quotes_are_there_where_the_server_is_away(desk: Desk) -> None:
    desk.server.close()
    answer = finished(desk.ask(TALL))
    assert answer.status is MessageStatus.FAILED
    assert "330 metres" in quotes_of(answer.metadata)[0].text


def test_a_larger_model_answers_and_the_quotes_are_kept(desk: Desk) -> None:
    answer = finished(desk.ask(TALL))
    assert answer.text == "It is 330 metres tall [1]."
    assert (trust(answer).mode, trust(answer).small_model) == (AnswerMode.BOTH, False)
    assert quotes_of(answer.metadata) == list(quotes_found(desk.ask(TALL)).quotes.quotes)


def test_a_model_that_was_called_small_is_not_asked(desk: Desk) -> None:
    desk.services.small_models.mark("scripted", "scripted", small=True)
    quoted = finished(desk.ask(TALL))
    assert desk.server.chat_requests == []
    assert trust(quoted).small_model
    assert quoted.parent_id is not None
    request = NewAnswer(desk.conversation.id, quoted.parent_id, mode=AnswerMode.ANSWER)
    own = finished(desk.run(request))
    assert own.text == "It is 330 metres tall [1]."
    assert (trust(own).mode, trust(own).unchecked, trust(own).small_model) == (AnswerMode.ANSWER, True, True)
    assert desk.services.conversations.siblings(own.id) == [quoted.id, own.id]
    assert own.model == "scripted"


def test_what_a_document_writes_is_shown_as_it_stands(desk: Desk) -> None:
    desk.add("prices.txt", "The *Zwirbel* pump costs $5 [net] and `x_1` <b>more</b> since 2019.")
    desk.answer_with(AnswerMode.QUOTES)
    answer = finished(desk.ask("How much does the Zwirbel pump cost?"))
    assert "\\*Zwirbel\\*" in answer.text
    assert "\\[net\\]" in answer.text
    assert quotes_of(answer.metadata)[0].text.startswith("The *Zwirbel* pump costs $5 [net]")


# --- refusals ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", list(AnswerMode))
def test_silent_documents_are_said_to_be_silent(desk: Desk, mode: AnswerMode) -> None:
    desk.answer_with(mode)
    events = desk.ask(SILENT)
    answer = finished(events)
    assert desk.server.requests == []
    assert quotes_found(events).quotes.refused
    assert (answer.status, trust(answer).refused) == (MessageStatus.COMPLETE, True)
    assert "do not answer" in answer.text
    assert "2 documents" in answer.text
    assert notices(events) == []


def test_a_refusal_names_the_collection_and_answers_without_documents_on_demand(desk: Desk) -> None:
    machines = desk.services.library.documents.create_collection("Machines & Motors")
    desk.add("engine2.txt", ENGINE + " Its colour was green.", machines.id)
    desk.choose((machines.id,))
    refused = finished(desk.ask(TALL))
    assert "1 document in “Machines & Motors”" in refused.text
    assert trust(refused).collections == ("Machines & Motors",)
    assert refused.parent_id is not None
    desk.server.set_answers(sse_answer(["330 metres, I think."]))
    free = finished(desk.run(NewAnswer(desk.conversation.id, refused.parent_id, without_documents=True)))
    assert free.text == "330 metres, I think."
    assert desk.sent()[-1]["content"] == TALL
    assert "trust" not in free.metadata


def test_an_answer_without_documents_goes_on_without_them(desk: Desk) -> None:
    refused = finished(desk.ask(SILENT))
    assert refused.parent_id is not None
    desk.server.set_answers(sse_answer(["Lactase"], "length"), sse_answer([" does."]))
    half = finished(desk.run(NewAnswer(desk.conversation.id, refused.parent_id, without_documents=True)))
    whole = finished(desk.run(Continuation(desk.conversation.id, half.id)))
    assert whole.text == "Lactase does."
    assert TOWER not in str(desk.sent())
    assert whole.metadata == half.metadata


def test_the_person_may_insist_on_the_documents(desk: Desk) -> None:
    poem = NewQuestion(desk.conversation.id, None, "Write a poem about the Eiffel Tower", with_documents=True)
    finished(desk.run(poem))
    assert TOWER in desk.sent()[-1]["content"]


def test_an_empty_library_is_said_to_be_empty(desk: Desk) -> None:
    documents = desk.services.library.documents
    for document in documents.documents():
        documents.delete(document.id)
    answer = finished(desk.ask(TALL))
    assert "There are no documents to search yet." in answer.text
    assert trust(answer).documents == 0


def test_a_conversation_that_uses_all_documents_asks_the_model_until_there_are_any(
    empty_desk: Desk,
) -> None:
    desk = empty_desk
    before = finished(desk.ask(TALL))
    assert len(desk.server.chat_requests) == 1
    assert trust_of(before.metadata) is None
    assert desk.services.conversations.conversation(desk.conversation.id).settings.collections == ()

    desk.add("tower.txt", TOWER)
    after = finished(desk.ask(TALL, before.id))
    assert trust(after).documents == 1
    assert citations_of(after.metadata)


def test_a_task_on_named_documents_is_not_refused(desk: Desk) -> None:
    events = desk.ask("Summarise the main points of my documents")
    assert len(desk.server.chat_requests) == 1
    assert not trust(finished(events)).refused


# --- small talk --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "message",
    [
        "hello",
        "code please",
        "emoji",
        "thanks!",
        "write a poem about the Eiffel Tower",
        "what did I just ask?",
        "👍",
    ],
)
@pytest.mark.parametrize("mode", list(AnswerMode))
def test_small_talk_takes_nothing_of_the_library_along(desk: Desk, message: str, mode: AnswerMode) -> None:
    desk.answer_with(mode)
    desk.server.set_answers(sse_answer(["Hello!"]))
    events = desk.ask(message)
    answer = finished(events)
    assert desk.sent()[-1]["content"] == message
    assert not any(isinstance(event, PassagesFound | QuotesFound) for event in events)
    assert answer.notices == ()
    assert answer.metadata == {}
    assert answer.text == "Hello!"


def test_keywords_ask_the_documents(desk: Desk) -> None:
    desk.ask("Eiffel Tower height metres")
    assert TOWER in desk.sent()[-1]["content"]


def test_the_plan_of_small_talk_has_no_passages(desk: Desk) -> None:
    async def plan(draft: str):  # type: ignore[no-untyped-def]
        try:
            request = PlanRequest(desk.conversation.id, None, draft, search=True)
            return await desk.services.plan_turn(request)
        finally:
            await desk.services.gateway.close()

    async def both():  # type: ignore[no-untyped-def]
        return await plan(TALL), await plan("thanks a lot!")

    asked, thanked = asyncio.run(both())
    assert any(part.kind is PartKind.PASSAGE for part in asked.parts)
    assert not any(part.kind is PartKind.PASSAGE for part in thanked.parts)


# --- checks ------------------------------------------------------------------------------------------------


def test_every_sentence_has_its_verdict_and_its_source_sentence(desk: Desk) -> None:
    text = "The Eiffel Tower is 330 metres tall. It was completed in March 1925. Gold glitters in moonlit caverns."
    desk.server.set_answers(sse_answer([text]))
    answer = finished(desk.ask(TALL))
    checks = checks_of(answer.metadata)
    assert [check.verdict for check in checks] == [
        Verdict.SUPPORTED,
        Verdict.CONTRADICTED,
        Verdict.UNSUPPORTED,
    ]
    assert [answer.text[check.start : check.end] for check in checks] == [
        "The Eiffel Tower is 330 metres tall [1].",
        "It was completed in March 1925.",
        "Gold glitters in moonlit caverns.",
    ]
    (citation,) = citations_of(answer.metadata)
    source = desk.services.library.documents.text(citation.document_id)
    assert (
        source[citation.quote_start : citation.quote_end] == "The Eiffel Tower in Paris is 330 metres tall."
    )


def test_a_marker_that_names_the_wrong_source_is_told(desk: Desk) -> None:
    desk.add("engine3.txt", "The Eiffel Tower was painted by the Zorblax engine works in Turin.")
    desk.server.set_answers(
        sse_answer(
            ["The Eiffel Tower is 330 metres tall [2]. It is green and has golden wings of marble [1]."]
        )
    )
    answer = finished(desk.ask(TALL))
    first, second = checks_of(answer.metadata)
    assert answer.text.startswith("The Eiffel Tower is 330 metres tall [2].")
    assert first.verdict is Verdict.SUPPORTED
    assert first.reason == "[2] does not say this; [1] does."
    assert second.verdict is Verdict.UNSUPPORTED
    assert second.reason.startswith("[1] does not say this.")
    assert [citation.quote_end for citation in citations_of(answer.metadata)] == [0, 0]


@pytest.mark.parametrize(("marker", "shown"), [("", "[1, 2]"), (" [1]", "[1]"), (" [2]", "[2]")])
def test_two_sources_that_bear_out_a_clause_each_are_both_named(desk: Desk, marker: str, shown: str) -> None:
    desk.add("engine3.txt", "The Eiffel Tower was painted by the Zorblax engine works in Turin.")
    said = "The Eiffel Tower was 330 metres tall, and it was painted by the Zorblax engine works in Turin"
    desk.server.set_answers(sse_answer([f"{said}{marker}."]))
    answer = finished(desk.ask(TALL))
    [check] = checks_of(answer.metadata)
    assert answer.text == f"{said} {shown}."
    assert (check.verdict, sorted(check.sources), check.reason) == (Verdict.SUPPORTED, [1, 2], "")
    assert sorted(span.number for span in check.spans) == [1, 2]


def test_an_answer_that_no_source_bears_out_says_so(desk: Desk) -> None:
    desk.server.set_answers(sse_answer(["Purple elephants invented gravity near Saturn in 1492."]))
    events = desk.ask(TALL)
    answer = finished(events)
    assert notices(events) == ["NothingSupported"]
    assert answer.notices[-1].summary == "None of this was found in your sources."
    assert not trust(answer).refused
    assert answer.status is MessageStatus.COMPLETE


def finder_of(kind: type[EvidenceFinder], desk: Desk) -> EvidenceFinder:
    """Return what finds the sources of the desk's library, with checks of its own."""
    library = desk.services.library
    return kind(
        lambda: library.retriever,
        library.documents.text_between,
        lambda: library.sentence_embedder,
        library.documents.scope,
    )


def test_a_check_is_given_up_when_the_answer_is_stopped(desk: Desk) -> None:
    class Slow(EvidenceFinder):
        """A check that ends only when it is not wanted any more."""

        def cite(self, answer, evidence, question="", *, thorough=True, is_wanted=lambda: True):  # type: ignore[no-untyped-def]
            if thorough:
                loop.call_soon_threadsafe(task.cancel)
                while is_wanted():
                    pass
                given_up.append(True)
            return super().cite(answer, evidence, question, thorough=False)

    given_up: list[bool] = []
    desk.services.__dict__["evidence"] = finder_of(Slow, desk)
    events: list[TurnEvent] = []

    async def follow() -> None:
        async for happened in desk.services.run_turn(NewQuestion(desk.conversation.id, None, TALL)):
            events.append(happened)

    async def cancelled() -> None:
        nonlocal task, loop
        loop = asyncio.get_running_loop()
        task = asyncio.ensure_future(follow())
        await asyncio.wait_for(asyncio.shield(task), timeout=PATIENCE_SECONDS)
        await desk.services.gateway.close()

    loop: asyncio.AbstractEventLoop
    task: asyncio.Future[None]
    asyncio.run(cancelled())
    answer = finished(events)
    assert given_up == [True]
    assert answer.status is MessageStatus.COMPLETE
    assert [citation.number for citation in citations_of(answer.metadata)] == [1]


@pytest.mark.parametrize("is_deleted", [False, True])
def test_an_answer_of_100_kb_is_checked_beside_the_loop_and_given_up_when_it_goes(
    desk: Desk, is_deleted: bool
) -> None:
    wanted_again, given_up = 40, []

    class Watched(EvidenceFinder):
        """The real check, which is interrupted after some statements."""

        def cite(self, answer, evidence, question="", *, thorough=True, is_wanted=lambda: True):  # type: ignore[no-untyped-def]
            if not thorough:
                return super().cite(answer, evidence, question, thorough=False, is_wanted=is_wanted)
            asked, before = 0, ticks

            def watched() -> bool:
                nonlocal asked
                asked += 1
                if asked == wanted_again:
                    if is_deleted:
                        desk.services.conversations.delete(desk.conversation.id)
                        desk.services.conversations.purge(desk.conversation.id)
                    loop.call_soon_threadsafe(task.cancel)
                while asked >= wanted_again and is_wanted():
                    pass
                return is_wanted()

            try:
                return super().cite(answer, evidence, question, thorough=False, is_wanted=watched)
            finally:
                given_up.append((asked, ticks - before))

    spoken = words(18_000)
    text = "".join("".join(spoken[n : n + 12]).strip().capitalize() + ". " for n in range(0, 18_000, 12))
    assert len(text) > 100_000
    desk.server.set_answers(sse_answer([text]))
    desk.services.__dict__["evidence"] = finder_of(Watched, desk)
    events: list[TurnEvent] = []
    ticks = 0

    async def follow() -> None:
        async for happened in desk.services.run_turn(NewQuestion(desk.conversation.id, None, TALL)):
            events.append(happened)

    async def tick() -> None:
        nonlocal ticks
        while not task.done():
            ticks += 1
            await asyncio.sleep(0.001)

    async def cancelled() -> None:
        nonlocal task, loop
        loop = asyncio.get_running_loop()
        task = asyncio.ensure_future(follow())
        await asyncio.wait_for(asyncio.gather(asyncio.shield(task), tick()), timeout=60)
        await desk.services.gateway.close()

    loop: asyncio.AbstractEventLoop
    task: asyncio.Future[None]
    asyncio.run(cancelled())
    answer = finished(events)
    assert answer.status is MessageStatus.COMPLETE
    assert answer.text.startswith(text[:1000])
    [(asked, turns)] = given_up
    assert asked <= wanted_again + 2
    assert turns > 0  # the loop went on while the check ran


# --- circles -----------------------------------------------------------------------------------------------

ROUND = "The tower was built by the city of Paris for the fair. "


def test_a_circle_is_ended_and_cut_back(desk: Desk) -> None:
    desk.server.set_answers(sse_answer(["It is 330 metres tall. ", *[ROUND] * 200], ending="stall"))
    events = desk.ask(TALL)
    answer = finished(events)
    assert answer.status is MessageStatus.STOPPED
    assert trust(answer).circle
    assert without_added_markers(answer) == "It is 330 metres tall. " + ROUND.strip()
    (notice,) = [event.notice for event in events if isinstance(event, NoticeAdded)]
    assert (notice.kind, notice.action) == ("CircleStopped", "retry")
    assert notice.summary == "It began to repeat itself, so it was stopped."
    assert len([event for event in events if isinstance(event, TextAppended)]) < 50


def test_a_circle_without_documents_is_ended_too(desk: Desk) -> None:
    desk.choose(None)
    desk.server.set_answers(sse_answer([ROUND] * 100))
    answer = finished(desk.ask("Tell me about Paris"))
    assert answer.text == ROUND.strip()
    assert trust(answer).circle


def test_thoughts_that_circle_are_ended(desk: Desk) -> None:
    desk.choose(None)
    thoughts = [event(chunk(reasoning_content=ROUND)) for _ in range(100)]
    desk.server.set_answers(raw_sse([*thoughts, DONE]))
    answer = finished(desk.ask("Tell me about Paris"))
    assert (answer.status, answer.text) == (MessageStatus.STOPPED, "")
    assert answer.reasoning == ROUND.strip()
    assert trust(answer).circle


def test_whoever_asks_for_repetition_gets_it(desk: Desk) -> None:
    desk.choose(None)
    desk.server.set_answers(sse_answer(["I must not talk in class today.\n"] * 20))
    answer = finished(desk.ask("Write 'I must not talk in class today' 20 times"))
    assert answer.status is MessageStatus.COMPLETE
    assert answer.text.count("class") == 20
    assert answer.metadata == {}


def test_settings_of_a_person_are_not_touched(desk: Desk) -> None:
    desk.settings = replace(desk.settings, seed=4, temperature=0.1)
    desk.services.conversations.set_settings(desk.conversation.id, desk.settings)
    first = finished(desk.ask(TALL))
    assert first.parent_id is not None
    desk.run(NewAnswer(desk.conversation.id, first.parent_id))
    for request in desk.server.chat_requests:
        assert (request.json["seed"], request.json["temperature"]) == (4, 0.1)
        assert "max_tokens" not in request.json


# --- small talk after a talk about documents ---------------------------------------------------------------


async def planned_for(desk: Desk, parent_id: str, draft: str) -> PromptPlan:
    try:
        return await desk.services.plan_turn(PlanRequest(desk.conversation.id, parent_id, draft, search=True))
    finally:
        await desk.services.gateway.close()


@pytest.mark.parametrize("mode", [AnswerMode.QUOTES, AnswerMode.BOTH])
def test_small_talk_after_a_talk_about_documents_takes_nothing_of_it_along(
    desk: Desk, mode: AnswerMode
) -> None:
    desk.answer_with(mode)
    first = finished(desk.ask(TALL))
    refused = finished(desk.ask(SILENT, first.id))
    desk.server.set_answers(sse_answer(["Well, well."]))
    before = finished(desk.ask("Write a limerick", refused.id))
    for text in ("hello", "code please", "Translate this into French: The cat sat."):
        desk.ask(text, before.id)
        sent = json.dumps(desk.sent())
        for told in ("330", "Eiffel", "lactose", "1889", "Paris"):
            assert told not in sent
        assert "limerick" in sent
        planned = asyncio.run(planned_for(desk, before.id, text))
        assert json.dumps(planned.messages()) == sent


def test_small_talk_that_speaks_of_the_answer_takes_it_along(desk: Desk) -> None:
    desk.answer_with(AnswerMode.QUOTES)
    first = finished(desk.ask(TALL))
    for text in ("Translate that into German", "What did you just say?"):
        desk.ask(text, first.id)
        assert "330 metres" in json.dumps(desk.sent())
    edited = desk.services.conversations.add_edited_answer(first.id, "330 metres, I say.")
    desk.ask("hello", edited.id)
    assert "330" not in json.dumps(desk.sent())
    desk.services.conversations.set_pinned(first.id, True)
    desk.ask("hello", first.id)
    assert "330 metres" in json.dumps(desk.sent())  # the person said: always
    assert [message["role"] for message in desk.sent()] == ["system", "user", "assistant", "user"]


# --- a pasted text in its own sentences ----------------------------------------------------------------------

ASKED = "Summarise this text in its own sentences:\n\n"
PASTED = (
    "The harbour was built in 1912 for the tea trade. Ships of the tea trade filled the harbour for thirty years. "
    "My cat is called Tom. After the war the harbour was used for coal and grain. Today the old harbour is a park."
)


def test_a_pasted_text_is_quoted_without_a_model(desk: Desk) -> None:
    events = desk.ask(ASKED + PASTED)
    answer = finished(events)
    assert desk.server.requests == []
    assert (answer.status, answer.model) == (MessageStatus.COMPLETE, None)
    quoted = [line[2:] for line in answer.text.splitlines() if line.startswith("> ")]
    assert len(quoted) == 3
    assert all(sentence in PASTED for sentence in quoted)
    assert not any("cat" in sentence for sentence in quoted)
    assert answer.text.startswith("Of the 5 sentences of your text these 3 say most")
    assert not any(isinstance(event, QuotesFound | PassagesFound) for event in events)
    # The model's own words on demand.
    assert answer.parent_id is not None
    own = finished(desk.run(NewAnswer(desk.conversation.id, answer.parent_id, mode=AnswerMode.ANSWER)))
    assert own.model == "scripted"
    assert PASTED in json.dumps(desk.sent())


@pytest.mark.parametrize("text", ["", "\n  \n", "…"])
def test_without_a_text_it_says_what_to_do(desk: Desk, text: str) -> None:
    answer = finished(desk.ask(ASKED + text))
    assert desk.server.requests == []
    assert "Paste it below" in answer.text


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("Please summarize the following article by its own words: A. B.", "A. B."),
        ("Fasse diesen Text in seinen eigenen Sätzen zusammen: Ein Satz.", "Ein Satz."),
        ("Résume ce texte avec ses propres phrases : Une phrase.", "Une phrase."),
        ("用原句总结这段文字：蜜蜂。", "蜜蜂。"),
        ("Summarise this text: A. B.", None),
        ("What does it say in its own sentences?", None),
        ("Who wrote 'Summarise this text in its own sentences:'?", None),
    ],
)
def test_who_asks_for_the_texts_own_sentences_is_understood(message: str, text: str | None) -> None:
    assert text_to_summarise(message) == text


def test_only_a_sentence_that_was_cut_says_that_it_goes_on(desk: Desk) -> None:
    chinese = finished(
        desk.ask(ASKED + "蜜蜂生活在由一只蜂王和数万只工蜂组成的蜂群中。蜂王每天产下两千枚卵。")
    ).text
    assert "…" not in chinese
    assert "。" in chinese
    assert finished(desk.ask(ASKED + "word and other words " * 200)).text.endswith(" …")
