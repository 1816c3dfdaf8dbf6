"""From conversations to examples: each chosen answer is learnt once, whatever branches pass through it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from itertools import pairwise

from chatbot_app.chat.training_data.examples import Example, Exchange, Source
from chatbot_app.chat.training_data.selection import Selection, is_edited, is_whole, rating_of
from chatbot_app.core.compared import Outcome, vote_of
from chatbot_app.core.feedback import Rating, feedback_of
from chatbot_app.core.messages import Message, Role
from chatbot_app.core.written_text import text_as_written

_UNSOUND_ABOVE = "An answer above it is bad or not whole, and this format would teach it too."


@dataclass(slots=True)
class Gathered:
    """What came of a conversation: rows, what was looked at (answers; or pairs, and questions with several answers
    that make none), how much of it is learnt, and why the rest is not.
    """

    opening: str = ""  # what was written first in the conversation
    examples: list[Example] = field(default_factory=list)
    considered: int = 0
    used: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


class Tree:
    """The messages of a conversation by their ids, and the branches that end at them."""

    def __init__(self, messages: Iterable[Message], shown: Iterable[str] | None) -> None:
        """`shown` are the ids of the branch that alone is looked at; None looks at all."""
        ids = None if shown is None else frozenset(shown)
        found = list(messages)
        self.opening = found[0].text.strip() if found else ""  # what was written first, on whichever branch
        self.messages = {one.id: one for one in found if ids is None or one.id in ids}
        self.replaced = frozenset(
            one.metadata["edited_from"] for one in self.messages.values() if is_edited(one)
        )

    def answers(self) -> list[Message]:
        """Return the answers that stand below a question, in the order of sending."""
        return [one for one in self.messages.values() if one.role is Role.ASSISTANT and self.question(one)]

    def question(self, answer: Message) -> Message | None:
        """Return what an answer answers."""
        above = self.messages.get(answer.parent_id or "")
        return above if above is not None and above.role is Role.USER else None

    def silence(self, answer: Message) -> str:
        """Return why an answer answers nothing, "" where it does."""
        question = self.question(answer)
        return "" if question is not None and question.text.strip() else "The question is empty."

    def path(self, message: Message) -> list[Message]:
        """Return the branch down to a message, from the top."""
        path, seen = [message], {message.id}
        while (above := self.messages.get(path[-1].parent_id or "")) is not None and above.id not in seen:
            seen.add(above.id)
            path.append(above)
        return path[::-1]


def examples_of(tree: Tree, selection: Selection, *, has_weights: bool) -> Gathered:
    """Return a row for each branch that ends with a chosen answer; without weights its answers are all learnt."""
    gathered = Gathered(tree.opening)
    chosen: dict[str, Message] = {}
    for answer in tree.answers():
        gathered.considered += 1
        if reason := tree.silence(answer) or selection.refusal(answer, tree.replaced):
            gathered.left_out[reason] += 1
        else:
            chosen[answer.id] = answer
    trained: set[str] = set()
    for answer in _lowest(tree, chosen):
        for end in reversed([one for one in tree.path(answer) if one.id in chosen]):
            path = tree.path(end)
            exchanges = _exchanges(path, chosen.keys(), trained)
            if has_weights or all(exchange.is_sound for exchange in exchanges):
                if any(exchange.is_trained for exchange in exchanges):
                    gathered.examples.append(Example(_source(end), _system(path), exchanges))
                    trained |= {one.id for one in path} & chosen.keys()
                break
    gathered.used = len(trained)
    if left := len(chosen) - len(trained):
        gathered.left_out[_UNSOUND_ABOVE] += left
    return gathered


def pairs_of(tree: Tree, selection: Selection) -> Gathered:
    """Return pairs of answers to one question: a better one (called good, or written by the person) and a worse one
    (called bad, or written anew by the person); and the answer that won a vote with each that it won against.
    """
    gathered = Gathered(tree.opening)
    variants: dict[str, list[Message]] = {}
    for answer in tree.answers():
        variants.setdefault(answer.parent_id or "", []).append(answer)
    for answers in variants.values():
        if len(answers) < 2:
            continue
        pairs, reason = _pairs_among(tree, answers, selection)
        gathered.examples += pairs
        gathered.considered += len(pairs) or 1
        gathered.used += len(pairs)
        if not pairs:
            gathered.left_out[reason] += 1
    return gathered


def _pairs_among(tree: Tree, answers: Sequence[Message], selection: Selection) -> tuple[list[Example], str]:
    reasons = [tree.silence(answer) or selection.unusable(answer) for answer in answers]
    usable = [answer for answer, reason in zip(answers, reasons, strict=True) if not reason]
    if len(usable) < 2:
        return [], next(filter(None, reasons))
    better = [answer for answer in usable if _is_better(answer)]
    worse = [answer for answer in usable if _is_worse(answer, tree)]
    chosen = {(one.id, other.id): (one, other) for one in better for other in worse}
    for one, other in _voted(usable):
        if (other.id, one.id) not in chosen:
            chosen[one.id, other.id] = one, other
    found = [
        _pair(tree, one, other) for one, other in chosen.values() if one.text.strip() != other.text.strip()
    ]
    return found, "None of the answers is marked as better than another."


def _voted(answers: Sequence[Message]) -> Iterator[tuple[Message, Message]]:
    """Yield the winner of each vote with each of its losers, unless a thumb says otherwise of either."""
    votes = [(answer, vote) for answer in answers if (vote := vote_of(answer.metadata)) is not None]
    for one, won in votes:
        for other, lost in votes:
            is_won = (won.outcome, lost.outcome) == (Outcome.WON, Outcome.LOST)
            is_denied = rating_of(one) is Rating.DOWN or rating_of(other) is Rating.UP
            if is_won and won.comparison == lost.comparison and not is_denied:
                yield one, other


def _is_better(answer: Message) -> bool:
    rating = rating_of(answer)
    return rating is Rating.UP or (is_edited(answer) and rating is None)


def _is_worse(answer: Message, tree: Tree) -> bool:
    rating = rating_of(answer)
    return rating is Rating.DOWN or (answer.id in tree.replaced and rating is None)


def _pair(tree: Tree, better: Message, worse: Message) -> Example:
    path = tree.path(better)
    exchanges = _exchanges(path, {better.id}, frozenset())
    return Example(
        _source(better, worse.id), _system(path), exchanges, text_as_written(worse.text, worse.metadata)
    )


def _lowest(tree: Tree, chosen: dict[str, Message]) -> Iterator[Message]:
    """Yield the chosen answers below which, on no branch, another is chosen."""
    above = {one.id for answer in chosen.values() for one in tree.path(answer)[:-1]}
    return (answer for answer in chosen.values() if answer.id not in above)


def _exchanges(path: Sequence[Message], chosen: Set[str], learnt: Set[str]) -> tuple[Exchange, ...]:
    """Return the questions with their answers; what was never sent to the model, or says nothing, is left out.

    The `chosen` answers are trained, unless an earlier row has `learnt` them.
    """
    exchanges = []
    for question, answer in pairwise(path):
        if question.role is not Role.USER or answer.role is not Role.ASSISTANT:
            continue
        if answer.id not in chosen and (question.excluded or answer.excluded):
            continue
        text = text_as_written(answer.text, answer.metadata).strip()
        if question.text.strip() and text:
            is_sound = is_whole(answer) and rating_of(answer) is not Rating.DOWN
            is_trained = answer.id in chosen and answer.id not in learnt
            exchanges.append(Exchange(question.text.strip(), text, is_trained, is_sound))
    return tuple(exchanges)


def _system(path: Sequence[Message]) -> str:
    """Return what the model was told beforehand: in the messages, else in the settings of the answer."""
    told = [one.text.strip() for one in path if one.role is Role.SYSTEM and one.text.strip()]
    settings = path[-1].settings
    return "\n\n".join(told) or (settings.system_prompt.strip() if settings is not None else "")


def _source(answer: Message, rejected: str = "") -> Source:
    feedback = feedback_of(answer.metadata)
    return Source(
        answer.conversation_id,
        answer.id,
        answer.model or "",
        answer.created_at,
        feedback.rating.value if feedback is not None else "",
        feedback.note if feedback is not None else "",
        is_edited(answer),
        rejected,
    )
