"""The menu of a message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu, QWidget

from chatbot_app.core.feedback import feedback_of
from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.ui.chat.transcript_actions import TranscriptActions
from chatbot_app.ui.menus import fresh_menu

LINKS_MOST = 20
LONGEST_LINK = 60

VERSIONS_MOST = 12

Entry = tuple[str, Callable[[], object]]


def _tr(text: str) -> str:
    return QCoreApplication.translate("MessageView", text)


def check_entries(actions: TranscriptActions, message: Message, words: str) -> list[Entry]:
    """Return the offer of a check by a model; none where `words`, which say more than a menu does, are ""."""
    return [(words.partition(":")[0], partial(actions.check_requested.emit, message.id))] if words else []


def entries_about(actions: TranscriptActions, message: Message, place: int, versions: int) -> list[Entry]:
    """Return what can be asked about a message, the `place`th of so many versions of it."""
    entries: list[Entry] = []
    if message.status is not MessageStatus.STREAMING:
        entries.append((_tr("Ask other models…"), partial(actions.other_models_requested.emit, message.id)))
    is_answer = message.role is Role.ASSISTANT and message.status is not MessageStatus.STREAMING
    if is_answer and message.model:
        entries.append((_tr("Show alternatives"), partial(actions.alternatives_requested.emit, message.id)))
    if feedback_of(message.metadata) is not None:
        entries.append((_tr("Note on your rating…"), partial(actions.rating_note_requested.emit, message.id)))
    return entries + version_entries(actions, message, place, versions)


def version_entries(actions: TranscriptActions, message: Message, place: int, versions: int) -> list[Entry]:
    """Return the comparisons of a message with its other versions, those beside it where they are many."""
    first = max(1, min(place - VERSIONS_MOST // 2, versions - VERSIONS_MOST))
    others = [other for other in range(first, versions + 1) if other != place][:VERSIONS_MOST]
    words = _tr("Compare with version {place}")
    return [
        (
            words.format(place=other),
            partial(actions.version_comparison_requested.emit, message.id, place, other),
        )
        for other in others
    ]


def message_menu(
    owner: QWidget, actions: TranscriptActions, entries: Sequence[Entry], addresses: Sequence[str]
) -> QMenu:
    """Return a menu of these entries (words, what to do), and of the web addresses in the message."""
    menu = fresh_menu(owner, "message_menu")
    for words, act in entries:
        menu.addAction(words.replace("&", "&&"), act)
    for address in addresses[:LINKS_MOST]:
        words = _tr("Open {address}…")
        shown = words.format(address=address[:LONGEST_LINK]).replace("&", "&&")
        menu.addAction(shown, partial(actions.link_activated.emit, address))
    return menu
