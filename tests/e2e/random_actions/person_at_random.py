"""The hands: each action in the window together with what the model expects of it, and the comparison of both."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from chatbot_app.application import create_services
from chatbot_app.core.paths import DataPaths
from chatbot_app.core.servers import Server
from tests.e2e.random_actions.expected_store import (
    USER,
    ExpectedConversation,
    ExpectedDocument,
    ExpectedMessage,
    ExpectedStore,
    Running,
)
from tests.e2e.random_actions.scripted_answers import Plan, PlannedServer, Way
from tests.e2e.random_actions.seen_store import SeenStore, found_passages, see, see_dead
from tests.e2e.random_actions.window_process import Event, WindowProcess
from tests.e2e.ready_interpreter import ReadyInterpreter

LOOKS = 600  # at what is stored, until it is as it should be
BETWEEN_LOOKS_SECONDS = 0.05
DRAFTS = "ui.drafts"


class PersonAtRandom:
    """A person with a window, a server, another program, a power switch, and a memory of what was done."""

    def __init__(self, folder: Path, interpreter: ReadyInterpreter) -> None:
        self.folder = folder
        self._interpreter = interpreter
        self.data_dir = folder / "data"
        self.database = DataPaths(self.data_dir).database
        self.expected = ExpectedStore()
        self.planned = PlannedServer()
        self._numbers = iter(range(1, 1_000_000))
        self._pause = threading.Event()  # never set: between two looks
        self._draft_history: dict[str, set[str]] = {}  # values of each draft since they were kept for certain
        services = create_services(self.data_dir)
        services.servers.add(
            Server("scripted", "Scripted", self.planned.server.base_url, default_model="scripted")
        )
        services.servers.set_default("scripted")
        services.settings.set("chat.automatic_titles", False)
        services.close()
        self.log = folder / "stderr.txt"
        self.window = WindowProcess(self._interpreter, self.data_dir, self.log)

    def close(self) -> None:
        """End everything, however it went."""
        if self.window.is_alive:
            self.window.kill()
        self.planned.close()

    def number(self) -> int:
        """Return a number that was never used."""
        return next(self._numbers)

    # --- asking ------------------------------------------------------------------------------------------------

    @property
    def open_conversation(self) -> ExpectedConversation | None:
        """The open conversation as it should be."""
        return None if self.expected.open is None else self.expected.conversations[self.expected.open]

    def new_plan(self, way: Way) -> Plan:
        """Return an answer whose every word stands nowhere else."""
        number = self.number()
        words = [f"a{number}w{place} " for place in range(8)]
        return Plan(way, "".join(words[:4]), "".join(words[4:]))

    def write(self, text: str) -> str:
        """Type into the composer; return what it holds then."""
        key = self.expected.open or ""
        before = self.expected.drafts.get(key, "")
        written = self.window.ask("write", text=(" " if before else "") + text)
        assert written == f"{before} {text}".strip(), "what was typed does not stand in the composer"
        self._set_draft(key, written)
        return str(written)

    def prepare_question(self, way: Way) -> Running:
        """Write a question and plan its answer."""
        question = self.write(f"q{self.number()} {way}")
        conversation = self.open_conversation
        return self.begin(
            Running(
                conversation.id if conversation else "",
                self.planned.plan(question, self.new_plan(way)),
                question,
                parent=conversation.leaf if conversation else None,
                draft_key=self.expected.open or "",
            )
        )

    def prepare_edit(self, message: ExpectedMessage, way: Way) -> tuple[Running, str]:
        conversation = self.open_conversation
        assert conversation is not None
        text = f"q{self.number()} edited {way}"
        plan = self.planned.plan(text, self.new_plan(way))
        return self.begin(Running(conversation.id, plan, text, parent=message.parent)), text

    def prepare_answer(self, question: ExpectedMessage, way: Way) -> Running:
        conversation = self.open_conversation
        assert conversation is not None
        plan = self.planned.plan(question.text, self.new_plan(way))
        return self.begin(Running(conversation.id, plan, question.text, question_id=question.id))

    def prepare_continuation(self, answer: ExpectedMessage, way: Way) -> Running:
        conversation = self.open_conversation
        assert conversation is not None
        assert answer.parent is not None
        question = conversation.messages[answer.parent]
        plan = self.planned.plan(question.text, self.new_plan(way))
        return self.begin(
            Running(
                conversation.id,
                plan,
                question.text,
                question_id=question.id,
                continued=answer.id,
                base=answer.text,
            )
        )

    def begin(self, running: Running) -> Running:
        self.expected.running[running.conversation] = running
        return running

    def wait_for_answer(self, running: Running) -> None:
        """Wait until an answer has ended, or has come to its gate."""
        if running.plan.is_gated:
            if running.answer is None:
                self.window.wait_for(lambda event: self.is_of(running, event) and event["event"] == "stored")
                self.hear()
            wanted = running.base + running.plan.first
            self.until(
                lambda: self.window.ask("arrived", conversation=running.conversation) == wanted, "it arrived"
            )
            # From the next comparison on it is stored as well: a silent server keeps nothing from being saved.
            answer = self.expected.conversations[running.conversation].messages[running.answer or ""]
            answer.text = wanted
        else:
            self.wait_for_end(running)

    def wait_for_end(self, running: Running) -> None:
        """Wait until an exchange is over, also where it was never stored."""
        if running in self.expected.running.values():  # else it was heard already
            self.window.wait_for(lambda event: self.is_of(running, event) and event["event"] == "ended")
            self.hear()

    def open_gate(self, running: Running) -> None:
        """Let the rest of an answer come."""
        running.plan.gate.set()

    def expect_stop(self, running: Running) -> None:
        """Expect that an answer ends where its gate is."""
        self._expect_ending(running, "stopped")

    def _expect_ending(self, running: Running, status: str) -> None:
        if running.answer is not None:
            answer = self.expected.conversations[running.conversation].messages[running.answer]
            answer.text = answer.whole = running.base + running.plan.first
            answer.statuses = frozenset({"streaming", status})

    def is_of(self, running: Running, event: Event) -> bool:
        is_new = running.conversation == "" and event.get("conversation") not in self.expected.conversations
        return is_new or event.get("conversation") == running.conversation

    # --- what the window says ----------------------------------------------------------------------------------

    def hear(self) -> list[Event]:
        """Take over what the window said since the last time."""
        events = self.window.take_events()
        for event in events:
            match event["event"]:
                case "stored":
                    self._hear_stored(event)
                case "finished":
                    self._hear_finished(event)
                case "ended":
                    self._hear_ended(event)
        return events

    def _running_of(self, conversation_id: str) -> Running | None:
        running = self.expected.running.get(conversation_id)
        if running is None and conversation_id not in self.expected.conversations:
            running = self.expected.running.get("")
        return running

    def _hear_stored(self, event: Event) -> None:
        running = self._running_of(event["conversation"])
        assert running is not None, f"an exchange that nobody asked for: {event}"
        assert event["text"] == running.question
        self.take_up(running, event["conversation"], event["question"], event["answer"])

    def take_up(self, running: Running, conversation_id: str, question_id: str, answer_id: str) -> None:
        """Expect an exchange in the store from here on."""
        self.expected.running.pop(running.conversation)
        running.conversation = conversation_id
        self.expected.running[conversation_id] = running
        if running.question_id is None:
            self.expected.store_question(running, conversation_id, question_id)
            if running.draft_key is not None:
                self._draft_history[running.draft_key] = {""}
        else:
            assert question_id == running.question_id
        assert running.continued in (None, answer_id)
        self.expected.store_answer(running, conversation_id, question_id, answer_id)

    def _hear_finished(self, event: Event) -> None:
        answer = next(
            conversation.messages[event["answer"]]
            for conversation in self.expected.conversations.values()
            if event["answer"] in conversation.messages
        )
        assert event["status"] in answer.statuses - {"streaming"}, (event, answer)
        whole = answer.whole
        assert event["text"] == whole, (event, answer)
        answer.settle(event["text"], event["status"])

    def _hear_ended(self, event: Event) -> None:
        running = self._running_of(event["conversation"])
        if running is None:
            return
        self.expected.running.pop(running.conversation)
        running.plan.gate.set()  # nobody listens any more
        if running.answer is None:  # nothing was stored
            self.planned.forget(running.question)
            if running.draft_key is None and running.question_id is None:
                self._take_back_edit(running)

    def _take_back_edit(self, running: Running) -> None:
        composer = self.window.ask("look")["composer"]
        assert running.question in composer, "what was written in the editor is lost"
        self.take_over_draft(composer)

    # --- drafts --------------------------------------------------------------------------------------------------

    def _set_draft(self, key: str, text: str) -> None:
        self._draft_history.setdefault(key, {self.expected.drafts.get(key, "")}).add(text)
        self.expected.drafts[key] = text

    def take_over_draft(self, text: str) -> None:
        """Expect this in the composer from here on."""
        self._set_draft(self.expected.open or "", text)

    def erase(self) -> None:
        self.window.ask("erase")
        self._set_draft(self.expected.open or "", "")

    def keep_drafts(self) -> None:
        """Let the moment pass at which drafts are kept."""
        self.window.ask("keep_drafts")
        wanted = self._drafts()
        self.until(lambda: self._stored_drafts(see(self.database)) == wanted, "the drafts are stored")
        self._draft_history = {key: {text} for key, text in wanted.items()}

    def _drafts(self) -> dict[str, str]:
        return {key: text for key, text in self.expected.drafts.items() if text.strip()}

    @staticmethod
    def _stored_drafts(seen: SeenStore) -> dict[str, str]:
        stored = json.loads(seen.settings.get(DRAFTS, '""')) or "{}"
        return dict(json.loads(stored) if isinstance(stored, str) else stored)

    # --- the end and the next beginning ------------------------------------------------------------------------

    def quit_and_restart(self) -> None:
        """Close the window, look at what it left, and open another."""
        for running in self.expected.running.values():
            self._expect_ending(running, "interrupted")
        self.window.quit()
        self._let_the_server_go()
        self.hear()
        self.expected.running.clear()
        seen = self._examine()
        assert seen.open_conversation == (self.expected.open or "")
        assert self._stored_drafts(seen) == self._drafts()
        for conversation in self.expected.conversations.values():
            for message in conversation.messages.values():
                message.statuses -= {"streaming"}  # an end that was asked for leaves none
        assert self.expected.differences(seen) == []
        self._restart()
        self.check()

    def kill_and_restart(
        self,
        reconcile: Callable[[SeenStore], None] = lambda _: None,
        then: Callable[[], None] = lambda: None,
    ) -> None:
        """Cut the power, look at what is left, and open another window.

        `reconcile` takes over what an action under way has done, which the window had not told of; `then` is
        done in the new window before it is compared.
        """
        self.window.kill()
        self._let_the_server_go()
        self.hear()
        seen = self._examine()
        self._reconcile_exchanges(seen)
        reconcile(seen)
        differences = self.expected.differences(seen)
        assert [one for one in differences if "documents" not in one] == []
        self._settle_what_streamed(seen)
        self.expected.running.clear()
        self._restart()
        look = self.window.ask("look")
        assert look["conversation"] is None or look["conversation"] in self.expected.live()
        self.expected.open = look["conversation"]
        self._reconcile_drafts(look["drafts"])
        then()
        self.check()

    def _let_the_server_go(self) -> None:
        for running in self.expected.running.values():
            running.plan.gate.set()
        self.planned.forget_all()

    def _restart(self) -> None:
        self.window = WindowProcess(self._interpreter, self.data_dir, self.log)

    def _examine(self) -> SeenStore:
        seen, problems = see_dead(self.database, self.folder / "copy")
        assert problems == []
        return seen

    def _reconcile_exchanges(self, seen: SeenStore) -> None:
        for running in list(self.expected.running.values()):
            if running.answer is not None:
                continue
            known = {
                one for conversation in self.expected.conversations.values() for one in conversation.messages
            }
            new = [
                (conversation_id, message)
                for conversation_id, conversation in seen.conversations.items()
                for message in conversation.messages
                if message.id not in known
            ]
            if running.continued is not None:
                self._reconcile_continuation(running, seen)
            elif new and new[0][1].role == USER:
                (_, question), (conversation_id, answer) = new
                assert question.text == running.question
                self.take_up(running, conversation_id, question.id, answer.id)
            elif new:
                [(conversation_id, answer)] = new
                assert running.question_id is not None
                self.take_up(running, conversation_id, running.question_id, answer.id)

    def _reconcile_continuation(self, running: Running, seen: SeenStore) -> None:
        assert running.continued is not None
        assert running.question_id is not None
        stored = next(
            one for one in seen.conversations[running.conversation].messages if one.id == running.continued
        )
        expected = self.expected.conversations[running.conversation].messages[running.continued]
        is_first = self.expected.activity[0] == running.conversation
        began = stored.status == "streaming" or stored.text != expected.text
        if began or (is_first and stored.status not in expected.statuses):
            self.take_up(running, running.conversation, running.question_id, running.continued)
        elif next(iter(seen.conversations)) == running.conversation:
            self.expected.touch(running.conversation)

    def _settle_what_streamed(self, seen: SeenStore) -> None:
        for conversation_id, conversation in seen.conversations.items():
            for message in conversation.messages:
                expected = self.expected.conversations[conversation_id].messages[message.id]
                status = "interrupted" if message.status == "streaming" else message.status
                expected.settle(message.text, status)

    def _reconcile_drafts(self, drafts: dict[str, str]) -> None:
        for key in {*drafts, *self.expected.drafts, *self._draft_history}:
            found = drafts.get(key, "")
            allowed = self._draft_history.get(key, set()) | {self.expected.drafts.get(key, "")}
            assert found in allowed, f"draft {key!r}: {found!r}, expected one of {allowed}"
        self.expected.drafts = dict(drafts)
        self._draft_history = {key: {text, ""} for key, text in drafts.items()}

    # --- other programs, a full disk ---------------------------------------------------------------------------

    @contextmanager
    def locked_by_another(self) -> Iterator[None]:
        """Let another program hold the database for a moment."""
        with closing(sqlite3.connect(self.database, isolation_level=None, timeout=30)) as stranger:
            stranger.execute("BEGIN IMMEDIATE")
            yield
            stranger.execute("ROLLBACK")

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """Let every write fail for a moment."""
        self.window.ask("fill_disk", full=True)
        yield
        self.window.ask("fill_disk", full=False)

    # --- documents -----------------------------------------------------------------------------------------------

    def new_file(self, path: str = "") -> ExpectedDocument:
        """Write a file, or another version of one, with a word that stands nowhere else."""
        number = self.number()
        path = path or str(self.folder / f"file{number}.txt")
        Path(path).write_text(f"The word of this file is zq{number}word, and it stands in no other file.")
        return ExpectedDocument(path, f"zq{number}word")

    def is_document_deleted(self, document: ExpectedDocument) -> bool:
        """Return what is stored of it."""
        return next(one.is_deleted for one in see(self.database).documents if one.id == document.id)

    def _index_differences(self) -> list[str]:
        found = found_passages(self.database, [one.word for one in self.expected.documents])
        wanted = {one.word: 0 if one.is_deleted else 1 for one in self.expected.documents}
        counted = {word: len(rows) for word, rows in found.items()}
        return [] if counted == wanted else [f"words of documents found {counted}, expected {wanted}"]

    # --- the comparison ------------------------------------------------------------------------------------------

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Look until it is so."""
        for _ in range(LOOKS):
            if condition():
                return
            self._pause.wait(BETWEEN_LOOKS_SECONDS)
        raise AssertionError(f"waited in vain until {what}")

    def check(self) -> None:
        """Compare store, window and model; what is being saved is given its time."""
        differences: list[str] = []
        for _ in range(LOOKS):
            self.hear()
            seen = see(self.database)
            differences = self.expected.differences(seen) or self._index_differences()
            if not differences:
                look = self.window.ask("look")
                differences = self._look_differences(look)
            if not differences:
                self._raise_floors(seen)
                return
            self._pause.wait(BETWEEN_LOOKS_SECONDS)
        raise AssertionError("\n".join(differences))

    def _raise_floors(self, seen: SeenStore) -> None:
        """What was stored once is never less afterwards."""
        for conversation_id, conversation in seen.conversations.items():
            for message in conversation.messages:
                self.expected.conversations[conversation_id].messages[message.id].text = message.text
        for expected, document in zip(self.expected.documents, seen.documents, strict=True):
            expected.id = document.id

    def _look_differences(self, look: dict[str, Any]) -> list[str]:
        expected = self.expected
        opened = self.open_conversation
        path = opened.path() if opened is not None else []
        running = None if opened is None else expected.running.get(opened.id)
        trash = len(expected.in_trash())
        drafts = self._drafts()
        pairs = {
            "open": (look["conversation"], expected.open),
            "list": (look["listed"], expected.live()),
            "trash": (look["trash"], f"Trash ({trash})" if trash else "Trash"),
            "shown": (look["shown"], [one.id for one in path]),
            "drafts": (look["drafts"], drafts),
            "composer": (look["composer"], drafts.get(expected.open or "", "")),
        }
        for one in path:
            is_under_way = running is not None and one.id == running.answer
            wanted = running.base + running.plan.first if is_under_way and running else one.text
            pairs[f"text of {one.id}"] = (look["texts"].get(one.id, "").strip(), wanted.strip())
        if opened is not None:
            pairs["temperature"] = (look["temperature"], opened.temperature)
        return [
            f"window, {name}: {is_}, expected {wanted}"
            for name, (is_, wanted) in pairs.items()
            if is_ != wanted
        ]
