"""What is known of the open conversation, without a window and without a store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatbot_app.chat.open_conversation import OpenConversation
from chatbot_app.chat.requests import PlanRequest
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Conversation, Message, MessageStatus, Role

WARM = GenerationSettings(temperature=0.9)
STORED = Conversation("c", "A title", WARM, leaf_id="a1")


def question(name: str, parent: str | None = None) -> Message:
    return Message(name, "c", parent, 1, Role.USER, f"What is {name}?")


def answer(name: str, parent: str) -> Message:
    return Message(name, "c", parent, 2, Role.ASSISTANT, f"This is {name}.")


@pytest.fixture
def opened() -> OpenConversation:
    shown = OpenConversation()
    shown.show(STORED, [question("q1"), answer("a1", "q1")])
    return shown


def test_a_new_one_has_no_id_until_its_first_question_is_on_its_way() -> None:
    opened = OpenConversation()
    opened.begin_new(WARM)
    assert (opened.id, opened.key, opened.leaf_id, opened.settings) == (None, "", None, WARM)
    assert opened.plan_request("Hm?") == PlanRequest("", None, "Hm?", settings=WARM)
    opened.beginning = "c"
    assert (opened.id, opened.key) == (None, "c")
    assert opened.put_below(question("q1"), answer("a1", "q1"))
    opened.has_begun(STORED)
    assert (opened.id, opened.key, opened.beginning, opened.leaf_id) == ("c", "c", "", "a1")


def test_the_next_question_stands_below_the_shown_branch(opened: OpenConversation) -> None:
    assert opened.plan_request("Hm?") == PlanRequest("c", "a1", "Hm?")
    assert opened.put_below(question("q2", "a1"), answer("a2", "q2"))
    assert opened.leaf_id == "a2"
    assert not opened.put_below(question("q3", "a1"), answer("a3", "q3")), "it is of another branch"
    assert opened.leaf_id == "a2"


def test_a_branch_of_which_nothing_is_shown_ends_where_the_store_says() -> None:
    opened = OpenConversation()
    opened.show(STORED, [])
    assert opened.leaf_id == "a1"


def test_settings_that_were_chosen_are_newer_than_any_that_are_read(opened: OpenConversation) -> None:
    cold = GenerationSettings(temperature=0.1)
    opened.set_settings(cold)
    assert opened.take(replace(STORED, title="Another", leaf_id="a2"))
    assert opened.settings == cold
    assert opened.stored is not None
    assert (opened.stored.title, opened.stored.leaf_id) == ("Another", "a2")


def test_what_is_said_of_other_conversations_changes_nothing(opened: OpenConversation) -> None:
    other = Conversation("d", "Elsewhere", GenerationSettings())
    assert not opened.take(other)
    assert not opened.rename(other)
    assert opened.stored == STORED
    assert opened.rename(replace(STORED, title="Mine"))
    assert opened.stored is not None
    assert opened.stored.title == "Mine"


def test_messages_are_known_by_their_newest_state(opened: OpenConversation) -> None:
    stopped = replace(answer("a1", "q1"), status=MessageStatus.STOPPED)
    opened.set_message(stopped)
    assert opened.message("a1") == stopped
    opened.set_message(answer("unknown", "q1"))
    assert opened.message("unknown") is None
    opened.put_above([question("q0"), answer("a0", "q0")])
    assert [message.id for message in opened.messages()] == ["q0", "a0", "q1", "a1"]


def test_the_last_question_is_that_of_the_person(opened: OpenConversation) -> None:
    assert opened.last_question() == "What is q1?"
    opened.begin_new(WARM)
    assert opened.last_question() == ""
