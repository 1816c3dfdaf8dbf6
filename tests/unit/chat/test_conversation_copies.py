"""A copy has everything of its original and nothing in common with it; what was temporary is kept whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chatbot_app.chat.services import Services, create_services
from chatbot_app.core.feedback import FEEDBACK
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.message_forest import BRANCH_NAME
from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.core.temporary import is_temporary
from chatbot_app.storage.branch_names import name_branch
from chatbot_app.storage.purging import Kind

SETTINGS = GenerationSettings(system_prompt="Be brief", temperature=0.25)


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    services = create_services(tmp_path / "data")
    yield services
    services.close()


def ask(
    services: Services, conversation_id: str, parent: Message | None, question: str, answer: str
) -> Message:
    store = services.conversations
    above = store.path(conversation_id, parent.id) if parent is not None else []
    asked, begun = store.begin_exchange(conversation_id, parent.id if parent else None, question)
    parts = [PlanPart(PartKind.SYSTEM, Role.SYSTEM, "Be brief", 2, True, "always")]
    parts += [
        PlanPart(PartKind.HISTORY, message.role, message.text, 2, True, "fits", message.id)
        for message in above
    ]
    parts.append(PlanPart(PartKind.QUESTION, Role.USER, question, 2, True, "asked", asked.id))
    store.save_plan(begun.id, PromptPlan(tuple(parts), 4096, 512))
    return store.finish_message(
        begun.id,
        status=MessageStatus.COMPLETE,
        text=answer,
        finish_reason="stop",
        metadata={"sources": [{"document_id": "d", "text": "a passage"}]},
    )


def fill(services: Services, conversation_id: str) -> None:
    """Three exchanges, an edited answer, a named branch, a vote, a summary."""
    store = services.conversations
    store.set_settings(conversation_id, SETTINGS)
    first = ask(services, conversation_id, None, "Where do walruses live?", "In the Arctic.")
    second = ask(services, conversation_id, first, "And quokkas?", "On Rottnest Island.")
    edited = store.add_edited_answer(second.id, "On Rottnest.")
    ask(services, conversation_id, edited, "Thank you", "You are welcome.")
    name_branch(services.database, edited.id, "mended")
    services.keep_with_answer(first.id, first.text, FEEDBACK, {"rating": "up", "note": "true"})
    services.summaries.save(conversation_id, first.id, "Walruses: Arctic.")
    store.set_pinned(first.id, True)


def shape(services: Services, conversation_id: str) -> list[Any]:
    """Return everything of a conversation, its messages named by their places."""
    store = services.conversations
    messages = list(store.tree(conversation_id))
    places = {message.id: str(place) for place, message in enumerate(messages)}

    def named(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: named(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [named(inner) for inner in value]
        return places.get(value, value) if isinstance(value, str) else value

    conversation = store.conversation(conversation_id)
    plans = [store.plan(message.id) for message in messages]
    return [
        named(conversation.leaf_id),
        conversation.settings,
        conversation.tags,
        conversation.folder_id,
        [
            replace(
                message,
                id=named(message.id),
                parent_id=named(message.parent_id),
                conversation_id="",
                sequence=0,
                metadata=named(message.metadata),
            )
            for message in messages
        ],
        [
            None
            if plan is None
            else [replace(part, message_id=named(part.message_id)) for part in plan.parts]
            for plan in plans
        ],
        [(one.text, named(one.through_id)) for one in services.summaries.all(conversation_id)],
    ]


def test_a_copy_has_everything_and_a_name_of_its_own(services: Services) -> None:
    store, order = services.conversations, services.conversation_order
    original = store.create_conversation()
    fill(services, original.id)
    order.move([original.id], order.add_folder("Animals").id)
    order.tag([original.id], add=["sea"])
    store.create_conversation()  # used later than the original
    [copy] = services.copier.duplicate([original.id], lambda title: f"{title} (copy)")
    assert copy.title == "Where do walruses live? (copy)"
    assert shape(services, copy.id) == shape(services, original.id)
    assert copy.tags == ("sea",)
    assert store.list_conversations()[0].id == copy.id  # at the top, as what was made last
    names = [message.metadata.get(BRANCH_NAME) for message in store.tree(copy.id)]
    assert "mended" in names
    ids = [{message.id for message in store.tree(one)} for one in (original.id, copy.id)]
    assert not ids[0] & ids[1]


@pytest.mark.parametrize("gone", [0, 1])
def test_either_is_whole_when_the_other_was_purged(services: Services, gone: int) -> None:
    store = services.conversations
    original = store.create_conversation()
    fill(services, original.id)
    expected = shape(services, original.id)
    [copy] = services.copier.duplicate([original.id], str.upper)
    names = [original.id, copy.id]
    store.delete(names[gone])
    assert services.trash.purge(Kind.CONVERSATION, [names[gone]])
    assert services.trash.scrub().done
    assert shape(services, names[1 - gone]) == expected
    assert services.database.integrity_check() == []
    again = store.begin_answer(names[1 - gone], next(store.tree(names[1 - gone])).id)  # and it goes on
    assert store.message(again.id).conversation_id == names[1 - gone]


def test_several_keep_their_order_and_what_is_gone_is_left_out(services: Services) -> None:
    store = services.conversations
    names = [store.create_conversation().id for _ in range(3)]
    for name in names:
        store.rename(name, name)
    store.delete(names[1])
    copies = services.copier.duplicate(names, lambda title: f"{title} (copy)")
    assert [copy.title for copy in copies] == [f"{names[0]} (copy)", f"{names[2]} (copy)"]
    assert [one.id for one in store.list_conversations()][:2] == [copy.id for copy in copies]


def test_an_answer_that_is_being_written_is_copied_as_far_as_it_is(services: Services) -> None:
    store = services.conversations
    original = store.create_conversation()
    _question, answer = store.begin_exchange(original.id, None, "Where?")
    store.save_partial(answer.id, "In the")
    [copy] = services.copier.duplicate([original.id], str)
    copied = store.path(copy.id)[-1]
    assert (copied.text, copied.status) == ("In the", MessageStatus.INTERRUPTED)
    assert store.message(answer.id).status is MessageStatus.STREAMING


def test_a_temporary_one_that_is_kept_is_whole(services: Services) -> None:
    store = services.conversations
    temporary = services.temporary.begin()
    fill(services, temporary.id)
    expected = shape(services, temporary.id)
    kept = services.copier.keep(temporary.id)
    services.temporary.close(temporary.id)
    assert shape(services, kept.id) == expected
    assert not any(is_temporary(message.id) for message in store.tree(kept.id))
    assert [one.id for one in store.list_conversations()] == [kept.id]
    assert {hit.conversation_id for hit in store.search("quokkas")} == {kept.id}
    assert not is_temporary(services.summaries.all(kept.id)[0].id)


def test_an_exported_temporary_one_comes_in_as_one_that_lasts(services: Services, tmp_path: Path) -> None:
    from chatbot_app.chat.transfer.export_files import write_conversations
    from chatbot_app.chat.transfer.importing import ImportSummary, import_conversations
    from chatbot_app.chat.transfer.own_json import BesideConversations
    from chatbot_app.chat.transfer.reading import ConversationReader
    from chatbot_app.storage.conversation_merging import ConversationMerger
    from chatbot_app.storage.database import utc_now

    temporary = services.temporary.begin()
    fill(services, temporary.id)
    beside = BesideConversations.of(services.summaries, services.conversation_order)
    file = tmp_path / "exported.json"
    for _ in write_conversations(services.conversations, beside, [temporary.id], file):
        pass
    merger, summary = ConversationMerger(services.database, now=utc_now), ImportSummary()
    [arrived] = import_conversations(ConversationReader([file]), merger, summary)
    assert not is_temporary(arrived.conversation_id)
    assert shape(services, arrived.conversation_id) == shape(services, temporary.id)
