"""Reads JSON of our own, of this and earlier versions: what it says is kept as it is, where it can be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from chatbot_app.chat.transfer.own_json import JSON_FORMAT
from chatbot_app.chat.transfer.own_pictures import read_pictures
from chatbot_app.chat.transfer.plain_values import (
    as_dict,
    as_list,
    as_moment,
    as_number,
    as_str,
    id_of,
    is_shallow,
)
from chatbot_app.chat.transfer.reading_limits import LONGEST_TITLE, MOST_MESSAGES, LeftOut
from chatbot_app.chat.transfer.trees import in_order
from chatbot_app.core.carried import CarriedConversation, CarriedFolder
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import (
    Conversation,
    Message,
    MessageStatus,
    Notice,
    Role,
    Summary,
    Timings,
    Usage,
)
from chatbot_app.core.pictures import PICTURES
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan, read_picture
from chatbot_app.core.written_text import text_as_written
from chatbot_app.storage.conversation_order import LONGEST_NAME
from chatbot_app.storage.rows import TAG_SEPARATOR

_ID = re.compile(r"(?!damaged-)[A-Za-z0-9_-]{1,64}")
_HIGHEST_ACTIVITY = 1 << 40
_MOST_TAGS = 100
_MOST_TOKENS = 1 << 40
_Counts = TypeVar("_Counts", Usage, Timings)


def is_own(value: Any) -> bool:
    """Whether a value is a conversation that this program wrote."""
    return isinstance(value, dict) and value.get("format") == JSON_FORMAT


def read_own(value: Mapping[str, Any], left_out: LeftOut) -> CarriedConversation | None:
    """Return the conversation of an object that `json_lines` wrote; None, said in `left_out`, where it is none."""
    head = as_dict(value.get("conversation"))
    stored = [item for item in as_list(value.get("messages")) if isinstance(item, dict)]
    left_out.add("Messages have no readable content.", len(as_list(value.get("messages"))) - len(stored))
    if not head and not stored:
        left_out.add("Conversations of this program are empty or damaged.")
        return None
    conversation_id = _own_id(head.get("id"), str(stored[0].get("conversation_id")) if stored else "")
    if len(stored) > MOST_MESSAGES:
        left_out.add(
            f"Messages stand behind the first {MOST_MESSAGES:,} of their conversation.",
            len(stored) - MOST_MESSAGES,
        )
        stored = stored[:MOST_MESSAGES]
    read = [_message(item, conversation_id, left_out) for item in stored]
    messages = in_order([message for message in read if message is not None], left_out)
    known = {message.id: message for message in messages}
    leaf_id = _own_id(head.get("leaf_id"), "") if head.get("leaf_id") is not None else None
    conversation = Conversation(
        id=conversation_id,
        title=" ".join(as_str(head.get("title"), LONGEST_TITLE * 10).split()),
        settings=GenerationSettings.from_dict(as_dict(head.get("settings"))),
        leaf_id=leaf_id if leaf_id in known else messages[-1].id if messages and leaf_id else None,
        title_is_automatic=head.get("title_is_automatic") is not False,
        created_at=_moment(head.get("created_at")),
        updated_at=_moment(head.get("updated_at")),
        activity=_activity(head.get("activity")),
        pinned=head.get("pinned") is True,
        archived=head.get("archived") is True,
        tags=tuple(_name(tag) for tag in as_list(head.get("tags"))[:_MOST_TAGS] if _name(tag)),
    )
    summaries = tuple(_summaries(as_list(value.get("summaries")), conversation_id, known, left_out))
    plans = {
        one: as_dict(item.get("prompt_plan"))
        for item in stored
        if "prompt_plan" in item and (one := _own_id(item.get("id"), "")) in known
    }
    prompts = as_list(value.get("prompts"))
    return CarriedConversation(
        conversation,
        messages,
        summaries,
        _folder(as_dict(value.get("folder"))),
        lambda: _plans(plans, prompts, known) if plans else (),
        read_pictures(value, lambda name: _own_id(name, ""), known, left_out),
    )


def _own_id(value: Any, otherwise: str) -> str:
    name = value if isinstance(value, str) else otherwise
    return name if _ID.fullmatch(name) else id_of("chatbot-app", name)


def _folder(stored: Mapping[str, Any]) -> CarriedFolder | None:
    name, settings = _name(stored.get("name")), as_dict(stored.get("settings"))
    if not name:
        return None
    kept = GenerationSettings.from_dict(settings) if settings else None
    return CarriedFolder(_own_id(stored.get("id"), name), name, kept)


def _name(value: Any) -> str:
    """Return the name of a folder, or a tag, as `storage.conversation_order` takes it."""
    return " ".join(as_str(value).replace(TAG_SEPARATOR, " ").split())[:LONGEST_NAME].strip()


def _message(item: dict[str, Any], conversation_id: str, left_out: LeftOut) -> Message | None:
    role, status = item.get("role"), item.get("status")
    if role not in tuple(Role) or not isinstance(item.get("id"), str):
        left_out.add("Messages say neither who wrote them nor which they are.")
        return None
    if status not in tuple(MessageStatus) or status == MessageStatus.STREAMING:
        status = MessageStatus.COMPLETE if role == Role.USER else MessageStatus.INTERRUPTED
    metadata = as_dict(item.get("metadata"))
    if not is_shallow(metadata):
        left_out.add("What is kept beside messages is nested too deeply.")
        metadata = {}
    metadata.pop(PICTURES, None)  # they are named anew where they come along
    parent = item.get("parent_id")
    settings = item.get("settings")
    return Message(
        id=_own_id(item["id"], ""),
        conversation_id=conversation_id,
        parent_id=_own_id(parent, "") if isinstance(parent, str) else None,
        sequence=0,
        role=Role(role),
        text=as_str(item.get("text")),
        status=MessageStatus(status),
        created_at=_moment(item.get("created_at")),
        reasoning=as_str(item.get("reasoning")),
        server_id=_text_or_none(item.get("server_id")),
        model=_text_or_none(item.get("model")),
        settings=GenerationSettings.from_dict(settings) if isinstance(settings, dict) else None,
        usage=_counts(Usage, item.get("usage")),
        timings=_counts(Timings, item.get("timings")),
        finish_reason=_text_or_none(item.get("finish_reason")),
        notices=tuple(_notice(one) for one in as_list(item.get("notices")) if isinstance(one, dict)),
        pinned=item.get("pinned") is True,
        excluded=item.get("excluded") is True,
        metadata=metadata,
    )


def _summaries(
    items: Iterable[Any], conversation_id: str, known: Mapping[str, Message], left_out: LeftOut
) -> Iterator[Summary]:
    for item in items:
        through = _own_id(as_dict(item).get("through_id"), "")
        if through not in known:
            left_out.add("Summaries belong to no message.")
            continue
        yield Summary(
            id=_own_id(item.get("id"), f"summary of {through}"),
            conversation_id=conversation_id,
            through_id=through,
            text=as_str(item.get("text")),
            model=as_str(item.get("model")),
            edited=item.get("edited") is True,
            pinned=item.get("pinned") is True,
            created_at=_moment(item.get("created_at")),
        )


def _plans(
    plans: Mapping[str, dict[str, Any]], prompts: list[Any], known: Mapping[str, Message]
) -> Iterator[tuple[str, PromptPlan]]:
    """Yield what can be read of what was sent: a plan that is damaged is no reason to lose the answer."""
    for message_id, stored in plans.items():
        try:
            plan = _plan(stored, prompts, known) if "kinds" in stored else PromptPlan.from_dict(stored)
            if all(map(_is_sound, plan.parts)):
                yield message_id, plan
        except (KeyError, ValueError, TypeError, IndexError, OverflowError, AttributeError):
            continue


def _plan(stored: Mapping[str, Any], prompts: list[Any], known: Mapping[str, Message]) -> PromptPlan:
    parts: list[PlanPart] = []
    for kind_number, first, count in stored["parts"]:
        if not (first >= 0 and 0 < count <= len(prompts) and first + count <= len(prompts)):
            raise ValueError("a plan names texts that are not there")
        kind = stored["kinds"][kind_number]
        if len(parts) + count > MOST_MESSAGES:
            raise ValueError("a plan has too many parts")
        parts += [_part(kind, prompts[number], known) for number in range(first, first + count)]
    head = {**stored, "parts": ()}
    for one in as_list(stored.get("pictures"))[:MOST_MESSAGES]:
        part = parts[one["part"]]
        parts[one["part"]] = replace(part, pictures=(*part.pictures, read_picture(one)))
    return replace(PromptPlan.from_dict(head), parts=tuple(parts))


def _is_sound(part: PlanPart) -> bool:
    is_named = part.message_id is None or isinstance(part.message_id, str)
    are_texts = isinstance(part.text, str) and isinstance(part.reason, str)
    return is_named and are_texts and 0 <= part.tokens <= _MOST_TOKENS


def _part(kind: Mapping[str, Any], entry: Mapping[str, Any], known: Mapping[str, Message]) -> PlanPart:
    message_id = entry.get("message_id")
    message_id = _own_id(message_id, "") if isinstance(message_id, str) else None
    text = entry.get("text")
    if text is None:
        message = known[message_id or ""]
        text = text_as_written(message.text, message.metadata)
    return PlanPart(
        PartKind(kind["kind"]),
        Role(entry["role"]),
        as_str(text),
        int(entry["tokens"]),
        kind["included"] is True,
        as_str(kind["reason"]),
        message_id,
        kind.get("over_budget") is True,
        kind.get("recalled") is True,
        kind.get("excluded") is True,
    )


def _counts(kind: type[_Counts], stored: Any) -> _Counts | None:
    if not isinstance(stored, dict):
        return None
    known = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in stored.items() if name in known and _is_count(value)})


def _is_count(value: Any) -> bool:
    return value is None or as_number(value) is not None


def _notice(item: Mapping[str, Any]) -> Notice:
    return Notice(*(as_str(item.get(name)) for name in ("kind", "summary", "next_step", "action")))


def _text_or_none(value: Any) -> str | None:
    return as_str(value) if isinstance(value, str) else None


def _moment(value: Any) -> str:
    """Return a moment as it stands there, where it is one."""
    return value if isinstance(value, str) and as_moment(value) and value == value.strip() else ""


def _activity(value: Any) -> int:
    is_one = isinstance(value, int) and not isinstance(value, bool) and 0 < value < _HIGHEST_ACTIVITY
    return value if is_one else 0
