"""Conversations as JSON of our own: complete, and read again without loss.

A file holds one conversation as an object, or several as an array of such objects. What was sent for an answer
names messages by number instead of repeating them: "prompts" of the conversation lists each once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from chatbot_app.chat.transfer.own_pictures import picture_lines
from chatbot_app.core.messages import Message, Role
from chatbot_app.core.pictures import PICTURES
from chatbot_app.core.prompt_plan import PlanPart, PromptPlan
from chatbot_app.core.text import clean_text
from chatbot_app.core.written_text import text_as_written
from chatbot_app.storage.conversation_order import ConversationOrder, Folder
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.summaries import SummaryStore

JSON_FORMAT = "chatbot-app conversation"
JSON_VERSION = 2  # 1 repeated in each plan all that was sent, and had no summaries

# A part of a plan: kind, number of its first text, how many follow one another.
PlanRun = list[int]


@dataclass(slots=True)
class SentTexts:
    """The texts of all plans of a conversation, each once; those of messages by the message's id alone."""

    written: dict[str, str] = field(default_factory=dict)  # by message id, of the messages so far
    numbers: dict[tuple[str | None, str, int, str], int] = field(default_factory=dict)
    entries: list[dict[str, Any]] = field(default_factory=list)

    def number_of(self, part: PlanPart) -> int:
        """Return the number of what a part says, entered where it is new."""
        key = (part.message_id, part.role.value, part.tokens, part.text)
        number = self.numbers.get(key)
        if number is None:
            number = self.numbers[key] = len(self.entries)
            is_message = part.message_id is not None and self.written.get(part.message_id) == part.text
            text = {} if is_message else {"text": part.text}
            self.entries.append(
                {"message_id": part.message_id, "role": part.role.value, "tokens": part.tokens, **text}
            )
        return number


def drawn_nowhere(_tex: str, _display: bool) -> str:
    """Draw no formula: its source stands there."""
    return ""


@dataclass(frozen=True, slots=True)
class BesideConversations:
    """What belongs to conversations and lies beside them; made once for an export. `draw` draws formulas as SVG."""

    summaries: SummaryStore
    folders: Mapping[str, Folder]
    draw: Callable[[str, bool], str] = drawn_nowhere

    @classmethod
    def of(
        cls,
        summaries: SummaryStore,
        order: ConversationOrder,
        draw: Callable[[str, bool], str] = drawn_nowhere,
    ) -> BesideConversations:
        """Return what is there now."""
        return cls(summaries, {folder.id: folder for folder in order.folders()}, draw)


def json_lines(
    store: ConversationStore, conversation_id: str, beside: BesideConversations | None = None
) -> Iterator[str]:
    """Yield the whole tree with settings, usage and what was sent, as one JSON document, a message a line.

    Raises ConversationGone.
    """
    conversation = store.conversation(conversation_id)
    yield "{\n"
    yield f'"format": {_json(JSON_FORMAT)},\n"version": {JSON_VERSION},\n'
    yield f'"conversation": {_json(asdict(conversation))},\n'
    folder = beside.folders.get(conversation.folder_id or "") if beside is not None else None
    if folder is not None:
        settings = asdict(folder.settings) if folder.settings is not None else None
        yield f'"folder": {_json({"id": folder.id, "name": folder.name, "settings": settings})},\n'
    yield '"messages": ['
    separator = "\n"
    sent = SentTexts()
    with_pictures: list[Message] = []
    for message in store.tree(conversation_id):
        sent.written[message.id] = text_as_written(message.text, message.metadata)
        if PICTURES in message.metadata:
            with_pictures.append(message)
        plan = store.plan(message.id) if message.role is Role.ASSISTANT else None
        kept = {"prompt_plan": _plan_as_json(plan, sent)} if plan is not None else {}
        yield f"{separator}{_json({**_message_as_json(message), **kept})}"
        separator = ",\n"
    yield '\n],\n"prompts": ['
    separator = "\n"
    for entry in sent.entries:
        yield f"{separator}{_json(entry)}"
        separator = ",\n"
    kept_summaries = beside.summaries.all(conversation_id) if beside is not None else []
    yield f'\n],\n"summaries": {_json([asdict(summary) for summary in kept_summaries])}'
    yield from picture_lines(store, with_pictures)
    yield "\n}\n"


def _message_as_json(message: Message) -> dict[str, Any]:
    return asdict(message)


def _plan_as_json(plan: PromptPlan, sent: SentTexts) -> dict[str, Any]:
    kinds: dict[tuple[str, bool, str, bool, bool, bool], int] = {}
    parts: list[PlanRun] = []
    for part in plan.parts:
        described = (
            part.kind.value,
            part.included,
            part.reason,
            part.over_budget,
            part.recalled,
            part.excluded,
        )
        kind = kinds.setdefault(described, len(kinds))
        number = sent.number_of(part)
        if parts and parts[-1][0] == kind and sum(parts[-1][1:]) == number:
            parts[-1][2] += 1
        else:
            parts.append([kind, number, 1])
    pictures = [
        {"part": place, **asdict(one)} for place, part in enumerate(plan.parts) for one in part.pictures
    ]
    names = ("kind", "included", "reason", "over_budget", "recalled", "excluded")
    return {
        "window": plan.window,
        "window_source": plan.window_source,
        "reply_reserve": plan.reply_reserve,
        "overhead_tokens": plan.overhead_tokens,
        "tokens": plan.tokens,
        "exact": plan.exact,
        "kinds": [dict(zip(names, kind, strict=True)) for kind in kinds],
        "parts": parts,
        **({"pictures": pictures} if pictures else {}),
    }


def _json(value: Any) -> str:
    return clean_text(json.dumps(value, ensure_ascii=False))
