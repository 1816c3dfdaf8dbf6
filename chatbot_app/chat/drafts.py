"""Drafts: what is written and not sent, what is left of one when its question is stored, and what is brought back after a sudden end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from chatbot_app.core.errors import ConversationGone
from chatbot_app.core.messages import Message, Role
from chatbot_app.core.pictures import Picture, pictures_of
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.draft_file import KeptDrafts
from chatbot_app.storage.draft_pictures import DraftPicture

_LOOKED_AT = 4  # messages at the end of a conversation


def without_sent(draft: str, sent: str) -> str:
    """Return what was added to a draft after `sent` was sent from it; all of it where that was changed."""
    rest, sent = draft.lstrip(), sent.strip()
    kept = next(
        (n for n, (a, b) in enumerate(zip(rest, sent, strict=False)) if a != b), min(len(rest), len(sent))
    )
    added, tail = rest[kept:], sent[kept:]
    if tail and rest.rstrip().endswith(sent):
        added, tail = rest.rstrip().removesuffix(sent), ""
    if tail:  # what was added stands in the middle
        if not added.rstrip().endswith(tail):
            return draft
        added = added.rstrip().removesuffix(tail)
    return added.lstrip("\n") if added.strip() else ""


class Drafts:
    """What is written and not sent, and the pictures put to it, by conversation ("" for a new one)."""

    def __init__(
        self,
        texts: Mapping[str, str] | None = None,
        pictures: Mapping[str, tuple[Picture, ...]] | None = None,
    ) -> None:
        self._texts = dict(texts or {})
        self._pictures = dict(pictures or {})

    def of(self, key: str) -> str:
        """Return what is written in a conversation."""
        return self._texts.get(key, "")

    def keep(self, key: str, text: str) -> None:
        """Keep what is written now in a conversation."""
        self._texts[key] = text

    def pictures_of(self, key: str) -> tuple[Picture, ...]:
        """Return the pictures that were put to what is written in a conversation."""
        return self._pictures.get(key, ())

    def keep_pictures(self, key: str, pictures: Iterable[Picture]) -> None:
        """Keep the pictures that are put now to what is written in a conversation."""
        self._pictures[key] = tuple(pictures)

    def all_pictures(self) -> dict[str, tuple[Picture, ...]]:
        """Return the pictures that must not be lost."""
        return {key: pictures for key, pictures in self._pictures.items() if pictures}

    def forget(self, key: str) -> None:
        """Drop what was written in a conversation."""
        self._texts.pop(key, None)
        self._pictures.pop(key, None)

    def take_out(self, key: str, sent: str, pictures: Sequence[Picture] = ()) -> None:
        """Take a question that is stored out of the draft that held it."""
        self._texts[key] = without_sent(self.of(key), sent)
        self._pictures[key] = without_pictures(self.pictures_of(key), pictures)

    def give_back(self, key: str, text: str, pictures: Sequence[Picture] = ()) -> None:
        """Put a question that was not stored before what is written, unless it stands there still."""
        if text.strip() not in self.of(key):
            self._texts[key] = joined(text, self.of(key))
        self._pictures[key] = with_pictures(self.pictures_of(key), pictures)

    def all(self, on_the_way: Iterable[tuple[str, str]] = ()) -> dict[str, str]:
        """Return what must not be lost; `on_the_way` are questions, by conversation, that no draft holds."""
        texts = dict(self._texts)
        for key, question in on_the_way:
            texts[key] = joined(question, texts.get(key, ""))
        return {key: text for key, text in texts.items() if text.strip()}


def without_pictures(kept: Sequence[Picture], sent: Sequence[Picture]) -> tuple[Picture, ...]:
    """Return the pictures of a draft that were not sent."""
    gone = {one.id for one in sent}
    return tuple(one for one in kept if one.id not in gone)


def with_pictures(kept: Sequence[Picture], back: Sequence[Picture]) -> tuple[Picture, ...]:
    """Return the pictures of a draft behind those that come back to it, each once."""
    return (*back, *without_pictures(kept, back))


def recovered_pictures(
    kept: Sequence[DraftPicture], store: ConversationStore
) -> dict[str, tuple[Picture, ...]]:
    """Return the pictures of drafts after the last end, without those whose question did get stored."""
    found: dict[str, tuple[Picture, ...]] = {}
    for one in kept:
        if not (one.question_id and _is_stored(store, one.question_id)):
            found[one.draft_key] = (*found.get(one.draft_key, ()), one.picture)
    return {key: pictures for key, pictures in found.items() if not _were_asked_last(store, key, pictures)}


def _were_asked_last(store: ConversationStore, key: str, pictures: Sequence[Picture]) -> bool:
    """Whether the last question of a conversation has these very pictures."""
    last = _last_question(store, key)
    if last is None or len(pictures_of(last.metadata)) != len(pictures):
        return False
    return all(store.pictures.picture(last.id, n) == one.data for n, one in enumerate(pictures))


def joined(*texts: str) -> str:
    """Return texts below each other; those without a word are left out."""
    return "\n\n".join(text for text in texts if text.strip())


def recovered_drafts(
    stored: Mapping[str, str], kept: KeptDrafts | None, store: ConversationStore
) -> dict[str, str]:
    """Return the drafts after the last end: those of the file before those of the store, without questions
    that did get stored.

    A kill may come after a question was stored and before its draft was taken out: a draft that is word for word the
    last question of its conversation is that question, and nothing is lost with it.
    """
    drafts = {**stored, **(kept.drafts if kept is not None else {})}
    for question_id, sent in (kept.sent if kept is not None else {}).items():
        if _is_stored(store, question_id):
            drafts[sent.draft_key] = without_sent(drafts.get(sent.draft_key, ""), sent.text)
        elif sent.text.strip() not in drafts.get(sent.draft_key, ""):
            drafts[sent.draft_key] = joined(sent.text, drafts.get(sent.draft_key, ""))
    return {
        key: text for key, text in drafts.items() if text.strip() and text.strip() != _asked_last(store, key)
    }


def _asked_last(store: ConversationStore, key: str) -> str:
    last = _last_question(store, key)
    return last.text.strip() if last is not None else ""


def _last_question(store: ConversationStore, key: str) -> Message | None:
    """Return the last question of a conversation, "" meaning the newest one: a new one was begun with its draft."""
    newest = [] if key else store.list_conversations(limit=1)
    conversation_id = key or next((conversation.id for conversation in newest), "")
    try:
        shown = store.path(conversation_id, limit=_LOOKED_AT)
    except ConversationGone:
        return None
    return next((message for message in reversed(shown) if message.role is Role.USER), None)


def _is_stored(store: ConversationStore, question_id: str) -> bool:
    try:
        store.message(question_id)
    except ConversationGone:
        return False
    return True
