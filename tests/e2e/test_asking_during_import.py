"""A person asks, stops and quits while a large document is imported: the import keeps nobody waiting."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.core.documents import DocumentState
from chatbot_app.core.messages import MessageStatus
from tests.e2e.person import Launch, Person
from tests.e2e.test_documents import drop
from tests.scripted_server import ScriptedServer, sse_answer

pytestmark = pytest.mark.xdist_group("e2e")

MEGABYTES = 12  # some seconds of reading and cutting: what is asked meanwhile must not wait for them


@pytest.fixture
def large_file(tmp_path: Path) -> Path:
    path = tmp_path / "large.txt"
    with path.open("w", encoding="utf-8") as file:
        for number in range(MEGABYTES * 10_000):
            file.write(
                f"Sentence {number} tells of the harbour in the year {number % 2_000}, of nothing else.\n"
            )
    return path


def is_importing(person: Person) -> bool:
    """Whether the document is not whole yet: it neither stands among the documents nor has it failed."""
    found = person.application.services.library.documents.documents()
    return all(document.state is DocumentState.IMPORTING for document in found)


def test_question_stop_and_quit_do_not_wait_for_an_import(
    launch: Launch, scripted: ScriptedServer, large_file: Path
) -> None:
    scripted.set_answers(sse_answer(["some", " text"], ending="stall"))
    person = launch()
    drop(person, large_file)
    library = person.application.services.library
    person.qtbot.waitUntil(lambda: bool(library.documents.documents()), timeout=60_000)

    person.type_and_send("Asked meanwhile")
    person.qtbot.waitUntil(lambda: len(person.answers()) == 1, timeout=60_000)
    assert is_importing(person), "the question was stored after the import"
    person.qtbot.waitUntil(lambda: bool(scripted.chat_requests), timeout=60_000)
    person.click("stop_button")
    person.wait_until_idle()
    assert is_importing(person), "Stop waited for the import"
    conversation_id = person.application.controllers.chat.conversation_id
    person.application.shutdown()

    again = launch()
    services = again.application.services
    assert is_importing(again), "quitting waited for the import"
    assert services.library.jobs.waiting() or services.library.documents.unfinished()
    again.qtbot.waitUntil(lambda: again.application.controllers.chat.conversation_id == conversation_id)
    question, answer = again.messages()
    assert question.text == "Asked meanwhile"
    assert answer.status is MessageStatus.STOPPED
