"""Answers of several models to one question: kept as its variants, voted for, counted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatbot_app.core.compared import ComparedAnswer, ComparedQuestion, Outcome, Tally, Vote, vote_of
from chatbot_app.core.errors import ConversationGone
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message, MessageStatus, Notice, Role, Timings, Usage
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.storage.compared_answers import ComparedAnswerStore
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from chatbot_app.storage.temporary_conversations import TemporaryConversations
from tests.unit.storage.support import contents, exchange, numbered_ids


@pytest.fixture
def compared(database: Database, store: ConversationStore) -> ComparedAnswerStore:
    return ComparedAnswerStore(database, store)


def answer(text: str, model: str) -> Message:
    return Message(
        *("", "", None, 0, Role.ASSISTANT, text, MessageStatus.COMPLETE),
        server_id="s",
        model=model,
        settings=GenerationSettings(server_id="s", model=model, temperature=0.2),
        usage=Usage(9, 4, None),
        timings=Timings(0.5, 1.5, None),
        finish_reason="stop",
        notices=(Notice("ParameterDropped", "m does not take “seed”."),),
        metadata={"sources": []},
    )


def texts(store: ConversationStore, conversation_id: str) -> list[str]:
    return [message.text for message in store.path(conversation_id)]


def test_answers_without_a_conversation_begin_one_or_nothing(
    store: ConversationStore, compared: ComparedAnswerStore
) -> None:
    first, second = answer("A marsupial.", "m"), answer("Small.", "n")
    asked = ComparedQuestion("Quokka?")
    broken = [ComparedAnswer(first), ComparedAnswer(replace(second, status=MessageStatus.STREAMING))]
    with pytest.raises(ValueError, match="streaming"):
        compared.keep(asked, broken)
    assert store.list_conversations() == []
    plan = PromptPlan(
        (PlanPart(PartKind.QUESTION, Role.USER, "Quokka?", 3, True, "", message_id=""),), 100, 10
    )
    conversation, ids = compared.keep(asked, [ComparedAnswer(first, plan), ComparedAnswer(second)])
    assert (conversation.title, conversation.settings) == ("Quokka?", first.settings)
    question, kept = store.path(conversation.id)
    assert (kept.id, question.text, store.siblings(kept.id)) == (ids[0], "Quokka?", list(ids))
    same = {
        "id": kept.id,
        "conversation_id": conversation.id,
        "parent_id": question.id,
        "sequence": kept.sequence,
        "created_at": kept.created_at,
    }
    assert kept == replace(first, **same)
    stored = store.plan(kept.id)
    assert stored is not None
    assert [part.message_id for part in stored.parts] == [question.id]
    assert store.message(ids[1]).model == "n"


def test_below_an_open_conversation_the_shown_branch_stays_until_one_goes_on(
    store: ConversationStore, compared: ComparedAnswerStore
) -> None:
    conversation = store.create_conversation(GenerationSettings(model="old"))
    above = exchange(store, conversation.id, None, "Hello?", "Hi.")
    asked = ComparedQuestion("Quokka?", conversation.id, above.id)
    answers = [ComparedAnswer(answer("A marsupial.", "m")), ComparedAnswer(answer("Small.", "n"))]
    _, ids = compared.keep(asked, answers)
    assert texts(store, conversation.id) == ["Hello?", "Hi."]
    shown = compared.go_on_with(ids[1], None)
    assert texts(store, conversation.id) == ["Hello?", "Hi.", "Quokka?", "Small."]
    assert shown.settings.model == "old"
    assert compared.go_on_with(ids[0], GenerationSettings(model="m")).settings.model == "m"
    assert texts(store, conversation.id)[-1] == "A marsupial."

    question_id = store.message(ids[0]).parent_id
    assert question_id is not None
    again = ComparedQuestion("Quokka?", conversation.id, above.id, question_id)
    _, more = compared.keep(again, [ComparedAnswer(answer("Happy.", "o"))])
    assert store.siblings(ids[0]) == [*ids, *more]
    store.delete(conversation.id)
    with pytest.raises(ConversationGone):
        compared.keep(asked, answers)


def test_votes_are_kept_with_the_answers_changed_counted_and_gone_with_the_trash(
    store: ConversationStore, compared: ComparedAnswerStore
) -> None:
    pair = [ComparedAnswer(answer("A marsupial.", "m")), ComparedAnswer(answer("Small.", "n"))]
    conversation, (one, other) = compared.keep(ComparedQuestion("Quokka?"), pair)
    compared.vote({one: Vote("c1", Outcome.WON), other: Vote("c1", Outcome.LOST)})
    assert compared.tally() == (Tally("m", 1, 1), Tally("n", 0, 1))
    compared.vote({one: Vote("c1", Outcome.LOST, True), other: Vote("c1", Outcome.WON, True)})
    assert compared.tally() == (Tally("n", 1, 1), Tally("m", 0, 1))
    kept = store.message(one)
    assert vote_of(kept.metadata) == Vote("c1", Outcome.LOST, True)
    assert kept.metadata["sources"] == []
    store.finish_message(  # the answer was continued: it stays voted for
        one,
        status=MessageStatus.COMPLETE,
        text="A small marsupial.",
        finish_reason="stop",
        metadata={"trust": {}},
    )
    assert vote_of(store.message(one).metadata) == Vote("c1", Outcome.LOST, True)

    _, (third, fourth) = compared.keep(ComparedQuestion("Again?"), pair)
    compared.vote({third: Vote("c2", Outcome.TIE), fourth: Vote("c2", Outcome.TIE)})
    same = [ComparedAnswer(answer("Warm.", "m")), ComparedAnswer(answer("Cold.", "m"))]
    _, (fifth, sixth) = compared.keep(ComparedQuestion("How?"), same)
    compared.vote({fifth: Vote("c3", Outcome.WON), sixth: Vote("c3", Outcome.LOST)})  # says nothing of models
    assert compared.tally() == (Tally("n", 1, 2), Tally("m", 0, 2))
    compared.vote({one: None, other: None})
    assert "vote" not in store.message(one).metadata
    assert compared.tally() == (Tally("m", 0, 1), Tally("n", 0, 1))
    with pytest.raises(ConversationGone):
        compared.vote({one: Vote("c", Outcome.WON), "gone": Vote("c", Outcome.LOST)})
    assert "vote" not in store.message(one).metadata
    store.delete(store.message(third).conversation_id)
    assert compared.tally() == ()
    assert store.conversation(conversation.id).message_count == 3


def test_nothing_of_a_temporary_conversation_is_in_the_file(
    database: Database, store: ConversationStore, compared: ComparedAnswerStore
) -> None:
    open_one = TemporaryConversations(database, store, new_id=numbered_ids()).begin()
    pair = [ComparedAnswer(answer("A marsupial.", "m")), ComparedAnswer(answer("Small.", "n"))]
    before = contents(database)
    _, (one, other) = compared.keep(ComparedQuestion("Quokka?", open_one.id), pair)
    compared.vote({one: Vote("c", Outcome.LOST), other: Vote("c", Outcome.WON)})
    compared.go_on_with(other, GenerationSettings(model="n"))
    assert texts(store, open_one.id) == ["Quokka?", "Small."]
    assert vote_of(store.message(one).metadata) == Vote("c", Outcome.LOST)
    assert compared.tally() == ()
    assert contents(database) == before


@pytest.mark.parametrize(
    "damaged", ["won", {"outcome": "won"}, {"comparison": "c", "outcome": "best"}, 3, None]
)
def test_a_damaged_vote_is_none(damaged: object) -> None:
    assert vote_of({"vote": damaged}) is None
