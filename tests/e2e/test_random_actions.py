"""Random actions in the real window against a model of what must be stored: nothing lost, nothing doubled.

CHATBOT_RANDOM_EXAMPLES and CHATBOT_RANDOM_STEPS make longer runs, CHATBOT_RANDOM_SHRINK=1 looks for the shortest
way to a failure. `--hypothesis-seed` (without CI=true) draws others.
"""

from __future__ import annotations

import faulthandler
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.e2e.random_actions.expected_store import ASSISTANT, USER, ExpectedMessage, Running
from tests.e2e.random_actions.person_at_random import PersonAtRandom
from tests.e2e.random_actions.scripted_answers import Way
from tests.e2e.random_actions.seen_store import SeenStore, see
from tests.e2e.ready_interpreter import ReadyInterpreter

pytestmark = pytest.mark.xdist_group("e2e")

EXAMPLES = int(os.environ.get("CHATBOT_RANDOM_EXAMPLES", "4"))
STEPS = int(os.environ.get("CHATBOT_RANDOM_STEPS", "20"))
SHRINKS = os.environ.get("CHATBOT_RANDOM_SHRINK") == "1"
MOST_IMPORTS = 3  # in an example: each costs a second of the embedding model

WAYS = st.sampled_from(list(Way))
PICK = st.integers(0, 10**6)


class RandomActions(RuleBasedStateMachine):
    """A person who does anything at any time."""

    interpreter: ReadyInterpreter

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="random-actions-"))
        self.person = PersonAtRandom(self.folder, self.interpreter)
        self.imports = 0

    def teardown(self) -> None:
        try:
            said = self.person.log.read_text(errors="replace")
            assert "Traceback" not in said, said[-3_000:]
            assert self.person.planned.unplanned == []
        finally:
            self.person.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    # --- what there is to do it with ---------------------------------------------------------------------------

    @property
    def is_free(self) -> bool:
        """Whether the open conversation is not answering."""
        return (self.person.expected.open or "") not in self.person.expected.running

    @property
    def path(self) -> list[ExpectedMessage]:
        opened = self.person.open_conversation
        return [] if opened is None else opened.path()

    def shown(self, role: str) -> list[ExpectedMessage]:
        return [one for one in self.path if one.role == role]

    @property
    def gated(self) -> list[Running]:
        return list(self.person.expected.running.values())

    @property
    def varied(self) -> list[ExpectedMessage]:
        opened = self.person.open_conversation
        return [] if opened is None else [one for one in self.path if len(opened.siblings(one)) > 1]

    # --- asking ------------------------------------------------------------------------------------------------

    @initialize(way=WAYS)
    def begin(self, way: Way) -> None:
        self.send(way)

    @precondition(lambda self: self.is_free)
    @rule(way=WAYS)
    def send(self, way: Way) -> None:
        running = self.person.prepare_question(way)
        self.person.window.ask("send")
        self.person.wait_for_answer(running)

    @precondition(lambda self: self.is_free and self.shown(USER))
    @rule(way=WAYS, pick=PICK)
    def edit_question(self, way: Way, pick: int) -> None:
        questions = self.shown(USER)
        message = questions[pick % len(questions)]
        running, text = self.person.prepare_edit(message, way)
        self.person.window.ask("edit", message=message.id, text=text)
        self.person.wait_for_answer(running)

    @precondition(lambda self: self.is_free and self.shown(ASSISTANT))
    @rule(pick=PICK)
    def edit_answer(self, pick: int) -> None:
        answers = self.shown(ASSISTANT)
        message = answers[pick % len(answers)]
        text = f"e{self.person.number()} as it should be"
        opened = self.person.open_conversation
        assert opened is not None
        self.person.window.ask("edit", message=message.id, text=text)
        self.person.window.ask("look")
        self._take_over_edit(message, text)

    def _take_over_edit(self, message: ExpectedMessage, text: str, seen: SeenStore | None = None) -> None:
        opened = self.person.open_conversation
        assert opened is not None
        stored = (seen or see(self.person.database)).conversations[opened.id].messages
        new = [one for one in stored if one.text == text]
        if seen is None or new:
            [edited] = new
            self.person.expected.add_edited_answer(opened.id, message, edited.id, text)

    @precondition(lambda self: self.is_free and self.shown(USER))
    @rule(way=WAYS, pick=PICK)
    def regenerate(self, way: Way, pick: int) -> None:
        answers = self.shown(ASSISTANT)
        answer = answers[pick % len(answers)]
        opened = self.person.open_conversation
        assert opened is not None
        assert answer.parent is not None
        running = self.person.prepare_answer(opened.messages[answer.parent], way)
        self.person.window.ask("regenerate", message=answer.id)
        self.person.wait_for_answer(running)

    @precondition(lambda self: self.is_free and self.path and self.path[-1].can_go_on)
    @rule(way=WAYS)
    def carry_on(self, way: Way) -> None:
        answer = self.path[-1]
        running = self.person.prepare_continuation(answer, way)
        self.person.window.ask("carry_on", message=answer.id)
        self.person.wait_for_answer(running)

    @precondition(lambda self: self.gated)
    @rule(pick=PICK)
    def let_the_rest_come(self, pick: int) -> None:
        running = self.gated[pick % len(self.gated)]
        self.person.open_gate(running)
        self.person.wait_for_end(running)

    @precondition(lambda self: not self.is_free)
    @rule()
    def stop(self) -> None:
        running = self.person.expected.running[self.person.expected.open or ""]
        self.person.expect_stop(running)
        self.person.window.ask("stop")
        self.person.wait_for_end(running)

    @precondition(lambda self: self.is_free and self.varied)
    @rule(pick=PICK, step=st.sampled_from([-1, 1]))
    def switch_variant(self, pick: int, step: int) -> None:
        opened = self.person.open_conversation
        assert opened is not None
        message = self.varied[pick % len(self.varied)]
        siblings = opened.siblings(message)
        place = max(0, min(siblings.index(message.id) + step, len(siblings) - 1))
        self.person.window.ask("switch", message=message.id, step=step)
        opened.leaf = opened.newest_below(siblings[place])

    # --- marks, settings, drafts -------------------------------------------------------------------------------

    @precondition(lambda self: self.path)
    @rule(pick=PICK, on=st.booleans(), excluded=st.booleans())
    def mark(self, pick: int, on: bool, excluded: bool) -> None:
        message = self.path[pick % len(self.path)]
        self.person.window.ask("exclude" if excluded else "pin", message=message.id, on=on)
        if excluded:
            message.pinned, message.excluded = message.pinned and not on, on
        else:
            message.pinned, message.excluded = on, message.excluded and not on

    @precondition(lambda self: self.person.expected.open is not None)
    @rule(tenths=st.integers(0, 20))
    def change_settings(self, tenths: int) -> None:
        opened = self.person.open_conversation
        assert opened is not None
        self.person.window.ask("set_temperature", value=tenths / 10)
        opened.temperature = tenths / 10

    @rule(kept=st.booleans())
    def write_a_draft(self, kept: bool) -> None:
        self.person.write(f"d{self.person.number()}")
        if kept:
            self.person.keep_drafts()

    @rule()
    def erase_the_draft(self) -> None:
        self.person.erase()

    # --- conversations -------------------------------------------------------------------------------------------

    @rule()
    def begin_a_new_conversation(self) -> None:
        self.person.window.ask("new")
        self.person.expected.open = None

    @precondition(lambda self: self.person.expected.live())
    @rule(pick=PICK)
    def open_another(self, pick: int) -> None:
        live = self.person.expected.live()
        conversation = live[pick % len(live)]
        self.person.window.ask("open", conversation=conversation)
        self.person.expected.open = conversation

    @precondition(lambda self: self.person.expected.live())
    @rule(pick=PICK)
    def rename(self, pick: int) -> None:
        live = self.person.expected.live()
        conversation = live[pick % len(live)]
        title = f"t{self.person.number()} renamed"
        self.person.window.ask("rename", conversation=conversation, title=title)
        self.person.expected.conversations[conversation].title = title

    @precondition(lambda self: self.person.expected.live())
    @rule(pick=PICK, undone=st.booleans())
    def delete(self, pick: int, undone: bool) -> None:
        live = self.person.expected.live()
        conversation = live[pick % len(live)]
        running = self.person.expected.running.get(conversation)
        if running is not None:
            self.person.expect_stop(running)
        self.person.window.ask("delete", conversation=conversation)
        if running is not None:
            self.person.wait_for_end(running)
        self.person.expected.conversations[conversation].is_deleted = True
        if self.person.expected.open == conversation:
            self.person.expected.open = None
        if undone:
            self.person.check()
            if self.person.window.ask("undo") == conversation:  # else its seconds are over
                self._brought_back(conversation)

    @precondition(lambda self: self.person.expected.in_trash())
    @rule(pick=PICK)
    def restore(self, pick: int) -> None:
        trash = self.person.expected.in_trash()
        conversation = trash[pick % len(trash)]
        self.person.window.ask("restore", conversation=conversation)
        self._brought_back(conversation)

    def _brought_back(self, conversation: str) -> None:
        self.person.expected.conversations[conversation].is_deleted = False
        self.person.expected.open = conversation

    @precondition(lambda self: self.person.expected.in_trash())
    @rule(pick=PICK)
    def delete_for_good(self, pick: int) -> None:
        trash = self.person.expected.in_trash()
        conversation = trash[pick % len(trash)]
        self.person.window.ask("purge", conversation=conversation)
        self.person.expected.purge(conversation)

    @precondition(lambda self: self.person.expected.activity)
    @rule(pick=PICK)
    def search(self, pick: int) -> None:
        expected = self.person.expected
        everything = [one for each in expected.conversations.values() for one in each.messages.values()]
        settled = [one for one in everything if "streaming" not in one.statuses and one.text.strip()]
        if not settled:
            return
        word = settled[pick % len(settled)].text.split()[0]
        wanted = {
            one.id
            for conversation in expected.conversations.values()
            for one in conversation.messages.values()
            if not conversation.is_deleted and one in settled and word in one.text.split()
        }
        found = [message for _, message in self.person.window.ask("search", query=word + " ") if message]
        exact = [one for one in found if one in wanted]
        assert sorted(exact) == sorted(wanted), f"search for {word}: {found}, expected {wanted}"

    # --- documents -----------------------------------------------------------------------------------------------

    @precondition(lambda self: self.imports < MOST_IMPORTS)
    @rule(pick=PICK, changed=st.booleans(), killed=st.booleans())
    def import_a_document(self, pick: int, changed: bool, killed: bool) -> None:
        self.imports += 1
        documents = self.person.expected.documents
        live = [one.path for one in documents if not one.is_deleted]
        document = self.person.new_file(live[pick % len(live)] if changed and live else "")

        def add() -> None:
            self.person.window.ask("import_file", path=document.path)
            self.person.expected.import_document(document)

        if killed:
            self.person.window.tell("import_file", path=document.path)
            self.person.kill_and_restart(then=add)  # once more: it is there once
        else:
            add()

    @precondition(lambda self: self.person.expected.documents)
    @rule(pick=PICK, killed=st.booleans())
    def delete_or_restore_a_document(self, pick: int, killed: bool) -> None:
        documents = self.person.expected.documents
        document = documents[pick % len(documents)]
        name = "bring_back_document" if document.is_deleted else "remove_document"
        self.person.window.tell(name, document=document.id)
        if killed:

            def again() -> None:
                if self.person.is_document_deleted(document) == document.is_deleted:
                    self.person.window.ask(name, document=document.id)
                document.is_deleted = not document.is_deleted

            self.person.kill_and_restart(then=again)
        else:
            document.is_deleted = not document.is_deleted

    @precondition(lambda self: self.person.expected.documents)
    @rule(pick=PICK)
    def delete_a_document_for_good(self, pick: int) -> None:
        trash = [one for one in self.person.expected.documents if one.is_deleted]
        if trash:
            document = trash[pick % len(trash)]
            self.person.window.ask("purge_document", document=document.id)
            self.person.expected.documents.remove(document)

    # --- what happens to people ----------------------------------------------------------------------------------

    @precondition(lambda self: self.is_free)
    @rule()
    def send_while_the_disk_is_full(self) -> None:
        running = self.person.prepare_question(Way.WHOLE)
        with self.person.full_disk():
            self.person.window.ask("send")
            self.person.wait_for_end(running)
        assert running.answer is None, "a question was stored on a full disk"
        self.person.check()

    @precondition(lambda self: self.gated)
    @rule(pick=PICK, quits=st.booleans())
    def the_disk_is_full_at_the_end_of_an_answer(self, pick: int, quits: bool) -> None:
        running = self.gated[pick % len(self.gated)]
        with self.person.full_disk():
            self.person.open_gate(running)
            self.person.wait_for_end(running)
        if quits:
            self.person.quit_and_restart()

    @precondition(lambda self: self.person.expected.live())
    @rule(pick=PICK, what=st.sampled_from(["rename", "delete", "pin", "edit"]))
    def change_something_while_the_disk_is_full(self, pick: int, what: str) -> None:
        live = self.person.expected.live()
        conversation = live[pick % len(live)]
        if conversation in self.person.expected.running:
            return
        with self.person.full_disk():
            if what == "rename":
                self.person.window.ask("rename", conversation=conversation, title="not kept")
            elif what == "delete":
                self.person.window.ask("delete", conversation=conversation)
            elif what == "pin" and self.path:
                message = self.path[pick % len(self.path)]
                self.person.window.ask("pin", message=message.id, on=not message.pinned)
            elif what == "edit" and self.is_free and self.shown(ASSISTANT):
                self._edit_in_vain(self.shown(ASSISTANT)[0])
            self.person.window.ask("look")

    def _edit_in_vain(self, answer: ExpectedMessage) -> None:
        text = f"e{self.person.number()} in vain"
        self.person.window.ask("edit", message=answer.id, text=text)
        composer = self.person.window.ask("look")["composer"]
        assert text in composer, "what was written in the editor is lost"
        self.person.take_over_draft(composer)

    @precondition(lambda self: self.is_free)
    @rule(way=WAYS)
    def send_while_another_program_holds_the_database(self, way: Way) -> None:
        running = self.person.prepare_question(way)
        with self.person.locked_by_another():
            self.person.window.ask("send")
            self.person.window.ask("arrived", conversation="")  # the window answers all the while
        self.person.window.wait_for(
            lambda event: event["event"] in ("stored", "ended") and self.person.is_of(running, event)
        )
        self.person.hear()
        if running.answer is not None:
            self.person.wait_for_answer(running)

    @precondition(lambda self: self.gated)
    @rule(pick=PICK)
    def another_program_holds_the_database_at_the_end_of_an_answer(self, pick: int) -> None:
        running = self.gated[pick % len(self.gated)]
        with self.person.locked_by_another():
            self.person.open_gate(running)
            self.person.wait_for_end(running)

    @rule()
    def quit_and_restart(self) -> None:
        self.person.quit_and_restart()

    @rule()
    def kill_and_restart(self) -> None:
        self.person.kill_and_restart()

    @precondition(lambda self: self.is_free)
    @rule(way=WAYS, kept=st.booleans(), waits=st.booleans())
    def killed_while_sending(self, way: Way, kept: bool, waits: bool) -> None:
        running = self.person.prepare_question(way)
        if kept:
            self.person.keep_drafts()
        self.person.window.tell("send")
        if waits:
            self.person.window.wait_for(
                lambda event: event["event"] == "stored" and self.person.is_of(running, event)
            )
        self.person.kill_and_restart()

    @precondition(lambda self: self.is_free and self.shown(ASSISTANT))
    @rule(way=WAYS, continues=st.booleans())
    def killed_while_asking_again(self, way: Way, continues: bool) -> None:
        answer = self.path[-1]
        opened = self.person.open_conversation
        assert opened is not None
        assert answer.parent is not None
        if continues and answer.can_go_on:
            self.person.prepare_continuation(answer, way)
            self.person.window.tell("carry_on", message=answer.id)
        else:
            self.person.prepare_answer(opened.messages[answer.parent], way)
            self.person.window.tell("regenerate", message=answer.id)
        self.person.kill_and_restart()

    @precondition(lambda self: self.is_free and self.shown(ASSISTANT))
    @rule(pick=PICK)
    def killed_while_an_edited_answer_is_stored(self, pick: int) -> None:
        answers = self.shown(ASSISTANT)
        message = answers[pick % len(answers)]
        text = f"e{self.person.number()} killed"
        self.person.window.tell("edit", message=message.id, text=text)
        self.person.kill_and_restart(lambda seen: self._take_over_edit(message, text, seen))

    @precondition(lambda self: self.person.expected.activity)
    @rule(pick=PICK, what=st.sampled_from(["rename", "delete", "purge"]))
    def killed_while_changing_a_conversation(self, pick: int, what: str) -> None:
        expected = self.person.expected
        choice = expected.in_trash() if what == "purge" else expected.live()
        if not choice:
            return
        conversation_id = choice[pick % len(choice)]
        conversation = expected.conversations[conversation_id]
        title = f"t{self.person.number()} killed"
        if conversation_id in expected.running:
            expected.conversations[conversation_id].messages[
                expected.running[conversation_id].answer or ""
            ].statuses |= {"stopped"}
        more = {"title": title} if what == "rename" else {}
        self.person.window.tell(what, conversation=conversation_id, **more)

        def take_over(seen: SeenStore) -> None:
            stored = seen.conversations.get(conversation_id)
            if stored is None:
                assert what == "purge"
                expected.purge(conversation_id)
                return
            if what == "rename":
                assert stored.title in (conversation.title, title)
                conversation.title = stored.title
            if what == "delete":
                conversation.is_deleted = stored.is_deleted

        self.person.kill_and_restart(take_over)

    @invariant()
    def everything_is_as_it_should_be(self) -> None:
        if self.person.window.is_alive:
            self.person.check()


@pytest.fixture(scope="module")
def interpreter() -> Iterator[ReadyInterpreter]:
    ready = ReadyInterpreter()
    yield ready
    ready.close()


@pytest.mark.timeout(3_600)
def test_nothing_is_lost_and_nothing_doubled(
    interpreter: ReadyInterpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RandomActions, "interpreter", interpreter, raising=False)
    # Every wait has its own end and says what it waited for: stacks after two minutes would only be noise.
    faulthandler.cancel_dump_traceback_later()
    phases = (Phase.generate, Phase.shrink) if SHRINKS else (Phase.generate,)
    run_state_machine_as_test(
        RandomActions,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            phases=phases,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
