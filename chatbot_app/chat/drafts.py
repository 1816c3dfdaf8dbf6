"""Drafts: what is left of one when its question is stored, and what is brought back after a sudden end."""

from __future__ import annotations

from collections.abc import Mapping

from chatbot_app.core.errors import ConversationGone
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.draft_file import KeptDrafts


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


def recovered_drafts(
    stored: Mapping[str, str], kept: KeptDrafts | None, store: ConversationStore
) -> dict[str, str]:
    """Return the drafts after the last end: those of the file before those of the store, without questions
    that did get stored.
    """
    drafts = {**stored, **(kept.drafts if kept is not None else {})}
    for question_id, sent in (kept.sent if kept is not None else {}).items():
        if _is_stored(store, question_id):
            drafts[sent.draft_key] = without_sent(drafts.get(sent.draft_key, ""), sent.text)
        elif sent.text.strip() not in drafts.get(sent.draft_key, ""):
            drafts[sent.draft_key] = "\n\n".join(
                text for text in (sent.text, drafts.get(sent.draft_key, "")) if text.strip()
            )
    return {key: text for key, text in drafts.items() if text.strip()}


def _is_stored(store: ConversationStore, question_id: str) -> bool:
    try:
        store.message(question_id)
    except ConversationGone:
        return False
    return True
