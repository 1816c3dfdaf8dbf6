"""Answers that were shown and that the store has not taken yet: what readers see in place of their rows."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass

from chatbot_app.core.messages import Message, MessageStatus
from chatbot_app.core.prompt_plan import PromptPlan


@dataclass(frozen=True, slots=True)
class AnswerState:
    """An answer as it is to be stored: while its status is *streaming*, what has arrived so far.

    `plan` is what was sent for it, None where that is stored already or nothing was sent. Without
    `has_metadata` what is stored of it stays.
    """

    answer: Message
    plan: PromptPlan | None = None
    has_metadata: bool = False


class UnsavedAnswers:
    """Holds states for all threads, the newest of each answer."""

    def __init__(self) -> None:
        self._states: dict[str, AnswerState] = {}
        self._lock = threading.Lock()

    def hold(self, state: AnswerState) -> None:
        """Show this state until it is released or replaced."""
        with self._lock:
            self._states[state.answer.id] = state

    def release(self, message_id: str) -> None:
        """Show what is stored again."""
        with self._lock:
            self._states.pop(message_id, None)

    def seen(self, messages: Iterable[Message]) -> list[Message]:
        """Return stored messages as they are to be seen: an answer that ended as it ended."""
        with self._lock:
            if not self._states:
                return list(messages)
            ended = {
                message_id: state.answer
                for message_id, state in self._states.items()
                if state.answer.status is not MessageStatus.STREAMING
            }
        return [ended.get(message.id, message) for message in messages]

    def plan(self, message_id: str) -> PromptPlan | None:
        """Return the plan of an answer that is not stored, None where it is."""
        with self._lock:
            state = self._states.get(message_id)
        return None if state is None else state.plan
