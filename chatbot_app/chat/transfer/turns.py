"""What other programs call messages, made into questions and answers: the tree as it was, each answer one message.

Here a question stands below an answer, or at the top, and an answer below its question. Elsewhere an answer is a row of
steps (thoughts, calls of tools, what these returned, words), two questions may follow each other, and a conversation
may begin with an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from chatbot_app.chat.transfer.plain_values import id_of
from chatbot_app.chat.transfer.reading_limits import LONGEST_NAME, LONGEST_TITLE, MOST_MESSAGES, LeftOut
from chatbot_app.chat.transfer.trees import in_order
from chatbot_app.core.carried import UNANSWERED, CarriedConversation, CarriedPicture
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Conversation, Message, MessageStatus, Role
from chatbot_app.core.pictures import MOST_OF_A_MESSAGE

UNASKED = "…"  # the question that stands above an answer that nobody asked for
_SEAM = "\n\n"
_STEPS = 50  # times all steps of a conversation: how often steps that answers share are written into each


@dataclass(frozen=True, slots=True)
class Turn:
    """A message, or a step of an answer, as another program has it; `id` and `parent_id` are its own."""

    id: str
    parent_id: str | None
    role: Role
    text: str
    reasoning: str = ""
    model: str = ""
    created_at: str = ""
    status: MessageStatus = MessageStatus.COMPLETE
    finish_reason: str = "imported"
    pictures: tuple[CarriedPicture, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """A conversation of another program without its messages; `id` is its own there."""

    program: str
    id: str
    title: str = ""
    created_at: str = ""
    updated_at: str = ""
    system_prompt: str | None = None
    shown_id: str | None = None  # the turn at the end of the branch that was shown
    pinned: bool = False
    archived: bool = False
    tags: tuple[str, ...] = ()


def conversation_of(origin: Origin, turns: Sequence[Turn], left_out: LeftOut) -> CarriedConversation | None:
    """Return the conversation; None, said in `left_out`, where nothing was said in it."""
    left_out.add(
        f"Messages stand behind the first {MOST_MESSAGES:,} of their conversation.",
        len(turns) - MOST_MESSAGES,
    )
    steps = in_order(_by_time([_as_step(turn) for turn in turns[:MOST_MESSAGES]]), left_out)
    if not any(step.text or step.reasoning for step in steps):
        left_out.add("Conversations are empty.")
        return None
    pictures = {turn.id: turn.pictures for turn in turns[:MOST_MESSAGES] if turn.pictures}
    built = _Builder(origin, steps, pictures, left_out)
    built.build()
    times = [message.created_at for message in built.messages if message.created_at]
    settings = GenerationSettings()
    if origin.system_prompt:
        settings = replace(settings, system_prompt=origin.system_prompt)
    title = " ".join(origin.title[:LONGEST_TITLE].split())
    conversation = Conversation(
        id=built.conversation_id,
        title=title or _first_words(built.messages),
        settings=settings,
        leaf_id=built.leaf_id(origin.shown_id),
        title_is_automatic=not title,
        created_at=origin.created_at or min(times, default=""),
        updated_at=max(origin.updated_at, max(times, default="")),
        pinned=origin.pinned,
        archived=origin.archived,
        tags=origin.tags,
    )
    return CarriedConversation(conversation, tuple(built.messages), pictures=built.pictures)


def chain(turns: Iterable[Turn]) -> list[Turn]:
    """Return turns each below the one before."""
    chained: list[Turn] = []
    for turn in turns:
        chained.append(replace(turn, parent_id=chained[-1].id if chained else None))
    return chained


class _Builder:
    """Goes through the steps once, parents first, and writes a message wherever one ends."""

    def __init__(
        self,
        origin: Origin,
        steps: Sequence[Message],
        pictures: Mapping[str, tuple[CarriedPicture, ...]],
        left_out: LeftOut,
    ) -> None:
        self.conversation_id = id_of(origin.program, origin.id)
        self._names = (origin.program, origin.id)
        self._steps = {step.id: step for step in steps}
        self._left_out = left_out
        self._children: dict[str, list[Message]] = {}
        for step in steps:
            if step.parent_id is not None:
                self._children.setdefault(step.parent_id, []).append(step)
        self._ends: dict[str, str] = {}  # the message that ends with a step, by the step's id
        self._questions: dict[str, str] = {}  # the question above a step of an answer
        self._room = _STEPS * (len(steps) + 20)
        self.messages: list[Message] = []
        self._pictures_of_steps = pictures
        self.pictures: dict[str, tuple[CarriedPicture, ...]] = {}  # by the messages that show them

    def build(self) -> None:
        for step in self._steps.values():
            if step.role is Role.USER:
                self._ask(step)
            else:
                self._answer(step)

    def leaf_id(self, shown: str | None) -> str | None:
        """Return the message at the end of the branch that was shown."""
        seen = set()
        while shown is not None and shown in self._steps and shown not in self._ends and shown not in seen:
            seen.add(shown)
            children = self._children.get(shown)
            shown = children[-1].id if children else None
        return self._ends.get(shown or "", self.messages[-1].id)

    def _ask(self, step: Message) -> None:
        question_id = id_of(*self._names, step.id)
        above = self._ends.get(step.parent_id or "")
        self.messages.append(
            replace(
                step,
                id=question_id,
                conversation_id=self.conversation_id,
                parent_id=above,
                model=None,
                finish_reason=None,
                reasoning="",
                status=MessageStatus.COMPLETE,
            )
        )
        self._questions[step.id] = question_id
        self._keep_pictures(question_id, [step])
        roles = {child.role for child in self._children.get(step.id, ())}
        if Role.ASSISTANT not in roles or Role.USER in roles:
            stand_in = id_of(*self._names, step.id, "unanswered")
            self.messages.append(
                Message(
                    stand_in,
                    self.conversation_id,
                    question_id,
                    0,
                    Role.ASSISTANT,
                    "",
                    MessageStatus.INTERRUPTED,
                    step.created_at,
                    metadata=dict(UNANSWERED),
                )
            )
            self._ends[step.id] = stand_in

    def _answer(self, step: Message) -> None:
        if step.parent_id is None:
            self._questions[step.id] = id_of(*self._names, step.id, "unasked")
            self.messages.append(
                Message(
                    self._questions[step.id],
                    self.conversation_id,
                    None,
                    0,
                    Role.USER,
                    UNASKED,
                    created_at=step.created_at,
                )
            )
        else:
            self._questions[step.id] = self._questions[step.parent_id]
        children = self._children.get(step.id, ())
        if children and all(child.role is Role.ASSISTANT for child in children):
            return  # the answer goes on
        steps = self._steps_of(step)
        answer_id = id_of(*self._names, step.id)
        self._keep_pictures(answer_id, steps)
        models = [one.model for one in steps if one.model]
        self.messages.append(
            replace(
                step,
                id=answer_id,
                conversation_id=self.conversation_id,
                parent_id=self._questions[step.id],
                text=_SEAM.join(one.text for one in steps if one.text),
                reasoning=_SEAM.join(one.reasoning for one in steps if one.reasoning),
                model=models[-1][:LONGEST_NAME] if models else None,
            )
        )
        self._ends[step.id] = answer_id

    def _keep_pictures(self, message_id: str, steps: Sequence[Message]) -> None:
        pictures = [one for step in steps for one in self._pictures_of_steps.get(step.id, ())]
        if pictures:
            self._left_out.add(
                f"Messages have more than {MOST_OF_A_MESSAGE} pictures.", len(pictures) - MOST_OF_A_MESSAGE
            )
            self.pictures[message_id] = tuple(pictures[:MOST_OF_A_MESSAGE])

    def _steps_of(self, step: Message) -> list[Message]:
        """Return the steps of the answer that ends with `step`, first one first."""
        steps = [step]
        above = self._steps.get(step.parent_id or "")
        while above is not None and above.role is Role.ASSISTANT:
            steps.append(above)
            self._room -= 1
            if self._room < 0:
                self._left_out.add(
                    "Answers have too many variants: the steps before the last one are missing."
                )
                return [step]
            above = self._steps.get(above.parent_id or "")
        return steps[::-1]


def _as_step(turn: Turn) -> Message:
    is_question = turn.role is Role.USER
    return Message(
        turn.id,
        "",
        turn.parent_id,
        0,
        Role.USER if is_question else Role.ASSISTANT,
        turn.text.strip(),
        turn.status,
        turn.created_at,
        turn.reasoning.strip(),
        model=turn.model or None,
        finish_reason=turn.finish_reason if turn.status is MessageStatus.COMPLETE else None,
    )


def _by_time(steps: list[Message]) -> list[Message]:
    """Return steps in the order of sending, where all say when."""
    return (
        sorted(steps, key=lambda step: step.created_at) if all(step.created_at for step in steps) else steps
    )


def _first_words(messages: Sequence[Message]) -> str:
    from chatbot_app.core.text import first_words

    return next((first_words(message.text) for message in messages if message.text not in ("", UNASKED)), "")
