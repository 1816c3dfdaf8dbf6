"""The prompt plan: what is sent, shown and kept, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chatbot_app.core.messages import Role


class PartKind(StrEnum):
    """What a part of the prompt is."""

    SYSTEM = "system"
    PINNED = "pinned"
    SUMMARY = "summary"
    HISTORY = "history"
    RECALLED = "recalled"
    PASSAGE = "passage"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class PlanPart:
    """One part of the prompt: its text, what it costs in tokens, whether it is sent and why (not).

    A part of kind `PASSAGE` has no message of its own: it stands in the newest user message, before the
    question. `message_id` names the stored message that the part came from.
    """

    kind: PartKind
    role: Role
    text: str
    tokens: int
    included: bool
    reason: str
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class TemplateCosts:
    """What a chat template adds, in tokens.

    Around each message, once for the start of the reply, and (`without_system`) for the system message
    that some templates insert where none is given.
    """

    per_message: int = 0
    reply: int = 0
    without_system: int = 0
    exact: bool = False
    assistant_extra: int = 0  # the role's own name: "assistant" is two tokens for SmolLM2, "user" one

    def around(self, role: Role) -> int:
        """Return the tokens around a message of `role`."""
        return self.per_message + (self.assistant_extra if role is Role.ASSISTANT else 0)


@dataclass(frozen=True, slots=True)
class PromptPlan:
    """Everything considered for one request, in order.

    `window` is the context window in tokens, `reply_reserve` what of it is kept free for the answer,
    `overhead_tokens` what the chat template adds besides the parts. `exact` is False where the counts are
    an estimate. `window_source` says where the window comes from ("server", "table", "person", "assumed").
    """

    parts: tuple[PlanPart, ...]
    window: int
    reply_reserve: int
    overhead_tokens: int = 0
    exact: bool = False
    window_source: str = ""

    @property
    def tokens(self) -> int:
        """Tokens of the whole prompt as it is sent."""
        return self.overhead_tokens + sum(part.tokens for part in self.parts if part.included)

    @property
    def budget(self) -> int:
        """Tokens that the prompt may take."""
        return self.window - self.reply_reserve

    @property
    def fits(self) -> bool:
        """Whether the included parts fit into the budget."""
        return self.tokens <= self.budget

    def messages(self) -> list[dict[str, str]]:
        """Return the OpenAI messages of the included parts: exactly what is sent."""
        passages = [part.text for part in self.parts if part.included and part.kind is PartKind.PASSAGE]
        messages = []
        for part in self.parts:
            if not part.included or part.kind is PartKind.PASSAGE:
                continue
            text = part.text
            if part.kind is PartKind.QUESTION and passages:
                text = "\n\n".join([*passages, text])
            messages.append({"role": part.role.value, "content": text})
        return messages

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {
            "window": self.window,
            "window_source": self.window_source,
            "reply_reserve": self.reply_reserve,
            "overhead_tokens": self.overhead_tokens,
            "tokens": self.tokens,
            "exact": self.exact,
            "parts": [
                {
                    "kind": part.kind.value,
                    "role": part.role.value,
                    "text": part.text,
                    "tokens": part.tokens,
                    "included": part.included,
                    "reason": part.reason,
                    "message_id": part.message_id,
                }
                for part in self.parts
            ],
        }

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> PromptPlan:
        """Rebuild a stored plan. Raises KeyError or ValueError where it is not one."""
        parts = tuple(
            PlanPart(
                PartKind(part["kind"]),
                Role(part["role"]),
                part["text"],
                int(part["tokens"]),
                bool(part["included"]),
                part["reason"],
                part.get("message_id"),
            )
            for part in mapping["parts"]
        )
        return cls(
            parts,
            int(mapping["window"]),
            int(mapping["reply_reserve"]),
            int(mapping["overhead_tokens"]),
            bool(mapping["exact"]),
            mapping["window_source"],
        )
