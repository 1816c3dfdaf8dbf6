"""Pictures of a question: stored with it, sent as OpenAI's content parts, planned, and sent again with the history."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest

from chatbot_app.chat.events import PromptPlanned, TurnEvent
from chatbot_app.chat.picture_words import PICTURES_NOT_SENT
from chatbot_app.chat.requests import NewAnswer, NewQuestion, PlanRequest
from chatbot_app.core.messages import MessageStatus
from chatbot_app.core.pictures import Picture, facts_of, pictures_of
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.core.sight import picture_tokens, shown_pictures
from chatbot_app.ui.picture_encoding import encoded
from tests.photographs import CAMERA, PLACE, photograph
from tests.scripted_server import ScriptedServer, json_answer, models_answer, sse_answer
from tests.tiny_png import png
from tests.unit.chat.desk import Desk, finished, notices

SIGNATURE = Picture("1", "small.png", "image/png", 40, 30, png(40, 30))


@pytest.fixture
def table(desk: Desk, qapp: object) -> Desk:  # Qt takes the thread of its first object for the main one
    """A desk whose conversation uses no documents, and that can make pictures ready."""
    desk.services.encode_picture = encoded
    desk.choose(None)
    return desk


def ask(desk: Desk, text: str, *pictures: Picture, parent_id: str | None = None) -> list[TurnEvent]:
    return desk.run(NewQuestion(desk.conversation.id, parent_id, text, pictures=pictures))


def plan_of(events: list[TurnEvent]) -> PromptPlan:
    return next(event.plan for event in events if isinstance(event, PromptPlanned))


def bytes_of(part: dict[str, Any]) -> tuple[str, bytes]:
    head, _, body = part["image_url"]["url"].partition(";base64,")
    return head.removeprefix("data:"), base64.b64decode(body)


def says(server: ScriptedServer, *modalities: str) -> None:
    """Have a server say as OpenRouter does what its model takes."""
    described = {"id": "scripted", "max_model_len": 8192, "architecture": {"input_modalities": modalities}}
    server.set_answers(models_answer([described]), path="/v1/models")


def test_a_picture_goes_before_the_words_and_both_are_stored(table: Desk) -> None:
    answer = finished(ask(table, "What is this?", SIGNATURE))
    picture, words = table.sent()[-1]["content"]
    media_type, data = bytes_of(picture)  # type: ignore[arg-type]
    assert media_type == "image/png"
    facts = facts_of(data)
    assert facts is not None
    assert (facts.width, facts.height) == (40, 32)  # a side of at least 32 pixels
    assert words == {"type": "text", "text": "What is this?"}
    assert answer.status is MessageStatus.COMPLETE
    store = table.services.conversations
    question = store.message(answer.parent_id or "")
    assert [one.name for one in pictures_of(question.metadata)] == ["small.png"]
    assert store.pictures.picture(question.id, 0) == SIGNATURE.data


def test_a_picture_alone_is_a_question_and_names_its_conversation(table: Desk) -> None:
    answer = finished(ask(table, "", SIGNATURE))
    assert [part["type"] for part in table.sent()[-1]["content"]] == ["image_url"]  # type: ignore[index]
    assert answer.status is MessageStatus.COMPLETE
    assert table.services.conversations.conversation(table.conversation.id).title == "small.png"


def test_nothing_of_a_photograph_but_its_pixels_leaves_and_it_is_scaled_down(table: Desk) -> None:
    data = photograph(3000, 20, orientation=6)  # turned by a quarter: it is seen as 20 × 3000
    ask(table, "Where?", Picture("1", "IMG_1.jpg", "image/jpeg", 20, 3000, data))
    media_type, sent = bytes_of(table.sent()[-1]["content"][0])  # type: ignore[arg-type]
    assert media_type == "image/jpeg"
    facts = facts_of(sent)
    assert facts is not None
    assert (facts.width, facts.height) == (32, 2048)
    assert CAMERA in data
    for told in (CAMERA, PLACE, b"Exif"):
        assert told not in sent
        assert told not in table.server.received


def test_what_was_planned_is_what_was_sent_and_kept(table: Desk) -> None:
    events = ask(table, "What is this?", SIGNATURE)
    plan = plan_of(events)
    assert table.services.conversations.plan(finished(events).id) == plan
    [planned] = plan.parts[-1].pictures
    assert (planned.name, planned.width, planned.height) == ("small.png", 40, 32)
    assert planned.tokens == picture_tokens(40, 32) == 255
    assert plan.parts[-1].tokens > 255
    sent = table.server.chat_requests[0].json["messages"]
    shown = plan.messages(lambda _place, _picture: sent[-1]["content"][0]["image_url"]["url"])
    assert shown == sent
    assert PromptPlan.from_dict(plan.to_dict()) == plan


def test_the_draft_is_planned_with_its_pictures(table: Desk) -> None:
    request = PlanRequest(table.conversation.id, None, "What?", pictures=shown_pictures([SIGNATURE]))
    plan = asyncio.run(table.services.plan_turn(request))
    assert plan.picture_tokens == 255
    assert plan.sent_pictures()


def test_pictures_of_the_history_are_sent_again_and_leave_with_their_exchange(table: Desk) -> None:
    first = finished(ask(table, "One", SIGNATURE))
    second = finished(ask(table, "Two", parent_id=first.id))
    assert [type(message["content"]) for message in table.sent()] == [str, list, str, str]
    table.services.gateway.remember_window("scripted", "scripted", 512)
    events = ask(table, "Three " + "and so on " * 60, parent_id=second.id)
    plan = plan_of(events)
    [part] = [part for part in plan.parts if part.pictures]
    assert not part.included
    assert part.over_budget
    assert all(isinstance(message["content"], str) for message in table.sent())


def test_another_answer_and_an_edited_question_have_the_same_pictures(table: Desk) -> None:
    first = finished(ask(table, "One", SIGNATURE))
    assert first.parent_id is not None
    table.run(NewAnswer(table.conversation.id, first.parent_id))
    assert table.sent(-1) == table.sent(0)
    table.run(NewQuestion(table.conversation.id, None, "Anew", pictures_of=first.parent_id))
    assert table.sent()[-1]["content"][0] == table.sent(0)[-1]["content"][0]  # type: ignore[index]


def test_a_model_that_is_known_to_be_blind_is_sent_nothing_and_the_question_stays(table: Desk) -> None:
    says(table.server, "text")
    answer = finished(ask(table, "What is this?", SIGNATURE))
    assert answer.status is MessageStatus.FAILED
    assert answer.notices[-1].summary == "scripted cannot see pictures."
    assert table.server.chat_requests == []
    question = table.services.conversations.message(answer.parent_id or "")
    assert table.services.conversations.pictures.picture(question.id, 0) == SIGNATURE.data


def test_a_blind_model_in_a_conversation_with_pictures_is_told_of_once(table: Desk) -> None:
    first = finished(ask(table, "", SIGNATURE))
    says(table.server, "text")
    events = ask(table, "And now?", parent_id=first.id)
    assert PICTURES_NOT_SENT in notices(events)
    assert table.sent()[1]["content"] == "[Picture: small.png]"
    again = ask(table, "And then?", parent_id=finished(events).id)
    assert PICTURES_NOT_SENT not in notices(again)


@pytest.mark.parametrize(
    "said",
    [
        "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj",
        "Invalid content type. image_url is only supported by certain models.",
        "Failed to deserialize the JSON body: messages[0]: unknown variant `image_url`, expected `text`",
        "'messages.1' : for 'role:user' the following must be satisfied[('messages.1.content' : value must be a string)]",
    ],
)
def test_a_server_that_refuses_is_told_of_in_a_sentence(table: Desk, said: str) -> None:
    table.server.set_answers(json_answer({"error": {"message": said}}, 400))
    answer = finished(ask(table, "What is this?", SIGNATURE))
    assert answer.notices[-1].kind == "PicturesRefused"
    assert answer.notices[-1].summary.startswith("Scripted did not take the picture: ")
    assert "The question is kept" in answer.notices[-1].next_step


def test_the_servers_count_corrects_the_estimate(table: Desk) -> None:
    count = {"prompt_tokens": 20 + 16, "completion_tokens": 2, "total_tokens": 38}
    table.server.set_answers(sse_answer(["Yes."], usage=count))
    first = ask(table, "What is this?", SIGNATURE)
    estimated = plan_of(first)
    counted = 36 - (estimated.tokens - estimated.picture_tokens)
    second = plan_of(ask(table, "And now?", SIGNATURE, parent_id=finished(first).id))
    assert second.parts[-1].picture_tokens == pytest.approx(counted, abs=2)


def test_a_picture_that_was_damaged_since_is_left_out_and_told_of(table: Desk) -> None:
    broken = Picture("1", "broken.png", "image/png", 40, 30, png(40, 30)[:50])
    events = ask(table, "What is this?", broken)
    assert PICTURES_NOT_SENT in notices(events)
    assert table.sent()[-1]["content"] == "What is this?"
    [planned] = plan_of(events).parts[-1].pictures
    assert not planned.is_sent


def test_documents_do_not_answer_for_a_picture(desk: Desk, qapp: object) -> None:
    desk.services.encode_picture = encoded
    answer = finished(ask(desk, "How tall is the Eiffel Tower?", SIGNATURE))
    assert answer.text.startswith("It is 330 metres tall")
    assert desk.sent()[-1]["content"][0]["type"] == "image_url"  # type: ignore[index]
