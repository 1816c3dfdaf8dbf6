"""What was sent is kept by reference, and is shown as it was sent whatever happened to its messages since."""

from __future__ import annotations

import contextlib
import json
import random
import shutil
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from chatbot_app.core.errors import StoreError
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database, StoreMode
from chatbot_app.storage.migrations import MIGRATIONS, m011_conversation_order
from tests.unit.storage.support import Statements, failing_connection, open_database, open_store

SYSTEM = PlanPart(PartKind.SYSTEM, Role.SYSTEM, "Be brief. " * 20, 40, True, "system prompt")


def plan_over(
    history: list[Message], question: Message, cut: int = 0, extra: tuple[PlanPart, ...] = ()
) -> PromptPlan:
    """Return a plan as the planner makes it: every message of the branch, the first `cut` left out."""
    parts = [SYSTEM]
    for place, message in enumerate(history):
        out = place < cut
        parts.append(
            PlanPart(
                PartKind.HISTORY,
                message.role,
                message.text,
                len(message.text) + 4,
                not out,
                "oldest, over budget" if out else "earlier exchange",
                message.id,
                out,
            )
        )
    parts += extra
    parts.append(PlanPart(PartKind.QUESTION, Role.USER, question.text, 9, True, "the question", question.id))
    return PromptPlan(tuple(parts), 8192, 1024, 7, True, "server")


def talk(store: ConversationStore, exchanges: int) -> tuple[str, dict[str, PromptPlan]]:
    """Hold a conversation, keeping a plan with each answer; return its id and the plans by answer."""
    conversation_id = store.create_conversation(GenerationSettings()).id
    plans: dict[str, PromptPlan] = {}
    leaf: str | None = None
    for number in range(exchanges):
        history = store.path(conversation_id, leaf) if leaf else []
        question, answer = store.begin_exchange(conversation_id, leaf, f"Question {number}?")
        plans[answer.id] = plan_over(history, question, cut=len(history) // 50 * 40)
        store.save_plan(answer.id, plans[answer.id])
        store.finish_message(
            answer.id, status=MessageStatus.COMPLETE, text=f"Answer {number}.", finish_reason="stop"
        )
        leaf = answer.id
    return conversation_id, plans


def plan_bytes(database: Database) -> int:
    with database.read() as connection:
        return sum(
            connection.execute(statement).fetchone()[0]
            for statement in (
                "SELECT coalesce(sum(length(plan)), 0) FROM prompt_plans",
                "SELECT coalesce(sum(length(text) + 32), 0) FROM plan_texts",
                "SELECT count(*) * 40 FROM plan_parts",
            )
        )


def test_plans_grow_with_the_conversation_and_not_with_its_square(data_dir: Path, tmp_path: Path) -> None:
    sizes = {}
    for exchanges in (60, 240):
        with open_database(tmp_path / str(exchanges)) as database:
            store = open_store(database)
            _, plans = talk(store, exchanges)
            sizes[exchanges] = plan_bytes(database)
            for answer_id, plan in plans.items():
                assert store.plan(answer_id) == plan
    assert sizes[240] < 5 * sizes[60]
    assert sizes[240] < 240 * 400


def test_another_process_that_enters_messages_of_the_same_conversation_disturbs_nothing(
    data_dir: Path,
) -> None:
    with open_database(data_dir) as database:
        here, there = open_store(database, "here"), open_store(database, "there")
        conversation_id, plans = talk(here, 3)
        for store in (there, here, there):
            history = store.path(conversation_id)
            question, answer = store.begin_exchange(conversation_id, history[-1].id, "And now?")
            plans[answer.id] = plan_over(history, question)
            store.save_plan(answer.id, plans[answer.id])
        for answer_id, plan in plans.items():
            assert here.plan(answer_id) == there.plan(answer_id) == plan


def test_a_continued_answer_leaves_what_was_sent_before_as_it_was(data_dir: Path) -> None:
    with open_database(data_dir) as database:
        store = open_store(database)
        conversation_id = store.create_conversation(GenerationSettings()).id
        _, cut_off = store.begin_exchange(conversation_id, None, "Count.")
        store.finish_message(cut_off.id, status=MessageStatus.STOPPED, text="One, two")
        history = store.path(conversation_id)
        question, answer = store.begin_exchange(conversation_id, cut_off.id, "Go on.")
        plan = plan_over(history, question)
        store.save_plan(answer.id, plan)
        store.finish_message(answer.id, status=MessageStatus.COMPLETE, text="three", finish_reason="stop")

        store.reopen(cut_off.id)
        so_far = PlanPart(
            PartKind.HISTORY, Role.ASSISTANT, "One, two", 4, True, "the answer so far", cut_off.id
        )
        continuing = plan_over([], history[0], extra=(so_far,))
        store.save_plan(cut_off.id, continuing)
        store.finish_message(
            cut_off.id, status=MessageStatus.COMPLETE, text="One, two, three", finish_reason="stop"
        )
        assert store.message(cut_off.id).text == "One, two, three"
        assert store.plan(answer.id) == plan
        assert store.plan(cut_off.id) == continuing


def test_marks_edits_and_the_trash_leave_what_was_sent_as_it_was(data_dir: Path) -> None:
    with open_database(data_dir) as database:
        store = open_store(database)
        conversation_id, plans = talk(store, 4)
        first = store.path(conversation_id)[0]
        store.set_excluded(first.id, True)
        store.set_pinned(store.path(conversation_id)[1].id, True)
        store.begin_exchange(conversation_id, first.parent_id, "Another first question")
        store.add_edited_answer(store.path(conversation_id, next(iter(plans)))[1].id, "other words")
        store.delete(conversation_id)
        for answer_id, plan in plans.items():
            assert store.plan(answer_id) == plan


def test_added_markers_are_not_part_of_what_is_sent(data_dir: Path) -> None:
    """The text of a message and what is sent of it differ where markers of sources were added."""
    source = {"number": 1, "document_id": "d", "document": "D", "path": "/d", "page": None, "heading": "",
              "start": 0, "end": 4, "score": 1.0, "text": "Rain", "added": True, "answer_start": 0,
              "answer_end": 11, "marker_start": 8, "marker_end": 11}  # fmt: skip
    with open_database(data_dir) as database:
        store = open_store(database)
        conversation_id = store.create_conversation(GenerationSettings()).id
        _, cited = store.begin_exchange(conversation_id, None, "Weather?")
        stored = store.finish_message(
            cited.id,
            status=MessageStatus.COMPLETE,
            text="It rains [1]",
            finish_reason="stop",
            metadata={"sources": [source | {"marker_start": 9, "marker_end": 12}]},
        )
        question, answer = store.begin_exchange(conversation_id, cited.id, "Still?")
        part = PlanPart(PartKind.HISTORY, Role.ASSISTANT, "It rains", 4, True, "earlier exchange", stored.id)
        plan = plan_over([], question, extra=(part,))
        store.save_plan(answer.id, plan)
        assert store.plan(answer.id) == plan
        with database.read() as connection:
            assert (
                connection.execute("SELECT count(*) FROM plan_texts").fetchone()[0] == 1
            )  # the system prompt


def test_purging_leaves_nothing_of_what_was_sent(data_dir: Path) -> None:
    with open_database(data_dir) as database:
        store = open_store(database)
        conversation_id, _ = talk(store, 5)
        store.delete(conversation_id)
        store.purge()
        assert plan_bytes(database) == 0
    assert SYSTEM.text.encode() not in (data_dir / "chatbot.sqlite3").read_bytes()


def test_a_plan_whose_text_is_gone_says_so(data_dir: Path) -> None:
    with open_database(data_dir) as database:
        store = open_store(database)
        conversation_id, plans = talk(store, 3)
        first = store.path(conversation_id)[0]
        with database.write() as connection:
            connection.execute("UPDATE messages SET text = 'tampered with' WHERE id = ?", [first.id])
        plan = store.plan(list(plans)[-1])
        assert plan is not None
        assert plan.parts[1].text == ""
        assert "no longer there" in plan.parts[1].reason
        assert plan.tokens == plans[list(plans)[-1]].tokens


# --- plans of earlier releases -----------------------------------------------------------------------


@pytest.fixture
def old_release(data_dir: Path) -> tuple[Path, dict[str, PromptPlan]]:
    """A data folder with two conversations whose plans copy every message, and one plan that is damaged."""
    chance = random.Random(7)
    with open_database(data_dir, migrations=(*MIGRATIONS[:3], m011_conversation_order)) as database:
        store, plans, leaves = open_store(database), {}, {}
        ids = [store.create_conversation(GenerationSettings()).id for _ in range(2)]
        for number in range(40):
            conversation_id = chance.choice(ids)
            leaf = leaves.get(conversation_id)
            history = store.path(conversation_id, leaf) if leaf else []
            question, answer = store.begin_exchange(conversation_id, leaf, f"Question {number} " * 3)
            passage = PlanPart(PartKind.PASSAGE, Role.USER, f"[1] Passage {number}", 5, True, "passage 1")
            plan = plan_over(history, question, len(history) // 3, (passage,) * (number % 3 == 0))
            plans[answer.id] = plan
            _write_old_plan(database, answer.id, json.dumps(plan.to_dict()).encode())
            _settle(database, answer.id, f"Answer {number} " * 5)
            leaves[conversation_id] = answer.id
        _write_old_plan(database, answer.id, b"no JSON")
        del plans[answer.id]
    return data_dir, plans


def _settle(database: Database, message_id: str, text: str) -> None:
    with database.write() as connection:
        connection.execute(
            "UPDATE messages SET status = 'complete', finish_reason = 'stop', text = ? WHERE id = ?",
            [text, message_id],
        )


def _write_old_plan(database: Database, message_id: str, content: bytes) -> None:
    with database.write() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO prompt_plans VALUES (?, ?)", [message_id, zlib.compress(content)]
        )


def _assert_plans(folder: Path, plans: dict[str, PromptPlan]) -> None:
    with open_database(folder) as database:
        assert database.mode is StoreMode.READ_WRITE
        assert database.notice is None
        store = open_store(database)
        for answer_id, plan in plans.items():
            assert store.plan(answer_id) == plan
        with database.read() as connection:
            assert connection.execute("SELECT count(*) FROM prompt_plans").fetchone()[0] == len(plans) + 1
            largest = connection.execute("SELECT max(length(plan)) FROM prompt_plans").fetchone()[0]
        assert largest < 400
        assert database.integrity_check() == []


def test_old_plans_are_rewritten_and_say_the_same(old_release: tuple[Path, dict[str, PromptPlan]]) -> None:
    folder, plans = old_release
    _assert_plans(folder, plans)
    assert list((folder / "backups").iterdir())  # as it was before
    _assert_plans(folder, plans)  # nothing is left to do


def test_stopped_while_old_plans_are_rewritten_the_next_launch_succeeds(
    old_release: tuple[Path, dict[str, PromptPlan]], tmp_path: Path
) -> None:
    """A statement that fails leaves what a kill leaves: a transaction that never ended."""
    folder, plans = old_release
    statements = Statements()
    whole = tmp_path / "whole"
    shutil.copytree(folder, whole)
    with open_database(whole, connection_class=failing_connection(statements)):
        steps = statements.seen
    for fail_at in random.Random(3).sample(range(10, steps), 8):
        tried = tmp_path / f"try-{fail_at}"
        shutil.copytree(folder, tried)
        failing = failing_connection(Statements(fail_at=fail_at))
        with contextlib.suppress(StoreError), open_database(tried, connection_class=failing) as database:
            assert database.mode is StoreMode.READ_ONLY
        _assert_plans(tried, plans)


def test_what_came_back_and_what_the_person_left_out_are_states_whatever_the_words(data_dir: Path) -> None:
    """Their sentences are shown and decide nothing; plans of earlier versions say it in words alone."""
    with open_database(data_dir) as database:
        store = open_store(database)
        _, plans = talk(store, 2)
        answer_id, plan = list(plans.items())[-1]
        first, second = (place for place, part in enumerate(plan.parts) if part.kind is PartKind.HISTORY)
        parts = list(plan.parts)
        parts[first] = replace(
            parts[first], included=False, over_budget=True, recalled=True, reason="zurückgeholt"
        )
        parts[second] = replace(parts[second], included=False, excluded=True, reason="ausgelassen")
        told = replace(plan, parts=tuple(parts))
        store.save_plan(answer_id, told)
        assert store.plan(answer_id) == told
        assert told.left_out_tokens == 0
        assert told.unseen_message_ids() == frozenset()
        assert PromptPlan.from_dict(told.to_dict()) == told

        stored = told.to_dict()
        for place, words in (
            (first, "left the window, recalled with the question"),
            (second, "excluded by you"),
        ):
            del stored["parts"][place]["recalled"], stored["parts"][place]["excluded"]
            stored["parts"][place]["reason"] = words
        earlier = PromptPlan.from_dict(stored)
        assert (earlier.parts[first].recalled, earlier.parts[second].excluded) == (True, True)
        assert not earlier.parts[first].excluded
