"""The history: trees, order, titles, trash, what survives a restart."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from chatbot_app.core.errors import ConversationGone
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import MessageStatus, Notice, Role, Timings, Usage
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from tests.unit.storage.support import (
    exchange,
    full_text_is_sound,
    numbered_ids,
    open_database,
    open_store,
)


def texts(store: ConversationStore, conversation_id: str) -> list[str]:
    return [message.text for message in store.path(conversation_id)]


def test_an_exchange_is_stored_before_its_answer_arrives(store: ConversationStore) -> None:
    settings = GenerationSettings(temperature=0.5, stop=("END",))
    conversation = store.create_conversation(settings)
    question, answer = store.begin_exchange(
        conversation.id, None, "What is a quokka?", settings=settings, server_id="built-in", model="m"
    )

    assert (question.role, question.status, question.text) == (
        Role.USER,
        MessageStatus.COMPLETE,
        "What is a quokka?",
    )
    assert (answer.role, answer.status, answer.text) == (Role.ASSISTANT, MessageStatus.STREAMING, "")
    assert answer.parent_id == question.id
    assert answer.sequence > question.sequence
    assert answer.settings == settings
    shown = store.conversation(conversation.id)
    assert (shown.leaf_id, shown.title, shown.message_count) == (answer.id, "What is a quokka?", 2)
    assert shown.settings == settings


def test_an_answer_keeps_everything_that_is_known_of_it(data_dir: Path) -> None:
    notices = (
        Notice("ParameterDropped", "top_k was left out."),
        Notice("StreamCut", "Cut.", "Go on.", "continue"),
    )
    with open_database(data_dir) as database:
        store = open_store(database)
        conversation = store.create_conversation(GenerationSettings())
        _question, answer = store.begin_exchange(conversation.id, None, "Hi")
        store.set_model(answer.id, "local", "tiny")
        finished = store.finish_message(
            answer.id,
            status=MessageStatus.COMPLETE,
            text="Hello",
            reasoning="They greet.",
            usage=Usage(10, 3, None),
            timings=Timings(0.25, 1.5),
            finish_reason="stop",
            notices=notices,
        )
    with open_database(data_dir) as database:
        again = open_store(database).message(answer.id)
    assert again == finished
    assert (again.usage, again.timings, again.notices) == (Usage(10, 3, None), Timings(0.25, 1.5), notices)
    assert (again.server_id, again.model, again.reasoning) == ("local", "tiny", "They greet.")


def test_editing_and_regenerating_add_siblings_and_destroy_nothing(store: ConversationStore) -> None:
    conversation = store.create_conversation(GenerationSettings())
    first = exchange(store, conversation.id, None, "q1", "a1")
    second = exchange(store, conversation.id, first.id, "q2", "a2")
    question_id = second.parent_id
    assert question_id is not None

    regenerated = store.begin_answer(conversation.id, question_id)
    store.finish_message(regenerated.id, status=MessageStatus.STOPPED, text="a2 again")
    assert texts(store, conversation.id) == ["q1", "a1", "q2", "a2 again"]
    assert store.siblings(second.id) == [second.id, regenerated.id]

    edited, _answer = store.begin_exchange(conversation.id, first.id, "q2 edited")
    assert texts(store, conversation.id) == ["q1", "a1", "q2 edited", ""]
    assert store.children(first.id) == [question_id, edited.id]

    store.set_leaf(conversation.id, store.leaf_below(question_id))
    assert texts(store, conversation.id) == ["q1", "a1", "q2", "a2 again"]
    root = first.parent_id
    assert root is not None
    assert store.leaf_below(root) == _answer.id
    other_start, _ = store.begin_exchange(conversation.id, None, "q1 edited")
    assert store.siblings(root) == [root, other_start.id]
    assert store.conversation(conversation.id).title == "q1"


def test_a_long_path_is_read_in_pages(store: ConversationStore, database: Database) -> None:
    conversation = store.create_conversation(GenerationSettings())
    parent: str | None = None
    with database.write():
        for number in range(60):
            parent = exchange(store, conversation.id, parent, f"q{number}", f"a{number}").id

    newest = store.path(conversation.id, limit=10)
    assert [message.text for message in newest] == [t for n in range(55, 60) for t in (f"q{n}", f"a{n}")]
    before = store.path_before(newest[0].id, 200)
    assert len(before) == 110
    assert before[-1].text == "a54"
    assert before + newest == store.path(conversation.id)
    assert store.path_before(before[0].id, 5) == []


def test_order_is_the_order_of_sending_whatever_the_clock_says(database: Database) -> None:
    moments = iter(
        [
            datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=2))),
            datetime(1970, 1, 1, tzinfo=UTC),
            datetime(1969, 12, 31),
        ]
        * 20
    )
    store = ConversationStore(database, now=lambda: next(moments), new_id=numbered_ids())
    conversations = [store.create_conversation(GenerationSettings()) for _ in range(3)]
    parent: str | None = None
    for number in range(4):
        parent = exchange(store, conversations[0].id, parent, f"q{number}", f"a{number}").id
    assert texts(store, conversations[0].id) == ["q0", "a0", "q1", "a1", "q2", "a2", "q3", "a3"]
    assert [c.id for c in store.list_conversations()] == [
        conversations[0].id,
        conversations[2].id,
        conversations[1].id,
    ]
    sequences = [message.sequence for message in store.path(conversations[0].id)]
    assert sequences == sorted(sequences)


def test_an_automatic_title_never_replaces_a_persons(store: ConversationStore) -> None:
    conversation = store.create_conversation(GenerationSettings())
    exchange(store, conversation.id, None, "why is the sky blue", "Rayleigh")
    assert store.rename(conversation.id, "Sky colours", automatic=True).title == "Sky colours"
    named = store.rename(conversation.id, "  Mine\n own ")
    assert (named.title, named.title_is_automatic) == ("Mine own", False)
    assert store.rename(conversation.id, "Sky", automatic=True).title == "Mine own"
    exchange(store, conversation.id, None, "another start", "yes")
    assert store.conversation(conversation.id).title == "Mine own"


def test_a_deleted_conversation_comes_back_whole_after_a_restart(data_dir: Path) -> None:
    with open_database(data_dir) as database:
        store = open_store(database)
        conversation = store.create_conversation(GenerationSettings(seed=7))
        exchange(store, conversation.id, None, "unforgettable zebra", "stripes")
        whole = (store.conversation(conversation.id), store.path(conversation.id))
        store.delete(conversation.id)
        assert store.list_conversations() == []
        assert store.search("zebra") == []
        with pytest.raises(ConversationGone):
            store.conversation(conversation.id)
        with pytest.raises(ConversationGone):
            store.begin_exchange(conversation.id, None, "too late")
        with pytest.raises(ConversationGone):
            store.delete(conversation.id)
    with open_database(data_dir) as database:
        store = open_store(database, "later")
        assert [c.id for c in store.trash()] == [conversation.id]
        restored = store.restore(conversation.id)
        assert restored.message_count == whole[0].message_count
        assert (restored, store.path(conversation.id)) == (
            # the moment of deletion is the only trace
            type(restored)(**{**_fields(whole[0]), "updated_at": restored.updated_at}),
            whole[1],
        )
        assert len(store.search("zebra")) == 2


def _fields(value: object) -> dict[str, object]:
    return {name: getattr(value, name) for name in type(value).__dataclass_fields__}  # type: ignore[attr-defined]


def test_after_a_purge_nothing_is_left_on_disk(data_dir: Path) -> None:
    with open_database(data_dir) as database:
        store = open_store(database)
        kept = store.create_conversation(GenerationSettings())
        exchange(store, kept.id, None, "keep this walrus", "kept")
        conversation = store.create_conversation(GenerationSettings())
        answer = exchange(store, conversation.id, None, "xylophonesecret question", "xylophonesecret answer")
        part = PlanPart(PartKind.QUESTION, Role.USER, "xylophonesecret", 1, True, "newest", None)
        store.save_plan(answer.id, PromptPlan((part,), 100, 10))
        assert store.purge(conversation.id) == 0  # only from the trash
        store.delete(conversation.id)
        assert store.purge() == 1
        assert store.trash() == []
        assert store.plan(answer.id) is None
        assert [hit.conversation_id for hit in store.search("walrus")] == [kept.id, kept.id]
        assert full_text_is_sound(database)
        assert database.integrity_check() == []
        assert not store.save_partial(answer.id, "xylophonesecret late")
        with pytest.raises(ConversationGone):
            store.finish_message(answer.id, status=MessageStatus.STOPPED, text="xylophonesecret late")
        on_disk = b"".join(path.read_bytes() for path in data_dir.iterdir())
        assert b"walrus" in on_disk
        assert b"xylophonesecret" not in on_disk


def test_a_conversation_deleted_while_it_answers_loses_nothing(store: ConversationStore) -> None:
    conversation = store.create_conversation(GenerationSettings())
    _question, answer = store.begin_exchange(conversation.id, None, "q")
    assert store.save_partial(answer.id, "half")
    store.delete(conversation.id)
    assert not store.save_partial(answer.id, "half an answer")
    store.finish_message(answer.id, status=MessageStatus.STOPPED, text="half an answer")
    store.restore(conversation.id)
    assert texts(store, conversation.id) == ["q", "half an answer"]


def test_streaming_answers_of_a_dead_process_become_interrupted(data_dir: Path) -> None:
    with open_database(data_dir) as database:
        store = open_store(database)
        conversation = store.create_conversation(GenerationSettings())
        _question, answer = store.begin_exchange(conversation.id, None, "q")
        store.save_partial(answer.id, "half of capybara", "thinking")
        assert store.search("capybara") == []  # indexed once, at the end
    with open_database(data_dir) as database:
        store = open_store(database, "later")
        assert store.interrupt_streaming() == 1
        assert store.interrupt_streaming() == 0
        kept = store.message(answer.id)
        assert (kept.status, kept.text, kept.reasoning) == (
            MessageStatus.INTERRUPTED,
            "half of capybara",
            "thinking",
        )
        assert [hit.message_id for hit in store.search("capybara")] == [answer.id]
        reopened = store.reopen(answer.id)
        assert (reopened.status, reopened.text) == (MessageStatus.STREAMING, "half of capybara")
        assert full_text_is_sound(database)
        done = store.finish_message(
            answer.id, status=MessageStatus.COMPLETE, text="half of capybara and half", finish_reason="stop"
        )
        assert not store.message(answer.id).notices
        assert store.save_partial(answer.id, "late")  # the conversation lives, but the answer has ended
        assert store.message(answer.id) == done
        assert full_text_is_sound(database)


def test_complete_needs_a_finish_reason(store: ConversationStore) -> None:
    conversation = store.create_conversation(GenerationSettings())
    _question, answer = store.begin_exchange(conversation.id, None, "q")
    with pytest.raises(ValueError, match="finish_reason"):
        store.finish_message(answer.id, status=MessageStatus.COMPLETE, text="a")
    with pytest.raises(ValueError, match="streaming"):
        store.finish_message(answer.id, status=MessageStatus.STREAMING, text="a")
    assert store.message(answer.id).status is MessageStatus.STREAMING


def test_text_that_cannot_be_encoded_is_stored_with_replacements(store: ConversationStore) -> None:
    conversation = store.create_conversation(
        GenerationSettings(system_prompt="a\ud800b\x00", stop=("\udfff",))
    )
    question, answer = store.begin_exchange(conversation.id, None, "a\ud800b\x00c\uffff", model="m")
    assert question.text == "a\ufffdb\ufffdc\ufffd"
    assert store.save_partial(answer.id, "\x00", "\udc00")
    notice = Notice("StreamError", "\ud800")
    store.finish_message(answer.id, status=MessageStatus.FAILED, text="\udfff", notices=[notice])
    assert store.message(answer.id).text == "\ufffd"
    store.rename(conversation.id, "t\ud800")
    assert store.conversation(conversation.id).title == "t\ufffd"
    assert store.search("\ud800") is not None


def test_a_plan_is_kept_with_its_answer(store: ConversationStore) -> None:
    conversation = store.create_conversation(GenerationSettings())
    answer = exchange(store, conversation.id, None, "q", "a")
    assert store.plan(answer.id) is None
    plan = PromptPlan(
        (PlanPart(PartKind.SYSTEM, Role.SYSTEM, "Be \ud800 kind", 4, True, "always", None),),
        8192,
        1024,
        3,
        True,
        "server",
    )
    store.save_plan(answer.id, plan)
    store.save_plan(answer.id, plan)
    assert store.plan(answer.id) == plan
    with pytest.raises(ConversationGone):
        store.save_plan("nobody", plan)


def test_pins_exclusions_and_foreign_parents(store: ConversationStore) -> None:
    one, two = (store.create_conversation(GenerationSettings()) for _ in range(2))
    answer = exchange(store, one.id, None, "q", "a")
    store.set_pinned(answer.id, True)
    store.set_excluded(answer.id, True)
    assert (store.message(answer.id).pinned, store.message(answer.id).excluded) == (True, True)
    with pytest.raises(ValueError, match="another conversation"):
        store.begin_exchange(two.id, answer.id, "q")
    with pytest.raises(ValueError, match="another conversation"):
        store.set_leaf(two.id, answer.id)
    with pytest.raises(ConversationGone):
        store.set_pinned("nobody", True)
    assert store.path(two.id) == []
    store.set_leaf(one.id, None)
    assert store.path(one.id) == []


def test_threads_write_at_once_and_lose_nothing(store: ConversationStore) -> None:
    conversations = [store.create_conversation(GenerationSettings()) for _ in range(4)]

    def chat(conversation_id: str) -> None:
        parent: str | None = None
        for number in range(10):
            parent = exchange(store, conversation_id, parent, f"q{number}", f"a{number}").id

    threads = [threading.Thread(target=chat, args=[conversation.id]) for conversation in conversations]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = [text for number in range(10) for text in (f"q{number}", f"a{number}")]
    assert [texts(store, conversation.id) for conversation in conversations] == [expected] * 4


def test_no_access_path_walks_a_whole_table(data_dir: Path) -> None:
    """Reading and chatting costs the same in a history of any length."""
    with open_database(data_dir) as database:
        store = open_store(database)
        conversation = store.create_conversation(GenerationSettings())
        exchange(store, conversation.id, None, "q", "a")
        ran: list[str] = []
        with database.read() as connection:
            connection.set_trace_callback(ran.append)
        answer = exchange(store, conversation.id, None, "q2", "a2")
        store.save_partial(answer.id, "x")
        store.path(conversation.id, limit=80)
        store.path_before(answer.id, 80)
        store.siblings(answer.id)
        store.leaf_below(answer.id)
        store.list_conversations()
        store.rename(conversation.id, "t")
        store.interrupt_streaming()
        store.delete(conversation.id)
        store.restore(conversation.id)
        with database.read() as connection:
            connection.set_trace_callback(None)
            plans = {
                row["detail"]
                for sql in ran
                if sql.split()[0] in {"SELECT", "WITH", "UPDATE"}
                for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")
            }
    whole_table = {"SCAN messages", "SCAN conversations", "SCAN child", "SCAN above"}
    assert len(plans) > 8
    assert not {plan for plan in plans if plan in whole_table}


def test_the_places_of_variants_are_told_at_once(store: ConversationStore) -> None:
    conversation = store.create_conversation(GenerationSettings())
    first = exchange(store, conversation.id, None, "first", "one")
    exchange(store, conversation.id, None, "first again", "one")
    again = store.begin_answer(conversation.id, first.parent_id)
    below = exchange(store, conversation.id, again.id, "second", "two")
    messages = store.path(conversation.id, below.id)
    assert store.places(messages) == {messages[0].id: (1, 2), again.id: (2, 2)}
    for message in messages:
        siblings = store.siblings(message.id)
        place = (siblings.index(message.id) + 1, len(siblings))
        assert store.places([message]).get(message.id, (1, 1)) == place
    assert store.places([]) == {}


def test_several_come_back_at_once_without_what_is_gone(store: ConversationStore) -> None:
    names = [store.create_conversation().id for _ in range(3)]
    store.delete_all(names)
    store.purge(names[1])
    assert [one.id for one in store.restore_all(names)] == [names[0], names[2]]
    with pytest.raises(ConversationGone):
        store.restore_all([names[1]])
