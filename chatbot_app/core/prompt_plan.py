"""The prompt plan: what is sent, shown and kept, as one value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from chatbot_app.core.messages import Role
from chatbot_app.core.sight import PlannedPicture

SEAM = "\n\n"  # between parts that share a message

# Plans of earlier versions say so in words alone.
_RECALLED_IN_WORDS, _EXCLUDED_IN_WORDS = "left the window, recalled with the question", "excluded by you"


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

    Parts of the kinds `RECALLED` and `PASSAGE` have no message of their own: they stand in the newest user
    message, before the question; a `SUMMARY` stands in the system message. `message_id` names the stored
    message that the part came from: of a summary the last message that it covers, of a recalled exchange
    its question. `over_budget` says that only want of room keeps it out, `recalled` that its words came back with
    the question although it left, `excluded` that the person does. `reason` is for people: nothing is decided by it.
    `pictures` are those of its message; what is sent of them goes and counts with the part.
    """

    kind: PartKind
    role: Role
    text: str
    tokens: int
    included: bool
    reason: str
    message_id: str | None = None
    over_budget: bool = False
    recalled: bool = False
    excluded: bool = False
    pictures: tuple[PlannedPicture, ...] = ()

    @property
    def picture_tokens(self) -> int:
        """Tokens of `tokens` that its pictures take."""
        return sum(one.tokens for one in self.pictures if one.is_sent)

    def without_pictures(self, places: Mapping[PicturePlace, str]) -> PlanPart:
        """Return the part without the pictures of these places, for these reasons."""
        if not any((self.message_id, one.ordinal) in places for one in self.pictures):
            return self
        pictures = tuple(
            replace(one, why_not=one.why_not or places.get((self.message_id, one.ordinal), ""))
            for one in self.pictures
        )
        left = sum(one.tokens for one in pictures if one.is_sent)
        return replace(self, pictures=pictures, tokens=self.tokens - self.picture_tokens + left)


PicturePlace = tuple[str | None, int]
"""A message, and which of its pictures."""


def shortened_address(_place: PicturePlace, picture: PlannedPicture) -> str:
    """Return what stands for a picture's bytes where a request is shown."""
    return f"data:image/…;base64,… ({picture.name}, {picture.width} × {picture.height})"


AddressOf = Callable[[PicturePlace, PlannedPicture], str]


@dataclass(frozen=True, slots=True)
class TemplateCosts:
    """What a chat template adds, in tokens.

    Around each message, once for the start of the reply, and (`without_system`) for the system message
    that some templates insert where none is given. `free_order` says that the template takes an answer
    without its question and two questions in a row; others refuse the whole request.
    """

    per_message: int = 0
    reply: int = 0
    without_system: int = 0
    exact: bool = False
    assistant_extra: int = 0  # the role's own name: "assistant" is two tokens for SmolLM2, "user" one
    free_order: bool = False

    def around(self, role: Role) -> int:
        """Return the tokens around a message of `role`."""
        return self.per_message + (self.assistant_extra if role is Role.ASSISTANT else 0)


@dataclass(frozen=True, slots=True)
class PromptPlan:
    """Everything considered for one request, in order.

    `window` is the context window in tokens, `reply_reserve` what of it is kept free for the answer,
    `overhead_tokens` what the chat template adds besides the parts. `exact` is False where the counts are
    an estimate. `window_source` says where the window comes from ("server", "trained", "memory",
    "table", "person", "assumed").
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

    @property
    def over_budget_tokens(self) -> int:
        """Tokens by which the prompt exceeds its budget; 0 where it fits."""
        return max(0, self.tokens - self.budget)

    @property
    def left_out_tokens(self) -> int:
        """Tokens of what only want of room keeps out; what was recalled is not out."""
        return sum(part.tokens for part in self.parts if part.over_budget and not part.recalled)

    def unseen_message_ids(self) -> frozenset[str]:
        """Return the messages of the history that the model no longer sees, for want of room.

        Those that a summary stands for are among them; recalled ones and those that the person excluded
        are not.
        """
        return frozenset(
            part.message_id
            for part in self.parts
            if part.over_budget
            and part.kind is PartKind.HISTORY
            and part.message_id is not None
            and not part.recalled
        )

    def first_kept_message_id(self) -> str | None:
        """Return the first message below everything that left the window; None where nothing left.

        Where the whole history left it is the question's, which has none before it is sent.
        """
        first = None
        for part in reversed(self.parts):
            if part.over_budget and part.kind is PartKind.HISTORY:
                return first
            if part.included and part.kind in (PartKind.HISTORY, PartKind.PINNED, PartKind.QUESTION):
                first = part.message_id
        return None

    def messages(self, address_of: AddressOf = shortened_address) -> list[dict[str, Any]]:
        """Return the OpenAI messages of the included parts: exactly what is sent.

        `address_of` gives the address of data of a picture. Pictures stand before the words: so most models learnt it.
        """
        messages: list[dict[str, Any]] = []
        for role, texts, part in _gather(part for part in self.parts if part.included):
            text = SEAM.join(texts)
            pictures = [one for one in part.pictures if one.is_sent] if part is not None else []
            if part is None or not pictures:
                messages.append({"role": role.value, "content": text})
                continue
            content: list[dict[str, Any]] = [
                {"type": "image_url", "image_url": {"url": address_of((part.message_id, one.ordinal), one)}}
                for one in pictures
            ]
            if text.strip():
                content.append({"type": "text", "text": text})
            messages.append({"role": role.value, "content": content})
        return messages

    def sent_pictures(self) -> dict[PicturePlace, PlannedPicture]:
        """Return the pictures that are sent."""
        return {
            (part.message_id, one.ordinal): one
            for part in self.parts
            if part.included
            for one in part.pictures
            if one.is_sent
        }

    @property
    def picture_tokens(self) -> int:
        """Tokens of the prompt that pictures take: an estimate."""
        return sum(part.picture_tokens for part in self.parts if part.included)

    def without_pictures(self, places: Mapping[PicturePlace, str]) -> PromptPlan:
        """Return the plan without the pictures of these places, each for its reason."""
        return replace(self, parts=tuple(part.without_pictures(places) for part in self.parts))

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
                    "over_budget": part.over_budget,
                    "recalled": part.recalled,
                    "excluded": part.excluded,
                    **({"pictures": [asdict(one) for one in part.pictures]} if part.pictures else {}),
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
                bool(part.get("over_budget", False)),
                bool(part.get("recalled", was_recalled(part["reason"]))),
                bool(part.get("excluded", was_excluded(part["reason"]))),
                tuple(read_picture(one) for one in part.get("pictures", ())),
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


def read_picture(mapping: Mapping[str, Any]) -> PlannedPicture:
    """Rebuild a stored picture of a plan. Raises KeyError or ValueError where it is none."""
    width, height, tokens = (int(mapping[name]) for name in ("width", "height", "tokens"))
    return PlannedPicture(
        int(mapping["ordinal"]), str(mapping["name"]), width, height, tokens, str(mapping["why_not"])
    )


def was_recalled(reason: str) -> bool:
    """Whether a plan that an earlier version stored says of a part that it was recalled."""
    return reason.startswith(_RECALLED_IN_WORDS)


def was_excluded(reason: str) -> bool:
    """Whether a plan that an earlier version stored says of a part that the person excluded it."""
    return reason.startswith(_EXCLUDED_IN_WORDS)


def _gather(parts: Iterable[PlanPart]) -> Iterator[tuple[Role, list[str], PlanPart | None]]:
    """Yield the role, the texts and the part of each message: a summary joins the system prompt, evidence the question."""
    system: list[str] = []
    evidence: list[str] = []
    for part in parts:
        if part.kind in (PartKind.SYSTEM, PartKind.SUMMARY):
            system.append(part.text)
            continue
        if system:
            yield Role.SYSTEM, system, None
            system = []
        if part.kind in (PartKind.RECALLED, PartKind.PASSAGE):
            evidence.append(part.text)
        elif part.kind is PartKind.QUESTION:
            yield part.role, [*evidence, part.text], part
        else:
            yield part.role, [part.text], part
    if system:
        yield Role.SYSTEM, system, None
