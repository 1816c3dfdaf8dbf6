"""A conversation as Markdown: the branch that is shown, with its sources."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatbot_app.core.citations import citations_of
from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.storage.conversations import ConversationStore

SAID = {
    MessageStatus.STREAMING: "still being written",
    MessageStatus.STOPPED: "stopped",
    MessageStatus.FAILED: "failed",
    MessageStatus.INTERRUPTED: "interrupted",
}


def markdown_lines(store: ConversationStore, conversation_id: str) -> Iterator[str]:
    """Yield the branch that is shown, as Markdown, each line with its end. Raises ConversationGone."""
    conversation = store.conversation(conversation_id)
    yield f"# {literal(conversation.title) or 'Conversation'}\n"
    for message in store.path(conversation_id):
        yield f"\n## {heading(message)}\n\n"
        yield message.text.rstrip() + "\n"
        if message.status in SAID:
            notice = message.notices[-1].summary if message.notices else ""
            yield f"\n*({' '.join(f'{SAID[message.status]}. {literal(notice)}'.split())})*\n"
        yield from _source_lines(message)


def heading(message: Message) -> str:
    """Return what stands above a message: whose it is, and of an answer which model wrote it."""
    if message.role is Role.USER:
        return "Question"
    return f"Answer ({literal(message.model)})" if message.model else "Answer"


def _source_lines(message: Message) -> Iterator[str]:
    """Yield what the markers of an answer name, each source once."""
    cited = {citation.number: citation for citation in citations_of(message.metadata)}
    if cited:
        yield "\nSources:\n\n"
    for number, citation in sorted(cited.items()):
        page = f", page {citation.page}" if citation.page is not None else ""
        place = f"characters {citation.start} to {citation.end} of {citation.path}"
        yield f"- \\[{number}\\] {literal(' '.join(f'{citation.document}{page} ({place})'.split()))}\n"


def literal(text: str) -> str:
    """Return `text` so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]<>#|!~$])", r"\\\1", text)
